"""A laptop without a vault: enrols, keeps a journal in memory, freezes submissions.

It can be cloned, so that a test holds two laptops with one key.
"""

from __future__ import annotations

import copy
import io
import os
from typing import Self

import msgspec

from reviewer.chain import journal, tree
from reviewer.crypto.hashes import sha256_hex
from reviewer.crypto.sealing import SealPrivateKey
from reviewer.crypto.signing import SigningKey
from reviewer.domain.decision import Basis, Decision
from reviewer.domain.ids import KeyId, Sha256Hex, UtcTime
from reviewer.domain.item import Item
from reviewer.domain.person import Capacity
from reviewer.formats import batch as batches
from reviewer.formats.base64 import b64
from reviewer.formats.entry import commit, sign_entry
from reviewer.formats.invitecode import parse_code
from reviewer.formats.signed import ZERO_HASH
from reviewer.formats.submission import freeze
from reviewer.formats.trust import VerifiedTrust, sign_enrolment, verify_trust
from reviewer.formats.wire import (
    Act,
    BeginBody,
    Body,
    ClockTrust,
    Contents,
    DecideBody,
    Enrolment,
    Entry,
    HandBackBody,
    ImportBody,
    ItemBody,
    Opening,
    SealKey,
    SubmissionBinding,
    SubmitBody,
    UndoBody,
)

MOMENT = Sha256Hex("ab" * 32)
PLAUSIBLE = ClockTrust.PLAUSIBLE
AT = "2026-11-21T18"
REQUESTED = UtcTime("2026-11-21T18:46:02Z")


class Laptop:
    """One device of the person `subject`."""

    def __init__(self, subject: str = "reviewer-1") -> None:
        self.subject = subject
        self.key = SigningKey.generate(os.urandom)
        self.stock: dict[KeyId, SealPrivateKey] = {}
        self.fresh: list[KeyId] = []
        self.entries: list[bytes] = []
        self.openings: list[Opening] = []
        self.receipted = 0
        self.enrolment_sha256 = Sha256Hex("")
        self.opened: batches.VerifiedManifest | None = None

    @property
    def device(self) -> KeyId:
        return self.key.key_id

    def clone(self) -> Self:
        """Copy the laptop as it stands, its key included."""
        twin = copy.copy(self)
        twin.entries, twin.openings = list(self.entries), list(self.openings)
        twin.stock, twin.fresh = dict(self.stock), list(self.fresh)
        return twin

    # Joining -------------------------------------------------------------------

    def new_keys(self, count: int) -> tuple[SealKey, ...]:
        """Make single-use keys and note them as not yet sent."""
        made = []
        for _ in range(count):
            private = SealPrivateKey.generate()
            self.stock[private.key_id] = private
            made.append(_public(private))
        return tuple(made)

    def enrolment(self, code: str, *, keys_count: int = 3) -> bytes:
        """Sign an enrolment with the key of an invitation code."""
        invitation_key = parse_code(code).key
        value = Enrolment(
            invitation=invitation_key.key_id,
            device_key=b64(self.key.verifying_key.raw),
            seal_keys=self.new_keys(keys_count),
            requested=REQUESTED,
        )
        data = sign_enrolment(value, invitation_key=invitation_key, device_key=self.key)
        self.enrolment_sha256 = sha256_hex(data)
        return data

    def take_batch(self, data: bytes, trust: VerifiedTrust) -> tuple[Item, ...]:
        """Verify a batch, open it with its single-use key, enter the import."""
        stream = io.BytesIO(data)
        outer = batches.verify_outer(
            batches.read_head(stream), trust=trust, device=self.device
        )
        segment0 = stream.read(outer.segment0.length)
        key = self.stock.pop(outer.binding.seal_key)
        self.opened = batches.open_manifest(outer, segment0, key=key)
        self.append(
            Act.IMPORT,
            ImportBody(
                moment=MOMENT,
                clock_trust=PLAUSIBLE,
                batch_id=outer.batch_id,
                batch_sha256=outer.sha256,
                batch_seq=outer.binding.seq,
                items_count=len(self.opened.items),
            ),
        )
        return self.opened.items

    # Journal -------------------------------------------------------------------

    def begin(self) -> None:
        self.append(
            Act.BEGIN,
            BeginBody(
                moment=MOMENT,
                clock_trust=PLAUSIBLE,
                enrolment_sha256=self.enrolment_sha256,
                app_version="0.1.0",
            ),
        )

    def append(self, act: Act, body: Body, *, actor: str | None = None) -> bytes:
        """Sign the next entry and keep it."""
        prev = sha256_hex(self.entries[-1]) if self.entries else ZERO_HASH
        entry = Entry(
            device=self.device,
            epoch=0,
            seq=len(self.entries),
            prev=prev,
            at=AT,
            actor=actor or self.subject,
            act=act,
            body=msgspec.to_builtins(body),
        )
        envelope = sign_entry(entry, key=self.key)
        self.entries.append(envelope)
        return envelope

    def open_item(self, item: Item) -> bytes:
        return self.append(
            Act.OPEN,
            ItemBody(
                moment=MOMENT,
                clock_trust=PLAUSIBLE,
                batch_id=self._batch().outer.batch_id,
                item_id=item.id,
                item_sha256=item.sha256,
            ),
        )

    def decide(
        self, item: Item, verdict: str = "violates", *, note: str | None = None
    ) -> bytes:
        """Decide an item, with a note beside the entry if there is one."""
        commitment = None
        if note is not None:
            salt = os.urandom(16)
            commitment = commit(salt, note.encode())
            self.openings.append(
                Opening(seq=len(self.entries), salt=b64(salt), text=note)
            )
        return self.append(
            Act.DECIDE,
            DecideBody(
                moment=MOMENT,
                clock_trust=PLAUSIBLE,
                batch_id=self._batch().outer.batch_id,
                item_id=item.id,
                item_sha256=item.sha256,
                policy_sha256=self._batch().policy_sha256,
                decision=Decision(
                    verdict=verdict,
                    grounds=("g1",),
                    basis=Basis.CONTEXT_ONLY,
                    note_commitment=commitment,
                ),
            ),
        )

    def hand_back(self, item: Item) -> bytes:
        return self.append(
            Act.HAND_BACK,
            HandBackBody(
                moment=MOMENT,
                clock_trust=PLAUSIBLE,
                batch_id=self._batch().outer.batch_id,
                item_id=item.id,
                item_sha256=item.sha256,
            ),
        )

    def undo(self, item: Item, envelope: bytes) -> bytes:
        return self.append(
            Act.UNDO,
            UndoBody(
                moment=MOMENT,
                clock_trust=PLAUSIBLE,
                batch_id=self._batch().outer.batch_id,
                item_id=item.id,
                item_sha256=item.sha256,
                undoes=sha256_hex(envelope),
            ),
        )

    # Sending -------------------------------------------------------------------

    def submission(
        self,
        trust: bytes | VerifiedTrust,
        *,
        first: int | None = None,
        keys_count: int = 0,
    ) -> bytes:
        """Freeze everything from `first` on, or from what no receipt covers."""
        if isinstance(trust, bytes):
            trust = verify_trust(trust, root_sha256=None, now=None)
        first = self.receipted if first is None else first
        self.append(
            Act.SUBMIT,
            SubmitBody(
                moment=MOMENT,
                clock_trust=PLAUSIBLE,
                first=first,
                last=len(self.entries),
            ),
        )
        return self.frozen(trust, first=first, keys_count=keys_count)

    def frozen(self, trust: VerifiedTrust, *, first: int, keys_count: int = 0) -> bytes:
        """Freeze the entries as they are, without adding one."""
        target = trust.coordinators()[-1]
        binding = SubmissionBinding(
            device=self.device,
            epoch=0,
            coordinator=target.key.key_id,
            first=first,
            last=len(self.entries) - 1,
        )
        leaves = [tree.leaf_hash(entry) for entry in self.entries]
        contents = Contents(
            binding=binding,
            entries=tuple(b64(entry) for entry in self.entries[first:]),
            openings=tuple(one for one in self.openings if one.seq >= first),
            checkpoint=journal.sign_checkpoint(device=self.key, epoch=0, leaves=leaves),
            consistency=tuple(
                b64(step) for step in tree.consistency_proof(leaves, first)
            ),
            seal_keys=self.new_keys(keys_count),
            capacity=Capacity.NONE,
        )
        return freeze(
            binding=binding,
            contents=contents,
            signer=self.key,
            coordinator=target.seal,
        )

    def take_receipt(
        self, data: bytes, trust: bytes | VerifiedTrust
    ) -> journal.VerifiedReceipt:
        """Verify a receipt against our own tree; count what it covers as sent."""
        if isinstance(trust, bytes):
            trust = verify_trust(trust, root_sha256=None, now=None)
        verified = journal.verify_receipt(
            data, trust=trust, device=self.key.verifying_key
        )
        leaves = [tree.leaf_hash(entry) for entry in self.entries[: verified.size]]
        assert verified.root == tree.root(leaves)
        self.receipted = verified.size
        return verified

    def _batch(self) -> batches.VerifiedManifest:
        assert self.opened is not None
        return self.opened


def _public(private: SealPrivateKey) -> SealKey:
    return SealKey(key_id=private.key_id, public_key=b64(private.public.raw))
