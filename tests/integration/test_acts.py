"""Flags, hand-overs and corrections with the real parts, over HTTP and by stick."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest

from reviewer.domain.decision import StandingKind
from reviewer.domain.person import Capacity
from reviewer.domain.times import DAY_MS
from reviewer.errors import Code, ReviewerError
from reviewer.formats.wire import Outcomes
from reviewer.safeguards.basis import Looks
from reviewer.services.drafting import Complete
from reviewer.services.flagging import ThreatForm
from reviewer.services.session import OpenBatch, Session
from reviewer.services.submitting import ReceiptView
from reviewer.services.verifying import verify_file
from tests.fakes.bench_profile import (
    BenchProfile,
    Organisation,
    fetched,
    make_profile,
    organisation,
)

NOT_VIOLATING = Complete(verdict="NOT_VIOLATING")
NOT_OURS = Complete(verdict="NOT_OUR_REMIT")
PROTECTED = Complete(
    verdict="VIOLATES",
    grounds=("A_INCITES",),
    purpose="JOURNALISTIC",
    reasons=("A_CALL",),
)
LOOKS = Looks()
FORM = ThreatForm(what="=He says, he will shoot", when="Saturday")
COUNT = 8
Row = dict[str, str]


@dataclass(slots=True)
class Scene:
    """Somebody at work, and the service that waits for what they send."""

    org: Organisation
    profile: BenchProfile
    session: Session
    batch: OpenBatch
    folder: Path

    def decide(self, place: int, complete: Complete = NOT_VIOLATING) -> None:
        self.session.decide(self.batch.rows[place].item.id, complete, looks=LOOKS)

    def online(self) -> ReceiptView:
        return self.session.submit_online(Capacity.OK)

    def by_stick(self) -> ReceiptView:
        path = self.session.submit_to_file(self.folder / "out.rvsub", Capacity.OK)
        return self.session.take_receipt(self.org.service.accept(path.read_bytes()))

    def exported(self) -> list[Row]:
        out = io.BytesIO()
        self.org.service.export_csv(out)
        return list(csv.DictReader(io.StringIO(out.getvalue().decode(), newline="")))

    def row(self, place: int) -> Row:
        names = self.org.service.file_names()
        name = names[self.batch.rows[place].item.id]
        return next(row for row in self.exported() if row["file"] == name)

    def kinds(self) -> list[StandingKind]:
        rows = self.session.open_batch(self.batch.card.batch_id).rows
        return [row.standing.kind for row in rows]


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    media = tmp_path / "media"
    media.mkdir()
    for place in range(COUNT):
        (media / f"{place}.txt").write_bytes(f"A drawn text, number {place}.".encode())
    with organisation(tmp_path / "coordinator") as org:
        profile = make_profile(org, tmp_path / "profile")
        session = profile.enrol(org)
        batch = fetched(org, session, org.pack(media))
        yield Scene(org, profile, session, batch, tmp_path)
        session.lock()


def refusal(act: Callable[[], object]) -> Code:
    with pytest.raises(ReviewerError) as error:
        act()
    return error.value.code


@pytest.mark.parametrize("way", [Scene.online, Scene.by_stick])
def test_every_act_arrives_and_is_exported(
    scene: Scene, way: Callable[[Scene], ReceiptView]
) -> None:
    """Told apart in the export, escalations first, and counted in the receipt."""
    ids = [row.item.id for row in scene.batch.rows]
    flagging = scene.session.flagging
    scene.decide(0)
    scene.decide(1, PROTECTED)
    flagging.second_opinion(ids[2], note="is this the film?")
    flagging.policy_unclear(ids[3])
    flagging.escalate(ids[4], note="please call")
    scene.decide(5)
    flagging.threat(ids[5], FORM)
    scene.session.handing.hand_over(scene.batch.card.batch_id, line="shift is over")
    view = way(scene)
    assert view.outcomes == Outcomes(
        final=2, second_review=3, returned=2, escalated=2, corrected=0
    )
    rows = [scene.row(place) for place in range(COUNT)]
    assert [row["outcome"] for row in rows] == [
        "decided",
        "second_review",
        "second_opinion",
        "policy_unclear",
        "duty_officer",
        "decided",
        "handed_over",
        "handed_over",
    ]
    second = [row["second_review"] for row in rows]
    assert second == ["", "yes", "yes", "yes", "", "", "", ""]
    assert rows[2]["note"] == "is this the film?"
    assert rows[5]["verdict"] == "NOT_VIOLATING"
    assert rows[5]["note"] == "what: =He says, he will shoot; when: Saturday"
    first = [row["escalation"] for row in scene.exported()]
    assert first == ["threat_to_life", "duty_officer", *[""] * (COUNT - 2)]
    scene.session.verify_journal()


def test_a_decision_that_was_sent_can_be_corrected(scene: Scene) -> None:
    """The later one stands, the history stays on both sides, and undo is refused."""
    scene.decide(0)
    scene.decide(1)
    first = scene.online()
    assert (first.outcomes.final, first.outcomes.corrected) == (2, 0)
    size = scene.session.journal().entries
    undo = refusal(lambda: scene.session.undo(scene.batch.card.batch_id))
    assert undo is Code.ALREADY_SENT
    scene.decide(0, NOT_OURS)
    second = scene.by_stick()
    assert (second.outcomes.final, second.outcomes.corrected) == (2, 1)
    row = scene.row(0)
    assert (row["verdict"], row["corrected"]) == ("NOT_OUR_REMIT", "yes")
    assert scene.row(1)["corrected"] == ""
    assert scene.session.journal().entries > size
    report = scene.session.verify_journal()
    assert report.receipts == 2
    undo = refusal(lambda: scene.session.undo(scene.batch.card.batch_id))
    assert undo is Code.ALREADY_SENT


def test_a_correction_that_is_undone_leaves_the_first_decision(scene: Scene) -> None:
    """Frozen on a stick, taken back before the receipt came: the first one stands."""
    scene.decide(0)
    scene.online()
    scene.decide(0, NOT_OURS)
    path = scene.session.submit_to_file(scene.folder / "out.rvsub", Capacity.OK)
    scene.session.undo(scene.batch.card.batch_id)
    scene.session.take_receipt(scene.org.service.accept(path.read_bytes()))
    assert scene.row(0)["verdict"] == "NOT_OUR_REMIT"
    view = scene.online()
    assert (view.outcomes.final, view.outcomes.corrected) == (1, 0)
    assert scene.row(0)["verdict"] == "NOT_VIOLATING"


def test_a_decision_after_its_key_is_gone_is_refused(scene: Scene) -> None:
    """Then the way is a request in words; the decision that was sent stands."""
    scene.decide(0)
    scene.online()
    database = scene.session._store._database  # type: ignore[attr-defined]
    database.run("DELETE FROM item_keys WHERE id = 1")
    assert refusal(lambda: scene.decide(0, NOT_OURS)) is Code.CORRECTION_LATE
    assert scene.row(0)["verdict"] == "NOT_VIOLATING"


def test_an_escalation_outlives_a_decision(scene: Scene) -> None:
    """Deciding afterwards does not silence it; only its own undo does."""
    item_id = scene.batch.rows[3].item.id
    scene.session.flagging.threat(item_id, FORM)
    scene.decide(3)
    scene.online()
    row = scene.row(3)
    assert (row["verdict"], row["escalation"]) == ("NOT_VIOLATING", "threat_to_life")
    assert scene.exported()[0] == row
    scene.session.flagging.escalate(scene.batch.rows[4].item.id)
    scene.session.undo(scene.batch.card.batch_id)
    assert scene.online().outcomes.escalated == 1
    assert scene.row(4)["escalation"] == ""


def test_a_hand_over_taken_back_after_it_was_frozen(scene: Scene) -> None:
    """One undo entry frees every item again, at the service too."""
    scene.decide(0)
    scene.session.handing.hand_over(scene.batch.card.batch_id)
    path = scene.session.submit_to_file(scene.folder / "out.rvsub", Capacity.OK)
    scene.session.undo(scene.batch.card.batch_id)
    scene.decide(7)
    view = scene.session.take_receipt(scene.org.service.accept(path.read_bytes()))
    assert view.outcomes.returned == COUNT - 1
    view = scene.online()
    assert (view.outcomes.final, view.outcomes.returned) == (2, 0)
    outcomes = [scene.row(place)["outcome"] for place in range(COUNT)]
    assert outcomes == ["decided", *[""] * (COUNT - 2), "decided"]


def test_a_batch_past_its_date_reports_the_rest(scene: Scene) -> None:
    """What was decided is sent and stands; the rest is free to be dealt again."""
    scene.decide(2)
    scene.org.clock.advance(15 * DAY_MS)
    assert scene.session.submission_preview().expired == COUNT - 1
    view = scene.online()
    assert (view.outcomes.final, view.outcomes.returned) == (1, COUNT - 1)
    assert scene.kinds().count(StandingKind.EXPIRED) == COUNT - 1
    assert scene.row(0)["outcome"] == "expired"
    assert scene.row(2)["verdict"] == "NOT_VIOLATING"


def test_tables_put_back_are_made_again_from_the_journal(scene: Scene) -> None:
    """Flags, hand-overs, an undo of one, and what was decided since."""
    ids = [row.item.id for row in scene.batch.rows]
    scene.decide(0)
    scene.session.flagging.escalate(ids[0])
    scene.session.flagging.policy_unclear(ids[1])
    scene.session.handing.hand_over(scene.batch.card.batch_id)
    scene.session.undo(scene.batch.card.batch_id)
    scene.session.keep(ids[6], keep=True)
    scene.session.handing.hand_over(scene.batch.card.batch_id)
    scene.decide(7)
    expected = scene.session.open_batch(scene.batch.card.batch_id).rows
    database = scene.session._store._database  # type: ignore[attr-defined]
    database.run("UPDATE standings SET kind = 'open', seq = NULL, touched = -1")
    database.run("UPDATE standings SET decision = NULL, opened = 0")
    scene.session.lock()
    with scene.profile.unlocked() as again:
        found = again.open_batch(scene.batch.card.batch_id).rows
    assert [row.standing for row in found] == [row.standing for row in expected]
    assert found[0].standing.decision is not None
    assert found[6].standing.keep
    assert found[7].standing.kind is StandingKind.DECIDED


def test_the_threat_file_is_verified_by_anybody_with_the_trust(scene: Scene) -> None:
    """By the service's bundle, by the laptop's own; and not after one changed byte."""
    done = scene.session.flagging.threat(scene.batch.rows[0].item.id, FORM)
    path = scene.folder / done.file.name
    path.write_bytes(done.file.data)
    for trust in (scene.org.service.trust(), scene.session.trust_data()):
        verdict = verify_file(path, trust=trust)
        assert (verdict.valid, verdict.kind, verdict.depth) == (
            True,
            "threat",
            "contents",
        )
    path.write_bytes(done.file.data.replace(b"Saturday", b"Sunday.."))
    assert not verify_file(path, trust=scene.org.service.trust()).valid
    assert b"A drawn text" not in done.file.data


def test_a_service_that_was_there_before_counts_from_the_start(scene: Scene) -> None:
    """Its projection is lost: the next submission makes it again from the entries."""
    scene.decide(0)
    scene.session.hand_back(scene.batch.rows[1].item.id)
    scene.online()
    database = scene.org.service._state.database
    with database.transaction() as session:
        session.connection().exec_driver_sql("DELETE FROM work")
    scene.decide(2)
    view = scene.online()
    assert view.outcomes == Outcomes(final=2, returned=1)


def test_outcomes_are_totals_and_nothing_else() -> None:
    """No name, no time and no rate: five numbers of the person's own work."""
    fields = msgspec.structs.fields(Outcomes)
    assert {field.type for field in fields} == {int}
    assert len(fields) == 5
