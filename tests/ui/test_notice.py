"""The small window that says why the program does not start."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from reviewer.errors import Code
from reviewer.ui import application
from reviewer.ui.explanations import explain
from reviewer.ui.widgets.notice import Notice


def test_it_explains_and_is_closed_by_a_key(qapp: QApplication, qtbot: QtBot) -> None:
    """What happened, what is safe, what to do, the code; Enter closes it."""
    application.make_application()
    notice = Notice(Code.PROFILE_IN_USE)
    qtbot.addWidget(notice)
    notice.show()
    words = explain(Code.PROFILE_IN_USE)
    told = notice.error.accessibleName()
    assert told == f"{words.happened} {words.safe} {words.todo}"
    focused = notice.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, Qt.Key.Key_Return)
    assert not notice.isVisible()
    assert qapp.activeModalWidget() is None
