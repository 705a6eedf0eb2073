"""Three hundred unrated items can be worked to the end within the caps."""

from __future__ import annotations

import pytest

from reviewer.domain.item import Priority
from reviewer.safeguards import recording
from reviewer.safeguards.breaks import Due
from reviewer.safeguards.limits import Allowed, Reason, break_due
from reviewer.safeguards.ordering import Because, Candidate, next_item
from tests.fakes.exposure import MINUTE, Exposure, facts, rules

ITEMS_COUNT = 300
A_WHILE_MS = 20_000
A_LOOK_MS = 3_000


class Worker:
    """Takes what is offered, looks where that is allowed, and always decides."""

    def __init__(self, desk: Exposure) -> None:
        self.desk = desk
        self.undecided = {number: facts(number, None) for number in range(ITEMS_COUNT)}
        self.looked = 0
        self.refusals: list[Reason] = []
        self.breaks = 0

    def work_day(self, *, waits_for_a_look: bool) -> None:
        """Work until nothing is left, or until nothing more can be looked at."""
        desk = self.desk
        while self.undecided:
            candidates = [
                Candidate(facts=one, priority=Priority.P4)
                for one in self.undecided.values()
            ]
            choice = next_item(candidates, desk.ledger, now=desk.now, rules=desk.rules)
            assert choice.because in {Because.SUITS, Because.LEAST_SEVERE}
            assert choice.item_id is not None
            number = int(choice.item_id, 16)
            answer = desk.look(self.undecided[number], A_LOOK_MS)
            if isinstance(answer, Allowed):
                self.looked += 1
            else:
                if answer.reason is Reason.BREAK:
                    self.take_break()
                    continue
                self.refusals.append(answer.reason)
                if waits_for_a_look:
                    return
            desk.wait(A_WHILE_MS - A_LOOK_MS)
            desk.finish(self.undecided.pop(number))

    def take_break(self) -> None:
        assert break_due(
            self.desk.ledger, now=self.desk.now, rules=self.desk.rules
        ) is (Due.HARD)
        self.desk.rest(10 * MINUTE)
        self.breaks += 1


def test_in_one_day_from_context_after_the_cap() -> None:
    """A hundred and twenty looks, and a decision on every item."""
    worker = Worker(Exposure())
    worker.work_day(waits_for_a_look=False)
    assert not worker.undecided
    assert worker.looked == 120
    assert set(worker.refusals) == {Reason.UNRATED_VIEWS}
    assert worker.breaks == 1


def test_in_three_days_with_a_look_at_each() -> None:
    """A hundred and twenty, a hundred and twenty, sixty."""
    worker = Worker(Exposure())
    looked: list[int] = []
    while worker.undecided:
        before = worker.looked
        worker.work_day(waits_for_a_look=True)
        looked.append(worker.looked - before)
        worker.desk.sleep_over()
    assert looked == [120, 120, 60]


@pytest.mark.parametrize("loses_the_ledger", [False, True])
def test_somebody_new_comes_to_the_end_as_well(*, loses_the_ledger: bool) -> None:
    """On the first day of a certificate, at a quarter, or at half of that."""
    desk = Exposure()
    desk.rules = rules(certified=desk.wall)
    if loses_the_ledger:
        desk.disk.file = None
        desk.unlock()
    worker = Worker(desk)
    worker.work_day(waits_for_a_look=False)
    assert not worker.undecided
    assert worker.looked == (15 if loses_the_ledger else 30)


def test_with_every_cap_full_everything_else_still_works() -> None:
    """Deciding, handing back, opting out, covering, deleting, breaks: all of it."""
    desk = Exposure()
    desk.rules = rules(
        {
            "severe_views_day": 0,
            "worst_views_day": 0,
            "unrated_views_day": 0,
            "active_minutes_day": 30,
        }
    )
    for _ in range(40):
        desk.key()
        desk.wait(MINUTE)
    for severity in (None, 0, 3, 4, 5):
        assert not isinstance(desk.ask(facts(1, severity)), Allowed)
    for number in range(ITEMS_COUNT):
        desk.finish(facts(number, number % 6))
    now, values = desk.now, desk.values
    desk.save(recording.opt_out(desk.ledger, "blood", now=now, values=values))
    desk.save(recording.cover(desk.ledger, now=now, values=values))
    desk.save(recording.forget_history(desk.ledger))
    desk.rest(MINUTE)
    desk.unlock()
