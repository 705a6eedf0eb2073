"""The page of bindings, by keys alone: set, refused, given back."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from reviewer.domain.preferences import DEFAULT, Hand, Preferences
from reviewer.ui.actions import Act
from reviewer.ui.bindings import current, resolved
from reviewer.ui.widgets.bindings_page import BindingsPage
from tests.ui.harness import ITEMS, Harness

Key = Qt.Key


@pytest.fixture
def page(window: Harness) -> BindingsPage:
    """Lie in a real window: its keys are heard first, as in use."""
    made = BindingsPage()
    made.setParent(window.shell.window)
    made.setGeometry(window.shell.window.rect())
    made.show_preferences(DEFAULT)
    made.show()
    made.line.setFocus()
    return made


def _change(window: Harness, page: BindingsPage, name: str, key: Qt.Key) -> None:
    page.line.setFocus()
    page.line.clear()
    window.write(name)
    window.tap(Key.Key_Return)
    assert page.catcher.hasFocus()
    window.tap(key)
    assert not page.catcher.isVisible()


def test_a_key_is_set_and_told(window: Harness, page: BindingsPage) -> None:
    """Type a name, Enter, the key."""
    got: list[Preferences] = []
    page.changed.connect(got.append)
    _change(window, page, "keep", Key.Key_M)
    assert resolved(got[-1]).labels(Act.KEEP) == ("M",)
    assert "M" in page.list.spoken()
    _change(window, page, "keep", Key.Key_F8)
    assert resolved(got[-1]).labels(Act.KEEP) == ("F8",)
    page.usual.click()
    assert got[-1] == DEFAULT


def test_a_taken_key_is_refused_by_name(window: Harness, page: BindingsPage) -> None:
    """Nothing changes."""
    got: list[Preferences] = []
    page.changed.connect(got.append)
    _change(window, page, "keep", Key.Key_U)
    assert got == []
    assert "Undo" in page.said.text()
    _change(window, page, "lock", Key.Key_M)
    assert got == []
    _change(window, page, "keep", Key.Key_BracketLeft)
    assert got == []
    assert page.said.text()


def test_fixed_keys_are_not_asked_for(window: Harness, page: BindingsPage) -> None:
    """Esc is not rebindable."""
    page.line.setText("cover everything")
    window.tap(Key.Key_Return)
    assert not page.catcher.isVisible()
    assert page.said.text()


def test_esc_leaves_the_key_as_it_is(window: Harness, page: BindingsPage) -> None:
    """The window hears it, not the page: it covers, as everywhere."""
    got: list[Preferences] = []
    page.changed.connect(got.append)
    window.write("keep")
    window.tap(Key.Key_Return)
    window.tap(Key.Key_Escape)
    assert got == []


def test_preset_and_single_keys(page: BindingsPage) -> None:
    """Each is one choice, named for a screen reader."""
    got: list[Preferences] = []
    page.changed.connect(got.append)
    page._hands[Hand.LEFT].click()
    assert got[-1].hand is Hand.LEFT
    page._singles[False].click()
    assert not got[-1].single_keys
    assert got[-1].hand is Hand.LEFT
    assert all(each.accessibleName() for each in page._hands.values())
    page.all_usual.click()
    assert got[-1].bindings == ()


def test_a_key_set_in_settings_works_on_the_next_item(window: Harness) -> None:
    """Home, settings, keys; the strip shows the new key, and a lock forgets it."""
    window.enrol()
    window.press("settings")
    window.at("settingsScreen")
    window.press("settingsKeys")
    window.at("keysScreen")
    window.write("undecided")
    window.tap(Key.Key_Return)
    window.tap(Key.Key_M)
    window.settle()
    window.press("keysBack")
    window.at("homeScreen")
    device = next(iter(window.desk.coordinator._devices))
    window.desk.coordinator.deal(device, ITEMS, name="Heron 12", days=14)
    window.press("fetch")
    window.at("homeScreen")
    window.open_batch()
    window.wait(lambda seen: seen.painted and not seen.busy)
    before = window.see().index
    window.tap(Key.Key_J)
    assert window.settle().index == before
    window.tap(Key.Key_M)
    window.wait(lambda seen: seen.index != before)
    assert window.shell.review is not None
    assert "M next open" in window.shell.review.bottom.accessibleName()
    window.tap(Key.Key_L, control=True)
    window.at("unlockScreen")
    assert current().labels(Act.NEXT_UNDECIDED) == ("J",)
