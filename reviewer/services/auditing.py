"""Verify the journal from its first entry to its head, and every receipt."""

from __future__ import annotations

from dataclasses import dataclass

from reviewer.chain import journal as chain
from reviewer.crypto.signing import VerifyingKey
from reviewer.domain.ids import Sha256Hex
from reviewer.errors import Code, VerificationError
from reviewer.formats.wire import Act
from reviewer.ports import Store
from reviewer.services.submitting import Submitting


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalReport:
    """The journal, verified from its first entry to its head."""

    entries: int
    head: Sha256Hex
    receipted: int
    receipts: int


def verified_journal(
    store: Store, submitting: Submitting, *, key: VerifyingKey
) -> JournalReport:
    """Verify every entry, their order and every receipt.

    Raises:
        VerificationError: CHAIN_BROKEN, CHAIN_GAP, RECEIPT_MISMATCH.
    """
    head = store.head()
    verified = chain.verify_chain(
        (entry.envelope for entry in store.entries(0, head.size - 1)), key=key
    )
    if verified.size != head.size or verified.head != head.entry_sha256:
        raise VerificationError(Code.CHAIN_BROKEN, "not the head")
    return JournalReport(
        entries=head.size,
        head=head.entry_sha256,
        receipted=head.receipted,
        receipts=submitting.verify_receipts(),
    )


def undone_count(store: Store) -> int:
    """Count the undo entries of the whole journal."""
    last = store.head().size - 1
    return sum(entry.act == Act.UNDO for entry in store.entries(0, last))
