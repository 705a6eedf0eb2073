"""Second opinion, policy unclear, escalate, threat to life: entries like a decision."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from reviewer.crypto.hashes import sha256_hex
from reviewer.domain.decision import Doubt, Escalation, StandingKind
from reviewer.domain.ids import ItemId
from reviewer.domain.person import Capacity
from reviewer.errors import Code, RefusedError, ReviewerError, UnavailableError
from reviewer.formats.entry import VerifiedEntry, commit
from reviewer.formats.threat import verify_threat
from reviewer.formats.trust import verify_trust
from reviewer.formats.wire import EscalateBody, SecondOpinionBody, UndoBody
from reviewer.safeguards.basis import Looks
from reviewer.services.acting import Changed
from reviewer.services.flagging import ThreatForm
from reviewer.services.session import Session
from tests.fakes.desk import NOT_VIOLATING, Desk

FORM = ThreatForm(
    what="He says he will shoot people",
    who="The account is called north-gate",
    where="The market hall in the caption",
    when="Saturday",
    how_soon="Tomorrow morning",
)
Flag = Callable[[Session, ItemId], Changed]
FLAGS: dict[StandingKind, Flag] = {
    StandingKind.SECOND_OPINION: lambda session, item: session.flagging.second_opinion(
        item, note="is this the news clip?"
    ),
    StandingKind.POLICY_UNCLEAR: lambda session, item: session.flagging.policy_unclear(
        item
    ),
    StandingKind.ESCALATED: lambda session, item: session.flagging.escalate(item),
    StandingKind.THREAT_TO_LIFE: lambda session, item: (
        session.flagging.threat(item, FORM).changed
    ),
}


def last_entry(desk: Desk, session: Session) -> VerifiedEntry:
    last = desk.store.head().size - 1
    (stored,) = desk.store.entries(last, last)
    return session._journal.read(stored.envelope)


def refusal(act: Callable[[], object]) -> Code:
    with pytest.raises(ReviewerError) as error:
        act()
    return error.value.code


@pytest.mark.parametrize("kind", FLAGS)
def test_a_flag_is_a_standing_and_an_entry(desk: Desk, kind: StandingKind) -> None:
    """It leaves the open pile, counts by its name, and asks for no look."""
    session, batch = desk.with_batch()
    item_id = batch.rows[0].item.id
    changed = FLAGS[kind](session, item_id)
    assert (changed.row.standing.kind, changed.row.standing.seq) == (kind, changed.seq)
    assert changed.row.standing.decision is None
    assert changed.journal.unsent == 1
    counts = session.home().batches[0].counts
    told = (counts.second_opinion, counts.policy_unclear, counts.escalated)
    assert (counts.open, sum(told)) == (1, 1)
    preview = session.submission_preview()
    named = {
        StandingKind.SECOND_OPINION: preview.second_opinion,
        StandingKind.POLICY_UNCLEAR: preview.policy_unclear,
        StandingKind.ESCALATED: preview.escalated,
        StandingKind.THREAT_TO_LIFE: preview.threats,
    }
    assert named == {each: int(each is kind) for each in FLAGS}


@pytest.mark.parametrize("kind", FLAGS)
def test_a_flag_is_undone_by_a_new_entry(desk: Desk, kind: StandingKind) -> None:
    """U names it; what held before holds again, down to the first act."""
    session, batch = desk.with_batch()
    item_id, batch_id = batch.rows[0].item.id, batch.card.batch_id
    session.decide(item_id, NOT_VIOLATING, looks=Looks())
    done = FLAGS[kind](session, item_id)
    (stored,) = desk.store.entries(done.seq, done.seq)
    restored = session.undo(batch_id).row.standing
    assert restored.kind is StandingKind.DECIDED
    assert restored.decision is not None
    body = last_entry(desk, session).body
    assert isinstance(body, UndoBody)
    assert body.undoes == sha256_hex(stored.envelope)
    assert session.undo(batch_id).row.standing.kind is StandingKind.OPEN
    assert refusal(lambda: session.undo(batch_id)) is Code.NOTHING_TO_UNDO


def test_flags_and_decisions_at_any_depth(desk: Desk) -> None:
    """Each act supersedes the one before, and each undo brings that back."""
    session, batch = desk.with_batch()
    item_id, batch_id = batch.rows[0].item.id, batch.card.batch_id
    for flag in FLAGS.values():
        flag(session, item_id)
    session.decide(item_id, NOT_VIOLATING, looks=Looks())
    seen = [session.undo(batch_id).row.standing.kind for _ in range(5)]
    assert seen == [*reversed(FLAGS), StandingKind.OPEN]
    session.verify_journal()


def test_an_escalation_leaves_a_decision_in_force(desk: Desk) -> None:
    """To call for help is no change of mind; a doubt is."""
    session, batch = desk.with_batch()
    item_id, batch_id = batch.rows[0].item.id, batch.card.batch_id
    session.decide(item_id, NOT_VIOLATING, looks=Looks())
    session.flagging.escalate(item_id)
    changed = session.flagging.threat(item_id, FORM).changed
    assert changed.row.standing.decision is not None
    assert session.flagging.second_opinion(item_id).row.standing.decision is None
    threat = session.undo(batch_id).row.standing
    assert threat.kind is StandingKind.THREAT_TO_LIFE
    assert threat.decision == changed.row.standing.decision


def test_a_note_is_committed_to(desk: Desk) -> None:
    """The word of the reason is in the entry, the note beside it."""
    session, batch = desk.with_batch()
    text = "the caption says it is a film"
    done = session.flagging.policy_unclear(batch.rows[0].item.id, note=text)
    entry = last_entry(desk, session)
    (opening,) = desk.store.openings(done.seq, done.seq)
    assert isinstance(entry.body, SecondOpinionBody)
    assert entry.body.reason is Doubt.POLICY_UNCLEAR
    assert entry.body.note_commitment == commit(opening.salt, text.encode())
    assert text.encode() not in entry.data


def test_a_threat_is_a_file_that_says_no_more_than_it_may(desk: Desk) -> None:
    """Signed, readable, without a word of the item; the same when made again."""
    session, batch = desk.with_batch()
    item = batch.rows[0].item
    desk.coordinator.faults = []
    calls = list(desk.coordinator.calls)
    done = session.flagging.threat(item.id, FORM)
    assert desk.coordinator.calls == calls
    text = done.file.data.decode()
    for said in (FORM.what, FORM.who, FORM.how_soon, item.ref, item.sha256):
        assert said in text
    caption, source = item.context.caption, item.context.source
    assert caption is not None
    assert source is not None
    assert caption not in text
    assert source not in text
    trust = verify_trust(session.trust_data(), root_sha256=None, now=None)
    found = verify_threat(done.file.data, trust=trust)
    assert found.device == session._keys.device.key_id
    body = last_entry(desk, session).body
    assert isinstance(body, EscalateBody)
    assert body.kind is Escalation.THREAT_TO_LIFE
    assert body.note_commitment == found.commitment
    assert session.flagging.threat_file(item.id).data == done.file.data
    assert item.ref not in done.file.name


def test_hidden_characters_are_taken_out_and_no_word_is_lost(desk: Desk) -> None:
    """What was pasted cannot turn the line around, or add one to the file."""
    session, batch = desk.with_batch()
    hostile = "\u202egnp.\u2066bomb\u0000\nDuty officer: call me\u200b instead\ufeff "
    form = ThreatForm(what=hostile, who="\u0645\u06cc\u200c\u062e\u0648\u0627\u0647")
    done = session.flagging.threat(batch.rows[0].item.id, form)
    assert done.file.words.what == "gnp.bomb Duty officer: call me instead"
    assert done.file.words.who == form.who
    lines = done.file.data.decode().splitlines()
    assert sum(line.startswith("Duty officer: ") for line in lines) == 1
    assert f"What: {done.file.words.what}" in lines


@pytest.mark.parametrize(
    ("form", "code"),
    [
        (ThreatForm(), Code.THREAT_EMPTY),
        (ThreatForm(what=" \n\t", where="\u200b\u202e"), Code.THREAT_EMPTY),
        (replace(FORM, where="x" * 281), Code.INPUT_INVALID),
        (replace(FORM, what="\U0001f525" * 10_000_000), Code.INPUT_INVALID),
    ],
)
def test_a_form_that_cannot_be_signed_changes_nothing(
    desk: Desk, form: ThreatForm, code: Code
) -> None:
    """Empty, hidden, or too long: refused before any entry."""
    session, batch = desk.with_batch()
    size = desk.store.head().size
    item_id = batch.rows[0].item.id
    assert refusal(lambda: session.flagging.threat(item_id, form)) is code
    assert desk.store.head().size == size
    assert refusal(lambda: session.flagging.threat_file(item_id)) is Code.INPUT_MISSING


def test_a_full_form_in_any_script_fits(desk: Desk) -> None:
    """Five lines of 280 characters of four bytes each."""
    session, batch = desk.with_batch()
    line = "\U0001f525" * 280
    form = ThreatForm(what=line, who=line, where=line, when=line, how_soon=line)
    done = session.flagging.threat(batch.rows[0].item.id, form)
    assert done.file.words.how_soon == line
    assert session.submit_online(Capacity.OK).verified


def test_a_failed_commit_leaves_no_trace(desk: Desk) -> None:
    """A full disk: no entry, no standing, no file; the next try works."""
    session, batch = desk.with_batch()
    item_id = batch.rows[0].item.id
    before = desk.store.head()
    desk.store.fail_next = UnavailableError(Code.DISK_FULL)
    assert refusal(lambda: session.flagging.threat(item_id, FORM)) is Code.DISK_FULL
    assert desk.store.head() == before
    assert session.flagging.threat(item_id, FORM).changed.seq == before.size


def test_nothing_is_flagged_in_a_vault_that_was_rolled_back(desk: Desk) -> None:
    """Read only: every act is refused."""
    session, batch = desk.with_batch()
    item_id = batch.rows[0].item.id
    desk.store.is_read_only = True
    for flag in FLAGS.values():
        with pytest.raises(RefusedError) as error:
            flag(session, item_id)
        assert error.value.code is Code.READ_ONLY


def test_flags_leave_with_the_next_submission(desk: Desk) -> None:
    """Sent and receipted; then an undo is refused, and a decision stands instead."""
    session, batch = desk.with_batch()
    one, two = (row.item.id for row in batch.rows)
    session.flagging.second_opinion(one, note="a note")
    session.flagging.threat(two, FORM)
    assert session.submit_online(Capacity.LOW).verified
    assert session.journal().unsent == 0
    assert refusal(lambda: session.undo(batch.card.batch_id)) is Code.ALREADY_SENT
    changed = session.decide(one, NOT_VIOLATING, looks=Looks())
    assert changed.row.standing.kind is StandingKind.DECIDED
    restored = session.undo(batch.card.batch_id).row.standing
    assert (restored.kind, restored.sent) == (StandingKind.SECOND_OPINION, True)
