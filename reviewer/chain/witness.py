"""The coordinator as witness: it cosigns what it has durably stored, once."""

from __future__ import annotations

from typing import Final

from reviewer.chain import note as notes
from reviewer.chain.journal import witness_of
from reviewer.chain.submitting import VerifiedContents
from reviewer.crypto.signing import SigningKey
from reviewer.domain.ids import Sha256Hex, UtcTime
from reviewer.domain.times import unix_of
from reviewer.formats import receipt as receipts
from reviewer.formats.wire import Outcomes, Receipt

_MS: Final = 1000
NO_OUTCOMES: Final = Outcomes()
"""Of a coordinator that does not say what became of the work."""


def make_receipt(
    contents: VerifiedContents,
    *,
    submission_sha256: Sha256Hex,
    key: SigningKey,
    at: UtcTime,
    outcomes: Outcomes = NO_OUTCOMES,
) -> bytes:
    """Return the receipt for a submission whose entries are durably stored.

    The caller keeps it and answers the same bytes whenever the same submission
    comes again: a second receipt for one submission is never made.
    """
    binding = contents.binding
    cosigned = notes.cosign(
        contents.note,
        name=witness_of(key.key_id),
        key=key,
        unix_s=unix_of(at) // _MS,
    )
    receipt = Receipt(
        coordinator=key.key_id,
        device=binding.device,
        epoch=binding.epoch,
        first=binding.first,
        last=binding.last,
        submission_sha256=submission_sha256,
        checkpoint=cosigned,
        at=at,
        outcomes=outcomes,
    )
    return receipts.sign_receipt(receipt, key=key)
