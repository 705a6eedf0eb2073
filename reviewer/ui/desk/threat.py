"""T on the desk: a threat to life, in words of one's own, recorded and written down.

Everything is covered first. Then the form lies over the stage; nothing of the item is
put into it but its reference, to be said on the telephone. What is typed stays with
the item until it is recorded, over Esc and the curtain too. The file is written where
the person chooses; no network is asked. Without a file it stays recorded, and T on the
item offers the file again.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from reviewer.domain.decision import StandingKind
from reviewer.domain.ids import ItemId
from reviewer.domain.orgconfig import OrgConfig
from reviewer.errors import Code
from reviewer.ports import ItemRow
from reviewer.safeguards.reveal import Event
from reviewer.services.exchanging import write_whole
from reviewer.services.flagging import ThreatForm, ThreatRecorded
from reviewer.ui import messages
from reviewer.ui.actions import Act
from reviewer.ui.choice_view import DeskView
from reviewer.ui.desk.context import Context
from reviewer.ui.desk.moving import Moving
from reviewer.ui.desk.part import Group, Handlers, Part
from reviewer.ui.plain import one_line
from reviewer.ui.widgets.bottom_strip import Hint
from reviewer.ui.widgets.file_picker import Wanted
from reviewer.ui.widgets.right_zone import RightView
from reviewer.ui.widgets.threat_form import ThreatSheet
from reviewer.ui.words import flags as words

SUFFIX: Final = ".txt"
_FILE_NAME: Final = "threat.txt"
_OFFICER_CHARACTERS: Final = 400
_REF_CHARACTERS: Final = 40
_COVERS: Final = frozenset({Event.ESC, Event.CURTAIN, Event.LOCK, Event.SLEEP})
_DEAD: Final = frozenset(
    {
        Act.BACK,
        Act.REPEAT,
        Act.SEVERITY,
        Act.HAND_BACK,
        Act.SECOND_OPINION,
        Act.POLICY_UNCLEAR,
        Act.ESCALATE,
        Act.HOLD_LENS,
        Act.HOLD_WHOLE,
        Act.TOGGLE,
        Act.TOGGLE_WHOLE,
        Act.ONE_FRAME,
        Act.CLEARER,
        Act.SAFER,
    }
)
"""Keys that decide or look; they mean nothing while the form is open."""


class Threats(Part):
    """The form, the record and the file."""

    def __init__(self, context: Context, moving: Moving) -> None:
        """Let `moving` go on once the file is written."""
        super().__init__(context)
        self._moving = moving
        self._group = _Form(self)
        self._item_id: ItemId | None = None
        """Whose form is open."""
        self._sheet = ThreatSheet()
        self._sheet.setParent(context.screen)
        self._sheet.hide()
        self._sheet.typed.connect(self._typed)
        self._sheet.go_wanted.connect(self.go)
        self._sheet.close_wanted.connect(self.close)
        self._sheet.hidden.connect(self._hidden)

    def handlers(self) -> Handlers:
        """Return the key."""
        return {Act.THREAT: self._open}

    def shown(self, row: ItemRow) -> None:
        """Close the form of the item before; what was typed stays with it."""
        if self._item_id is not None and self._item_id != row.item.id:
            self._put_off()
        elif self._item_id is not None:
            self.context.light(self._group)

    def event(self, event: Event) -> None:
        """Close with what covers, and lose no word."""
        if event in _COVERS and self._item_id is not None:
            self._sheet.keep_composed()
            self.close()

    def stop(self) -> None:
        """Hold nothing."""
        self._item_id = None
        self._sheet.forget()

    # What the group asks --------------------------------------------------------

    @property
    def is_recorded(self) -> bool:
        """Return whether a threat stands for the item on the stage."""
        kind = self.context.place.row.standing.kind
        return kind is StandingKind.THREAT_TO_LIFE

    def take_focus(self) -> None:
        """Go to the form."""
        self._sheet.take_focus()

    def go(self) -> None:
        """Record what is typed; or write the file, where that is done."""
        item_id = self._item_id
        if item_id is None or self._sheet.is_composing:
            return
        if self.is_recorded:
            self.close()
            self._pick(item_id, goes_on=False)
        elif self.context.may_decide() and not self._sheet.shows_too_long():
            self._record(item_id, self._sheet.form())

    def go_by_key(self) -> None:
        """Do the same by a key, but only from within the form."""
        if self._sheet.has_focus():
            self.go()

    def close(self) -> None:
        """Close the form, and say that what was typed is kept."""
        is_kept = self._sheet.form() != ThreatForm()
        self._put_off()
        self.context.light(None)
        if is_kept:
            self.context.screen.right.say_last(words.THREAT_KEPT)

    # ----------------------------------------------------------------------------

    def _open(self) -> None:
        context = self.context
        row = context.place.row
        if not self.is_recorded and not context.may_decide():
            context.say_why_not()
            return
        if context.screen.right.is_composing:
            return
        context.happened(Event.ESC)
        form = context.kept_fields().threat
        ref = one_line(row.item.ref, limit=_REF_CHARACTERS)
        self._item_id = row.item.id
        self._sheet.begin(ref, form, is_recorded=self.is_recorded)
        self._say_officer(context.opened.config)
        context.submit(context.work.config, self._say_officer)
        context.screen.show_over(self._sheet)
        context.light(self._group)
        self._sheet.take_focus()

    def _say_officer(self, config: OrgConfig) -> None:
        """Show whom to call: at once by the batch's values, then by the newest."""
        line = one_line(config.duty_officer, limit=_OFFICER_CHARACTERS)
        self._sheet.say_officer(line)

    def _typed(self) -> None:
        """Keep every letter with the item, as a draft is kept."""
        if self._item_id == self.context.place.row.item.id:
            self.context.kept_fields().threat = self._sheet.form()

    def _put_off(self) -> None:
        """Take the form away; what it held is with the item's fields."""
        had_focus = self._sheet.has_focus()
        self._item_id = None
        self._sheet.forget()
        screen = self.context.screen
        if screen.over is self._sheet:
            screen.show_over(None)
        if had_focus:
            screen.stage.setFocus()

    def _hidden(self) -> None:
        """Answer that something else lies over the stage now."""
        if self._item_id is not None and self.context.screen.over is not self._sheet:
            self.close()

    def _record(self, item_id: ItemId, form: ThreatForm) -> None:
        context, work = self.context, self.context.work
        if not any(getattr(form, name).strip() for name, _ in words.THREAT_FIELDS):
            context.failed(item_id, Code.THREAT_EMPTY)
            return
        context.screen.right.error.clear()
        context.place.pending.add(item_id)
        self._sheet.set_busy(busy=True)
        context.submit(
            lambda: work.flagging.threat(item_id, form),
            self._recorded,
            item_id=item_id,
            on_failure=lambda: self._not_recorded(item_id),
        )

    def _not_recorded(self, item_id: ItemId) -> None:
        self.context.place.pending.discard(item_id)
        self._sheet.set_busy(busy=False)

    def _recorded(self, recorded: ThreatRecorded) -> None:
        context, row = self.context, recorded.changed.row
        item_id = row.item.id
        context.place.pending.discard(item_id)
        context.exposure.finished(row)
        if item_id in context.fields:
            context.fields[item_id].threat = ThreatForm()
        if self._item_id == item_id:
            self._put_off()
            context.light(None)
        context.took(recorded.changed)
        context.show_words()
        ref = one_line(row.item.ref, limit=_REF_CHARACTERS)
        context.screen.right.say_last(words.unwritten(ref))
        self._pick(item_id, goes_on=True, name=recorded.file.name)

    def _pick(self, item_id: ItemId, *, goes_on: bool, name: str = _FILE_NAME) -> None:
        """Ask where the file goes; nothing but the item's id is kept meanwhile."""
        context, work = self.context, self.context.work

        def write(path: Path) -> str:
            write_whole(path, work.flagging.threat_file(item_id).data)
            return path.name

        def picked(path: Path) -> None:
            context.submit(
                lambda: write(path),
                lambda written: self._written(item_id, written, goes_on=goes_on),
                item_id=item_id,
            )

        context.file_wanted.emit(Wanted(suffix=SUFFIX, save_name=name), picked)

    def _written(self, item_id: ItemId, name: str, *, goes_on: bool) -> None:
        if goes_on and self.context.place.row.item.id == item_id:
            self._moving.go_on()
        line = words.written(one_line(name, limit=_REF_CHARACTERS))
        self.context.screen.right.say_last(line)


class _Form(Group):
    """Ctrl+Enter records; deciding keys are dead."""

    leads_to_hand_back = False
    leads_on = False

    def __init__(self, part: Threats) -> None:
        self._part = part

    @property
    def name(self) -> str:
        """Return what the probe calls it."""
        return "threat"

    def handlers(self) -> Handlers:
        """Return what keys mean meanwhile."""
        return {
            **dict.fromkeys(_DEAD, _nothing),
            Act.COMMIT: self._part.go_by_key,
            Act.THREAT: self._part.take_focus,
        }

    def view(self, desk: DeskView) -> RightView:  # noqa: ARG002 (all is said)
        """Say how to go on and how to leave."""
        is_recorded = self._part.is_recorded
        return RightView(
            title=words.THREAT_TITLE,
            trail=words.THREAT_WRITES if is_recorded else words.THREAT_KEYS,
            options=(),
            primary=messages.COMMIT,
            can_go=False,
            wants="",
            standing=words.THREAT_RECORDED if is_recorded else "",
            can_write=False,
        )

    def hints(self, desk: DeskView) -> tuple[Hint, ...]:  # noqa: ARG002
        """Return its keys."""
        if self._part.is_recorded:
            return (("Ctrl+Enter", "write the file"), ("Esc", "close"))
        return (("Ctrl+Enter", "record"), ("Esc", "close, keep the words"))

    def digit(self, digit: int) -> None:
        """Do nothing."""

    def enter(self) -> None:
        """Do nothing: only Ctrl+Enter from the form records."""


def _nothing() -> None:
    """Mean nothing while the form is open."""
