"""What the administrator is told, by code; one plain sentence each."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from reviewer.errors import Code

WORDS: Final[Mapping[Code, str]] = MappingProxyType(
    {
        Code.ALREADY_ENROLLED: "There is a service or a root key there already.",
        Code.BINDING_MISMATCH: "Two parts that belong together do not agree.",
        Code.CHAIN_BROKEN: "The journal in this submission does not hold together.",
        Code.CHAIN_FORK: "This device told two different stories; the proof is kept.",
        Code.CHAIN_GAP: "Entries before this submission are missing: send them first.",
        Code.DATABASE_DAMAGED: "The database is damaged; restore it from a copy.",
        Code.DISK_FAILED: "The disk could not be read or written.",
        Code.DISK_FULL: "The disk is full; nothing was changed.",
        Code.EXPIRED: "This is past its date.",
        Code.FORMAT_UNKNOWN: "This is not a file of the kind that was expected.",
        Code.HASH_MISMATCH: "The bytes are not those that were signed for.",
        Code.INPUT_INVALID: "Something that was given cannot be right.",
        Code.INPUT_MISSING: "Something that is needed was not given or is not there.",
        Code.INVITATION_INVALID: "There is no such invitation, or it has expired.",
        Code.INVITATION_USED: "This invitation has been used by another device.",
        Code.ITEM_NOT_FOR_LAPTOPS: "An item must not go to a laptop, so none went.",
        Code.KEY_EXPIRED: "The signing key has expired.",
        Code.KEY_REVOKED: "The signing key has been revoked.",
        Code.KEY_UNKNOWN: "The key is in no directory of this organisation.",
        Code.MALFORMED: "The file is damaged or was not made by this program.",
        Code.NETWORK_DOWN: "The address cannot be listened on.",
        Code.NOT_CANONICAL: "The file was changed after it was signed.",
        Code.NO_SEAL_KEY: "The device has no single-use key left; it has to submit.",
        Code.PASSPHRASE_WEAK: "The passphrase is too short.",
        Code.PASSPHRASE_WRONG: "The passphrase does not open this.",
        Code.PROFILE_DAMAGED: "The service's header or root key file is damaged.",
        Code.PROFILE_MISSING: "There is no finished service in this folder.",
        Code.PROFILE_NEWER: "A newer program made this database.",
        Code.ROOT_MISMATCH: "This root key belongs to another organisation.",
        Code.SEQUENCE_REPLAY: "These entries were accepted before, in another file.",
        Code.SIGNATURE_INVALID: "The signature is false.",
        Code.SYSTEM_LIBRARY_MISSING: "A library that is needed is not installed.",
        Code.TABLE_INVALID: "The table has wrong rows; nothing was packed.",
        Code.TOO_LARGE: "This is larger than it may be.",
        Code.UNSEAL_FAILED: "This was not sealed to this service.",
        Code.WRONG_AUDIENCE: "This is meant for another coordinator.",
    }
)
