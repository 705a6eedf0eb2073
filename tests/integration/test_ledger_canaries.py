"""Nothing of a ledger is in what leaves, nor readable where it stays."""

from __future__ import annotations

from pathlib import Path

from reviewer.chain.submitting import NEW_JOURNAL, open_contents
from reviewer.domain.person import Capacity
from reviewer.formats import canonical
from reviewer.formats.submission import verify_submission_outer
from reviewer.formats.trust import verify_trust
from reviewer.safeguards.basis import Looks
from reviewer.safeguards.ledger import to_bytes
from reviewer.store.ledger import SealedLedgerOpener
from reviewer.store.opener import SqlStoreOpener
from tests.fakes.canaries import found
from tests.fakes.desk import NOT_VIOLATING, make_desk
from tests.fakes.entries import fill
from tests.fakes.key_vault import vault_keys
from tests.fakes.ledger_canaries import MARKERS, expose, marked, plant


def test_a_scan_of_an_open_ledger_finds_every_marker(tmp_path: Path) -> None:
    """The positive control."""
    (tmp_path / "ledger").write_bytes(to_bytes(marked()))
    assert found(tmp_path, MARKERS) == {one.place for one in MARKERS}


def test_nothing_of_a_ledger_is_in_a_submission(tmp_path: Path) -> None:
    """Opened by its coordinator, entry by entry: no marker."""
    desk = make_desk(tmp_path)
    session, batch = desk.with_batch()
    expose(session.exposure, desk.clock)
    first, second = batch.rows[0].item.id, batch.rows[1].item.id
    session.decide(first, NOT_VIOLATING, looks=Looks(any_view=True), note="a note")
    session.hand_back(second)
    path = tmp_path / "out.rvsub"
    session.submit_to_file(path, Capacity.OK)
    trust = verify_trust(desk.coordinator.whole_trust(), root_sha256=None, now=None)
    received = verify_submission_outer(
        path.read_bytes(), trust=trust, coordinator=desk.coordinator.online.key_id
    )
    opened = open_contents(received, key=desk.coordinator.seal, known=NEW_JOURNAL)
    left = tmp_path / "left"
    left.mkdir()
    (left / "submission").write_bytes(path.read_bytes())
    (left / "checkpoint").write_text(opened.note)
    (left / "openings").write_bytes(canonical.encode(opened.openings))
    for entry in opened.entries:
        data = canonical.encode((entry.entry, entry.body))
        (left / f"{entry.entry.seq}").write_bytes(data)
    assert len(list(left.iterdir())) > len(batch.rows)
    assert found(left, MARKERS) == set()
    desk.close()


def test_nothing_of_a_ledger_is_readable_in_a_profile(tmp_path: Path) -> None:
    """File, database and anchor: sealed, while open and after closing."""
    keys = vault_keys()
    store = SqlStoreOpener(tmp_path).create(keys)
    plant(SealedLedgerOpener(tmp_path)(keys), store)
    fill(store, keys)
    assert found(tmp_path, MARKERS) == set()
    store.close()
    names = {path.name for path in tmp_path.iterdir()}
    assert {"ledger", "anchor", "vault.db"} <= names
    assert found(tmp_path, MARKERS) == set()


def test_the_vaults_own_keys_do_not_open_the_totals(tmp_path: Path) -> None:
    """Database and anchor read by whoever recovered the vault: no marker."""
    keys = vault_keys()
    store = SqlStoreOpener(tmp_path).create(keys)
    plant(SealedLedgerOpener(tmp_path)(keys), store)
    copies = store.ledger_totals()
    store.close()
    kept = tmp_path / "recovered"
    kept.mkdir()
    for number, copy in enumerate(copies):
        (kept / f"{number}").write_bytes(copy)
    assert len(copies) == 2
    assert found(kept, MARKERS) == set()
