"""`reviewer coordinator …`: the service, and the same acts on files.

Exit codes: 0 done, 1 refused or false, 2 usage, 3 unavailable (design.md 10). No
secret is taken from an argument or the environment. The invitation code is the one
secret that is printed: it is made to be handed over.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec

from reviewer.coordinator import arguments, table
from reviewer.coordinator.files import read_input, staged_file
from reviewer.coordinator.service import Service
from reviewer.coordinator.words import WORDS
from reviewer.crypto.hashes import sha256_hex
from reviewer.domain.ids import KeyId, UtcTime
from reviewer.domain.item import BatchPurpose
from reviewer.domain.orgconfig import OrgConfig
from reviewer.domain.person import Authorisation, Role
from reviewer.domain.policy import PolicyPack
from reviewer.errors import (
    Code,
    RefusedError,
    ReviewerError,
    UnavailableError,
)
from reviewer.formats import durable
from reviewer.formats.submission import MAX_SUBMISSION_BYTES
from reviewer.formats.trust import MAX_ENROLMENT_BYTES, MAX_RECORD_BYTES
from reviewer.settings import resource

DONE: Final = 0
REFUSED: Final = 1
USAGE: Final = 2
UNAVAILABLE: Final = 3
_PASSPHRASE_BYTES: Final = 4096

T = TypeVar("T")
Answer = dict[str, Any]


def run(argv: list[str]) -> int:
    """Run one command and return its exit code; print its answer."""
    try:
        options = arguments.parse(argv)
    except SystemExit as error:
        return error.code if isinstance(error.code, int) else USAGE
    try:
        _say(options, _ACTS[options.act](options))
    except ReviewerError as error:
        _complain(options, error)
        return _exit_of(error)
    return DONE


def _exit_of(error: ReviewerError) -> int:
    """Return the exit code of design.md 10 for an error."""
    if error.code in {Code.INPUT_MISSING, Code.INPUT_INVALID}:
        return USAGE
    return UNAVAILABLE if isinstance(error, UnavailableError) else REFUSED


# One function a command ----------------------------------------------------------


def _init(options: argparse.Namespace) -> Answer:
    passphrase = _passphrase(options.passphrase_file)
    config = _read(options.config or resource("policy/default_config.json"), OrgConfig)
    if options.organisation:
        config = msgspec.structs.replace(config, organisation=options.organisation)
    policies = options.policy or [resource("policy/default_policy.json")]
    service = Service.create(
        options.home,
        passphrase=passphrase,
        config=config,
        policies=[_read(path, PolicyPack) for path in policies],
        root_key=options.root_key,
        root_passphrase=_other_passphrase(options),
        database_url=options.database,
    )
    try:
        return {
            "organisation": config.organisation,
            "root_sha256": service.root_sha256(),
            "root_key": str(options.root_key or options.home / "root.key"),
        }
    finally:
        service.close()


def _serve(options: argparse.Namespace) -> Answer:
    # The web framework loads slowly, and no other command needs it.
    from reviewer.coordinator.serving import Server  # noqa: PLC0415

    with _opened(options) as service:
        server = Server(
            service,
            host=options.host,
            port=options.port,
            tls_cert=options.tls_cert,
            tls_key=options.tls_key,
            names=frozenset(options.name),
        )
        _say(options, {"url": server.url})
        server.run()
        return {"stopped": server.url}


def _invite(options: argparse.Namespace) -> Answer:
    passphrase = _passphrase(options.passphrase_file)
    service = Service.open(options.home, passphrase=passphrase)
    try:
        invited = service.invite(
            subject=options.subject,
            role=Role(options.role),
            authorisation=Authorisation(
                person=options.subject,
                employer=options.employer,
                purpose=options.purpose,
                jurisdiction=options.jurisdiction,
                expires=UtcTime(options.expires),
            ),
            root_key=options.root_key,
            root_passphrase=_other_passphrase(options) or passphrase,
            days=options.days,
        )
    finally:
        service.close()
    return {"code": invited.code, "expires": invited.expires}


def _enrol(options: argparse.Namespace) -> Answer:
    data = read_input(options.file, max_bytes=MAX_ENROLMENT_BYTES)
    with _opened(options) as service:
        answer = service.enrol(data)
    durable.replace(options.to, answer)
    return {"enrolment_sha256": sha256_hex(data), "file": str(options.to)}


def _pack(options: argparse.Namespace) -> Answer:
    if options.example:
        return {"example": table.example()}
    missing = [
        name for name in ("home", "passphrase_file", "media") if not _has(options, name)
    ]
    if missing:
        raise RefusedError(Code.INPUT_MISSING, "--" + missing[0].replace("_", "-"))
    with _opened(options) as service:
        packed = service.pack(
            options.media,
            name=options.name or options.media.resolve().name,
            table=options.table,
            purpose=BatchPurpose(options.purpose),
        )
    return {
        "pack": packed.pack_id,
        "name": packed.name,
        "items": packed.items_count,
        "media_bytes": packed.media_bytes,
        "refused": [{"file": one.file, "code": one.code} for one in packed.refused],
    }


def _deal(options: argparse.Namespace) -> Answer:
    with _opened(options) as service:
        pack = options.pack or _last(service.packs(), "pack")
        device = options.device or _only(service.devices(), "device")
        dealt = service.deal(pack, KeyId(device), days=options.days)
        if options.to is not None:
            _copy(dealt.file, options.to)
    return {
        "batch": dealt.batch_id,
        "device": dealt.device,
        "seq": dealt.seq,
        "bytes": dealt.length_bytes,
        "not_after": dealt.not_after,
        "file": str(options.to or dealt.file),
    }


def _accept(options: argparse.Namespace) -> Answer:
    data = read_input(options.file, max_bytes=MAX_SUBMISSION_BYTES)
    with _opened(options) as service:
        receipt = service.accept(data)
    durable.replace(options.to, receipt)
    return {"submission": sha256_hex(data), "receipt": str(options.to)}


def _export(options: argparse.Namespace) -> Answer:
    to: Path = options.csv or options.sealed
    with _opened(options) as service, staged_file(to) as staged:
        write = service.export_csv if options.csv else service.export_sealed
        count = write(staged.file)
        staged.publish()
    return {"rows": count, "file": str(to)}


def _trust(options: argparse.Namespace) -> Answer:
    with _opened(options) as service:
        durable.replace(options.to, service.trust())
        return {"root_sha256": service.root_sha256(), "file": str(options.to)}


def _revoke(options: argparse.Namespace) -> Answer:
    with _opened(options) as service:
        service.revoke(KeyId(options.device))
    return {"revoked": options.device}


def _list(options: argparse.Namespace) -> Answer:
    with _opened(options) as service:
        return {
            "root_sha256": service.root_sha256(),
            "devices": list(service.devices()),
            "packs": list(service.packs()),
            "forks": [
                {"device": one.device, "seq": one.seq, "found": one.found}
                for one in service.fork_proofs()
            ],
        }


_ACTS: Final[dict[str, Callable[[argparse.Namespace], Answer]]] = {
    "init": _init,
    "serve": _serve,
    "invite": _invite,
    "enrol": _enrol,
    "pack": _pack,
    "deal": _deal,
    "accept": _accept,
    "export": _export,
    "trust": _trust,
    "revoke": _revoke,
    "list": _list,
}


# Below the commands --------------------------------------------------------------


@contextmanager
def _opened(options: argparse.Namespace) -> Iterator[Service]:
    service = Service.open(
        options.home, passphrase=_passphrase(options.passphrase_file)
    )
    try:
        yield service
    finally:
        service.close()


def _passphrase(name: str) -> str:
    """Read the first line of a file, or of standard input for `-`."""
    if name == "-":
        data = sys.stdin.buffer.readline(_PASSPHRASE_BYTES)
    else:
        data = read_input(Path(name), max_bytes=_PASSPHRASE_BYTES)
    try:
        lines = data.decode("utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise RefusedError(Code.INPUT_INVALID, "passphrase") from error
    if not lines:
        raise RefusedError(Code.INPUT_MISSING, "passphrase")
    return lines[0]


def _other_passphrase(options: argparse.Namespace) -> str | None:
    name = options.root_passphrase_file
    return None if name is None else _passphrase(name)


def _read(path: Path, type_: type[T]) -> T:
    data = read_input(path, max_bytes=MAX_RECORD_BYTES)
    try:
        return msgspec.json.decode(data, type=type_, strict=True)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise RefusedError(Code.INPUT_INVALID, type_.__name__) from error


def _copy(source: Path, target: Path) -> None:
    with source.open("rb") as data, staged_file(target) as staged:
        while block := data.read(1 << 20):
            staged.file.write(block)
        staged.publish()


def _has(options: argparse.Namespace, name: str) -> bool:
    return getattr(options, name) is not None


def _last(names: tuple[str, ...], what: str) -> str:
    if not names:
        raise RefusedError(Code.INPUT_MISSING, what)
    return names[-1]


def _only(names: tuple[KeyId, ...], what: str) -> KeyId:
    if len(names) != 1:
        raise RefusedError(Code.INPUT_MISSING, f"{what}, of {len(names)}")
    return names[0]


def _say(options: argparse.Namespace, answer: Answer) -> None:
    if options.json:
        print(json.dumps(answer), flush=True)
    elif "example" in answer:
        print(answer["example"], end="", flush=True)
    else:
        for name, value in answer.items():
            print(f"{name}: {_shown(value)}", flush=True)


def _shown(value: object) -> str:
    return json.dumps(value) if isinstance(value, list | dict) else str(value)


def _complain(options: argparse.Namespace, error: ReviewerError) -> None:
    problems = []
    if isinstance(error, table.TableError):
        problems = [str(one) for one in error.problems]
    if options.json:
        answer = {"code": error.code.value, "detail": error.detail}
        print(json.dumps({**answer, "problems": problems}), flush=True)
        return
    words = WORDS.get(error.code, "This could not be done.")
    detail = f" ({error.detail})" if error.detail else ""
    print(f"{words} {error.code.value}{detail}", file=sys.stderr)
    for line in problems:
        print(f"  {line}", file=sys.stderr)
