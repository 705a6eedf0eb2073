"""Writes the vectors beside this file: `uv run poe vectors`.

Every vector is `<name>.bin` and `<name>.json`, whose `expect` is `success` or the
code of the first step that fails. All keys are fixed, so a rebuild changes nothing;
sealing alone draws fresh randomness, so a sealed file that still gives what it
should is kept as it is.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from reviewer.formats.base64 import b64
from tests.vectors import acts, cases
from tests.vectors.checking import Header, outcome

FOLDER: Final = Path(__file__).parent / "v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vector:
    """One vector before it is written."""

    name: str
    header: Header
    make: Callable[[], bytes]
    is_sealed: bool = False


def vectors() -> Iterator[Vector]:
    """Yield every vector; the trust bundle first, which others name."""
    ours = cases.OURS
    for name, (expect, about, make) in cases.TRUST.items():
        yield Vector(
            name=f"trust_{name}",
            header=Header(
                kind="trust", expect=expect, about=about, root_sha256=ours.root.key_id
            ),
            make=make,
        )
    for name, (expect, about, make) in cases.BATCHES.items():
        yield Vector(
            name=f"batch_{name}",
            header=Header(
                kind="batch",
                expect=expect,
                about=about,
                trust="trust_true.bin",
                device=ours.device.key_id,
                open_with=b64(ours.stock[0].raw),
            ),
            make=make,
            is_sealed=True,
        )
    for name, (expect, about, make) in (cases.JOURNALS | acts.JOURNALS).items():
        yield Vector(
            name=f"journal_{name}",
            header=Header(
                kind="journal",
                expect=expect,
                about=about,
                device=b64(ours.device.verifying_key.raw),
            ),
            make=make,
        )
    for name, (expect, about, make) in cases.SUBMISSIONS.items():
        yield Vector(
            name=f"submission_{name}",
            header=Header(
                kind="submission",
                expect=expect,
                about=about,
                trust="trust_true.bin",
                open_with=b64(ours.online_seal.raw),
            ),
            make=make,
            is_sealed=True,
        )
    yield from _in_clear("receipt", cases.RECEIPTS)
    yield from _in_clear("threat", acts.THREATS)
    for name, (expect, about, make) in cases.AGE.items():
        yield Vector(
            name=f"age_{name}",
            header=Header(
                kind="age",
                expect=expect,
                about=about,
                open_with=b64(ours.identities[0].raw),
            ),
            make=make,
        )
    for name, (expect, about, make) in cases.CANONICAL.items():
        yield Vector(
            name=f"canonical_{name}",
            header=Header(kind="canonical", expect=expect, about=about),
            make=make,
        )


def _in_clear(kind: str, found: Mapping[str, cases.Case]) -> Iterator[Vector]:
    """Yield the vectors of a kind that is signed and not sealed."""
    for name, (expect, about, make) in found.items():
        yield Vector(
            name=f"{kind}_{name}",
            header=Header(
                kind=kind, expect=expect, about=about, trust="trust_true.bin"
            ),
            make=make,
        )


def header_text(header: Header) -> str:
    """Return a header as its file has it."""
    return json.dumps(msgspec.to_builtins(header), indent=2) + "\n"


def read_file(name: str) -> bytes:
    """Return a file of the vectors."""
    return (FOLDER / name).read_bytes()


def write() -> int:
    """Write all vectors, remove strays, and return how many there are."""
    FOLDER.mkdir(exist_ok=True)
    wanted: set[str] = set()
    for vector in vectors():
        path = FOLDER / f"{vector.name}.bin"
        if not (vector.is_sealed and path.exists() and _holds(vector, path)):
            path.write_bytes(vector.make())
        path.with_suffix(".json").write_text(
            header_text(vector.header), encoding="utf-8"
        )
        wanted |= {path.name, path.with_suffix(".json").name}
    for path in FOLDER.iterdir():
        if path.name not in wanted:
            path.unlink()
    return len(wanted) // 2


def _holds(vector: Vector, path: Path) -> bool:
    """Return whether a sealed file still gives what it should."""
    got = outcome(vector.header, path.read_bytes(), files=read_file)
    return got == vector.header.expect


if __name__ == "__main__":
    sys.stdout.write(f"{write()} vectors\n")
