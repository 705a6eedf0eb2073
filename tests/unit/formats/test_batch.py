"""Batches: each step of reading broken alone has its own code."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec
import pytest

from reviewer.crypto.hashes import sha256_hex
from reviewer.crypto.sealing import SealPrivateKey
from reviewer.domain.ids import BatchId, ItemId, Sha256Hex, UtcTime
from reviewer.domain.item import BatchPurpose, Flag, FlaggedBy, Item, Origin
from reviewer.domain.person import Role
from reviewer.errors import Code, VerificationError
from reviewer.formats import batch, canonical, envelope, framing
from reviewer.formats import trust as trusts
from reviewer.formats.base64 import b64
from reviewer.formats.signed import ZERO_HASH
from reviewer.formats.wire import BatchBinding, BatchOuter, Extent, Manifest
from tests.vectors.organisation import (
    ISSUED,
    MEDIA,
    NOT_AFTER,
    Organisation,
    key_id_of,
    signing_key,
)

OURS = Organisation()
THEIRS = Organisation("magpie")
TRUST = OURS.trust()
DATA = OURS.batch()
LATER = UtcTime("2029-01-01T00:00:00Z")


def code_of(call: Callable[[], object]) -> Code:
    with pytest.raises(VerificationError) as caught:
        call()
    return caught.value.code


def outer_of(
    data: bytes, *, trust: trusts.VerifiedTrust = TRUST
) -> batch.VerifiedOuter:
    head = batch.read_head(io.BytesIO(data))
    return batch.verify_outer(head, trust=trust, device=OURS.device.key_id)


def parts_of(data: bytes) -> tuple[batch.VerifiedOuter, bytes, bytes]:
    outer = outer_of(data)
    segment0 = data[outer.segment0_offset : outer.media_offset]
    return outer, segment0, data[outer.media_offset :]


def opened(
    data: bytes, *, key: SealPrivateKey = OURS.stock[0]
) -> batch.VerifiedManifest:
    outer, segment0, _ = parts_of(data)
    return batch.open_manifest(outer, segment0, key=key)


def signed(
    outer: BatchOuter,
    *,
    payload_type: str = envelope.TYPE_BATCH,
    by: Organisation = OURS,
) -> bytes:
    """Return a head around an outer part that nothing has checked."""
    data = envelope.sign(
        canonical.encode(outer), payload_type=payload_type, keys=[by.online]
    )
    return framing.frame(data, magic=batch.MAGIC)


def plain_outer(**changes: Any) -> BatchOuter:  # noqa: ANN401
    """Return a true outer part, then changed."""
    return BatchOuter(
        binding=msgspec.structs.replace(outer_of(DATA).binding, **changes),
        segment0=outer_of(DATA).segment0,
    )


def sealed(manifest: Manifest, *, binding: BatchBinding | None = None) -> bytes:
    """Return a batch whose segment 0 holds any manifest at all."""
    media, _ = OURS.media()
    outside = manifest.binding if binding is None else binding
    clear = canonical.encode(manifest)
    segment0 = OURS.stock[0].public.seal(clear, info=batch.info_of(outside))
    outer = BatchOuter(
        binding=outside,
        segment0=Extent(length=len(segment0), sha256=sha256_hex(segment0)),
    )
    return signed(outer) + segment0 + media


def manifest_of(**changes: Any) -> Manifest:  # noqa: ANN401
    return msgspec.structs.replace(opened(DATA).manifest, **changes)


def item_of(place: int = 0, **changes: Any) -> Item:  # noqa: ANN401
    return msgspec.structs.replace(manifest_of().items[place], **changes)


def with_items(*items: Item) -> bytes:
    return sealed(manifest_of(items=items))


# Reading -----------------------------------------------------------------------


def test_a_batch_opens_to_what_was_packed() -> None:
    """Outer fields, manifest, places and lengths."""
    outer, segment0, media = parts_of(DATA)
    assert outer.batch_id == "b0" * 16
    assert outer.file_bytes == len(DATA)
    assert outer.sha256 == sha256_hex(outer.data)
    batch.check_segment0(outer, segment0)
    assert media == OURS.media()[0]
    manifest = opened(DATA)
    assert (manifest.name, manifest.purpose) == ("Heron 12", BatchPurpose.REVIEW)
    assert manifest.policy_sha256 == TRUST.latest_policy_sha256
    assert manifest.config_sha256 == TRUST.latest_config_sha256
    assert [item.size_bytes for item in manifest.items] == [len(one) for one in MEDIA]


def test_reading_the_head_stops_at_segment_0() -> None:
    """So that nothing unverified is read ahead."""
    stream = io.BytesIO(DATA)
    head = batch.read_head(stream)
    assert stream.tell() == head.length_bytes == outer_of(DATA).segment0_offset


class OneByte(io.RawIOBase):
    """A stream that answers one byte at a time, as a pipe may."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self._stream = io.BytesIO(data)

    def read(self, size: int = -1, /) -> bytes:
        return self._stream.read(min(size, 1))


def test_short_answers_of_a_stream_are_not_the_end() -> None:
    """A head arrives whole or not at all."""
    head = batch.read_head(OneByte(DATA))  # type: ignore[arg-type]
    assert head.envelope.data == outer_of(DATA).data


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", Code.FORMAT_UNKNOWN),
        (b"RVB", Code.FORMAT_UNKNOWN),
        (b"RVB2\n" + DATA[5:], Code.FORMAT_UNKNOWN),
        (b"RVS1\n" + DATA[5:], Code.FORMAT_UNKNOWN),
        (b"RVB1\n\0\0", Code.MALFORMED),
        (b"RVB1\n\0\1\0\1" + bytes(1 << 17), Code.TOO_LARGE),
        (b"RVB1\n\xff\xff\xff\xff", Code.TOO_LARGE),
        (b"RVB1\n\0\0\0\0", Code.MALFORMED),
        (DATA[:400], Code.MALFORMED),
        (b"RVB1\n\0\0\0\2{}", Code.MALFORMED),
    ],
)
def test_step_1_sizes_and_form(data: bytes, code: Code) -> None:
    """Magic, length, cut, not an envelope."""
    assert code_of(lambda: batch.read_head(io.BytesIO(data))) is code


def test_an_envelope_over_the_cap_is_never_written() -> None:
    """The writer keeps the reader's rule."""
    assert code_of(lambda: framing.frame(bytes(65_537), magic=b"RVB1\n")) is (
        Code.TOO_LARGE
    )


def trust_with(**changes: Any) -> trusts.VerifiedTrust:  # noqa: ANN401
    directory = OURS.directory(**changes)
    return OURS.trust(directory=b64(trusts.sign_directory(OURS.root, directory)))


@pytest.mark.parametrize(
    ("trust", "code"),
    [
        (THEIRS.trust(), Code.KEY_UNKNOWN),
        (trust_with(role=Role.REVIEWER), Code.WRONG_ROLE),
        (trust_with(revoked_at=ISSUED), Code.KEY_REVOKED),
        (trust_with(valid_from=LATER), Code.KEY_EXPIRED),
        (trust_with(valid_until=UtcTime("2026-11-20T09:59:59Z")), Code.KEY_EXPIRED),
    ],
)
def test_step_2_signer(trust: trusts.VerifiedTrust, code: Code) -> None:
    """A key that the directory does not hold valid signs nothing."""
    assert code_of(partial(outer_of, DATA, trust=trust)) is code


def test_step_2_a_lapsed_key_is_refused_now() -> None:
    """Though it was valid at the time that it claims."""
    head = batch.read_head(io.BytesIO(DATA))
    verify = partial(batch.verify_outer, head, trust=TRUST, device=None)
    assert verify(now=NOT_AFTER).binding.issued == ISSUED
    assert code_of(partial(verify, now=LATER)) is Code.KEY_EXPIRED


def test_step_2_signature_type_and_form() -> None:
    """Each before the payload is believed."""
    good = plain_outer()
    forged = envelope.sign(
        canonical.encode(good), payload_type=envelope.TYPE_BATCH, keys=[THEIRS.online]
    ).replace(THEIRS.online.key_id.encode(), OURS.online.key_id.encode())
    forged_file = framing.frame(forged, magic=batch.MAGIC)
    assert code_of(lambda: outer_of(forged_file)) is Code.SIGNATURE_INVALID
    mistyped = signed(good, payload_type=envelope.TYPE_RECEIPT)
    assert code_of(lambda: outer_of(mistyped)) is Code.WRONG_TYPE
    unnamed = signed(plain_outer(format="rv-batch/9"))
    assert code_of(lambda: outer_of(unnamed)) is Code.FORMAT_UNKNOWN
    misnamed = signed(plain_outer(batch_id=BatchId("../" * 10)))
    assert code_of(lambda: outer_of(misnamed)) is Code.MALFORMED


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"coordinator": key_id_of("x")}, Code.BINDING_MISMATCH),
        ({"audience": key_id_of("x")}, Code.WRONG_AUDIENCE),
        ({"media": Extent(length=(64 << 30) + 1, sha256=ZERO_HASH)}, Code.TOO_LARGE),
    ],
)
def test_step_2_binding_audience_and_caps(changes: dict[str, Any], code: Code) -> None:
    """The clear fields are for us and bounded."""
    assert code_of(lambda: outer_of(signed(plain_outer(**changes)))) is code


def test_step_2_segment_0_is_bounded() -> None:
    """Before a byte of it is read."""
    outer = msgspec.structs.replace(
        plain_outer(), segment0=Extent(length=25 << 20, sha256=ZERO_HASH)
    )
    assert code_of(lambda: outer_of(signed(outer))) is Code.TOO_LARGE


# Sequence, time, version -------------------------------------------------------

FIRST = outer_of(DATA)


def numbered(seq: int, prev: str) -> batch.VerifiedOuter:
    return outer_of(signed(plain_outer(seq=seq, prev=Sha256Hex(prev))))


def placed(
    outer: batch.VerifiedOuter, *, last: int | None, is_gap: bool = False
) -> tuple[int, ...]:
    return batch.check_sequence(
        outer,
        last_seq=last,
        last_sha256=None if last is None else FIRST.sha256,
        is_gap=is_gap,
    )


def test_step_3_a_gap_is_accepted_and_reported() -> None:
    """In order, with a gap, and late into a gap."""
    other = "aa" * 32
    assert placed(FIRST, last=None) == ()
    assert placed(numbered(1, FIRST.sha256), last=0) == ()
    assert placed(numbered(4, other), last=1) == (2, 3)
    assert placed(numbered(2, other), last=None) == (0, 1)
    assert placed(numbered(1, other), last=3, is_gap=True) == ()


@pytest.mark.parametrize(
    ("seq", "prev", "last", "code"),
    [
        (0, "aa" * 32, None, Code.SEQUENCE_FORK),
        (1, "00" * 32, 0, Code.SEQUENCE_FORK),
        (1, "aa" * 32, 0, Code.SEQUENCE_FORK),
        (1, "aa" * 32, 1, Code.SEQUENCE_FORK),
        (1, "aa" * 32, 3, Code.SEQUENCE_REPLAY),
    ],
)
def test_step_3_forks_and_replays(
    seq: int, prev: str, last: int | None, code: Code
) -> None:
    """Two batches of one number, another past, an old number."""
    assert code_of(lambda: placed(numbered(seq, prev), last=last)) is code


def test_step_4_not_after() -> None:
    """By signed times alone; a batch may also be born dead."""
    batch.check_time(FIRST, now_low=None)
    batch.check_time(FIRST, now_low=NOT_AFTER)
    assert code_of(lambda: batch.check_time(FIRST, now_low=LATER)) is Code.EXPIRED
    dead = outer_of(signed(plain_outer(not_after=UtcTime("2026-11-20T09:00:00Z"))))
    assert code_of(lambda: batch.check_time(dead, now_low=None)) is Code.EXPIRED


def test_the_least_app_version_is_asked_by_number() -> None:
    """Ten is above nine, and a missing part is zero."""
    for version in ("0.1", "0.1.0", "0.10.0", "1.0"):
        batch.check_app_version(FIRST, version=version)
    assert code_of(lambda: batch.check_app_version(FIRST, version="0.0.9")) is (
        Code.APP_TOO_OLD
    )
    assert code_of(lambda: batch.check_app_version(FIRST, version="0.1rc1")) is (
        Code.MALFORMED
    )


# Segment 0 ---------------------------------------------------------------------


def test_step_5_segment_0_is_what_was_signed_for() -> None:
    """Changed, cut or extended."""
    outer, segment0, _ = parts_of(DATA)
    for wrong in (segment0[:-1], segment0 + b"\0", b"\0" + segment0[1:]):
        assert code_of(partial(batch.check_segment0, outer, wrong)) is (
            Code.HASH_MISMATCH
        )
        open_it = partial(batch.open_manifest, outer, wrong, key=OURS.stock[0])
        assert code_of(open_it) is Code.HASH_MISMATCH


def test_step_6_the_key_is_the_one_named() -> None:
    """Another key of the stock does not even try."""
    assert code_of(lambda: opened(DATA, key=OURS.stock[1])) is Code.SEAL_KEY_UNKNOWN


def test_step_6_the_seal_binds_the_outer_fields() -> None:
    """A sealed manifest moved under another outer part does not open."""
    _, segment0, media = parts_of(DATA)
    moved = signed(plain_outer(seq=1, prev=Sha256Hex("aa" * 32))) + segment0 + media
    assert code_of(lambda: opened(moved)) is Code.UNSEAL_FAILED


def test_step_6_the_inner_fields_equal_the_outer() -> None:
    """Even where the seal was made for the other ones."""
    binding = plain_outer(not_after=LATER).binding
    assert code_of(lambda: opened(sealed(manifest_of(), binding=binding))) is (
        Code.BINDING_MISMATCH
    )


def test_step_6_the_manifest_is_canonical_and_ours() -> None:
    """Its own format, and nothing but the manifest."""
    assert code_of(lambda: opened(sealed(manifest_of(format="x")))) is (
        Code.FORMAT_UNKNOWN
    )
    media, _ = OURS.media()
    binding = plain_outer().binding
    clear = canonical.encode(manifest_of()) + b"\n"
    segment0 = OURS.stock[0].public.seal(clear, info=batch.info_of(binding))
    extent = Extent(length=len(segment0), sha256=sha256_hex(segment0))
    data = signed(BatchOuter(binding=binding, segment0=extent)) + segment0 + media
    assert code_of(lambda: opened(data)) is Code.NOT_CANONICAL


# Items -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"minor_possible": True}, Code.ITEM_NOT_FOR_LAPTOPS),
        ({"origin": Origin.REMOVAL_ORDER}, Code.ITEM_NOT_FOR_LAPTOPS),
        (
            {
                "origin": Origin.REMOVAL_ORDER,
                "deadline": UtcTime("2026-11-20T13:59:59Z"),
            },
            Code.ITEM_NOT_FOR_LAPTOPS,
        ),
        ({"size_bytes": (8 << 30) + 1}, Code.TOO_LARGE),
        ({"sealed_bytes": 1}, Code.MALFORMED),
        ({"identity": b64(bytes(31))}, Code.MALFORMED),
        ({"identity": "?"}, Code.MALFORMED),
        ({"severity": 6}, Code.MALFORMED),
        ({"assumed_severity": 6}, Code.MALFORMED),
        ({"flag": Flag(by=FlaggedBy.USER, reason="x" * 2001)}, Code.TOO_LARGE),
        ({"offset_bytes": 1}, Code.MALFORMED),
        ({"id": ItemId(f"{2:032x}")}, Code.BINDING_MISMATCH),
        ({"identity": b64(OURS.identities[1].raw)}, Code.BINDING_MISMATCH),
    ],
)
def test_step_6_each_item_must_be_admissible(
    changes: dict[str, Any], code: Code
) -> None:
    """One wrong item refuses the batch whole."""
    items = (item_of(**changes), item_of(1), item_of(2))
    assert code_of(lambda: opened(with_items(*items))) is code


def test_removal_orders_with_time_left_may_come() -> None:
    """Four hours by the highest signed time."""
    order = item_of(
        origin=Origin.REMOVAL_ORDER, deadline=UtcTime("2026-11-20T14:00:00Z")
    )
    data = with_items(order, item_of(1), item_of(2))
    outer, segment0, _ = parts_of(data)
    open_it = partial(batch.open_manifest, outer, segment0, key=OURS.stock[0])
    assert open_it().items[0] == order
    late = UtcTime("2026-11-20T10:00:01Z")
    assert code_of(partial(open_it, now=late)) is Code.ITEM_NOT_FOR_LAPTOPS


def test_items_fill_the_media_exactly() -> None:
    """Neither a gap, nor a rest, nor an overlap; any order will do."""
    turned = with_items(item_of(2), item_of(0), item_of(1))
    assert len(opened(turned).items) == 3
    for items in ((0, 1), (1, 2), (0, 2), ()):
        data = with_items(*(item_of(place) for place in items))
        assert code_of(partial(opened, data)) is Code.MALFORMED
    double = item_of(id=ItemId(f"{9:032x}"), identity=b64(signing_key("age").seed))
    data = with_items(item_of(0), double, item_of(1), item_of(2))
    assert code_of(lambda: opened(data)) is Code.MALFORMED


def test_too_many_items_are_refused() -> None:
    """Ten thousand is the cap."""
    manifest = with_items(*(item_of(0),) * 10_001)
    assert code_of(lambda: opened(manifest)) is Code.TOO_LARGE


# Writing -----------------------------------------------------------------------


def written(
    *,
    media: bytes | None = None,
    items: tuple[Item, ...] | None = None,
    name: str = "Heron 12",
    **changes: Any,  # noqa: ANN401
) -> bytes:
    true_media, true_items = OURS.media()
    out = io.BytesIO()
    sha256 = batch.write_batch(
        out,
        binding=OURS.binding(true_media, **changes),
        name=name,
        purpose=BatchPurpose.REVIEW,
        policy_sha256=ZERO_HASH,
        config_sha256=ZERO_HASH,
        items=true_items if items is None else items,
        media=io.BytesIO(true_media if media is None else media),
        seal_to=OURS.stock[0].public,
        signer=OURS.online,
    )
    assert sha256 == outer_of(out.getvalue()).sha256
    return out.getvalue()


def test_a_written_batch_is_read() -> None:
    """The hash it returns is the next batch's `prev`."""
    assert opened(written()).name == "Heron 12"


def test_the_writer_keeps_the_readers_rules() -> None:
    """Keys, items, media and sizes are checked before anything is written."""
    media, items = OURS.media()
    refused = (
        (partial(written, coordinator=key_id_of("x")), Code.BINDING_MISMATCH),
        (partial(written, seal_key=key_id_of("x")), Code.BINDING_MISMATCH),
        (partial(written, items=items[:1]), Code.MALFORMED),
        (partial(written, media=media[:-1]), Code.HASH_MISMATCH),
        (partial(written, media=b"\1" + media[1:]), Code.HASH_MISMATCH),
        (partial(written, name="x" * (24 << 20)), Code.TOO_LARGE),
    )
    for call, code in refused:
        assert code_of(call) is code
