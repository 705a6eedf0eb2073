"""Keep the pinned versions in one state: constraints, and requirement files.

`write` resolves anew with a cooldown of seven days on fresh releases, rewrites
`constraint-dependencies` in pyproject.toml and the hash-pinned requirement files
beside this script. `check` needs no network and fails on any drift between the
two. No registry address is ever written: uv.lock carries addresses and is
therefore ignored by git (style-book 3.11).
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
PYPROJECT: Final = ROOT / "pyproject.toml"
FOLDER: Final = ROOT / "packaging" / "requirements"
COOLDOWN: Final = "7 days"
FILES: Final = {
    "reviewer.txt": ("pyproject.toml",),
    "coordinator.txt": ("pyproject.toml", "--extra", "coordinator"),
    "dev.txt": ("pyproject.toml", "--extra", "coordinator", "--group", "dev"),
    "packaging.txt": ("--group", "packaging"),
}
_PIN: Final = re.compile(r"^([a-z0-9][a-z0-9._-]*)==([^ ;\\]+)", re.MULTILINE)
_BLOCK: Final = re.compile(
    r"^constraint-dependencies = \[\n.*?^\]\n", re.MULTILINE | re.DOTALL
)
_ADDRESS: Final = re.compile(r"https?://|index-url|find-links")


def main(arguments: list[str]) -> int:
    """Run `write` or `check`; return the exit code."""
    if arguments == ["write"]:
        _write_constraints(_resolve())
        _compile()
    elif arguments != ["check"]:
        sys.stderr.write("usage: pins.py write|check\n")
        return 2
    problems = _drift()
    sys.stdout.writelines(f"{problem}\n" for problem in problems)
    return 1 if problems else 0


def constraints() -> dict[str, str]:
    """Return the tested version of every package, from pyproject.toml."""
    tool = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["tool"]["uv"]
    return dict(line.split("==") for line in tool["constraint-dependencies"])


def _resolve() -> dict[str, str]:
    """Resolve everything without constraints; the lowest of forked versions wins."""
    with tempfile.TemporaryDirectory() as folder:
        bare = _BLOCK.sub("", PYPROJECT.read_text(encoding="utf-8"))
        bare = re.sub(
            r"^readme = .*\n|^license-files = .*\n", "", bare, flags=re.MULTILINE
        )
        (Path(folder) / "pyproject.toml").write_text(bare, encoding="utf-8")
        command = ("uv", "lock", "--quiet", "--exclude-newer", COOLDOWN)
        subprocess.run(command, check=True, cwd=folder)  # noqa: S603
        lock = tomllib.loads((Path(folder) / "uv.lock").read_text(encoding="utf-8"))
    found: dict[str, str] = {}
    for package in lock["package"]:
        if "registry" not in package["source"]:
            continue
        name, version = package["name"], package["version"]
        if name not in found or _order(version) < _order(found[name]):
            found[name] = version
    return found


def _order(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))


def _write_constraints(found: dict[str, str]) -> None:
    lines = "".join(f'  "{name}=={found[name]}",\n' for name in sorted(found))
    block = f"constraint-dependencies = [\n{lines}]\n"
    text = _BLOCK.sub(lambda _: block, PYPROJECT.read_text(encoding="utf-8"))
    PYPROJECT.write_text(text, encoding="utf-8")


def _compile() -> None:
    for name, selection in FILES.items():
        command = (
            *("uv", "pip", "compile", "--quiet", *selection),
            *("--universal", "--generate-hashes", "--no-emit-index-url"),
            *("--no-emit-find-links", "--no-annotate", "--no-emit-package"),
            *("reviewer", "--custom-compile-command", "uv run poe pins"),
            *("--upgrade", "--output-file", f"packaging/requirements/{name}"),
        )
        subprocess.run(command, check=True, cwd=ROOT)  # noqa: S603


def _drift() -> list[str]:
    wanted = constraints()
    problems: list[str] = []
    for name in FILES:
        text = (FOLDER / name).read_text(encoding="utf-8")
        if _ADDRESS.search(text):
            problems.append(f"{name}: carries an address")
        problems += [
            f"{name}: {package}=={version}, tested {wanted.get(package, 'nowhere')}"
            for package, version in _PIN.findall(text)
            if wanted.get(package) != version
        ]
    seen = {
        package
        for name in ("dev.txt", "packaging.txt")
        for package, _ in _PIN.findall((FOLDER / name).read_text(encoding="utf-8"))
    }
    problems += [f"pyproject.toml: {p} is in no file" for p in wanted if p not in seen]
    return problems


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
