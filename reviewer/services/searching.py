"""Find items of a batch by their words and their properties.

A hit says which item, in which fields and how often, which is enough to go there. Of
an item above severity 2, or unrated, it never carries any text, and it carries none
of an item that is opted out of; a sealed item is not found by its words at all
(review-loop.md, *Words*).
"""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from reviewer.domain.decision import LOCKED_AWAY
from reviewer.domain.ids import BatchId, ItemId
from reviewer.matching.words import Field, count, fields_of, folded, found_at, phrases
from reviewer.ports import ItemRow, Store
from reviewer.safeguards.facts import facts_of
from reviewer.safeguards.measures import rating
from reviewer.safeguards.texts import open_item_text

SNIPPET_CHARS: Final = 96
SNIPPETS_COUNT: Final = 200
"""Hits that carry a snippet; nobody reads more of them."""
VALUES_COUNT: Final = 60
"""Of one property, the most frequent values; a batch may name a thousand sources."""
UNRATED: Final = "unrated"
NONE: Final = ""
"""A property that the item does not have: no flag, no source."""
_SNIPPET_BEFORE: Final = 24
_SNIPPET_FROM: Final = 20_000

_OWN_WORDS: Final = frozenset(
    {Field.CAPTION, Field.FLAG, Field.TEXT, Field.TRANSCRIPT, Field.TRANSLATION}
)


class By(enum.StrEnum):
    """A property to narrow down by, in the order of the panel."""

    STANDING = "standing"
    KEPT = "kept"
    KIND = "kind"
    SEVERITY = "severity"
    PRIORITY = "priority"
    LANGUAGE = "language"
    TAG = "tag"
    FLAG = "flag"
    MATCH = "match"
    OPTED = "opted"
    SOURCE = "source"


class Yes(enum.StrEnum):
    """Values of properties that an item has or has not."""

    KEPT = "kept"
    MATCHED = "matched"
    UNMATCHED = "unmatched"
    OUT = "out"
    IN = "in"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """One value of one property."""

    by: By
    value: str
    """Untrusted where it is a tag, a language or a source: show it as plain text."""
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldHit:
    """How often the words stand in one field."""

    field: Field
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An item that was found."""

    item_id: ItemId
    ref: str
    fields: tuple[FieldHit, ...]
    """Empty when nothing was asked for but properties."""
    snippet: str | None = None
    """A piece of one line, only up to severity 2; untrusted, so show it visibly."""


Chosen = frozenset[tuple[By, str]]
"""Values of one property widen, several properties narrow."""

NOTHING_CHOSEN: Final[Chosen] = frozenset()
NO_TAGS: Final[frozenset[str]] = frozenset()


class Searching:
    """Search over one vault; every call on the store's thread."""

    def __init__(self, store: Store) -> None:
        """Keep the vault; nothing is read yet."""
        self._store = store

    def facets(
        self, batch_id: BatchId, *, opted_out: frozenset[str] = NO_TAGS
    ) -> tuple[Facet, ...]:
        """Count the values of every property over a batch, most frequent first."""
        return counted(self._store.items(batch_id), opted_out=opted_out)

    def search(
        self,
        batch_id: BatchId,
        query: str,
        chosen: Chosen = NOTHING_CHOSEN,
        *,
        opted_out: frozenset[str] = NO_TAGS,
    ) -> tuple[Hit, ...]:
        """Return the items that hold every word of a query, in the batch's order.

        Any text is a query: quotes, operators and controls are text or nothing. A
        query without a word asks for the chosen properties alone.

        Args:
            batch_id: Of the batch.
            query: As it was typed.
            chosen: Properties to narrow down by.
            opted_out: Tags whose items carry no snippet.
        """
        wanted = phrases(query)
        if query.strip() and not wanted:
            return ()
        rows: Sequence[ItemRow] = self._store.items(batch_id)
        if wanted:
            named = self._store.find(batch_id, wanted)
            rows = [
                row
                for row in rows
                if row.item.id in named and row.standing.kind not in LOCKED_AWAY
            ]
        rows = [row for row in rows if _is_chosen(row, chosen, opted_out)]
        return tuple(_hits(rows, wanted, opted_out))


def counted(
    rows: Sequence[ItemRow], *, opted_out: frozenset[str] = NO_TAGS
) -> tuple[Facet, ...]:
    """Count the values of every property of these items; pure."""
    counts: dict[By, Counter[str]] = {by: Counter() for by in By}
    for row in rows:
        for by, value in properties(row, opted_out):
            counts[by][value] += 1
    return tuple(
        Facet(by=by, value=value, count=number)
        for by in By
        for value, number in sorted(
            counts[by].most_common(VALUES_COUNT), key=lambda one: _order(by, one)
        )
    )


def properties(row: ItemRow, opted_out: frozenset[str]) -> Iterator[tuple[By, str]]:
    """Yield the properties of an item; tags and languages may be several."""
    item, severity = row.item, shown_severity(row)
    yield By.STANDING, row.standing.kind.value
    if row.standing.keep:
        yield By.KEPT, Yes.KEPT.value
    yield By.KIND, item.kind.value
    yield By.SEVERITY, UNRATED if severity is None else str(severity)
    yield By.PRIORITY, item.priority.value
    for language in dict.fromkeys(item.languages):
        yield By.LANGUAGE, language
    for tag in dict.fromkeys(item.tags):
        yield By.TAG, tag
    yield By.FLAG, NONE if item.flag is None else item.flag.by.value
    yield By.MATCH, (Yes.MATCHED if item.known_matches else Yes.UNMATCHED).value
    if opted_out:
        is_out = not opted_out.isdisjoint(item.tags)
        yield By.OPTED, (Yes.OUT if is_out else Yes.IN).value
    yield By.SOURCE, item.context.source or NONE


def shown_severity(row: ItemRow) -> int | None:
    """Return the severity that the item is guarded by; None is unrated."""
    item = row.item
    return rating(item.severity, assumed=item.assumed_severity, own=row.own_severity)


def _order(by: By, counted_value: tuple[str, int]) -> tuple[int, str]:
    """Order scales by their steps and everything else by how frequent it is."""
    value, number = counted_value
    is_scale = by in {By.SEVERITY, By.PRIORITY}
    return (0 if is_scale else -number, value)


def _is_chosen(row: ItemRow, chosen: Chosen, opted_out: frozenset[str]) -> bool:
    if not chosen:
        return True
    has = set(properties(row, opted_out))
    asked = {by: {one for one in chosen if one[0] is by} for by, _ in chosen}
    return all(not has.isdisjoint(values) for values in asked.values())


def _hits(
    rows: Sequence[ItemRow], wanted: tuple[str, ...], opted_out: frozenset[str]
) -> Iterator[Hit]:
    snippets_left = SNIPPETS_COUNT
    for row in rows:
        fields = _fields(row, wanted)
        if wanted and fields is None:
            continue
        snippet = None
        if fields and snippets_left and _may_show(row, opted_out):
            snippet = _snippet(row, wanted)
            snippets_left -= 1
        yield Hit(
            item_id=row.item.id, ref=row.item.ref, fields=fields or (), snippet=snippet
        )


def _fields(row: ItemRow, wanted: tuple[str, ...]) -> tuple[FieldHit, ...] | None:
    """Count the words in each field; None unless every word is somewhere."""
    texts = [(field, folded(text)) for field, text in fields_of(row.item)]
    counts = [[count(one, text) for one in wanted] for _, text in texts]
    if not all(any(column) for column in zip(*counts, strict=True)):
        return None
    return tuple(
        FieldHit(field=field, count=sum(each))
        for (field, _), each in zip(texts, counts, strict=True)
        if any(each)
    )


def _may_show(row: ItemRow, opted_out: frozenset[str]) -> bool:
    # As the limits count it: a rating down by the reviewer opens no text.
    counted_as = facts_of(row.item, own=row.own_severity).severity
    is_mild = open_item_text(counted_as).opens_readable
    return is_mild and opted_out.isdisjoint(row.item.tags)


def _snippet(row: ItemRow, wanted: tuple[str, ...]) -> str | None:
    """Cut a piece around the first word that stands in a text of the item."""
    for field, text in fields_of(row.item):
        if field not in _OWN_WORDS:
            continue
        for phrase in wanted:
            at = found_at(phrase, text[:_SNIPPET_FROM])
            if at is not None:
                return _cut(text, at)
    return None


def _cut(text: str, at: int) -> str:
    start = max(0, at - _SNIPPET_BEFORE)
    end = start + SNIPPET_CHARS
    before, after = ("…" if start else ""), ("…" if end < len(text) else "")
    return f"{before}{text[start:end]}{after}"
