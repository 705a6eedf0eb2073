"""Vectors of the acts beside a decision, and of the threat file."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

import msgspec

from reviewer.crypto.hashes import sha256_hex
from reviewer.domain.decision import Doubt, Escalation, HandOver
from reviewer.errors import Code
from reviewer.formats import canonical, envelope, threat
from reviewer.formats.base64 import b64
from reviewer.formats.entry import commit
from reviewer.formats.places import pack_places
from reviewer.formats.wire import (
    FORMAT_ENTRY,
    Act,
    Body,
    ClockTrust,
    EscalateBody,
    HandOverBody,
    SecondOpinionBody,
    ThreatWords,
    UndoBody,
)
from tests.vectors.cases import OURS, THEIRS, Case
from tests.vectors.checking import SUCCESS
from tests.vectors.organisation import (
    BATCH,
    NOTE,
    SALT,
    item_body,
    key_id_of,
    moment,
)

_FIRST: Final = OURS.entries(3)


def _upon() -> dict[str, Any]:
    return msgspec.structs.asdict(item_body())


def _opinion() -> SecondOpinionBody:
    return SecondOpinionBody(
        **_upon(),
        reason=Doubt.POLICY_UNCLEAR,
        note_commitment=commit(SALT, NOTE.encode()),
    )


def _escalation(**changes: Any) -> EscalateBody:  # noqa: ANN401
    body = EscalateBody(**_upon(), kind=Escalation.DUTY_OFFICER)
    return msgspec.structs.replace(body, **changes)


def _hand_over(**changes: Any) -> HandOverBody:  # noqa: ANN401
    body = HandOverBody(
        moment=moment(),
        clock_trust=ClockTrust.PLAUSIBLE,
        batch_id=BATCH,
        items=pack_places((0, 2)),
        items_count=2,
        reason=HandOver.REQUESTED,
    )
    return msgspec.structs.replace(body, **changes)


def _journal(*acts: tuple[Act, Body]) -> bytes:
    """Return the first three entries and these."""
    made = list(_FIRST)
    for act, body in acts:
        prev = sha256_hex(made[-1])
        made.append(OURS.entry(seq=len(made), prev=prev, act=act, body=body))
    return b"\n".join(made) + b"\n"


def _undone() -> bytes:
    """Return a journal whose hand-over is taken back by one undo."""
    lines = _journal((Act.HAND_OVER, _hand_over())).splitlines()
    undo = UndoBody(**_upon(), undoes=sha256_hex(lines[-1]))
    return _journal((Act.HAND_OVER, _hand_over()), (Act.UNDO, undo))


def _forged(act: Act, body: dict[str, object]) -> bytes:
    """Return a journal whose last body our own program would not sign."""
    value = {
        "v": FORMAT_ENTRY,
        "device": OURS.device.key_id,
        "epoch": 0,
        "seq": len(_FIRST),
        "prev": sha256_hex(_FIRST[-1]),
        "at": "2026-11-21T06",
        "actor": "reviewer-7",
        "act": act.value,
        "body": body,
    }
    signed = envelope.sign(
        canonical.encode(value), payload_type=envelope.TYPE_ENTRY, keys=[OURS.device]
    )
    return b"\n".join((*_FIRST, signed)) + b"\n"


def _wrong_hand_over(**changes: object) -> bytes:
    return _forged(Act.HAND_OVER, {**msgspec.to_builtins(_hand_over()), **changes})


JOURNALS: Final[dict[str, Case]] = {
    "policy_unclear": (
        SUCCESS,
        "the rule book does not answer, with a note",
        lambda: _journal((Act.SECOND_OPINION, _opinion())),
    ),
    "escalated": (
        SUCCESS,
        "to the duty officer, then a threat to life",
        lambda: _journal(
            (Act.ESCALATE, _escalation()),
            (Act.ESCALATE, _escalation(kind=Escalation.THREAT_TO_LIFE)),
        ),
    ),
    "hand_over": (
        SUCCESS,
        "the first and the third of three items",
        lambda: _journal((Act.HAND_OVER, _hand_over())),
    ),
    "hand_over_expired": (
        SUCCESS,
        "undecided when the date passed",
        lambda: _journal((Act.HAND_OVER, _hand_over(reason=HandOver.EXPIRED))),
    ),
    "hand_over_undone": (SUCCESS, "taken back whole by one undo", _undone),
    "hand_over_count": (
        Code.MALFORMED,
        "another number of items than are named",
        partial(_wrong_hand_over, items_count=3),
    ),
    "hand_over_none": (
        Code.MALFORMED,
        "no items at all",
        partial(_wrong_hand_over, items="", items_count=0),
    ),
    "hand_over_zeros": (
        Code.NOT_CANONICAL,
        "a last byte without a place",
        partial(_wrong_hand_over, items=b64(b"\5\0")),
    ),
    "hand_over_reason": (
        Code.MALFORMED,
        "a reason that there is not",
        partial(_wrong_hand_over, reason="tired"),
    ),
    "opinion_reason": (
        Code.MALFORMED,
        "a doubt that there is not",
        lambda: _forged(
            Act.SECOND_OPINION,
            {**msgspec.to_builtins(_opinion()), "reason": "unsure"},
        ),
    ),
    "escalated_text": (
        Code.MALFORMED,
        "a free text in the entry itself",
        lambda: _forged(
            Act.ESCALATE, {**msgspec.to_builtins(_escalation()), "note": NOTE}
        ),
    ),
}


def _other_lines() -> bytes:
    return OURS.threat().replace(b"Saturday\n", b"next year\n")


def _hidden() -> bytes:
    """Return a file whose words turn the line around, signed all the same."""
    return _signed_threat(words=ThreatWords(what="gnp\u202etxt"))


def _signed_threat(**changes: Any) -> bytes:  # noqa: ANN401
    good = OURS.threat()
    payload = envelope.parse(
        good.splitlines()[-1], max_bytes=threat.MAX_THREAT_BYTES
    ).untrusted_payload
    value = {**msgspec.json.decode(payload), **msgspec.to_builtins(changes)}
    signed = envelope.sign(
        canonical.encode(value), payload_type=envelope.TYPE_THREAT, keys=[OURS.device]
    )
    return good.rpartition(b"-----\n")[0] + b"-----\n" + signed + b"\n"


THREATS: Final[dict[str, Case]] = {
    "true": (SUCCESS, "two lines filled in", OURS.threat),
    "lines": (Code.HASH_MISMATCH, "other words above the signature", _other_lines),
    "empty": (
        Code.MALFORMED,
        "no line filled in",
        lambda: _signed_threat(words=ThreatWords()),
    ),
    "hidden": (Code.MALFORMED, "a mark that turns the line around", _hidden),
    "long": (
        Code.MALFORMED,
        "a line of 281 characters",
        lambda: _signed_threat(words=ThreatWords(who="x" * 281)),
    ),
    "device": (
        Code.BINDING_MISMATCH,
        "another device named than signed",
        lambda: _signed_threat(device=key_id_of("x")),
    ),
    "stranger": (Code.KEY_UNKNOWN, "of a device never enrolled", THEIRS.threat),
    "magic": (
        Code.FORMAT_UNKNOWN,
        "another beginning",
        lambda: b"RVT2\n" + OURS.threat()[5:],
    ),
    "long_file": (
        Code.MALFORMED,
        "a line too many at the end",
        lambda: OURS.threat() + b"\n",
    ),
}
