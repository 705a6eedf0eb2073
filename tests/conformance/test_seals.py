"""The suite of seals, run by SQLCipher and by its fake."""

from __future__ import annotations

from pathlib import Path

import pytest

from reviewer.ports import StoreOpener
from reviewer.store.opener import SqlStoreOpener
from tests.conformance.seals import SealSuite
from tests.fakes.memory_store import MemoryStoreOpener


class TestMemoryStore(SealSuite):
    """The fake."""

    @pytest.fixture
    def _place(self, tmp_path: Path) -> None:
        self._folder = tmp_path

    def make(self) -> StoreOpener:
        return MemoryStoreOpener(media=self._folder)


class TestSqlStore(SealSuite):
    """The real one, on a real file."""

    @pytest.fixture
    def _place(self, tmp_path: Path) -> None:
        self._folder = tmp_path

    def make(self) -> StoreOpener:
        return SqlStoreOpener(self._folder)
