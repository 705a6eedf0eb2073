"""What is noted of a person's work, and what is not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from reviewer.domain.ids import MonoMs
from reviewer.domain.item import Context
from reviewer.domain.person import Capacity
from reviewer.domain.rendition import Aim, Box, Extent, Step
from reviewer.errors import Code, MediaError, ReviewerError, UnavailableError
from reviewer.events import kinds
from reviewer.events.kinds import Event, EventCode, render
from reviewer.events.watched import WatchedEntrance, WatchedSession
from reviewer.safeguards.basis import Looks
from reviewer.safeguards.grant import Grant
from reviewer.services.flagging import ThreatForm
from reviewer.services.stacking import group
from tests.fakes.coordinator import URL, DrawnItem, Fault
from tests.fakes.decoder import fake_still
from tests.fakes.desk import NOT_VIOLATING, PASSPHRASE, Desk, device_of, make_desk

MARKER = "marker-3be9"
WHOLE = Box(x=0, y=0, width=1, height=1)
AIM = Aim(step=Step.GREY, box=WHOLE, width_px=10, height_px=10)
ITEMS = (
    DrawnItem(data=fake_still(1600, 1200), severity=2, context=Context(caption=MARKER)),
    DrawnItem(data=fake_still(900, 1400), severity=4),
)


@dataclass(slots=True)
class Kept:
    """A log in memory that renders as the file does."""

    events: list[Event] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def write(self, event: Event, /) -> None:
        self.events.append(event)
        self.lines.append(render(event, number=len(self.lines), at="2026-11-21T18"))

    def codes(self) -> list[EventCode]:
        return [event.code for event in self.events]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return make_desk(tmp_path)


@pytest.fixture
def log() -> Kept:
    return Kept()


@pytest.fixture
def door(desk: Desk, log: Kept) -> WatchedEntrance:
    return WatchedEntrance(desk.door(), log)


@pytest.fixture
def session(desk: Desk, door: WatchedEntrance) -> Iterator[WatchedSession]:
    """An enrolled profile with one batch of two items, its name a marker."""
    made = door.enrol_online(URL, desk.coordinator.invite(), PASSPHRASE)
    desk.coordinator.deal(device_of(made._session), ITEMS, name=MARKER)
    made.fetch(progress=_ignore, cancelled=_never)
    yield made
    made.lock()


def test_a_day_of_work_is_noted_in_outline(
    desk: Desk,
    door: WatchedEntrance,
    session: WatchedSession,
    log: Kept,
    tmp_path: Path,
) -> None:
    """What came and went; no decision, look, break or curtain."""
    batch = session.open_batch(session.home().batches[0].batch_id)
    first, second = (row.item.id for row in batch.rows)
    session.opened(first)
    session.decide(first, NOT_VIOLATING, looks=Looks(), note=MARKER)
    session.undo(batch.card.batch_id)
    session.keep(second, keep=True)
    session.set_severity(second, 3)
    session.hand_back(second, note=MARKER)
    session.submit_to_file(tmp_path / MARKER, Capacity.OK)
    session.submit_online(Capacity.OK)
    session.lock()
    door.unlock(PASSPHRASE).lock()
    assert log.codes() == [
        EventCode.ENROLLED,
        EventCode.IMPORTED,
        EventCode.FETCHED,
        EventCode.SUBMITTED,
        EventCode.SUBMITTED,
        EventCode.RECEIPT_TAKEN,
        EventCode.LOCKED,
        EventCode.UNLOCKED,
        EventCode.LOCKED,
    ]
    text = "\n".join(log.lines)
    secrets = (MARKER, first, second, batch.card.batch_id, URL, PASSPHRASE)
    assert [one for one in secrets if one in text] == []
    assert str(tmp_path) not in text


def test_ids_are_pseudonyms_under_a_key_of_the_vault(
    session: WatchedSession, log: Kept, tmp_path: Path
) -> None:
    """The same id reads the same in one vault, and otherwise in another."""
    (imported,) = (one for one in log.events if isinstance(one, kinds.Imported))
    batch_id = session.home().batches[0].batch_id
    assert imported.batch == session._session.pseudonym(batch_id)
    other = make_desk(tmp_path / "other").enrol()
    assert imported.batch != other.pseudonym(batch_id)
    other.lock()


def test_refusals_are_noted_by_code(
    desk: Desk, door: WatchedEntrance, log: Kept, tmp_path: Path
) -> None:
    """Each attempt, and why not; the error itself passes on."""
    missing = tmp_path / MARKER
    attempts = (
        (lambda: door.unlock(PASSPHRASE), kinds.Attempt.UNLOCK, Code.PROFILE_MISSING),
        (
            lambda: door.enrol_online(URL, MARKER, PASSPHRASE),
            kinds.Attempt.ENROL,
            Code.INVITATION_INVALID,
        ),
        (
            lambda: door.enrol_request(MARKER, PASSPHRASE, missing),
            kinds.Attempt.REQUEST,
            Code.INVITATION_INVALID,
        ),
        (
            lambda: door.enrol_accept(missing, PASSPHRASE),
            kinds.Attempt.ACCEPT,
            Code.PROFILE_MISSING,
        ),
    )
    for act, attempt, code in attempts:
        with pytest.raises(ReviewerError) as caught:
            act()
        assert caught.value.code is code
        assert log.events[-1] == kinds.Refused(attempt=attempt, why=code)
    assert MARKER not in "\n".join(log.lines)


def test_a_refused_batch_and_a_dead_connection(
    desk: Desk, session: WatchedSession, log: Kept, tmp_path: Path
) -> None:
    """From a stick, by fetch, and at submission."""
    with pytest.raises(ReviewerError):
        session.import_file(tmp_path / MARKER, progress=_ignore, cancelled=_never)
    desk.coordinator.faults = [Fault.DOWN]
    with pytest.raises(ReviewerError):
        session.fetch(progress=_ignore, cancelled=_never)
    with pytest.raises(ReviewerError):
        session.take_receipt(b"{}")
    assert log.events[-3:] == [
        kinds.Refused(attempt=kinds.Attempt.IMPORT, why=Code.INPUT_MISSING),
        kinds.Refused(attempt=kinds.Attempt.FETCH, why=Code.NETWORK_DOWN),
        kinds.Refused(attempt=kinds.Attempt.RECEIPT, why=Code.RECEIPT_MISMATCH),
    ]


def test_flags_and_hand_overs_are_no_events(
    desk: Desk, session: WatchedSession, log: Kept
) -> None:
    """Nobody learns from the log that somebody asked for help; a full disk is told."""
    batch = session.open_batch(session.home().batches[0].batch_id)
    item_id, batch_id = batch.rows[0].item.id, batch.card.batch_id
    before = len(log.events)
    session.flagging.second_opinion(item_id, note="a note")
    session.flagging.policy_unclear(item_id)
    session.flagging.escalate(item_id)
    done = session.flagging.threat(item_id, ThreatForm(what="he will shoot"))
    assert session.flagging.threat_file(item_id) == done.file
    assert session.handing.undecided(batch_id) == 1
    assert session.handing.hand_over(batch_id).items == 1
    assert log.events[before:] == []
    desk.store.fail_next = UnavailableError(Code.DISK_FULL)
    with pytest.raises(UnavailableError):
        session.flagging.escalate(item_id)
    assert log.events[before:] == [kinds.CommitFailed(why=Code.DISK_FULL)]


def test_a_failed_commit_is_noted(
    desk: Desk, session: WatchedSession, log: Kept
) -> None:
    """Which disk error; not which item, and not what was decided."""
    batch = session.open_batch(session.home().batches[0].batch_id)
    desk.store.fail_next = UnavailableError(Code.DISK_FULL)
    with pytest.raises(UnavailableError):
        session.decide(batch.rows[0].item.id, NOT_VIOLATING, looks=Looks())
    assert log.events[-1] == kinds.CommitFailed(why=Code.DISK_FULL)


@pytest.mark.parametrize(
    ("code", "is_noted"),
    [
        (Code.DECODER_DIED, True),
        (Code.DECODER_LIED, True),
        (Code.MEDIA_TIMEOUT, True),
        (Code.HASH_MISMATCH, True),
        (Code.MEDIA_BROKEN, False),
        (Code.MEDIA_UNSUPPORTED, False),
    ],
)
def test_a_decoder_that_fails_is_noted(
    session: WatchedSession,
    log: Kept,
    code: Code,
    is_noted: bool,  # noqa: FBT001 (a parameter of the test)
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What tells of an attack or of the machine; a broken file tells nothing."""
    batch = session.open_batch(session.home().batches[0].batch_id)
    item = batch.rows[0].item

    def fail(*_: object, **__: object) -> None:
        raise MediaError(code)

    for name in ("clear", "text", "prepare"):
        monkeypatch.setattr(session._session.viewing, name, fail)
    grant = Grant(
        item_id=item.id, step=Step.GREY, extent=Extent.WHOLE, given_at=MonoMs(0)
    )
    before = len(log.events)
    with pytest.raises(MediaError):
        session.viewing.clear(item, grant, box=WHOLE, width_px=10, height_px=10)
    with pytest.raises(MediaError):
        session.viewing.text(item, grant, page=0)
    with pytest.raises(MediaError):
        session.viewing.prepare(item, AIM)
    noted = kinds.ItemFailed(item=session._session.pseudonym(item.id), why=code)
    assert log.events[before:] == ([noted] * 3 if is_noted else [])


def test_a_child_that_we_ended_is_no_failure(
    session: WatchedSession, log: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Esc ends children in the middle of an answer: covering is no event."""
    batch = session.open_batch(session.home().batches[0].batch_id)
    item = batch.rows[0].item

    def covered(*_: object, **__: object) -> None:
        session.viewing.cover()
        raise MediaError(Code.DECODER_DIED)

    monkeypatch.setattr(session._session.viewing, "prepare", covered)
    before = len(log.events)
    with pytest.raises(MediaError):
        session.viewing.prepare(item, AIM)
    assert log.events[before:] == []


def test_starting_over_is_noted(
    desk: Desk, door: WatchedEntrance, log: Kept, tmp_path: Path
) -> None:
    """Forgetting an enrolment is an act that somebody may ask about."""
    code = desk.coordinator.invite()
    door.enrol_request(code, PASSPHRASE, tmp_path / "request")
    door.start_over()
    assert log.codes() == [EventCode.REQUESTED, EventCode.STARTED_OVER]


def _ignore(_done: int, _total: int) -> None:
    """Show no progress."""


def _never() -> bool:
    return False


def test_stacks_and_fingerprints_are_noted_only_where_they_fail(
    desk: Desk, session: WatchedSession, log: Kept
) -> None:
    """A decoder that lied and a disk that is full; what was grouped is no event."""
    batch = session.open_batch(session.home().batches[0].batch_id)
    batch_id = batch.card.batch_id
    first, second = (row.item.id for row in batch.rows)
    desk.pools[-1]._failures[second] = Code.DECODER_LIED
    before = len(log.events)
    work, stacking = session.fingerprinting, session.stacking
    work.keep([work.look(task) for task in work.upcoming(batch_id)])
    assert work.upcoming(batch_id) == ()
    (event,) = log.events[before:]
    pseudonym = session._session.pseudonym(second)
    assert event == kinds.ItemFailed(item=pseudonym, why=Code.DECODER_LIED)
    stacking.take(group(stacking.load(batch_id)))
    assert stacking.stacks(batch_id) == ()
    assert stacking.of(first) is None
    stacking.decide(stacking.confirm(first, NOT_VIOLATING), looks={})
    stacking.split([first])
    desk.store.fail_next = UnavailableError(Code.DISK_FULL)
    with pytest.raises(UnavailableError):
        stacking.split([second])
    assert log.events[before + 1 :] == [kinds.CommitFailed(why=Code.DISK_FULL)]


def test_a_seal_is_noted_by_alias(desk: Desk, log: Kept) -> None:
    """That an item was sealed, and how many copies; a mark taken back is no event."""
    session, batch = desk.with_batch((*ITEMS, ITEMS[0]))
    watched = WatchedSession(session, log)
    item_id = batch.rows[0].item.id
    watched.sealing.mark(item_id)
    watched.sealing.unmark(item_id)
    assert log.events == []
    watched.sealing.mark(item_id)
    watched.sealing.seal(item_id)
    alias = session.pseudonym(item_id)
    assert log.events == [kinds.Sealed(item=alias, copies=1)]
    assert item_id not in "".join(log.lines)
    desk.store.fail_next = UnavailableError(Code.DISK_FULL)
    with pytest.raises(ReviewerError):
        watched.sealing.mark(batch.rows[1].item.id)
    assert log.codes()[-1] is EventCode.COMMIT_FAILED
    assert watched.sealing.finish_marked() == 0
    session.lock()
