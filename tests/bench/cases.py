"""The cases of the scripted reviewers: what there is to see, and what is right.

A data file says which picture is drawn, under which context, which looks a careful
person needs, and the right verdict. The bytes are made and hashed, and the pictures
fingerprinted by the decoder's own PDQ, so that stacks are found and not declared.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import msgspec
import numpy as np
from PIL import Image

from reviewer.crypto.hashes import sha256_hex
from reviewer.decoder.pdq import pdq
from reviewer.demo import draw_files as files
from reviewer.demo import draw_scenes as scenes
from reviewer.demo import draw_texts as texts
from reviewer.domain.fingerprint import NO_FINGERPRINT, Fingerprint, FramePrint
from reviewer.domain.ids import ItemId
from reviewer.domain.item import Context, Item, Kind, KnownMatch
from reviewer.domain.rendition import Step

DATA: Final = Path(__file__).parent / "data"
COPIES: Final = DATA / "looks_copies.json"
MIXED: Final = DATA / "looks_mixed.json"
BOX_UNIT: Final = 1_000

_STEPS: Final = {
    "softened": Step.SOFTENED,
    "grey": Step.GREY,
    "colour": Step.COLOUR,
}


class Needed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One look without which the item cannot be judged."""

    box: tuple[int, int, int, int]
    """Left, top, width, height, in thousandths of the picture."""
    ms: int
    step: str

    @property
    def least(self) -> Step:
        """Return the safest step at which it is seen."""
        return _STEPS[self.step]


class Right(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The right decision."""

    verdict: str
    ground: str | None = None
    purpose: str = "NONE"


class Told(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One row of a data file."""

    ref: str
    kind: Kind
    draw: str | None
    name: str
    size: tuple[int, int]
    form: str
    severity: int | None
    source: str | None
    caption: str | None
    account: str | None
    tags: tuple[str, ...]
    match: bool
    right: Right
    looks: tuple[Needed, ...]


class Sheet(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A data file."""

    about: tuple[str, ...]
    items: tuple[Told, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One item, as the program has it, with what is right."""

    item: Item
    size: tuple[int, int]
    right: Right
    looks: tuple[Needed, ...]

    @property
    def needed_ms(self) -> int:
        """Return how long it has to be seen."""
        return sum(look.ms for look in self.looks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cases:
    """A batch with its fingerprints."""

    cases: tuple[Case, ...]
    prints: Mapping[ItemId, Fingerprint]

    @property
    def items(self) -> tuple[Item, ...]:
        """Return the items in the order of the batch."""
        return tuple(case.item for case in self.cases)


@cache
def load(path: Path) -> Cases:
    """Read a data file, draw its pictures and fingerprint them."""
    sheet = msgspec.json.decode(path.read_bytes(), type=Sheet)
    made = [_case(number, told) for number, told in enumerate(sheet.items)]
    return Cases(
        cases=tuple(case for case, _ in made),
        prints={case.item.id: found for case, found in made},
    )


def _case(number: int, told: Told) -> tuple[Case, Fingerprint]:
    data = _data(told)
    match = KnownMatch(source="a list", signal="sha256", human_checked=True)
    item = Item(
        id=ItemId(f"{number:032x}"),
        ref=f"Heron {number:06d}",
        kind=told.kind,
        identity="",
        sha256=sha256_hex(data),
        size_bytes=len(data),
        offset_bytes=0,
        sealed_bytes=len(data),
        declared_type="application/octet-stream",
        severity=told.severity,
        tags=told.tags,
        context=Context(source=told.source, caption=told.caption, account=told.account),
        known_matches=(match,) if told.match else (),
    )
    case = Case(item=item, size=told.size, right=told.right, looks=told.looks)
    return case, _printed(data) if told.kind is Kind.IMAGE else NO_FINGERPRINT


_Draw = Callable[[str, tuple[int, int]], Image.Image]
_DRAWN: Final[Mapping[str, _Draw]] = {
    "chart": scenes.chart,
    "crowd": scenes.crowd,
    "flag": scenes.flag,
    "hills": scenes.hills,
    "poster": lambda name, size: scenes.poster(name, size, texts.ENGLISH),
    "rings": scenes.rings,
    "town_map": scenes.town_map,
}


def _data(told: Told) -> bytes:
    """Return the bytes; what is not drawn, or is a clip, is known by its name only."""
    if told.draw is None or told.kind is not Kind.IMAGE:
        return f"Sample {told.name}".encode()
    return _encoded(told.draw, told.name, told.size, told.form)


@cache
def _encoded(draw: str, name: str, size: tuple[int, int], form: str) -> bytes:
    form, _, percent = form.partition("@")
    kind, _, quality = form.partition("-")
    picture = _picture(draw, name, size)
    if percent:
        width, height = (side * int(percent) // 100 for side in size)
        picture = picture.resize((width, height), Image.Resampling.LANCZOS)
    if kind == "jpeg":
        return files.jpeg(picture, quality=int(quality))
    return {"webp": files.webp, "png": files.png, "bmp": files.bmp}[kind](picture)


@cache
def _picture(draw: str, name: str, size: tuple[int, int]) -> Image.Image:
    return _DRAWN[draw](name, size)


@cache
def _printed(data: bytes) -> Fingerprint:
    with Image.open(io.BytesIO(data)) as image:
        pixels = np.asarray(image.convert("RGB"))
    bits, quality = pdq(pixels)
    return Fingerprint(
        frames=(FramePrint(hash=bits, quality=quality),),
        pixels_count=pixels.shape[0] * pixels.shape[1],
    )


def without_matches(cases: Sequence[Case]) -> tuple[Case, ...]:
    """Return the same cases where no list says anything."""
    return tuple(
        Case(
            item=msgspec.structs.replace(case.item, known_matches=()),
            size=case.size,
            right=case.right,
            looks=case.looks,
        )
        for case in cases
    )
