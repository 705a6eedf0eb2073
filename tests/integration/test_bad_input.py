"""The table of bad input: each has a code, a sentence, and keeps all earlier work."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from reviewer.coordinator.table import TableError
from reviewer.coordinator.words import WORDS
from reviewer.crypto.signing import SigningKey
from reviewer.domain.decision import StandingKind
from reviewer.domain.ids import ItemId
from reviewer.domain.orgconfig import KeyringMode
from reviewer.domain.person import Capacity
from reviewer.domain.times import DAY_MS
from reviewer.errors import Code, ReviewerError
from reviewer.formats import envelope, framing
from reviewer.formats.batch import MAGIC
from reviewer.safeguards.basis import Looks
from reviewer.services.drafting import Complete
from reviewer.services.session import Session
from reviewer.sync.client import HttpOpener
from reviewer.ui.explanations import explain
from tests.e2e.commands import PASSPHRASE as E2E_PASSPHRASE
from tests.e2e.commands import reviewer
from tests.fakes.bench_profile import (
    PASSPHRASE,
    BenchProfile,
    Organisation,
    fetched,
    make_profile,
    organisation,
)
from tests.fakes.clock import SeededEntropy
from tests.fakes.limits import small_files
from tests.fakes.lying_service import LyingService, answer
from tests.fakes.service_home import packed
from tests.media_samples import write_hostile
from tests.sandboxed import need_full_sandbox

NOT_VIOLATING = Complete(verdict="NOT_VIOLATING")


@dataclass(slots=True)
class Desk:
    """A laptop with work that was confirmed before anything bad happens."""

    org: Organisation
    profile: BenchProfile
    session: Session
    folder: Path
    decided: ItemId

    def device_batch(self, *, days: int | None = None) -> Path:
        """Pack and deal one more batch; return a copy of its file."""
        folder = self.folder / f"more-{len(list(self.folder.iterdir()))}"
        folder.mkdir()
        device = self.session._keys.device.key_id
        dealt = self.org.deal(packed(self.org.service, folder), device, days=days)
        copy = folder / "a.rvbatch"
        copy.write_bytes(dealt.read_bytes())
        return copy

    def refuses(self, act: Callable[[], object], *codes: Code) -> None:
        """Check the code, its sentence, and that all earlier work is there."""
        with pytest.raises(ReviewerError) as error:
            act()
        assert error.value.code in codes, error.value
        check_explained(error.value.code)
        self.keeps()

    def keeps(self) -> None:
        """Check now, and again as the vault says when it is opened anew."""
        self._check(self.session)
        self.session.lock()
        self.session = self.profile.door().unlock(PASSPHRASE)
        self._check(self.session)

    def _check(self, session: Session) -> None:
        standing = session._store.item(self.decided).standing
        assert standing.kind is StandingKind.DECIDED
        assert session.journal().unsent == 1
        assert not session.journal().read_only
        assert session.verify_journal().entries >= 4


def check_explained(code: Code) -> None:
    """A person is told what happened, what is safe, and what to do."""
    told = explain(code)
    for sentence in (told.happened, told.safe, told.todo):
        assert sentence.endswith((".", "?"))
        assert code.value not in sentence


@pytest.fixture
def org(tmp_path: Path) -> Iterator[Organisation]:
    with organisation(tmp_path / "service") as made:
        yield made


@pytest.fixture
def desk(org: Organisation, tmp_path: Path) -> Iterator[Desk]:
    made = make_desk(org, tmp_path)
    yield made
    made.session.lock()


def make_desk(org: Organisation, folder: Path) -> Desk:
    """Enrol, fetch a batch, decide one item."""
    profile = make_profile(org, folder / "profile")
    session = profile.enrol(org)
    batch = fetched(org, session, packed(org.service, folder))
    decided = batch.rows[0].item.id
    session.decide(decided, NOT_VIOLATING, looks=Looks())
    return Desk(org, profile, session, folder, decided)


# Batches -------------------------------------------------------------------------


def test_a_forged_batch(desk: Desk) -> None:
    """Signed again by a key that no directory holds."""
    path = desk.device_batch()
    data = path.read_bytes()
    end = 9 + int.from_bytes(data[5:9], "big")
    true = envelope.parse(data[9:end], max_bytes=64 * 1024)
    forged = envelope.sign(
        true.untrusted_payload,
        payload_type=true.payload_type,
        keys=[SigningKey.generate(SeededEntropy(7))],
    )
    path.write_bytes(framing.frame(forged, magic=MAGIC) + data[end:])
    desk.refuses(lambda: desk.session.import_file(path), Code.KEY_UNKNOWN)
    path.write_bytes(data)
    assert desk.session.import_file(path).items_count == 2


def test_a_cut_batch(desk: Desk) -> None:
    """Anywhere: in the head, in the manifest, by its last byte."""
    path = desk.device_batch()
    data = path.read_bytes()
    for left in (0, 3, 200, -1):
        path.write_bytes(data[:left])
        codes = (Code.FORMAT_UNKNOWN, Code.MALFORMED)
        desk.refuses(lambda: desk.session.import_file(path), *codes)


def test_a_replayed_batch(desk: Desk) -> None:
    """The same file again is no news and no error; nothing is done twice."""
    path = desk.device_batch()
    desk.session.import_file(path)
    entries = desk.session.journal().entries
    assert desk.session.import_file(path).already_here
    assert desk.session.journal().entries == entries
    desk.keeps()


def test_an_expired_batch(desk: Desk) -> None:
    """A later signed time was seen: past its date for certain."""
    old = desk.device_batch(days=1)
    desk.org.clock.advance(2 * DAY_MS)
    desk.session.import_file(desk.device_batch())
    desk.refuses(lambda: desk.session.import_file(old), Code.EXPIRED)


def test_a_batch_for_another_laptop(desk: Desk, tmp_path: Path) -> None:
    """Of the same organisation, but not dealt to this device."""
    (tmp_path / "second").mkdir()
    other = make_desk(desk.org, tmp_path / "second")
    path = other.device_batch()
    other.session.lock()
    desk.refuses(lambda: desk.session.import_file(path), Code.WRONG_AUDIENCE)


def test_a_batch_of_another_organisation(desk: Desk, tmp_path: Path) -> None:
    """Genuine there, unknown here."""
    (tmp_path / "second").mkdir()
    with organisation(tmp_path / "elsewhere") as elsewhere:
        other = make_desk(elsewhere, tmp_path / "second")
        path = other.device_batch()
        other.session.lock()
    desk.refuses(lambda: desk.session.import_file(path), Code.KEY_UNKNOWN)


# The laptop ----------------------------------------------------------------------


def test_a_wrong_passphrase(desk: Desk) -> None:
    """Uniformly refused; nothing is counted against the person."""
    desk.session.lock()
    with pytest.raises(ReviewerError) as error:
        desk.profile.door().unlock("some other words")
    assert error.value.code is Code.PASSPHRASE_WRONG
    check_explained(error.value.code)
    desk.session = desk.profile.door().unlock(PASSPHRASE)
    desk.keeps()


@pytest.mark.parametrize(
    ("is_there", "code"), [(True, Code.KEYRING_LOCKED), (False, Code.KEYRING_MISSING)]
)
def test_a_locked_or_missing_keyring(
    tmp_path: Path, code: Code, *, is_there: bool
) -> None:
    """The vault stays shut, and opens when the keyring is back."""
    with organisation(tmp_path / "service", keyring=KeyringMode.REQUIRED) as org:
        desk = make_desk(org, tmp_path)
        assert desk.profile.secrets.kept
        desk.session.lock()
        desk.profile.secrets.locked = is_there
        desk.profile.secrets.accepted = is_there
        with pytest.raises(ReviewerError) as error:
            desk.profile.door().unlock(PASSPHRASE)
        assert error.value.code is code
        check_explained(code)
        desk.profile.secrets.locked, desk.profile.secrets.accepted = False, True
        desk.session = desk.profile.door().unlock(PASSPHRASE)
        desk.keeps()
        desk.session.lock()


def test_a_full_disk_at_import(desk: Desk) -> None:
    """Told, and no half file stays; with room, the batch comes in."""
    path = desk.device_batch()
    full = (Code.DISK_FULL, Code.DISK_FAILED)

    def act() -> None:
        with small_files(2_000):
            desk.session.import_file(path)

    desk.refuses(act, *full)
    assert desk.session.import_file(path).items_count == 2


def test_a_full_disk_at_a_decision(desk: Desk) -> None:
    """Told before anything is confirmed; what was decided before is there."""
    rows = desk.session.open_batch(desk.session.home().batches[0].batch_id).rows
    second = rows[1].item.id

    def act() -> None:
        with small_files(100):
            desk.session.decide(second, NOT_VIOLATING, looks=Looks())

    desk.refuses(act, Code.DISK_FULL, Code.DISK_FAILED)
    assert desk.session._store.item(second).standing.kind is StandingKind.OPEN
    done = desk.session.decide(second, NOT_VIOLATING, looks=Looks())
    assert done.row.standing.kind is StandingKind.DECIDED


def test_a_full_stick(desk: Desk) -> None:
    """No half submission is left there; the frozen one waits in the vault."""
    target = desk.folder / "out.rvsub"

    def act() -> None:
        with small_files(1_000):
            desk.session._submitting().write_file(target, Capacity.OK)

    desk.session.submit_to_file(desk.folder / "first.rvsub", Capacity.OK)
    desk.refuses(act, Code.DISK_FULL)
    assert not list(desk.folder.glob("out*"))
    desk.session.submit_to_file(target, Capacity.OK)
    assert target.read_bytes() == (desk.folder / "first.rvsub").read_bytes()


def test_a_second_instance(desk: Desk) -> None:
    """Another process on the same profile is told so, and ends with 3."""
    assert E2E_PASSPHRASE == PASSPHRASE
    ran = reviewer(
        *("list", "--profile", desk.profile.folder),
        *("--passphrase-file", "-", "--json"),
    )
    assert (ran.code, ran.json["code"]) == (3, "PROFILE_IN_USE")
    check_explained(Code.PROFILE_IN_USE)
    desk.keeps()


# The coordinator -----------------------------------------------------------------


def test_a_coordinator_that_is_down(desk: Desk) -> None:
    """Nobody listens: fetching and sending say so, and both work later."""
    nobody = HttpOpener(clock=desk.org.clock.unix_ms)("http://127.0.0.1:9")
    desk.profile.opener = lambda _: nobody
    desk.keeps()
    desk.refuses(desk.session.fetch, Code.NETWORK_DOWN)
    desk.refuses(lambda: desk.session.submit_online(Capacity.OK), Code.NETWORK_DOWN)
    desk.profile.opener = None
    desk.keeps()
    assert desk.session.submit_online(Capacity.OK).verified


def test_a_lying_coordinator(desk: Desk) -> None:
    """It answers anything but the truth: not believed, and nothing counts as sent."""
    lies = (Code.COORDINATOR_LIED, Code.MALFORMED, Code.NOT_CANONICAL)
    for body in (b"{}", b"not json", b'{"code":"KEY_UNKNOWN"}'):
        with LyingService([answer(body=body)]).running() as url:
            liar = HttpOpener(clock=desk.org.clock.unix_ms)(url)
            desk.profile.opener = lambda _, liar=liar: liar
            desk.keeps()
            desk.refuses(desk.session.fetch, *lies)
            desk.refuses(lambda: desk.session.submit_online(Capacity.OK), *lies)
            liar.close()
    desk.profile.opener = None
    desk.keeps()
    assert desk.session.submit_online(Capacity.OK).verified


def test_a_receipt_that_is_a_lie(desk: Desk) -> None:
    """The service says that all is received, and shows something for it."""
    answers = [
        answer(body=b'{"offset":0,"receipted":true}'),
        answer(body=b'{"payload":"","payloadType":"","signatures":[]}'),
    ]
    with LyingService(answers).running() as url:
        liar = HttpOpener(clock=desk.org.clock.unix_ms)(url)
        desk.profile.opener = lambda _: liar
        desk.keeps()
        desk.refuses(lambda: desk.session.submit_online(Capacity.OK), Code.MALFORMED)
        liar.close()


# Media and tables ----------------------------------------------------------------


def test_hostile_media(desk: Desk, tmp_path: Path) -> None:
    """Bombs, garbage and cut files: each an item with a code that can be decided."""
    need_full_sandbox()
    media = tmp_path / "hostile"
    media.mkdir()
    wanted = {"bomb-header.png", "garbage-atoms.mp4", "cut.mp4", "archive.zip"}
    for path in write_hostile(media):
        if path.name not in wanted:
            path.unlink()
    packing = desk.org.pack(media)
    batch = fetched(desk.org, desk.session, packing)
    for row in batch.rows:
        view = desk.session.viewing.concealed(row, strength_px=16, grey=True)
        assert view.refused is not None
        check_explained(view.refused)
        done = desk.session.hand_back(row.item.id, reason="CANNOT_BE_SHOWN")
        assert done.row.standing.kind is StandingKind.HANDED_BACK
    for _ in batch.rows:
        desk.session.undo(batch.card.batch_id)
    assert desk.session.verify_journal().entries > 4


def test_a_table_with_wrong_rows(org: Organisation, tmp_path: Path) -> None:
    """Every wrong cell is named by row and column; nothing is packed at all."""
    media = tmp_path / "media"
    media.mkdir()
    (media / "one.txt").write_text("one")
    table = tmp_path / "items.csv"
    table.write_text(
        "file,severity,captured_at,flagged_by\n"
        "one.txt,9,yesterday,nobody\n"
        "missing.txt,1,,\n"
    )
    before = org.service.packs()
    with pytest.raises(TableError) as error:
        org.pack(media, table=table)
    assert error.value.code is Code.TABLE_INVALID
    problems = [str(problem) for problem in error.value.problems]
    assert len(problems) >= 4
    assert any("severity" in one and "2" in one for one in problems)
    assert WORDS[Code.TABLE_INVALID]
    assert org.service.packs() == before
    table.write_text("file,severity\none.txt,2\n")
    assert org.pack(media, table=table).items_count == 1
