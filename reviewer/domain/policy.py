"""The policy pack: verdicts, grounds, purposes and reasons as signed data."""

from __future__ import annotations

from reviewer.domain.decision import Basis
from reviewer.domain.item import Wire


class Reason(Wire, frozen=True, kw_only=True):
    """A fixed phrase that says why, chosen by one digit."""

    code: str
    digit: int
    label: str
    asks_note: bool = False
    """*Other*: the reason is said in a note, and Enter waits for one."""


class Ground(Wire, frozen=True, kw_only=True):
    """A legal ground such as Art. 2(7)(a) of Regulation (EU) 2021/784."""

    code: str
    digit: int
    label: str
    help: str
    reasons: tuple[Reason, ...]


class Purpose(Wire, frozen=True, kw_only=True):
    """A protected purpose (Art. 1(3)); digit 0 is none found."""

    code: str
    digit: int
    label: str


class Verdict(Wire, frozen=True, kw_only=True):
    """One answer of the first group."""

    code: str
    digit: int
    label: str
    help: str
    completes: bool
    """Commits on its digit."""
    asks_grounds: bool
    asks_purpose: bool
    min_basis: Basis
    min_basis_text: Basis
    second_review: bool
    """Always goes to a second reviewer."""
    second_review_if_purpose: bool


class PolicyPack(Wire, frozen=True, kw_only=True):
    """A versioned rule book; nothing of it is in code."""

    name: str
    version: int
    language: str
    verdicts: tuple[Verdict, ...]
    grounds: tuple[Ground, ...]
    purposes: tuple[Purpose, ...]
    hand_back_reasons: tuple[Reason, ...]
    dsa_enums: dict[str, tuple[str, ...]]
    """Names and values of the DSA Transparency Database, version in the pack."""
