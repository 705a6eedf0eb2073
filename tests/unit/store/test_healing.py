"""What holds for an item, from its acts alone."""

from __future__ import annotations

import msgspec
import pytest

from reviewer.crypto.hashes import sha256_hex
from reviewer.domain.decision import Standing, StandingKind
from reviewer.domain.ids import Sha256Hex
from reviewer.errors import Code, UnavailableError
from reviewer.formats.wire import Entry
from reviewer.ports import NewEntry
from reviewer.store.healing import projected
from reviewer.store.journal import untrusted_entry
from tests.fakes.entries import Entries, decided_standing, new_item
from tests.fakes.key_vault import vault_keys
from tests.fakes.memory_store import MemoryStore

ITEM = new_item(1)


@pytest.fixture
def entries() -> Entries:
    keys = vault_keys()
    return Entries(MemoryStore(keys), keys)


def after(*acts: NewEntry) -> Standing:
    return projected(ITEM.id, [read(act) for act in acts])


def read(act: NewEntry) -> tuple[Entry, Sha256Hex]:
    return untrusted_entry(act.envelope), sha256_hex(act.envelope)


OPEN = Standing(item_id=ITEM.id, kind=StandingKind.OPEN)


def test_nothing_done_is_open() -> None:
    """An item without acts."""
    assert after() == OPEN


def test_the_last_act_holds(entries: Entries) -> None:
    """A decision superseded by a hand-back, and the other way."""
    first = entries.decided(ITEM)
    back = entries.handed_back(ITEM)
    second = entries.decided(ITEM, verdict="second")
    handed = Standing(item_id=ITEM.id, kind=StandingKind.HANDED_BACK, seq=back.seq)
    assert after(first) == decided_standing(ITEM, first.seq)
    assert after(first, back) == handed
    assert after(first, back, second) == decided_standing(ITEM, second.seq, "second")


def test_an_undo_brings_back_what_held_before(entries: Entries) -> None:
    """Step by step to the start."""
    first = entries.decided(ITEM, verdict="first")
    second = entries.decided(ITEM, verdict="second")
    undo_second = entries.undone(ITEM, second)
    undo_first = entries.undone(ITEM, first)
    acts = (first, second, undo_second)
    assert after(*acts) == decided_standing(ITEM, first.seq, "first")
    assert after(*acts, undo_first) == OPEN


def test_an_undo_of_an_earlier_act_leaves_the_later_one(entries: Entries) -> None:
    """Only what it names is taken back."""
    first = entries.decided(ITEM, verdict="first")
    second = entries.decided(ITEM, verdict="second")
    undo = entries.undone(ITEM, first)
    assert after(first, second, undo) == decided_standing(ITEM, second.seq, "second")


def test_an_escalation_leaves_the_decision(entries: Entries) -> None:
    """A hand-over does not; the undo of either brings back what held."""
    decided = entries.decided(ITEM)
    call = entries.escalated(ITEM)
    over = entries.handed_over((0,))
    undone = entries.undone(ITEM, over)
    escalated = msgspec.structs.replace(
        decided_standing(ITEM, call.seq), kind=StandingKind.ESCALATED
    )
    handed = Standing(item_id=ITEM.id, kind=StandingKind.HANDED_OVER, seq=over.seq)
    assert after(decided, call) == escalated
    assert after(decided, call, over) == handed
    assert after(decided, call, over, undone) == escalated
    again = entries.undone(ITEM, decided)
    assert after(decided, call, over, undone, again).decision is None


def test_a_body_of_another_act_is_damage(entries: Entries) -> None:
    """An entry whose body does not fit its act cannot be projected."""
    entry, sha256 = read(entries.handed_back(ITEM))
    body = {**entry.body, "undoes": 7}
    spoilt = msgspec.structs.replace(entry, body=body)
    with pytest.raises(UnavailableError) as caught:
        projected(ITEM.id, [(spoilt, sha256)])
    assert caught.value.code is Code.DATABASE_DAMAGED
