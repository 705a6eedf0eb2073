"""Org config: the values an organisation sets, each within the product limits.

`reviewer.safeguards.values` states default, organisation range and product limit
of every safeguard; a config beyond a limit is refused at load.
"""

from __future__ import annotations

import enum

from reviewer.domain.item import Wire
from reviewer.domain.rendition import SandboxLevel


class KeyringMode(enum.StrEnum):
    """Whether a profile may exist without a system keyring."""

    REQUIRED = "required"
    OPTIONAL = "optional"


class SupportCard(Wire, frozen=True, kw_only=True):
    """Who helps, readable offline and without unlocking."""

    lines: tuple[str, ...]


class OrgConfig(Wire, frozen=True, kw_only=True):
    """Root-signed, versions only rise."""

    organisation: str
    version: int
    keyring: KeyringMode
    sandbox_floor: SandboxLevel
    """FULL, or REDUCED where the organisation accepts Linux without Landlock."""
    accept_unencrypted_disk: bool
    commit_needs_enter: bool
    """Ask for Enter after a verdict that the pack marks `completes`."""
    retention_days: int
    """Item keys go this many days after the receipt."""
    batch_days: int
    """Default life of a batch."""
    support: SupportCard
    duty_officer: str
    quarantine_key: str | None = None
    recovery_key: str | None = None
    safeguards: dict[str, int] = {}  # noqa: RUF012 (msgspec copies the default)
    """Organisation values by key of `safeguards.values`; absent = default."""
