"""Choose a file or where to save one, without the system's dialog.

A system dialog keeps lists of recent files and draws thumbnails; this one lists
names only and remembers nothing (security.md 3.7).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QStorageInfo, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QWidget,
)

from reviewer.ui import messages, tokens
from reviewer.ui.building import button, column, label, row
from reviewer.ui.icons import Icon
from reviewer.ui.plain import one_line
from reviewer.ui.styling import give_role

_PATH = Qt.ItemDataRole.UserRole
_SHOWN_COUNT = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be chosen."""

    suffix: str
    """Such as `.rvbatch`; empty for any file."""
    save_name: str = ""
    """A name to begin with; empty to open an existing file."""


class FilePicker(QFrame):
    """A page of its own over the screen that asked."""

    picked = Signal(object)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("filePicker")
        give_role(self, "screen")
        self._wanted = Wanted(suffix="")
        self._folder = Path.home()
        self._title = label(role="display")
        self._where = QLineEdit()
        self._where.setObjectName("pickFolder")
        self._where.setAccessibleName(messages.PICK_FOLDER)
        self._where.returnPressed.connect(self._go_typed)
        self._list = QListWidget()
        self._list.setObjectName("pickList")
        self._list.setAccessibleName(messages.PICK_OPEN)
        self._list.itemActivated.connect(self._activate)
        self._name = QLineEdit()
        self._name.setObjectName("pickName")
        self._name.setAccessibleName(messages.PICK_NAME)
        self._name.returnPressed.connect(self._save)
        self._save_here = button(
            messages.PICK_SAVE_HERE, "pickSave", self._save, role="primary"
        )
        self._nothing = label(messages.PICK_EMPTY, "muted")
        self._lay_out()

    def start(self, wanted: Wanted) -> None:
        """Begin in the person's folder, with the sticks that are in."""
        self._wanted = wanted
        saving = bool(wanted.save_name)
        self._title.setText(messages.PICK_SAVE if saving else messages.PICK_OPEN)
        self._name.setVisible(saving)
        self._save_here.setVisible(saving)
        self._name.setText(wanted.save_name)
        self._open_folder(Path.home())
        self._list.setFocus()

    def _lay_out(self) -> None:
        back = button(
            messages.BACK, "pickBack", self.left.emit, role="back", icon=Icon.BACK
        )
        up = button(messages.PICK_UP, "pickUp", self._go_up)
        content = QWidget()
        content.setMaximumWidth(tokens.PAGE_PX)
        inner = column(space=tokens.SPACE_12, parent=content)
        head = row()
        head.addWidget(back)
        head.addStretch(1)
        inner.addLayout(head)
        inner.addWidget(self._title)
        where = row()
        where.addWidget(self._where, 1)
        where.addWidget(up)
        inner.addLayout(where)
        inner.addWidget(self._list, 1)
        inner.addWidget(self._nothing)
        foot = row()
        foot.addWidget(self._name, 1)
        foot.addWidget(self._save_here)
        inner.addLayout(foot)
        outer = row(margin=tokens.SPACE_32, parent=self)
        outer.addStretch(1)
        outer.addWidget(content, 100)
        outer.addStretch(1)

    def _open_folder(self, folder: Path) -> None:
        self._folder = folder
        self._where.setText(str(folder))
        self._list.clear()
        if folder == Path.home():
            for stick in _sticks():
                self._add(f"{messages.STICK}: {stick.name or stick}", stick)
        for path in _entries(folder, self._wanted.suffix)[:_SHOWN_COUNT]:
            name = one_line(path.name)
            self._add(f"{name}/" if path.is_dir() else name, path)
        self._nothing.setVisible(self._list.count() == 0)
        if self._list.count():
            self._list.setCurrentRow(0)

    def _add(self, words: str, path: Path) -> None:
        item = QListWidgetItem(words)
        item.setData(_PATH, str(path))
        self._list.addItem(item)

    def _activate(self, item: QListWidgetItem) -> None:
        path = Path(str(item.data(_PATH)))
        if path.is_dir():
            self._open_folder(path)
        elif self._wanted.save_name:
            self._name.setText(path.name)
        else:
            self.picked.emit(path)

    def _go_up(self) -> None:
        self._open_folder(self._folder.parent)

    def _go_typed(self) -> None:
        path = Path(self._where.text().strip()).expanduser()
        if path.is_dir():
            self._open_folder(path)
        elif path.is_file() and not self._wanted.save_name:
            self.picked.emit(path)

    def _save(self) -> None:
        name = Path(self._name.text().strip()).name
        if not name:
            return
        if not name.endswith(self._wanted.suffix):
            name += self._wanted.suffix
        self.picked.emit(self._folder / name)


def _entries(folder: Path, suffix: str) -> list[Path]:
    """Return folders, then files that fit; nothing where it cannot be read."""
    try:
        found = [path for path in folder.iterdir() if not path.name.startswith(".")]
        folders = sorted(path for path in found if path.is_dir())
        fits = (path for path in found if path.is_file())
        return folders + sorted(path for path in fits if path.name.endswith(suffix))
    except OSError:
        return []


def _sticks() -> list[Path]:
    roots = (Path(each.rootPath()) for each in QStorageInfo.mountedVolumes())
    usual = ("/media/", "/run/media/", "/mnt/", "/Volumes/")
    return sorted(root for root in roots if str(root).startswith(usual))
