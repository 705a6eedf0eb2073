"""The error tree: four branches, each carrying a stable code.

Messages hold identifiers and numbers, never content, paths, key material or
reviewer text. Screen words live in `reviewer.ui.messages`, keyed by code.
Anything that is not a `ReviewerError` is a bug and goes to the crash handler.
"""

from __future__ import annotations

import enum


class Code(enum.StrEnum):
    """Every stable error code; documented in docs/ERRORS.md, checked by a test."""

    # Evidence is false: stop, keep what is there, never retry.
    FORMAT_UNKNOWN = "FORMAT_UNKNOWN"
    TOO_LARGE = "TOO_LARGE"
    MALFORMED = "MALFORMED"
    NOT_CANONICAL = "NOT_CANONICAL"
    SIGNATURE_INVALID = "SIGNATURE_INVALID"
    KEY_UNKNOWN = "KEY_UNKNOWN"
    KEY_REVOKED = "KEY_REVOKED"
    KEY_EXPIRED = "KEY_EXPIRED"
    WRONG_ROLE = "WRONG_ROLE"
    WRONG_TYPE = "WRONG_TYPE"
    WRONG_AUDIENCE = "WRONG_AUDIENCE"
    SEQUENCE_FORK = "SEQUENCE_FORK"
    SEQUENCE_REPLAY = "SEQUENCE_REPLAY"
    EXPIRED = "EXPIRED"
    TIME_IMPLAUSIBLE = "TIME_IMPLAUSIBLE"
    HASH_MISMATCH = "HASH_MISMATCH"
    BINDING_MISMATCH = "BINDING_MISMATCH"
    SEAL_KEY_UNKNOWN = "SEAL_KEY_UNKNOWN"
    UNSEAL_FAILED = "UNSEAL_FAILED"
    POLICY_UNKNOWN = "POLICY_UNKNOWN"
    NO_TRUST_ROOT = "NO_TRUST_ROOT"
    ROOT_MISMATCH = "ROOT_MISMATCH"
    VERSION_ROLLBACK = "VERSION_ROLLBACK"
    CHAIN_BROKEN = "CHAIN_BROKEN"
    CHAIN_GAP = "CHAIN_GAP"
    CHAIN_FORK = "CHAIN_FORK"
    RECEIPT_MISMATCH = "RECEIPT_MISMATCH"
    INVITATION_INVALID = "INVITATION_INVALID"
    INVITATION_USED = "INVITATION_USED"
    ITEM_REPEATED = "ITEM_REPEATED"
    ITEM_NOT_FOR_LAPTOPS = "ITEM_NOT_FOR_LAPTOPS"
    APP_TOO_OLD = "APP_TOO_OLD"
    CONFIG_BELOW_LIMIT = "CONFIG_BELOW_LIMIT"
    # The item is hostile or broken: it can still be decided or handed back.
    MEDIA_BROKEN = "MEDIA_BROKEN"
    MEDIA_UNSUPPORTED = "MEDIA_UNSUPPORTED"
    MEDIA_TOO_LARGE = "MEDIA_TOO_LARGE"
    MEDIA_TIMEOUT = "MEDIA_TIMEOUT"
    MEDIA_MISSING = "MEDIA_MISSING"
    DECODER_DIED = "DECODER_DIED"
    DECODER_LIED = "DECODER_LIED"
    # The world: tell the person, try again.
    NETWORK_DOWN = "NETWORK_DOWN"
    COORDINATOR_REFUSED = "COORDINATOR_REFUSED"
    COORDINATOR_LIED = "COORDINATOR_LIED"
    DISK_FULL = "DISK_FULL"
    DISK_FAILED = "DISK_FAILED"
    KEYRING_LOCKED = "KEYRING_LOCKED"
    KEYRING_MISSING = "KEYRING_MISSING"
    DATABASE_DAMAGED = "DATABASE_DAMAGED"
    PROFILE_IN_USE = "PROFILE_IN_USE"
    PROFILE_MISSING = "PROFILE_MISSING"
    PROFILE_DAMAGED = "PROFILE_DAMAGED"
    PROFILE_NEWER = "PROFILE_NEWER"
    PROFILE_NOT_MADE = "PROFILE_NOT_MADE"
    SANDBOX_UNAVAILABLE = "SANDBOX_UNAVAILABLE"
    SYSTEM_LIBRARY_MISSING = "SYSTEM_LIBRARY_MISSING"
    DISPLAY_MISSING = "DISPLAY_MISSING"
    PROGRAM_INCOMPLETE = "PROGRAM_INCOMPLETE"
    DEMO_NOT_INSTALLED = "DEMO_NOT_INSTALLED"
    NO_SEAL_KEY = "NO_SEAL_KEY"
    # Our rules say no: the person can do something else.
    PASSPHRASE_WRONG = "PASSPHRASE_WRONG"  # noqa: S105 (a code, not a secret)
    PASSPHRASE_WEAK = "PASSPHRASE_WEAK"  # noqa: S105 (a code, not a secret)
    PIN_WEAK = "PIN_WEAK"
    PIN_WRONG = "PIN_WRONG"
    PIN_SPENT = "PIN_SPENT"
    ALREADY_ENROLLED = "ALREADY_ENROLLED"
    NOT_ENROLLED = "NOT_ENROLLED"
    NOT_AUTHORISED = "NOT_AUTHORISED"
    LOCKED = "LOCKED"
    READ_ONLY = "READ_ONLY"
    BATCH_CLOSED = "BATCH_CLOSED"
    ITEM_UNKNOWN = "ITEM_UNKNOWN"
    ITEM_SEALED = "ITEM_SEALED"
    REVEAL_REFUSED = "REVEAL_REFUSED"
    DECISION_INCOMPLETE = "DECISION_INCOMPLETE"
    NOTHING_TO_UNDO = "NOTHING_TO_UNDO"
    ALREADY_SENT = "ALREADY_SENT"
    CORRECTION_LATE = "CORRECTION_LATE"
    NOTHING_TO_HAND_OVER = "NOTHING_TO_HAND_OVER"
    THREAT_EMPTY = "THREAT_EMPTY"
    NOTHING_TO_SUBMIT = "NOTHING_TO_SUBMIT"
    NOTHING_TO_FETCH = "NOTHING_TO_FETCH"
    TABLE_INVALID = "TABLE_INVALID"
    INPUT_MISSING = "INPUT_MISSING"
    INPUT_INVALID = "INPUT_INVALID"
    CANCELLED = "CANCELLED"


class ReviewerError(Exception):
    """The root of every error that is ours; raise one of the four branches."""

    def __init__(self, code: Code, detail: str = "") -> None:
        """Keep the code and an optional detail made of identifiers and numbers."""
        super().__init__(code, detail)
        self.code = code
        self.detail = detail

    def __str__(self) -> str:
        """Return the code, and the detail if there is one."""
        return f"{self.code.value}: {self.detail}" if self.detail else self.code.value


class VerificationError(ReviewerError):
    """Evidence is false: stop, quarantine, never retry."""


class MediaError(ReviewerError):
    """The item is hostile or broken; the reviewer may still decide."""


class UnavailableError(ReviewerError):
    """The world said no: disk, network, keyring, sandbox."""


class RefusedError(ReviewerError):
    """Our rules say no."""
