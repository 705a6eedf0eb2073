"""The main job with the real parts, over HTTP: enrol to receipt, lock, unlock."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from reviewer.domain.decision import StandingKind
from reviewer.domain.person import Capacity
from reviewer.errors import Code, RefusedError, ReviewerError
from reviewer.safeguards.basis import Looks
from reviewer.services.drafting import Complete
from reviewer.services.session import Session
from tests.fakes.bench_profile import (
    PASSPHRASE,
    BenchProfile,
    Organisation,
    fetched,
    make_profile,
    organisation,
)
from tests.fakes.service_home import packed

NOT_VIOLATING = Complete(verdict="NOT_VIOLATING")
LOOKS = Looks()


@pytest.fixture
def org(tmp_path: Path) -> Iterator[Organisation]:
    with organisation(tmp_path / "coordinator") as made:
        yield made


@pytest.fixture
def profile(org: Organisation, tmp_path: Path) -> BenchProfile:
    return make_profile(org, tmp_path / "profile")


@pytest.fixture
def session(org: Organisation, profile: BenchProfile) -> Iterator[Session]:
    session = profile.enrol(org)
    yield session
    session.lock()


def exported(org: Organisation) -> list[dict[str, str]]:
    out = io.BytesIO()
    org.service.export_csv(out)
    return list(csv.DictReader(io.StringIO(out.getvalue().decode())))


def refusal(act: Callable[[], object]) -> Code:
    with pytest.raises(ReviewerError) as error:
        act()
    return error.value.code


def test_the_whole_job(
    org: Organisation, profile: BenchProfile, tmp_path: Path
) -> None:
    """Enrol, fetch, decide, undo, decide, hand back, submit, receipt, lock, unlock."""
    session = profile.enrol(org)
    batch = fetched(org, session, packed(org.service, tmp_path))
    first, second = (row.item.id for row in batch.rows)
    session.opened(first)
    session.decide(first, NOT_VIOLATING, looks=LOOKS)
    session.undo(batch.card.batch_id)
    session.decide(first, NOT_VIOLATING, looks=LOOKS, note="a short note")
    session.hand_back(second, reason="NOT_MY_LANGUAGE")
    view = session.submit_online(Capacity.OK)
    report = session.verify_journal()
    session.lock()

    assert view.verified
    assert (report.receipts, report.receipted) == (1, view.size)
    rows = {row["file"]: row for row in exported(org)}
    decided = [row for row in rows.values() if row["verdict"] == "NOT_VIOLATING"]
    assert len(decided) == 1
    assert decided[0]["basis"] == "CONTEXT_ONLY"
    assert decided[0]["receipt"]
    with profile.unlocked() as again:
        assert again.journal().unsent == 0
        reopened = again.open_batch(batch.card.batch_id)
        kinds = [row.standing.kind for row in reopened.rows]
        assert kinds == [StandingKind.DECIDED, StandingKind.HANDED_BACK]
        assert all(row.standing.sent for row in reopened.rows)
        assert again.verify_journal().head == report.head


def test_decided_and_undone_after_freezing(
    org: Organisation, session: Session, tmp_path: Path
) -> None:
    """A stick left with a decision; the undo follows online and takes it back."""
    batch = fetched(org, session, packed(org.service, tmp_path))
    session.decide(batch.rows[0].item.id, NOT_VIOLATING, looks=LOOKS)
    session.submit_to_file(tmp_path / "out.rvsub", Capacity.OK)
    session.undo(batch.card.batch_id)
    receipt = org.service.accept((tmp_path / "out.rvsub").read_bytes())
    session.take_receipt(receipt)
    assert [row["verdict"] for row in exported(org)].count("NOT_VIOLATING") == 1
    session.submit_online(Capacity.OK)
    assert [row["verdict"] for row in exported(org)].count("NOT_VIOLATING") == 0


def test_the_same_items_are_not_taken_in_twice(
    org: Organisation, session: Session, tmp_path: Path
) -> None:
    """A pack dealt again to the same laptop: refused, what was decided stands."""
    pack = packed(org.service, tmp_path)
    batch = fetched(org, session, pack)
    session.decide(batch.rows[0].item.id, NOT_VIOLATING, looks=LOOKS)
    org.deal(pack, session._keys.device.key_id)
    report = session.fetch()
    assert [code for _, code in report.refused] == [Code.ITEM_REPEATED]
    (card,) = session.home().batches
    assert card.counts.decided == 1


def test_a_second_batch_and_a_second_submission(
    org: Organisation, session: Session, tmp_path: Path
) -> None:
    """The stream and the journal go on; fresh keys come with each submission."""
    for number in range(2):
        folder = tmp_path / f"{number}"
        folder.mkdir()
        batch = fetched(org, session, packed(org.service, folder))
        session.decide(batch.rows[0].item.id, NOT_VIOLATING, looks=LOOKS)
        session.submit_online(Capacity.LOW)
    assert session.verify_journal().receipts == 2
    assert refusal(session.fetch) is Code.NOTHING_TO_FETCH
    verdicts = [row["verdict"] for row in exported(org)]
    assert verdicts.count("NOT_VIOLATING") == 2


def test_what_was_decided_survives_without_the_coordinator(
    org: Organisation, profile: BenchProfile, tmp_path: Path
) -> None:
    """The service goes down: work goes on, is kept, and is sent when it is back."""
    session = profile.enrol(org)
    batch = fetched(org, session, packed(org.service, tmp_path))
    org.server.stop()
    session.decide(batch.rows[0].item.id, NOT_VIOLATING, looks=LOOKS)
    assert refusal(lambda: session.submit_online(Capacity.OK)) is Code.NETWORK_DOWN
    assert refusal(session.fetch) is Code.NETWORK_DOWN
    session.lock()
    with profile.unlocked() as again:
        assert again.submission_preview().frozen
        assert again.journal().unsent == 1
        again.submit_to_file(tmp_path / "out.rvsub", Capacity.OK)
        receipt = org.service.accept((tmp_path / "out.rvsub").read_bytes())
        assert again.take_receipt(receipt).verified
        assert again.journal().unsent == 0


def test_a_second_instance_is_told_so(profile: BenchProfile, session: Session) -> None:
    """Another door to the same folder stays shut while this one is open."""
    assert refusal(lambda: profile.door().unlock(PASSPHRASE)) is Code.PROFILE_IN_USE
    assert session.journal().entries == 1


def test_wrong_words_open_nothing(org: Organisation, profile: BenchProfile) -> None:
    """Uniformly refused, and the profile is free for the right ones."""
    profile.enrol(org).lock()
    with pytest.raises(RefusedError) as error:
        profile.door().unlock("wrong words for this")
    assert error.value.code is Code.PASSPHRASE_WRONG
    with profile.unlocked() as session:
        assert session.person.subject == "reviewer-1"
