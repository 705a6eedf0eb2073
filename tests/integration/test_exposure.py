"""The ledger through the door: real vault, real file, a service, and what leaves."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from reviewer.domain.orgconfig import KeyringMode
from reviewer.domain.person import Capacity
from reviewer.domain.times import DAY_MS
from reviewer.errors import ReviewerError
from reviewer.events.crashes import CrashHandler
from reviewer.events.files import LogFiles
from reviewer.events.kinds import Hook
from reviewer.events.watched import WatchedEntrance
from reviewer.safeguards.basis import Looks
from reviewer.safeguards.breaks import Due
from reviewer.safeguards.ledger import from_bytes, to_bytes
from reviewer.safeguards.limits import Allowed
from reviewer.safeguards.restoring import Found
from reviewer.services.drafting import Complete
from reviewer.services.session import Session
from reviewer.store.ledger import LEDGER, SealedLedgerOpener
from tests.fakes.bench_profile import (
    PASSPHRASE,
    BenchProfile,
    Organisation,
    fetched,
    make_profile,
    organisation,
)
from tests.fakes.canaries import found
from tests.fakes.exposure import HOUR, MINUTE, facts
from tests.fakes.ledger_canaries import MARKERS, expose
from tests.fakes.service_home import packed
from tests.fakes.sitting import row_of

NOT_VIOLATING = Complete(verdict="NOT_VIOLATING")


@pytest.fixture
def org(tmp_path: Path) -> Iterator[Organisation]:
    keyring = KeyringMode.REQUIRED
    with organisation(tmp_path / "coordinator", keyring=keyring) as made:
        yield made


@pytest.fixture
def profile(org: Organisation, tmp_path: Path) -> BenchProfile:
    """A profile with a batch, after a first look at something severe, locked."""
    made = make_profile(org, tmp_path / "profile")
    session = made.enrol(org)
    assert session.exposure.found is Found.FIRST
    fetched(org, session, packed(org.service, tmp_path))
    look(session, made, 1)
    session.lock()
    return made


def look(session: Session, profile: BenchProfile, number: int) -> bool:
    """Look at a severe item for a second, as the window does, if it is allowed."""
    row, exposure = row_of(facts(number, 4)), session.exposure
    exposure.on_input(row)
    if not isinstance(exposure.may_reveal(row), Allowed):
        return False
    exposure.intend_look(row)
    exposure.save()
    exposure.begin_look(row)
    assert exposure.is_noted(row)
    profile.clock.advance(1_000)
    exposure.end_look()
    exposure.save()
    return True


def left(session: Session) -> int:
    return session.exposure.view().left.severe_views


def test_a_day_lasts_over_unlocks_and_kills(profile: BenchProfile) -> None:
    """On the first day of the certificate: seven severe items, then none."""
    with profile.unlocked() as session:
        assert session.exposure.found is Found.WHOLE
        assert session.exposure.view().ramp_percent == 25
        assert left(session) == 6
        assert look(session, profile, 2)
    killed = profile.door().unlock(PASSPHRASE)
    assert look(killed, profile, 3)
    killed._store.close()
    killed._on_lock(None)
    with profile.unlocked() as session:
        assert session.exposure.found is Found.WHOLE
        assert [look(session, profile, n) for n in range(4, 9)] == [True] * 4 + [False]
    profile.clock.advance(17 * HOUR)
    with profile.unlocked() as session:
        assert left(session) == 7
        assert session.exposure.view().past[0].tally.views[4] == 7


@pytest.mark.parametrize(
    ("loss", "expected"),
    [
        ("deleted", Found.MISSING),
        ("older", Found.OLDER),
        ("spoilt", Found.UNREADABLE),
        ("cut", Found.UNREADABLE),
    ],
)
def test_a_file_that_was_tampered_with_halves_the_rest(
    profile: BenchProfile, loss: str, expected: Found
) -> None:
    """Two of seven were seen; of the five that were left, three are withheld."""
    path = profile.folder / LEDGER
    before = path.read_bytes()
    with profile.unlocked() as session:
        assert look(session, profile, 2)
    match loss:
        case "deleted":
            path.unlink()
        case "older":
            path.write_bytes(before)
        case "spoilt":
            path.write_bytes(bytes(len(before)))
        case _:
            path.write_bytes(before[:-1])
    with profile.unlocked() as session:
        assert session.exposure.found is expected
        assert left(session) == 2
    with profile.unlocked() as session:
        assert session.exposure.found is Found.WHOLE
        assert left(session) == 2


def test_a_folder_that_was_put_back_still_counts(
    profile: BenchProfile, tmp_path: Path
) -> None:
    """It opens read-only, as any rollback does; the file alone goes on."""
    shutil.copytree(profile.folder, tmp_path / "older")
    with profile.unlocked() as session:
        batch = session.open_batch(session.home().batches[0].batch_id)
        session.decide(batch.rows[0].item.id, NOT_VIOLATING, looks=Looks())
    shutil.rmtree(profile.folder)
    shutil.copytree(tmp_path / "older", profile.folder)
    with profile.unlocked() as session:
        assert session.journal().read_only
        assert look(session, profile, 2)
        rest = left(session)
    with profile.unlocked() as session:
        assert session.exposure.found is Found.WHOLE
        assert left(session) == rest


def test_at_every_cap_all_the_work_goes_on(
    org: Organisation, profile: BenchProfile
) -> None:
    """Nothing can be shown; deciding, handing back, undoing, sending, locking can."""
    with profile.unlocked() as session:
        batch = session.open_batch(session.home().batches[0].batch_id)
        for number in range(2, 20):
            look(session, profile, number)
        exhaust(session, profile)
        for row in batch.rows:
            assert not isinstance(session.exposure.may_reveal(row), Allowed)
        assert session.exposure.due() is Due.HARD
        first, second, *_ = (row.item.id for row in batch.rows)
        session.decide(first, NOT_VIOLATING, looks=Looks())
        session.undo(batch.card.batch_id)
        session.decide(first, NOT_VIOLATING, looks=Looks())
        session.hand_back(second)
        session.keep(second, keep=True)
        assert session.submit_online(Capacity.OK).verified
        assert session.verify_journal().receipts == 1
    with profile.unlocked() as session:
        assert session.exposure.due() is Due.HARD


def exhaust(session: Session, profile: BenchProfile) -> None:
    """Work for all the minutes of the day, without a break."""
    for _ in range(90):
        session.exposure.on_input(None)
        profile.clock.advance(MINUTE)
    session.exposure.save()


def test_nothing_of_a_ledger_leaves_by_any_way(
    org: Organisation, profile: BenchProfile, tmp_path: Path
) -> None:
    """Log, crash report, keyring, submission, coordinator and its export: no marker."""
    log = LogFiles(profile.folder, now=profile.clock.unix_ms)
    session = profile.door().unlock(PASSPHRASE)
    keys = session._keys
    expose(session.exposure, profile.clock)
    batch = session.open_batch(session.home().batches[0].batch_id)
    session.decide(batch.rows[0].item.id, NOT_VIOLATING, looks=Looks(), note="a note")
    session.hand_back(batch.rows[1].item.id)
    session.submit_to_file(tmp_path / "out.rvsub", Capacity.LOW)
    session.submit_online(Capacity.LOW)
    with (tmp_path / "export.csv").open("wb") as out:
        assert org.service.export_csv(out)
    crash(CrashHandler(log), session)
    session.lock()
    watched = WatchedEntrance(profile.door(), log).unlock(PASSPHRASE)
    watched.lock()
    (tmp_path / "keyring").mkdir()
    for number, secret in enumerate(profile.secrets.kept.values()):
        (tmp_path / "keyring" / str(number)).write_bytes(secret)
    data = SealedLedgerOpener(profile.folder)(keys).read()
    assert data is not None
    (tmp_path / "open").mkdir()
    (tmp_path / "open" / "ledger").write_bytes(to_bytes(from_bytes(data)))
    assert found(tmp_path / "open", MARKERS) == {one.place for one in MARKERS}
    shutil.rmtree(tmp_path / "open")
    assert log.paths[0].exists()
    assert list((tmp_path / "keyring").iterdir())
    assert found(tmp_path, MARKERS) == set()


def crash(handler: CrashHandler, session: Session) -> None:
    """Have a fault carry the whole of the owner's page in its message."""
    handler.on_crash(lambda: None)
    try:
        fail(repr(session.exposure.view()))
    except ValueError as error:
        handler.note(Hook.MAIN, type(error), error, error.__traceback__)


def fail(message: str) -> None:
    raise ValueError(message)


def test_the_certificate_bounds_the_ramp(profile: BenchProfile) -> None:
    """Five days after it the whole caps hold."""
    profile.clock.advance(5 * DAY_MS)
    with profile.unlocked() as session:
        assert session.exposure.view().ramp_percent == 100
        assert session.exposure.view().caps.severe_views == 30


def test_a_wrong_passphrase_touches_no_ledger(profile: BenchProfile) -> None:
    before = (profile.folder / LEDGER).read_bytes()
    with pytest.raises(ReviewerError):
        profile.door().unlock("wrong words of some length")
    assert (profile.folder / LEDGER).read_bytes() == before
