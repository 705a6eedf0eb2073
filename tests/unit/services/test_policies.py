"""The shipped pack and config, and what is refused of others."""

from __future__ import annotations

import json

import msgspec
import pytest

from reviewer.domain.decision import Basis
from reviewer.domain.orgconfig import KeyringMode, OrgConfig
from reviewer.domain.policy import PolicyPack, Verdict
from reviewer.domain.rendition import SandboxLevel
from reviewer.errors import Code, VerificationError
from reviewer.safeguards.values import resolve
from reviewer.services.policies import (
    DEFAULT_CONFIG,
    DEFAULT_POLICY,
    check_config,
    check_policy,
    default_config,
    default_policy,
)
from reviewer.settings import resource

PACK = default_policy()
CONFIG = default_config()


def verdict(code: str) -> Verdict:
    return next(row for row in PACK.verdicts if row.code == code)


def test_the_default_pack_is_the_one_of_the_review_loop() -> None:
    """Five verdicts, grounds A to E, purposes 0 to 6."""
    check_policy(PACK)
    assert [(row.digit, row.code) for row in PACK.verdicts] == [
        (1, "NOT_VIOLATING"),
        (2, "VIOLATES"),
        (3, "PROTECTED"),
        (4, "NOT_OUR_REMIT"),
        (5, "CANNOT_BE_JUDGED"),
    ]
    assert [row.completes for row in PACK.verdicts] == [True] + [False] * 4
    assert [row.code[0] for row in PACK.grounds] == list("ABCDE")
    assert [row.digit for row in PACK.purposes] == list(range(7))
    assert all(3 <= len(row.reasons) <= 5 for row in PACK.grounds)
    assert [row.digit for row in PACK.hand_back_reasons][:2] == [1, 2]


def test_the_default_pack_asks_for_a_look_before_removal() -> None:
    """PARTIAL_VIEW for pictures, context for text; second review as the loop says."""
    violates = verdict("VIOLATES")
    assert violates.min_basis is Basis.PARTIAL_VIEW
    assert violates.min_basis_text is Basis.CONTEXT_ONLY
    assert violates.second_review_if_purpose
    assert verdict("CANNOT_BE_JUDGED").second_review


def test_the_default_pack_carries_the_enums_of_the_transparency_database() -> None:
    """As data with their version, never as code."""
    enums = PACK.dsa_enums
    assert enums["schema"] == ("2025-07-01",)
    assert len(enums["category"]) == 16
    assert "KEYWORD_TERRORIST_CONTENT" in enums["category_specification"]
    assert len(enums["territorial_scope"]) == 30
    assert "GR" in enums["territorial_scope"]
    assert all(len(set(names)) == len(names) for names in enums.values())


def test_the_default_config_is_strict() -> None:
    """Keyring, full sandbox, encrypted disk; lines that say they are to be replaced."""
    assert CONFIG.keyring is KeyringMode.REQUIRED
    assert CONFIG.sandbox_floor is SandboxLevel.FULL
    assert not CONFIG.accept_unencrypted_disk
    assert (CONFIG.retention_days, CONFIG.batch_days) == (7, 14)
    assert "replace" in CONFIG.support.lines[0]
    assert "replaced" in CONFIG.duty_officer
    assert check_config(CONFIG) == resolve({}, {})


@pytest.mark.parametrize("name", [DEFAULT_POLICY, DEFAULT_CONFIG])
def test_the_files_say_every_field_and_survive_a_round_trip(name: str) -> None:
    """Nothing is left to a default that a later version could change."""
    data = resource(name).read_bytes()
    type_ = PolicyPack if name == DEFAULT_POLICY else OrgConfig
    value = msgspec.json.decode(data, type=type_)
    assert json.loads(msgspec.json.encode(value)) == json.loads(data)
    text = data.decode("utf-8")
    assert "!" not in text


def broken(**changes: object) -> PolicyPack:
    return msgspec.structs.replace(PACK, **changes)


@pytest.mark.parametrize(
    ("pack", "detail"),
    [
        (broken(verdicts=()), "verdicts"),
        (broken(verdicts=(PACK.verdicts[0], PACK.verdicts[0])), "verdicts"),
        (broken(grounds=()), "grounds"),
        (broken(purposes=()), "purposes"),
        (
            broken(
                purposes=(
                    *PACK.purposes,
                    msgspec.structs.replace(PACK.purposes[0], code="X", digit=10),
                )
            ),
            "purposes",
        ),
        (
            broken(grounds=(msgspec.structs.replace(PACK.grounds[0], reasons=()),)),
            "reasons",
        ),
        (
            broken(
                verdicts=(msgspec.structs.replace(PACK.verdicts[0], asks_grounds=True),)
            ),
            "completes",
        ),
    ],
)
def test_a_pack_that_cannot_be_answered_is_refused(
    pack: PolicyPack, detail: str
) -> None:
    """Signed or not: a group without an option would be a dead end."""
    with pytest.raises(VerificationError) as caught:
        check_policy(pack)
    assert caught.value.code is Code.MALFORMED
    assert caught.value.detail == detail


def test_a_pack_may_have_verdicts_alone() -> None:
    """Groups that no verdict asks for may be empty."""
    check_policy(
        broken(
            verdicts=PACK.verdicts[:1], grounds=(), purposes=(), hand_back_reasons=()
        )
    )


@pytest.mark.parametrize(
    ("changes", "code", "detail"),
    [
        (
            {"safeguards": {"intent_ms": 10}},
            Code.CONFIG_BELOW_LIMIT,
            "intent_ms 10, limit 150",
        ),
        ({"safeguards": {"unknown": 1}}, Code.MALFORMED, "safeguard unknown"),
        (
            {"sandbox_floor": SandboxLevel.NONE},
            Code.CONFIG_BELOW_LIMIT,
            "sandbox_floor",
        ),
        ({"retention_days": 0}, Code.MALFORMED, "retention_days"),
        ({"batch_days": -1}, Code.MALFORMED, "batch_days"),
    ],
)
def test_a_config_beyond_a_limit_is_refused(
    changes: dict[str, object], code: Code, detail: str
) -> None:
    """By the code and the key."""
    with pytest.raises(VerificationError) as caught:
        check_config(msgspec.structs.replace(CONFIG, **changes))
    assert caught.value.code is code
    assert caught.value.detail == detail
