"""Basis is what happened, and only ever grows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.domain.decision import Basis
from reviewer.domain.ids import ItemId, MonoMs, Sha256Hex
from reviewer.domain.item import Item, Kind, KnownMatch
from reviewer.domain.rendition import Extent, Step
from reviewer.safeguards.basis import (
    Looks,
    basis,
    basis_of,
    is_checked_match,
    meets,
    saw_frame,
    saw_page,
    saw_picture,
)
from reviewer.safeguards.grant import Grant

ITEM = ItemId("1" * 32)
RANK = [Basis.CONTEXT_ONLY, Basis.PARTIAL_VIEW, Basis.FULL_VIEW]


def grant(step: Step = Step.GREY, extent: Extent = Extent.WHOLE) -> Grant:
    return Grant(item_id=ITEM, step=step, extent=extent, given_at=MonoMs(0))


def match(
    *, signal: str = "sha256", distance: int | None = None, human: bool = True
) -> KnownMatch:
    return KnownMatch(
        source="list", signal=signal, distance=distance, human_checked=human
    )


def item(kind: Kind, *matches: KnownMatch) -> Item:
    return Item(
        id=ITEM,
        ref="Heron 12-042",
        kind=kind,
        identity="",
        sha256=Sha256Hex("0" * 64),
        size_bytes=1,
        offset_bytes=0,
        sealed_bytes=1,
        declared_type="image/png",
        known_matches=matches,
    )


@pytest.mark.parametrize("kind", list(Kind))
def test_without_a_look_it_is_context_or_match(kind: Kind) -> None:
    """Never shown."""
    assert basis(Looks(), kind, is_match=False) is Basis.CONTEXT_ONLY
    assert basis(Looks(), kind, is_match=True) is Basis.HASH_MATCH


@pytest.mark.parametrize(
    ("step", "extent", "shown_ms", "expected"),
    [
        (Step.COLOUR, Extent.LENS, 60_000, Basis.PARTIAL_VIEW),
        (Step.SOFTENED, Extent.WHOLE, 60_000, Basis.PARTIAL_VIEW),
        (Step.GREY, Extent.WHOLE, 999, Basis.PARTIAL_VIEW),
        (Step.GREY, Extent.WHOLE, 1_000, Basis.FULL_VIEW),
        (Step.COLOUR, Extent.WHOLE, 1_000, Basis.FULL_VIEW),
        (Step.COLOUR, Extent.WHOLE, -5, Basis.PARTIAL_VIEW),
    ],
)
def test_a_still_is_fully_seen_after_a_second_whole_and_clear(
    step: Step, extent: Extent, shown_ms: int, expected: Basis
) -> None:
    """Lens and softened are parts, however long."""
    looks = saw_picture(Looks(), grant(step, extent), shown_ms=shown_ms)
    assert basis(looks, Kind.IMAGE, is_match=True) is expected


def test_clear_seconds_add_up() -> None:
    """Two half seconds are one."""
    looks = saw_picture(Looks(), grant(), shown_ms=500)
    assert basis(looks, Kind.IMAGE, is_match=False) is Basis.PARTIAL_VIEW
    looks = saw_picture(looks, grant(), shown_ms=500)
    assert basis(looks, Kind.IMAGE, is_match=False) is Basis.FULL_VIEW


def test_a_clip_is_fully_seen_when_all_frames_were() -> None:
    """One frame is a part; a frame through the lens does not count as seen."""
    looks = Looks()
    for frame in range(3):
        looks = saw_frame(looks, grant(), frame=frame, frames_count=3)
        expected = Basis.FULL_VIEW if frame == 2 else Basis.PARTIAL_VIEW
        assert basis(looks, Kind.CLIP, is_match=False) is expected
    by_lens = saw_frame(Looks(), grant(extent=Extent.LENS), frame=0, frames_count=1)
    assert basis(by_lens, Kind.CLIP, is_match=False) is Basis.PARTIAL_VIEW
    unknown = saw_frame(Looks(), grant(), frame=0, frames_count=0)
    assert basis(unknown, Kind.CLIP, is_match=False) is Basis.PARTIAL_VIEW


def test_a_text_is_fully_seen_to_its_end() -> None:
    """All pages, in any order."""
    looks = saw_page(Looks(), page=1, pages_count=2)
    assert basis(looks, Kind.TEXT, is_match=False) is Basis.PARTIAL_VIEW
    looks = saw_page(looks, page=0, pages_count=2)
    assert basis(looks, Kind.TEXT, is_match=False) is Basis.FULL_VIEW


def test_what_cannot_be_shown_cannot_be_fully_seen() -> None:
    """An unsupported item stays partial at most."""
    looks = saw_picture(Looks(), grant(), shown_ms=9_000)
    assert basis(looks, Kind.UNSUPPORTED, is_match=False) is Basis.PARTIAL_VIEW


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (match(), True),
        (match(signal="SHA-256", distance=0), True),
        (match(human=False), False),
        (match(signal="pdq", distance=0), False),
        (match(distance=3), False),
    ],
)
def test_only_an_identical_file_on_a_human_checked_list_matches(
    *,
    found: KnownMatch,
    expected: bool,
) -> None:
    """A near copy, or a list that nobody checked, is context."""
    assert is_checked_match((found,)) is expected
    wanted = Basis.HASH_MATCH if expected else Basis.CONTEXT_ONLY
    assert basis_of(Looks(), item(Kind.IMAGE, found)) is wanted


@pytest.mark.parametrize(
    ("have", "least", "expected"),
    [
        (Basis.CONTEXT_ONLY, Basis.CONTEXT_ONLY, True),
        (Basis.CONTEXT_ONLY, Basis.PARTIAL_VIEW, False),
        (Basis.HASH_MATCH, Basis.PARTIAL_VIEW, True),
        (Basis.HASH_MATCH, Basis.FULL_VIEW, False),
        (Basis.PARTIAL_VIEW, Basis.HASH_MATCH, True),
        (Basis.PARTIAL_VIEW, Basis.FULL_VIEW, False),
        (Basis.FULL_VIEW, Basis.PARTIAL_VIEW, True),
    ],
)
def test_a_match_stands_for_a_partial_view(
    *,
    have: Basis,
    least: Basis,
    expected: bool,
) -> None:
    """Removal needs a partial view or a checked match."""
    assert meets(have, least) is expected


STEPS = st.sampled_from([Step.SOFTENED, Step.GREY, Step.COLOUR])
PICTURES = st.tuples(STEPS, st.sampled_from(list(Extent)), st.integers(-100, 2_000))


@given(seen=st.lists(PICTURES, max_size=8), pages=st.lists(st.integers(0, 3)))
def test_basis_never_falls_by_looking(
    seen: list[tuple[Step, Extent, int]], pages: list[int]
) -> None:
    """More was seen, so the basis is the same or better."""
    looks = Looks()
    ranks = dict.fromkeys(Kind, 0)
    for step, extent, shown_ms in seen:
        looks = saw_picture(looks, grant(step, extent), shown_ms=shown_ms)
        looks = saw_frame(
            looks, grant(step, extent), frame=max(0, shown_ms) % 3, frames_count=3
        )
        for page in pages[:1]:
            looks = saw_page(looks, page=page, pages_count=4)
        for kind in Kind:
            rank = RANK.index(basis(looks, kind, is_match=False))
            assert rank >= ranks[kind]
            ranks[kind] = rank
