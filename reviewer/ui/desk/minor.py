"""*Minor possible* on the desk: C puts all away at once, and a second C seals.

The first C covers, drops every picture and text, ends the decoders, and has the mark
journalled. Then the item is on hold: nothing but U, the second C, ten seconds, the
curtain, the lock or the end of the window leads on from it. J, the page keys, digits,
Enter, search and the way home do nothing meanwhile: a person in a hurry must neither
lose sight of it by a slip nor confirm a seal with a key that means something else.
Leaving the batch in any other way seals what is marked.

Where the vault could not write the mark, the item stays covered here and nothing is
held; C tries again. The same holds where it could not write the seal: the lock seals.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace
from typing import Final

import msgspec
from PySide6.QtCore import QTimer

from reviewer.domain.decision import LOCKED_AWAY, StandingKind
from reviewer.domain.ids import ItemId, MonoMs, Sha256Hex
from reviewer.errors import ReviewerError
from reviewer.ports import ItemRow
from reviewer.safeguards.reveal import Event
from reviewer.services.deciding import Changed
from reviewer.ui import bindings, messages
from reviewer.ui.actions import Act
from reviewer.ui.choice_view import DeskView, standing_words
from reviewer.ui.desk.committing import Committing
from reviewer.ui.desk.context import Context
from reviewer.ui.desk.part import Group, Handlers, Part
from reviewer.ui.plain import one_line
from reviewer.ui.widgets.bottom_strip import Hint
from reviewer.ui.widgets.right_zone import RightView
from reviewer.ui.words import flags as words
from reviewer.ui.words.limits import Saying

SEALS_AFTER_MS: Final = 10_000  # review-loop.md, *Keys*
_LOOK_MS: Final = 250
_SECOND_MS: Final = 1_000
_REF_CHARACTERS: Final = 40
_FREE: Final = frozenset({Act.NEXT_ZONE})
"""Acts of the desk that work while an item is on hold; the shell has its own."""


class _How(enum.Enum):
    """How far it went with an item."""

    HELD = "held"
    SEALING = "sealing"
    UNSEALED = "unsealed"
    """It is marked, and the vault could not write the seal."""
    UNRECORDED = "unrecorded"
    """The vault could not write the mark."""


@dataclass(slots=True)
class _Put:
    """An item that is put away."""

    sha256: Sha256Hex
    how: _How = _How.HELD
    is_written: bool = False
    """The mark is in the journal; what the vault says of it from then on counts."""
    is_leaving: bool = False
    """U was pressed, and the vault has not answered: nothing seals it until then."""


class Minor(Part):
    """C, and U before the seal."""

    def __init__(self, context: Context, committing: Committing) -> None:
        """Let `committing` record the seal, and have the first word at U."""
        super().__init__(context)
        self._committing = committing
        self._put: dict[ItemId, _Put] = {}
        self._until: MonoMs | None = None
        self._marked = _Marked(self)
        self._timer = QTimer(context)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self._look_at_clock)
        context.put_away = self.plate
        context.place.veil = self._veil
        committing.first = self.take_back
        for row in tuple(context.place.rows):
            if row.standing.kind is StandingKind.MARKED:  # its seal failed before
                self._put[row.item.id] = _Put(
                    row.item.sha256, _How.UNSEALED, is_written=True
                )
                context.place.put(row)

    def handlers(self) -> Handlers:
        """Return the key."""
        return {Act.MINOR: self._press}

    def shown(self, row: ItemRow) -> None:
        """Say how it is with an item that is put away, and give its keys meaning."""
        put = self._put.get(row.item.id)
        self.context.is_held = put is not None and put.how is _How.HELD
        if put is None:
            self._timer.stop()
        else:
            self.context.light(self._marked)
        if put is None and row.standing.kind is StandingKind.SEALED:
            self.context.light(_SEALED)

    def event(self, event: Event) -> None:
        """Look at the clock; whatever covers changes nothing here."""
        if event is Event.TICK:
            self._look_at_clock()

    def changed(self, changed: Changed) -> None:
        """Go by what the vault says: marked, sealed, or taken back."""
        here = self.context.place.row.item.id
        for row in (changed.row, *changed.also):
            item_id, kind = row.item.id, row.standing.kind
            put = self._put.get(item_id)
            if kind is StandingKind.MARKED and put is not None:
                put.is_written = True
            elif kind is StandingKind.SEALED:
                self._put.pop(item_id, None)
                if item_id == here:
                    self.context.show(self.context.place.index, covered=True)
            elif put is not None and put.is_written:
                del self._put[item_id]
                self.context.place.put(row)

    def stop(self) -> None:
        """Leave nothing marked behind, whichever way the batch is left."""
        self._timer.stop()
        put, self._put = self._put, {}
        if not put:
            return
        context, item_id = self.context, next(iter(put))

        def failed(error: ReviewerError) -> None:
            context.tell_lost(item_id, None, error.code)

        context.tasks.submit(
            context.work.sealing.finish_marked, on_success=_ignore, on_failure=failed
        )

    # What the group and the context ask -----------------------------------------

    def plate(self, row: ItemRow) -> Saying | None:
        """Return what stands in place of an item, None where it may be shown.

        What has the same bytes as a marked item is put away with it.
        """
        put = self._put.get(row.item.id)
        is_pending = row.item.id in self.context.place.pending
        if put is not None and put.how is _How.SEALING and not is_pending:
            put.how = _How.UNSEALED  # it came back
        if put is not None:
            return words.plate(words.MARK_TITLE, *self.lines(put.how))
        if row.standing.kind is StandingKind.SEALED:
            return words.plate(words.SEALED_TITLE, words.SEALED_LINE)
        if any(row.item.sha256 == one.sha256 for one in self._put.values()):
            return words.plate(words.MARK_TITLE, words.COPY_LINE)
        return None

    def lines(self, how: _How) -> tuple[str, ...]:
        """Return what is said of an item that is put away."""
        keys = (_key(Act.MINOR), _key(Act.UNDO))
        if how is _How.HELD:
            return (words.mark_line(*keys), words.seals_in(self._seconds_left()))
        if how is _How.UNSEALED:
            return (words.mark_line(*keys), words.mark_failed(keys[0]))
        if how is _How.UNRECORDED:
            return (words.mark_unrecorded(keys[0]),)
        return ()

    @property
    def how(self) -> _How | None:
        """Return how far it went with the item on the stage."""
        put = self._put.get(self.context.place.row.item.id)
        return None if put is None else put.how

    def seal(self) -> None:
        """Seal the item on the stage and what has the same bytes; the next one comes.

        The mark is asked for once more, which changes nothing where it is written.
        """
        context, work = self.context, self.context.work
        row = context.place.row
        item_id = row.item.id
        if self._put[item_id].is_leaving:
            return
        self._until = None
        self._timer.stop()
        context.is_held = False
        self._put[item_id].how = _How.SEALING

        def act() -> Changed:
            work.sealing.mark(item_id)
            return work.sealing.seal(item_id)

        self._committing.commit(
            row,
            act,
            words.SEALED,
            along=self._copies(row),
            line=words.sealed(one_line(row.item.ref, limit=_REF_CHARACTERS)),
        )

    def take_back(self) -> bool:
        """Take the mark on the stage back; return whether there is one.

        U takes back nothing else before that.
        """
        context, how = self.context, self.how
        if how is None:
            return False
        if how in {_How.UNRECORDED, _How.SEALING}:
            return True
        item_id = context.place.row.item.id
        if self._put[item_id].is_leaving:
            return True
        self._put[item_id].is_leaving = True
        self._until = None
        self._timer.stop()
        work = context.work
        context.submit(
            lambda: work.sealing.unmark(item_id),
            self._taken_back,
            item_id=item_id,
            on_failure=lambda: self._not_written(item_id, _How.UNSEALED),
        )
        return True

    # ----------------------------------------------------------------------------

    def _press(self) -> None:
        """C on an item that is not marked: away with everything, then the journal."""
        context = self.context
        row = context.place.row
        if row.standing.kind in LOCKED_AWAY:
            context.say_why_not()
            return
        context.happened(Event.ESC)
        context.kept_fields()
        context.prefetch.drop()
        self._hold(row)
        standing = msgspec.structs.replace(row.standing, kind=StandingKind.MARKED)
        context.place.put(replace(row, standing=standing))
        context.show(context.place.index, keep_fields=False, covered=True)
        context.screen.stage.setFocus()
        context.screen.right.say_last("")  # U means another act now
        context.tasks.end(context.work.viewing.cover)
        self._mark(row)

    def _mark(self, row: ItemRow) -> None:
        context, work, item_id = self.context, self.context.work, row.item.id
        context.submit(
            lambda: work.sealing.mark(item_id),
            self._is_marked,
            item_id=item_id,
            on_failure=lambda: self._not_marked(row),
        )

    def again(self) -> None:
        """C once more, where the vault could not write the mark or the seal."""
        if self.how is _How.UNSEALED:
            self.seal()
            return
        row = self.context.place.row
        self._hold(row)
        self.context.show(self.context.place.index, covered=True)
        self._mark(row)

    def _hold(self, row: ItemRow) -> _Put:
        put = self._put.setdefault(row.item.id, _Put(row.item.sha256))
        put.how = _How.HELD
        self._until = MonoMs(self.context.clock.mono_ms() + SEALS_AFTER_MS)
        self.context.is_held = True
        self._timer.start()
        return put

    def _is_marked(self, changed: Changed) -> None:
        """End what a decoder may have begun between the key and the mark."""
        views, item_id = self.context.work.viewing, changed.row.item.id
        self.context.took(changed)
        self.context.tasks.end(lambda: views.release(item_id))

    def _not_marked(self, row: ItemRow) -> None:
        """Keep it covered, and hold nothing that is not in the journal."""
        self.context.place.put(row)
        self._not_written(row.item.id, _How.UNRECORDED)

    def _not_written(self, item_id: ItemId, how: _How) -> None:
        put = self._put.get(item_id)
        if put is None:
            return
        put.how = how
        put.is_leaving = False
        if self.context.place.row.item.id == item_id:
            self._until = None
            self._timer.stop()
            self.context.show(self.context.place.index, covered=True)

    def _taken_back(self, changed: Changed) -> None:
        context, item = self.context, changed.row.item
        context.took(changed)
        at = context.place.index_of(item.id)
        if at is not None:
            here = context.place.row.item.id
            context.show(at, keep_fields=here != item.id, covered=True)
        ref = one_line(item.ref, limit=_REF_CHARACTERS)
        context.screen.right.say_last(f"{ref}: {words.TAKEN_BACK}")

    def _look_at_clock(self) -> None:
        """Seal once the time is over; say how much is left of it."""
        if self._until is None:
            return
        if self.context.clock.mono_ms() >= self._until:
            self.seal()
            return
        plate = self.plate(self.context.place.row)
        self.context.screen.stage.say_refusal(plate)
        self.context.show_choices()

    def _seconds_left(self) -> int:
        if self._until is None:
            return 0
        left_ms = self._until - self.context.clock.mono_ms()
        return max(1, -(-left_ms // _SECOND_MS))

    def _copies(self, row: ItemRow) -> tuple[ItemId, ...]:
        """Return what has the same bytes in this batch: it is sealed along."""
        return tuple(
            other.item.id
            for other in self.context.place.same_bytes(row)
            if other.item.id != row.item.id
            and other.standing.kind is not StandingKind.SEALED
        )

    def _veil(self, row: ItemRow) -> ItemRow:
        """Return a row as the desk may hold it."""
        is_put = row.item.id in self._put or row.standing.kind is StandingKind.MARKED
        return _without_texts(row) if is_put else row


class _Marked(Group):
    """The second C, and U; every other key that leads on does nothing on hold."""

    leads_to_hand_back = False
    leads_on = False

    def __init__(self, part: Minor) -> None:
        self._part = part

    @property
    def name(self) -> str:
        """Return what the probe calls it."""
        return "minor"

    def handlers(self) -> Handlers:
        """Return what each key means meanwhile."""
        if self._part.how is not _How.HELD:
            return {Act.MINOR: self._part.again}
        return {
            **{act: _nothing for act in Act if act not in _FREE},
            Act.MINOR: self._part.seal,
            Act.UNDO: lambda: _done(done=self._part.take_back()),
        }

    def view(self, desk: DeskView) -> RightView:
        """Say what seals and what takes it back, and how long there is for it."""
        how = self._part.how
        return RightView(
            title=words.MARK_TITLE,
            trail=" ".join(() if how is None else self._part.lines(how)),
            options=(),
            primary=messages.COMMIT,
            can_go=False,
            wants=words.MARK_ANYWHERE if how is _How.HELD else "",
            standing=messages.COMMITTING if desk.is_pending else "",
            can_write=False,
        )

    def hints(self, desk: DeskView) -> tuple[Hint, ...]:
        """Return both keys."""
        if desk.is_pending:
            return ()
        if self._part.how is _How.UNRECORDED:
            return (("C", "try again"),)
        return (("C", "seal"), ("U", "take it back"))

    def digit(self, digit: int) -> None:
        """Do nothing."""

    def enter(self) -> None:
        """Do nothing: Enter never confirms a seal."""


class _Sealed(Group):
    """Nothing is asked of an item that is sealed."""

    leads_to_hand_back = False

    @property
    def name(self) -> str:
        """Return what the probe calls it."""
        return "sealed"

    def view(self, desk: DeskView) -> RightView:
        """Say that it is sealed, and whether that was sent."""
        return RightView(
            title=words.SEALED_TITLE,
            trail=words.SEALED_LINE,
            options=(),
            primary=messages.COMMIT,
            can_go=False,
            wants="",
            standing=standing_words(desk.standing, desk.pack),
            can_write=False,
        )

    def hints(self, desk: DeskView) -> tuple[Hint, ...]:  # noqa: ARG002 (none)
        """Return none of its own."""
        return ()

    def digit(self, digit: int) -> None:
        """Do nothing."""

    def enter(self) -> None:
        """Do nothing."""


_SEALED: Final = _Sealed()


def _without_texts(row: ItemRow) -> ItemRow:
    """Return a row without anything that can be read of the item itself."""
    item = row.item
    flag = item.flag
    bare = msgspec.structs.replace(
        item,
        text=None,
        transcript=None,
        translation=None,
        context=msgspec.structs.replace(item.context, caption=None),
        flag=None if flag is None else msgspec.structs.replace(flag, reason=None),
    )
    return replace(row, item=bare)


def _key(act: Act) -> str:
    return next(iter(bindings.current().labels(act)), "")


def _nothing() -> None:
    """Mean nothing while an item is on hold."""


def _done(*, done: bool) -> None:
    """Take the answer of a handler that has one."""
    del done


def _ignore(_value: object) -> None:
    """Nothing is left to do."""
