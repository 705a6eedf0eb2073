"""What Qt says is kept by its part of Qt alone."""

from __future__ import annotations

import pytest
from PySide6.QtCore import qCritical, qWarning

from reviewer.events.kinds import Category, Event, QtSpoke, Severity
from reviewer.ui.qt_messages import category_of, qt_messages_to

MARKER = "a path of marker-55aa"


class Kept:
    """A log in memory."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def write(self, event: Event, /) -> None:
        self.events.append(event)


def test_words_are_dropped_and_each_pair_is_noted_once(
    capfd: pytest.CaptureFixture[str],
) -> None:
    """A chatty platform does not push out what matters."""
    log = Kept()
    with qt_messages_to(log):
        for _ in range(3):
            qWarning(MARKER)
            qCritical(MARKER)
    assert log.events == [
        QtSpoke(severity=Severity.WARNING, category=Category.DEFAULT),
        QtSpoke(severity=Severity.CRITICAL, category=Category.DEFAULT),
    ]
    assert MARKER not in "".join(capfd.readouterr())


@pytest.mark.parametrize(
    ("name", "category"),
    [
        ("default", Category.DEFAULT),
        ("qt.qpa.xcb", Category.PLATFORM),
        ("qt.qpa", Category.PLATFORM),
        ("qt.qpaint", Category.OTHER),
        ("qt.text.font.db", Category.TEXT),
        (MARKER, Category.OTHER),
        (None, Category.OTHER),
    ],
)
def test_a_category_is_closed(name: str | None, category: Category) -> None:
    """A name that is made up never gets through."""
    assert category_of(name) is category
