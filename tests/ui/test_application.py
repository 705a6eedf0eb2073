"""The application around the window: formats, title, theme, accessibility."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImageReader
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from reviewer.ui import application, messages
from reviewer.ui.application import BUILT_IN_FORMATS
from reviewer.ui.styling import palette, set_theme
from reviewer.ui.tokens import DARK, LIGHT, Theme
from tests.ui.conftest import close
from tests.ui.harness import Harness, make_harness

_Key = Qt.Key


def test_no_image_plugin_is_left(window: Harness) -> None:
    """Qt can read what QtGui has built in, and nothing else."""
    del window
    found = {bytes(one.data()).decode() for one in QImageReader.supportedImageFormats()}
    assert found <= BUILT_IN_FORMATS
    assert "jpeg" not in found
    assert "svg" not in found


def test_the_title_never_changes(window: Harness) -> None:
    """No batch, no item, no person in a window title."""
    window.review()
    assert window.shell.window.windowTitle() == messages.APP
    window.tap(_Key.Key_B)
    window.at("curtainScreen")
    assert window.shell.window.windowTitle() == messages.APP


def test_every_control_has_a_name_and_can_be_reached(window: Harness) -> None:
    """Whatever takes the focus says what it is; nothing has a tooltip."""
    window.review()
    for widget in window.shell.window.findChildren(QWidget):
        assert not widget.toolTip()
        if isinstance(widget, QAbstractButton | QLineEdit | QPlainTextEdit):
            if widget.objectName().startswith("qt_"):
                continue
            assert widget.objectName(), widget
            assert widget.accessibleName() or widget.isHidden(), widget.objectName()


def test_targets_are_large_enough(window: Harness) -> None:
    """Everything to press is at least 32 pixels high and wide."""
    window.review()
    for widget in window.shell.window.findChildren(QAbstractButton):
        if widget.isVisible():
            assert min(widget.width(), widget.height()) >= 32, widget.objectName()


def test_no_label_obeys_markup(window: Harness) -> None:
    """Every text is plain text."""
    window.review()
    for label in window.shell.window.findChildren(QLabel):
        assert label.textFormat() is Qt.TextFormat.PlainText, label.objectName()


def test_the_stage_tells_a_screen_reader_nothing_of_its_content(
    window: Harness,
) -> None:
    """Its name is constant, and its text is in no accessible name."""
    window.review()
    window.go_to(3)
    window.wait(lambda seen: seen.holds_clear)
    names = [one.accessibleName() for one in window.shell.window.findChildren(QWidget)]
    assert not any("Readable at once" in name for name in names)


def test_nothing_reaches_the_clipboard(window: Harness) -> None:
    """Copying from a page that is open copies nothing."""
    window.review()
    window.go_to(3)
    window.wait(lambda seen: seen.holds_clear)
    clipboard = QGuiApplication.clipboard()
    clipboard.clear()
    window.tap(_Key.Key_A, control=True)
    window.tap(_Key.Key_C, control=True)
    assert clipboard.text() == ""


def test_the_zones_are_as_laid_out(window: Harness) -> None:
    """40 px strips, 360 and 480 px left, 340 px right; nothing jumps."""
    window.review()
    review = window.shell.review
    assert review is not None
    window.shell.window.resize(1366, 768)
    window.app.processEvents()
    first = [zone.geometry() for zone in (review.left, review.right, review.top)]
    assert (review.top.height(), review.bottom.height()) == (40, 40)
    assert (review.left.width(), review.right.width()) == (360, 340)
    window.tap(_Key.Key_PageDown, _Key.Key_2)
    window.settle()
    window.app.processEvents()
    assert first == [
        zone.geometry() for zone in (review.left, review.right, review.top)
    ]
    window.shell.window.resize(1920, 1080)
    window.app.processEvents()
    assert (review.left.width(), review.right.width()) == (480, 340)


def test_the_key_sheet_opens_and_closes(window: Harness) -> None:
    """F1 and ? open it, Esc closes it; no deciding key goes through it."""
    window.review()
    window.tap(_Key.Key_F1)
    sheet = window.shell.window.key_sheet
    assert sheet.isVisible()
    window.tap(_Key.Key_1)
    assert window.see().open_count == 8
    window.tap(_Key.Key_Escape)
    assert not sheet.isVisible()
    window.tap(_Key.Key_Question)
    assert sheet.isVisible()
    window.tap(_Key.Key_F1)
    assert not sheet.isVisible()


def test_f6_goes_from_zone_to_zone(window: Harness) -> None:
    """Stage, left, right, and round again."""
    window.review()
    review = window.shell.review
    assert review is not None
    seen = []
    for _ in range(3):
        window.tap(_Key.Key_F6)
        focus = QApplication.focusWidget()
        assert focus is not None
        zones = (review.left, review.right)
        inside = [zone for zone in zones if zone.isAncestorOf(focus)]
        seen.append(inside[0] if inside else focus)
    assert seen == [review.left, review.right, review.stage]


def test_the_theme_can_change_while_the_window_is_open(window: Harness) -> None:
    """Colours come from the palette at the time of painting."""
    window.review()
    assert palette() is LIGHT
    set_theme(window.app, Theme.DARK)
    assert palette() is DARK
    window.app.processEvents()
    image = window.shell.window.grab().toImage()
    assert image.pixelColor(5, 60).lightness() < 80


@pytest.mark.parametrize("theme", list(Theme))
def test_every_screen_is_drawn_mirrored(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, theme: Theme
) -> None:
    """Right to left, the decision stands on the left and nothing fails."""
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    window = make_harness(qtbot, tmp_path, theme=theme)
    try:
        window.review()
        review = window.shell.review
        assert review is not None
        window.app.processEvents()
        assert review.right.x() < review.left.x()
        window.tap(_Key.Key_2, _Key.Key_F1)
        window.shell.window.grab()
    finally:
        qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        close(window)


def test_run_returns_when_the_window_is_closed(
    qapp: QApplication, tmp_path: Path
) -> None:
    """The event loop ends with the window; no thread is left."""
    del qapp
    from tests.fakes.desk import make_desk  # noqa: PLC0415

    desk = make_desk(tmp_path)
    shells = []

    def ready(shell: object) -> None:
        shells.append(shell)
        QApplication.closeAllWindows()

    code = application.run(
        desk.door(), clock=desk.clock, theme=Theme.LIGHT, on_ready=ready
    )
    assert code == 0
    assert len(shells) == 1
