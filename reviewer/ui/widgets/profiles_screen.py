"""Who works now: the profiles of a shared laptop, by the word each person chose."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QLineEdit, QStackedLayout, QWidget

from reviewer.errors import Code
from reviewer.ports import KnownProfile
from reviewer.ui import messages, tokens
from reviewer.ui.building import button, centred, column, label, scrolled
from reviewer.ui.icons import Icon
from reviewer.ui.plain import one_line
from reviewer.ui.styling import give_role
from reviewer.ui.widgets.error_panel import ErrorPanel
from reviewer.ui.widgets.mark import Mark
from reviewer.ui.widgets.way_tile import WayTile
from reviewer.ui.words import day as words

_MOST_CHARACTERS = 24


class ProfilesScreen(QFrame):
    """A tile for each, and one for somebody new."""

    chosen = Signal(object)
    """A `KnownProfile`."""
    added = Signal(str)
    """A word for a new one."""

    def __init__(self, known: tuple[KnownProfile, ...]) -> None:
        super().__init__()
        self.setObjectName("profilesScreen")
        give_role(self, "screen")
        self.error = ErrorPanel("profilesError")
        self._alias = QLineEdit()
        self._pages = QStackedLayout(self)
        self._pages.setContentsMargins(0, 0, 0, 0)
        for page in (self._list(known), self._new()):
            area = scrolled(centred(page, tokens.FORM_WIDE_PX), "profilesArea")
            self._pages.addWidget(area)

    def start(self) -> None:
        """Begin at the first profile."""
        self._pages.setCurrentIndex(0)
        self._first.setFocus()

    def show_error(self, code: Code) -> None:
        """Say why the word was not taken."""
        if code is Code.INPUT_INVALID:
            self.error.show_words(words.ALIAS_WRONG)
        else:
            self.error.show_code(code)
        self._alias.setFocus()

    def _list(self, known: tuple[KnownProfile, ...]) -> QWidget:
        page = QWidget()
        inner = column(space=tokens.SPACE_12, parent=page)
        inner.addWidget(Mark(Icon.PERSON))
        inner.addWidget(label(words.WHO, "display"))
        inner.addWidget(label(words.WHO_LINE, "muted"))
        inner.addSpacing(tokens.SPACE_12)
        tiles = [self._tile(index, one) for index, one in enumerate(known)]
        new = WayTile("profileNew", Icon.KEY, words.PROFILE_NEW, words.PROFILE_NEW_LINE)
        new.clicked.connect(self._show_new)
        self._first = tiles[0] if tiles else new
        for tile in (*tiles, new):
            inner.addWidget(tile)
        return page

    def _tile(self, index: int, one: KnownProfile) -> WayTile:
        name = one_line(one.alias, limit=_MOST_CHARACTERS) or words.PROFILE_UNNAMED
        state = messages.UNLOCK if one.is_set_up else words.PROFILE_EMPTY
        tile = WayTile(f"profile{index}", Icon.LOCK, name, state)
        tile.clicked.connect(lambda _checked=False: self.chosen.emit(one))
        return tile

    def _new(self) -> QWidget:
        page = QWidget()
        inner = column(space=tokens.SPACE_12, parent=page)
        inner.addWidget(
            button(
                messages.BACK, "profilesBack", self.start, role="back", icon=Icon.BACK
            )
        )
        inner.addWidget(label(words.PROFILE_NEW, "display"))
        inner.addWidget(label(words.ALIAS_LINE, "muted"))
        inner.addWidget(label(words.ALIAS, "strong"))
        self._alias.setObjectName("profilesAlias")
        self._alias.setAccessibleName(words.ALIAS)
        self._alias.setMaxLength(_MOST_CHARACTERS)
        self._alias.returnPressed.connect(self._add)
        inner.addWidget(self._alias)
        inner.addWidget(self.error)
        inner.addWidget(button(words.ALIAS_GO, "profilesGo", self._add, role="primary"))
        return page

    def _show_new(self) -> None:
        self.error.clear()
        self._pages.setCurrentIndex(1)
        self._alias.setFocus()

    def _add(self) -> None:
        if self._alias.text().strip():
            self.error.clear()
            self.added.emit(self._alias.text())
