"""The service's tables. Every column that could name a person holds a pseudonym.

Secrets (own keys, item identities, free text) are wrapped by the service key before
they come here, so that they stay sealed on PostgreSQL too (design.md 2).
"""

from __future__ import annotations

from sqlalchemy import Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

SCHEMA_VERSION = 1


class Base(DeclarativeBase):
    """Root of the tables."""


class Meta(Base):
    """Small values: schema version, organisation, active keys."""

    __tablename__ = "meta"
    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[bytes] = mapped_column(LargeBinary)


class OwnKey(Base):
    """A private key of the service, wrapped."""

    __tablename__ = "own_keys"
    key_id: Mapped[str] = mapped_column(primary_key=True)
    purpose: Mapped[str]
    """`online` (Ed25519) or `seal` (HPKE)."""
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)


class Record(Base):
    """A signed record: directory, policy, config or revocations."""

    __tablename__ = "records"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    kind: Mapped[str]
    sha256: Mapped[str] = mapped_column(unique=True)
    version: Mapped[int]
    envelope: Mapped[bytes] = mapped_column(LargeBinary)


class InvitationRow(Base):
    """A root-signed invitation, and the device that used it."""

    __tablename__ = "invitations"
    invitation_key: Mapped[str] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(unique=True)
    subject: Mapped[str]
    expires: Mapped[str]
    envelope: Mapped[bytes] = mapped_column(LargeBinary)
    device: Mapped[str | None]


class DeviceRow(Base):
    """An enrolled device: two envelopes make it valid, and the root made one."""

    __tablename__ = "devices"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    device: Mapped[str] = mapped_column(unique=True)
    subject: Mapped[str]
    invitation_key: Mapped[str]
    enrolment: Mapped[bytes] = mapped_column(LargeBinary)


class StockKey(Base):
    """A single-use public key of a device; never used twice, never forgotten."""

    __tablename__ = "stock_keys"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    key_id: Mapped[str] = mapped_column(unique=True)
    device: Mapped[str] = mapped_column(index=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    used_by: Mapped[str | None]
    """The batch sealed to it."""


class PackRow(Base):
    """Media sealed once, to be dealt to any number of devices."""

    __tablename__ = "packs"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    pack_id: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    purpose: Mapped[str]
    media_bytes: Mapped[int]
    media_sha256: Mapped[str]
    items_count: Mapped[int]


class PackItem(Base):
    """One item of a pack: the wire item with its identity, wrapped."""

    __tablename__ = "pack_items"
    item_id: Mapped[str] = mapped_column(primary_key=True)
    pack_id: Mapped[str] = mapped_column(index=True)
    position: Mapped[int]
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)
    """`packs.KeptItem` as canonical JSON."""


class BatchDealt(Base):
    """A batch of the stream (coordinator, device)."""

    __tablename__ = "batches"
    __table_args__ = (UniqueConstraint("coordinator", "device", "seq"),)
    batch_id: Mapped[str] = mapped_column(primary_key=True)
    coordinator: Mapped[str]
    device: Mapped[str] = mapped_column(index=True)
    seq: Mapped[int]
    envelope_sha256: Mapped[str]
    pack_id: Mapped[str]
    length_bytes: Mapped[int]
    issued: Mapped[str]
    not_after: Mapped[str]


class UploadPart(Base):
    """A run of bytes of a submission that is still arriving."""

    __tablename__ = "upload_parts"
    device: Mapped[str] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(primary_key=True)
    offset: Mapped[int] = mapped_column(primary_key=True)
    total_bytes: Mapped[int]
    data: Mapped[bytes] = mapped_column(LargeBinary)


class SubmissionRow(Base):
    """An accepted submission and the receipt it got, once and for ever."""

    __tablename__ = "submissions"
    sha256: Mapped[str] = mapped_column(primary_key=True)
    device: Mapped[str] = mapped_column(index=True)
    epoch: Mapped[int]
    first: Mapped[int]
    last: Mapped[int]
    capacity: Mapped[str]
    receipt: Mapped[bytes] = mapped_column(LargeBinary)


class EntryRow(Base):
    """A verified journal entry, byte for byte."""

    __tablename__ = "entries"
    __table_args__ = (
        Index("entries_of_item", "item_id"),
        Index("entries_of_act", "act", "device"),
    )
    device: Mapped[str] = mapped_column(primary_key=True)
    epoch: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    act: Mapped[str]
    item_id: Mapped[str | None]
    sha256: Mapped[str]
    at: Mapped[str]
    submission: Mapped[str]
    envelope: Mapped[bytes] = mapped_column(LargeBinary)


class WorkRow(Base):
    """What stands about one item by one device: a projection of its entries."""

    __tablename__ = "work"
    device: Mapped[str] = mapped_column(primary_key=True)
    item_id: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str]
    """`final`, `second_review`, `returned`, or empty: only escalated, or sealed."""
    escalation: Mapped[str]
    """`duty_officer`, `threat_to_life`, or empty."""
    corrected: Mapped[bool]


class OpeningRow(Base):
    """Free text beside an entry, wrapped; erasable without breaking the chain."""

    __tablename__ = "openings"
    device: Mapped[str] = mapped_column(primary_key=True)
    epoch: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)


class CheckpointRow(Base):
    """The last tree head that this service cosigned for a device and epoch."""

    __tablename__ = "checkpoints"
    device: Mapped[str] = mapped_column(primary_key=True)
    epoch: Mapped[int] = mapped_column(primary_key=True)
    size: Mapped[int]
    root: Mapped[bytes] = mapped_column(LargeBinary)


class ForkProof(Base):
    """Two entries signed by one device that cannot both stand in one chain."""

    __tablename__ = "fork_proofs"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    device: Mapped[str] = mapped_column(index=True)
    epoch: Mapped[int]
    seq: Mapped[int]
    kept: Mapped[bytes] = mapped_column(LargeBinary)
    """The entry that this service has."""
    offered: Mapped[bytes] = mapped_column(LargeBinary)
    """The entry that came later and was refused."""
    submission: Mapped[str]
    found: Mapped[str]
