"""The store suite, run by SQLCipher and by its fake."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from reviewer.domain.ids import Sha256Hex
from reviewer.ports import StoreOpener
from reviewer.store.opener import SqlStoreOpener
from tests.conformance.standings import StandingSuite
from tests.fakes.memory_store import MemoryStoreOpener


class TestMemoryStore(StandingSuite):
    """The fake."""

    @pytest.fixture
    def _place(self, tmp_path: Path) -> None:
        self._folder = tmp_path

    def make(self, confirmed: Callable[[int, Sha256Hex], None]) -> StoreOpener:
        return MemoryStoreOpener(media=self._folder, confirmed=confirmed)

    def make_beside(self) -> StoreOpener:
        return MemoryStoreOpener(media=self._folder)


class TestSqlStore(StandingSuite):
    """The real one, on a real file."""

    @pytest.fixture
    def _place(self, tmp_path: Path) -> None:
        self._folder = tmp_path

    def make(self, confirmed: Callable[[int, Sha256Hex], None]) -> StoreOpener:
        return SqlStoreOpener(self._folder, confirmed=confirmed)

    def make_beside(self) -> StoreOpener:
        return SqlStoreOpener(self._folder / "beside")
