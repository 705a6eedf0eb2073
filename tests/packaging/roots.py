"""A clean Debian or Ubuntu by debootstrap, in which commands run as a person would.

Every command gets a mount namespace of its own with /proc and /dev, so nothing stays
mounted whatever happens. The bare system and the archives of packages are kept in
build/packaging; the root of a test is a copy.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).resolve().parents[2]
BUILT: Final = ROOT / "build" / "linux"
KEPT: Final = ROOT / "build" / "packaging"
PERSON: Final = "alice"
UID: Final = 1000
LONG_S: Final = 900
_MOUNT: Final = """\
set -e
mount -t proc proc "$1/proc"
mount --rbind /dev "$1/dev"
mount --bind "$2" "$1/var/cache/apt/archives"
root=$1; shift 2
exec chroot "$root" "$@"
"""
_SETTINGS: Final = ("sources.list", "sources.list.d", "apt.conf.d", "trusted.gpg.d")
_SETTINGS_OF_ANY: Final = ("apt.conf.d",)
_CLEAN: Final = ("LANG=C.UTF-8", "PATH=/usr/sbin:/usr/bin:/sbin:/bin")


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """A release that the packages are for."""

    name: str
    """Also of the folder that keeps its bare system."""
    codename: str
    keyring: str
    """The file with the keys of its archive, and the package that brings it."""
    components: str = "main"
    script: str = ""
    """Of debootstrap, where an older one does not know the release."""
    mirror: str | None = None
    """None: where this machine gets its packages from; empty: debootstrap knows."""


_DEBIAN: Final = "debian-archive-keyring"
DEBIAN_12: Final = System(name="base", codename="bookworm", keyring=_DEBIAN)
DEBIAN_13: Final = System(name="trixie", codename="trixie", keyring=_DEBIAN)
UBUNTU_24_04: Final = System(
    name="noble",
    codename="noble",
    keyring="ubuntu-archive-keyring",
    components="main,universe",
    script="gutsy",
    mirror="",
)


def why_not(system: System = DEBIAN_12) -> str:
    """Say why no clean root can be made here; nothing where one can."""
    if sys.platform != "linux":
        return "not run: Debian packages are for Linux"
    if os.geteuid() != 0:
        return "not run: a clean root is made by root only"
    for name in ("debootstrap", "dpkg-deb", "unshare", "chroot", "apt-get"):
        if shutil.which(name) is None:
            return f"not run: {name} is missing"
    if not Path("/usr/share/keyrings", f"{system.keyring}.gpg").is_file():
        return f"not run: {system.keyring}.gpg is missing"
    if not list(BUILT.glob("*.deb")):
        return "not run: nothing is built yet, see `poe deb`"
    return ""


class CleanRoot:
    """One installed system; made once and thrown away by its owner."""

    def __init__(self, folder: Path, system: System = DEBIAN_12) -> None:
        self.folder = folder
        self._system = system
        self._archives = KEPT / f"archives-{system.name}"
        (self._archives / "partial").mkdir(parents=True, exist_ok=True)
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run(("cp", "-a", str(_base(system)), str(folder)), check=True)
        self._take_settings()
        # Ubuntu has a person of that number from the start.
        taken = self.run("getent", "passwd", str(UID), check=False).stdout
        if taken:
            self.run("userdel", "--remove", taken.partition(":")[0], check=False)
        self.run("useradd", "--create-home", "--uid", str(UID), PERSON)

    def run(
        self,
        *argv: str,
        person: bool = False,
        environment: Sequence[str] = (),
        check: bool = True,
        behind: Sequence[str] = (),
    ) -> subprocess.CompletedProcess[str]:
        """Run a program in the root, as root or as the person, with nothing inherited.

        Args:
            argv: The program and its arguments.
            person: Whether the person runs it.
            environment: Variables, as `NAME=value`.
            check: Whether a failure is one of the test.
            behind: A command of this machine that runs all of it.

        Raises:
            AssertionError: it failed and `check` is set.
        """
        home = f"/home/{PERSON}" if person else "/root"
        inner = ["env", "-i", *_CLEAN, f"HOME={home}", *environment, *argv]
        if person:
            inner = [
                "setpriv",
                f"--reuid={UID}",
                f"--regid={UID}",
                "--clear-groups",
                *inner,
            ]
        done = subprocess.run(
            (
                *behind,
                *("unshare", "--mount", "--", "sh", "-c", _MOUNT, "sh"),
                *(str(self.folder), str(self._archives), *inner),
            ),
            check=False,
            capture_output=True,
            text=True,
            timeout=LONG_S,
            stdin=subprocess.DEVNULL,
        )
        if check and done.returncode != 0:
            words = f"{shlex.join(argv)}: {done.stdout[-2000:]}{done.stderr[-2000:]}"
            raise AssertionError(words)
        return done

    def install(self, *packages: str | Path) -> None:
        """Install packages by name, or files with all they depend on and no more."""
        names: list[str] = []
        (self.folder / "packages").mkdir(exist_ok=True)
        for one in packages:
            if isinstance(one, Path):
                shutil.copyfile(one, self.folder / "packages" / one.name)
                names.append(f"/packages/{one.name}")
            else:
                names.append(one)
        self.run(
            *("apt-get", "install", "-y", "-q", "--no-install-recommends", *names),
            environment=("DEBIAN_FRONTEND=noninteractive",),
        )
        shutil.rmtree(self.folder / "packages")

    def listing(self) -> frozenset[str]:
        """Return every path of the root that is not a folder."""
        found: set[str] = set()
        for folder, _, names in os.walk(self.folder):
            inside = Path(folder).relative_to(self.folder)
            found |= {f"/{inside / name}" for name in names}
        return frozenset(found)

    def owned(self) -> frozenset[str]:
        """Return every path that an installed package of the system owns."""
        info = self.folder / "var/lib/dpkg/info"
        listed = "\n".join(path.read_text("utf-8") for path in info.glob("*.list"))
        names = frozenset(listed.splitlines())
        # Debian 12 has merged /bin, /lib and /sbin into /usr.
        return names | frozenset(f"/usr{name}" for name in names)

    def _take_settings(self) -> None:
        is_ours = self._system is DEBIAN_12
        for name in _SETTINGS if is_ours else _SETTINGS_OF_ANY:
            source, to = Path("/etc/apt") / name, self.folder / "etc/apt" / name
            if source.is_dir():
                shutil.copytree(source, to, dirs_exist_ok=True)
            elif source.is_file():
                shutil.copyfile(source, to)
        (self.folder / "etc/apt/apt.conf.d/docker-clean").unlink(missing_ok=True)
        shutil.copyfile("/etc/resolv.conf", self.folder / "etc/resolv.conf")
        self.run("apt-get", "update", "-q")


def _base(system: System) -> Path:
    """Return the bare system; made by debootstrap the first time, or not run."""
    base = KEPT / system.name
    if not (base / "etc" / "debian_version").is_file():
        shutil.rmtree(base, ignore_errors=True)
        KEPT.mkdir(parents=True, exist_ok=True)
        unfinished = KEPT / f"unfinished-{system.name}"
        shutil.rmtree(unfinished, ignore_errors=True)
        mirror = _mirror() if system.mirror is None else system.mirror
        script = f"/usr/share/debootstrap/scripts/{system.script}"
        done = subprocess.run(
            (
                *("debootstrap", "--variant=minbase", "--include=ca-certificates"),
                f"--keyring=/usr/share/keyrings/{system.keyring}.gpg",
                f"--components={system.components}",
                *(system.codename, str(unfinished), mirror),
                *((script,) if system.script else ()),
            ),
            check=False,
            capture_output=True,
            text=True,
        )
        if done.returncode != 0:
            last = done.stdout.strip().rpartition("\n")[2]
            pytest.skip(f"not run: no {system.codename} can be made here: {last}")
        unfinished.rename(base)
    return base


def _mirror() -> str:
    """Return where this machine itself gets its packages from."""
    found = subprocess.run(
        (
            *("apt-get", "indextargets", "--format", "$(REPO_URI)"),
            *("Created-By: Packages", f"Codename: {DEBIAN_12.codename}"),
        ),
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    return found[0] if found else ""
