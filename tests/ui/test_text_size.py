"""The size of text holds at once, in every part of the window, and is kept."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QScrollArea, QWidget

from reviewer.domain.preferences import Preferences
from reviewer.ui import tokens
from reviewer.ui.styling import scale_percent, set_scale
from reviewer.ui.widgets.settings_screen import Bounds, SettingsScreen
from tests.ui.harness import Harness, stills

_Key = Qt.Key


@pytest.fixture(autouse=True)
def _usual_size_afterwards(window: Harness) -> Iterator[None]:
    """One application serves all tests."""
    yield
    set_scale(window.app, 100)


def choose(window: Harness, percent: int) -> None:
    """Open the settings and press the choice, by keys."""
    window.press("settings")
    window.at("settingsScreen")
    window.press(f"settings-text-{percent}")
    window.settle()


def test_a_size_holds_at_once_and_after_a_lock(window: Harness) -> None:
    """On this page, on home, and again for the same person later."""
    window.enrol()
    window.settle()
    title = window.find("homeLoading")
    before = title.fontMetrics().height()
    choose(window, 200)
    assert scale_percent() == 200
    assert window.find("settingsTitle").font().pixelSize() == 2 * tokens.TYPE_28
    window.tap(_Key.Key_Escape)
    window.at("homeScreen")
    assert title.fontMetrics().height() > before
    sitting = window.shell.sitting
    assert sitting.work is not None
    assert sitting.work.preferences().text_scale_percent == 200


@pytest.mark.parametrize("percent", [125, 150, 200])
def test_the_review_screen_keeps_its_layout(window: Harness, percent: int) -> None:
    """At 1366 by 768 nothing is wider than the window; what is long scrolls."""
    window.shell.window.resize(tokens.WIDTH_NARROW_PX, tokens.WINDOW_HEIGHT_PX)
    window.review(stills(2, 3))
    window.tap(_Key.Key_H, control=True)
    window.at("homeScreen")
    choose(window, percent)
    window.tap(_Key.Key_Escape)
    window.at("homeScreen")
    window.open_batch()
    window.settle()
    window.app.processEvents()
    shown = window.shell.window
    assert (shown.width(), shown.height()) == (
        tokens.WIDTH_NARROW_PX,
        tokens.WINDOW_HEIGHT_PX,
    )
    review = window.shell.review
    assert review is not None
    for zone in (review.top, review.left, review.stage, review.right, review.bottom):
        place = zone.mapTo(shown, zone.rect().bottomRight())
        assert place.x() < shown.width()
        assert place.y() < shown.height()
    area = review.right.findChild(QScrollArea, "rightArea")
    assert area is not None
    content = area.widget()
    assert content is not None
    assert content.width() <= area.viewport().width()
    for one in (review.right.primary, review.right.hand_back, review.right.undo):
        assert one.isVisible()
        assert one.width() >= one.sizeHint().width()
    window.tap(_Key.Key_1)
    window.wait(lambda seen: seen.open_count == 1 and not seen.busy)


@pytest.mark.parametrize("percent", [100, 200])
def test_home_and_settings_hold_their_words(window: Harness, percent: int) -> None:
    """No button is narrower than its words."""
    window.shell.window.resize(tokens.WIDTH_NARROW_PX, tokens.WINDOW_HEIGHT_PX)
    window.enrol()
    window.settle()
    choose(window, percent)
    window.app.processEvents()
    assert cut(window.shell.screens.settings) == []
    window.tap(_Key.Key_Escape)
    window.at("homeScreen")
    window.app.processEvents()
    assert cut(window.shell.home) == []


def cut(screen: QWidget) -> list[str]:
    """Return the buttons that are narrower than what they say."""
    return [
        one.objectName()
        for one in screen.findChildren(QAbstractButton)
        if one.isVisible() and one.width() < one.sizeHint().width()
    ]


def test_what_the_organisation_has_set_says_so(window: Harness) -> None:
    """In words, beside what cannot be changed; nothing is said where it can."""
    page = SettingsScreen()
    window.shell.window.add(page)
    window.shell.window.show_screen(page)
    page.fill(Preferences(), Bounds(most_px=12, grey_fixed=True))
    grey = page.findChild(QLabel, "settings-greySet")
    most = page.findChild(QLabel, "settings-most")
    assert isinstance(grey, QLabel)
    assert isinstance(most, QLabel)
    assert grey.isVisible()
    assert "organisation" in grey.text()
    assert "12 points" in most.text()
    page.fill(Preferences(), Bounds(most_px=24, grey_fixed=False))
    assert not grey.isVisible()
    assert "24 points at most" in most.text()
    window.shell.window.drop(page)
