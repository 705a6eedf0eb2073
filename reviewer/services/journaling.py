"""Append signed entries to the journal within one transaction.

An entry commits in the same transaction as what it describes (design.md 4). The
journal must not time reviewers: entries carry a quarter of a day, and the exact
moment stays on this machine behind a salted commitment.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import msgspec

from reviewer.crypto.hashes import sha256_hex
from reviewer.domain import times
from reviewer.domain.ids import ItemId, Sha256Hex, UtcTime
from reviewer.formats import canonical
from reviewer.formats.acts import ACTS_UPON_ITEMS
from reviewer.formats.entry import (
    VerifiedEntry,
    quarter_of,
    sign_entry,
    verify_entry,
)
from reviewer.formats.wire import Act, Body, ClockTrust, Entry
from reviewer.ports import Clock, Entropy, Head, NewEntry, Store, VaultKeys, Writing

SALT_BYTES: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalState:
    """What the strip at the top of the window says."""

    entries: int
    unsent: int
    """Acts upon items that no verified receipt covers yet."""
    read_only: bool
    head: Sha256Hex


@dataclass(frozen=True, slots=True, kw_only=True)
class Appended:
    """An entry that was put into the transaction."""

    seq: int
    sha256: Sha256Hex


class Journal:
    """Makes entries for one actor on one device."""

    def __init__(
        self, *, store: Store, keys: VaultKeys, clock: Clock, entropy: Entropy
    ) -> None:
        """Keep what every entry needs; nothing is read yet."""
        self._store = store
        self._keys = keys
        self._clock = clock
        self._entropy = entropy

    def writer(self, tx: Writing, *, actor: str) -> JournalWriter:
        """Return a writer that continues from the head; one per transaction."""
        return JournalWriter(
            tx=tx,
            head=self._store.head(),
            keys=self._keys,
            clock=self._clock,
            entropy=self._entropy,
            signed_time=self._store.signed_time(),
            actor=actor,
        )

    def read(self, envelope: bytes) -> VerifiedEntry:
        """Verify one of our own entries and return it with its typed body.

        Raises:
            VerificationError: the vault holds what this device did not sign.
        """
        return verify_entry(envelope, key=self._keys.device.verifying_key)

    def state(self) -> JournalState:
        """Count what stands and what is not yet covered by a receipt."""
        head = self._store.head()
        unsent = 0
        if head.size > head.receipted:
            unsent = sum(
                entry.act in ACTS_UPON_ITEMS
                for entry in self._store.entries(head.receipted, head.size - 1)
            )
        return JournalState(
            entries=head.size,
            unsent=unsent,
            read_only=self._store.read_only(),
            head=head.entry_sha256,
        )


class JournalWriter:
    """Appends entries one after the other inside one transaction."""

    def __init__(
        self,
        *,
        tx: Writing,
        head: Head,
        keys: VaultKeys,
        clock: Clock,
        entropy: Entropy,
        signed_time: UtcTime | None,
        actor: str,
    ) -> None:
        """Continue from `head`, which must be the head of the same transaction."""
        self._tx = tx
        self._keys = keys
        self._clock = clock
        self._entropy = entropy
        self._signed_time = signed_time
        self._actor = actor
        self._seq = head.size
        self._prev = head.entry_sha256
        self._at = head.at

    def append(
        self, act: Act, body: Body, /, *, item_id: ItemId | None = None
    ) -> Appended:
        """Sign an entry and add it; the body's `moment` is filled in here."""
        exact = self._exact()
        filled = msgspec.structs.replace(
            body, moment=sha256_hex(exact), clock_trust=self._clock_trust()
        )
        self._at = max(self._at, quarter_of(self._clock.unix_ms()))
        entry = Entry(
            device=self._keys.device.key_id,
            epoch=self._keys.epoch,
            seq=self._seq,
            prev=self._prev,
            at=self._at,
            actor=self._actor,
            act=act,
            body=msgspec.to_builtins(filled),
        )
        envelope = sign_entry(entry, key=self._keys.device)
        self._tx.append(
            NewEntry(
                seq=self._seq,
                act=act.value,
                item_id=item_id,
                envelope=envelope,
                exact=exact,
            )
        )
        done = Appended(seq=self._seq, sha256=sha256_hex(envelope))
        self._seq += 1
        self._prev = done.sha256
        return done

    def _exact(self) -> bytes:
        return canonical.encode(
            {
                "salt": self._entropy(SALT_BYTES).hex(),
                "unix_ms": self._clock.unix_ms(),
                "mono_ms": self._clock.mono_ms(),
            }
        )

    def _clock_trust(self) -> ClockTrust:
        if self._signed_time is None:
            return ClockTrust.PLAUSIBLE
        now = times.utc_of(self._clock.unix_ms())
        return ClockTrust.BEHIND if now < self._signed_time else ClockTrust.PLAUSIBLE


UNFILLED: Final = Sha256Hex("0" * 64)
"""Stands in a body until `JournalWriter.append` fills in the moment."""
