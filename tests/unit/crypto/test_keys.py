"""Signing, sealing and hashing: known answers, and refusal of everything else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.crypto.hashes import Sha256, sha256, sha256_hex
from reviewer.crypto.sealing import OVERHEAD_BYTES, SealPrivateKey, SealPublicKey
from reviewer.crypto.signing import SigningKey, VerifyingKey
from reviewer.domain.ids import KeyId
from reviewer.errors import Code, VerificationError
from tests.vectors.organisation import seal_key, signing_key

SEALER = seal_key("one")
SIGNER = signing_key("one")

# RFC 8032, section 7.1, test 2.
RFC_SEED = bytes.fromhex(
    "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"
)
RFC_KEY = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
RFC_SIGNATURE = (
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
)


def test_hash_of_a_stream_is_the_hash_of_the_whole() -> None:
    """Taking bytes in by parts gives the one-shot digest."""
    digest = Sha256()
    for part in (b"ab", bytearray(b"c"), memoryview(b"")):
        digest.update(part)
    assert digest.digest() == sha256(b"abc")
    assert digest.hex() == sha256_hex(b"abc")
    assert sha256_hex(b"abc").startswith("ba7816bf")


def test_signature_is_the_one_of_rfc_8032() -> None:
    """The published seed gives the published key and signature."""
    key = SigningKey.from_seed(RFC_SEED)
    assert key.verifying_key.raw.hex() == RFC_KEY
    assert key.sign(b"\x72").hex() == RFC_SIGNATURE
    assert key.seed == RFC_SEED


def test_key_id_is_the_hash_of_the_raw_key() -> None:
    """Both halves name the same id."""
    assert SIGNER.key_id == KeyId(sha256_hex(SIGNER.verifying_key.raw))
    assert SIGNER.key_id == SIGNER.verifying_key.key_id


def test_verifying_keys_compare_by_their_bytes() -> None:
    """Loading a key again gives an equal one, and another key another."""
    again = VerifyingKey.from_raw(SIGNER.verifying_key.raw)
    assert {again, SIGNER.verifying_key} == {again}
    assert again != signing_key("two").verifying_key
    assert again != SIGNER.verifying_key.raw


@given(st.integers(0, 511))
def test_any_flipped_bit_of_a_signature_is_refused(bit: int) -> None:
    """A signature has one spelling."""
    changed = bytearray(SIGNER.sign(b"message"))
    changed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(VerificationError) as caught:
        SIGNER.verifying_key.verify(bytes(changed), b"message")
    assert caught.value.code is Code.SIGNATURE_INVALID


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_keys_of_another_length_are_malformed(length: int) -> None:
    """No library error escapes for a key of the wrong size."""
    for load in (
        SigningKey.from_seed,
        VerifyingKey.from_raw,
        SealPrivateKey.from_raw,
        SealPublicKey.from_raw,
    ):
        with pytest.raises(VerificationError) as caught:
            load(bytes(length))
        assert caught.value.code is Code.MALFORMED


def test_sealed_bytes_open_under_the_same_info_only() -> None:
    """`info` binds: another one does not open."""
    sealed = SEALER.public.seal(b"manifest", info=b"batch")
    assert len(sealed) == len(b"manifest") + OVERHEAD_BYTES
    assert SEALER.open(sealed, info=b"batch") == b"manifest"
    for key, info in ((SEALER, b"other"), (seal_key("two"), b"batch")):
        with pytest.raises(VerificationError) as caught:
            key.open(sealed, info=info)
        assert caught.value.code is Code.UNSEAL_FAILED


def test_seal_keys_survive_storage() -> None:
    """Raw bytes load into the same pair."""
    again = SealPrivateKey.from_raw(SEALER.raw)
    assert again.key_id == SEALER.key_id == SealPublicKey(SEALER.public.raw).key_id
    sealed = again.public.seal(b"", info=b"")
    assert SEALER.open(sealed, info=b"") == b""
    assert SealPrivateKey.generate().key_id != SealPrivateKey.generate().key_id


@pytest.mark.parametrize("place", [0, 600, 1119, 1120, 1130, -1])
def test_a_changed_byte_of_sealed_bytes_is_refused(place: int) -> None:
    """In the encapsulated key, the ciphertext and the tag alike."""
    sealed = bytearray(SEALER.public.seal(b"manifest", info=b""))
    sealed[place] ^= 1
    with pytest.raises(VerificationError) as caught:
        SEALER.open(bytes(sealed), info=b"")
    assert caught.value.code is Code.UNSEAL_FAILED


@pytest.mark.parametrize("length", [0, 1, 1119, 1120, 1135])
def test_cut_sealed_bytes_are_refused(length: int) -> None:
    """However short."""
    sealed = SEALER.public.seal(b"manifest", info=b"")
    with pytest.raises(VerificationError) as caught:
        SEALER.open(sealed[:length], info=b"")
    assert caught.value.code is Code.UNSEAL_FAILED


def test_sealing_to_a_point_of_low_order_is_refused() -> None:
    """Such a key would share its secret with everyone."""
    key = SealPublicKey.from_raw(bytes(1216))
    with pytest.raises(VerificationError) as caught:
        key.seal(b"manifest", info=b"")
    assert caught.value.code is Code.MALFORMED


def test_a_public_key_out_of_range_is_malformed() -> None:
    """ML-KEM coefficients beyond the modulus are refused at load."""
    with pytest.raises(VerificationError) as caught:
        SealPublicKey.from_raw(b"\xff" * 1216)
    assert caught.value.code is Code.MALFORMED
