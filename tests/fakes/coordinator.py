"""A coordinator in memory: true signatures, no network, faults on demand.

It passes the conformance suite of the HTTP client against the real service. Media
are drawn bytes unless a test brings its own.
"""

from __future__ import annotations

import enum
import io
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import msgspec

from reviewer.chain.submitting import NEW_JOURNAL, KnownJournal, open_contents
from reviewer.chain.witness import make_receipt
from reviewer.crypto.age import AgeIdentity, encrypt_stream
from reviewer.crypto.hashes import sha256_hex
from reviewer.crypto.padding import padme
from reviewer.crypto.sealing import SealPrivateKey, SealPublicKey
from reviewer.crypto.signing import SigningKey
from reviewer.domain.ids import BatchId, ItemId, KeyId, Sha256Hex, UnixMs, UtcTime
from reviewer.domain.item import BatchPurpose, Context, Flag, Item, Kind, Priority
from reviewer.domain.orgconfig import OrgConfig
from reviewer.domain.person import Authorisation, Role
from reviewer.domain.policy import PolicyPack
from reviewer.domain.times import DAY_MS, utc_of
from reviewer.errors import (
    Code,
    RefusedError,
    UnavailableError,
    VerificationError,
)
from reviewer.formats import envelope as envelopes
from reviewer.formats import trust as trusts
from reviewer.formats.base64 import b64, unb64
from reviewer.formats.batch import write_batch
from reviewer.formats.invitecode import make_code
from reviewer.formats.signed import ZERO_HASH
from reviewer.formats.submission import verify_submission_outer
from reviewer.formats.wire import (
    BatchBinding,
    Directory,
    DirectoryKey,
    EnrolledDevice,
    Extent,
    Invitation,
    SealKey,
    TrustBundle,
)
from reviewer.network import OfferedBatch
from reviewer.settings import resource
from tests.fakes.clock import START_UNIX_MS

T = TypeVar("T")

URL = "https://coordinator.example"
_PIECE_BYTES = 1000


class Fault(enum.Enum):
    """What goes wrong with the next call, once."""

    DOWN = "down"
    """Nothing reaches the service."""
    LOST_REPLY = "lost_reply"
    """The service acts, and its answer is lost."""
    REFUSED = "refused"
    """The service refuses without a code of ours."""
    LIED = "lied"
    """The service answers bytes that are not what was asked for."""
    CUT = "cut"
    """A batch breaks off in the middle."""


_CONTEXT = Context(source="a forum", caption="a caption")


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnItem:
    """Media for one item, and what the batch says of it."""

    data: bytes
    kind: Kind = Kind.IMAGE
    declared_type: str = "image/png"
    severity: int | None = 2
    text: str | None = None
    languages: tuple[str, ...] = ("en",)
    context: Context = _CONTEXT
    tags: tuple[str, ...] = ()
    transcript: str | None = None
    translation: str | None = None
    flag: Flag | None = None
    priority: Priority = Priority.P4


DRAWN = (
    DrawnItem(data=bytes(range(256)) * 20),
    DrawnItem(data=b"Drawn words.", kind=Kind.TEXT, declared_type="text/plain"),
)


@dataclass(slots=True)
class _Device:
    stock: list[SealKey]
    enrolment: bytes
    invitation: bytes
    batches: list[tuple[OfferedBatch, bytes]] = field(default_factory=list)
    head: Sha256Hex = ZERO_HASH
    known: KnownJournal = NEW_JOURNAL


class FakeCoordinator:
    """Implements `ports.Coordinator`; `faults` are used up from the front.

    None among them lets a call pass.
    """

    def __init__(self, *, unix_ms: int = START_UNIX_MS) -> None:
        self.unix_ms = unix_ms
        self.root = SigningKey.generate(os.urandom)
        self.online = SigningKey.generate(os.urandom)
        self.seal = SealPrivateKey.generate()
        self.faults: list[Fault | None] = []
        self.calls: list[str] = []
        self.receipts: dict[Sha256Hex, bytes] = {}
        self._invitations: dict[str, bytes] = {}
        self._devices: dict[KeyId, _Device] = {}
        self._config = _resource("policy/default_config.json", OrgConfig)
        self._policy = _resource("policy/default_policy.json", PolicyPack)

    def set_config(self, config: OrgConfig) -> None:
        """Use other organisation values; before anybody enrols."""
        self._config = config

    # What an administrator does --------------------------------------------------

    def root_sha256(self) -> Sha256Hex:
        return sha256_hex(self.root.verifying_key.raw)

    def invite(self, subject: str = "reviewer-1") -> str:
        """Sign an invitation and return its code."""
        one_time = SigningKey.generate(os.urandom)
        value = Invitation(
            invitation_id=os.urandom(16).hex(),
            organisation=self._config.organisation,
            subject=subject,
            role=Role.REVIEWER,
            authorisation=Authorisation(
                person=subject,
                employer="Example",
                purpose="Moderation of terrorist content",
                jurisdiction="EU",
                expires=self._later(365),
            ),
            invitation_key=b64(one_time.verifying_key.raw),
            issued=self.now(),
            expires=self._later(14),
        )
        self._invitations[one_time.key_id] = trusts.sign_invitation(self.root, value)
        return make_code(one_time.seed, self.root.verifying_key.raw)

    def deal(
        self,
        device: KeyId,
        drawn: Sequence[DrawnItem] = DRAWN,
        *,
        name: str = "Drawn",
        days: int = 14,
    ) -> BatchId:
        """Seal drawn media for a device and offer them as its next batch."""
        held = self._devices[device]
        if not held.stock:
            raise UnavailableError(Code.NO_SEAL_KEY, device)
        key = held.stock.pop(0)
        media, items = _sealed(drawn)
        binding = BatchBinding(
            batch_id=BatchId(os.urandom(16).hex()),
            coordinator=self.online.key_id,
            audience=device,
            seal_key=key.key_id,
            seq=len(held.batches),
            prev=held.head,
            issued=self.now(),
            not_after=self._later(days),
            min_app_version="0.1.0",
            media=Extent(length=len(media), sha256=sha256_hex(media)),
        )
        out = io.BytesIO()
        held.head = write_batch(
            out,
            binding=binding,
            name=name,
            purpose=BatchPurpose.REVIEW,
            policy_sha256=sha256_hex(self._policy_envelope()),
            config_sha256=sha256_hex(self._config_envelope()),
            items=items,
            media=io.BytesIO(media),
            seal_to=SealPublicKey.from_raw(unb64(key.public_key)),
            signer=self.online,
        )
        data = out.getvalue()
        offer = OfferedBatch(
            batch_id=binding.batch_id, seq=binding.seq, length_bytes=len(data)
        )
        held.batches.append((offer, data))
        return binding.batch_id

    def now(self) -> UtcTime:
        return utc_of(UnixMs(self.unix_ms))

    def __call__(self, url: str, /) -> FakeCoordinator:
        """Serve as `ports.CoordinatorOpener` too."""
        if url.startswith("http://") and "127.0.0.1" not in url:
            raise RefusedError(Code.INPUT_INVALID, "plain http beyond loopback")
        return self

    # What a device asks ----------------------------------------------------------

    def trust(self) -> bytes:
        self._call("trust")
        return self._reply(self._bundle(None))

    def invitation(self, invitation_key_id: KeyId, /) -> bytes:
        self._call("invitation")
        found = self._invitations.get(invitation_key_id)
        if found is None:
            raise VerificationError(Code.INVITATION_INVALID, "unknown")
        return self._reply(found)

    def enrol(self, enrolment: bytes, /) -> bytes:
        self._call("enrol")
        signed = envelopes.parse(enrolment, max_bytes=trusts.MAX_ENROLMENT_BYTES)
        invitation = self._invitations.get(signed.key_ids[0])
        if invitation is None:
            raise VerificationError(Code.INVITATION_INVALID, "unknown")
        verified = trusts.verify_enrolment(
            enrolment,
            invitation=trusts.verify_invitation(
                invitation, root=self.root.verifying_key
            ),
        )
        used = [one for one in self._devices.values() if one.invitation == invitation]
        if used and used[0].enrolment != enrolment:
            raise VerificationError(Code.INVITATION_USED)
        if not used:
            self._devices[verified.device.key_id] = _Device(
                stock=list(verified.enrolment.seal_keys),
                enrolment=enrolment,
                invitation=invitation,
            )
        return self._reply(self._bundle(verified.device.key_id))

    def batches(self, device: SigningKey, /, *, after: int) -> tuple[OfferedBatch, ...]:
        self._call("batches")
        held = self._held(device)
        self._reply(b"")
        return tuple(offer for offer, _ in held.batches if offer.seq > after)

    def batch(
        self, device: SigningKey, batch_id: BatchId, /, *, offset_bytes: int
    ) -> Iterator[bytes]:
        fault = self._call("batch")
        found = [
            data
            for offer, data in self._held(device).batches
            if offer.batch_id == batch_id
        ]
        if not found:
            raise RefusedError(Code.INPUT_MISSING, "batch")
        data = found[0]
        if fault is Fault.LIED:
            data = data[:-1] + bytes([data[-1] ^ 1])
        end = (offset_bytes + len(data)) // 2 if fault is Fault.CUT else len(data)
        for start in range(offset_bytes, end, _PIECE_BYTES):
            yield data[start : min(end, start + _PIECE_BYTES)]
        if fault is Fault.CUT:
            raise UnavailableError(Code.NETWORK_DOWN, "shorter batch")

    def submit(self, device: SigningKey, data: bytes, sha256: Sha256Hex, /) -> bytes:
        self._call("submit")
        held = self._held(device)
        if sha256_hex(data) != sha256:
            raise VerificationError(Code.HASH_MISMATCH, "submission")
        if sha256 not in self.receipts:
            trust = trusts.verify_trust(self.whole_trust(), root_sha256=None, now=None)
            received = verify_submission_outer(
                data, trust=trust, coordinator=self.online.key_id
            )
            if received.device.key.key_id != device.key_id:
                raise VerificationError(Code.BINDING_MISMATCH, "sender")
            contents = open_contents(received, key=self.seal, known=held.known)
            held.known = contents.known
            held.stock.extend(contents.seal_keys)
            self.receipts[sha256] = make_receipt(
                contents, submission_sha256=sha256, key=self.online, at=self.now()
            )
        return self._reply(self.receipts[sha256])

    # Below -----------------------------------------------------------------------

    def _call(self, name: str) -> Fault | None:
        """Note the call, and fail it if that is its fault."""
        self.calls.append(name)
        self._lost, self._lied = False, False
        fault = self.faults.pop(0) if self.faults else None
        if fault is Fault.DOWN:
            raise UnavailableError(Code.NETWORK_DOWN, "ConnectError")
        if fault is Fault.REFUSED:
            raise UnavailableError(Code.COORDINATOR_REFUSED, "status=500")
        self._lost = fault is Fault.LOST_REPLY
        self._lied = fault is Fault.LIED
        return fault

    def _reply(self, data: bytes) -> bytes:
        if self._lost:
            raise UnavailableError(Code.NETWORK_DOWN, "ReadError")
        return b'{"not":"what was asked for"}' if self._lied else data

    def _held(self, device: SigningKey) -> _Device:
        held = self._devices.get(device.key_id)
        if held is None:
            raise VerificationError(Code.KEY_UNKNOWN, device.key_id)
        return held

    def _later(self, days: int) -> UtcTime:
        return utc_of(UnixMs(self.unix_ms + days * DAY_MS))

    def _policy_envelope(self) -> bytes:
        return trusts.sign_policy(self.root, self._policy)

    def _config_envelope(self) -> bytes:
        return trusts.sign_config(self.root, self._config)

    def whole_trust(self) -> bytes:
        """Return the bundle with every device, as an administrator keeps it."""
        return self._bundle(*self._devices)

    def _bundle(self, *devices: KeyId | None) -> bytes:
        key = DirectoryKey(
            key_id=self.online.key_id,
            public_key=b64(self.online.verifying_key.raw),
            role=Role.COORDINATOR,
            subject="coordinator",
            valid_from=utc_of(UnixMs(START_UNIX_MS)),
            valid_until=utc_of(UnixMs(START_UNIX_MS + 730 * DAY_MS)),
            seal_key=b64(self.seal.public.raw),
        )
        directory = Directory(
            organisation=self._config.organisation,
            version=1,
            issued=utc_of(UnixMs(START_UNIX_MS)),
            keys=(key,),
        )
        return trusts.encode_bundle(
            TrustBundle(
                root_key=b64(self.root.verifying_key.raw),
                directory=b64(trusts.sign_directory(self.root, directory)),
                policies=(b64(self._policy_envelope()),),
                configs=(b64(self._config_envelope()),),
                devices=tuple(
                    EnrolledDevice(
                        invitation=b64(one.invitation), enrolment=b64(one.enrolment)
                    )
                    for key_id, one in self._devices.items()
                    if key_id in devices
                ),
            )
        )


def _sealed(drawn: Sequence[DrawnItem]) -> tuple[bytes, tuple[Item, ...]]:
    """Seal each item's media for itself, back to back."""
    out = io.BytesIO()
    items = []
    for number, each in enumerate(drawn, 1):
        identity = AgeIdentity.generate(os.urandom)
        offset = out.tell()
        sealed = encrypt_stream(
            io.BytesIO(each.data),
            out,
            recipient=identity.recipient,
            length=len(each.data),
            padded_to=padme(len(each.data)),
        )
        items.append(
            Item(
                id=ItemId(os.urandom(16).hex()),
                ref=f"Heron 12-{number:03d}",
                kind=each.kind,
                identity=b64(identity.raw),
                sha256=sealed.clear_sha256,
                size_bytes=sealed.clear_bytes,
                offset_bytes=offset,
                sealed_bytes=sealed.sealed_bytes,
                declared_type=each.declared_type,
                severity=each.severity,
                languages=each.languages,
                context=each.context,
                tags=each.tags,
                text=each.text,
                transcript=each.transcript,
                translation=each.translation,
                flag=each.flag,
                priority=each.priority,
            )
        )
    return out.getvalue(), tuple(items)


def _resource(name: str, type_: type[T]) -> T:
    return msgspec.json.decode(resource(name).read_bytes(), type=type_)
