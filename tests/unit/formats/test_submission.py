"""Submissions and receipts as envelopes: who, for whom, which bytes."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec
import pytest

from reviewer.crypto.hashes import sha256_hex
from reviewer.domain.ids import KeyId, UtcTime
from reviewer.domain.person import Role
from reviewer.errors import Code, VerificationError
from reviewer.formats import canonical, envelope, framing, receipt, submission
from reviewer.formats import trust as trusts
from reviewer.formats.base64 import b64
from reviewer.formats.wire import Extent, Receipt, SubmissionBinding, SubmissionOuter
from tests.vectors.organisation import (
    ISSUED,
    RECEIVED,
    Organisation,
    key_id_of,
    seal_key,
)

OURS = Organisation()
THEIRS = Organisation("magpie")
TRUST = OURS.trust()
CONTENTS = OURS.contents(OURS.entries())
DATA = OURS.submission(CONTENTS)
SEALED = submission.verify_submission_outer(DATA, trust=TRUST).sealed


def code_of(call: Callable[[], object]) -> Code:
    with pytest.raises(VerificationError) as caught:
        call()
    return caught.value.code


def received(
    data: bytes,
    *,
    trust: trusts.VerifiedTrust = TRUST,
    coordinator: KeyId | None = None,
) -> submission.ReceivedSubmission:
    return submission.verify_submission_outer(
        data, trust=trust, coordinator=coordinator
    )


def signed(**changes: Any) -> bytes:  # noqa: ANN401
    """Return a submission whose clear part nothing has checked."""
    outer = SubmissionOuter(
        binding=msgspec.structs.replace(CONTENTS.binding, **changes),
        sealed=Extent(length=len(SEALED), sha256=sha256_hex(SEALED)),
    )
    data = envelope.sign(
        canonical.encode(outer),
        payload_type=envelope.TYPE_SUBMISSION,
        keys=[OURS.device],
    )
    return framing.frame(data, magic=submission.MAGIC) + SEALED


def test_a_submission_opens_to_what_was_frozen() -> None:
    """By the coordinator's key alone."""
    got = received(DATA, coordinator=OURS.online.key_id)
    assert got.sha256 == sha256_hex(DATA)
    assert got.device.subject == "reviewer-7"
    assert got.binding == CONTENTS.binding
    assert submission.unseal(got, key=OURS.online_seal) == CONTENTS
    stranger = partial(submission.unseal, got, key=seal_key("x"))
    assert code_of(stranger) is Code.UNSEAL_FAILED


@pytest.mark.parametrize(
    "wrong",
    [DATA[:-1], DATA + b"\0", DATA[:-1] + bytes([DATA[-1] ^ 1])],
)
def test_the_sealed_part_is_what_was_signed_for(wrong: bytes) -> None:
    """Cut, extended, changed."""
    assert code_of(lambda: received(wrong)) is Code.HASH_MISMATCH


def test_the_head_is_read_without_the_rest() -> None:
    """For streaming; and no head passes for a batch's."""
    stream = io.BytesIO(DATA)
    head = submission.read_head(stream)
    verified = submission.verify_submission_head(head, trust=TRUST)
    assert stream.tell() == verified.sealed_offset
    assert verified.file_bytes == len(DATA)
    other = b"RVB1\n" + DATA[5:]
    assert code_of(lambda: submission.read_head(io.BytesIO(other))) is (
        Code.FORMAT_UNKNOWN
    )


def test_only_a_device_of_the_bundle_submits() -> None:
    """A foreign or a revoked one does not."""
    assert code_of(lambda: received(DATA, trust=THEIRS.trust())) is Code.KEY_UNKNOWN
    none = OURS.trust(devices=())
    assert code_of(lambda: received(DATA, trust=none)) is Code.KEY_UNKNOWN


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"device": key_id_of("x")}, Code.BINDING_MISMATCH),
        ({"coordinator": key_id_of("x")}, Code.KEY_UNKNOWN),
        ({"first": 5}, Code.MALFORMED),
        ({"format": "rv-submission/2"}, Code.FORMAT_UNKNOWN),
    ],
)
def test_the_clear_part_must_fit(changes: dict[str, Any], code: Code) -> None:
    """Device, coordinator, range, format."""
    assert code_of(lambda: received(signed(**changes))) is code


def test_a_submission_for_another_coordinator_is_refused() -> None:
    """By the one that it does not name."""
    call = partial(received, DATA, coordinator=key_id_of("x"))
    assert code_of(call) is Code.WRONG_AUDIENCE


def test_the_seal_binds_the_clear_part() -> None:
    """Sealed contents moved under another range do not open."""
    moved = received(signed(last=5))
    assert code_of(partial(submission.unseal, moved, key=OURS.online_seal)) is (
        Code.UNSEAL_FAILED
    )


def test_the_inner_fields_equal_the_outer() -> None:
    """Even where the seal was made for the other ones."""
    inner = canonical.encode(CONTENTS)
    binding = msgspec.structs.replace(CONTENTS.binding, last=5)
    sealed = OURS.online_seal.public.seal(inner, info=submission.info_of(binding))
    outer = SubmissionOuter(
        binding=binding, sealed=Extent(length=len(sealed), sha256=sha256_hex(sealed))
    )
    head = envelope.sign(
        canonical.encode(outer),
        payload_type=envelope.TYPE_SUBMISSION,
        keys=[OURS.device],
    )
    got = received(framing.frame(head, magic=submission.MAGIC) + sealed)
    assert code_of(partial(submission.unseal, got, key=OURS.online_seal)) is (
        Code.BINDING_MISMATCH
    )


def frozen(binding: SubmissionBinding, *, signer: Organisation = OURS) -> bytes:
    return submission.freeze(
        binding=binding,
        contents=CONTENTS,
        signer=signer.device,
        coordinator=OURS.online_seal.public,
    )


def test_freezing_asks_that_all_names_agree() -> None:
    """The contents' own binding, the device's own key."""
    other = msgspec.structs.replace(CONTENTS.binding, last=9)
    assert code_of(lambda: frozen(other)) is Code.BINDING_MISMATCH
    assert code_of(lambda: frozen(CONTENTS.binding, signer=THEIRS)) is (
        Code.BINDING_MISMATCH
    )


def test_sizes_are_capped(monkeypatch: pytest.MonkeyPatch) -> None:
    """On freezing, on reading the file, and by what the head promises."""
    monkeypatch.setattr(submission, "MAX_CONTENTS_BYTES", 100)
    assert code_of(lambda: frozen(CONTENTS.binding)) is Code.TOO_LARGE
    monkeypatch.setattr(submission, "MAX_SEALED_BYTES", 100)
    assert code_of(lambda: received(DATA)) is Code.TOO_LARGE
    monkeypatch.setattr(submission, "MAX_SUBMISSION_BYTES", 100)
    assert code_of(lambda: received(DATA)) is Code.TOO_LARGE


# Receipts ----------------------------------------------------------------------

RECEIPT = OURS.receipt(DATA)


def receipt_of(**changes: Any) -> Receipt:  # noqa: ANN401
    value, _ = receipt.open_receipt(RECEIPT, trust=TRUST)
    return msgspec.structs.replace(value, **changes)


def resigned(**changes: Any) -> bytes:  # noqa: ANN401
    return envelope.sign(
        canonical.encode(receipt_of(**changes)),
        payload_type=envelope.TYPE_RECEIPT,
        keys=[OURS.online],
    )


def test_a_receipt_is_the_coordinators_word() -> None:
    """What it says and whose key it bears."""
    value, coordinator = receipt.open_receipt(RECEIPT, trust=TRUST)
    assert coordinator.key.key_id == OURS.online.key_id
    assert (value.first, value.last, value.at) == (0, 4, RECEIVED)
    assert value.submission_sha256 == sha256_hex(DATA)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"coordinator": key_id_of("x")}, Code.BINDING_MISMATCH),
        ({"format": "rv-receipt/2"}, Code.FORMAT_UNKNOWN),
        ({"at": UtcTime("2029-01-01T00:00:00Z")}, Code.KEY_EXPIRED),
        ({"at": UtcTime("2026-01-01T00:00:00Z")}, Code.KEY_EXPIRED),
    ],
)
def test_a_receipt_must_fit_its_signer(changes: dict[str, Any], code: Code) -> None:
    """Name, format and the key's dates."""
    assert code_of(lambda: receipt.open_receipt(resigned(**changes), trust=TRUST)) is (
        code
    )


def test_a_receipt_by_any_other_key_is_refused() -> None:
    """Foreign, revoked, or of another role."""
    open_it = partial(receipt.open_receipt, RECEIPT)
    assert code_of(partial(open_it, trust=THEIRS.trust())) is Code.KEY_UNKNOWN
    for changes, code in (
        ({"revoked_at": ISSUED}, Code.KEY_REVOKED),
        ({"role": Role.SUPERVISOR}, Code.WRONG_ROLE),
    ):
        directory = b64(trusts.sign_directory(OURS.root, OURS.directory(**changes)))
        trust = OURS.trust(directory=directory)
        assert code_of(partial(open_it, trust=trust)) is code
    with pytest.raises(VerificationError) as caught:
        receipt.sign_receipt(receipt_of(), key=OURS.device)
    assert caught.value.code is Code.BINDING_MISMATCH
