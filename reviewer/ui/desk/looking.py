"""The reveal of one item: asks `safeguards`, feeds the stage, counts what was seen.

Clear pixels are asked for only with a grant in hand and once the ledger on the disk
holds the look (`noting`), and every answer is dropped unless that very grant still
holds. They go from the decoder into the stage and are kept nowhere else.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QImage

from reviewer.domain.ids import MonoMs
from reviewer.domain.item import Kind
from reviewer.domain.rendition import WHOLE_BOX, Aim, Extent, MediaInfo, Step
from reviewer.errors import Code, ReviewerError
from reviewer.ports import Clock, ItemRow
from reviewer.safeguards import basis
from reviewer.safeguards.basis import Looks
from reviewer.safeguards.facts import facts_of
from reviewer.safeguards.grant import Grant
from reviewer.safeguards.limits import Allowed, Refused
from reviewer.safeguards.measures import Measures, measure
from reviewer.safeguards.reveal import Event, Reveal, State, advance, open_item
from reviewer.safeguards.values import Values
from reviewer.ui.desk.asking import Asked, Asking
from reviewer.ui.desk.noting import CHARGE_MS, Noting
from reviewer.ui.facade import Views
from reviewer.ui.pictures import Concealed
from reviewer.ui.prefetch import severity_of
from reviewer.ui.tasks import Tasks
from reviewer.ui.widgets.ladder import Ladder
from reviewer.ui.widgets.stage import Stage, Subject
from reviewer.ui.words import limits as words

_TEXT_LINES: Final = 3
_PICTURES: Final = frozenset({Kind.IMAGE, Kind.CLIP})
_AWAY: Final = frozenset({Event.FOCUS_LOST, Event.HIDDEN})


class Looking(QObject):
    """One for an open batch; `open` for each item in turn."""

    changed = Signal()
    failed = Signal(ReviewerError)
    """A look could not be written down, so nothing of it is shown."""

    def __init__(
        self,
        *,
        stage: Stage,
        ladder: Ladder,
        views: Views,
        tasks: Tasks,
        clock: Clock,
        noting: Noting,
        values: Values,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._stage = stage
        self._ladder = ladder
        self._clock = clock
        self._noting = noting
        self._values = values
        self._row: ItemRow | None = None
        self._reveal: Reveal | None = None
        self._refusal: Refused | None = None
        self._left_ms: int | None = None
        self._info = MediaInfo()
        self._tiles_count = 0
        self._looks = Looks()
        self._page = 0
        self._is_away = False
        self._shown: tuple[Grant, MonoMs] | None = None
        self._asking = Asking(views, tasks, took=self._took, failed=self._failed)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(lambda: self.answer(Event.TICK))
        noting.saved.connect(self._ask)
        noting.failed.connect(self._not_noted)
        stage.lens_changed.connect(self._lens_moved)
        stage.pointer_pressed.connect(lambda: self.answer(Event.POINTER_DOWN))
        stage.pointer_released.connect(lambda: self.answer(Event.POINTER_UP))

    # What the desk asks ---------------------------------------------------------

    @property
    def reveal(self) -> Reveal | None:
        """Return the state of the machine, None for what is not to be seen at all."""
        return self._reveal

    @property
    def is_away(self) -> bool:
        """Return whether the window is hidden or another one has the focus."""
        return self._is_away

    @property
    def refusal(self) -> Refused | None:
        """Return why the item on the stage may not be looked at now, if so."""
        return self._refusal

    @property
    def info(self) -> MediaInfo:
        """Return the plain numbers of the media, empty until they are known."""
        return self._info

    @property
    def looks(self) -> Looks:
        """Return what was seen of the item so far."""
        self._count_time()
        return self._looks

    def open(
        self,
        row: ItemRow,
        concealed: Concealed | None,
        looks: Looks,
        *,
        covered: bool = False,
    ) -> None:
        """Show an item as it opens; nothing of the one before stays.

        `covered` keeps covered what was covered by hand since this was asked for.
        """
        self._leave_item()
        self._row = row
        self._looks = looks
        self._reveal = open_item(
            row.item.id,
            severity=_opens_by(row),
            is_text=row.item.kind is Kind.TEXT,
            values=self._values,
            now=self._clock.mono_ms(),
            after=self._reveal,
        )
        self._note(concealed)
        self._stage.open_item(self._subject(row, self._reveal.measures), concealed)
        if covered:
            self._advance(Event.ESC)
        if self._is_away:
            self._advance(Event.FOCUS_LOST)
        self._look_at_limits()
        self._apply()

    def withhold(
        self, row: ItemRow, looks: Looks, *, said: words.Saying | None = None
    ) -> None:
        """Show a plain cover for an item that is not to be seen at all.

        `said` stands on it; else it says which limit withholds the item.
        """
        self._leave_item()
        self._row = row
        self._looks = looks
        self._reveal = None
        self._note(None)
        self._look_at_limits()
        subject = self._subject(row, measure(severity_of(row), self._values))
        self._stage.open_item(subject, None, withheld=True)
        if said is None:
            self._say_refusal(is_tried=True)
        else:
            self._ladder.show_refusal(said.short)
            self._stage.say_refusal(said)
        self.changed.emit()

    def arrived(self, concealed: Concealed) -> None:
        """Take the concealed picture of this item."""
        self._note(concealed)
        self._stage.set_concealed(concealed)
        self._apply()

    def answer(self, event: Event) -> None:
        """Hand an event to the machine and do what its answer asks."""
        self._is_away = event in _AWAY or (
            self._is_away and event is not Event.FOCUS_GAINED
        )
        if self._reveal is None or self._row is None:
            return
        self._advance(event)
        if event is Event.TICK:
            self._noting.charge()
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

    def toggle(self, event: Event = Event.TOGGLE) -> None:
        """Show without holding; what is covered is uncovered first.

        It conceals by itself; a text stays open until something closes it.
        """
        reveal = self._reveal
        if reveal is None:
            return
        if reveal.state is State.COVERED:
            self.answer(Event.SPACE_DOWN)
            self.answer(Event.SPACE_UP)
        else:
            self.answer(Event.OPEN_TEXT if reveal.is_text else event)

    @property
    def may_skip_sheet(self) -> bool:
        """Return whether the sheet of a clip may give way to a single frame."""
        reveal = self._reveal
        return (
            reveal is not None
            and self._tiles_count > 0
            and not reveal.measures.storyboard_first
        )

    def skip_sheet(self) -> None:
        """Show one frame, concealed, in place of the sheet; the same key goes back."""
        if self.may_skip_sheet:
            self._stage.show_sheet(shown=not self._stage.shows_sheet)

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
        self._leave_item()
        self._timer.stop()
        self._row = None
        self._reveal = None
        self._looks = Looks()
        self._asking.stop()
        self._noting.stop()
        self._stage.empty()

    # The machine ----------------------------------------------------------------

    def _advance(self, event: Event) -> None:
        if self._reveal is None:
            return
        self._look_at_limits()
        self._reveal = advance(
            self._reveal,
            event,
            now=self._clock.mono_ms(),
            may_reveal=self._refusal is None,
        )

    def _look_at_limits(self) -> None:
        if self._row is not None:
            answer = self._noting.may_reveal(self._row)
            self._refusal = answer if isinstance(answer, Refused) else None
            self._left_ms = answer.left_ms if isinstance(answer, Allowed) else None

    def _leave_item(self) -> None:
        self._count_time()
        self._noting.end()
        self._asking.forget()
        self._shown = None
        self._page = 0

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
            self._asking.forget()
        self._stage.set_reveal(reveal.state, reveal.pending)
        self._write_down(reveal)
        self._prepare(reveal)
        self._show_ladder(reveal)
        self._say_refusal(is_tried=reveal.is_refused)
        self._ask()
        self._wait(reveal)
        self.changed.emit()

    def _write_down(self, reveal: Reveal) -> None:
        """Note in the ledger what may become a look, is one, or is over."""
        row = self._row
        if row is None or not _counts(reveal):
            return
        if reveal.grant is not None:
            if self._may_become(row):
                self._noting.begin(row)
        elif reveal.pending is not None and self._may_become(row):
            self._noting.intend(row)
        else:
            self._noting.end()

    def _may_become(self, row: ItemRow) -> bool:
        """Return whether a key that is down can show anything of this item."""
        has_pixels = row.item.kind is not Kind.UNSUPPORTED
        return self._refusal is None and has_pixels and not self._stage.refused_code

    def _show_ladder(self, reveal: Reveal) -> None:
        shown = {
            State.COVERED: None,
            State.CONCEALED: Step.CONCEALED,
            State.SHOWN: reveal.step,
        }[reveal.state]
        self._ladder.show_steps(
            next_step=reveal.step, shown=shown, is_text=reveal.is_text
        )

    def _say_refusal(self, *, is_tried: bool) -> None:
        """Say why nothing is shown: on the ladder at once, on the stage if tried."""
        said = None
        is_free = self._reveal is not None and not _counts(self._reveal)
        if self._refusal is not None and (is_tried or not is_free):
            said = words.refusal(self._refusal, now=self._noting.now())
        self._ladder.show_refusal("" if said is None else said.short)
        self._stage.say_refusal(said if is_tried else None)

    def _prepare(self, reveal: Reveal) -> None:
        """From key-down on, let the child get the look ready, wherever the lens is."""
        row = self._row
        if reveal.pending is None or reveal.grant is not None or row is None:
            return
        if row.item.kind not in _PICTURES or not self._stage.is_painted:
            return
        if self._refusal is None:
            self._asking.prepare(row.item, self._aim(reveal.step, reveal.pending))

    def _wait(self, reveal: Reveal) -> None:
        """Come back when the reveal, a cap of seconds, or the ledger asks for it."""
        now = self._clock.mono_ms()
        waits = [] if reveal.deadline is None else [max(0, reveal.deadline - now)]
        if reveal.grant is not None and _counts(reveal):
            waits.append(CHARGE_MS)
            if self._left_ms is not None:
                waits.append(max(0, self._left_ms))
        if waits:
            self._timer.start(min(waits))
        else:
            self._timer.stop()

    # Clear pixels ---------------------------------------------------------------

    def _lens_moved(self) -> None:
        if self._reveal is not None:
            self._prepare(self._reveal)
            self._ask()

    def _ask(self) -> None:
        """Ask for what the grant allows, once the look is written down."""
        reveal, row = self._reveal, self._row
        if reveal is None or row is None or reveal.grant is None:
            return
        if not self._stage.is_painted or row.item.kind is Kind.UNSUPPORTED:
            return
        if _counts(reveal) and not self._noting.is_noted(row):
            return
        self._asking.ask(row, self._question(reveal.grant))

    def _question(self, grant: Grant) -> Asked:
        aim = self._aim(grant.step, grant.extent)
        return Asked(grant=grant, aim=aim, page=self._page, tile=self._stage.tile)

    def _aim(self, step: Step, extent: Extent) -> Aim:
        """Return what of the item to ask for, now or ahead."""
        is_lens = extent is Extent.LENS
        size = self._stage.lens_size() if is_lens else self._stage.view().size()
        size *= self._stage.devicePixelRatioF()
        at_ms = 0
        if self._tiles_count:
            at_ms = self._info.duration_ms * self._stage.tile // self._tiles_count
        return Aim(
            step=step,
            box=self._stage.lens_box() if is_lens else WHOLE_BOX,
            width_px=size.width(),
            height_px=size.height(),
            at_ms=at_ms,
        )

    def _took(self, row: ItemRow, asked: Asked, answer: QImage | str) -> None:
        reveal = self._reveal
        if reveal is None or reveal.grant != asked.grant:
            return
        if isinstance(answer, str):
            pages = max(1, self._info.pages_count)
            self._stage.show_text(answer, page=asked.page, pages_count=pages)
        else:
            self._stage.show_clear(answer, asked.grant.extent, asked.aim.box)
        self._saw(row, asked)

    def _failed(self, _row: ItemRow, error: ReviewerError) -> None:
        if error.code is Code.REVEAL_REFUSED:
            self._stage.conceal_now()
        else:
            self._stage.refuse(error.code)
        self.changed.emit()

    def _not_noted(self, error: ReviewerError) -> None:
        """Show nothing of a look that could not be written down; say why."""
        self._noting.end()
        if self._reveal is not None and self._reveal.grant is not None:
            self._reveal = advance(
                self._reveal,
                Event.TICK,
                now=self._clock.mono_ms(),
                may_reveal=False,
            )
            self._apply()
        self.failed.emit(error)

    # What was seen --------------------------------------------------------------

    def _note(self, concealed: Concealed | None) -> None:
        self._info = MediaInfo() if concealed is None else concealed.info
        self._tiles_count = 0 if concealed is None else len(concealed.tiles)

    def _subject(self, row: ItemRow, measures: Measures) -> Subject:
        return Subject(
            kind=row.item.kind,
            measures=measures,
            lens_permille=self._values.lens_permille,
            lens_least_px=self._values.lens_least_px,
        )

    def _saw(self, row: ItemRow, asked: Asked) -> None:
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

    @property
    def page(self) -> int:
        """Return which page of a text one is on, from 0."""
        return self._page

    def turn_to(self, page: int) -> None:
        """Turn to a page of a text; it shows if the text is open."""
        self._turn_page(page - self._page)

    def _turn_page(self, by: int) -> None:
        wanted = self._page + by
        if by and 0 <= wanted < self._info.pages_count:
            self._page = wanted
            self._ask()


def _opens_by(row: ItemRow) -> int | None:
    """Return the severity by which an item opens.

    A text that opens readable is no look, so it goes by what the limits count: no
    rating of one's own opens what they would have counted.
    """
    if row.item.kind is Kind.TEXT:
        return facts_of(row.item, own=row.own_severity).severity
    return severity_of(row)


def _counts(reveal: Reveal) -> bool:
    """Return whether a look at this is one for the ledger: not text read freely."""
    return not reveal.opens_readable


def _is_safer(grant: Grant, before: Grant) -> bool:
    """Return whether a grant allows less than the one before: what is up must go."""
    narrower = before.extent is Extent.WHOLE and grant.extent is Extent.LENS
    return narrower or grant.step < before.step
