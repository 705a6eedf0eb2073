"""What Qt says becomes an event of its category; the words are dropped.

They may quote a path, a title or what was typed. Each pair of severity and category
is noted once a run, so that a chatty platform does not push out what matters.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Final

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

from reviewer.events.kinds import Category, QtSpoke, Severity
from reviewer.events.log import Log

_SEVERITIES: Final = {
    QtMsgType.QtDebugMsg: Severity.DEBUG,
    QtMsgType.QtInfoMsg: Severity.INFO,
    QtMsgType.QtWarningMsg: Severity.WARNING,
    QtMsgType.QtCriticalMsg: Severity.CRITICAL,
    QtMsgType.QtFatalMsg: Severity.FATAL,
}


@contextlib.contextmanager
def qt_messages_to(log: Log) -> Iterator[None]:
    """Install the handler, and give the one before back at the end."""
    noted: set[tuple[Severity, Category]] = set()

    def handle(
        kind: QtMsgType, context: QMessageLogContext, _words: str | None
    ) -> None:
        severity, category = _SEVERITIES[kind], category_of(context.category)
        if (severity, category) not in noted:
            noted.add((severity, category))
            log.write(QtSpoke(severity=severity, category=category))

    before = qInstallMessageHandler(handle)
    try:
        yield
    finally:
        qInstallMessageHandler(before)


def category_of(name: object) -> Category:
    """Return the closed category of one of Qt's, by its first words."""
    for category in Category:
        whole = category.value
        if name == whole or (isinstance(name, str) and name.startswith(f"{whole}.")):
            return category
    return Category.OTHER
