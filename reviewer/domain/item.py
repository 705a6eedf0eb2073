"""What a batch says about one item: wire values, frozen, unknown fields refused.

These structs are the manifest's own (docs/formats/v1/batch.md) and are used as
they are throughout the program: one place for each fact. Every text in them is
untrusted: show it as plain text only, with controls made visible.
"""

from __future__ import annotations

import enum

import msgspec

from reviewer.domain.ids import ItemId, Sha256Hex, UtcTime


class Kind(enum.StrEnum):
    """What the packer takes the media for, by file ending only."""

    IMAGE = "image"
    CLIP = "clip"
    TEXT = "text"
    UNSUPPORTED = "unsupported"


class SubjectKind(enum.StrEnum):
    """What is judged: one piece of content, an account, a thread."""

    CONTENT = "content"
    ACCOUNT = "account"
    THREAD = "thread"


class Priority(enum.StrEnum):
    """Legal urgency, independent of graphicness (law-and-policy section 4)."""

    P1 = "P1"
    P2 = "P2"
    P3 = "P3"
    P4 = "P4"
    P5 = "P5"
    P6 = "P6"


class FlaggedBy(enum.StrEnum):
    """Who reported the item, by role; never a name."""

    USER = "user"
    TRUSTED_FLAGGER = "trusted_flagger"
    AUTHORITY = "authority"
    PARTNER_LIST = "partner_list"
    AUTOMATED = "automated"
    STAFF = "staff"


class Origin(enum.StrEnum):
    """Which legal route brought the item; removal orders never go to laptops."""

    NOTICE = "notice"
    OWN_INITIATIVE = "own_initiative"
    SPECIFIC_MEASURE = "specific_measure"
    REFERRAL = "referral"
    REMOVAL_ORDER = "removal_order"


class BatchPurpose(enum.StrEnum):
    """Why the batch was dealt."""

    REVIEW = "review"
    TRAINING = "training"
    SECOND_REVIEW = "second_review"
    APPEAL = "appeal"
    AUDIT = "audit"


class Wire(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of every wire value. All fields are always written, null included."""


class Flag(Wire, frozen=True, kw_only=True):
    """Who flagged, and why in their words (untrusted, at most 2 000 characters)."""

    by: FlaggedBy
    reason: str | None = None


class Context(Wire, frozen=True, kw_only=True):
    """Where the item comes from; shown always, as far as it is known."""

    source: str | None = None
    captured_at: str | None = None
    caption: str | None = None
    account: str | None = None


class Acquisition(Wire, frozen=True, kw_only=True):
    """The capture record, never edited by us (law-and-policy section 5)."""

    acquired_at: str | None = None
    acquired_by: str | None = None
    tool: str | None = None
    original_sha256: Sha256Hex | None = None
    transforms: tuple[str, ...] = ()


class KnownMatch(Wire, frozen=True, kw_only=True):
    """A match against a known list, with its provenance."""

    source: str
    signal: str
    distance: int | None = None
    verdict: str | None = None
    human_checked: bool = False


class Links(Wire, frozen=True, kw_only=True):
    """References to other items; reserved for stacks, second review, appeals."""

    stack: str | None = None
    second_review_of: str | None = None
    appeal_of: str | None = None


class Item(Wire, frozen=True, kw_only=True):
    """One thing under review, as its batch describes it."""

    id: ItemId
    ref: str
    """Speakable reference such as `Heron 12-042`."""
    kind: Kind
    subject_kind: SubjectKind = SubjectKind.CONTENT
    identity: str
    """The item's own age identity: standard base64 of its 32 secret bytes."""
    sha256: Sha256Hex
    """Of the true bytes, without padding."""
    size_bytes: int
    offset_bytes: int
    """Of this item's age file within the batch's media part."""
    sealed_bytes: int
    """Length of this item's age file."""
    declared_type: str
    """A media type by file ending, such as `image/jpeg`; never trusted."""
    severity: int | None = None
    """Graphicness 0-5; None is unrated, a value of its own."""
    assumed_severity: int | None = None
    priority: Priority = Priority.P4
    tags: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    context_group: str | None = None
    flag: Flag | None = None
    context: Context = Context()
    text: str | None = None
    transcript: str | None = None
    translation: str | None = None
    acquisition: Acquisition | None = None
    known_matches: tuple[KnownMatch, ...] = ()
    origin: Origin = Origin.NOTICE
    deadline: UtcTime | None = None
    links: Links = Links()
    minor_possible: bool = False
    """Always false in a batch that is accepted: such items are refused."""
