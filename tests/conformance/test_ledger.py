"""The ledger suite, run by the sealed file and by its fake."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from reviewer.errors import Code, UnavailableError, VerificationError
from reviewer.ports import LedgerOpener
from reviewer.store.ledger import LEDGER, MAX_FILE_BYTES, SealedLedgerOpener
from tests.conformance.ledger import DATA, LedgerSuite
from tests.fakes.memory_ledger import MemoryLedgerOpener


class TestMemoryLedger(LedgerSuite):
    """The fake."""

    @pytest.fixture
    def _place(self) -> None:
        return

    def make(self) -> LedgerOpener:
        return MemoryLedgerOpener()


class TestSealedLedger(LedgerSuite):
    """The real one."""

    @pytest.fixture
    def _place(self, tmp_path: Path) -> None:
        self.folder = tmp_path
        self.path = tmp_path / LEDGER

    def make(self) -> LedgerOpener:
        return SealedLedgerOpener(self.folder)

    def test_any_changed_byte_of_the_file_is_refused(self) -> None:
        """Changed, cut or empty: UNSEAL_FAILED."""
        file = self.opener(self.keys)
        file.write(DATA)
        whole = self.path.read_bytes()
        for place in range(0, len(whole), 4_001):
            spoilt = bytearray(whole)
            spoilt[place] ^= 0x01
            self.path.write_bytes(spoilt)
            with pytest.raises(VerificationError) as caught:
                file.read()
            assert caught.value.code is Code.UNSEAL_FAILED
        for cut in (b"", whole[:11], whole[:-1]):
            self.path.write_bytes(cut)
            with pytest.raises(VerificationError):
                file.read()

    def test_the_file_of_another_profile_is_refused(self) -> None:
        """Even under the same key."""
        self.opener(self.keys).write(DATA)
        other = replace(self.keys, vault_id="0" * 32)
        with pytest.raises(VerificationError):
            self.opener(other).read()

    def test_its_length_tells_nothing(self) -> None:
        """One item and a thousand look the same; nothing is readable."""
        file = self.opener(self.keys)
        lengths = set()
        for data in (b"", DATA, DATA * 1_000):
            file.write(data)
            assert DATA not in self.path.read_bytes()
            lengths.add(self.path.stat().st_size)
        assert len(lengths) == 1
        assert self.path.stat().st_mode & 0o777 == 0o600

    def test_a_full_or_foreign_disk_is_told_apart(self) -> None:
        """A folder in its place is the world's fault, and an absurd file is refused."""
        self.path.mkdir()
        with pytest.raises(UnavailableError) as caught:
            self.opener(self.keys).read()
        assert caught.value.code is Code.DISK_FAILED
        self.path.rmdir()
        with self.path.open("wb") as absurd:
            absurd.truncate(MAX_FILE_BYTES + 1)
        with pytest.raises(VerificationError) as large:
            self.opener(self.keys).read()
        assert large.value.code is Code.TOO_LARGE

    def test_what_a_crash_left_beside_it_changes_nothing(self) -> None:
        """A copy that was never put in place is written over."""
        file = self.opener(self.keys)
        file.write(DATA)
        beside = self.path.with_name(f"{LEDGER}.new")
        beside.write_bytes(b"half")
        assert file.read() == DATA
        file.write(DATA * 2)
        assert file.read() == DATA * 2
        assert not beside.exists()
