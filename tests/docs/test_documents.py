"""The documents name tests, contracts, packages and files that exist."""

from __future__ import annotations

import argparse
import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest

from reviewer.cli.parser import build
from reviewer.sandbox.system import all_packages
from tests.architecture.checkout import ROOT

DOCS: Final = ROOT / "docs"
ADRS: Final = sorted((DOCS / "adr").glob("*.md"))
PAGES: Final = (ROOT / "README.md", *sorted(DOCS.glob("*.md")), *ADRS)
LINES_MAX: Final = {"README.md": 150, "ARCHITECTURE.md": 300}
ADR_LINES_MAX: Final = 60
_TEST: Final = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")
_CONTRACT: Final = re.compile(r"contract `([\w-]+)`")
_LINK: Final = re.compile(r"\]\((?!#|https?:)([^)#]+)")
_ROW: Final = re.compile(
    r"^\| (?P<kind>INV|G|R)-(?P<number>\d+) \|(?P<rest>.+)\|$", re.MULTILINE
)
_NOT_BUILT: Final = "Not built yet"

every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


@cache
def _project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def _contracts() -> set[str]:
    return {one["id"] for one in _project()["tool"]["importlinter"]["contracts"]}


@every_page
def test_every_named_test_exists(page: Path) -> None:
    """A claim that points at a test points at one that is there."""
    for name, function in _TEST.findall(page.read_text(encoding="utf-8")):
        path = ROOT / name
        assert path.is_file(), name
        if function:
            source = path.read_text(encoding="utf-8")
            assert re.search(
                rf"(def {function}\(|^class {function}\b)", source, re.MULTILINE
            ), f"{name}::{function}"


@every_page
def test_every_named_contract_exists(page: Path) -> None:
    """A claim that points at an import contract points at one that is there."""
    assert set(_CONTRACT.findall(page.read_text(encoding="utf-8"))) <= _contracts()


@every_page
def test_every_link_leads_somewhere(page: Path) -> None:
    """Links and pictures inside the repository exist."""
    for target in _LINK.findall(page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize(
    ("name", "kind"),
    [("ARCHITECTURE.md", "INV"), ("THREAT-MODEL.md", "G"), ("RULES.md", "R")],
)
def test_every_promise_is_numbered_and_shown(name: str, kind: str) -> None:
    """Each row names its contract or test, or says that it is not built yet."""
    text = (DOCS / name).read_text(encoding="utf-8")
    rows = [row for row in _ROW.finditer(text) if row["kind"] == kind]
    assert [int(row["number"]) for row in rows] == list(range(1, len(rows) + 1))
    assert rows
    for row in rows:
        shown = _TEST.search(row["rest"]) or _CONTRACT.search(row["rest"])
        assert shown or _NOT_BUILT in row["rest"], f"{kind}-{row['number']}"


def test_every_rule_names_functions() -> None:
    """A file alone holds no rule: somebody has to find what tries to break it."""
    text = (DOCS / "RULES.md").read_text(encoding="utf-8")
    for row in _ROW.finditer(text):
        named = _TEST.findall(row["rest"])
        assert all(function for _, function in named), f"R-{row['number']}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_page_is_long(page: Path) -> None:
    """A page that nobody reads to its end promises nothing."""
    most = ADR_LINES_MAX if page in ADRS else LINES_MAX.get(page.name)
    count = len(page.read_text(encoding="utf-8").splitlines())
    assert most is None or count <= most


def test_decisions_are_numbered_once_and_have_the_same_form() -> None:
    """Context, options, decision, consequences, date, status."""
    numbers = [path.name[:4] for path in ADRS]
    assert len(set(numbers)) == len(numbers)
    for path in ADRS:
        text = path.read_text(encoding="utf-8")
        assert text.startswith(f"# {path.name[:4]} ")
        assert re.search(r"^Date: \d{4}-\d\d-\d\d\. Status: ", text, re.MULTILINE)
        for part in ("Context", "Options", "Decision", "Consequences"):
            assert re.search(rf"^## {part}", text, re.MULTILINE), f"{path.name}: {part}"


def test_every_runtime_dependency_has_a_decision() -> None:
    """Each runtime dependency stands in a record that says why."""
    project = _project()["project"]
    wanted = [
        *project["dependencies"],
        *project["optional-dependencies"]["coordinator"],
    ]
    names = [re.split(r"[>=<; \[]", line)[0] for line in wanted]
    text = "\n".join(p.read_text("utf-8") for p in ADRS if "-dependency-" in p.name)
    assert [name for name in names if name not in text.lower()] == []


def test_readme_names_every_system_package() -> None:
    """The line for a bare Debian and the check before Qt loads agree."""
    words = set((ROOT / "README.md").read_text(encoding="utf-8").split())
    assert [name for name in all_packages() if name not in words] == []


def test_readme_names_every_command_and_no_other() -> None:
    """The table of commands is the parser's, and the two that are found by name."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    table = text.split("## Commands")[1].split("##")[0]
    first_cells = re.findall(r"^\| ((?:`[\w ]+`,? ?)+)\|", table, re.MULTILINE)
    named = set(" ".join(first_cells).replace("`", "").replace(",", "").split())
    (commands,) = (
        action
        for action in build()._actions
        if isinstance(action, argparse._SubParsersAction)
    )
    assert named - {"reviewer"} == {*commands.choices, "demo", "coordinator"}


def test_readme_prints_the_command_that_ci_runs() -> None:
    """The tests have one command, on a laptop and in CI."""
    tasks = _project()["tool"]["poe"]["tasks"]
    assert "uv run poe test\n" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert "poe test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "test" in tasks


def test_every_task_that_readme_names_exists() -> None:
    """`uv run poe NAME` is a task."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"uv run poe ([\w-]+)", text))
    assert named <= set(_project()["tool"]["poe"]["tasks"])


def test_the_changelog_puts_security_first() -> None:
    """What concerns safety is read first."""
    text = (DOCS / "CHANGELOG.md").read_text(encoding="utf-8")
    for section in text.split("\n## ")[1:]:
        assert section.split("### ")[1].startswith("Security")
