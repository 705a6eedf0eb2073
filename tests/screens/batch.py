"""The batch that the screens show: one of each kind, described by made-up words."""

from __future__ import annotations

from typing import Final

from reviewer.domain.item import Context, Flag, FlaggedBy, Kind
from tests.fakes.coordinator import DrawnItem
from tests.fakes.decoder import fake_clip, fake_still, fake_text

_LINE: Final = (
    "The notice says that the bridge on the river road is closed until Friday and "
    "that buses go by the upper town. Whoever has to cross before then is asked to "
    "call the number on the board. "
)
_BOARD: Final = Context(
    source="a video site",
    account="@river_road",
    captured_at="2026-11-02T08:15:00Z",
    caption="Hills above the river, the morning before the storm",
)
_MIRROR: Final = Context(source="a mirror of the site", caption="Hills, once more")
_NEWS: Final = Context(source="a news site", caption="The valley in the autumn")
_FLAG: Final = Flag(by=FlaggedBy.USER, reason="I have seen this on three channels")

(STILL, SEVERE, UNRATED, MILD, LONG, CLIP, BROKEN, UNSUPPORTED, COPY, NEWS, OUT) = (
    range(11)
)
"""Where each of them stands."""

ITEMS: Final = (
    DrawnItem(
        data=fake_still(1_600, 1_200, like="hills"),
        severity=2,
        context=_BOARD,
        tags=("landscape", "river", "storm warning"),
        transcript="Nobody speaks. Wind, and a bell twice.",
        flag=_FLAG,
    ),
    DrawnItem(
        data=fake_still(1_200, 1_500, like="rings"),
        severity=4,
        context=_BOARD,
        tags=("rings",),
        flag=_FLAG,
    ),
    DrawnItem(
        data=fake_still(1_600, 900, like="crowd"),
        severity=None,
        context=_MIRROR,
        tags=("crowd",),
    ),
    DrawnItem(
        data=fake_text(_LINE * 3),
        kind=Kind.TEXT,
        declared_type="text/plain",
        severity=1,
        context=_MIRROR,
    ),
    DrawnItem(
        data=fake_text(_LINE * 120),
        kind=Kind.TEXT,
        declared_type="text/plain",
        severity=3,
        context=_BOARD,
        translation="A notice about a bridge that is closed, and about the buses.",
    ),
    DrawnItem(
        data=fake_clip(1_280, 720, 24_000, like="map"),
        kind=Kind.CLIP,
        declared_type="video/mp4",
        severity=3,
        context=_BOARD,
        tags=("town",),
    ),
    DrawnItem(data=b"broken", severity=1, context=_BOARD),
    DrawnItem(
        data=b"?", kind=Kind.UNSUPPORTED, declared_type="application/x", severity=None
    ),
    DrawnItem(data=fake_still(1_600, 1_200, like="hills"), severity=2, context=_MIRROR),
    DrawnItem(
        data=fake_still(1_280, 960, like="hills", turned=9), severity=2, context=_NEWS
    ),
    DrawnItem(
        data=fake_still(900, 900, like="chart"),
        severity=1,
        context=_MIRROR,
        tags=("chart", "election"),
    ),
)
