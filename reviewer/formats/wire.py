"""The wire values of version 1 draft, all in one place (docs/formats/v1).

Each struct is the payload of one envelope or one sealed part. All fields are
always present. Bytes are standard base64 with padding; hashes are lower-case hex;
times are `UtcTime` except `Entry.at`. Structs say what a value looks like; only the
verify functions of the sibling modules say that it is true.
"""

from __future__ import annotations

import enum
from typing import Final

import msgspec

from reviewer.domain.decision import Decision, Doubt, Escalation, HandOver
from reviewer.domain.ids import BatchId, ItemId, KeyId, Sha256Hex, UtcTime
from reviewer.domain.item import BatchPurpose, Item, Wire
from reviewer.domain.person import Authorisation, Capacity, Role

FORMAT_BATCH: Final = "rv-batch/1-draft"
FORMAT_MANIFEST: Final = "rv-manifest/1-draft"
FORMAT_DIRECTORY: Final = "rv-directory/1-draft"
FORMAT_REVOCATIONS: Final = "rv-revocations/1-draft"
FORMAT_INVITATION: Final = "rv-invitation/1-draft"
FORMAT_ENROLMENT: Final = "rv-enrolment/1-draft"
FORMAT_TRUST: Final = "rv-trust/1-draft"
FORMAT_POLICY: Final = "rv-policy/1-draft"
FORMAT_CONFIG: Final = "rv-config/1-draft"
FORMAT_ENTRY: Final = "rv-entry/1-draft"
FORMAT_SUBMISSION: Final = "rv-submission/1-draft"
FORMAT_CONTENTS: Final = "rv-contents/1-draft"
FORMAT_RECEIPT: Final = "rv-receipt/1-draft"
FORMAT_SEAL: Final = "rv-seal/1-draft"
FORMAT_THREAT: Final = "rv-threat/1-draft"


# Trust -------------------------------------------------------------------------


class DirectoryKey(Wire, frozen=True, kw_only=True):
    """One key that the root vouches for."""

    key_id: KeyId
    public_key: str
    role: Role
    subject: str
    valid_from: UtcTime
    valid_until: UtcTime
    revoked_at: UtcTime | None = None
    seal_key: str | None = None
    """The HPKE public key to which this coordinator's submissions are sealed."""


class Directory(Wire, frozen=True, kw_only=True):
    """Signed by the root alone; versions only rise."""

    format: str = FORMAT_DIRECTORY
    organisation: str
    version: int
    issued: UtcTime
    keys: tuple[DirectoryKey, ...]


class Revocation(Wire, frozen=True, kw_only=True):
    """One key that no longer counts from a moment on."""

    key_id: KeyId
    revoked_at: UtcTime


class Revocations(Wire, frozen=True, kw_only=True):
    """Signed by a coordinator key; may only take trust away."""

    format: str = FORMAT_REVOCATIONS
    version: int
    issued: UtcTime
    revoked: tuple[Revocation, ...]


class Invitation(Wire, frozen=True, kw_only=True):
    """Signed by the root: lets one person enrol one device."""

    format: str = FORMAT_INVITATION
    invitation_id: str
    organisation: str
    subject: str
    role: Role
    authorisation: Authorisation
    invitation_key: str
    issued: UtcTime
    expires: UtcTime


class SealKey(Wire, frozen=True, kw_only=True):
    """A single-use HPKE public key; `key_id` is the hex SHA-256 of its bytes."""

    key_id: KeyId
    public_key: str


class Enrolment(Wire, frozen=True, kw_only=True):
    """Signed by the invitation key, then by the device key."""

    format: str = FORMAT_ENROLMENT
    invitation: KeyId
    """Of the invitation key: known offline too, unlike the invitation itself."""
    device_key: str
    seal_keys: tuple[SealKey, ...]
    requested: UtcTime


class EnrolledDevice(Wire, frozen=True, kw_only=True):
    """The two envelopes that make a device valid, each as base64."""

    invitation: str
    enrolment: str


class TrustBundle(Wire, frozen=True, kw_only=True):
    """A root key and what hangs from it; trusted only by the hash of its root.

    Envelopes are base64 of their canonical bytes. `policies` and `configs` hold the
    versions still referred to by open batches, newest last.
    """

    format: str = FORMAT_TRUST
    root_key: str
    directory: str
    revocations: str | None = None
    policies: tuple[str, ...] = ()
    configs: tuple[str, ...] = ()
    devices: tuple[EnrolledDevice, ...] = ()


# Batch -------------------------------------------------------------------------


class Extent(Wire, frozen=True, kw_only=True):
    """Length and hash of a run of bytes."""

    length: int
    sha256: Sha256Hex


class BatchBinding(Wire, frozen=True, kw_only=True):
    """The outer fields that the sealed part repeats; its hash is HPKE's `info`."""

    format: str = FORMAT_BATCH
    batch_id: BatchId
    coordinator: KeyId
    """The signer."""
    audience: KeyId
    """The device's signing key."""
    seal_key: KeyId
    seq: int
    """From 0 within the stream (coordinator, device)."""
    prev: Sha256Hex
    """Of the previous batch's envelope bytes; 64 zeros at `seq` 0."""
    issued: UtcTime
    not_after: UtcTime
    min_app_version: str
    media: Extent


class BatchOuter(Wire, frozen=True, kw_only=True):
    """What a batch says in clear."""

    binding: BatchBinding
    segment0: Extent


class Manifest(Wire, frozen=True, kw_only=True):
    """Segment 0, opened: the purpose and the items."""

    format: str = FORMAT_MANIFEST
    binding: BatchBinding
    name: str
    """Of the batch, for the reviewer's home screen."""
    purpose: BatchPurpose
    policy_sha256: Sha256Hex
    config_sha256: Sha256Hex
    items: tuple[Item, ...]


# Journal -----------------------------------------------------------------------


class Act(enum.StrEnum):
    """Everything a journal entry may record (design.md 4)."""

    BEGIN = "begin"
    IMPORT = "import"
    OPEN = "open"
    DECIDE = "decide"
    UNDO = "undo"
    HAND_BACK = "hand_back"
    SECOND_OPINION = "second_opinion"
    HAND_OVER = "hand_over"
    ESCALATE = "escalate"
    SEAL = "seal"
    SUBMIT = "submit"
    RECEIPT = "receipt"
    SHRED = "shred"
    AUDIT_READ = "audit_read"


class ClockTrust(enum.StrEnum):
    """What the device knew of the time; appending never refuses for the clock."""

    PLAUSIBLE = "plausible"
    BEHIND = "behind"
    AHEAD = "ahead"


class Body(Wire, frozen=True, kw_only=True):
    """What every body holds besides its own fields."""

    moment: Sha256Hex
    """Salted commitment to exact and monotonic time, which stay on the device."""
    clock_trust: ClockTrust


class BeginBody(Body, frozen=True, kw_only=True):
    """The first entry of a journal."""

    enrolment_sha256: Sha256Hex
    app_version: str


class ImportBody(Body, frozen=True, kw_only=True):
    """A batch was accepted; `missing` names the sequence numbers of a gap."""

    batch_id: BatchId
    batch_sha256: Sha256Hex
    batch_seq: int
    items_count: int
    missing: tuple[int, ...] = ()


class ItemBody(Body, frozen=True, kw_only=True):
    """An act upon one item; `open` has nothing more."""

    batch_id: BatchId
    item_id: ItemId
    item_sha256: Sha256Hex


class DecideBody(ItemBody, frozen=True, kw_only=True):
    """A decision; `supersedes` is the hash of the entry it replaces."""

    policy_sha256: Sha256Hex
    decision: Decision
    supersedes: Sha256Hex | None = None


class UndoBody(ItemBody, frozen=True, kw_only=True):
    """Takes back the entry whose hash it names.

    One that takes back a hand_over names the first of its items, and means all.
    """

    undoes: Sha256Hex


class HandBackBody(ItemBody, frozen=True, kw_only=True):
    """Returned undecided; the reason is optional and a code of the pack."""

    reason: str | None = None
    note_commitment: Sha256Hex | None = None
    supersedes: Sha256Hex | None = None


class SecondOpinionBody(ItemBody, frozen=True, kw_only=True):
    """Somebody else is to look; nothing is decided."""

    reason: Doubt
    note_commitment: Sha256Hex | None = None
    supersedes: Sha256Hex | None = None


class EscalateBody(ItemBody, frozen=True, kw_only=True):
    """Somebody is to be told at once; a decision that stands goes on standing."""

    kind: Escalation
    note_commitment: Sha256Hex | None = None
    """Of a note, or of the canonical JSON of `ThreatWords`."""
    supersedes: Sha256Hex | None = None


class HandOverBody(Body, frozen=True, kw_only=True):
    """The rest of a batch was returned undecided, whatever it is."""

    batch_id: BatchId
    items: str
    """Base64 of a bit for each place in the manifest (`formats.places`)."""
    items_count: int
    reason: HandOver
    note_commitment: Sha256Hex | None = None


class SealStage(enum.StrEnum):
    """How far *minor possible* has gone; only the first can be taken back."""

    MARKED = "marked"
    SEALED = "sealed"


class SealedMedia(Wire, frozen=True, kw_only=True):
    """Which ciphertext a sealed identity opens: a run of a batch's media part."""

    media_sha256: Sha256Hex
    """Of the whole media part, as the batch's binding has it."""
    offset_bytes: int
    length_bytes: int


class SealBinding(Wire, frozen=True, kw_only=True):
    """What a sealed identity is bound to: its canonical form's hash is `info`."""

    format: str = FORMAT_SEAL
    item_id: ItemId
    item_sha256: Sha256Hex
    ciphertext: SealedMedia


class SealBody(ItemBody, frozen=True, kw_only=True):
    """A minor may be shown: covered at once, then sealed for good."""

    stage: SealStage
    ciphertext: SealedMedia
    marked: Sha256Hex | None = None
    """The entry that marked it; null for a mark, and for copies that go along."""
    quarantine_key: KeyId | None = None
    wrapped: str | None = None
    """The item's age identity, HPKE-sealed to the quarantine key, as base64. Null for a
    mark, and where the organisation named no quarantine key: then the device keeps it
    locked away until there is one, and says so in a second entry."""
    supersedes: Sha256Hex | None = None


class ShredReason(enum.StrEnum):
    """Why item keys went."""

    RETENTION = "retention"
    EXPIRED = "expired"
    REVOKED = "revoked"


class ShredBody(Body, frozen=True, kw_only=True):
    """Item keys of a batch were destroyed, and with them its media."""

    batch_id: BatchId
    items: str
    """Base64 of a bit for each place in the manifest (`formats.places`)."""
    items_count: int
    reason: ShredReason


class SubmitBody(Body, frozen=True, kw_only=True):
    """Entries `first` to `last` were frozen for sending; this entry is `last`."""

    first: int
    last: int


class ReceiptBody(Body, frozen=True, kw_only=True):
    """A receipt was verified: entries below `size` count as sent."""

    receipt_sha256: Sha256Hex
    size: int


class Entry(Wire, frozen=True, kw_only=True):
    """The payload of a journal envelope, signed by the device key."""

    v: str = FORMAT_ENTRY
    device: KeyId
    epoch: int
    seq: int
    prev: Sha256Hex
    at: str
    """UTC date and quarter, `2026-11-21T18`; never lower than the entry before."""
    actor: str
    act: Act
    body: dict[str, object]
    """One of the bodies above, by `act`; checked by `formats.entry`."""


# Submission and receipt --------------------------------------------------------


class Opening(Wire, frozen=True, kw_only=True):
    """Free text that an entry committed to; erasable without breaking the chain."""

    seq: int
    salt: str
    text: str


class SubmissionBinding(Wire, frozen=True, kw_only=True):
    """The outer fields that the sealed part is bound to by `info`."""

    format: str = FORMAT_SUBMISSION
    device: KeyId
    epoch: int
    coordinator: KeyId
    first: int
    last: int


class SubmissionOuter(Wire, frozen=True, kw_only=True):
    """What a submission says in clear."""

    binding: SubmissionBinding
    sealed: Extent


class Contents(Wire, frozen=True, kw_only=True):
    """The sealed part of a submission."""

    format: str = FORMAT_CONTENTS
    binding: SubmissionBinding
    entries: tuple[str, ...]
    """Entry envelopes, base64 of their bytes, in order."""
    openings: tuple[Opening, ...]
    checkpoint: str
    """A C2SP signed note by the device over all entries up to `last`."""
    consistency: tuple[str, ...]
    """Base64 hashes from the tree of size `first` to that of size `last + 1`."""
    seal_keys: tuple[SealKey, ...]
    capacity: Capacity


class Outcomes(Wire, frozen=True, kw_only=True):
    """What became of one device's work, in items; totals and nothing finer.

    `final`, `second_review` and `returned` exclude each other; `escalated` and
    `corrected` count among them.
    """

    final: int = 0
    """Accepted as decided."""
    second_review: int = 0
    """Removal proposed, second opinion, policy unclear, or as the pack has it."""
    returned: int = 0
    """Handed back, handed over or expired."""
    escalated: int = 0
    corrected: int = 0
    """Decided anew after an earlier decision had been receipted."""


class Receipt(Wire, frozen=True, kw_only=True):
    """Signed by the coordinator after entries and openings are durably stored."""

    format: str = FORMAT_RECEIPT
    coordinator: KeyId
    device: KeyId
    epoch: int
    first: int
    last: int
    submission_sha256: Sha256Hex
    checkpoint: str
    """The device's note with the coordinator's C2SP cosignature appended."""
    at: UtcTime
    outcomes: Outcomes | msgspec.UnsetType = msgspec.UNSET
    """Of all that this device has sent, this submission included. Absent in a receipt
    from before they were told."""


# Threat to life ----------------------------------------------------------------


class ThreatWords(Wire, frozen=True, kw_only=True):
    """The form, in the reviewer's own words; at least one line is filled in."""

    what: str = ""
    who: str = ""
    where: str = ""
    when: str = ""
    how_soon: str = ""


class Threat(Wire, frozen=True, kw_only=True):
    """A threat to life, on its way by whatever means there are; no media, no text."""

    format: str = FORMAT_THREAT
    device: KeyId
    """The signer."""
    ref: str
    """By which one can speak of the item on the telephone."""
    item_sha256: Sha256Hex
    words: ThreatWords
    duty_officer: str
    """Whom to reach, as the organisation's values say."""
    at: str
    """UTC date and quarter of the journal entry."""
    salt: str
    """Opens the entry's commitment to the words."""
