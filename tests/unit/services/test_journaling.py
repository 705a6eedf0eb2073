"""The journal: quarters never fall, moments are committed to, entries are signed."""

from __future__ import annotations

import json
from typing import cast

from hypothesis import given
from hypothesis import strategies as st

from reviewer.crypto.hashes import sha256_hex
from reviewer.domain.ids import Sha256Hex, UtcTime
from reviewer.formats.wire import Act, BeginBody, ClockTrust
from reviewer.ports import NewEntry, Writing
from reviewer.services.journaling import UNFILLED, Journal
from tests.fakes.clock import START_UNIX_MS, SeededEntropy, StepClock
from tests.fakes.key_vault import vault_keys
from tests.fakes.memory_store import MemoryStore

BODY = BeginBody(
    moment=UNFILLED,
    clock_trust=ClockTrust.PLAUSIBLE,
    enrolment_sha256=Sha256Hex("ab" * 32),
    app_version="0.1.0",
)
DAY_MS = 86_400_000


class Bench:
    """A journal over a memory store, and every entry that went into it."""

    def __init__(self) -> None:
        self.clock = StepClock()
        self.keys = vault_keys(SeededEntropy(1))
        self.store = MemoryStore(self.keys)
        self.journal = Journal(
            store=self.store,
            keys=self.keys,
            clock=self.clock,
            entropy=SeededEntropy(2),
        )
        self.seen: list[NewEntry] = []

    def append(self, count: int = 1) -> None:
        with self.store.write() as tx:
            spy = cast("Writing", _Spy(tx, self.seen))
            writer = self.journal.writer(spy, actor="reviewer-1")
            for _ in range(count):
                writer.append(Act.BEGIN, BODY)


class _Spy:
    """Passes entries on, and keeps them."""

    def __init__(self, tx: Writing, seen: list[NewEntry]) -> None:
        self._tx = tx
        self._seen = seen

    def append(self, entry: NewEntry, /) -> None:
        self._seen.append(entry)
        self._tx.append(entry)


@given(jumps=st.lists(st.integers(-30 * DAY_MS, 30 * DAY_MS), max_size=8))
def test_the_quarter_never_falls(jumps: list[int]) -> None:
    """Whatever the wall clock does, `at` only rises, and names a quarter of a day."""
    bench = Bench()
    bench.append()
    for jump in jumps:
        bench.clock.set_unix_ms(bench.clock.unix_ms() + jump)
        bench.append()
    ats = [bench.journal.read(one.envelope).entry.at for one in bench.seen]
    assert ats == sorted(ats)
    assert {at[-3:] for at in ats} <= {"T00", "T06", "T12", "T18"}


def test_an_entry_does_not_tell_the_minute() -> None:
    """The exact time is nowhere in what leaves; it stays behind a commitment."""
    bench = Bench()
    bench.append()
    entry = bench.seen[0]
    verified = bench.journal.read(entry.envelope)
    exact = json.loads(entry.exact)
    assert exact["unix_ms"] == START_UNIX_MS
    assert len(bytes.fromhex(exact["salt"])) == 16
    assert verified.body.moment == sha256_hex(entry.exact)
    assert str(START_UNIX_MS).encode() not in entry.envelope
    assert exact["salt"].encode() not in entry.envelope


def test_two_moments_have_two_salts() -> None:
    """The same moment twice commits to two different hashes."""
    bench = Bench()
    bench.append(2)
    moments = {bench.journal.read(one.envelope).body.moment for one in bench.seen}
    assert len(moments) == 2


def test_entries_of_one_transaction_follow_each_other() -> None:
    """A writer counts on and chains within its transaction and after it."""
    bench = Bench()
    bench.append(3)
    bench.append(2)
    entries = [bench.journal.read(one.envelope) for one in bench.seen]
    assert [one.entry.seq for one in entries] == list(range(5))
    assert [one.entry.prev for one in entries[1:]] == [
        one.sha256 for one in entries[:-1]
    ]
    assert entries[0].entry.prev == "0" * 64


def test_a_clock_behind_the_signed_time_is_written_down() -> None:
    """Appending never refuses for the clock: it records what it knew of it."""
    bench = Bench()
    bench.append()
    with bench.store.write() as tx:
        tx.raise_signed_time(UtcTime("2027-01-01T00:00:00Z"))
    bench.append()
    trusts = [bench.journal.read(one.envelope).body.clock_trust for one in bench.seen]
    assert trusts == [ClockTrust.PLAUSIBLE, ClockTrust.BEHIND]


def test_an_empty_journal_has_a_state() -> None:
    """Nothing was done, nothing is unsent, the head is 64 zeros."""
    state = Bench().journal.state()
    assert (state.entries, state.unsent, state.head) == (0, 0, "0" * 64)
