"""The ledger at work: clocks, crashes, losses, and what is free whatever happens."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec
import pytest

from reviewer.errors import Code, ReviewerError, UnavailableError
from reviewer.ports import ItemRow, LedgerFile, VaultKeys
from reviewer.safeguards.breaks import Due
from reviewer.safeguards.facts import Facts
from reviewer.safeguards.ledger import from_bytes
from reviewer.safeguards.limits import Allowed, Reason, Refused
from reviewer.safeguards.ordering import Because
from reviewer.safeguards.restoring import Found
from reviewer.services.exposing import Exposing
from tests.fakes.exposure import DAY, HOUR, MINUTE, facts, rules
from tests.fakes.sitting import Ledgers, Sitting, row_of

CAPS = {
    "severe_views_day": 4,
    "worst_views_day": 2,
    "unrated_views_day": 4,
    "severe_seconds_day": 60,
}
SECOND = 1_000


@pytest.fixture
def sitting() -> Sitting:
    return Sitting(rules(CAPS))


def reason(sitting: Sitting, number: int, severity: int | None) -> Reason | None:
    """Return why an item may not be looked at, None where it may."""
    answer = sitting.ask(facts(number, severity))
    return answer.reason if isinstance(answer, Refused) else None


def needs_save(sitting: Sitting) -> bool:
    return sitting.exposing.needs_save


def is_noted(sitting: Sitting, row: ItemRow) -> bool:
    return sitting.exposing.is_noted(row)


def refusal(act: Callable[[], object]) -> Code:
    with pytest.raises(ReviewerError) as error:
        act()
    return error.value.code


def fill_severe(sitting: Sitting) -> None:
    for number in range(CAPS["severe_views_day"]):
        assert isinstance(sitting.look(facts(number, 4)), Allowed)
    assert reason(sitting, 99, 4) is Reason.SEVERE_VIEWS


# Clocks ------------------------------------------------------------------------


@pytest.mark.parametrize("jump", [-9 * DAY, -HOUR, HOUR, 17 * HOUR, 9 * DAY])
def test_a_clock_that_jumps_gives_nothing_back(sitting: Sitting, jump: int) -> None:
    """Within one unlock only the monotonic clock counts."""
    fill_severe(sitting)
    before = sitting.now
    sitting.wall += jump
    assert sitting.now == before
    assert reason(sitting, 99, 4) is Reason.SEVERE_VIEWS


@pytest.mark.parametrize("jump", [-9 * DAY, -HOUR, 0])
def test_a_clock_set_back_between_two_unlocks_gives_nothing(
    sitting: Sitting, jump: int
) -> None:
    """What the ledger knew, and what the machine ran since, stays past."""
    fill_severe(sitting)
    before = sitting.now
    sitting.exposing.close()
    sitting.wall += jump
    sitting.wait(MINUTE)
    assert sitting.unlock() is Found.WHOLE
    assert sitting.now >= before + MINUTE
    assert reason(sitting, 99, 4) is Reason.SEVERE_VIEWS


def test_a_night_asleep_counts_from_the_next_unlock_on(sitting: Sitting) -> None:
    """A suspended machine's monotonic clock stands still; waking up locks."""
    fill_severe(sitting)
    sitting.suspend(17 * HOUR)
    assert reason(sitting, 99, 4) is Reason.SEVERE_VIEWS
    sitting.exposing.close()
    sitting.unlock()
    assert reason(sitting, 99, 4) is None


def test_a_night_on_gives_a_new_day_without_a_new_unlock(sitting: Sitting) -> None:
    """The window was left open; the day before is among the past ones."""
    fill_severe(sitting)
    sitting.wait(17 * HOUR)
    assert reason(sitting, 99, 4) is None
    view = sitting.exposing.view()
    assert view.past[0].tally.views[4] == CAPS["severe_views_day"]
    assert view.today.tally.views[4] == 0


# Crashes -----------------------------------------------------------------------


def test_a_crash_gives_no_view_back(sitting: Sitting) -> None:
    """Nothing was closed; the next unlock knows every view."""
    fill_severe(sitting)
    assert sitting.unlock() is Found.WHOLE
    assert reason(sitting, 99, 4) is Reason.SEVERE_VIEWS


def test_a_crash_during_a_look_costs_as_much_as_a_look_may_last(
    sitting: Sitting,
) -> None:
    """Twenty seconds, or as long as the clock says it was."""
    sitting.begin_look(facts(1, 4))
    sitting.unlock()
    assert sitting.exposing.view().left.severe_ms == 40 * SECOND
    sitting.begin_look(facts(1, 4))
    sitting.wait(30 * SECOND)
    sitting.unlock()
    assert sitting.exposing.view().left.severe_ms == 10 * SECOND


def test_a_key_that_was_let_go_costs_nothing(sitting: Sitting) -> None:
    """Written ahead at key-down, taken back by the next save."""
    row = row_of(facts(1, 4))
    sitting.exposing.intend_look(row)
    assert needs_save(sitting)
    sitting.exposing.save()
    assert not needs_save(sitting)
    sitting.exposing.end_look()
    assert sitting.exposing.view().left.severe_views == 4
    assert needs_save(sitting)
    sitting.exposing.save()
    sitting.unlock()
    assert sitting.exposing.view().left.severe_views == 4


def test_a_crash_between_key_down_and_look_counts(sitting: Sitting) -> None:
    """It cannot be known whether anything was shown."""
    sitting.exposing.intend_look(row_of(facts(1, 4)))
    sitting.exposing.save()
    sitting.unlock()
    assert sitting.exposing.view().left.severe_views == 3


def test_a_look_that_was_written_ahead_needs_no_second_write(sitting: Sitting) -> None:
    """Pixels are asked for at once when the intent time is over."""
    row = row_of(facts(1, 5))
    sitting.exposing.on_input(row)
    sitting.exposing.intend_look(row)
    sitting.exposing.save()
    sitting.wait(300)
    assert not is_noted(sitting, row)
    sitting.exposing.begin_look(row)
    assert is_noted(sitting, row)
    assert not needs_save(sitting)


def test_a_look_is_noted_only_once_it_is_on_the_disk(sitting: Sitting) -> None:
    """By its own rating: raised since, it has to be written again."""
    row = row_of(facts(1, 3))
    sitting.exposing.begin_look(row)
    assert not is_noted(sitting, row)
    sitting.exposing.save()
    assert is_noted(sitting, row)
    assert not sitting.exposing.is_noted(row_of(facts(2, 3)))
    graver = row_of(facts(1, 3, own=5))
    sitting.exposing.begin_look(graver)
    assert not sitting.exposing.is_noted(graver)


# Losses ------------------------------------------------------------------------


def test_a_first_unlock_has_everything(sitting: Sitting) -> None:
    assert sitting.found is Found.FIRST
    assert sitting.exposing.view().left == sitting.exposing.view().caps
    assert sitting.unlock() is Found.WHOLE


@pytest.mark.parametrize("spoilt", [False, True])
def test_a_lost_file_halves_what_is_left(sitting: Sitting, *, spoilt: bool) -> None:
    """What was spent stays spent; what is withheld stays so until the day lapses."""
    sitting.look(facts(1, 4))
    sitting.look(facts(2, 4))
    sitting.exposing.close()
    sitting.file = b"spoilt" if spoilt else None
    found = sitting.unlock()
    assert found is (Found.UNREADABLE if spoilt else Found.MISSING)
    assert sitting.exposing.view().found is found
    assert sitting.exposing.view().left.severe_views == 1
    assert sitting.exposing.view().withheld.severe_views == 1
    assert sitting.unlock() is Found.WHOLE
    assert sitting.exposing.view().left.severe_views == 1


def test_an_older_file_gives_nothing_back(sitting: Sitting) -> None:
    """Put back, it is known by what the vault remembers."""
    sitting.look(facts(1, 4))
    older = sitting.file
    sitting.look(facts(2, 4))
    sitting.exposing.close()
    sitting.file = older
    assert sitting.unlock() is Found.OLDER
    assert sitting.exposing.view().left.severe_views == 1


def test_a_file_of_another_profile_does_not_open(sitting: Sitting) -> None:
    """Its key is another; nobody works on somebody else's budget."""
    other = Sitting(rules(CAPS))
    sitting.look(facts(1, 4))
    sitting.file = other.file
    assert sitting.unlock() is Found.UNREADABLE


def test_totals_that_were_spoilt_with_the_file_start_at_half(sitting: Sitting) -> None:
    """Nothing at all can be read: no first unlock."""
    with sitting.store.write() as tx:
        tx.put_ledger_totals(b"spoilt")
    sitting.file = None
    assert sitting.unlock() is Found.UNREADABLE
    assert sitting.exposing.view().left.severe_views == 2


# Where writing fails -----------------------------------------------------------


@dataclass
class Failing:
    """Ledgers whose disk is full, or whose machine stops after the file."""

    inner: Ledgers
    before: bool = False
    after: bool = False
    file: bytes | None = None
    writes: list[bytes] = field(default_factory=list)

    def __call__(self, keys: VaultKeys, /) -> LedgerFile:
        return FailingFile(self, self.inner(keys))


class FailingFile:
    def __init__(self, failing: Failing, file: LedgerFile) -> None:
        self._failing = failing
        self._file = file

    def read(self) -> bytes | None:
        return self._file.read()

    def write(self, data: bytes, /) -> None:
        if self._failing.before:
            raise UnavailableError(Code.DISK_FULL)
        self._failing.writes.append(data)
        self._file.write(data)
        if self._failing.after:
            raise UnavailableError(Code.DISK_FAILED)

    def seal(self, totals: bytes, /) -> bytes:
        return self._file.seal(totals)

    def open(self, sealed: bytes, /) -> bytes:
        return self._file.open(sealed)


@pytest.fixture
def failing() -> Failing:
    return Failing(Sitting(rules(CAPS)).ledgers)


def test_a_stop_between_file_and_totals_is_whole(failing: Failing) -> None:
    """The file is ahead of the vault, as any stop may leave it."""
    failing.inner.file = None
    sitting = Sitting(rules(CAPS), ledgers=failing)
    failing.after = True
    row = row_of(facts(1, 4))
    sitting.exposing.begin_look(row)
    assert refusal(sitting.exposing.save) is Code.DISK_FAILED
    assert not is_noted(sitting, row)
    failing.after = False
    assert sitting.unlock() is Found.WHOLE
    assert sitting.exposing.view().left.severe_views == 3


def test_a_full_disk_shows_nothing_and_stops_nothing_else(failing: Failing) -> None:
    """No look is noted; unlocking, noting, breaks and locking go on."""
    failing.inner.file = None
    failing.before = True
    sitting = Sitting(rules(CAPS), ledgers=failing)
    row = row_of(facts(1, 4))
    sitting.exposing.begin_look(row)
    assert refusal(sitting.exposing.save) is Code.DISK_FULL
    assert not is_noted(sitting, row)
    sitting.exposing.end_look()
    sitting.exposing.finished(row)
    sitting.exposing.begin_break()
    failing.before = False
    sitting.exposing.save()
    assert from_bytes(failing.writes[-1]).today is not None
    failing.before = True
    sitting.exposing.close()


def test_a_read_only_vault_keeps_the_file_alone(sitting: Sitting) -> None:
    """A database that was put back takes nothing; the caps still bind."""
    kept = sitting.store.ledger_totals()
    sitting.store.read_only = lambda: True  # type: ignore[method-assign]
    fill_severe(sitting)
    assert sitting.store.ledger_totals() == kept
    assert sitting.unlock() is Found.WHOLE
    assert reason(sitting, 99, 4) is Reason.SEVERE_VIEWS


# When it is written ------------------------------------------------------------


def test_what_changes_with_every_key_is_written_now_and_then(sitting: Sitting) -> None:
    """The first input of a minute at once, the others every twenty seconds."""
    sitting.key(facts(1, 1))
    assert not needs_save(sitting)
    sitting.wait(SECOND)
    sitting.exposing.on_input(row_of(facts(1, 1)))
    assert not needs_save(sitting)
    sitting.wait(20 * SECOND)
    assert needs_save(sitting)
    sitting.exposing.save()
    sitting.wait(MINUTE)
    assert not needs_save(sitting)
    sitting.exposing.on_input(row_of(facts(1, 1)))
    assert needs_save(sitting)


def test_a_long_look_is_charged_every_twenty_seconds(sitting: Sitting) -> None:
    """Between two charges a crash can hide no more than is charged for it."""
    sitting.begin_look(facts(1, 4))
    sitting.wait(10 * SECOND)
    sitting.exposing.charge()
    assert not needs_save(sitting)
    sitting.wait(10 * SECOND)
    sitting.exposing.charge()
    assert needs_save(sitting)


def test_nothing_is_written_where_nothing_has_changed(failing: Failing) -> None:
    failing.inner.file = None
    sitting = Sitting(rules(CAPS), ledgers=failing)
    count = len(failing.writes)
    sitting.exposing.save()
    sitting.exposing.close()
    assert len(failing.writes) == count


def test_after_the_lock_there_is_nothing_to_ask(sitting: Sitting) -> None:
    """What comes late is not noted, and asking says LOCKED."""
    sitting.look(facts(1, 4))
    sitting.exposing.close()
    row = row_of(facts(2, 4))
    sitting.exposing.begin_look(row)
    sitting.exposing.on_input(row)
    assert not is_noted(sitting, row)
    assert not needs_save(sitting)
    for ask in (
        lambda: sitting.exposing.may_reveal(row),
        sitting.exposing.due,
        sitting.exposing.view,
        sitting.exposing.save,
    ):
        assert refusal(ask) is Code.LOCKED
    assert sitting.ledger.today is None


def test_saving_beside_a_busy_window_loses_nothing(sitting: Sitting) -> None:
    """One thread notes, another writes; at the end both agree."""
    exposing = sitting.exposing
    stop = threading.Event()

    def save() -> None:
        while not stop.is_set():
            exposing.save()

    saver = threading.Thread(target=save)
    saver.start()
    for number in range(300):
        exposing.opt_out(f"tag {number}")
    stop.set()
    saver.join()
    exposing.save()
    sitting.unlock()
    assert len(sitting.exposing.opted_out) == 300


# Breaks, offers, the owner's page ----------------------------------------------


def work(sitting: Sitting, minutes: int) -> None:
    for _ in range(minutes):
        sitting.key(facts(1, 1))
        sitting.wait(MINUTE)


def test_breaks_are_due_and_end(sitting: Sitting) -> None:
    """Offered, then binding, over after their length; a restart changes nothing."""
    work(sitting, 50)
    assert sitting.exposing.due() is Due.DUE
    work(sitting, 10)
    sitting.exposing.close()
    sitting.unlock()
    assert sitting.exposing.due() is Due.HARD
    assert sitting.exposing.minutes() == 60
    assert reason(sitting, 1, 1) is Reason.BREAK
    assert sitting.exposing.break_left_ms() is None
    sitting.rest(4 * MINUTE)
    assert sitting.exposing.break_left_ms() == 6 * MINUTE
    sitting.wait(6 * MINUTE)
    assert sitting.exposing.break_left_ms() == 0
    assert sitting.exposing.due() is Due.NO
    assert sitting.exposing.minutes() == 0
    assert reason(sitting, 1, 1) is None


def test_opting_out_binds_at_once_and_lasts(sitting: Sitting) -> None:
    """No reason, no entry; the same item may be shown again by the same hand."""
    one = facts(1, 1, tags=("blood",))
    sitting.opt("blood", wanted=False)
    assert sitting.exposing.is_opted_out(row_of(one))
    assert reason_of(sitting, one) is Reason.OPTED_OUT
    sitting.exposing.close()
    sitting.unlock()
    assert sitting.exposing.opted_out == {"blood"}
    choice = sitting.exposing.next_item([row_of(one)])
    assert choice.because is Because.NOTHING_LEFT
    sitting.opt("blood", wanted=True)
    assert reason_of(sitting, one) is None
    assert sitting.exposing.next_item([row_of(one)]).item_id == one.item_id


def reason_of(sitting: Sitting, one: Facts) -> Reason | None:
    answer = sitting.ask(one)
    return answer.reason if isinstance(answer, Refused) else None


def test_a_pause_is_offered_after_the_worst(sitting: Sitting) -> None:
    """Declining costs nothing: it is an offer."""
    assert sitting.exposing.offers().pause_minutes is None
    sitting.look(facts(1, 5))
    assert sitting.exposing.offers().pause_minutes == 5
    sitting.exposing.begin_break()
    assert sitting.exposing.offers().pause_minutes is None


def test_the_owner_sees_it_all_and_may_delete_it(sitting: Sitting) -> None:
    """What the caps need stays; the rest is gone, on the disk as well."""
    sitting.look(facts(1, 4), 5 * SECOND)
    sitting.look(facts(2, None))
    sitting.exposing.covered()
    sitting.exposing.choose_graphic_free()
    view = sitting.exposing.view()
    assert view.today.tally.views == (0, 0, 0, 0, 1, 0, 1)
    assert view.today.tally.clear_ms[4] == 5 * SECOND
    assert view.today.tally.covers_count == 1
    assert view.today.is_graphic_free
    assert (view.left.severe_views, view.left.unrated_views) == (3, 3)
    assert (view.week_minutes, view.break_minutes) == (1, 1)
    assert view.ramp_percent == 100
    sitting.forget()
    sitting.exposing.close()
    sitting.unlock()
    view = sitting.exposing.view()
    assert view.today.tally.views == (0,) * 7
    assert (view.left.severe_views, view.left.unrated_views) == (3, 3)
    sitting.exposing.choose_graphic_free(chosen=False)
    assert not sitting.exposing.view().today.is_graphic_free


def test_newer_values_bind_at_once(sitting: Sitting) -> None:
    """A config that tightens, or a reviewer's safer choice."""
    sitting.look(facts(1, 4))
    tighter = rules({"severe_views_day": 1}).values
    sitting.exposing.set_values(tighter)
    assert sitting.exposing.values == tighter
    assert reason(sitting, 2, 4) is Reason.SEVERE_VIEWS
    assert reason(sitting, 1, 4) is None


def test_the_ramp_begins_with_the_certificate() -> None:
    """A quarter on the first day, whatever the clock is set to afterwards."""
    sitting = Sitting(rules())
    sitting.rules = rules(certified=sitting.wall)
    sitting.unlock()
    assert sitting.exposing.view().ramp_percent == 25
    sitting.wall -= 9 * DAY
    sitting.unlock()
    assert sitting.exposing.view().ramp_percent == 25


# To the end --------------------------------------------------------------------


@pytest.mark.parametrize("loses_the_ledger", [False, True])
def test_three_hundred_unrated_items_come_to_an_end(*, loses_the_ledger: bool) -> None:
    """A look at as many as the cap gives, and a decision on every one."""
    sitting = Sitting()
    if loses_the_ledger:
        sitting.file = None
        assert sitting.unlock() is Found.MISSING
    left = {number: row_of(facts(number, None)) for number in range(300)}
    looked = 0
    while left:
        choice = sitting.exposing.next_item(tuple(left.values()))
        assert choice.item_id is not None
        one = facts(int(choice.item_id, 16), None)
        answer = sitting.look(one, 3 * SECOND)
        if isinstance(answer, Refused) and answer.reason is Reason.BREAK:
            sitting.rest(10 * MINUTE)
            continue
        looked += isinstance(answer, Allowed)
        sitting.wait(17 * SECOND)
        sitting.finish(one)
        del left[int(choice.item_id, 16)]
    assert looked == (60 if loses_the_ledger else 120)


def test_nothing_is_kept_of_a_ledger_in_memory_after_the_lock(
    sitting: Sitting,
) -> None:
    """The object that stays behind holds no item, tag or number."""
    sitting.look(facts(0xC0FFEE, 5, tags=("blood",)))
    sitting.opt("blood", wanted=False)
    sitting.exposing.close()
    assert msgspec.structs.asdict(sitting.ledger)["today"] is None
    assert "blood" not in repr(vars(sitting.exposing))


def test_what_was_made_has_no_public_door_to_the_ledger() -> None:
    """The window sees questions and answers, not the value itself."""
    public = {name for name in vars(Exposing) if not name.startswith("_")}
    assert not {name for name in public if "ledger" in name}
