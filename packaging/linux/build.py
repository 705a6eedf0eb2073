"""Build the Debian packages: `uv run poe deb`. Writes below build/linux alone.

From hash-pinned requirements: an environment of its own on Debian's interpreter, the
wheel of this checkout, three PyInstaller trees, what nothing needs taken out again,
licences and bill of materials, two packages. `--twice` builds everything again in
another folder and names what differs.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).resolve().parent
PACKAGING: Final = HERE.parent
ROOT: Final = PACKAGING.parent
sys.path[:0] = [str(PACKAGING), str(ROOT)]

import compare  # noqa: E402 (beside this script, which is no package)
import deb  # noqa: E402
import distributions  # noqa: E402
import elf  # noqa: E402
import notices  # noqa: E402
import parts  # noqa: E402
import sbom  # noqa: E402
import sources  # noqa: E402

from reviewer.sandbox.system import all_libraries  # noqa: E402

PYTHON: Final = "/usr/bin/python3"
TREES: Final = ("reviewer", "reviewer-decoder", "reviewer-coordinator")
REQUIREMENTS: Final = ("packaging.txt", "coordinator.txt")
CHANGES: Final = "docs/CHANGELOG.md"
SOURCES: Final = (
    *("reviewer", "resources", "pyproject.toml", "README.md", "LICENSE"),
    CHANGES,
)
TOOLS: Final = ("uv", "objdump", "dpkg-deb", "dpkg-query")
UNAVAILABLE: Final = 3


def main(arguments: list[str]) -> int:
    """Build; exit 3 with one sentence where this machine cannot."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--to", type=Path, default=ROOT / "build" / "linux")
    parser.add_argument("--twice", action="store_true", help="build again and compare")
    args = parser.parse_args(arguments)
    problem = _missing()
    if problem:
        sys.stderr.write(f"not run: {problem}\n")
        return UNAVAILABLE
    _build(args.to, sources=ROOT)
    if args.twice:
        again = args.to / "again"
        shutil.rmtree(again, ignore_errors=True)
        _build(again, sources=args.to / "source")
        found = compare.differences(args.to, again)
        report = json.dumps(found, indent=1) + "\n"
        (args.to / "differences.json").write_text(report, encoding="utf-8")
        sys.stdout.write(f"differences between two builds: {report}")
    return 0


def version() -> str:
    """Return the version, stated once, in pyproject.toml."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return str(project["project"]["version"])


def _missing() -> str:
    """Say why packages cannot be built here; nothing where they can."""
    release = Path("/etc/os-release")
    text = release.read_text(encoding="utf-8") if release.is_file() else ""
    if "ID=debian" not in text or 'VERSION_ID="12"' not in text:
        return "the packages are built on Debian 12, the oldest system they are for"
    absent = [name for name in TOOLS if shutil.which(name) is None]
    if absent:
        return f"missing programs: {' '.join(absent)}"
    if not list(Path("/usr/lib").glob("*/libpython3.11.so.1.0")):
        return "missing package: libpython3.11"
    return ""


def _build(to: Path, *, sources: Path) -> None:
    to.mkdir(parents=True, exist_ok=True)
    environment = os.environ | {
        "PYTHONHASHSEED": "1",
        "PYTHONSAFEPATH": "1",
        "SOURCE_DATE_EPOCH": str(_epoch_s()),
        "VIRTUAL_ENV": str(to / "venv"),
        "REVIEWER_BUILD_FOLDER": str(to),
        "LC_ALL": "C.UTF-8",
    }
    os.environ.update(environment)
    _step("environment")
    _make_environment(to)
    _step("wheel")
    _make_wheel(to, sources)
    _step("trees")
    _freeze(to)
    _step("licences, bill of materials")
    _describe(to)
    _step("packages")
    _pack(to)


def _make_environment(to: Path) -> None:
    """Install what is pinned, by hash; kept while the pins and the interpreter are."""
    folder = PACKAGING / "requirements"
    pins = b"".join((folder / name).read_bytes() for name in REQUIREMENTS)
    stamp = hashlib.sha256(pins + _python().encode()).hexdigest()
    mark = to / "venv" / "pins.sha256"
    if mark.is_file() and mark.read_text(encoding="ascii") == stamp:
        return
    _run("uv", "venv", "--quiet", "--clear", "--python", PYTHON, to / "venv")
    for name in REQUIREMENTS:
        _run("uv", "pip", "install", "-q", "--require-hashes", "-r", folder / name)
    mark.write_text(stamp, encoding="ascii")


def _make_wheel(to: Path, sources: Path) -> None:
    """Build from a copy without history or caches, and install it."""
    source, wheels = to / "source", to / "wheel"
    for folder in (source, wheels):
        shutil.rmtree(folder, ignore_errors=True)
    source.mkdir()
    for name in SOURCES:
        if (sources / name).is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(sources / name, source / name, ignore=ignored)
        else:
            (source / name).parent.mkdir(exist_ok=True)
            shutil.copyfile(sources / name, source / name)
    python = to / "venv" / "bin" / "python"
    _run(
        *("uv", "build", "--wheel", "--quiet", "--no-build-isolation"),
        *("--python", python, "--out-dir", wheels, source),
    )
    (wheel,) = wheels.glob("*.whl")
    _run("uv", "pip", "install", "-q", "--no-deps", "--reinstall", wheel)


def _freeze(to: Path) -> None:
    python = to / "venv" / "bin" / "python"
    _run(
        *(python, "-m", "PyInstaller", "--noconfirm", "--log-level", "ERROR"),
        *("--distpath", to / "trees", "--workpath", to / "work"),
        HERE / "reviewer.spec",
        cwd=to,  # the wheel is frozen, not the checkout that we may stand in
    )
    for name in TREES:
        gone = elf.prune(to / "trees" / name)
        distributions.trim_metadata(to / "trees" / name)
        sys.stderr.write(f"   {name}: {len(gone)} libraries that nothing needs\n")


def _describe(to: Path) -> None:
    """Write licences into the trees, and the bill of materials beside them."""
    trees = to / "trees"
    modules = _modules(to)
    (to / "modules.json").write_text(json.dumps(modules, indent=1), encoding="utf-8")
    known = distributions.installed(next((to / "venv" / "lib").glob("*/site-packages")))
    of_tree = {
        tree: distributions.inside(
            known,
            modules=[m for name in _programs(trees / tree) for m in modules[name.name]],
            tree=trees / tree,
        )
        for tree in TREES
    }
    laptop = {one.name: one for tree in TREES[:2] for one in of_tree[tree]}
    native = sbom.natives([trees / tree for tree in TREES], known)
    _gather(to, "reviewer", laptop, native)
    service = {one.name: one for one in of_tree[TREES[2]]}
    _gather(to, "reviewer-coordinator", service, native)
    everything = laptop | {one.name: one for one in of_tree[TREES[2]]}
    listed = [everything[name] for name in sorted(everything)]
    bill = sbom.document(
        version=version(),
        distributions=listed,
        native=native,
        system={name: deb.installed_version(name) for name in _depends(to)},
        epoch_s=_epoch_s(),
    )
    text = json.dumps(bill, indent=1, sort_keys=True) + "\n"
    (to / "reviewer.cdx.json").write_text(text, encoding="utf-8")
    parts.write(trees / TREES[0], [trees / tree for tree in TREES[:2]])
    parts.write(trees / TREES[2], [trees / TREES[2]])


def _gather(
    to: Path,
    package: str,
    found: dict[str, distributions.Distribution],
    native: list[sbom.Native],
) -> None:
    folder = to / "notices" / package
    listed = [found[name] for name in sorted(found)]
    notices.gather(
        folder,
        distributions=listed,
        python=_python(),
        sources=sources.page(native, listed),
    )
    inside = to / "trees" / package / "_internal/reviewer/_resources/licences"
    shutil.rmtree(inside, ignore_errors=True)
    shutil.copytree(folder, inside)


def _pack(to: Path) -> None:
    trees, stage = to / "trees", to / "stage"
    for old in to.glob("*.deb"):
        old.unlink()
    depends = [*_depends(to), _libc(to)]
    packages = (
        deb.stage_reviewer(
            trees,
            stage / "reviewer",
            version=version(),
            depends=depends,
            notices=to / "notices/reviewer",
            changes=to / "source" / CHANGES,
        ),
        deb.stage_coordinator(
            trees,
            stage / "reviewer-coordinator",
            version=version(),
            depends=(),
            notices=to / "notices/reviewer-coordinator",
            changes=to / "source" / CHANGES,
        ),
    )
    for package in packages:
        bill = to / "reviewer.cdx.json"
        doc = package.root / "usr/share/doc" / package.name
        shutil.copyfile(bill, doc / bill.name)
        made = deb.build(package, to)
        sys.stdout.write(f"{made} {made.stat().st_size}\n")


def _depends(to: Path) -> list[str]:
    """Return the system's packages that the trees need, without the C library."""
    trees = [elf.read_tree(to / "trees" / name) for name in TREES]
    known = all_libraries()
    found = deb.packages_of(elf.from_system(trees, known=known).values())
    return sorted((found | set(known.values())) - {"libc6"})


def _libc(to: Path) -> str:
    """Return the oldest C library that has every symbol the trees use."""
    every = [one for name in TREES for one in elf.read_tree(to / "trees" / name)]
    major, minor = max(one.glibc for one in every)
    return f"libc6 (>= {major}.{minor})"


def _modules(to: Path) -> dict[str, list[str]]:
    programs = [p for tree in TREES for p in _programs(to / "trees" / tree)]
    python = to / "venv" / "bin" / "python"
    command = (str(python), str(PACKAGING / "contents.py"), *map(str, programs))
    answer = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, list[str]] = json.loads(answer.stdout)
    return found


def _programs(tree: Path) -> list[Path]:
    return sorted(path for path in tree.iterdir() if path.is_file())


def _epoch_s() -> int:
    """Return the date of what is built: of the last commit, or as it is given."""
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    if given.isdecimal():
        return int(given)
    command = ("git", "-C", str(ROOT), "log", "-1", "--format=%ct")
    answer = subprocess.run(command, check=False, capture_output=True, text=True)
    return int(answer.stdout) if answer.returncode == 0 else 0


def _python() -> str:
    command = (PYTHON, "-c", "import platform; print(platform.python_version())")
    answer = subprocess.run(command, check=True, capture_output=True, text=True)
    return answer.stdout.strip()


def _run(*command: str | Path, cwd: Path | None = None) -> None:
    subprocess.run([str(part) for part in command], check=True, cwd=cwd)


def _step(words: str) -> None:
    sys.stderr.write(f"== {words}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
