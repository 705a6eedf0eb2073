"""Receipts: the coordinator's word that entries are stored (design.md 4).

This is the envelope alone; `reviewer.chain.journal.verify_receipt` also checks the
checkpoint and the cosignature within it.
"""

from __future__ import annotations

from typing import Final

from reviewer.crypto.signing import SigningKey
from reviewer.errors import Code, VerificationError
from reviewer.formats import canonical, envelope
from reviewer.formats.signed import decode
from reviewer.formats.trust import CoordinatorKey, VerifiedTrust
from reviewer.formats.wire import Receipt

MAX_RECEIPT_BYTES: Final = 16 << 10


def sign_receipt(receipt: Receipt, *, key: SigningKey) -> bytes:
    """Return the receipt's envelope bytes.

    Raises:
        VerificationError: BINDING_MISMATCH, the receipt names another coordinator.
    """
    if receipt.coordinator != key.key_id:
        raise VerificationError(Code.BINDING_MISMATCH, "coordinator")
    return envelope.sign(
        canonical.encode(receipt), payload_type=envelope.TYPE_RECEIPT, keys=[key]
    )


def open_receipt(
    data: bytes, *, trust: VerifiedTrust
) -> tuple[Receipt, CoordinatorKey]:
    """Return a receipt that a coordinator key signed while it was valid.

    Raises:
        VerificationError: TOO_LARGE, MALFORMED, NOT_CANONICAL, KEY_UNKNOWN,
            WRONG_ROLE, KEY_REVOKED, KEY_EXPIRED, SIGNATURE_INVALID, WRONG_TYPE,
            FORMAT_UNKNOWN, BINDING_MISMATCH.
    """
    signed = envelope.parse(data, max_bytes=MAX_RECEIPT_BYTES)
    signer = signed.key_ids[0]
    coordinator = trust.coordinator_ever(signer)
    payload = envelope.verify(
        signed, payload_type=envelope.TYPE_RECEIPT, keys=[coordinator.key]
    )
    receipt = decode(payload, Receipt, max_bytes=MAX_RECEIPT_BYTES)
    if receipt.coordinator != signer:
        raise VerificationError(Code.BINDING_MISMATCH, "coordinator")
    return receipt, trust.coordinator(signer, at=receipt.at)
