"""The age reader and writer: against pyrage, and against every kind of damage."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.crypto.age import (
    CHUNK_BYTES,
    TAG_BYTES,
    AgeIdentity,
    AgeReader,
    AgeRecipient,
    SealedMedia,
    encrypt_stream,
    sealed_length,
)
from reviewer.crypto.hashes import sha256_hex
from reviewer.errors import Code, VerificationError
from tests.unit.crypto.partner import partner_decrypts, partner_encrypts
from tests.vectors.organisation import stream

ME = AgeIdentity.generate(stream("age/me"))
OTHER = AgeIdentity.generate(stream("age/other"))
HEADER_BYTES = sealed_length(0) - TAG_BYTES - 16
PAYLOAD = HEADER_BYTES + 16
SIZES = (0, 1, 100, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES + 7)


def clear_of(length: int) -> bytes:
    return stream(f"clear/{length}")(length)


def sealed_of(
    clear: bytes, *, padded_to: int | None = None
) -> tuple[bytes, SealedMedia]:
    out = io.BytesIO()
    done = encrypt_stream(
        io.BytesIO(clear),
        out,
        recipient=ME.recipient,
        length=len(clear),
        padded_to=padded_to,
        entropy=stream("age/file"),
    )
    return out.getvalue(), done


def reader_of(sealed: bytes, identity: AgeIdentity = ME) -> AgeReader:
    return AgeReader(at(sealed), len(sealed), identity)


def at(data: bytes) -> Callable[[int, int], bytes]:
    return lambda offset, length: data[offset : offset + length]


def code_of(sealed: bytes, identity: AgeIdentity = ME) -> Code | None:
    try:
        reader = reader_of(sealed, identity)
        for start in range(0, reader.plain_bytes, CHUNK_BYTES):
            reader.read(start, CHUNK_BYTES)
    except VerificationError as error:
        return error.code
    return None


def changed(data: bytes, place: int) -> bytes:
    copy = bytearray(data)
    copy[place] ^= 1
    return bytes(copy)


@pytest.mark.parametrize("length", SIZES)
def test_pyrage_reads_what_we_write(length: int) -> None:
    """Our files are plain age files."""
    clear = clear_of(length)
    sealed, done = sealed_of(clear)
    assert partner_decrypts(sealed, identity=ME.raw) == clear
    assert done.sealed_bytes == len(sealed) == sealed_length(length)
    assert (done.clear_bytes, done.clear_sha256) == (length, sha256_hex(clear))


@pytest.mark.parametrize("length", SIZES)
def test_we_read_what_pyrage_writes(length: int) -> None:
    """Grease stanzas and other recipients included."""
    clear = clear_of(length)
    reader = reader_of(partner_encrypts(clear, identity=ME.raw))
    assert reader.plain_bytes == length
    assert reader.read(0, length + 10) == clear


@given(st.sampled_from(SIZES), st.integers(0, 300_000), st.integers(0, 4 * CHUNK_BYTES))
def test_random_access_equals_the_slice(length: int, offset: int, count: int) -> None:
    """Any range, and nothing beyond the end."""
    clear = clear_of(length)
    reader = reader_of(sealed_of(clear)[0])
    assert reader.read(offset, count) == clear[offset : offset + count]
    assert reader.read(offset, 10) == clear[offset : offset + 10]


def test_a_read_of_many_chunks_asks_for_a_megabyte_at_a_time() -> None:
    """Memory stays flat however long the underlying file is."""
    clear = clear_of(40 * CHUNK_BYTES)
    sealed, _ = sealed_of(clear)
    asked: list[int] = []

    def read_at(offset: int, length: int) -> bytes:
        asked.append(length)
        return sealed[offset : offset + length]

    assert AgeReader(read_at, len(sealed), ME).read(0, len(clear)) == clear
    assert max(asked) == 16 * (CHUNK_BYTES + TAG_BYTES)


def test_negative_ranges_are_a_mistake() -> None:
    """The caller has checked sizes before."""
    reader = reader_of(sealed_of(b"clear")[0])
    with pytest.raises(ValueError, match="negative"):
        reader.read(-1, 1)


def test_padding_is_zeros_behind_the_true_size() -> None:
    """The clear hash covers the true bytes only."""
    sealed, done = sealed_of(b"clear", padded_to=CHUNK_BYTES + 9)
    reader = reader_of(sealed)
    assert reader.plain_bytes == CHUNK_BYTES + 9
    assert reader.read(0, reader.plain_bytes) == b"clear" + bytes(CHUNK_BYTES + 4)
    assert done.clear_sha256 == sha256_hex(b"clear")
    with pytest.raises(ValueError, match="padding"):
        sealed_of(b"clear", padded_to=4)


def test_a_reader_that_ends_early_is_refused() -> None:
    """A file that shrank while it was packed is not padded out silently."""
    with pytest.raises(VerificationError) as caught:
        encrypt_stream(
            io.BytesIO(b"short"), io.BytesIO(), recipient=ME.recipient, length=6
        )
    assert caught.value.code is Code.MALFORMED


def test_another_identity_finds_no_stanza() -> None:
    """The class of failure is no match."""
    assert code_of(sealed_of(b"clear")[0], OTHER) is Code.SEAL_KEY_UNKNOWN


def test_every_changed_byte_of_the_header_is_refused() -> None:
    """As malformed, as no match, or by its MAC."""
    sealed, _ = sealed_of(b"clear")
    codes = {code_of(changed(sealed, place)) for place in range(HEADER_BYTES)}
    assert codes == {Code.MALFORMED, Code.SEAL_KEY_UNKNOWN, Code.SIGNATURE_INVALID}


@pytest.mark.parametrize("length", [0, 5, CHUNK_BYTES, 2 * CHUNK_BYTES + 5])
def test_a_changed_byte_of_any_chunk_is_a_payload_failure(length: int) -> None:
    """First and last byte of the nonce, of each chunk, of each tag."""
    sealed, _ = sealed_of(clear_of(length))
    places = {HEADER_BYTES, PAYLOAD - 1, len(sealed) - 1}
    step = CHUNK_BYTES + TAG_BYTES
    for start in range(PAYLOAD, len(sealed), step):
        places |= {start, min(start + step, len(sealed)) - 1}
    for place in places:
        assert code_of(changed(sealed, place)) is Code.UNSEAL_FAILED


@pytest.mark.parametrize("length", [0, 5, CHUNK_BYTES, 2 * CHUNK_BYTES + 5])
def test_a_cut_or_appended_byte_is_a_payload_failure(length: int) -> None:
    """Found at once: the final chunk alone proves the length."""
    sealed, _ = sealed_of(clear_of(length))
    step = CHUNK_BYTES + TAG_BYTES
    for wrong in (
        sealed[:-1],
        sealed[:-TAG_BYTES],
        sealed[: PAYLOAD + step],
        sealed + b"\0",
        sealed + bytes(TAG_BYTES),
        sealed + bytes(step),
    ):
        if wrong != sealed:
            with pytest.raises(VerificationError) as caught:
                reader_of(wrong)
            assert caught.value.code is Code.UNSEAL_FAILED


def test_swapped_chunks_are_refused() -> None:
    """Each chunk's nonce is its number."""
    step = CHUNK_BYTES + TAG_BYTES
    sealed, _ = sealed_of(clear_of(2 * CHUNK_BYTES + 5))
    first, second = PAYLOAD, PAYLOAD + step
    wrong = (
        sealed[:first]
        + sealed[second : second + step]
        + sealed[first:second]
        + sealed[second + step :]
    )
    reader = reader_of(wrong)
    with pytest.raises(VerificationError) as caught:
        reader.read(0, 1)
    assert caught.value.code is Code.UNSEAL_FAILED
    assert reader.read(2 * CHUNK_BYTES, 5) == clear_of(2 * CHUNK_BYTES + 5)[-5:]


def test_a_header_without_its_nonce_is_malformed() -> None:
    """Cut between header and payload."""
    sealed, _ = sealed_of(b"clear")
    assert code_of(sealed[:HEADER_BYTES]) is Code.MALFORMED
    assert code_of(sealed[: PAYLOAD - 1]) is Code.MALFORMED


def test_a_file_that_shrinks_under_the_reader_is_refused() -> None:
    """Short answers of the file never pass as data."""
    sealed, _ = sealed_of(clear_of(3 * CHUNK_BYTES))
    kept = sealed

    def read_at(offset: int, length: int) -> bytes:
        return kept[offset : offset + length]

    reader = AgeReader(read_at, len(sealed), ME)
    kept = sealed[: PAYLOAD + 10]
    with pytest.raises(VerificationError) as caught:
        reader.read(0, 10)
    assert caught.value.code is Code.UNSEAL_FAILED


def test_keys_of_low_order_or_another_length_are_malformed() -> None:
    """For identities and recipients alike."""
    for make in (
        lambda: AgeIdentity.from_raw(bytes(31)),
        lambda: AgeRecipient(bytes(33)),
        lambda: AgeRecipient(bytes(32)).wrap(bytes(16), ephemeral=bytes(31) + b"\1"),
    ):
        with pytest.raises(VerificationError) as caught:
            make()
        assert caught.value.code is Code.MALFORMED
