"""On what basis a decision stands: what happened, never a button (design.md 4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from reviewer.domain.decision import Basis
from reviewer.domain.item import Item, Kind, KnownMatch
from reviewer.domain.rendition import Extent, Step
from reviewer.safeguards.grant import Grant

FULL_VIEW_MS: Final = 1_000  # design.md 4: whole and clear for a second
IDENTICAL_SIGNALS: Final = frozenset({"sha256", "sha-256"})

_RANK: Final = {
    Basis.CONTEXT_ONLY: 0,
    Basis.HASH_MATCH: 1,
    Basis.PARTIAL_VIEW: 1,
    Basis.FULL_VIEW: 2,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """What was seen of one item so far; only ever grows."""

    any_view: bool = False
    """A lens, a softened picture, one frame, or a part of a text was shown."""
    whole_clear_ms: int = 0
    """Time the whole picture was clear, in grey or colour."""
    frames: frozenset[int] = frozenset()
    """Frames of a clip or animation that were shown whole and clear."""
    frames_count: int = 0
    """How many frames all of them are; 0 while that is not known."""
    pages: frozenset[int] = frozenset()
    pages_count: int = 0


def saw_picture(looks: Looks, grant: Grant, *, shown_ms: int) -> Looks:
    """Add a look at a still: how long it was painted under this grant."""
    clear_ms = max(0, shown_ms) if _is_whole_and_clear(grant) else 0
    return replace(looks, any_view=True, whole_clear_ms=looks.whole_clear_ms + clear_ms)


def saw_frame(looks: Looks, grant: Grant, *, frame: int, frames_count: int) -> Looks:
    """Add a look at one frame of a clip or animation that has so many in all."""
    seen = {frame} if _is_whole_and_clear(grant) else set[int]()
    return replace(
        looks,
        any_view=True,
        frames=looks.frames | seen,
        frames_count=max(looks.frames_count, frames_count),
    )


def saw_page(looks: Looks, *, page: int, pages_count: int) -> Looks:
    """Add a page of a text that has so many pages."""
    return replace(
        looks,
        any_view=True,
        pages=looks.pages | {page},
        pages_count=max(looks.pages_count, pages_count),
    )


def basis_of(looks: Looks, item: Item) -> Basis:
    """Return what a decision on this item would stand on now."""
    return basis(looks, item.kind, is_match=is_checked_match(item.known_matches))


def basis(looks: Looks, kind: Kind, *, is_match: bool) -> Basis:
    """Return what a decision taken now stands on.

    `is_match` comes from `is_checked_match`; it counts only while nothing was shown.
    """
    if looks.any_view:
        return Basis.FULL_VIEW if _is_full(looks, kind) else Basis.PARTIAL_VIEW
    return Basis.HASH_MATCH if is_match else Basis.CONTEXT_ONLY


def meets(have: Basis, least: Basis) -> bool:
    """Return whether a basis is enough where the pack asks for `least`.

    A hash match stands where a partial view is asked for, not for a full one.
    """
    return _RANK[have] >= _RANK[least]


def is_checked_match(matches: Iterable[KnownMatch]) -> bool:
    """Return whether an identical file is on a list that names a human check."""
    return any(
        match.human_checked
        and match.signal.lower() in IDENTICAL_SIGNALS
        and not match.distance
        for match in matches
    )


def _is_whole_and_clear(grant: Grant) -> bool:
    """Return whether this is more than a part or a softened view."""
    return grant.extent is Extent.WHOLE and grant.step >= Step.GREY


def _is_full(looks: Looks, kind: Kind) -> bool:
    """Return whether all there is was seen clearly."""
    if kind is Kind.CLIP:
        return _is_all(looks.frames, looks.frames_count)
    if kind is Kind.TEXT:
        return _is_all(looks.pages, looks.pages_count)
    if looks.frames_count > 1:  # an animation
        return _is_all(looks.frames, looks.frames_count)
    return kind is Kind.IMAGE and looks.whole_clear_ms >= FULL_VIEW_MS


def _is_all(seen: frozenset[int], count: int) -> bool:
    """Return whether every number from 0 below `count` was seen."""
    return count > 0 and seen.issuperset(range(count))
