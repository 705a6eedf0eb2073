"""What the tests of flags, threats and seals ask of the window and the vault."""

from __future__ import annotations

from typing import NoReturn

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from reviewer.domain.decision import StandingKind
from reviewer.domain.ids import ItemId
from reviewer.errors import Code, UnavailableError
from reviewer.ui.desk.desk import ReviewDesk
from reviewer.ui.widgets.review_screen import ReviewScreen
from tests.fakes.memory_store import MemoryStore
from tests.ui.harness import Harness, stills

_Key = Qt.Key
EVEN = stills(*[3] * 6)


def desk_of(window: Harness) -> ReviewDesk:
    desk = window.shell.desk
    assert desk is not None
    return desk


def screen_of(window: Harness) -> ReviewScreen:
    screen = window.shell.review
    assert screen is not None
    return screen


def kind_at(window: Harness, index: int) -> StandingKind:
    return desk_of(window).place.rows[index].standing.kind


def last(window: Harness) -> str:
    return screen_of(window).right._last.text()


def is_offered(window: Harness) -> bool:
    label = screen_of(window).findChild(QLabel, "submitOfferLine")
    return label is not None and label.isVisible()


def stored(window: Harness, index: int) -> StandingKind:
    """Return how the vault has an item."""
    item_id = desk_of(window).place.rows[index].item.id
    return window.desk.store.item(item_id).standing.kind


def in_vault(store: MemoryStore, item_id: str) -> StandingKind:
    """Return how an item is, in a vault that may be shut."""
    return store._state.rows[ItemId(item_id)].standing.kind


def said_on_stage(window: Harness) -> str:
    return screen_of(window).stage.refusal_words


def read_only(window: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    """Open the batch again in a vault that was rolled back."""
    window.tap(_Key.Key_H, control=True)
    window.at("homeScreen")
    monkeypatch.setattr(window.desk.store, "read_only", lambda: True)
    window.open_batch()
    window.settle()


def disk_full(*_given: object) -> NoReturn:
    """Stand in for what writes to a disk that is full."""
    raise UnavailableError(Code.DISK_FULL)
