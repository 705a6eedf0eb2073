"""Listens on a bus of its own, sends each signal to itself, and counts the locks."""

from __future__ import annotations

import subprocess
import sys

from PySide6.QtCore import QCoreApplication, QTimer

from reviewer.ui.day.desktop import Desktop

TOLD = (
    ("org.freedesktop.ScreenSaver.ActiveChanged", "boolean:true"),
    ("org.freedesktop.ScreenSaver.ActiveChanged", "boolean:false"),
    ("org.gnome.ScreenSaver.ActiveChanged", "boolean:true"),
    ("org.freedesktop.login1.Manager.PrepareForSleep", "boolean:true"),
    ("org.freedesktop.login1.Manager.PrepareForSleep", "boolean:false"),
    ("org.freedesktop.login1.Session.Lock", ""),
)
LOCKS = 4
PATIENCE_MS = 20_000


def main() -> int:
    """Return 0 once every signal that should lock did, and no other."""
    app = QCoreApplication(sys.argv[:1])
    desktop, locks = Desktop(), [0]

    def locked() -> None:
        locks[0] += 1
        if locks[0] == LOCKS:
            QTimer.singleShot(200, app.quit)  # time for one too many

    desktop.locked.connect(locked)
    sys.stdout.write(f"{desktop.watch()} heard\n")
    for name, value in TOLD:
        command = ["dbus-send", "--session", "--type=signal", "/any", name]
        subprocess.run([*command, value] if value else command, check=True)
    QTimer.singleShot(PATIENCE_MS, lambda: app.exit(1))
    app.exec()
    sys.stdout.write(f"{locks[0]} locks\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
