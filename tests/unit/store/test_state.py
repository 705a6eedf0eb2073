"""What the files of a profile say before anybody has a key."""

from __future__ import annotations

from pathlib import Path

import pytest

from reviewer.ports import StoreState
from reviewer.store.opener import SqlStoreOpener
from tests.fakes.entries import fill
from tests.fakes.key_vault import vault_keys


@pytest.fixture
def begun(tmp_path: Path) -> Path:
    """Return the folder of a store with entries."""
    keys = vault_keys()
    store = SqlStoreOpener(tmp_path).create(keys)
    fill(store, keys)
    store.close()
    return tmp_path


def state(folder: Path) -> StoreState:
    return SqlStoreOpener(folder).state()


def test_an_empty_folder_and_none(tmp_path: Path) -> None:
    """Looking makes nothing."""
    assert state(tmp_path) is StoreState.NONE
    assert state(tmp_path / "missing") is StoreState.NONE
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("gone", ["vault.db", "anchor"])
def test_what_is_left_of_a_begun_store_is_begun(begun: Path, gone: str) -> None:
    """Damage is never taken for an enrolment that can be cleared away."""
    (begun / gone).unlink()
    assert state(begun) is StoreState.BEGUN


def test_media_alone_tell_of_a_store(tmp_path: Path) -> None:
    """Database and anchor are gone: what was delivered is still there."""
    (tmp_path / "media").mkdir()
    assert state(tmp_path) is StoreState.NONE
    (tmp_path / "media" / "batch").write_bytes(b"sealed")
    assert state(tmp_path) is StoreState.BEGUN


@pytest.mark.parametrize("anchor", [b"", b"x" * 32, b"x" * 40 + b"{}", b"\xff" * 9000])
def test_an_anchor_that_cannot_be_read_clears_nothing(
    begun: Path, anchor: bytes
) -> None:
    """Not even where it is the anchor that was changed."""
    (begun / "anchor").write_bytes(anchor)
    assert state(begun) is StoreState.BEGUN


def test_a_draft_of_a_database_is_none(tmp_path: Path) -> None:
    """The program was ended before the database got its name."""
    (tmp_path / "vault.db.new").write_bytes(b"half")
    assert state(tmp_path) is StoreState.NONE
