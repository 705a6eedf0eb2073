"""Search: which item, in which fields, how often; and no text above severity 2."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from reviewer.domain.decision import StandingKind
from reviewer.domain.item import Context, Flag, FlaggedBy, Item, KnownMatch
from reviewer.matching.words import Field
from reviewer.ports import Store
from reviewer.services.searching import (
    NONE,
    UNRATED,
    By,
    Hit,
    Searching,
    Yes,
)
from reviewer.store.opener import SqlStoreOpener
from tests.fakes.entries import Entries, batch_id, decide, new_batch, new_item
from tests.fakes.key_vault import vault_keys

BATCH = batch_id()


def _item(number: int, severity: int | None, **texts: object) -> Item:
    made = new_item(number, severity=severity)
    return msgspec.structs.replace(made, **texts)


ITEMS = (
    _item(1, 2, text="Needle beside a needle", transcript="no such word"),
    _item(2, 3, text="A needle above the line"),
    _item(3, None, translation="needle"),
    _item(
        4,
        1,
        context=Context(source="a board", caption="a \u202eneedle\u202c turned"),
        flag=Flag(by=FlaggedBy.USER, reason="reported"),
    ),
    _item(
        5, 0, text="国旗在广场上", known_matches=(KnownMatch(source="a", signal="p"),)
    ),
    _item(6, 5, tags=("weapon", "blood"), languages=("ar",)),
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """The real one: encrypted, on a file."""
    keys = vault_keys()
    made = SqlStoreOpener(tmp_path).create(keys)
    entries, row = Entries(made, keys), new_batch(items_count=len(ITEMS))
    with made.write() as tx:
        tx.append(entries.begin())
        tx.add_batch(row, ITEMS)
        tx.append(entries.imported(row))
    decide(made, keys, ITEMS[1])
    yield made
    made.close()


@pytest.fixture
def searching(store: Store) -> Searching:
    return Searching(store)


def _refs(hits: tuple[Hit, ...]) -> list[int]:
    return [int(hit.ref.split()[1]) for hit in hits]


def test_a_hit_names_fields_and_how_often(searching: Searching) -> None:
    """In the order of the batch."""
    hits = searching.search(BATCH, "needle")
    assert _refs(hits) == [1, 2, 3, 4]
    first = {one.field: one.count for one in hits[0].fields}
    assert first == {Field.TEXT: 2}
    assert [one.field for one in hits[3].fields] == [Field.CAPTION]


def test_no_text_above_severity_2_nor_unrated(searching: Searching) -> None:
    """What is found there is told by field and count alone."""
    hits = {hit.item_id: hit for hit in searching.search(BATCH, "needle")}
    assert hits[ITEMS[0].id].snippet == "Needle beside a needle"
    assert hits[ITEMS[1].id].snippet is None
    assert hits[ITEMS[2].id].snippet is None
    assert hits[ITEMS[3].id].snippet is not None


def test_the_reviewers_own_severity_only_closes(
    store: Store, searching: Searching
) -> None:
    """An item that was rated higher gives no text any more; lower, none either."""
    with store.write() as tx:
        tx.set_own_severity(ITEMS[0].id, 4)
        tx.set_own_severity(ITEMS[1].id, 0)
        tx.set_own_severity(ITEMS[2].id, 1)
    hits = {hit.item_id: hit for hit in searching.search(BATCH, "needle")}
    assert all(hits[ITEMS[place].id].snippet is None for place in range(3))


def test_an_opted_out_item_gives_no_text(searching: Searching) -> None:
    """It is still found: a hit is no look."""
    hits = searching.search(BATCH, "needle", opted_out=frozenset({"flag"}))
    assert _refs(hits) == [1, 2, 3, 4]
    assert all(hit.snippet is None for hit in hits)


def test_every_word_must_be_found_in_any_field(searching: Searching) -> None:
    """Two words may stand in two fields."""
    assert _refs(searching.search(BATCH, "needle forum")) == [1, 2, 3]
    assert _refs(searching.search(BATCH, "needle board")) == [4]
    assert searching.search(BATCH, "needle zzz") == ()
    assert _refs(searching.search(BATCH, "旗在")) == [5]
    assert _refs(searching.search(BATCH, "Heron 000004")) == [4]


@pytest.mark.parametrize(
    "query",
    ['"', '"needle', "needle*", "needle OR zzz", "NEAR(a b)", "text : needle", "^x",
     "needle\0", "\0", "-needle", "{text}: x", "a" * 100_000, '" OR ' * 25_000,
     "'; DROP TABLE items; --", "\ud800", "\u202eneedle", "+", "AND", "NOT needle"],
)  # fmt: skip
def test_a_hostile_query_is_plain_text(searching: Searching, query: str) -> None:
    """Never a syntax error, and no operator does anything."""
    hits = searching.search(BATCH, query)
    if "OR" in query or "NOT" in query or "{" in query:
        assert hits == ()
    assert len(searching.search(BATCH, "needle")) == 4


def test_facets_count_the_batch(searching: Searching) -> None:
    """Every property, with how many items have it."""
    counts = {(one.by, one.value): one.count for one in searching.facets(BATCH)}
    assert counts[By.SEVERITY, UNRATED] == 1
    assert counts[By.SEVERITY, "2"] == 1
    assert counts[By.TAG, "blood"] == 1
    assert counts[By.TAG, "flag"] == 5
    assert counts[By.FLAG, "user"] == 1
    assert counts[By.FLAG, NONE] == 5
    assert counts[By.MATCH, Yes.MATCHED] == 1
    assert counts[By.STANDING, StandingKind.DECIDED] == 1
    assert counts[By.SOURCE, "a board"] == 1
    assert (By.KEPT, Yes.KEPT) not in counts
    assert not any(by is By.OPTED for by, _ in counts)


def test_kept_and_opted_out_are_facets(store: Store, searching: Searching) -> None:
    """They appear as soon as there is one."""
    with store.write() as tx:
        tx.set_keep(ITEMS[0].id, keep=True)
    found = searching.facets(BATCH, opted_out=frozenset({"blood"}))
    counts = {(one.by, one.value): one.count for one in found}
    assert counts[By.KEPT, Yes.KEPT] == 1
    assert counts[By.OPTED, Yes.OUT] == 1
    assert counts[By.OPTED, Yes.IN] == 5


def test_facets_narrow_and_values_of_one_widen(searching: Searching) -> None:
    """Severity 2 or 3, and decided."""
    two = (By.SEVERITY, "2")
    three = (By.SEVERITY, "3")
    decided = (By.STANDING, "decided")
    assert _refs(searching.search(BATCH, "", frozenset({two, three}))) == [1, 2]
    assert _refs(searching.search(BATCH, "", frozenset({two, three, decided}))) == [2]
    assert _refs(searching.search(BATCH, "needle", frozenset({three}))) == [2]
    hits = searching.search(BATCH, "", frozenset({two}))
    assert hits[0].fields == ()
    assert hits[0].snippet is None
