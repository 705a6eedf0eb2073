"""Confirm a verdict for the copies of an item, once for each context.

Copies share the *finding*: what the picture shows. The *verdict* depends on where
it was shown, so it is confirmed once for each distinct context (source, caption,
account). What is ticked to begin with is what a reviewer would be right to confirm
with one key, and never a news copy, nor a near copy with another source for removal
(review-loop.md, *Stacks*). Pure, like a draft: the window keeps it and asks.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from reviewer.domain.decision import Basis
from reviewer.domain.ids import ItemId, Sha256Hex
from reviewer.domain.item import Context, Item
from reviewer.domain.policy import PolicyPack, Verdict
from reviewer.matching.stacks import Copy, Likeness
from reviewer.safeguards.basis import Looks, basis_of
from reviewer.services.deciding import Ruling
from reviewer.services.drafting import Complete, is_protected, outcome

NEWS_WORDS: Final = frozenset({"news", "journalism", "journalistic", "press"})
VIEWED: Final = frozenset({Basis.PARTIAL_VIEW, Basis.FULL_VIEW})
NO_LOOKS: Final = Looks()


class Hint(enum.Enum):
    """Why a context is not ticked to begin with."""

    NEWS = "news"
    """A copy in it comes from the news, which may show the same and protect it."""
    OTHER_SOURCE = "other_source"
    """A removal, and a copy in it is only near and from another source."""
    OTHER_CONTEXT = "other_context"
    """The verdict rests on the context of the item that was looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One copy, in or out."""

    item_id: ItemId
    ref: str
    likeness: Likeness
    distance_bits: int
    is_in: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The copies of one context; its texts are untrusted, and shown as item text."""

    source: str | None
    caption: str | None
    account: str | None
    members: tuple[Member, ...]
    is_here: bool
    """The context of the item that was looked at."""
    is_ticked: bool
    hint: Hint | None

    @property
    def chosen(self) -> tuple[Member, ...]:
        """Return the members that are decided along."""
        return tuple(m for m in self.members if m.is_in) if self.is_ticked else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """A verdict on one item, about to be given to its copies."""

    subject: ItemId
    complete: Complete
    groups: tuple[Group, ...]
    """The item's own context first, if a copy shares it; then as in the batch."""

    @property
    def chosen(self) -> tuple[ItemId, ...]:
        """Return the copies that are decided along."""
        return tuple(m.item_id for group in self.groups for m in group.chosen)

    @property
    def taken_out(self) -> tuple[ItemId, ...]:
        """Return the copies that a person took out: they are no copies to them."""
        return tuple(
            m.item_id for group in self.groups for m in group.members if not m.is_in
        )

    @property
    def contexts_count(self) -> int:
        """Return how many distinct contexts are confirmed, the item's own included."""
        return 1 + sum(bool(g.chosen) and not g.is_here for g in self.groups)


def confirm(
    subject: Item,
    copies: Sequence[tuple[Item, Copy]],
    complete: Complete,
    pack: PolicyPack,
) -> Confirmation:
    """Group the copies by context and tick what may be ticked."""
    grouped: dict[_Place, list[tuple[Item, Copy]]] = {}
    for item, copy in copies:
        grouped.setdefault(_place(item.context), []).append((item, copy))
    here = _place(subject.context)
    order = sorted(grouped, key=lambda place: place != here)
    rests = _rests_on_context(subject, complete, pack)
    is_removal = _verdict(complete, pack).asks_grounds
    groups = [
        _group(subject, grouped[place], rests=rests, is_removal=is_removal)
        for place in order
    ]
    return Confirmation(subject=subject.id, complete=complete, groups=tuple(groups))


def toggle(confirmation: Confirmation, index: int) -> Confirmation:
    """Tick or untick a context; an index that is none changes nothing."""
    groups = [
        replace(group, is_ticked=not group.is_ticked) if place == index else group
        for place, group in enumerate(confirmation.groups)
    ]
    return replace(confirmation, groups=tuple(groups))


def leave(confirmation: Confirmation, item_id: ItemId) -> Confirmation:
    """Take one copy out, or back in."""
    groups = [
        replace(
            group,
            members=tuple(
                replace(m, is_in=not m.is_in) if m.item_id == item_id else m
                for m in group.members
            ),
        )
        for group in confirmation.groups
    ]
    return replace(confirmation, groups=tuple(groups))


def rulings(
    confirmation: Confirmation,
    items: Mapping[ItemId, Item],
    pack: PolicyPack,
    *,
    looks: Mapping[ItemId, Looks],
    viewed: Iterable[Sha256Hex] = (),
) -> tuple[Ruling, ...]:
    """Return what is decided of the item and of each chosen copy, on its own basis.

    An item that was looked at stands on that look. An exact copy of one that this
    reviewer looked at stands on the match; anything else on its context, so that a
    removal of it is proposed and goes to second review.

    Args:
        confirmation: As the person left it.
        items: The item and its copies.
        pack: The rule book of the batch.
        looks: What was seen of each item; what is missing was not seen.
        viewed: Hashes of bytes that were looked at earlier.
    """
    seen = set(viewed) | {
        items[item_id].sha256
        for item_id, look in looks.items()
        if look.any_view and item_id in items
    }
    made = []
    for item_id in (confirmation.subject, *confirmation.chosen):
        item = items[item_id]
        basis = basis_of(looks.get(item_id, NO_LOOKS), item)
        if basis is Basis.CONTEXT_ONLY and item.sha256 in seen:
            basis = Basis.HASH_MATCH
        made.append(
            Ruling(
                item_id=item_id,
                complete=confirmation.complete,
                basis=basis,
                outcome=outcome(confirmation.complete, basis, item.kind, pack),
            )
        )
    return tuple(made)


def speak(group: Group) -> str:
    """Say a context and its copies in words, without a word of the caption."""
    where = _speak_place(group.source, group.account, group.caption)
    return " · ".join((where, _speak_copies(group.members)))


def speak_place(context: Context) -> str:
    """Say where an item was shown, without a word of the caption: that is item text."""
    return _speak_place(context.source, context.account, context.caption)


def is_news(item: Item) -> bool:
    """Return whether the item is said to come from the news, by tag or source."""
    words = {word for tag in item.tags for word in _words(tag)}
    return bool(NEWS_WORDS & (words | _words(item.context.source or "")))


_Place = tuple[str | None, str | None, str | None]


def _place(context: Context) -> _Place:
    return context.source, context.caption, context.account


def _group(
    subject: Item,
    copies: Sequence[tuple[Item, Copy]],
    *,
    rests: bool,
    is_removal: bool,
) -> Group:
    context = copies[0][0].context
    is_here = _place(context) == _place(subject.context)
    is_near = any(copy.likeness is Likeness.NEAR for _, copy in copies)
    is_same_source = context.source is not None and (
        context.source == subject.context.source
    )
    hint: Hint | None = None
    if any(is_news(item) for item, _ in copies):
        hint = Hint.NEWS
    elif rests and not is_here:
        hint = Hint.OTHER_CONTEXT
    elif is_removal and is_near and not is_same_source:
        hint = Hint.OTHER_SOURCE
    return Group(
        source=context.source,
        caption=context.caption,
        account=context.account,
        members=tuple(_member(item, copy) for item, copy in copies),
        is_here=is_here,
        is_ticked=hint is None,
        hint=hint,
    )


def _member(item: Item, copy: Copy) -> Member:
    return Member(
        item_id=item.id,
        ref=item.ref,
        likeness=copy.likeness,
        distance_bits=copy.distance_bits,
    )


def _rests_on_context(subject: Item, complete: Complete, pack: PolicyPack) -> bool:
    """Return whether the verdict may be due to the item's context, not to the finding.

    A protected purpose belongs to a publication, and so does news.
    """
    return is_protected(complete, pack) or is_news(subject)


def _verdict(complete: Complete, pack: PolicyPack) -> Verdict:
    return next(row for row in pack.verdicts if row.code == complete.verdict)


def _words(text: str) -> set[str]:
    letters = (char if char.isalnum() else " " for char in text.casefold())
    return set("".join(letters).split())


def _speak_place(source: str | None, account: str | None, caption: str | None) -> str:
    parts = [
        source or "Source unknown",
        f"account {account}" if account else "",
        _counted(len(caption.split()), "word", "caption of ")
        if caption
        else "no caption",
    ]
    return " · ".join(part for part in parts if part)


def _speak_copies(members: Sequence[Member]) -> str:
    exact = sum(m.likeness is Likeness.EXACT for m in members)
    near = len(members) - exact
    parts = [_counted(exact, "exact copy"), _counted(near, "near copy")]
    return ", ".join(part for part in parts if part)


def _counted(count: int, noun: str, lead: str = "") -> str:
    if not count:
        return ""
    plural = noun[:-1] + "ies" if noun.endswith("y") else noun + "s"
    return f"{lead}{count} {noun if count == 1 else plural}"
