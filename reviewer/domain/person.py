"""Who may do what: roles, authorisations, subjects."""

from __future__ import annotations

import enum

from reviewer.domain.ids import UtcTime
from reviewer.domain.item import Wire


class Role(enum.StrEnum):
    """The role of a key in the directory."""

    COORDINATOR = "coordinator"
    REVIEWER = "reviewer"
    SUPERVISOR = "supervisor"


class Capacity(enum.StrEnum):
    """A word that the reviewer sets, never derived from the ledger."""

    NONE = "none"
    LOW = "low"
    OK = "ok"


class Authorisation(Wire, frozen=True, kw_only=True):
    """Why this person may hold such material (law-and-policy section 6)."""

    person: str
    """A pseudonym, never a name."""
    employer: str
    purpose: str
    jurisdiction: str
    expires: UtcTime
