"""The hospital's addresses."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Depends, FastAPI, Header, Request
from fastapi.responses import JSONResponse

from provisioning.rig.site.capability import READABLE, capability_statement, smart_configuration
from provisioning.rig.site.hospital import Hospital
from provisioning.rig.site.problem import Refused, operation_outcome
from provisioning.rig.site.sign_in import NotSignedIn, SignIn

MAX_BODY_BYTES = 1024 * 1024
FHIR_PATH, TOKEN_PATH = "/fhir", "/auth/token"
_BOTH = "{resource_type}"


class FhirResponse(JSONResponse):
    """FHIR in JSON."""

    media_type = "application/fhir+json"


async def _body(request: Request) -> bytes:
    body = await request.body()
    if len(body) > MAX_BODY_BYTES:
        raise Refused(413, "too-long", "the body is too large")
    return body


Body = Annotated[bytes, Depends(_body)]


def make_app(hospital: Hospital, sign_in: SignIn, base_url: str, token_url: str) -> FastAPI:
    """The hospital as an ASGI application."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(NotSignedIn, _not_signed_in)
    app.include_router(_open_to_all(sign_in, base_url, token_url))
    app.include_router(_signed_in(hospital, sign_in))
    return app


def _open_to_all(sign_in: SignIn, base_url: str, token_url: str) -> APIRouter:
    router = APIRouter()

    @router.get(f"{FHIR_PATH}/metadata", response_class=FhirResponse)
    def metadata() -> dict[str, Any]:
        return capability_statement(base_url, token_url)

    @router.get(f"{FHIR_PATH}/.well-known/smart-configuration")
    def smart() -> dict[str, Any]:
        return smart_configuration(token_url)

    @router.post(TOKEN_PATH)
    def token(body: Body) -> dict[str, str | int]:
        return sign_in.grant(dict(parse_qsl(body.decode("ascii", "replace"))), token_url)

    return router


def _signed_in(hospital: Hospital, sign_in: SignIn) -> APIRouter:
    def require(authorization: Annotated[str | None, Header()] = None) -> None:
        sign_in.require(authorization)

    router = APIRouter(prefix=FHIR_PATH, dependencies=[Depends(require)], default_response_class=FhirResponse)

    @router.post("")
    @router.post("/")
    def transaction(
        body: Body,
        idempotency_key: Annotated[str | None, Header()] = None,
        content_digest: Annotated[str | None, Header()] = None,
    ) -> dict[str, Any]:
        return hospital.receive(body, idempotency_key, content_digest)

    @router.post("/CoverageEligibilityRequest/$submit")
    def submit(body: Body) -> dict[str, Any]:
        return hospital.look_up_insurance(body)

    @router.post("/$lease-queue-numbers")
    def lease(body: Body) -> dict[str, Any]:
        return hospital.lease_queue_numbers(body)

    @router.get("/HealthcareService")
    def departments() -> dict[str, Any]:
        return hospital.list_departments()

    @router.post(f"/{_BOTH}/_search")
    def search(resource_type: str, body: Body) -> dict[str, Any]:
        return hospital.search(_readable(resource_type), body.decode("ascii", "replace"))

    @router.get(f"/{_BOTH}/{{record_id}}")
    def read(resource_type: str, record_id: str) -> dict[str, Any]:
        return hospital.read(_readable(resource_type), record_id)

    return router


def _readable(resource_type: str) -> str:
    if resource_type not in READABLE:
        raise Refused(404, "not-supported", "no such resource type here")
    return resource_type


def _refused(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Refused)
    return FhirResponse(operation_outcome(error), status_code=error.status)


def _not_signed_in(_: Request, error: Exception) -> JSONResponse:
    return JSONResponse({"error": str(error)}, status_code=400)
