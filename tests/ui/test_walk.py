"""The whole walk by keys alone: first run to lock."""

from __future__ import annotations

from PySide6.QtCore import Qt

from tests.ui.harness import ITEMS, PASSPHRASE, Harness


def test_a_person_walks_from_first_run_to_lock_by_keys(window: Harness) -> None:
    """Every screen is reached and left without a pointer."""
    window.review()
    for _ in ITEMS[:-1]:
        window.tap(Qt.Key.Key_1)
    window.wait(lambda seen: seen.open_count == 1 and not seen.committing)
    window.tap(Qt.Key.Key_U)
    window.wait(lambda seen: seen.open_count == 2 and not seen.busy)
    window.tap(Qt.Key.Key_1)
    window.wait(lambda seen: seen.open_count == 1 and not seen.busy)
    window.tap(Qt.Key.Key_H, Qt.Key.Key_Return)
    window.wait(lambda seen: seen.open_count == 0 and not seen.busy)
    window.press("finishedSubmit")
    window.at("submitScreen")
    window.press("submitOnline")
    window.at("receiptScreen")
    window.tap(Qt.Key.Key_Return)
    window.at("homeScreen")
    window.tap(Qt.Key.Key_L, control=True)
    window.at("unlockScreen")
    window.write(PASSPHRASE)
    window.tap(Qt.Key.Key_Return)
    window.at("homeScreen")
