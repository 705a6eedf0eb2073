"""The life of an installation, played once: install, use, upgrade, remove."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.packaging.roots import BUILT, PERSON, CleanRoot
from tests.packaging.troubles import Trouble, troubles

OLD_VERSION: Final = "0.0.1"
STALE: Final = "usr/lib/reviewer/reviewer/_internal/of_an_older_build.txt"
HOME: Final = f"/home/{PERSON}"
KEPT: Final = f"{HOME}/kept"
NAMES: Final = ("reviewer", "reviewer-coordinator")
_WINDOW: Final = f"""\
reviewer --profile {HOME}/fresh/profile & program=$!
window=$(timeout 120 xdotool search --sync --onlyvisible --class reviewer | head -n 1)
xdotool getwindowgeometry --shell "$window"
xwd -silent -root -out {HOME}/window.xwd
kill "$program"; wait "$program"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """What was seen."""

    demo: dict[str, Any]
    doctor: dict[str, Any]
    doctor_exit: int
    listed_before_upgrade: str
    listed_after_upgrade: str
    had_stale_file: bool
    has_stale_file: bool
    journal_exit: int
    window: dict[str, str]
    preflight: dict[str, Any]
    preflight_exit: int
    troubles: dict[str, Trouble]
    licences: str
    sources_found: str
    bare: frozenset[str]
    """Files before anything was installed."""
    installed: frozenset[str]
    left: frozenset[str]
    """Files after everything was removed, but for those of the system's packages."""


def live(root: CleanRoot, scratch: Path) -> Life:
    """Play it.

    The older build is the same trees under an older number and with one file more:
    what an upgrade must take away.
    """
    bare = root.listing()
    root.install(*(older(name, scratch) for name in NAMES))
    had_stale = (root.folder / STALE).is_file()
    root.run("reviewer", "demo", "--offscreen", "--keep", KEPT, "--json", person=True)
    before = _list(root)
    root.install(*(package(name) for name in NAMES))
    installed = root.listing()
    demo = root.run("reviewer", "demo", "--offscreen", "--json", person=True)
    doctor = root.run("reviewer", "doctor", "--json", person=True, check=False)
    preflight = root.run(
        "reviewer", "doctor", "--preflight", "--json", person=True, check=False
    )
    journal = root.run(
        *("reviewer", "verify", "--journal", "--profile", f"{KEPT}/profile"),
        *("--passphrase-file", f"{KEPT}/passphrase.txt", "--json"),
        person=True,
        check=False,
    )
    seen = {
        "demo": json.loads(demo.stdout.splitlines()[-1]),
        "doctor": json.loads(doctor.stdout),
        "doctor_exit": doctor.returncode,
        "preflight": json.loads(preflight.stdout),
        "preflight_exit": preflight.returncode,
        "troubles": troubles(root, home=HOME, kept=KEPT),
        "listed_after_upgrade": _list(root),
        "journal_exit": journal.returncode,
        "has_stale_file": (root.folder / STALE).exists(),
        "licences": root.run("reviewer", "licences", person=True).stdout,
        "sources_found": _sources(root),
        "window": _window(root),
    }
    left = _remove(root)
    return Life(
        bare=bare,
        installed=installed,
        left=left,
        listed_before_upgrade=before,
        had_stale_file=had_stale,
        **seen,
    )


def package(name: str) -> Path:
    """Return the built package of a name."""
    (found,) = BUILT.glob(f"{name}_*.deb")
    return found


def older(name: str, scratch: Path) -> Path:
    """Return the same package under an older number, with one file more."""
    folder = scratch / name
    shutil.rmtree(folder, ignore_errors=True)
    _call("dpkg-deb", "--raw-extract", package(name), folder)
    control = folder / "DEBIAN" / "control"
    version = package(name).name.split("_")[1]
    text = control.read_text(encoding="utf-8").replace(version, OLD_VERSION)
    control.write_text(text, encoding="utf-8")
    if name == NAMES[0]:
        (folder / STALE).write_text("gone after the upgrade\n", encoding="utf-8")
    made = scratch / f"{name}_{OLD_VERSION}_amd64.deb"
    _call("dpkg-deb", "--root-owner-group", "-Zzstd", "-z1", "--build", folder, made)
    shutil.rmtree(folder)
    return made


def _list(root: CleanRoot) -> str:
    return root.run(
        *("reviewer", "list", "--profile", f"{KEPT}/profile"),
        *("--passphrase-file", f"{KEPT}/passphrase.txt", "--json"),
        person=True,
    ).stdout


def _sources(root: CleanRoot) -> str:
    """Return the Python sources of ours that are there; there must be none."""
    ours = "*/_internal/reviewer/*.py"
    return root.run("find", "/usr/lib/reviewer", "-path", ours).stdout


def _window(root: CleanRoot) -> dict[str, str]:
    root.install("xvfb", "xauth", "xdotool", "x11-apps")
    done = root.run(
        *("xvfb-run", "-a", "-s", "-screen 0 1280x800x24", "sh", "-c", _WINDOW),
        person=True,
        check=False,
    )
    return dict(line.split("=") for line in done.stdout.splitlines() if "=" in line)


def _remove(root: CleanRoot) -> frozenset[str]:
    quiet = ("DEBIAN_FRONTEND=noninteractive",)
    tools = ("xvfb", "xauth", "xdotool", "x11-apps")
    root.run("apt-get", "purge", "-y", "-q", *NAMES, *tools, environment=quiet)
    root.run("apt-get", "autoremove", "--purge", "-y", "-q", environment=quiet)
    return root.listing() - root.owned()


def _call(*command: str | Path) -> None:
    subprocess.run([str(one) for one in command], check=True, stdout=subprocess.DEVNULL)
