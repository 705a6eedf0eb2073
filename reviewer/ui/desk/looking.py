"""The reveal of one item: asks `safeguards`, feeds the stage, counts what was seen.

Clear pixels are asked for only with a grant in hand, and every answer is dropped
unless that very grant still holds. They go from the decoder into the stage and are
kept nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QObject, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QImage

from reviewer.domain.ids import ItemId, MonoMs
from reviewer.domain.item import Kind
from reviewer.domain.rendition import WHOLE_BOX, Box, Extent, MediaInfo, Step
from reviewer.errors import Code, ReviewerError
from reviewer.ports import Clock, ItemRow
from reviewer.safeguards import basis
from reviewer.safeguards.basis import Looks
from reviewer.safeguards.grant import Grant
from reviewer.safeguards.reveal import Event, Reveal, State, advance, open_item
from reviewer.safeguards.values import Values
from reviewer.ui.facade import Views
from reviewer.ui.pictures import Concealed, image_of
from reviewer.ui.prefetch import severity_of
from reviewer.ui.rest import Rest
from reviewer.ui.tasks import Tasks, Urgency
from reviewer.ui.widgets.ladder import Ladder
from reviewer.ui.widgets.stage import Stage, Subject

_TEXT_LINES: Final = 3
_PICTURES: Final = frozenset({Kind.IMAGE, Kind.CLIP})


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question to a decoder under a grant."""

    grant: Grant
    box: Box
    size: QSize
    at_ms: int
    page: int
    tile: int


class Looking(QObject):
    """One for an open batch; `open` for each item in turn."""

    changed = Signal()

    def __init__(
        self,
        *,
        stage: Stage,
        ladder: Ladder,
        views: Views,
        tasks: Tasks,
        clock: Clock,
        rest: Rest,
        values: Values,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._stage = stage
        self._ladder = ladder
        self._views = views
        self._tasks = tasks
        self._clock = clock
        self._rest = rest
        self._values = values
        self._row: ItemRow | None = None
        self._reveal: Reveal | None = None
        self._info = MediaInfo()
        self._tiles_count = 0
        self._looks = Looks()
        self._page = 0
        self._asked: Asked | None = None
        self._answered: Asked | None = None
        self._prepared: ItemId | None = None
        self._under_way = False
        self._shown: tuple[Grant, MonoMs] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(lambda: self.answer(Event.TICK))
        stage.lens_changed.connect(self._ask)
        stage.pointer_pressed.connect(lambda: self.answer(Event.POINTER_DOWN))
        stage.pointer_released.connect(lambda: self.answer(Event.POINTER_UP))

    # What the desk asks ---------------------------------------------------------

    @property
    def reveal(self) -> Reveal | None:
        """Return the state of the machine, for hints and the probe."""
        return self._reveal

    @property
    def info(self) -> MediaInfo:
        """Return the plain numbers of the media, empty until they are known."""
        return self._info

    @property
    def looks(self) -> Looks:
        """Return what was seen of the item so far."""
        self._count_time()
        return self._looks

    def open(self, row: ItemRow, concealed: Concealed | None, looks: Looks) -> None:
        """Show an item as it opens; nothing of the one before stays."""
        self._count_time()
        self._shown = None
        self._asked = None
        self._row = row
        self._looks = looks
        self._page = 0
        self._prepared = None
        self._reveal = open_item(
            row.item.id,
            severity=severity_of(row),
            is_text=row.item.kind is Kind.TEXT,
            values=self._values,
            now=self._clock.mono_ms(),
            after=self._reveal,
        )
        subject = Subject(
            kind=row.item.kind,
            measures=self._reveal.measures,
            lens_permille=self._values.lens_permille,
            lens_least_px=self._values.lens_least_px,
        )
        self._note(concealed)
        self._stage.open_item(subject, concealed)
        self._apply()

    def arrived(self, concealed: Concealed) -> None:
        """Take the concealed picture of this item."""
        self._note(concealed)
        self._stage.set_concealed(concealed)
        self._apply()

    def answer(self, event: Event) -> None:
        """Hand an event to the machine and do what its answer asks."""
        if self._reveal is None:
            return
        self._reveal = advance(
            self._reveal,
            event,
            now=self._clock.mono_ms(),
            may_reveal=self._rest.may_reveal(self._values),
        )
        self._apply()

    def climb(self, event: Event) -> None:
        """D and X: a step of the ladder; for a text, open and close it."""
        reveal = self._reveal
        if reveal is None:
            return
        opens = reveal.is_text and reveal.state is State.CONCEALED
        if opens and event is Event.CLEARER:
            self.answer(Event.OPEN_TEXT)
        else:
            self.answer(event)

    def toggle(self) -> None:
        """Show without holding; a text stays open until something closes it."""
        is_text = self._reveal is not None and self._reveal.is_text
        self.answer(Event.OPEN_TEXT if is_text else Event.TOGGLE)

    def move(self, x: int, y: int) -> None:
        """Arrow keys: the lens while it is up, else the frame, the page, the text."""
        reveal = self._reveal
        if reveal is None:
            return
        if reveal.is_text:
            self._turn_page(x)
            self._stage.scroll_text(y * _TEXT_LINES)
        elif Extent.LENS in {reveal.extent, reveal.pending}:
            self._stage.move_lens(QPoint(x, y))
        elif self._tiles_count and self._stage.choose_tile(x + y * 4):
            self._ask()

    def magnify(self, steps: int) -> None:
        """Make the lens stronger or weaker."""
        self._stage.magnify(steps)

    def stop(self) -> None:
        """Forget the item: curtain, lock, leaving the batch."""
        self._timer.stop()
        self._row = None
        self._reveal = None
        self._asked = None
        self._shown = None
        self._looks = Looks()
        self._stage.empty()

    # ----------------------------------------------------------------------------

    def _note(self, concealed: Concealed | None) -> None:
        self._info = MediaInfo() if concealed is None else concealed.info
        self._tiles_count = 0 if concealed is None else len(concealed.tiles)

    def _apply(self) -> None:
        reveal = self._reveal
        if reveal is None:
            return
        grant = reveal.grant
        if self._shown is not None and self._shown[0] != grant:
            self._count_time()
            if grant is not None and _is_safer(grant, self._shown[0]):
                self._stage.conceal_now()
            self._shown = None
        if grant is None:
            self._asked = None
        self._prepare(reveal)
        self._stage.set_reveal(reveal.state, reveal.pending)
        shown = {
            State.COVERED: None,
            State.CONCEALED: Step.CONCEALED,
            State.SHOWN: reveal.step,
        }[reveal.state]
        self._ladder.show_steps(
            next_step=reveal.step, shown=shown, is_text=reveal.is_text
        )
        self._ask()
        self._wait(reveal)
        self.changed.emit()

    def _prepare(self, reveal: Reveal) -> None:
        """At key-down, let the child decode: the intent time is not lost."""
        row, views = self._row, self._views
        if reveal.pending is None or row is None or self._prepared == row.item.id:
            return
        if row.item.kind not in _PICTURES or not self._stage.is_painted:
            return
        self._prepared = row.item.id
        item = row.item
        self._tasks.decode(
            lambda: views.prepare(item),
            urgency=Urgency.NOW,
            on_success=_ignore,
            on_failure=_ignore,
        )

    def _wait(self, reveal: Reveal) -> None:
        if reveal.deadline is None:
            self._timer.stop()
        else:
            left = max(0, reveal.deadline - self._clock.mono_ms())
            self._timer.start(left)

    def _ask(self) -> None:
        """Ask for what the grant allows, one question at a time."""
        reveal, row = self._reveal, self._row
        if reveal is None or row is None or reveal.grant is None:
            return
        if not self._stage.is_painted or row.item.kind is Kind.UNSUPPORTED:
            return
        asked = self._question(reveal.grant)
        if asked == self._asked:
            return
        self._asked = asked
        if not self._under_way:
            self._send(row, asked)

    def _question(self, grant: Grant) -> Asked:
        is_lens = grant.extent is Extent.LENS
        size = self._stage.lens_size() if is_lens else self._stage.view().size()
        box = self._stage.lens_box() if is_lens else WHOLE_BOX
        at_ms = 0
        if self._tiles_count:
            at_ms = self._info.duration_ms * self._stage.tile // self._tiles_count
        return Asked(
            grant=grant,
            box=box,
            size=size * self._stage.devicePixelRatioF(),
            at_ms=at_ms,
            page=self._page,
            tile=self._stage.tile,
        )

    def _send(self, row: ItemRow, asked: Asked) -> None:
        self._under_way = True
        views = self._views

        def work() -> QImage | str:
            if row.item.kind is Kind.TEXT:
                return views.text(row.item, asked.grant, page=asked.page)
            rendition = views.clear(
                row.item,
                asked.grant,
                box=asked.box,
                width_px=asked.size.width(),
                height_px=asked.size.height(),
                at_ms=asked.at_ms,
            )
            return image_of(rendition)

        self._tasks.decode(
            work,
            urgency=Urgency.NOW,
            on_success=lambda answer: self._took(row, asked, answer),
            on_failure=lambda error: self._failed(row, error),
        )

    def _took(self, row: ItemRow, asked: Asked, answer: QImage | str) -> None:
        self._under_way = False
        reveal = self._reveal
        if reveal is None or reveal.grant != asked.grant or self._row != row:
            self._resend()
            return
        if isinstance(answer, str):
            pages = max(1, self._info.pages_count)
            self._stage.show_text(answer, page=asked.page, pages_count=pages)
        else:
            self._stage.show_clear(answer, asked.grant.extent, asked.box)
        self._saw(row, asked)
        self._resend()

    def _failed(self, row: ItemRow, error: ReviewerError) -> None:
        self._under_way = False
        if self._row == row and self._reveal is not None and self._reveal.grant:
            self._asked = None
            if error.code is Code.REVEAL_REFUSED:
                self._stage.conceal_now()
            else:
                self._stage.refuse(error.code)
            self.changed.emit()
        else:
            self._resend()

    def _resend(self) -> None:
        """Send the question that came up meanwhile, if its grant still holds."""
        asked, row, reveal = self._asked, self._row, self._reveal
        if asked is None or row is None or reveal is None:
            return
        if reveal.grant == asked.grant and self._answered != asked:
            self._send(row, asked)

    def _saw(self, row: ItemRow, asked: Asked) -> None:
        self._answered = asked
        if self._shown is None:
            self._shown = (asked.grant, self._clock.mono_ms())
        match row.item.kind:
            case Kind.TEXT:
                self._looks = basis.saw_page(
                    self._looks,
                    page=asked.page,
                    pages_count=max(1, self._info.pages_count),
                )
            case Kind.CLIP | Kind.IMAGE if self._tiles_count:
                self._looks = basis.saw_frame(
                    self._looks,
                    asked.grant,
                    frame=asked.tile,
                    # Of the item, not of its sheet: twelve tiles are a part of it.
                    frames_count=max(self._tiles_count, self._info.frames_count),
                )
            case _:
                self._looks = basis.saw_picture(self._looks, asked.grant, shown_ms=0)

    def _count_time(self) -> None:
        """Add the time since the clear picture was painted, or since last counted."""
        if self._shown is None or self._row is None:
            return
        grant, since = self._shown
        now = self._clock.mono_ms()
        if self._row.item.kind is Kind.IMAGE:
            self._looks = basis.saw_picture(self._looks, grant, shown_ms=now - since)
        self._shown = (grant, now)

    def _turn_page(self, by: int) -> None:
        wanted = self._page + by
        if by and 0 <= wanted < self._info.pages_count:
            self._page = wanted
            self._ask()


def _is_safer(grant: Grant, before: Grant) -> bool:
    """Return whether a grant allows less than the one before: what is up must go."""
    narrower = before.extent is Extent.WHOLE and grant.extent is Extent.LENS
    return narrower or grant.step < before.step


def _ignore(_value: object) -> None:
    """A failure shows at the look itself."""
