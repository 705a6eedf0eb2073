"""The installed program on machines that are not as they should be, one at a time."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from reviewer.compose import SystemClock
from reviewer.keys.latekeyring import LateKeyring
from reviewer.keys.vault import HeaderVault
from reviewer.store.database import Database
from tests.packaging import without_landlock
from tests.packaging.roots import UID, CleanRoot

LIB: Final = "usr/lib/reviewer"
LONGEST_S: Final = "400"
_LIST: Final = ("list", "--passphrase-file", "/etc/hostname")
_FLIGHT: Final = ("doctor", "--preflight")
_OFFSCREEN: Final = ("QT_QPA_PLATFORM=offscreen",)
_HEADERS: Final = ("header", "header.bak")
_NO_LANDLOCK: Final = (sys.executable, str(Path(without_landlock.__file__)))
# What is taken away, below the trees, and what is then tried.
_PARTS: Final = {
    "no decoder": ("reviewer-decoder", _FLIGHT),
    "no demonstration": ("reviewer-coordinator", ("demo",)),
    "a codec is gone": ("reviewer-decoder/_internal/av.libs", _FLIGHT),
    "a library is gone": ("reviewer/_internal/sqlcipher3", _LIST),
    "an early library is gone": ("reviewer/_internal/msgspec", _LIST),
    "Qt is gone": ("reviewer/_internal/PySide6/QtGui.abi3.so", ()),
    "a plugin of Qt is gone": ("reviewer/_internal/PySide6/Qt/plugins", ()),
    "words are gone": ("reviewer/_internal/reviewer/_resources/words", _LIST),
}
_ORGANISATION: Final = """\
set -e
umask 077
cd "$HOME"
rm -rf service; mkdir service
printf 'six plain words of a service\\n' > service.txt
at="--home service --passphrase-file service.txt --json"
reviewer coordinator init --organisation Drawn $at > /dev/null
reviewer coordinator invite --subject drawn-1 --employer Drawn --purpose drawn \
  --jurisdiction none --expires 2099-01-01T00:00:00Z $at > invite.json
reviewer coordinator trust --to trust.json $at > /dev/null
"""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What the program said and how it ended."""

    exit: int
    words: str


def troubles(root: CleanRoot, *, home: str, kept: str) -> dict[str, Trouble]:
    """Make the machine worse in one way at a time, and put it right again."""
    return {
        **_places(root, home),
        **_parts(root),
        **_newer(root, kept),
        **_without_walls(root),
        "no keyring": _without_keyring(root, home),
    }


def _places(root: CleanRoot, home: str) -> dict[str, Trouble]:
    window = ("--profile", "/usr/profile")
    nobody = ("setpriv", "--reuid=4242", "--regid=4242", "--clear-groups")
    library = root.folder / "usr/lib/x86_64-linux-gnu/libseccomp.so.2"
    found = {
        "no display": _try(root),
        "no home": _try(root, *_FLIGHT, environment=("HOME=/nonexistent/alice",)),
        "no home, a window": _try(
            root, environment=("HOME=/nonexistent/alice", *_OFFSCREEN)
        ),
        "nobody": _end(
            root.run(
                *(*nobody, "env", "-u", "HOME", *_OFFSCREEN),
                *("timeout", LONGEST_S, "reviewer"),
                check=False,
            )
        ),
        "no right to write": _try(root, *_FLIGHT, *window),
        "no right to write, a window": _try(root, *window, environment=_OFFSCREEN),
        "synced folder": _try(root, *_FLIGHT, "--profile", f"{home}/Dropbox/profile"),
        "no profile": _try(root, *_LIST, "--profile", f"{home}/none"),
    }
    with _away(library):
        found["no library of the system"] = _try(root, environment=_OFFSCREEN)
    return found


def _parts(root: CleanRoot) -> dict[str, Trouble]:
    found: dict[str, Trouble] = {}
    for name, (part, arguments) in _PARTS.items():
        with _away(root.folder / LIB / part):
            found[name] = _try(root, *arguments, environment=_OFFSCREEN)
    return found


def _newer(root: CleanRoot, kept: str) -> dict[str, Trouble]:
    """Try a profile whose header, and one whose database, a later version wrote."""
    whole = root.folder / kept.lstrip("/")
    found: dict[str, Trouble] = {}
    for name, change in {"header": _newer_header, "database": _newer_database}.items():
        copy = whole.with_name(f"newer-{name}")
        shutil.copytree(whole, copy)
        change(copy)
        for path in (copy, *copy.rglob("*")):
            shutil.chown(path, UID, UID)
        inside = f"{Path(kept).with_name(copy.name)}"
        profile = ("--profile", f"{inside}/profile")
        open_it = ("list", "--passphrase-file", f"{inside}/passphrase.txt", *profile)
        found[f"newer {name}"] = _try(root, *open_it)
        if change is _newer_header:  # before the passphrase, so in the window as well
            found["newer header, a window"] = _try(
                root, *profile, environment=_OFFSCREEN
            )
        shutil.rmtree(copy)
    return found


def _newer_header(kept: Path) -> None:
    for name in _HEADERS:
        path = kept / "profile" / name
        header = json.loads(path.read_bytes())
        header["version"] += 1
        header["of_tomorrow"] = True
        path.write_text(json.dumps(header, sort_keys=True, separators=(",", ":")))


def _newer_database(kept: Path) -> None:
    profile = kept / "profile"
    vault = HeaderVault(
        profile, device_secrets=LateKeyring(), clock=SystemClock(), entropy=os.urandom
    )
    words = (kept / "passphrase.txt").read_text(encoding="utf-8").strip()
    keys = vault.unlock(words)
    database = Database(profile / "vault.db", key=keys.database_key)
    database.script("PRAGMA user_version=999;")
    database.close()


def _without_walls(root: CleanRoot) -> dict[str, Trouble]:
    """Try without Landlock, as on a kernel that was told to leave it out."""
    return {
        "no Landlock": _try(root, *_FLIGHT, behind=_NO_LANDLOCK),
        "no Landlock, doctor": _try(root, "doctor", "--json", behind=_NO_LANDLOCK),
        "no Landlock, the main job": _try(
            root, "demo", "--offscreen", "--json", behind=_NO_LANDLOCK
        ),
    }


def _without_keyring(root: CleanRoot, home: str) -> Trouble:
    """Enrol with an organisation that asks for a keyring, where none answers."""
    root.run("sh", "-c", _ORGANISATION, person=True)
    invite = root.folder / home.lstrip("/") / "invite.json"
    code = json.loads(invite.read_text(encoding="utf-8"))["code"]
    return _try(
        root,
        *("enrol", "--request", f"{home}/request.rvenrol", "--invite", code),
        *("--trust", f"{home}/trust.json", "--profile", f"{home}/enrolling"),
        *("--passphrase-file", f"{home}/service.txt"),
    )


def _try(
    root: CleanRoot,
    *arguments: str,
    environment: Sequence[str] = (),
    behind: Sequence[str] = (),
) -> Trouble:
    """Run the program as the person; one that does not end by itself is ended."""
    return _end(
        root.run(
            *("timeout", LONGEST_S, "reviewer", *arguments),
            person=True,
            environment=environment,
            check=False,
            behind=behind,
        )
    )


def _end(done: subprocess.CompletedProcess[str]) -> Trouble:
    return Trouble(done.returncode, done.stdout + done.stderr)


@contextmanager
def _away(path: Path) -> Iterator[None]:
    aside = path.with_name(f"{path.name}.away")
    path.rename(aside)
    try:
        yield
    finally:
        aside.rename(path)
