"""Examining: which promises this machine can keep (`reviewer doctor`).

The facts about sandbox, database and keyring come from whoever proved them, as
callables; disk and swap are read here. Nothing is changed and nothing is sent.
"""

from __future__ import annotations

import importlib.metadata
import platform
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final, TypeVar

from reviewer.domain.orgconfig import KeyringMode, OrgConfig
from reviewer.domain.rendition import SandboxLevel
from reviewer.errors import UnavailableError
from reviewer.sandbox.system import AtRest, disk_state, missing_packages, swap_state
from reviewer.services.capturing import CaptureFacts, capture_facts

_Facts = TypeVar("_Facts")

CIPHER_MAJOR: Final = "4."  # security.md 3.2: SQLCipher 4 or nothing
PACKAGES: Final = (
    "reviewer",
    "av",
    "cryptography",
    "keyring",
    "numpy",
    "opencv-python-headless",
    "pillow",
    "pyseccomp",
    "pyside6-essentials",
    "sqlcipher3",
)
_SAFE_AT_REST: Final = frozenset({AtRest.NONE, AtRest.MEMORY, AtRest.ENCRYPTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxFacts:
    """What the canary children proved at this start."""

    mechanism: str
    """Walls in force, joined by `+`, for example `seccomp+landlock`; or `none`."""
    level: SandboxLevel
    escapes_tried: int
    escapes_blocked: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseFacts:
    """What a database made for this examination showed."""

    cipher_version: str
    """As SQLCipher names itself; empty when it is not SQLCipher."""
    encrypted: bool
    """The first bytes of its file are not those of plain SQLite."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyringFacts:
    """What the system keyring is."""

    backend: str
    accepted: bool
    permitted: bool
    """The profile may be as it is: an accepted keyring, or a mode without one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DiskFacts:
    """How the profile and swap lie on disk."""

    encrypted: bool | None
    """None where it cannot be told from here."""
    swap: AtRest


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """Everything `doctor` says; immutable, without names, paths or keys."""

    sandbox: SandboxFacts
    database: DatabaseFacts
    keyring: KeyringFacts
    disk: DiskFacts
    versions: dict[str, str]
    broken_promises: tuple[str, ...]
    """In words; empty when every promise can be kept here."""
    capture: CaptureFacts = field(default_factory=capture_facts)
    """No promise: whether other programs can take the window's picture."""

    def as_json(self) -> dict[str, object]:
        """Return what `--json` prints."""
        return {
            "sandbox": asdict(self.sandbox),
            "database": asdict(self.database),
            "keyring": asdict(self.keyring),
            "disk": asdict(self.disk),
            "capture": asdict(self.capture),
            "versions": dict(self.versions),
        }


def examine(
    *,
    sandbox: Callable[[], SandboxFacts],
    database: Callable[[], DatabaseFacts],
    keyring: Callable[[], KeyringFacts],
    profile: Path,
    config: OrgConfig | None,
) -> Examination:
    """Ask every part what it can prove here, and judge by the organisation's floors.

    Args:
        sandbox: Runs the canary children. UNAVAILABLE counts as no sandbox.
        database: Makes and opens a database. UNAVAILABLE counts as not encrypted.
        keyring: Asks the keyring. UNAVAILABLE counts as none.
        profile: The profile's folder, or where one would be made.
        config: None before enrolment: the strictest floors are taken.
    """
    walls = or_none(sandbox, NO_SANDBOX)
    data = or_none(database, NO_DATABASE)
    keys = or_none(keyring, NO_KEYRING)
    disk = DiskFacts(encrypted=_is_encrypted(profile), swap=swap_state())
    return Examination(
        sandbox=walls,
        database=data,
        keyring=keys,
        disk=disk,
        versions=versions(),
        broken_promises=(
            *_about_sandbox(walls, config),
            *_about_database(data),
            *_about_keyring(keys, config),
            *_about_disk(disk, config),
            *_about_libraries(),
        ),
    )


def versions() -> dict[str, str]:
    """Return the versions of program, interpreter, system and chosen packages."""
    found = {
        "python": platform.python_version(),
        "system": platform.system(),
        "kernel": platform.release(),
        "machine": platform.machine(),
    }
    for name in PACKAGES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            found[name] = "absent"
    return found


NO_SANDBOX: Final = SandboxFacts(
    mechanism="none", level=SandboxLevel.NONE, escapes_tried=0, escapes_blocked=0
)
NO_DATABASE: Final = DatabaseFacts(cipher_version="", encrypted=False)
NO_KEYRING: Final = KeyringFacts(backend="none", accepted=False, permitted=False)


def or_none(ask: Callable[[], _Facts], otherwise: _Facts) -> _Facts:
    """Return what a part proves, or `otherwise` where it is unavailable."""
    try:
        return ask()
    except UnavailableError:
        return otherwise


def _is_encrypted(profile: Path) -> bool | None:
    """Ask of the nearest folder that exists: a profile may not be made yet."""
    folder = next(path for path in (profile, *profile.parents) if path.exists())
    state = disk_state(folder)
    return None if state is AtRest.UNKNOWN else state in _SAFE_AT_REST


def _about_sandbox(facts: SandboxFacts, config: OrgConfig | None) -> list[str]:
    broken: list[str] = []
    floor = config.sandbox_floor if config is not None else SandboxLevel.FULL
    allowed = {SandboxLevel.FULL, floor} - {SandboxLevel.NONE}
    if facts.level not in allowed:
        broken.append(f"media are not decoded: the sandbox level is {facts.level}")
    if facts.escapes_blocked != facts.escapes_tried or facts.escapes_tried == 0:
        blocked = f"{facts.escapes_blocked} of {facts.escapes_tried}"
        broken.append(f"media are not decoded: {blocked} escapes were blocked")
    return broken


def _about_database(facts: DatabaseFacts) -> list[str]:
    broken: list[str] = []
    if not facts.cipher_version.startswith(CIPHER_MAJOR):
        broken.append("the vault cannot be opened: this is not SQLCipher 4")
    if not facts.encrypted:
        broken.append("the vault cannot be kept: a new database is not encrypted")
    return broken


def _about_keyring(facts: KeyringFacts, config: OrgConfig | None) -> list[str]:
    optional = config is not None and config.keyring is KeyringMode.OPTIONAL
    if facts.accepted or facts.permitted or optional:
        return []
    return ["no accepted system keyring answers, and the organisation asks for one"]


def _about_disk(facts: DiskFacts, config: OrgConfig | None) -> list[str]:
    if config is not None and config.accept_unencrypted_disk:
        return []
    broken: list[str] = []
    if facts.encrypted is None:
        broken.append("it cannot be told whether the profile's disk is encrypted")
    elif not facts.encrypted:
        broken.append("the profile's disk is not encrypted")
    if facts.swap not in _SAFE_AT_REST:
        broken.append(f"memory may reach a readable disk: swap is {facts.swap}")
    return broken


def _about_libraries() -> list[str]:
    packages = missing_packages()
    return [f"system packages are missing: {' '.join(packages)}"] if packages else []
