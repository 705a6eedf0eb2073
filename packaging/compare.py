"""Compare two builds file by file and name what differs."""

from __future__ import annotations

from pathlib import Path

from distributions import sha256


def differences(one: Path, other: Path) -> dict[str, list[str]]:
    """Return the files of wheel, trees and packages that are not the same twice.

    Returns:
        Lists under `wheel`, `trees` and `packages`; empty lists for equal builds.
    """
    return {
        "wheel": _differing(one / "wheel", other / "wheel", "*.whl"),
        "trees": _differing(one / "trees", other / "trees", "**/*"),
        "packages": _differing(one, other, "*.deb"),
        "bill of materials": _differing(one, other, "*.cdx.json"),
    }


def _differing(one: Path, other: Path, pattern: str) -> list[str]:
    first, second = _hashed(one, pattern), _hashed(other, pattern)
    return sorted(
        name
        for name in first.keys() | second.keys()
        if first.get(name) != second.get(name)
    )


def _hashed(folder: Path, pattern: str) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): (
            f"-> {path.readlink()}" if path.is_symlink() else sha256(path)
        )
        for path in folder.glob(pattern)
        if path.is_symlink() or path.is_file()
    }
