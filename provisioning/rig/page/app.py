"""The page's addresses."""

from __future__ import annotations

from importlib import resources
from typing import Annotated, Any

from fastapi import FastAPI, Path, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from kiosk.errors import KioskError
from provisioning.rig.page import words
from provisioning.rig.page.board import Board, NoSuchThing
from provisioning.rig.page.guard import App, Guard
from provisioning.rig.page.state import State

MEDIA_TYPES = {
    "html": "text/html; charset=utf-8",
    "css": "text/css",
    "js": "text/javascript",
    "svg": "image/svg+xml",
}
STATIC = {
    file.name: (MEDIA_TYPES[file.name.rpartition(".")[2]], file.read_bytes())
    for file in resources.files(__package__).joinpath("static").iterdir()
    if file.is_file()
}


class Ask(BaseModel):
    """What the page sends."""

    model_config = ConfigDict(extra="forbid")


class Change(Ask):
    """A knob and where to turn it."""

    knob: str
    value: bool | float | str


class Touch(Ask):
    """A place on the screen, in shares from its upper left."""

    x: float = Field(ge=0, le=1)
    y: float = Field(ge=0, le=1)


class Presence(Ask):
    """Whether somebody stands before the kiosk."""

    there: bool


class Tick(Ask):
    """A row of the table of failures, tried or not."""

    failure: str
    done: bool


def make_app(board: Board) -> App:
    """The page as an ASGI application, with its guard."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.add_exception_handler(NoSuchThing, lambda _, error: _problem(404, str(error)))
    app.add_exception_handler(KioskError, _not_now)
    _add_sights(app, board)
    _add_hands(app, board)
    return Guard(app)


def _add_sights(app: FastAPI, board: Board) -> None:
    @app.get("/")
    def index() -> Response:
        return _static("index.html")

    @app.get("/static/{name}")
    def static(name: str) -> Response:
        return _static(name)

    @app.get("/words/{language}")
    def texts(language: str) -> dict[str, Any]:
        if language not in words.LANGUAGES:
            raise NoSuchThing(language)
        return words.table(language)

    @app.get("/options")
    def options() -> dict[str, Any]:
        return board.options()

    @app.get("/state")
    def state() -> State:
        return board.state()

    @app.get("/screen.png")
    def screen() -> Response:
        png = board.screen_png()
        return Response(png, media_type="image/png", status_code=200 if png else 404)

    @app.get("/slips/{number}.png")
    def slip(number: Annotated[int, Path(ge=1)]) -> Response:
        return Response(board.slip_png(number), media_type="image/png")


def _add_hands(app: FastAPI, board: Board) -> None:
    @app.post("/change")
    def change(ask: Change) -> State:
        return board.change(ask.knob, ask.value)

    @app.post("/all-well")
    def all_well(_: Ask) -> State:
        return board.all_well()

    @app.post("/touch")
    def touch(ask: Touch) -> State:
        return board.touch(ask.x, ask.y)

    @app.post("/call-staff")
    def call_staff(_: Ask) -> State:
        return board.call_staff()

    @app.post("/presence")
    def presence(ask: Presence) -> State:
        return board.stand_before(ask.there)

    @app.post("/tick")
    def tick(ask: Tick) -> State:
        return board.tick(ask.failure, ask.done)


def _static(name: str) -> Response:
    if name not in STATIC:
        raise NoSuchThing(name)
    media_type, body = STATIC[name]
    return Response(body, media_type=media_type)


def _not_now(_: Request, error: Exception) -> JSONResponse:
    """The kiosk's screen or panel does not answer: it is starting, or has no power."""
    assert isinstance(error, KioskError)
    return _problem(409, error.code)


def _problem(status: int, title: str) -> JSONResponse:
    return JSONResponse({"title": title}, status_code=status, media_type="application/problem+json")
