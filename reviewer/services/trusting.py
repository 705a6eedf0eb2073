"""Take a newer trust bundle without losing what proves our own enrolment.

The service hands out a bundle without devices: no laptop needs to know who else is
enrolled. The two envelopes of this device stay from the bundle before.
"""

from __future__ import annotations

import msgspec

from reviewer.domain.ids import KeyId
from reviewer.errors import Code, RefusedError, VerificationError
from reviewer.formats.trust import VerifiedTrust, encode_bundle, verify_trust
from reviewer.ports import Store
from reviewer.services import policies

META_TRUST = "trust"


class Trusting:
    """The trust bundle that a vault holds, verified, and its successors."""

    def __init__(self, store: Store, *, device: KeyId) -> None:
        """Verify what the vault holds.

        Raises:
            VerificationError: it is not what was enrolled.
            RefusedError: NOT_ENROLLED while an enrolment waits for its answer.
        """
        data = store.meta(META_TRUST)
        if data is None:
            raise RefusedError(Code.NOT_ENROLLED)
        self._store = store
        self._device = device
        self.trust = verify_trust(data, root_sha256=None, now=None)

    def take(self, data: bytes) -> None:
        """Take a newer bundle of the same root; raises as `newer_trust` does."""
        newer = newer_trust(data, present=self.trust, device=self._device)
        if newer.data == self.trust.data:
            return
        with self._store.write() as tx:
            tx.put_meta(META_TRUST, newer.data)
            tx.raise_signed_time(newer.directory.issued)
        self.trust = newer


def newer_trust(data: bytes, *, present: VerifiedTrust, device: KeyId) -> VerifiedTrust:
    """Verify a bundle as a successor of the present one, for this device.

    Raises:
        VerificationError: another root, not genuine, or this device's key was
            revoked; VERSION_ROLLBACK, an older directory, or a rule book or a
            revocation left out; CONFIG_BELOW_LIMIT, its newest config goes too far.
    """
    newer = _verified(data, present)
    if device not in newer.devices:
        own = tuple(
            proof
            for key_id, proof in zip(
                present.devices, present.bundle.devices, strict=True
            )
            if key_id == device
        )
        whole = msgspec.structs.replace(
            newer.bundle, devices=(*newer.bundle.devices, *own)
        )
        newer = _verified(encode_bundle(whole), present)
    newer.device(device)
    policies.check_config(newer.latest_config)
    _check_nothing_given_up(newer, present)
    return newer


def _check_nothing_given_up(newer: VerifiedTrust, present: VerifiedTrust) -> None:
    """Refuse a bundle that leaves out what was known.

    Each record in it is genuine, and whoever holds the service could still lower a
    floor by leaving out the newest config, or give a stolen key back its trust.
    """
    if not newer.configs.keys() >= present.configs.keys():
        raise VerificationError(Code.VERSION_ROLLBACK, "config")
    if not newer.policies.keys() >= present.policies.keys():
        raise VerificationError(Code.VERSION_ROLLBACK, "policy")
    known = {entry.key_id for entry in newer.directory.keys}
    if known & (present.revoked_keys - newer.revoked_keys):
        raise VerificationError(Code.VERSION_ROLLBACK, "revocation")


def _verified(data: bytes, present: VerifiedTrust) -> VerifiedTrust:
    return verify_trust(
        data,
        root_sha256=present.root_sha256,
        now=None,
        at_least_version=present.version,
    )
