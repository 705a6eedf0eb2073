"""The service over HTTP (docs/openapi.json). Every answer is bytes or small JSON.

Errors are `{"code", "detail"}` with a code of `reviewer.errors`. Requests that are
not about trust or enrolment bear a device's RFC 9421 signature; bodies have a cap
and are read no further.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Final

from fastapi import FastAPI, Path, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from reviewer.coordinator.door import Door
from reviewer.coordinator.service import Service
from reviewer.domain.ids import BatchId, KeyId, Sha256Hex
from reviewer.errors import (
    Code,
    RefusedError,
    ReviewerError,
    UnavailableError,
    VerificationError,
)
from reviewer.formats.trust import MAX_ENROLMENT_BYTES

API_VERSION: Final = "1.0.0-draft"
MAX_CHUNK_BYTES: Final = 8 * 1024 * 1024  # one PATCH; a submission takes many
_DIGITS: Final = re.compile(r"[0-9]{1,15}")
_RANGE: Final = re.compile(r"bytes=[0-9]{1,15}-")
_OCTETS: Final = "application/octet-stream"
_JSON: Final = "application/json"
_TEXT: Final = {"type": "string"}

KeyPath = Annotated[str, Path(pattern="^[0-9a-f]{64}$")]
HashPath = Annotated[str, Path(pattern="^[0-9a-f]{64}$")]
BatchPath = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]


class Problem(BaseModel):
    """Why a request was refused."""

    code: str
    detail: str


class BatchOffer(BaseModel):
    """A batch that waits for the device that asked."""

    batch_id: str
    seq: int
    length_bytes: int


class BatchOffers(BaseModel):
    """The batches of one device, in order."""

    batches: list[BatchOffer]


class UploadState(BaseModel):
    """How far a submission has arrived."""

    offset: int
    receipted: bool


# In our own words: those of `http.HTTPStatus` change with the version of Python.
_PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {
    status: {"model": Problem, "description": words}
    for status, words in {
        400: "Malformed",
        401: "Not signed by a device of the directory",
        404: "Unknown here",
        409: "Against what is known here",
        413: "Too large",
        422: "Evidence is false",
        503: "Try again later",
    }.items()
}
_SIGNED: Final[dict[str, Any]] = {
    "security": [{"deviceSignature": []}],
}


def create_app(service: Service, *, hosts: frozenset[str] | None = None) -> FastAPI:
    """Build the application.

    Args:
        service: An open service; the caller closes it.
        hosts: Accepted `Host` values, or None for any.
    """
    app = routes()
    app.state.service = service
    app.state.door = Door(resolve=service.device_key, clock=service.clock, hosts=hosts)
    return app


def routes() -> FastAPI:
    """Build the application without a service: what docs/openapi.json describes."""
    app = FastAPI(
        title="Reviewer coordinator",
        version=API_VERSION,
        docs_url=None,
        redoc_url=None,
        openapi_url="/v1/openapi.json",
    )
    app.add_exception_handler(ReviewerError, _on_ours)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(RequestValidationError, _on_misshapen)
    _add_open_routes(app)
    _add_signed_routes(app)
    _describe_signatures(app)
    return app


# Open to anyone ------------------------------------------------------------------


def _add_open_routes(app: FastAPI) -> None:
    add = app.add_api_route
    add("/v1/trust", get_trust, methods=["GET"], **_bytes(_JSON))
    add(
        "/v1/invitations/{invitation_key_id}",
        get_invitation,
        methods=["GET"],
        **_bytes(_JSON),
    )
    add(
        "/v1/enrolments",
        post_enrolment,
        methods=["POST"],
        **_bytes(_JSON, body=_JSON),
    )


async def get_trust(request: Request) -> Response:
    """Return the trust bundle: root key, directory, policies, configs; no devices."""
    data = await run_in_threadpool(_service(request).public_trust)
    return Response(data, media_type=_JSON)


async def get_invitation(request: Request, invitation_key_id: KeyPath) -> Response:
    """Return the root-signed invitation made for a one-time key."""
    service = _service(request)
    data = await run_in_threadpool(service.invitation, KeyId(invitation_key_id))
    return Response(data, media_type=_JSON)


async def post_enrolment(request: Request) -> Response:
    """Take in a device; the body is an enrolment envelope. Idempotent."""
    body = await _body(request, MAX_ENROLMENT_BYTES)
    data = await run_in_threadpool(_service(request).enrol, body)
    return Response(data, media_type=_JSON)


# For an enrolled device ----------------------------------------------------------


def _add_signed_routes(app: FastAPI) -> None:
    add = app.add_api_route
    add(
        "/v1/batches",
        get_batches,
        methods=["GET"],
        response_model=BatchOffers,
        responses=_PROBLEMS,
        openapi_extra=_SIGNED,
    )
    add(
        "/v1/batches/{batch_id}",
        get_batch,
        methods=["GET"],
        **_bytes(_OCTETS, signed=True, headers={"Range": False}, partial=206),
    )
    add(
        "/v1/submissions/{sha256}",
        get_submission,
        methods=["GET"],
        response_model=UploadState,
        responses=_PROBLEMS,
        openapi_extra=_SIGNED,
    )
    add(
        "/v1/submissions/{sha256}",
        patch_submission,
        methods=["PATCH"],
        **_bytes(
            _JSON,
            body=_OCTETS,
            signed=True,
            headers={"Upload-Offset": True, "Upload-Length": True},
            partial=202,
        ),
    )
    add(
        "/v1/submissions/{sha256}/receipt",
        get_receipt,
        methods=["GET"],
        **_bytes(_JSON, signed=True),
    )


async def get_batches(
    request: Request, after: Annotated[int, Query(ge=-1)] = -1
) -> BatchOffers:
    """Name the batches dealt to this device whose `seq` is above `after`."""
    device = await _device(request, None)
    service = _service(request)
    offers = await run_in_threadpool(service.offers, device, after=after)
    return BatchOffers(
        batches=[
            BatchOffer(
                batch_id=one.batch_id, seq=one.seq, length_bytes=one.length_bytes
            )
            for one in offers
        ]
    )


async def get_batch(request: Request, batch_id: BatchPath) -> Response:
    """Return a batch file; `Range: bytes=N-` resumes a broken download."""
    device = await _device(request, None)
    wanted = request.headers.get("range")
    if wanted is not None and not _RANGE.fullmatch(wanted):
        raise RefusedError(Code.INPUT_INVALID, "range")
    service = _service(request)
    path = await run_in_threadpool(service.batch_file, device, BatchId(batch_id))
    return FileResponse(path, media_type=_OCTETS)


async def get_submission(request: Request, sha256: HashPath) -> UploadState:
    """Say how many bytes of a submission are here, and whether it has a receipt."""
    device = await _device(request, None)
    service = _service(request)
    upload = await run_in_threadpool(service.upload, device, Sha256Hex(sha256))
    return UploadState(offset=upload.offset, receipted=upload.receipt is not None)


async def patch_submission(request: Request, sha256: HashPath) -> Response:
    """Add bytes at `Upload-Offset` of `Upload-Length`; the last answers a receipt.

    An offset other than the one that this service names is refused with 409, and
    nothing is changed. The whole is verified when its last byte is here.
    """
    body = await _body(request, MAX_CHUNK_BYTES)
    device = await _device(request, body)
    offset = _number(request, "upload-offset")
    length = _number(request, "upload-length")
    upload = await run_in_threadpool(
        _service(request).receive,
        device,
        Sha256Hex(sha256),
        offset=offset,
        length=length,
        data=body,
    )
    if upload.receipt is not None:
        return Response(upload.receipt, media_type=_JSON)
    state = UploadState(offset=upload.offset, receipted=False)
    return JSONResponse(state.model_dump(), status_code=202)


async def get_receipt(request: Request, sha256: HashPath) -> Response:
    """Return the receipt of a submission, the same bytes every time."""
    device = await _device(request, None)
    service = _service(request)
    upload = await run_in_threadpool(service.upload, device, Sha256Hex(sha256))
    if upload.receipt is None:
        raise RefusedError(Code.INPUT_MISSING, "receipt")
    return Response(upload.receipt, media_type=_JSON)


# Below the routes ----------------------------------------------------------------


def _service(request: Request) -> Service:
    service = request.app.state.service
    if not isinstance(service, Service):
        raise TypeError("no service")
    return service


async def _device(request: Request, body: bytes | None) -> KeyId:
    door = request.app.state.door
    headers = [
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, value in request.headers.raw
    ]
    try:
        admitted: KeyId = await run_in_threadpool(
            door.admit,
            method=request.method,
            url=_target(request),
            headers=headers,
            body=body,
        )
    except VerificationError as error:
        raise NotAdmittedError(error.code, error.detail) from error
    return admitted


class NotAdmittedError(VerificationError):
    """The request itself is not believed, whatever it carries."""


def _target(request: Request) -> str:
    scope = request.scope
    query = scope["query_string"].decode("latin-1")
    path = scope["raw_path"].decode("latin-1")
    host = request.headers.get("host", "")
    return f"{scope['scheme']}://{host}{path}" + (f"?{query}" if query else "")


async def _body(request: Request, max_bytes: int) -> bytes:
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        if len(data) > max_bytes:
            raise VerificationError(Code.TOO_LARGE, f"max={max_bytes}")
    return bytes(data)


def _number(request: Request, name: str) -> int:
    text = request.headers.get(name, "")
    if not _DIGITS.fullmatch(text):
        raise RefusedError(Code.INPUT_INVALID, name)
    return int(text)


def _status(error: ReviewerError) -> int:
    if isinstance(error, NotAdmittedError):
        return 401
    if error.code is Code.TOO_LARGE:
        return 413
    if error.code in (Code.INPUT_MISSING, Code.INVITATION_INVALID):
        return 404
    if isinstance(error, UnavailableError):
        return 503
    return 422 if isinstance(error, VerificationError) else 409


async def _on_ours(_request: Request, error: Exception) -> Response:
    if not isinstance(error, ReviewerError):
        raise error
    problem = Problem(code=error.code.value, detail=error.detail)
    return JSONResponse(problem.model_dump(), status_code=_status(error))


async def _on_misshapen(_request: Request, _error: Exception) -> Response:
    problem = Problem(code=Code.INPUT_INVALID.value, detail="request")
    return JSONResponse(problem.model_dump(), status_code=400)


async def _on_http(_request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    code = Code.INPUT_MISSING if status == 404 else Code.INPUT_INVALID
    problem = Problem(code=code.value, detail=f"status={status}")
    return JSONResponse(problem.model_dump(), status_code=status)


# What the document says ----------------------------------------------------------


def _bytes(
    media_type: str,
    *,
    body: str | None = None,
    signed: bool = False,
    headers: dict[str, bool] | None = None,
    partial: int | None = None,
) -> dict[str, Any]:
    """Describe a route whose body or answer is bytes that other formats define.

    Args:
        media_type: Of the whole answer.
        body: Media type of the request's body, if it has one.
        signed: A device's signature is asked for.
        headers: Names of request headers, and whether they are required.
        partial: Status of an answer that is not the whole one.
    """
    octets = {"schema": {"type": "string", "format": "binary"}}
    answers: dict[int | str, dict[str, Any]] = {
        **_PROBLEMS,
        200: {"content": {media_type: octets}},
    }
    if partial == 202:
        answers[202] = {"model": UploadState, "description": "More is awaited"}
    elif partial is not None:
        answers[partial] = {
            "content": {media_type: octets},
            "description": "A part of it",
        }
    extra: dict[str, Any] = dict(_SIGNED) if signed else {}
    if body is not None:
        extra["requestBody"] = {"required": True, "content": {body: octets}}
    if headers:
        extra["parameters"] = [
            {"in": "header", "name": name, "required": required, "schema": _TEXT}
            for name, required in headers.items()
        ]
    return {
        "response_class": Response,
        "responses": answers,
        "openapi_extra": extra,
    }


def _describe_signatures(app: FastAPI) -> None:
    document = app.openapi()
    document.setdefault("components", {})["securitySchemes"] = {
        "deviceSignature": {
            "type": "http",
            "scheme": "signature",
            "description": (
                "RFC 9421 by the device's Ed25519 key, tag reviewer-v1draft, over "
                "@method, @target-uri and, where sent, content-digest, range, "
                "upload-offset and upload-length; docs/formats/v1/service.md"
            ),
        }
    }
    app.openapi_schema = document
