"""What any `LedgerFile` must do."""

from __future__ import annotations

import abc
from dataclasses import replace

import pytest

from reviewer.errors import Code, VerificationError
from reviewer.ports import LedgerOpener, VaultKeys
from tests.fakes.key_vault import vault_keys

DATA = b'{"what":"a person saw"}'


class LedgerSuite(abc.ABC):
    """Inherit and say how to make an opener, and how to spoil what it wrote."""

    keys: VaultKeys
    opener: LedgerOpener

    @abc.abstractmethod
    def make(self) -> LedgerOpener:
        """Return an opener of an empty profile."""

    @pytest.fixture(autouse=True)
    def _open(self, _place: None) -> None:
        self.keys = vault_keys()
        self.opener = self.make()

    def test_a_new_profile_has_none(self) -> None:
        """Nothing there is no error: the first unlock begins one."""
        assert self.opener(self.keys).read() is None

    @pytest.mark.parametrize("length", [0, 1, 65_531, 65_532, 65_533, 300_000])
    def test_what_was_written_last_comes_back(self, length: int) -> None:
        """Of any length, empty included, and also after a restart."""
        file = self.opener(self.keys)
        for data in (DATA, bytes(range(251)) * (length // 251) + bytes(length % 251)):
            file.write(data)
            assert file.read() == data
        assert self.opener(self.keys).read() == data

    def test_another_key_does_not_open_it(self) -> None:
        """The same vault, recovered: its keys are there, the ledger's is not."""
        self.opener(self.keys).write(DATA)
        recovered = replace(self.keys, ledger_key=bytes(32))
        with pytest.raises(VerificationError) as caught:
            self.opener(recovered).read()
        assert caught.value.code is Code.UNSEAL_FAILED
        assert self.opener(self.keys).read() == DATA

    def test_totals_are_sealed_and_open_again(self) -> None:
        """What the vault keeps says nothing to whoever has only the vault."""
        file = self.opener(self.keys)
        sealed = file.seal(DATA)
        assert DATA not in sealed
        assert len(sealed) <= 8 * 1024 + 64
        assert self.opener(self.keys).open(sealed) == DATA
        with pytest.raises(VerificationError) as caught:
            self.opener(replace(self.keys, ledger_key=bytes(32))).open(sealed)
        assert caught.value.code is Code.UNSEAL_FAILED

    def test_totals_and_file_are_not_taken_for_each_other(self) -> None:
        """Each is bound to what it is."""
        file = self.opener(self.keys)
        file.write(file.seal(DATA))
        inner = file.read()
        assert inner is not None
        assert file.open(inner) == DATA
        with pytest.raises(VerificationError):
            file.open(DATA * 4)

    def test_any_changed_byte_of_the_totals_is_refused(self) -> None:
        """Nothing of a changed copy is believed."""
        file = self.opener(self.keys)
        sealed = file.seal(DATA)
        for place in range(0, len(sealed), 7):
            spoilt = bytearray(sealed)
            spoilt[place] ^= 0x40
            with pytest.raises(VerificationError):
                file.open(bytes(spoilt))
