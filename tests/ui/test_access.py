"""Every screen by keyboard and screen reader, at twice the scale, in longer words.

The screens are those of `docs/screens`: one line in its tables brings a state here.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from reviewer.ui import tokens
from tests.architecture.checkout import ROOT
from tests.screens import day_states, desk_states, flag_states
from tests.screens.state import State
from tests.ui import laid_out
from tests.ui.harness import Harness

PATIENCE_S: Final = 300
MOST_TABS: Final = 120
STATES: Final = {
    state.name: state
    for state in (*day_states.STATES, *desk_states.STATES, *flag_states.STATES)
}
HELD: Final = frozenset({"24-lens", "25-whole", "26-softened", "28-frame"})
"""A key is down there; the screen is that of 20-concealed."""
OVERLAYS: Final = frozenset({"50-search", "51-search-nothing", "52-palette"})
"""Their line keeps the focus; Tab goes from list to list (tests/ui/test_finding.py)."""
WALKED: Final = (
    "01-first-run",
    "02-enrol",
    "05-locked",
    "09-home",
    "11-picker",
    "20-concealed",
    "46-contexts",
    "48-escalated",
    "55-threat",
    "60-submit",
    "62-receipt",
    "63-closure",
    "64-hand-over",
    "65-record",
    "66-settings",
    "67-keys",
    "68-support",
    "70-break",
    "72-curtain",
)
SCREENS: Final = (
    *WALKED,
    "04-profiles",
    "06-locked-wrong",
    "10-home-error",
    "30-text-closed",
    "31-text-find",
    "34-cap",
    "41-ready",
    "47-compare",
    "50-search",
    "52-palette",
    "54-error",
    "56-marked",
    "58-rating",
)


def at(window: Harness, name: str) -> QWidget:
    """Reach a state in a window of the common laptop, laid out."""
    top = window.shell.window
    top.resize(tokens.WIDTH_NARROW_PX, tokens.WINDOW_HEIGHT_PX)
    STATES[name].drive(window)
    lay_out(top)
    return top


def lay_out(top: QWidget) -> None:
    """Let what follows from a change be laid out, scrolled areas too."""
    size = top.size()
    for grow in (1, 0):
        top.resize(size.width(), size.height() + grow)
        for _ in range(4):
            QApplication.processEvents()


def test_every_walked_state_is_in_the_tables() -> None:
    """A state that was renamed is missed here, not passed over."""
    assert set(SCREENS) | HELD | OVERLAYS <= set(STATES)


@pytest.mark.parametrize("name", SCREENS)
def test_each_screen(window: Harness, name: str) -> None:
    """A name and a role for each control, Tab to all of them, and no word is cut.

    Tab comes round forwards and back; the words are then made 40 % longer.
    """
    top = at(window, name)
    assert laid_out.unnamed(top) == []
    assert laid_out.clipped(top) == []
    if name in WALKED:
        wanted = laid_out.wanting(top)
        assert wanted - _round(window, Qt.Key.Key_Tab) == set()
        assert wanted - _round(window, Qt.Key.Key_Backtab) == set()
    laid_out.lengthen(top)
    lay_out(top)
    assert laid_out.clipped(top) == []
    assert top.width() == tokens.WIDTH_NARROW_PX


def _round(window: Harness, key: Qt.Key) -> set[str]:
    """Press a key until the focus is where it began; return where it was."""
    begin = QApplication.focusWidget()
    names: set[str] = set()
    for _ in range(MOST_TABS):
        window.tap(key)
        names.add(laid_out.focused())
        if QApplication.focusWidget() is begin:
            return names
    raise AssertionError(f"Tab does not come round: {sorted(names)}")


@pytest.mark.parametrize(
    "name", ["09-home", "20-concealed", "60-submit", "66-settings"]
)
def test_right_to_left_is_the_same_mirrored(
    qapp: QApplication, window: Harness, name: str
) -> None:
    """Every control stands where it did, seen in a mirror, and nothing is cut."""
    top = at(window, name)
    before = _places(top)
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        lay_out(top)
        after = _places(top)
        assert laid_out.clipped(top) == []
    finally:
        qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    assert before.keys() == after.keys()
    moved = {
        key: (before[key], after[key])
        for key in before
        if abs(before[key] + after[key] - top.width()) > tokens.SPACE_16
    }
    assert moved == {}


def _places(top: QWidget) -> dict[str, float]:
    """Return the middle of each button and field, by name."""
    found = [one for one in laid_out.shown(top) if one.objectName()]
    return {
        one.objectName(): one.mapTo(top, one.rect().center()).x()
        for one in found
        if one.objectName() in laid_out.wanting(top)
    }


def test_at_twice_the_scale_nothing_is_cut(tmp_path: Path) -> None:
    """A desktop of 1920 by 1080 at 200 % leaves the least window there is."""
    out = tmp_path / "found.json"
    done = subprocess.run(
        [sys.executable, "-m", "tests.ui.scale_child", str(out)],
        capture_output=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": "2"},
        text=True,
        timeout=PATIENCE_S,
    )
    assert done.returncode == 0, done.stderr[-2_000:]
    found = json.loads(out.read_text(encoding="utf-8"))
    assert found["ratio"] == 2
    assert len(found["screens"]) > 10
    assert {key: each for key, each in found["screens"].items() if each} == {}


def states() -> tuple[State, ...]:
    """Return what the child at twice the scale looks at."""
    return tuple(STATES[name] for name in SCREENS)
