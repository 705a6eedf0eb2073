"""Take a newer trust bundle without losing what proves our own enrolment.

The service hands out a bundle without devices: no laptop needs to know who else is
enrolled. The two envelopes of this device stay from the bundle before.
"""

from __future__ import annotations

import msgspec

from reviewer.domain.ids import KeyId
from reviewer.formats.trust import VerifiedTrust, encode_bundle, verify_trust
from reviewer.services import policies


def newer_trust(data: bytes, *, present: VerifiedTrust, device: KeyId) -> VerifiedTrust:
    """Verify a bundle as a successor of the present one, for this device.

    Raises:
        VerificationError: another root, a rollback, not genuine, or this device's
            key was revoked; CONFIG_BELOW_LIMIT, its newest config goes too far.
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
    return newer


def _verified(data: bytes, present: VerifiedTrust) -> VerifiedTrust:
    return verify_trust(
        data,
        root_sha256=present.root_sha256,
        now=None,
        at_least_version=present.version,
    )
