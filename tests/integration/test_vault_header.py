"""The header on disk: spoilt, cut, mixed up, and still safe."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import pytest

from reviewer.crypto import aead
from reviewer.crypto.passphrase import CEILING, FLOOR, KdfParameters
from reviewer.domain.orgconfig import KeyringMode
from reviewer.errors import Code, RefusedError, ReviewerError, UnavailableError
from reviewer.formats import canonical
from reviewer.formats.base64 import b64
from reviewer.keys import header as headers
from reviewer.keys import vault as vaults
from reviewer.keys.kdf import RELEASE, KdfPolicy
from reviewer.keys.vault import HeaderVault
from reviewer.ports import VaultKeys
from tests.fakes.clock import StepClock
from tests.fakes.key_vault import CHEAP_POLICY, MemorySecrets

WORDS = "maple otter quiet lantern fjord pebble"
OTHER = "violin copper walrus meadow sprint cactus"
REFUSALS = {
    Code.PASSPHRASE_WRONG,
    Code.PROFILE_DAMAGED,
    Code.PROFILE_NEWER,
    Code.KEYRING_MISSING,
}


@dataclass
class Profile:
    """A header in a folder, with the keyring beside it."""

    folder: Path
    secrets: MemorySecrets = field(default_factory=MemorySecrets)
    policy: KdfPolicy = CHEAP_POLICY

    @property
    def vault(self) -> HeaderVault:
        """Return a vault that has seen nothing yet, as after a restart."""
        return HeaderVault(
            self.folder,
            device_secrets=self.secrets,
            clock=StepClock(step_ms=500),
            entropy=os.urandom,
            policy=self.policy,
        )

    @property
    def header(self) -> Path:
        return self.folder / "header"

    @property
    def copy(self) -> Path:
        return self.folder / "header.bak"

    def put(self, header: headers.Header) -> None:
        """Write a header into both copies."""
        self.header.write_bytes(canonical.encode(header))
        self.copy.write_bytes(canonical.encode(header))

    def read(self) -> headers.Header:
        return headers.parse(self.header.read_bytes())

    def refusal(self, passphrase: str = WORDS) -> Code | None:
        """Return the code with which unlocking is refused, or None."""
        try:
            self.vault.unlock(passphrase)
        except ReviewerError as error:
            return error.code
        return None


def without_ledger(profile: Profile) -> headers.Header:
    """Write the header as it was before there was a ledger; return it."""
    header = profile.read()
    vault = profile.vault
    held = vault._open(WORDS).held
    slot = msgspec.structs.replace(header.passphrase, wrapped="", ledger=msgspec.UNSET)
    older = msgspec.structs.replace(header, passphrase=slot)
    wrapped = aead.wrap(
        vaults._slot_key(older, vault._material(older, WORDS), vaults._INFO_KEK),
        plaintext=held.vault_key,
        associated=headers.associated(older),
    )
    slot = msgspec.structs.replace(slot, wrapped=b64(wrapped))
    older = msgspec.structs.replace(older, passphrase=slot)
    profile.put(older)
    return older


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    made = Profile(tmp_path)
    made.vault.create(WORDS, keyring=KeyringMode.REQUIRED)
    return made


def keys_of(profile: Profile, passphrase: str = WORDS) -> VaultKeys:
    return profile.vault.unlock(passphrase)


def test_the_two_copies_are_the_same_and_hold_no_secret(profile: Profile) -> None:
    """Nothing in the header is a key, nor the passphrase."""
    data = profile.header.read_bytes()
    assert data == profile.copy.read_bytes()
    assert profile.header.stat().st_mode & 0o777 == 0o600
    keys = keys_of(profile)
    device_secret, item_secret = profile.secrets.kept.values()
    for secret in (
        keys.database_key,
        keys.anchor_key,
        keys.item_key,
        keys.log_key,
        keys.device.seed,
        device_secret,
        item_secret,
        WORDS.encode(),
    ):
        assert secret not in data
        assert secret.hex().encode() not in data


def test_each_spoilt_byte_of_one_copy_is_healed_from_the_other(
    profile: Profile,
) -> None:
    """Whatever happens to one copy, the passphrase opens and both are whole again."""
    whole = profile.header.read_bytes()
    expected = keys_of(profile).database_key
    for place in range(0, len(whole), 13):
        for path in (profile.header, profile.copy):
            spoilt = bytearray(whole)
            spoilt[place] ^= 0x01
            path.write_bytes(spoilt)
            assert keys_of(profile).database_key == expected, f"byte {place}"
            assert profile.header.read_bytes() == profile.copy.read_bytes() == whole


def test_each_spoilt_byte_of_both_copies_is_refused(profile: Profile) -> None:
    """No field of the header can be changed: all of it is bound into the slot."""
    whole = profile.header.read_bytes()
    for place in range(len(whole)):
        spoilt = bytearray(whole)
        spoilt[place] ^= 0x01
        profile.header.write_bytes(spoilt)
        profile.copy.write_bytes(spoilt)
        assert profile.refusal() in REFUSALS, f"byte {place}"
    profile.put(headers.parse(whole))
    assert profile.refusal() is None


@pytest.mark.parametrize("spoilt", [b"", b"{}", b"\x00" * 100, b"[" * 9_000])
def test_a_copy_that_is_no_header_is_passed_over(
    profile: Profile, spoilt: bytes
) -> None:
    """Empty, foreign or absurd: the other copy opens; both so: PROFILE_DAMAGED."""
    profile.header.write_bytes(spoilt)
    keys_of(profile)
    profile.header.write_bytes(spoilt)
    profile.copy.write_bytes(spoilt)
    assert profile.refusal() is Code.PROFILE_DAMAGED


def test_one_copy_is_enough(profile: Profile) -> None:
    """A missing copy is written again."""
    profile.header.unlink()
    keys_of(profile)
    profile.copy.unlink()
    keys_of(profile)
    assert profile.header.read_bytes() == profile.copy.read_bytes()


def test_a_crash_between_the_two_copies_leaves_old_or_new(profile: Profile) -> None:
    """A passphrase change that stopped in the middle opens by either one."""
    before = profile.copy.read_bytes()
    profile.vault.change_passphrase(WORDS, OTHER)
    profile.copy.write_bytes(before)
    keys_of(profile, OTHER)
    assert profile.refusal(WORDS) is Code.PASSPHRASE_WRONG
    after = profile.header.read_bytes()
    profile.header.write_bytes(after)
    profile.copy.write_bytes(before)
    keys_of(profile, WORDS)
    assert profile.refusal(OTHER) is Code.PASSPHRASE_WRONG


def test_a_header_of_a_later_version_is_left_alone(profile: Profile) -> None:
    """PROFILE_NEWER, in one copy or both, and nothing is written."""
    whole = profile.header.read_bytes()
    newer = whole.replace(b'"version":1', b'"version":2')
    assert newer != whole
    profile.header.write_bytes(newer)
    assert profile.refusal() is Code.PROFILE_NEWER
    assert profile.header.read_bytes() == newer
    with pytest.raises(UnavailableError):
        profile.vault.destroy()
    assert profile.header.exists()


@pytest.mark.parametrize(
    "absurd",
    [
        {"memory_kib": CEILING.memory_kib + 1},
        {"memory_kib": 2**40},
        {"memory_kib": 0},
        {"memory_kib": -1},
        {"passes": CEILING.passes + 1},
        {"passes": 0},
        {"lanes": CEILING.lanes + 1},
        {"lanes": 0},
    ],
)
def test_absurd_parameters_are_refused_before_anything_is_derived(
    profile: Profile, absurd: dict[str, int]
) -> None:
    """A planted header cannot stop the machine."""
    header = profile.read()
    kdf = msgspec.structs.replace(header.passphrase.kdf, **absurd)
    slot = msgspec.structs.replace(header.passphrase, kdf=kdf)
    profile.put(msgspec.structs.replace(header, passphrase=slot))
    assert profile.refusal() is Code.PROFILE_DAMAGED


def test_a_cheap_header_is_refused_by_the_policy_of_a_release(
    profile: Profile,
) -> None:
    """What tests make cannot be opened by what ships."""
    profile.policy = RELEASE
    assert profile.refusal() is Code.PROFILE_DAMAGED


def test_the_keyring_mode_cannot_be_turned(profile: Profile) -> None:
    """A header rewritten to do without its device secret opens nothing."""
    header = profile.read()
    slot = msgspec.structs.replace(header.passphrase, secret_name=None)
    profile.put(
        msgspec.structs.replace(header, passphrase=slot, keyring=KeyringMode.OPTIONAL)
    )
    assert profile.refusal() is Code.PASSPHRASE_WRONG


def test_the_passphrase_alone_does_not_open(profile: Profile) -> None:
    """Another device secret under the same name: the uniform refusal."""
    name = str(profile.read().passphrase.secret_name)
    kept = profile.secrets.kept[name]
    profile.secrets.kept[name] = os.urandom(32)
    assert profile.refusal() is Code.PASSPHRASE_WRONG
    profile.secrets.kept[name] = kept
    assert profile.refusal() is None


def test_the_key_of_the_ledger_cannot_be_taken_out_of_the_header(
    profile: Profile,
) -> None:
    """Without it the slot opens nothing: nobody begins a fresh ledger that way."""
    header = profile.read()
    slot = msgspec.structs.replace(header.passphrase, ledger=msgspec.UNSET)
    profile.put(msgspec.structs.replace(header, passphrase=slot))
    assert profile.refusal() is Code.PASSPHRASE_WRONG


def test_the_key_of_the_ledger_hangs_beside_the_vault_key(profile: Profile) -> None:
    """Exchanged between two profiles of one passphrase, it opens nothing."""
    other = Profile(profile.folder / "other")
    other.vault.create(WORDS, keyring=KeyringMode.REQUIRED)
    header, foreign = profile.read(), other.read().passphrase.ledger
    slot = msgspec.structs.replace(header.passphrase, ledger=foreign)
    profile.put(msgspec.structs.replace(header, passphrase=slot))
    assert profile.refusal() is Code.PASSPHRASE_WRONG
    slot = msgspec.structs.replace(header.passphrase, ledger=header.passphrase.wrapped)
    profile.put(msgspec.structs.replace(header, passphrase=slot))
    assert profile.refusal() is Code.PASSPHRASE_WRONG


def test_a_header_from_before_the_ledger_gets_its_key(profile: Profile) -> None:
    """The next unlock adds it to both copies, and it stays the same from then on."""
    header = without_ledger(profile)
    assert b'"ledger"' not in profile.header.read_bytes()
    first = keys_of(profile)
    after = profile.read()
    assert after.generation == header.generation + 1
    assert after.passphrase.ledger is not msgspec.UNSET
    assert profile.header.read_bytes() == profile.copy.read_bytes()
    assert keys_of(profile).ledger_key == first.ledger_key
    assert len(first.ledger_key) == 32


def test_a_missing_or_locked_keyring_is_told_apart(profile: Profile) -> None:
    """KEYRING_LOCKED can be mended by the person, KEYRING_MISSING cannot."""
    profile.secrets.locked = True
    assert profile.refusal() is Code.KEYRING_LOCKED
    profile.secrets.locked = False
    profile.secrets.accepted = False
    assert profile.refusal() is Code.KEYRING_MISSING
    profile.secrets.accepted = True
    profile.secrets.kept.clear()
    assert profile.refusal() is Code.KEYRING_MISSING


def test_a_locked_keyring_makes_no_vault(tmp_path: Path) -> None:
    """Creation fails whole, and can be tried again."""
    profile = Profile(tmp_path)
    profile.secrets.locked = True
    with pytest.raises(UnavailableError) as caught:
        profile.vault.create(WORDS, keyring=KeyringMode.REQUIRED)
    assert caught.value.code is Code.KEYRING_LOCKED
    assert not profile.vault.exists()
    profile.secrets.locked = False
    profile.vault.create(WORDS, keyring=KeyringMode.REQUIRED)


def test_destroy_forgets_the_device_secret(profile: Profile) -> None:
    """Nothing stays in the keyring; even a damaged header can be removed."""
    profile.vault.destroy()
    assert profile.secrets.kept == {}
    assert list(profile.folder.iterdir()) == []
    profile.vault.create(WORDS, keyring=KeyringMode.OPTIONAL)
    profile.header.write_bytes(b"spoilt")
    profile.copy.write_bytes(b"spoilt")
    profile.vault.destroy()
    assert not profile.vault.exists()


def test_a_change_keeps_the_device_secret_and_takes_a_new_salt(
    profile: Profile,
) -> None:
    """The keyring is written once, never again."""
    before, kept = profile.read(), dict(profile.secrets.kept)
    profile.vault.change_passphrase(WORDS, OTHER)
    after = profile.read()
    assert profile.secrets.kept == kept
    assert after.generation == before.generation + 1
    assert after.passphrase.salt != before.passphrase.salt
    assert after.secrets == before.secrets


def test_real_parameters_open_what_they_made(tmp_path: Path) -> None:
    """One whole round at the cost of a release, within its bounds."""
    profile = Profile(tmp_path, policy=RELEASE)
    made = profile.vault.create(WORDS, keyring=KeyringMode.OPTIONAL)
    kdf = profile.read().passphrase.kdf
    assert kdf.within(FLOOR, CEILING)
    assert profile.vault.unlock(WORDS).database_key == made.database_key


def test_real_parameters_refuse_a_wrong_passphrase(tmp_path: Path) -> None:
    """The uniform refusal, at the cost of a release and in a fixed choice."""
    only = RELEASE.memory_steps_kib[:1]
    policy = KdfPolicy(
        floor=RELEASE.floor, ceiling=RELEASE.ceiling, memory_steps_kib=only
    )
    profile = Profile(tmp_path, policy=policy)
    profile.vault.create(WORDS, keyring=KeyringMode.REQUIRED)
    with pytest.raises(RefusedError) as caught:
        profile.vault.unlock(OTHER)
    assert caught.value.code is Code.PASSPHRASE_WRONG
    assert profile.read().passphrase.kdf == KdfParameters(
        memory_kib=64 * 1024, passes=3, lanes=4
    )


def test_a_turn_leaves_no_old_half_in_the_keyring(profile: Profile) -> None:
    """Device secret and one half of the item key, before and after; never a third."""
    vault = profile.vault
    before = vault.unlock(WORDS)
    names = set(profile.secrets.kept)
    vault.begin_turn(database=True)
    assert len(profile.secrets.kept) == 3
    after = vault.finish_turn()
    assert len(profile.secrets.kept) == 2
    assert len(names & set(profile.secrets.kept)) == 1
    assert after.item_key != before.item_key
    assert profile.header.read_bytes() == profile.copy.read_bytes()


def test_a_keyring_that_was_locked_is_cleared_at_the_next_unlock(
    profile: Profile,
) -> None:
    """The old half stays until it can be removed; it wraps nothing any more."""
    vault = profile.vault
    vault.unlock(WORDS)
    kept = profile.secrets.kept
    vault.begin_turn(database=False)

    class Stubborn(dict[str, bytes]):
        def pop(self, name: str, default: bytes | None = None) -> bytes | None:  # type: ignore[override]
            raise UnavailableError(Code.KEYRING_LOCKED, name)

    profile.secrets.kept = Stubborn(kept)
    vault.finish_turn()
    assert len(profile.secrets.kept) == 3
    profile.secrets.kept = dict(profile.secrets.kept)
    keys_of(profile)
    assert len(profile.secrets.kept) == 2


def test_a_turn_is_in_either_copy(profile: Profile) -> None:
    """One copy lost in the middle: the other goes on."""
    vault = profile.vault
    vault.unlock(WORDS)
    begun = vault.begin_turn(database=True)
    for path in (profile.header, profile.copy):
        data = path.read_bytes()
        path.write_bytes(b"spoilt")
        assert keys_of(profile).next == begun.next
        assert path.read_bytes() == data


def test_destroy_forgets_every_half(profile: Profile) -> None:
    """In the middle of a turn too."""
    vault = profile.vault
    vault.unlock(WORDS)
    vault.begin_turn(database=True)
    profile.vault.destroy()
    assert profile.secrets.kept == {}
