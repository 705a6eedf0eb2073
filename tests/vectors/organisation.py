"""A small organisation with fixed keys: every value of the formats, true by default.

Each method takes the one thing to be wrong; everything around it stays right.
"""

from __future__ import annotations

import io
import itertools
from collections.abc import Callable, Sequence
from typing import Any, Final

import msgspec

from reviewer.chain import journal, tree, witness
from reviewer.chain.submitting import NEW_JOURNAL, open_contents
from reviewer.crypto.age import AgeIdentity, encrypt_stream
from reviewer.crypto.hashes import sha256, sha256_hex
from reviewer.crypto.padding import padme
from reviewer.crypto.sealing import PRIVATE_BYTES, SealPrivateKey
from reviewer.crypto.signing import SigningKey
from reviewer.domain.decision import Basis, Decision
from reviewer.domain.ids import BatchId, ItemId, KeyId, Sha256Hex, UtcTime
from reviewer.domain.item import BatchPurpose, Item, Kind
from reviewer.domain.orgconfig import KeyringMode, OrgConfig, SupportCard
from reviewer.domain.person import Authorisation, Capacity, Role
from reviewer.domain.policy import PolicyPack
from reviewer.domain.rendition import SandboxLevel
from reviewer.formats import trust as trusts
from reviewer.formats.base64 import b64
from reviewer.formats.batch import write_batch
from reviewer.formats.entry import commit, sign_entry
from reviewer.formats.signed import ZERO_HASH
from reviewer.formats.submission import freeze, verify_submission_outer
from reviewer.formats.threat import sign_threat
from reviewer.formats.wire import (
    Act,
    BatchBinding,
    BeginBody,
    Body,
    ClockTrust,
    Contents,
    DecideBody,
    Directory,
    DirectoryKey,
    EnrolledDevice,
    Enrolment,
    Entry,
    Extent,
    ImportBody,
    Invitation,
    ItemBody,
    Opening,
    SealKey,
    SubmissionBinding,
    SubmitBody,
    Threat,
    ThreatWords,
    TrustBundle,
)

NAME: Final = "Heron Trust"
ISSUED: Final = UtcTime("2026-11-20T10:00:00Z")
NOT_AFTER: Final = UtcTime("2026-12-20T10:00:00Z")
UNTIL: Final = UtcTime("2028-11-20T10:00:00Z")
RECEIVED: Final = UtcTime("2026-11-22T09:30:00Z")
BATCH: Final = BatchId("b0" * 16)
SALT: Final = bytes(range(16))
NOTE: Final = "A flag only; the caption reports."
MEDIA: Final = (b"still " * 20, b"", b"clip" * 500)


def stream(label: str) -> Callable[[int], bytes]:
    """Return bytes that look random and are the same in every run."""
    counter = itertools.count()

    def draw(count_bytes: int) -> bytes:
        blocks = -(-count_bytes // 32)
        drawn = (sha256(f"{label}/{next(counter)}".encode()) for _ in range(blocks))
        return b"".join(drawn)[:count_bytes]

    return draw


def signing_key(label: str) -> SigningKey:
    """Return the signing key of that name."""
    return SigningKey.generate(stream(f"sign/{label}"))


def seal_key(label: str) -> SealPrivateKey:
    """Return the sealing key of that name."""
    return SealPrivateKey.from_raw(stream(f"seal/{label}")(PRIVATE_BYTES))


def published(key: SealPrivateKey) -> SealKey:
    """Return the half of a sealing key that a device publishes."""
    return SealKey(key_id=key.key_id, public_key=b64(key.public.raw))


class Organisation:
    """Root, coordinator, one invitation, one device, and what they sign."""

    def __init__(self, label: str = "heron") -> None:
        """Take every key from the label."""
        self.root = signing_key(f"{label}/root")
        self.online = signing_key(f"{label}/online")
        self.online_seal = seal_key(f"{label}/online")
        self.one_time = signing_key(f"{label}/invitation")
        self.device = signing_key(f"{label}/device")
        self.stock = tuple(seal_key(f"{label}/stock/{place}") for place in range(2))
        self.identities = tuple(
            AgeIdentity.generate(stream(f"{label}/age/{place}"))
            for place in range(len(MEDIA))
        )
        self.policy = trusts.sign_policy(self.root, policy_pack())
        self.config = trusts.sign_config(self.root, org_config())

    # Trust ---------------------------------------------------------------------

    def directory(self, **changes: Any) -> Directory:  # noqa: ANN401
        """Return the directory; changes apply to the coordinator's entry."""
        entry = DirectoryKey(
            key_id=self.online.key_id,
            public_key=b64(self.online.verifying_key.raw),
            role=Role.COORDINATOR,
            subject="coordinator-1",
            valid_from=ISSUED,
            valid_until=UNTIL,
            seal_key=b64(self.online_seal.public.raw),
        )
        return Directory(
            organisation=NAME,
            version=1,
            issued=ISSUED,
            keys=(msgspec.structs.replace(entry, **changes),),
        )

    def invitation(self, **changes: Any) -> bytes:  # noqa: ANN401
        """Return the invitation's envelope."""
        value = Invitation(
            invitation_id="1f" * 16,
            organisation=NAME,
            subject="reviewer-7",
            role=Role.REVIEWER,
            authorisation=Authorisation(
                person="reviewer-7",
                employer=NAME,
                purpose="review",
                jurisdiction="EU",
                expires=UNTIL,
            ),
            invitation_key=b64(self.one_time.verifying_key.raw),
            issued=ISSUED,
            expires=NOT_AFTER,
        )
        return trusts.sign_invitation(
            self.root, msgspec.structs.replace(value, **changes)
        )

    def enrolment(self, **changes: Any) -> bytes:  # noqa: ANN401
        """Return the enrolment's envelope."""
        value = Enrolment(
            invitation=self.one_time.key_id,
            device_key=b64(self.device.verifying_key.raw),
            seal_keys=tuple(published(key) for key in self.stock),
            requested=ISSUED,
        )
        return trusts.sign_enrolment(
            msgspec.structs.replace(value, **changes),
            invitation_key=self.one_time,
            device_key=self.device,
        )

    def bundle(self, **changes: Any) -> bytes:  # noqa: ANN401
        """Return the bytes of the trust bundle."""
        value = TrustBundle(
            root_key=b64(self.root.verifying_key.raw),
            directory=b64(trusts.sign_directory(self.root, self.directory())),
            policies=(b64(self.policy),),
            configs=(b64(self.config),),
            devices=(
                EnrolledDevice(
                    invitation=b64(self.invitation()), enrolment=b64(self.enrolment())
                ),
            ),
        )
        return trusts.encode_bundle(msgspec.structs.replace(value, **changes))

    def trust(self, **changes: Any) -> trusts.VerifiedTrust:  # noqa: ANN401
        """Return the bundle, verified."""
        return trusts.verify_trust(
            self.bundle(**changes),
            root_sha256=Sha256Hex(self.root.key_id),
            now=None,
        )

    # Batch ---------------------------------------------------------------------

    def media(self) -> tuple[bytes, tuple[Item, ...]]:
        """Return the media part and the items that describe it."""
        out = io.BytesIO()
        items = []
        for place, (clear, identity) in enumerate(
            zip(MEDIA, self.identities, strict=True)
        ):
            offset = out.tell()
            sealed = encrypt_stream(
                io.BytesIO(clear),
                out,
                recipient=identity.recipient,
                length=len(clear),
                padded_to=padme(len(clear)),
                entropy=stream(f"media/{identity.raw.hex()}"),
            )
            items.append(
                Item(
                    id=ItemId(f"{place + 1:032x}"),
                    ref=f"Heron 12-{place + 1:03d}",
                    kind=Kind.IMAGE,
                    identity=b64(identity.raw),
                    sha256=sealed.clear_sha256,
                    size_bytes=sealed.clear_bytes,
                    offset_bytes=offset,
                    sealed_bytes=sealed.sealed_bytes,
                    declared_type="image/jpeg",
                    severity=2,
                )
            )
        return out.getvalue(), tuple(items)

    def binding(self, media: bytes, **changes: Any) -> BatchBinding:  # noqa: ANN401
        """Return the outer fields of the batch."""
        value = BatchBinding(
            batch_id=BATCH,
            coordinator=self.online.key_id,
            audience=self.device.key_id,
            seal_key=self.stock[0].key_id,
            seq=0,
            prev=ZERO_HASH,
            issued=ISSUED,
            not_after=NOT_AFTER,
            min_app_version="0.1.0",
            media=Extent(length=len(media), sha256=sha256_hex(media)),
        )
        return msgspec.structs.replace(value, **changes)

    def batch(self, **changes: Any) -> bytes:  # noqa: ANN401
        """Return the bytes of a whole batch; changes apply to the outer fields."""
        media, items = self.media()
        out = io.BytesIO()
        write_batch(
            out,
            binding=self.binding(media, **changes),
            name="Heron 12",
            purpose=BatchPurpose.REVIEW,
            policy_sha256=sha256_hex(self.policy),
            config_sha256=sha256_hex(self.config),
            items=items,
            media=io.BytesIO(media),
            seal_to=self.stock[0].public,
            signer=self.online,
        )
        return out.getvalue()

    # Journal -------------------------------------------------------------------

    def entries(self, count: int = 5) -> tuple[bytes, ...]:
        """Return the first entries of the device's journal."""
        bodies = self._bodies()
        made: list[bytes] = []
        for seq, (act, body) in enumerate(itertools.islice(bodies, count)):
            prev = sha256_hex(made[-1]) if made else ZERO_HASH
            made.append(self.entry(seq=seq, prev=prev, act=act, body=body))
        return tuple(made)

    def entry(
        self,
        *,
        seq: int,
        prev: Sha256Hex,
        act: Act = Act.OPEN,
        body: Body | None = None,
        at: str = "2026-11-21T06",
        epoch: int = 0,
    ) -> bytes:
        """Return one entry's envelope."""
        value = Entry(
            device=self.device.key_id,
            epoch=epoch,
            seq=seq,
            prev=prev,
            at=at,
            actor="reviewer-7",
            act=act,
            body=msgspec.to_builtins(item_body() if body is None else body),
        )
        return sign_entry(value, key=self.device)

    def contents(
        self,
        entries: Sequence[bytes],
        /,
        *,
        first: int = 0,
        **changes: Any,  # noqa: ANN401
    ) -> Contents:
        """Return the contents over `entries`, all of the journal, from `first` on."""
        leaves = [tree.leaf_hash(one) for one in entries]
        value = Contents(
            binding=SubmissionBinding(
                device=self.device.key_id,
                epoch=0,
                coordinator=self.online.key_id,
                first=first,
                last=len(entries) - 1,
            ),
            entries=tuple(b64(one) for one in entries[first:]),
            openings=(Opening(seq=3, salt=b64(SALT), text=NOTE),)
            if first <= 3 < len(entries)
            else (),
            checkpoint=journal.sign_checkpoint(
                device=self.device, epoch=0, leaves=leaves
            ),
            consistency=tuple(
                b64(one) for one in tree.consistency_proof(leaves, first)
            ),
            seal_keys=(),
            capacity=Capacity.OK,
        )
        return msgspec.structs.replace(value, **changes)

    def submission(self, contents: Contents | None = None) -> bytes:
        """Return the bytes of a submission."""
        made = self.contents(self.entries()) if contents is None else contents
        return freeze(
            binding=made.binding,
            contents=made,
            signer=self.device,
            coordinator=self.online_seal.public,
        )

    def receipt(self, submission: bytes, *, at: UtcTime = RECEIVED) -> bytes:
        """Return the receipt for a submission that begins the journal."""
        received = verify_submission_outer(submission, trust=self.trust())
        contents = open_contents(received, key=self.online_seal, known=NEW_JOURNAL)
        return witness.make_receipt(
            contents, submission_sha256=received.sha256, key=self.online, at=at
        )

    def threat(self, **changes: Any) -> bytes:  # noqa: ANN401
        """Return the file about a threat to life."""
        value = Threat(
            device=self.device.key_id,
            ref="Heron 12-001",
            item_sha256=sha256_hex(MEDIA[0]),
            words=ThreatWords(what="A threat against a market", when="Saturday"),
            duty_officer="duty officer",
            at="2026-11-21T06",
            salt=b64(SALT),
        )
        return sign_threat(msgspec.structs.replace(value, **changes), key=self.device)

    def _bodies(self) -> tuple[tuple[Act, Body], ...]:
        first = item_body()
        begin = BeginBody(
            moment=moment(),
            clock_trust=ClockTrust.PLAUSIBLE,
            enrolment_sha256=sha256_hex(self.enrolment()),
            app_version="0.1.0",
        )
        imported = ImportBody(
            moment=moment(),
            clock_trust=ClockTrust.PLAUSIBLE,
            batch_id=BATCH,
            batch_sha256=Sha256Hex("cc" * 32),
            batch_seq=0,
            items_count=len(MEDIA),
        )
        decided = DecideBody(
            moment=moment(),
            clock_trust=ClockTrust.PLAUSIBLE,
            batch_id=BATCH,
            item_id=first.item_id,
            item_sha256=first.item_sha256,
            policy_sha256=sha256_hex(self.policy),
            decision=Decision(
                verdict="keep",
                basis=Basis.CONTEXT_ONLY,
                note_commitment=commit(SALT, NOTE.encode()),
                passages=(),
            ),
        )
        submitted = SubmitBody(
            moment=moment(), clock_trust=ClockTrust.PLAUSIBLE, first=0, last=4
        )
        return (
            (Act.BEGIN, begin),
            (Act.IMPORT, imported),
            (Act.OPEN, first),
            (Act.DECIDE, decided),
            (Act.SUBMIT, submitted),
        )


def moment() -> Sha256Hex:
    """Return a commitment to some exact time."""
    return commit(SALT, b"moment")


def item_body() -> ItemBody:
    """Return the body of an act upon the first item."""
    return ItemBody(
        moment=moment(),
        clock_trust=ClockTrust.PLAUSIBLE,
        batch_id=BATCH,
        item_id=ItemId(f"{1:032x}"),
        item_sha256=sha256_hex(MEDIA[0]),
    )


def policy_pack(**changes: Any) -> PolicyPack:  # noqa: ANN401
    """Return a rule book without rules: the formats do not read them."""
    value = PolicyPack(
        name="default",
        version=1,
        language="en",
        verdicts=(),
        grounds=(),
        purposes=(),
        hand_back_reasons=(),
        dsa_enums={},
    )
    return msgspec.structs.replace(value, **changes)


def org_config(**changes: Any) -> OrgConfig:  # noqa: ANN401
    """Return an org config."""
    value = OrgConfig(
        organisation=NAME,
        version=1,
        keyring=KeyringMode.OPTIONAL,
        sandbox_floor=SandboxLevel.FULL,
        accept_unencrypted_disk=True,
        commit_needs_enter=True,
        retention_days=7,
        batch_days=14,
        support=SupportCard(lines=("Call the duty officer",)),
        duty_officer="duty officer",
    )
    return msgspec.structs.replace(value, **changes)


def key_id_of(label: str) -> KeyId:
    """Return the id of a key that stands in no directory."""
    return signing_key(label).key_id
