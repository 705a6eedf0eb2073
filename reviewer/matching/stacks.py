"""Put copies into stacks around one representative each.

Exact copies by SHA-256, near ones by fingerprint. Every near copy resembles the
representative itself, never only another copy: likeness does not travel along a
chain, where each step is small and the ends show different things.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from reviewer.domain.fingerprint import NO_FINGERPRINT, Fingerprint
from reviewer.domain.ids import ItemId, Sha256Hex
from reviewer.domain.item import Item, Kind
from reviewer.matching.likeness import Bits, distance_between, good_frames, is_share
from reviewer.matching.nearest import Nearest

_NEAR_KINDS = (Kind.IMAGE, Kind.CLIP)


class Likeness(enum.StrEnum):
    """How one item is a copy of another."""

    EXACT = "exact"
    NEAR = "near"


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """One copy, as seen from the item it is compared with."""

    item_id: ItemId
    likeness: Likeness
    distance_bits: int
    """0 for an exact copy; else of 256, 31 at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """One representative and its copies, in the order of the batch."""

    representative: ItemId
    """The clearest of the members; of equals, the first."""
    copies: tuple[Copy, ...]

    @property
    def members(self) -> tuple[ItemId, ...]:
        """Return everything in the stack, the representative first."""
        return (self.representative, *(copy.item_id for copy in self.copies))


Prints = Mapping[ItemId, Fingerprint]


def stacks_of(
    items: Sequence[Item], prints: Prints, *, apart: Iterable[ItemId] = ()
) -> tuple[Stack, ...]:
    """Return the stacks of two or more, by the place of their representatives.

    Args:
        items: In the order of the batch.
        prints: As far as they are known; what has none can still be an exact copy.
        apart: Items that a person took out of their stack; they stand alone.
    """
    alone = frozenset(apart)
    piles = _piles([item for item in items if item.id not in alone], prints)
    for kind in _NEAR_KINDS:
        _join([pile for pile in piles if pile.kind is kind])
    order = {item.id: place for place, item in enumerate(items)}
    stacks = [_stack(pile, order) for pile in piles if not pile.is_joined]
    found = [stack for stack in stacks if stack.copies]
    return tuple(sorted(found, key=lambda stack: order[stack.representative]))


def copies_of(
    subject: Item, others: Iterable[Item], prints: Prints
) -> tuple[Copy, ...]:
    """Return which of the others are copies of this very item, and how.

    What resembles the representative need not resemble another member.
    """
    frames = good_frames(prints.get(subject.id, NO_FINGERPRINT))
    found = [
        _copy(subject, other, frames, prints)
        for other in others
        if other.id != subject.id and other.kind is subject.kind
    ]
    return tuple(copy for copy in found if copy is not None)


@dataclass(slots=True, kw_only=True)
class _Pile:
    """Exact copies, and the near ones that joined them."""

    kind: Kind
    ids: list[ItemId]
    frames: tuple[Bits, ...] = ()
    clearness: tuple[int, int, int] = (0, 0, 0)
    near: list[tuple[_Pile, int]] = field(default_factory=list)
    is_joined: bool = False


def _piles(items: Sequence[Item], prints: Prints) -> list[_Pile]:
    """Group by hash and kind, and give each pile the fingerprint of any of its items.

    The same bytes under two kinds are decoded as two different things.
    """
    piles: dict[tuple[Sha256Hex, Kind], _Pile] = {}
    for place, item in enumerate(items):
        pile = piles.setdefault((item.sha256, item.kind), _Pile(kind=item.kind, ids=[]))
        pile.ids.append(item.id)
        fingerprint = prints.get(item.id, NO_FINGERPRINT)
        if not pile.frames:
            pile.frames = good_frames(fingerprint)
        clearness = (fingerprint.pixels_count, item.size_bytes, -place)
        pile.clearness = max(pile.clearness, clearness)
    return list(piles.values())


def _join(piles: Sequence[_Pile]) -> None:
    """Let each pile join the nearest clearer one that leads a stack already."""
    index = Nearest()
    clearest_first = sorted(piles, key=lambda pile: pile.clearness, reverse=True)
    leaders: list[_Pile] = []
    for pile in clearest_first:
        if not pile.frames:
            continue
        near = _nearest(pile, leaders, index)
        if near is not None:
            leader, apart = near
            leader.near.append((pile, apart))
            pile.is_joined = True
            continue
        for frame in pile.frames:
            index.add(frame, len(leaders))
        leaders.append(pile)


def _nearest(
    pile: _Pile, leaders: Sequence[_Pile], index: Nearest
) -> tuple[_Pile, int] | None:
    """Return the leader that is nearest, by the rule for stills and clips."""
    found: dict[int, int] = {}
    for frame in pile.frames:
        for owner in index.within(frame):
            found[owner] = found.get(owner, 0) + 1
    likely = [number for number, count in found.items() if _may_be(pile, count)]
    measured = [
        (apart, number)
        for number in likely
        if (apart := distance_between(pile.frames, leaders[number].frames)) is not None
    ]
    if not measured:
        return None
    apart, number = min(measured)
    return leaders[number], apart


def _may_be(pile: _Pile, count: int) -> bool:
    return is_share(count, len(pile.frames))


def _stack(pile: _Pile, order: Mapping[ItemId, int]) -> Stack:
    first, *exact = sorted(pile.ids, key=lambda item_id: order[item_id])
    copies = [
        Copy(item_id=each, likeness=Likeness.EXACT, distance_bits=0) for each in exact
    ]
    copies += [
        Copy(item_id=each, likeness=Likeness.NEAR, distance_bits=apart)
        for joined, apart in pile.near
        for each in joined.ids
    ]
    copies.sort(key=lambda copy: order[copy.item_id])
    return Stack(representative=first, copies=tuple(copies))


def _copy(
    subject: Item, other: Item, frames: tuple[Bits, ...], prints: Prints
) -> Copy | None:
    if other.sha256 == subject.sha256:
        return Copy(item_id=other.id, likeness=Likeness.EXACT, distance_bits=0)
    theirs = good_frames(prints.get(other.id, NO_FINGERPRINT))
    apart = distance_between(frames, theirs)
    if subject.kind not in _NEAR_KINDS or apart is None:
        return None
    return Copy(item_id=other.id, likeness=Likeness.NEAR, distance_bits=apart)
