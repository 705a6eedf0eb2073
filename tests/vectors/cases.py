"""What each vector is: its expectation, what it is about, how it is made."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import partial
from typing import Any, Final

import msgspec

from reviewer.chain import journal, tree
from reviewer.chain import note as notes
from reviewer.crypto.age import CHUNK_BYTES, TAG_BYTES, encrypt_stream, sealed_length
from reviewer.crypto.hashes import sha256_hex
from reviewer.domain.ids import Sha256Hex, UtcTime
from reviewer.domain.item import Item
from reviewer.domain.person import Role
from reviewer.domain.times import unix_of
from reviewer.errors import Code
from reviewer.formats import canonical, envelope
from reviewer.formats import trust as trusts
from reviewer.formats.base64 import b64
from reviewer.formats.signed import ZERO_HASH
from reviewer.formats.wire import Act, EnrolledDevice, Opening, Outcomes, Receipt
from tests.vectors.checking import SUCCESS, Header
from tests.vectors.forging import changed, forged_batch, head_of, with_head
from tests.vectors.organisation import (
    ISSUED,
    NOTE,
    RECEIVED,
    SALT,
    Organisation,
    key_id_of,
    org_config,
    policy_pack,
    stream,
)
from tests.vectors.seals import SEALS

Case = tuple[str, str, Callable[[], bytes]]
OURS: Final = Organisation()
THEIRS: Final = Organisation("magpie")
_ENTRIES: Final = OURS.entries()


# Trust -------------------------------------------------------------------------


def _directory(**changes: Any) -> str:  # noqa: ANN401
    return b64(trusts.sign_directory(OURS.root, OURS.directory(**changes)))


def _device(
    *, invitation: bytes | None = None, enrolment: bytes | None = None
) -> EnrolledDevice:
    return EnrolledDevice(
        invitation=b64(OURS.invitation() if invitation is None else invitation),
        enrolment=b64(OURS.enrolment() if enrolment is None else enrolment),
    )


TRUST: Final[dict[str, Case]] = {
    "true": (SUCCESS, "a whole bundle", OURS.bundle),
    "other_root": (Code.ROOT_MISMATCH, "another organisation's", THEIRS.bundle),
    "changed": (
        Code.SIGNATURE_INVALID,
        "one digit of the directory's organisation",
        lambda: OURS.bundle(
            directory=b64(
                envelope.sign(
                    canonical.encode(OURS.directory()),
                    payload_type=envelope.TYPE_DIRECTORY,
                    keys=[THEIRS.root],
                ).replace(THEIRS.root.key_id.encode(), OURS.root.key_id.encode())
            )
        ),
    ),
    "directory_by_coordinator": (
        Code.KEY_UNKNOWN,
        "the directory signed by the online key",
        lambda: OURS.bundle(
            directory=b64(trusts.sign_directory(OURS.online, OURS.directory()))
        ),
    ),
    "borrowed_id": (
        Code.BINDING_MISMATCH,
        "a directory key under another key's id",
        lambda: OURS.bundle(directory=_directory(key_id=key_id_of("x"))),
    ),
    "policy_as_config": (
        Code.WRONG_TYPE,
        "a policy pack where a config belongs",
        lambda: OURS.bundle(configs=(b64(OURS.policy),)),
    ),
    "config_rollback": (
        Code.VERSION_ROLLBACK,
        "versions that fall",
        lambda: OURS.bundle(
            configs=tuple(
                b64(trusts.sign_config(OURS.root, org_config(version=version)))
                for version in (2, 1)
            )
        ),
    ),
    "policy_by_coordinator": (
        Code.KEY_UNKNOWN,
        "a policy pack signed by the online key",
        lambda: OURS.bundle(
            policies=(b64(trusts.sign_policy(OURS.online, policy_pack())),)
        ),
    ),
    "invitation_coordinator": (
        Code.INVITATION_INVALID,
        "an invitation to be a coordinator",
        lambda: OURS.bundle(
            devices=(_device(invitation=OURS.invitation(role=Role.COORDINATOR)),)
        ),
    ),
    "invitation_twice": (
        Code.INVITATION_USED,
        "one invitation for two devices",
        lambda: OURS.bundle(devices=(_device(), _device())),
    ),
    "enrolment_late": (
        Code.INVITATION_INVALID,
        "requested after the invitation expired",
        lambda: OURS.bundle(
            devices=(
                _device(
                    enrolment=OURS.enrolment(requested=UtcTime("2027-01-01T00:00:00Z"))
                ),
            )
        ),
    ),
    "white_space": (
        Code.NOT_CANONICAL,
        "a newline behind the bundle",
        lambda: OURS.bundle() + b"\n",
    ),
}


# Batches -----------------------------------------------------------------------


def _items(**changes: Any) -> tuple[Item, ...]:  # noqa: ANN401
    _, items = OURS.media()
    return (msgspec.structs.replace(items[0], **changes), *items[1:])


def _doubled() -> bytes:
    """Repeat a key of the envelope, which lax readers take the last of."""
    data = OURS.batch()
    head = head_of(data)
    return with_head(data, head.replace(b"{", b'{"payload":"",', 1))


BATCHES: Final[dict[str, Case]] = {
    "true": (SUCCESS, "a whole batch", OURS.batch),
    "magic": (Code.FORMAT_UNKNOWN, "another magic", lambda: b"RVB2" + OURS.batch()[4:]),
    "head_long": (
        Code.TOO_LARGE,
        "a head that promises more than 64 KiB",
        lambda: OURS.batch()[:5] + b"\x00\x01\x00\x01" + OURS.batch()[9:],
    ),
    "head_cut": (Code.MALFORMED, "cut within the head", lambda: OURS.batch()[:500]),
    "head_space": (
        Code.NOT_CANONICAL,
        "a space behind the envelope",
        lambda: with_head(OURS.batch(), head_of(OURS.batch()) + b" "),
    ),
    "head_key_twice": (Code.NOT_CANONICAL, "a key that stands twice", _doubled),
    "signature": (
        Code.SIGNATURE_INVALID,
        "another payload under an old signature",
        lambda: with_head(
            OURS.batch(),
            head_of(forged_batch(OURS, signer=THEIRS.online)).replace(
                THEIRS.online.key_id.encode(), OURS.online.key_id.encode()
            ),
        ),
    ),
    "stranger": (
        Code.KEY_UNKNOWN,
        "signed by a key that the directory does not hold",
        lambda: forged_batch(OURS, signer=THEIRS.online),
    ),
    "type": (
        Code.WRONG_TYPE,
        "an envelope that says it holds a receipt",
        lambda: forged_batch(OURS, payload_type=envelope.TYPE_RECEIPT),
    ),
    "format": (
        Code.FORMAT_UNKNOWN,
        "outer fields of a format to come",
        lambda: forged_batch(OURS, format="rv-batch/2"),
    ),
    "coordinator": (
        Code.BINDING_MISMATCH,
        "names another coordinator than its signer",
        lambda: forged_batch(OURS, coordinator=key_id_of("x")),
    ),
    "key_expired": (
        Code.KEY_EXPIRED,
        "issued before its signer's key was valid",
        lambda: forged_batch(OURS, issued=UtcTime("2026-01-01T00:00:00Z")),
    ),
    "audience": (
        Code.WRONG_AUDIENCE,
        "for another device",
        lambda: forged_batch(OURS, audience=key_id_of("x")),
    ),
    "fork": (
        Code.SEQUENCE_FORK,
        "the first of a stream that names one before it",
        lambda: forged_batch(OURS, prev=Sha256Hex("aa" * 32)),
    ),
    "expired": (
        Code.EXPIRED,
        "not after a time before it was issued",
        lambda: forged_batch(OURS, not_after=UtcTime("2026-11-20T09:00:00Z")),
    ),
    "segment_0": (
        Code.HASH_MISMATCH,
        "one bit of the sealed manifest",
        lambda: changed(OURS.batch(), 9 + len(head_of(OURS.batch()))),
    ),
    "media": (
        Code.HASH_MISMATCH,
        "the last bit of the media",
        lambda: changed(OURS.batch(), -1),
    ),
    "media_cut": (Code.MALFORMED, "cut by a byte", lambda: OURS.batch()[:-1]),
    "media_long": (Code.MALFORMED, "a byte too long", lambda: OURS.batch() + b"\0"),
    "seal_key": (
        Code.SEAL_KEY_UNKNOWN,
        "names another single-use key",
        lambda: forged_batch(OURS, seal_key=OURS.stock[1].key_id),
    ),
    "binding": (
        Code.BINDING_MISMATCH,
        "sealed fields that are not the outer ones",
        lambda: forged_batch(OURS, inner={"seq": 1}),
    ),
    "manifest_format": (
        Code.FORMAT_UNKNOWN,
        "a manifest of a format to come",
        lambda: forged_batch(OURS, manifest_format="rv-manifest/2"),
    ),
    "minor": (
        Code.ITEM_NOT_FOR_LAPTOPS,
        "an item in which a minor is possible",
        lambda: forged_batch(OURS, items=_items(minor_possible=True)),
    ),
    "table": (
        Code.MALFORMED,
        "an item that does not begin where its media do",
        lambda: forged_batch(OURS, items=_items(offset_bytes=1)),
    ),
    "identity_twice": (
        Code.BINDING_MISMATCH,
        "two items with one identity",
        lambda: forged_batch(OURS, items=_items(identity=b64(OURS.identities[1].raw))),
    ),
    "item_hash": (
        Code.HASH_MISMATCH,
        "an item whose clear bytes are not what is said",
        lambda: forged_batch(OURS, items=_items(sha256=ZERO_HASH)),
    ),
}


# Journals ----------------------------------------------------------------------


def _lines(*envelopes: bytes) -> bytes:
    return b"".join(one + b"\n" for one in envelopes)


def _sixth(**changes: Any) -> bytes:  # noqa: ANN401
    fields: dict[str, Any] = {"seq": 5, "prev": sha256_hex(_ENTRIES[-1])}
    return _lines(*_ENTRIES, OURS.entry(**(fields | changes)))


JOURNALS: Final[dict[str, Case]] = {
    **SEALS,
    "true": (SUCCESS, "five entries", lambda: _lines(*_ENTRIES)),
    "longer": (SUCCESS, "six entries", _sixth),
    "gap": (Code.CHAIN_GAP, "one left out", lambda: _lines(*_ENTRIES[:2], _ENTRIES[3])),
    "tail": (Code.CHAIN_GAP, "begins in the middle", lambda: _lines(*_ENTRIES[1:])),
    "swapped": (
        Code.CHAIN_GAP,
        "two in the wrong order",
        lambda: _lines(_ENTRIES[0], _ENTRIES[2], _ENTRIES[1]),
    ),
    "prev": (
        Code.CHAIN_BROKEN,
        "names another entry before it",
        lambda: _sixth(prev=ZERO_HASH),
    ),
    "quarter": (
        Code.CHAIN_BROKEN,
        "a quarter lower than the one before",
        lambda: _sixth(at="2026-11-21T00"),
    ),
    "epoch": (Code.CHAIN_BROKEN, "of another epoch", lambda: _sixth(epoch=1)),
    "first": (
        Code.CHAIN_BROKEN,
        "begins with something else than begin",
        lambda: _lines(OURS.entry(seq=0, prev=ZERO_HASH, act=Act.OPEN)),
    ),
    "changed": (
        Code.SIGNATURE_INVALID,
        "a number in a signed payload",
        lambda: _lines(_recount(_ENTRIES[0])),
    ),
    "device": (
        Code.KEY_UNKNOWN,
        "another device's entry",
        lambda: _lines(*THEIRS.entries(1)),
    ),
}


def _recount(data: bytes) -> bytes:
    """Change what is signed and leave the signature."""
    parsed = envelope.parse(data, max_bytes=len(data))
    payload = parsed.untrusted_payload.replace(b'"epoch":0', b'"epoch":7')
    return data.replace(b64(parsed.untrusted_payload).encode(), b64(payload).encode())


# Submissions -------------------------------------------------------------------


def _submission(**changes: Any) -> bytes:  # noqa: ANN401
    return OURS.submission(OURS.contents(_ENTRIES, **changes))


def _opening(**changes: Any) -> tuple[Opening, ...]:  # noqa: ANN401
    value = Opening(seq=3, salt=b64(SALT), text=NOTE)
    return (msgspec.structs.replace(value, **changes),)


SUBMISSIONS: Final[dict[str, Case]] = {
    "true": (SUCCESS, "a journal's first five entries", OURS.submission),
    "erased": (SUCCESS, "a note erased", partial(_submission, openings=())),
    "magic": (
        Code.FORMAT_UNKNOWN,
        "the magic of a batch",
        lambda: b"RVB1\n" + OURS.submission()[5:],
    ),
    "cut": (Code.HASH_MISMATCH, "cut by a byte", lambda: OURS.submission()[:-1]),
    "long": (Code.HASH_MISMATCH, "a byte too long", lambda: OURS.submission() + b"\0"),
    "changed": (
        Code.HASH_MISMATCH,
        "the last bit of the sealed part",
        lambda: changed(OURS.submission(), -1),
    ),
    "stranger": (Code.KEY_UNKNOWN, "of a device never enrolled", THEIRS.submission),
    "count": (
        Code.CHAIN_GAP,
        "fewer entries than the range",
        partial(_submission, entries=tuple(b64(one) for one in _ENTRIES[:4])),
    ),
    "late": (
        Code.CHAIN_GAP,
        "begins after what is known",
        lambda: OURS.submission(OURS.contents(_ENTRIES, first=2)),
    ),
    "root": (
        Code.CHAIN_BROKEN,
        "a checkpoint over other entries",
        lambda: _submission(
            checkpoint=journal.sign_checkpoint(
                device=OURS.device,
                epoch=0,
                leaves=[tree.leaf_hash(bytes([place])) for place in range(5)],
            )
        ),
    ),
    "note_text": (
        Code.HASH_MISMATCH,
        "a note that the entry did not commit to",
        lambda: _submission(openings=_opening(text="x")),
    ),
    "note_seq": (
        Code.HASH_MISMATCH,
        "a note for an entry that has none",
        lambda: _submission(openings=_opening(seq=2)),
    ),
}


# Receipts ----------------------------------------------------------------------


def _receipt(**changes: Any) -> bytes:  # noqa: ANN401
    """Return a receipt with fixed bytes: it names a submission by a fixed hash."""
    value = Receipt(
        coordinator=OURS.online.key_id,
        device=OURS.device.key_id,
        epoch=0,
        first=0,
        last=4,
        submission_sha256=Sha256Hex("5a" * 32),
        checkpoint=_cosigned(),
        at=RECEIVED,
        outcomes=Outcomes(),
    )
    return envelope.sign(
        canonical.encode(msgspec.structs.replace(value, **changes)),
        payload_type=envelope.TYPE_RECEIPT,
        keys=[OURS.online],
    )


def _cosigned(*, by: Organisation = OURS, at: UtcTime = RECEIVED) -> str:
    return notes.cosign(
        journal.sign_checkpoint(
            device=OURS.device,
            epoch=0,
            leaves=[tree.leaf_hash(one) for one in _ENTRIES],
        ),
        name=journal.witness_of(by.online.key_id),
        key=by.online,
        unix_s=unix_of(at) // 1000,
    )


RECEIPTS: Final[dict[str, Case]] = {
    "true": (SUCCESS, "for five entries", _receipt),
    "size": (Code.RECEIPT_MISMATCH, "a range of four", lambda: _receipt(last=3)),
    "time": (
        Code.RECEIPT_MISMATCH,
        "another time than the cosignature's",
        lambda: _receipt(at=ISSUED),
    ),
    "cosigner": (
        Code.KEY_UNKNOWN,
        "cosigned by another coordinator",
        lambda: _receipt(checkpoint=_cosigned(by=THEIRS)),
    ),
    "epoch": (
        Code.KEY_UNKNOWN,
        "a checkpoint of another epoch",
        lambda: _receipt(epoch=1),
    ),
    "device": (
        Code.KEY_UNKNOWN,
        "for a device never enrolled",
        lambda: _receipt(device=key_id_of("x")),
    ),
    "bare": (
        Code.MALFORMED,
        "a checkpoint without its cosignature",
        lambda: _receipt(checkpoint=_cosigned().rpartition("\u2014")[0]),
    ),
    "changed": (
        Code.SIGNATURE_INVALID,
        "a number in the signed payload",
        lambda: _recount(_receipt()),
    ),
}


# Age and canonical JSON --------------------------------------------------------


def _age(length: int, *, padded_to: int | None = None) -> bytes:
    out = io.BytesIO()
    encrypt_stream(
        io.BytesIO(stream("age/clear")(length)),
        out,
        recipient=OURS.identities[0].recipient,
        length=length,
        padded_to=padded_to,
        entropy=stream("age/vector"),
    )
    return out.getvalue()


_HEAD: Final = sealed_length(0) - TAG_BYTES - 16

AGE: Final[dict[str, Case]] = {
    "empty": (SUCCESS, "no clear byte", partial(_age, 0)),
    "short": (SUCCESS, "five clear bytes", partial(_age, 5)),
    "padded": (SUCCESS, "five clear bytes and zeros", partial(_age, 5, padded_to=64)),
    "full": (SUCCESS, "one chunk to the brim", partial(_age, CHUNK_BYTES)),
    "version": (Code.MALFORMED, "another version", lambda: changed(_age(5), 20)),
    "mac": (
        Code.SIGNATURE_INVALID,
        "a header MAC that is not the header's",
        lambda: _age(5).replace(b"--- ", b"-> grease\n\n--- "),
    ),
    "stanza": (
        Code.SEAL_KEY_UNKNOWN,
        "a file key wrapped to nobody",
        lambda: changed(_age(5), _age(5).index(b"\n---") - 20),
    ),
    "nonce": (Code.UNSEAL_FAILED, "the payload nonce", lambda: changed(_age(5), _HEAD)),
    "tag": (Code.UNSEAL_FAILED, "the last tag", lambda: changed(_age(5), -1)),
    "cut": (Code.UNSEAL_FAILED, "cut by a byte", lambda: _age(5)[:-1]),
    "long": (Code.UNSEAL_FAILED, "a byte too long", lambda: _age(5) + b"\0"),
    "no_nonce": (Code.MALFORMED, "cut behind the header", lambda: _age(5)[:_HEAD]),
}
_PLAIN: Final = Header(kind="\u20ac$\u000f\nA'B\"\\/", expect="", about="")


def _replaced(old: bytes, new: bytes) -> bytes:
    return canonical.encode(_PLAIN).replace(old, new)


CANONICAL: Final[dict[str, Case]] = {
    "true": (SUCCESS, "escapes as RFC 8785 has them", lambda: canonical.encode(_PLAIN)),
    "space": (Code.NOT_CANONICAL, "white space", lambda: _replaced(b":", b": ")),
    "escape": (Code.NOT_CANONICAL, "another escape", lambda: _replaced(b"/", b"\\/")),
    "case": (
        Code.NOT_CANONICAL,
        "an escape in capitals",
        lambda: _replaced(b"\\u000f", b"\\u000F"),
    ),
    "absent": (
        Code.NOT_CANONICAL,
        "a field left out",
        lambda: _replaced(b',"trust":null', b""),
    ),
    "unknown": (
        Code.MALFORMED,
        "a field too many",
        lambda: _replaced(b"}", b',"x":null}'),
    ),
    "twice": (
        Code.NOT_CANONICAL,
        "a field that stands twice",
        lambda: _replaced(b"{", b'{"about":"x",'),
    ),
    "number": (
        Code.MALFORMED,
        "a number for a text",
        lambda: _replaced(b'"about":""', b'"about":1'),
    ),
    "deep": (
        Code.MALFORMED,
        "seventeen levels",
        lambda: _replaced(b'"about":""', b'"about":' + b"[" * 17 + b"]" * 17),
    ),
    "surrogate": (
        Code.MALFORMED,
        "half of a character",
        lambda: _replaced(b"\\u000f", b"\\ud800"),
    ),
}
