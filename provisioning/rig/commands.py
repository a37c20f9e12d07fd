"""The rig's commands: `kiosk rig`, `kiosk rehearse`, `kiosk benchmark`."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer

from kiosk.errors import KioskError
from provisioning.rig import failures, namespace
from provisioning.rig.choices import (
    AccessChoice,
    CameraChoice,
    CardChoice,
    Choices,
    ClockChoice,
    LanguageChoice,
    NetworkChoice,
    NumbersChoice,
    PersonaChoice,
    PrinterChoice,
    ProcessChoice,
    PullChoice,
    ReaderChoice,
    ShapeChoice,
    SiteChoice,
    VisitorChoice,
    step_names,
)
from provisioning.rig.failures import Failure

OUT = Path("out")
SERVICES = typer.Argument(help="The service: clinic")
KILL_HELP = "Kill a process of the kiosk at this step, or at a prompt of the face check (CheckingFace.flash)"


def add_to(app: typer.Typer) -> None:
    """Add the rig's commands to the `kiosk` command."""
    app.command("rig")(rig)
    app.command("rehearse", epilog=f"{EXIT_CODES}\n\n{failures.help_table()}")(rehearse)
    app.command("benchmark")(benchmark)


EXIT_CODES = (
    "Exit codes: 0 what the visitor came for, 1 fault, 2 usage, 3 pending, 4 refused, 5 staff, 6 abandoned, "
    "7 the kiosk started again, 8 out of order. The last line printed with --json is one object: "
    "flow, outcome, reason, machine_seconds, steps, restart_seconds."
)


def rig(
    shape: Annotated[
        ShapeChoice | None,
        typer.Option(help="How the screen is mounted; without it landscape in a window, else portrait"),
    ] = None,
    page: Annotated[
        bool, typer.Option("--page", help="Without a display too: the kiosk's screen is on the control page")
    ] = False,
    page_port: Annotated[
        int, typer.Option(help="The control page's port on 127.0.0.1; 0 takes any", min=0, max=65535)
    ] = 8765,
) -> None:
    """The kiosk with everything around it simulated: a window and a control page, else one scripted visit."""
    has_display = bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    if has_display or page:
        raise typer.Exit(_play(shape, page_port, has_display=has_display))
    namespace.enter()
    raise typer.Exit(_rehearse(Choices(), shape or ShapeChoice.PORTRAIT, OUT, as_json=False, real_time=False))


def _play(shape: ShapeChoice | None, page_port: int, *, has_display: bool) -> int:
    """In no namespace: a browser of this machine shall find the page."""
    from provisioning.rig import play
    from provisioning.rig.page.server import listen

    try:
        door = listen(page_port)
    except OSError as error:
        raise typer.BadParameter(f"{page_port}: {error.strerror}", param_hint="--page-port") from error
    if has_display:
        return play.play(shape or ShapeChoice.LANDSCAPE, door)
    return play.serve(shape or ShapeChoice.PORTRAIT, door)


def rehearse(
    context: typer.Context,
    service: Annotated[str, SERVICES] = "clinic",
    persona: Annotated[PersonaChoice, typer.Option(help="Whose card it is")] = PersonaChoice.LAN,  # type: ignore[attr-defined]
    card: Annotated[
        CardChoice, typer.Option(help="Which card is laid down, or what is done with it")
    ] = CardChoice.GENUINE,
    pull_at: Annotated[
        PullChoice, typer.Option(help="What the chip gives when the card is pulled")
    ] = PullChoice.DG2,
    camera: Annotated[CameraChoice, typer.Option(help="Who stands before the camera")] = CameraChoice.PERSON,  # type: ignore[attr-defined]
    light: Annotated[float, typer.Option(help="Light in the hall, in lux")] = 300.0,
    access: Annotated[AccessChoice, typer.Option(help="How the chip is opened")] = AccessChoice.QR,
    reader: Annotated[ReaderChoice, typer.Option(help="The card reader")] = ReaderChoice.PLUGGED_IN,
    printer: Annotated[
        PrinterChoice, typer.Option(help="The paper, or what happens in mid-slip")
    ] = PrinterChoice.FULL,
    site: Annotated[SiteChoice, typer.Option(help="How the hospital is")] = SiteChoice.UP,
    network: Annotated[NetworkChoice, typer.Option(help="The kiosk's own network")] = NetworkChoice.CONNECTED,
    numbers: Annotated[
        NumbersChoice, typer.Option(help="The queue numbers for when the hospital is away")
    ] = NumbersChoice.LEASED,
    clock: Annotated[
        ClockChoice, typer.Option(help="Whether the kiosk's clock can be believed")
    ] = ClockChoice.KEPT,
    when: Annotated[
        str | None,
        typer.Option(metavar="STEP", help="Reader, printer, site and network become so at this step only"),
    ] = None,
    kill: Annotated[str | None, typer.Option(metavar="STEP", help=KILL_HELP)] = None,
    process: Annotated[ProcessChoice, typer.Option(help="Which one")] = ProcessChoice.SCREEN,
    visitor: Annotated[VisitorChoice, typer.Option(help="What the visitor does")] = VisitorChoice.PATIENT,
    language: Annotated[LanguageChoice, typer.Option(help="The visitor's language")] = LanguageChoice.VI,
    shape: Annotated[ShapeChoice, typer.Option(help="How the screen is mounted")] = ShapeChoice.PORTRAIT,
    card_at_once: Annotated[
        bool, typer.Option("--card-at-once", help="The card is laid on the welcome screen")
    ] = False,
    failure: Annotated[str | None, typer.Option(metavar="ID", help="A row of the table of failures below")] = None,
    real_time: Annotated[
        bool, typer.Option("--real-time", help="The camera runs in real time, not in lockstep")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="End with one JSON object")] = False,
    out: Annotated[Path, typer.Option(help="Where pictures and artefacts go")] = OUT,
) -> None:
    """Go through one scripted visit on the real stack."""
    if service != "clinic":
        raise typer.BadParameter(f"no such service: {service}; there is: clinic")
    for step in (when, kill):
        if step is not None and step.partition(".")[0] not in step_names():
            raise typer.BadParameter(f"no such step: {step}; there are: {', '.join(step_names())}")
    given = {name: value for name, value in context.params.items() if name in Choices.model_fields}
    row = _row(failure).rehearse if failure is not None else {}
    choices = Choices.model_validate({**given, "light_lux": light, **row})
    namespace.enter()
    raise typer.Exit(_rehearse(choices, shape, out, as_json=as_json, real_time=real_time))


def _row(failure: str) -> Failure:
    try:
        return failures.row(failure)
    except KeyError:
        raise typer.BadParameter(f"no such row: {failure}") from None


def _rehearse(choices: Choices, shape: ShapeChoice, out: Path, *, as_json: bool, real_time: bool) -> int:
    from provisioning.rig import rehearsal
    from provisioning.rig.glass import PilotedGlass
    from provisioning.rig.rig import Rig

    screens, slips = out / "screens", out / "slips"
    for directory in (screens, slips):
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir(parents=True)
    with (out / "kiosk.log").open("wb") as log:
        try:
            with Rig(
                shape=shape,
                lockstep=not real_time,
                slips_dir=slips.resolve(),
                overrides=rehearsal.overrides(choices),
                log=log,
            ) as running:
                result = rehearsal.rehearse(running, choices, PilotedGlass(running, screens.resolve()))
                rehearsal.keep_artefacts(running, out, result)
        except (TimeoutError, ChildProcessError, KioskError) as error:
            print(f"kiosk: {error} (see {out}/kiosk.log)", file=sys.stderr)
            return rehearsal.FAULT
    if as_json:
        print(result.as_json())
    else:
        print(result.table())
        print(f"screens, slip, FHIR transaction and report: {out}/")
    return rehearsal.EXIT_CODES.get(result.outcome, rehearsal.FAULT)


def benchmark() -> None:
    """Measure, print one JSON object a line, and write them to out/benchmark.jsonl; 1 if a limit is passed."""
    namespace.enter()
    from provisioning.rig import benchmark as figures

    raise typer.Exit(figures.run(OUT))
