"""The exposure ledger at work: asks the limits, notes what happens, keeps it.

Everything but `save`, `close` and the making is in memory, takes microseconds, and is
called on the window's thread. `save` writes the file first and then the vault's
totals, on the store's thread (ADR 0030). Nothing that sends or signs is given any of
this: a session makes one, and hands it to the window as it is.

A look is written down before clear pixels are asked for:

1. at key-down, `intend_look` and a `save`: should the machine stop now, it counts;
2. when the intent time is over, `begin_look`: now it counts here, too;
3. pixels once `is_noted` says so, `charge` and a `save` at least every 20 s;
4. `end_look`. A key that was let go before 2. has cost nothing.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from reviewer.domain import times
from reviewer.domain.ids import ItemId, UtcTime
from reviewer.errors import Code, RefusedError, ReviewerError
from reviewer.ports import Clock, ItemRow, LedgerFile, Store
from reviewer.safeguards import breaks, days, limits, ordering, recording, restoring
from reviewer.safeguards.facts import Facts, facts_of
from reviewer.safeguards.ledger import NOTHING, Ledger
from reviewer.safeguards.limits import Allowed, Refused, Rules
from reviewer.safeguards.ordering import Candidate, Choice, Offers
from reviewer.safeguards.overview import Overview, overview
from reviewer.safeguards.runs import stamped
from reviewer.safeguards.values import Values
from reviewer.services.ledgering import Ledgering

SAVE_MS: Final = 20_000
"""What changes with every input is written at least so often."""

_replace = msgspec.structs.replace
_Change = Callable[[Ledger, int, Values], Ledger]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """What is known to be on the disk."""

    ledger: Ledger
    """With the look that was intended, as if it had begun."""
    intended: Facts | None


class Exposing:
    """The ledger of one unlocked profile, from unlock to lock."""

    def __init__(
        self,
        *,
        file: LedgerFile,
        store: Store,
        clock: Clock,
        values: Values,
        certified: UtcTime,
    ) -> None:
        """Go on with what file and vault hold; on the store's thread.

        The copy of this run is written at once. Where that fails, the next `save`
        writes it, and no look is noted before.

        Args:
            file: Of this person's ledger.
            store: The vault, which remembers the totals.
            clock: Of the machine.
            values: The safeguards that hold.
            certified: When the device was certified: the ramp begins.
        """
        rules = Rules(values=values, certified=times.unix_of(certified))
        keeper = Ledgering(file, store)
        self._keeper: Ledgering | None = keeper
        self._clock = clock
        self._rules = rules
        self._lock = threading.Lock()
        self._saving = threading.Lock()
        self._intended: Facts | None = None
        self._kept: _Kept | None = None
        found = keeper.read()
        restored = restoring.restore(
            found.stored,
            found.totals,
            was_unreadable=found.was_unreadable,
            wall=clock.unix_ms(),
            mono=clock.mono_ms(),
            rules=rules,
        )
        self._run = restored.run
        self._ledger = restored.ledger
        self.found: Final = restored.found
        with contextlib.suppress(ReviewerError):
            self.save()

    # Questions ------------------------------------------------------------------

    def now(self) -> int:
        """Return the ledger's time in milliseconds, of which `Refused.until` tells."""
        return self._run.now(self._clock.mono_ms())

    def may_reveal(self, row: ItemRow) -> Allowed | Refused:
        """Say whether an item may be softened or clearer now.

        Raises:
            RefusedError: LOCKED.
        """
        ledger, rules = self._read()
        facts = _facts(row)
        return limits.may_reveal(ledger, facts, now=self.now(), rules=rules)

    def is_opted_out(self, row: ItemRow) -> bool:
        """Return whether not even a concealed picture of it is wanted."""
        return limits.is_opted_out(self._read()[0], _facts(row))

    def due(self) -> breaks.Due:
        """Return how pressing a break is."""
        ledger, rules = self._read()
        return limits.break_due(ledger, now=self.now(), rules=rules)

    def minutes(self) -> int:
        """Return the active minutes since the last break."""
        ledger, rules = self._read()
        rested = breaks.is_rested(ledger.breaks, now=self.now(), values=rules.values)
        return 0 if rested else ledger.breaks.minutes_count

    def break_left_ms(self) -> int | None:
        """Return how long the present rest has to last to be a break, None at work."""
        ledger, rules = self._read()
        now = self.now()
        ends = breaks.ends_at(ledger.breaks, now=now, values=rules.values)
        return None if ends is None else max(0, ends - now)

    def next_item(self, rows: Sequence[ItemRow]) -> Choice:
        """Choose what to offer of these undecided items, in the batch's order."""
        ledger, rules = self._read()
        candidates = [
            Candidate(facts=_facts(row), priority=row.item.priority) for row in rows
        ]
        return ordering.next_item(candidates, ledger, now=self.now(), rules=rules)

    def offers(self) -> Offers:
        """Return what is offered beside the next item."""
        ledger, rules = self._read()
        return ordering.offers(ledger, now=self.now(), values=rules.values)

    @property
    def opted_out(self) -> frozenset[str]:
        """Return the content tags that this person does not see at present."""
        return self._read()[0].opted_out

    @property
    def values(self) -> Values:
        """Return the safeguards that hold."""
        return self._read()[1].values

    def view(self) -> Overview:
        """Return what the owner's page shows."""
        ledger, rules = self._read()
        return overview(ledger, now=self.now(), rules=rules, found=self.found)

    # What happens ---------------------------------------------------------------

    def on_input(self, row: ItemRow | None) -> None:
        """Note an input on the review screen, with the item that is open there."""
        facts = None if row is None else _facts(row)
        self._note(
            lambda ledger, now, values: recording.on_input(
                ledger, facts, now=now, values=values
            )
        )

    def intend_look(self, row: ItemRow) -> None:
        """Note a key-down that may become a look; the next `save` writes it ahead."""
        with self._lock:
            self._intended = None if self._keeper is None else _facts(row)

    def begin_look(self, row: ItemRow) -> None:
        """Note that an item enters softened or clearer; ask `may_reveal` before."""
        facts = _facts(row)
        self._note(
            lambda ledger, now, values: recording.begin_look(
                ledger, facts, now=now, values=values
            ),
            ends_intent=True,
        )

    def is_noted(self, row: ItemRow) -> bool:
        """Return whether the disk holds the look at this item that is under way.

        True for one that was intended or begun and saved since; clear pixels are
        asked for only then.
        """
        return self.holds(row.item.id)

    def holds(self, item_id: ItemId) -> bool:
        """Return the same for an item's id; on any thread."""
        with self._lock:
            if self._kept is None or self._ledger.look is None:
                return False
            is_this = self._ledger.look.item_id == item_id
            return is_this and _look(self._ledger) == _look(self._kept.ledger)

    def charge(self) -> None:
        """Note that the look goes on."""
        self._note(lambda ledger, now, _: recording.charge(ledger, now=now))

    def end_look(self) -> None:
        """Note that nothing is clearer than concealed; harmless at any time."""
        self._note(
            lambda ledger, now, _: recording.end_look(ledger, now=now),
            ends_intent=True,
        )

    def finished(self, row: ItemRow) -> None:
        """Note that an item was decided or handed back; nobody is asked."""
        facts = _facts(row)
        self._note(
            lambda ledger, now, values: recording.finish(
                ledger, facts, now=now, values=values
            )
        )

    def covered(self) -> None:
        """Note that everything was covered at once by Esc."""
        self._note(
            lambda ledger, now, values: recording.cover(ledger, now=now, values=values),
            ends_intent=True,
        )

    def begin_break(self) -> None:
        """Note that a break was asked for."""
        self._note(
            lambda ledger, now, _: recording.begin_break(ledger, now=now),
            ends_intent=True,
        )

    def choose_graphic_free(self, *, chosen: bool = True) -> None:
        """Make this day one without severity 4 and above, or take that back."""
        self._note(
            lambda ledger, now, values: recording.choose_graphic_free(
                ledger, chosen=chosen, now=now, values=values
            )
        )

    def opt_out(self, tag: str) -> None:
        """Stop showing items with a tag, at once; no reason is asked for."""
        self._note(
            lambda ledger, now, values: recording.opt_out(
                ledger, tag, now=now, values=values
            )
        )

    def opt_in(self, tag: str) -> None:
        """Show items with a tag again."""
        self._note(lambda ledger, _now, _values: recording.opt_in(ledger, tag))

    def forget_history(self) -> None:
        """Delete what no limit needs."""
        self._note(lambda ledger, _now, _values: recording.forget_history(ledger))

    def set_values(self, values: Values) -> None:
        """Go by newer safeguards; a session calls it when a batch is opened."""
        with self._lock:
            self._rules = Rules(values=values, certified=self._rules.certified)

    # Keeping --------------------------------------------------------------------

    @property
    def needs_save(self) -> bool:
        """Return whether a `save` is worth its while now.

        At once for whatever a limit counts; what changes with every input, and the
        seconds of a look, only every 20 s.
        """
        with self._lock:
            ledger, kept = self._ledger, self._kept
            if self._keeper is None:
                return False
            if kept is None or self._intended is not None:
                return kept is None or kept.intended != self._intended
            if _marks(ledger) != _marks(kept.ledger):
                return True
            is_old = self.now() - kept.ledger.now >= SAVE_MS
            return is_old and _lasting(ledger) != _lasting(kept.ledger)

    def save(self) -> None:
        """Write the present copy, if it is not written yet: file, then totals.

        On the store's thread; what is noted meanwhile is left for the next one.

        Raises:
            RefusedError: LOCKED.
            UnavailableError: DISK_FULL, DISK_FAILED; call again.
        """
        with self._saving:
            if self._is_changed():
                self._save()

    def close(self) -> None:
        """End the look, write what has changed, and forget; never fails.

        Locking is not refused for a full disk: what could not be written then is
        made up for at the next unlock, on the safe side.
        """
        with self._saving:
            self.end_look()
            with contextlib.suppress(ReviewerError):
                if self._is_changed():
                    self._save()
            with self._lock:
                self._keeper = self._intended = self._kept = None
                self._ledger = Ledger(now=0, mono=0)

    # ----------------------------------------------------------------------------

    def _read(self) -> tuple[Ledger, Rules]:
        with self._lock:
            if self._keeper is None:
                raise RefusedError(Code.LOCKED)
            return self._ledger, self._rules

    def _note(self, change: _Change, *, ends_intent: bool = False) -> None:
        """Put the next value in place of the present one; after the lock, nothing."""
        with self._lock:
            if self._keeper is None:
                return
            self._ledger = change(self._ledger, self.now(), self._rules.values)
            if ends_intent:
                self._intended = None

    def _is_changed(self) -> bool:
        with self._lock:
            kept = self._kept
            if self._keeper is None or kept is None or self._intended is not None:
                return True
            return _lasting(self._ledger) != _lasting(kept.ledger)

    def _save(self) -> None:
        with self._lock:
            keeper = self._keeper
            if keeper is None:
                raise RefusedError(Code.LOCKED)
            mono = self._clock.mono_ms()
            self._ledger = stamped(self._ledger, self._run, mono=mono)
            ledger, intended, values = self._ledger, self._intended, self._rules.values
        if intended is not None:
            ledger = recording.begin_look(
                ledger, intended, now=ledger.now, values=values
            )
        keeper.write(ledger)
        with self._lock:
            self._kept = _Kept(ledger=ledger, intended=intended)


def _facts(row: ItemRow) -> Facts:
    return facts_of(row.item, own=row.own_severity)


def _marks(ledger: Ledger) -> tuple[object, ...]:
    """Return what is written at once when it changes: all that a limit counts.

    Not among it: seconds, the time of the last input, and what only guides a choice.
    """
    today = days.today_of(ledger)
    clock = ledger.breaks
    return (
        today.begun,
        today.seen,
        today.active_minutes,
        today.is_graphic_free,
        _replace(today.tally, clear_ms=NOTHING),
        ledger.past,
        ledger.opted_out,
        ledger.block.minutes,
        (clock.minutes_count, clock.rest_from is not None, clock.after_block),
        _look(ledger),
    )


def _look(ledger: Ledger) -> tuple[object, ...] | None:
    """Return the look that is on the screen, and the day and budget that it is of."""
    look = ledger.look
    if look is None:
        return None
    return (look.item_id, look.place, days.today_of(ledger).begun)


def _lasting(ledger: Ledger) -> Ledger:
    """Return all of it but the stamps of the copy."""
    return _replace(ledger, generation=0, now=0, mono=0)
