"""The shipped defaults, and what a pack and a config must be to be worked with.

`formats` says that a pack is signed; this module says that it can be answered. Both
checks run before a pack or config takes effect, so that a reviewer never meets a
group without an option or a safeguard beyond a product limit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

import msgspec

from reviewer.domain.orgconfig import OrgConfig
from reviewer.domain.policy import Ground, PolicyPack, Purpose, Reason, Verdict
from reviewer.domain.rendition import SandboxLevel
from reviewer.errors import Code, VerificationError
from reviewer.safeguards.values import Values, resolve
from reviewer.settings import resource

DEFAULT_POLICY: Final = "policy/default_policy.json"
DEFAULT_CONFIG: Final = "policy/default_config.json"


def default_policy() -> PolicyPack:
    """Return the reference pack on Regulation (EU) 2021/784."""
    return msgspec.json.decode(resource(DEFAULT_POLICY).read_bytes(), type=PolicyPack)


def default_config() -> OrgConfig:
    """Return the reference config; its support lines are to be replaced."""
    return msgspec.json.decode(resource(DEFAULT_CONFIG).read_bytes(), type=OrgConfig)


def check_policy(pack: PolicyPack) -> None:
    """Check that every question of a pack can be answered by one digit.

    Raises:
        VerificationError: MALFORMED, naming the group: a digit or code stands twice,
            a digit is none of 0 to 9, or a group that is asked for is empty.
    """
    _check_group("verdicts", pack.verdicts)
    _check_group("grounds", pack.grounds, may_be_empty=not _asks_grounds(pack))
    _check_group("purposes", pack.purposes, may_be_empty=not _asks_purpose(pack))
    _check_group("hand_back_reasons", pack.hand_back_reasons, may_be_empty=True)
    for ground in pack.grounds:
        _check_group("reasons", ground.reasons)
    for verdict in pack.verdicts:
        if verdict.completes and (verdict.asks_grounds or verdict.asks_purpose):
            raise VerificationError(Code.MALFORMED, "completes")


def check_config(config: OrgConfig) -> Values:
    """Check a config against the product limits; return its safeguards resolved.

    Raises:
        VerificationError: CONFIG_BELOW_LIMIT or MALFORMED, naming the key.
    """
    if config.sandbox_floor is SandboxLevel.NONE:
        raise VerificationError(Code.CONFIG_BELOW_LIMIT, "sandbox_floor")
    for name, days in (
        ("retention_days", config.retention_days),
        ("batch_days", config.batch_days),
    ):
        if days < 1:
            raise VerificationError(Code.MALFORMED, name)
    return resolve(config.safeguards, {})


def _asks_grounds(pack: PolicyPack) -> bool:
    """Return whether any verdict asks for grounds."""
    return any(verdict.asks_grounds for verdict in pack.verdicts)


def _asks_purpose(pack: PolicyPack) -> bool:
    """Return whether any verdict asks for a purpose."""
    return any(verdict.asks_purpose for verdict in pack.verdicts)


def _check_group(
    name: str,
    rows: Sequence[Verdict | Ground | Purpose | Reason],
    *,
    may_be_empty: bool = False,
) -> None:
    """Check the digits and codes of one group."""
    digits = Counter(row.digit for row in rows)
    codes = Counter(row.code for row in rows)
    is_unique = all(count == 1 for count in (*digits.values(), *codes.values()))
    is_in_range = all(0 <= digit <= 9 for digit in digits)
    if not (is_unique and is_in_range and (rows or may_be_empty)):
        raise VerificationError(Code.MALFORMED, name)
