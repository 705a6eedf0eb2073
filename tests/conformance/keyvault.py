"""What any `KeyVault` must do."""

from __future__ import annotations

import abc
import unicodedata

import pytest

from reviewer.domain.orgconfig import KeyringMode
from reviewer.errors import Code, RefusedError, UnavailableError
from reviewer.ports import KeyVault

PASSPHRASE = "maple otter quiet lantern fjord pebble"  # noqa: S105 (drawn for tests)
OTHER = "violin copper walrus meadow sprint cactus"


class KeyVaultSuite(abc.ABC):
    """Inherit and say how to make a vault, with or without an accepted keyring."""

    @abc.abstractmethod
    def make(self, *, keyring_accepted: bool = True) -> KeyVault:
        """Return a vault of an empty profile."""

    def test_a_fresh_profile_has_no_header(self) -> None:
        """Nothing exists before `create`, and everything says so by one code."""
        vault = self.make()
        assert not vault.exists()
        for call in (vault.keyring_mode, lambda: vault.unlock(PASSPHRASE)):
            with pytest.raises(UnavailableError) as caught:
                call()
            assert caught.value.code is Code.PROFILE_MISSING

    @pytest.mark.parametrize("mode", list(KeyringMode))
    def test_unlock_gives_the_keys_that_create_gave(self, mode: KeyringMode) -> None:
        """The passphrase brings back every key."""
        vault = self.make()
        made = vault.create(PASSPHRASE, keyring=mode)
        opened = vault.unlock(PASSPHRASE)
        assert vault.exists()
        assert vault.keyring_mode() is made.keyring is opened.keyring is mode
        assert opened.device.seed == made.device.seed
        assert (opened.vault_id, opened.epoch) == (made.vault_id, made.epoch)
        assert opened.database_key == made.database_key
        assert opened.anchor_key == made.anchor_key
        assert opened.item_key == made.item_key
        assert opened.log_key == made.log_key
        assert opened.ledger_key == made.ledger_key

    def test_keys_are_long_and_differ(self) -> None:
        """No two keys of a vault are the same, nor those of two vaults."""
        first = self.make().create(PASSPHRASE, keyring=KeyringMode.OPTIONAL)
        second = self.make().create(PASSPHRASE, keyring=KeyringMode.OPTIONAL)
        keys = [
            secret
            for keys in (first, second)
            for secret in (
                keys.database_key[:32],
                keys.anchor_key,
                keys.item_key,
                keys.log_key,
                keys.ledger_key,
                keys.device.seed,
            )
        ]
        assert len(first.database_key) == 48
        assert all(len(key) == 32 for key in keys)
        assert len(set(keys)) == 12

    def test_a_second_create_is_refused(self) -> None:
        """A vault is never written over."""
        vault = self.make()
        made = vault.create(PASSPHRASE, keyring=KeyringMode.OPTIONAL)
        with pytest.raises(RefusedError) as caught:
            vault.create(OTHER, keyring=KeyringMode.OPTIONAL)
        assert caught.value.code is Code.ALREADY_ENROLLED
        assert vault.unlock(PASSPHRASE).device.seed == made.device.seed

    @pytest.mark.parametrize("weak", ["", "short", "aaaaaaaaaaaaaaaaaaaa", "a b c d e"])
    def test_a_weak_passphrase_is_refused(self, weak: str) -> None:
        """14 characters or 5 words, or nothing is made."""
        vault = self.make()
        with pytest.raises(RefusedError) as caught:
            vault.create(weak, keyring=KeyringMode.OPTIONAL)
        assert caught.value.code is Code.PASSPHRASE_WEAK
        assert not vault.exists()

    @pytest.mark.parametrize(
        "wrong", ["", "maple", PASSPHRASE + " ", PASSPHRASE.upper(), OTHER]
    )
    def test_a_wrong_passphrase_is_refused_uniformly(self, wrong: str) -> None:
        """One code, whatever is wrong with it."""
        vault = self.make()
        vault.create(PASSPHRASE, keyring=KeyringMode.OPTIONAL)
        with pytest.raises(RefusedError) as caught:
            vault.unlock(wrong)
        assert caught.value.code is Code.PASSPHRASE_WRONG
        assert caught.value.detail == ""

    def test_unicode_forms_are_one_passphrase(self) -> None:
        """NFKC: a composed and a decomposed keyboard type the same."""
        composed = "Übergröße läuft täglich fünf Öfen"
        vault = self.make()
        made = vault.create(composed, keyring=KeyringMode.OPTIONAL)
        decomposed = unicodedata.normalize("NFD", composed)
        assert decomposed != composed
        assert vault.unlock(decomposed).device.seed == made.device.seed

    def test_a_changed_passphrase_opens_and_the_old_one_does_not(self) -> None:
        """Only the wrapping changes, every key stays."""
        vault = self.make()
        made = vault.create(PASSPHRASE, keyring=KeyringMode.REQUIRED)
        vault.change_passphrase(PASSPHRASE, OTHER)
        assert vault.unlock(OTHER).database_key == made.database_key
        assert vault.unlock(OTHER).ledger_key == made.ledger_key
        with pytest.raises(RefusedError) as caught:
            vault.unlock(PASSPHRASE)
        assert caught.value.code is Code.PASSPHRASE_WRONG

    def test_a_change_with_the_wrong_or_to_a_weak_one_is_refused(self) -> None:
        """A refused change leaves the old passphrase in force."""
        vault = self.make()
        vault.create(PASSPHRASE, keyring=KeyringMode.OPTIONAL)
        for old, new, code in (
            (OTHER, OTHER, Code.PASSPHRASE_WRONG),
            (PASSPHRASE, "weak", Code.PASSPHRASE_WEAK),
        ):
            with pytest.raises(RefusedError) as caught:
                vault.change_passphrase(old, new)
            assert caught.value.code is code
        vault.unlock(PASSPHRASE)

    def test_required_without_an_accepted_keyring_makes_nothing(self) -> None:
        """There is no silent fallback to a profile without a keyring."""
        vault = self.make(keyring_accepted=False)
        with pytest.raises(UnavailableError) as caught:
            vault.create(PASSPHRASE, keyring=KeyringMode.REQUIRED)
        assert caught.value.code is Code.KEYRING_MISSING
        assert not vault.exists()

    @pytest.mark.parametrize("mode", list(KeyringMode))
    @pytest.mark.parametrize("database", [False, True])
    def test_keys_turn(self, mode: KeyringMode, *, database: bool) -> None:
        """Both are there until it is finished; then the fresh ones alone."""
        vault = self.make()
        made = vault.create(PASSPHRASE, keyring=mode)
        begun = vault.begin_turn(database=database)
        assert begun.next is not None
        assert begun.next == vault.begin_turn(database=not database).next
        assert (begun.item_key, begun.database_key) == (
            made.item_key,
            made.database_key,
        )
        assert begun.next.item_key != made.item_key
        assert (begun.next.database_key != made.database_key) is database
        assert begun.next.database_key[32:] == made.database_key[32:]
        unlocked = vault.unlock(PASSPHRASE)
        assert unlocked.next == begun.next
        done = vault.finish_turn()
        assert done.next is None
        assert done.item_key == begun.next.item_key
        assert done.item_key_generation == made.item_key_generation + 1
        again = vault.unlock(PASSPHRASE)
        assert (again.item_key, again.database_key) == (
            begun.next.item_key,
            begun.next.database_key,
        )
        assert (again.anchor_key, again.ledger_key, again.device.seed) == (
            made.anchor_key,
            made.ledger_key,
            made.device.seed,
        )

    def test_a_turn_outlives_a_change_of_passphrase(self) -> None:
        """The keys on their way are wrapped with the rest."""
        vault = self.make()
        vault.create(PASSPHRASE, keyring=KeyringMode.REQUIRED)
        begun = vault.begin_turn(database=True)
        vault.change_passphrase(PASSPHRASE, OTHER)
        assert vault.finish_turn().item_key == (begun.next or begun).item_key
        assert vault.unlock(OTHER).next is None

    def test_nothing_turns_once_it_is_forgotten(self) -> None:
        """LOCKED, until the next unlock."""
        vault = self.make()
        vault.create(PASSPHRASE, keyring=KeyringMode.OPTIONAL)
        vault.forget()
        with pytest.raises(RefusedError) as caught:
            vault.begin_turn(database=True)
        assert caught.value.code is Code.LOCKED
        with pytest.raises(RefusedError) as caught:
            vault.finish_turn()
        assert caught.value.code is Code.LOCKED
        vault.unlock(PASSPHRASE)
        vault.begin_turn(database=False)

    def test_destroy_makes_room_for_a_new_vault(self) -> None:
        """After a failed enrolment the profile can be enrolled again."""
        vault = self.make()
        made = vault.create(PASSPHRASE, keyring=KeyringMode.REQUIRED)
        vault.destroy()
        vault.destroy()
        assert not vault.exists()
        again = vault.create(OTHER, keyring=KeyringMode.REQUIRED)
        assert again.device.seed != made.device.seed
