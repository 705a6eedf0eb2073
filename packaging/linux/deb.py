"""Stage the built trees as Debian packages and pack them with plain dpkg-deb.

No maintainer scripts: menus, file types and icons are taken up by the triggers of the
packages that own them, and a person's profile is never touched by an installer.
"""

from __future__ import annotations

import gzip
import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from distributions import files, sha256

HERE: Final = Path(__file__).resolve().parent
ROOT: Final = HERE.parent.parent
LIB: Final = "usr/lib/reviewer"
ICONS: Final = (48, 128, 256)
MAINTAINER: Final = "Reviewer project <reviewer@localhost>"
_WINDOW: Final = """\
Review terrorist and violent content offline
 Concealed by default, decoded only in a sandbox, kept encrypted, and every
 decision signed and chained. Media are decoded by a program of their own,
 which holds no key and reaches no file and no network."""
_SERVICE: Final = """\
Coordinator and demonstration for reviewer
 Deals sealed batches to reviewers' machines and collects their signed
 decisions. Also holds the demonstration. Not for a reviewer's laptop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """What a package is called, where its files are, and what it asks for."""

    name: str
    version: str
    description: str
    depends: tuple[str, ...]
    recommends: tuple[str, ...]
    root: Path
    """Its files, laid out as on the target."""

    @property
    def file_name(self) -> str:
        """Return the name of the file that it makes."""
        return f"{self.name}_{self.version}_amd64.deb"


def stage_reviewer(
    trees: Path,
    root: Path,
    *,
    version: str,
    depends: Iterable[str],
    notices: Path,
    changes: Path,
) -> Package:
    """Lay out the package of a reviewer's laptop."""
    _empty(root)
    for name in ("reviewer", "reviewer-decoder"):
        shutil.copytree(trees / name, root / LIB / name, symlinks=True)
    _link(root / "usr/bin/reviewer", "../lib/reviewer/reviewer/reviewer")
    share = root / "usr/share"
    _copy(HERE / "share/reviewer.desktop", share / "applications/reviewer.desktop")
    _copy(HERE / "share/reviewer.xml", share / "mime/packages/reviewer.xml")
    icons = share / "icons/hicolor"
    _copy(ROOT / "resources/icons/reviewer.svg", icons / "scalable/apps/reviewer.svg")
    _copy(ROOT / "resources/icons/reviewer.png", icons / "256x256/apps/reviewer.png")
    _document(root, "reviewer", notices, changes)
    return Package(
        name="reviewer",
        version=version,
        description=_WINDOW,
        depends=tuple(depends),
        recommends=("gnome-keyring | kwalletmanager | keepassxc",),
        root=root,
    )


def stage_coordinator(
    trees: Path,
    root: Path,
    *,
    version: str,
    depends: Iterable[str],
    notices: Path,
    changes: Path,
) -> Package:
    """Lay out the package of the service; what `reviewer` has too is a link to it."""
    _empty(root)
    tree = root / LIB / "reviewer-coordinator"
    shutil.copytree(trees / "reviewer-coordinator", tree, symlinks=True)
    link_duplicates(tree, (trees / "reviewer", trees / "reviewer-decoder"))
    _document(root, "reviewer-coordinator", notices, changes)
    return Package(
        name="reviewer-coordinator",
        version=version,
        description=_SERVICE,
        depends=(f"reviewer (= {version})", *depends),
        recommends=(),
        root=root,
    )


def link_duplicates(tree: Path, others: Iterable[Path]) -> int:
    """Replace files that another installed tree has by links; say how many bytes."""
    known: dict[str, tuple[str, Path]] = {}
    for other in others:
        for path in files(other):
            known.setdefault(sha256(path), (other.name, path.relative_to(other)))
    saved = 0
    for path in files(tree):
        found = known.get(sha256(path))
        if found is None or path.parent == tree:
            continue
        saved += path.stat().st_size
        up = Path(*[".."] * len(path.relative_to(tree).parts))
        path.unlink()
        path.symlink_to(up / found[0] / found[1])
    return saved


def build(package: Package, to: Path) -> Path:
    """Write control file and checksums, and pack. Returns the package's file."""
    control = package.root / "DEBIAN"
    control.mkdir()
    kib = sum((path.lstat().st_size + 1023) // 1024 for path in _listed(package.root))
    fields = {
        "Package": package.name,
        "Version": package.version,
        "Architecture": "amd64",
        "Maintainer": MAINTAINER,
        "Installed-Size": str(kib),
        "Depends": ", ".join(package.depends),
        "Recommends": ", ".join(package.recommends),
        "Section": "misc",
        "Priority": "optional",
        "Description": package.description,
    }
    text = "".join(f"{name}: {value}\n" for name, value in fields.items() if value)
    (control / "control").write_text(text, encoding="utf-8")
    sums = "".join(
        f"{_md5(path)}  {path.relative_to(package.root)}\n"
        for path in _listed(package.root)
        if not path.is_symlink() and control not in path.parents
    )
    (control / "md5sums").write_text(sums, encoding="utf-8")
    _plain_modes(package.root)
    made = to / package.file_name
    subprocess.run(
        ("dpkg-deb", "--root-owner-group", "-Zzstd", "--build", package.root, made),
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return made


def packages_of(libraries: Iterable[Path]) -> set[str]:
    """Return the Debian packages that hold these files of this system."""
    found: set[str] = set()
    for path in libraries:
        for each in (path, path.resolve(), Path("/usr") / str(path).lstrip("/")):
            answer = subprocess.run(
                ("dpkg-query", "-S", str(each)),
                check=False,
                capture_output=True,
                text=True,
            )
            if answer.returncode == 0:
                found.add(re.split(r"[:,]", answer.stdout)[0])
                break
        else:
            raise FileNotFoundError(path)
    return found


def installed_version(package: str) -> str:
    """Return the version of a Debian package on this system; empty if not there."""
    answer = subprocess.run(
        ("dpkg-query", "-W", "-f", "${Version}", package),
        check=False,
        capture_output=True,
        text=True,
    )
    return answer.stdout if answer.returncode == 0 else ""


def _document(root: Path, name: str, notices: Path, changes: Path) -> None:
    folder = root / "usr/share/doc" / name
    shutil.copytree(notices, folder / "licences")
    _copy(ROOT / "packaging/linux/share/copyright", folder / "copyright")
    packed = gzip.compress(changes.read_bytes(), mtime=0)
    (folder / "changelog.gz").write_bytes(packed)


def _empty(root: Path) -> None:
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)


def _copy(source: Path, to: Path) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, to)


def _link(path: Path, to: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(to)


def _listed(root: Path) -> list[Path]:
    return sorted(p for p in root.rglob("*") if p.is_symlink() or p.is_file())


def _md5(path: Path) -> str:
    found = subprocess.run(
        ("md5sum", str(path)), check=True, capture_output=True, text=True
    )
    return found.stdout.split()[0]


def _plain_modes(root: Path) -> None:
    """Nobody but root may change an installed file, whatever the builder's umask."""
    for path in root.rglob("*"):
        if path.is_symlink():
            continue
        executable = path.is_dir() or os.access(path, os.X_OK)
        path.chmod(0o755 if executable else 0o644)
