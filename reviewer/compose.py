"""Build every object once: the only file that knows which adapter meets which port."""

from __future__ import annotations

import os
import re
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

from reviewer.crypto.signing import SigningKey
from reviewer.domain.ids import MonoMs, UnixMs
from reviewer.domain.orgconfig import KeyringMode, OrgConfig
from reviewer.domain.rendition import SandboxLevel
from reviewer.errors import Code, UnavailableError
from reviewer.events.crashes import CrashHandler
from reviewer.events.files import LogFiles
from reviewer.events.kinds import Ended, Started
from reviewer.events.log import Log
from reviewer.events.watched import WatchedEntrance
from reviewer.keys import words
from reviewer.keys.anchorcopies import KeyringCopies
from reviewer.keys.latekeyring import LateKeyring
from reviewer.keys.vault import HeaderVault
from reviewer.media.deadlines import Deadlines
from reviewer.media.launchers import ForkLauncher
from reviewer.media.meter import RenditionMeter
from reviewer.media.pool import LinuxDecoderPool
from reviewer.network import CoordinatorOpener
from reviewer.ports import Confirmed, DecoderPool, VaultKeys
from reviewer.sandbox import hardening, launch, proof, system
from reviewer.services import preflight as preflights
from reviewer.services.entering import Entering, Passphrases
from reviewer.services.examining import (
    DatabaseFacts,
    Examination,
    KeyringFacts,
    SandboxFacts,
    examine,
)
from reviewer.services.preflight import Preflight
from reviewer.settings import resource
from reviewer.store.card import SupportFile
from reviewer.store.database import cipher_version
from reviewer.store.faults import Fault, no_fault
from reviewer.store.ledger import SealedLedgerOpener
from reviewer.store.lockfile import ProfileLock
from reviewer.store.opener import DATABASE, SqlStoreOpener
from reviewer.store.profiles import Profiles
from reviewer.sync.late import LateOpener

if TYPE_CHECKING:
    from reviewer.ui.window import Window  # Qt loads with it, where it is wanted

DISTRIBUTION: Final = "reviewer"
WORDS: Final = "words/eff_large.txt"
_WITHOUT_QT: Final = frozenset({Code.SYSTEM_LIBRARY_MISSING, Code.DISPLAY_MISSING})
NO_HOME: Final = Path("/nonexistent")  # what Debian gives those without a home
PLAIN: Final = b"SQLite format 3"
COORDINATOR_TREE: Final = "reviewer-coordinator"
DEMO: Final = "demo"
OTHER_EXIT: Final = 65
"""Of `application.run`, stated here too: Qt is not loaded to read it."""
DEMO_NEEDS: Final = (
    "reviewer.demo",
    "reviewer.coordinator",
    "fastapi",
    "sqlalchemy",
    "uvicorn",
)


class SystemClock:
    """The machine's own clocks."""

    def unix_ms(self) -> UnixMs:
        """Return the local wall clock, untrusted."""
        return UnixMs(time.time_ns() // 1_000_000)

    def mono_ms(self) -> MonoMs:
        """Return the monotonic clock."""
        return MonoMs(time.monotonic_ns() // 1_000_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What the demonstration and the tests may exchange; a release uses the defaults.

    No command line, environment variable or configuration reaches this.
    """

    opener: CoordinatorOpener | None = None
    meter: RenditionMeter | None = None
    confirmed: Confirmed | None = None
    fault: Fault = no_fault
    clock: SystemClock = field(default_factory=SystemClock)


def default_profile() -> Path:
    """Return where a person's profile lies unless told otherwise."""
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA", str(_home())))
    elif sys.platform == "darwin":
        base = _home() / "Library" / "Application Support"
    else:
        data = os.environ.get("XDG_DATA_HOME")
        base = Path(data) if data else _home() / ".local" / "share"
    return base / "reviewer" / "profile"


def _home() -> Path:
    """Return the person's folder; for nobody known, one that can never be made."""
    try:
        return Path.home()
    except RuntimeError:
        return NO_HOME


def app_version() -> str:
    """Return the version, stated once, in pyproject.toml."""
    return metadata.version(DISTRIBUTION)


def harden() -> None:
    """Keep this process's memory to itself; called before any key exists."""
    hardening.harden_this_process()


def entering(
    profile: Path, parts: Parts | None = None, *, held: ProfileLock | None = None
) -> Entering:
    """Build the door of a profile with the real adapters.

    Args:
        profile: The folder of the profile.
        parts: What the demonstration and the tests exchange.
        held: The claim on the profile, where somebody else keeps and releases it.
    """
    with_parts = parts or Parts()
    clock = with_parts.clock
    lock = held or ProfileLock(profile)
    word_list = words.load_words(resource(WORDS))

    def pools(floor: SandboxLevel) -> DecoderPool:
        return LinuxDecoderPool(floor=floor, meter=with_parts.meter)

    return Entering(
        vault=HeaderVault(
            profile, device_secrets=LateKeyring(), clock=clock, entropy=os.urandom
        ),
        stores=SqlStoreOpener(
            profile, confirmed=with_parts.confirmed, fault=with_parts.fault
        ),
        copies=KeyringCopies(LateKeyring()),
        ledgers=SealedLedgerOpener(profile),
        card=SupportFile(profile),
        pools=pools,
        opener=with_parts.opener or LateOpener(clock=clock.unix_ms, entropy=os.urandom),
        clock=clock,
        entropy=os.urandom,
        passphrases=Passphrases(
            suggest=lambda: words.generate(word_list, entropy=os.urandom),
            words=word_list,
        ),
        app_version=app_version(),
        demo_offered=_has_demo(),
        claim=lock.acquire,
        release=lock.release if held is None else _keep,
    )


def coordinator_opener(clock: SystemClock) -> CoordinatorOpener:
    """Return what makes HTTP clients, with the system's trust store."""
    return LateOpener(clock=clock.unix_ms, entropy=os.urandom)


def suggest_passphrase() -> str:
    """Return fresh words of the bundled list."""
    return words.generate(words.load_words(resource(WORDS)), entropy=os.urandom)


def log_of(profile: Path) -> Log:
    """Return the log of a profile; no file is made before the first event."""
    return LogFiles(profile, now=SystemClock().unix_ms)


def watched(door: Entering, crashes: CrashHandler) -> WatchedEntrance:
    """Return the door of a profile whose outcomes are noted in the log."""
    return WatchedEntrance(door, crashes.log)


def window(
    profile: Path,
    *,
    crashes: CrashHandler,
    demo: Callable[[], int],
    opened: Window | None = None,
    shared: bool = False,
) -> int:
    """Open the window on a profile and return the exit code.

    The profile is held for as long as the window is open, locked or not.

    Args:
        profile: The folder of the profile.
        crashes: Notes faults and curtains the window; its log takes the events.
        demo: Run instead of the profile where the person asks for it.
        opened: The empty window, if it is on the screen already.
        shared: Offer the way to other profiles of this laptop.

    Raises:
        UnavailableError: SYSTEM_LIBRARY_MISSING, naming the packages, or
            DISPLAY_MISSING, before Qt loads and would end the process without a
            word; PROFILE_IN_USE; the header cannot be read.
    """
    check_libraries(display=system.is_shown())
    if not system.has_display():
        raise UnavailableError(Code.DISPLAY_MISSING)
    from reviewer.ui import application  # noqa: PLC0415 (Qt loads here)

    with ProfileLock(profile) as lock:
        crashes.log.write(_started())
        door = watched(entering(profile, held=lock), crashes)
        code = application.run(
            door, clock=SystemClock(), crashes=crashes, opened=opened, shared=shared
        )
        crashes.log.write(Ended(exit=code))
    return demo() if code == application.DEMO_EXIT else code


def shared_window(
    *, crashes: CrashHandler, demo: Callable[[], int], opened: Window | None = None
) -> int:
    """Open the window on whichever profile of this laptop is wanted.

    Where there is one, that is opened; where there are more, they are listed by
    alias first. From a locked one there is a way back to the list, and to a new one.

    Raises:
        UnavailableError: as `window` does.
    """
    profiles = Profiles(default_profile())
    known = profiles.known()
    folder: Path | None = known[0].folder if len(known) == 1 else None
    while True:
        if folder is None:
            found = _ask_who(profiles, opened)
            if found is None:
                return 0
            folder, opened = found
        crashes.log = log_of(folder)
        code = window(folder, crashes=crashes, demo=demo, opened=opened, shared=True)
        if code != OTHER_EXIT:
            return code
        folder = opened = None


def _ask_who(profiles: Profiles, opened: Window | None) -> tuple[Path, Window] | None:
    check_libraries(display=system.is_shown())
    if not system.has_display():
        raise UnavailableError(Code.DISPLAY_MISSING)
    from reviewer.ui import application, choosing  # noqa: PLC0415 (Qt loads here)

    people = choosing.People(known=profiles.known(), add=profiles.add)
    return application.ask_who(people, opened)


def show(code: Code) -> None:
    """Say in a window why the program does not start, where one can be opened."""
    if code in _WITHOUT_QT or not system.is_shown():
        return
    from reviewer.ui import application  # noqa: PLC0415 (Qt loads here)

    application.tell(code)


def _started() -> Started:
    major, minor, patch, *_ = (int(one) for one in re.findall(r"\d+", app_version()))
    return Started(major=major, minor=minor, patch=patch)


def check_libraries(*, display: bool) -> None:
    """Refuse to load Qt where a shared library is missing."""
    missing = system.missing_packages(display=display)
    if missing:
        raise UnavailableError(Code.SYSTEM_LIBRARY_MISSING, " ".join(missing))


def examination(profile: Path, config: OrgConfig | None = None) -> Examination:
    """Examine this machine with the real adapters, in a throw-away folder.

    Args:
        profile: The profile's folder, or where one would be made.
        config: What the organisation accepts, out of an unlocked profile; without
            it the strictest floors are taken.
    """
    mode = _mode_of(profile)
    return examine(
        sandbox=_sandbox_facts,
        database=_database_facts,
        keyring=lambda: _keyring_facts(mode),
        profile=profile,
        config=config,
    )


def preflight(profile: Path) -> Preflight:
    """Look at this machine before there is a profile; nothing is made."""
    return preflights.preflight(
        sandbox=_sandbox_facts,
        decoder=_try_decoder,
        keyring=lambda: _keyring_facts(KeyringMode.REQUIRED),
        profile=profile,
    )


def _try_decoder() -> None:
    """Have the decoder load its codecs, and end it; raises SANDBOX_UNAVAILABLE."""
    if sys.platform != "linux":
        raise UnavailableError(Code.SANDBOX_UNAVAILABLE)
    launcher = ForkLauncher()
    try:
        launcher.start(Deadlines().start_s)
    finally:
        launcher.stop()


def _mode_of(profile: Path) -> KeyringMode:
    vault = HeaderVault(
        profile,
        device_secrets=LateKeyring(),
        clock=SystemClock(),
        entropy=os.urandom,
    )
    return vault.keyring_mode() if vault.exists() else KeyringMode.REQUIRED


def _sandbox_facts() -> SandboxFacts:
    report = proof.prove(proof.begin())
    return SandboxFacts(
        mechanism=report.mechanism,
        level=report.level,
        escapes_tried=report.tried,
        escapes_blocked=report.blocked,
    )


def _database_facts() -> DatabaseFacts:
    with tempfile.TemporaryDirectory() as folder:
        stores = SqlStoreOpener(Path(folder))
        store = stores.create(_throw_away_keys())
        store.close()
        with (Path(folder) / DATABASE).open("rb") as file:
            head = file.read(len(PLAIN))
    return DatabaseFacts(cipher_version=cipher_version(), encrypted=head != PLAIN)


def _keyring_facts(mode: KeyringMode) -> KeyringFacts:
    report = LateKeyring().report(mode)
    return KeyringFacts(
        backend=report.backend, accepted=report.accepted, permitted=report.permitted
    )


def _throw_away_keys() -> VaultKeys:
    return VaultKeys(
        vault_id=os.urandom(16).hex(),
        epoch=0,
        keyring=KeyringMode.OPTIONAL,
        database_key=os.urandom(48),
        anchor_key=os.urandom(32),
        item_key=os.urandom(32),
        log_key=os.urandom(32),
        ledger_key=os.urandom(32),
        device=SigningKey.generate(os.urandom),
    )


def _keep() -> None:
    """Leave the claim on the profile to whoever holds it."""


def _has_demo() -> bool:
    """Return whether the demonstration could run, without loading it: that is slow."""
    if launch.neighbour(COORDINATOR_TREE) is not None:
        return True
    entries = metadata.entry_points(group="reviewer.commands")
    found = any(entry.name == DEMO for entry in entries)
    return found and all(find_spec(name) is not None for name in DEMO_NEEDS)
