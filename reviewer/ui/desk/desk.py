"""The review desk: composes its parts and gives each key to the one it belongs to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QObject, Signal

from reviewer.domain.ids import BatchId, ItemId
from reviewer.ports import Clock, ItemRow
from reviewer.safeguards.reveal import Event
from reviewer.services.journaling import JournalState
from reviewer.services.session import OpenBatch
from reviewer.ui.actions import Act
from reviewer.ui.desk.committing import Committing
from reviewer.ui.desk.context import Context, Given
from reviewer.ui.desk.deciding import Deciding
from reviewer.ui.desk.finding import Finding
from reviewer.ui.desk.flags import Flags
from reviewer.ui.desk.grouping import Grouping
from reviewer.ui.desk.handing_back import HandingBack
from reviewer.ui.desk.looking import Looking
from reviewer.ui.desk.looks import LOOKING, Looks
from reviewer.ui.desk.minor import Minor
from reviewer.ui.desk.moving import Moving
from reviewer.ui.desk.palette import ActsByName
from reviewer.ui.desk.part import Handlers
from reviewer.ui.desk.passages import Passages
from reviewer.ui.desk.quietly import Quietly
from reviewer.ui.desk.rating import Rating
from reviewer.ui.desk.stacks import Stacks
from reviewer.ui.desk.threat import Threats
from reviewer.ui.facade import Views, Work
from reviewer.ui.fields import Fields, Lost
from reviewer.ui.keys import Stroke
from reviewer.ui.place import Place
from reviewer.ui.tasks import Tasks
from reviewer.ui.widgets.review_screen import ReviewScreen


class ReviewDesk(QObject):
    """One for an open batch."""

    left = Signal()
    submit_wanted = Signal()
    asked = Signal(object)
    """A stroke for the whole window."""
    hand_over_wanted = Signal()
    """Only what the person opted out of is left."""
    file_wanted = Signal(object, object)
    """A `Wanted` and what takes the path."""

    def __init__(
        self,
        *,
        screen: ReviewScreen,
        work: Work,
        opened: OpenBatch,
        journal: JournalState,
        tasks: Tasks,
        clock: Clock,
        fields: dict[ItemId, Fields],
        lost: Lost,
        offered: set[ItemId],
        answered_late: Callable[[Sequence[ItemRow]], None],
        parent: QObject,
    ) -> None:
        """Compose the parts; `begin` shows the first item."""
        super().__init__(parent)
        given = Given(
            screen=screen,
            work=work,
            opened=opened,
            journal=journal,
            tasks=tasks,
            clock=clock,
            fields=fields,
            lost=lost,
            offered=offered,
            answered_late=answered_late,
        )
        self.context = context = Context(given, self)
        context.left.connect(self.left)
        context.submit_wanted.connect(self.submit_wanted)
        context.asked.connect(self.asked)
        context.hand_over_wanted.connect(self.hand_over_wanted)
        context.file_wanted.connect(self.file_wanted)
        self._make_parts()
        self._presses = _joined(part.handlers() for part in context.parts)
        self._releases = _joined(part.releases() for part in context.parts)

    def _make_parts(self) -> None:
        """Make every part; a new one is one line here (see `desk.part`)."""
        context = self.context
        moving = Moving(context)
        committing = Committing(context, moving)
        grouping = Grouping(context)
        stacks = Stacks(context, committing=committing, grouping=grouping)
        deciding = Deciding(context, committing, stacks)
        context.compose(
            (
                Looks(context),
                deciding,
                committing,
                moving,
                grouping,
                stacks,
                HandingBack(context, committing),
                Flags(context, committing),
                Minor(context, committing),
                Threats(context, moving),
                Rating(context),
                Passages(context),
                Quietly(context),
                Finding(context),
                ActsByName(context),
            ),
            home=deciding.group,
        )

    # What the shell asks --------------------------------------------------------

    def begin(self) -> None:
        """Show the item that the batch was left at."""
        self.context.begin()

    def fields(self) -> dict[ItemId, Fields]:
        """Return what was set and not yet committed, to come back to it."""
        self.context.kept_fields()
        return dict(self.context.fields)

    def stop(self) -> None:
        """Leave the batch; nothing of an item stays."""
        self.context.stop()

    def event_happened(self, event: Event) -> None:
        """Answer what happens to the window: focus, hiding, Esc, curtain, lock."""
        self.context.happened(event)

    def on_input(self) -> None:
        """Count an input on this screen towards the next break."""
        self.context.on_input()

    def press(self, stroke: Stroke) -> bool:
        """Do what a key asks; return whether it meant anything here."""
        context = self.context
        act = stroke.act
        own = context.lit.handlers().get(act)
        if own is None and act is not Act.DIGIT and act not in self._presses:
            return False
        if act not in LOOKING:
            context.looking.answer(Event.KEY)
        for part in context.parts:
            part.acted(act)
        if own is not None:
            own()
        elif act is Act.DIGIT:
            context.digit(stroke.digit)
        else:
            self._presses[act]()
        return True

    def release(self, stroke: Stroke) -> None:
        """End what a held key began."""
        if stroke.act in self._releases:
            self._releases[stroke.act]()

    # What the probe reads -------------------------------------------------------

    @property
    def batch_id(self) -> BatchId:
        """Return which batch is open."""
        return self.context.batch_id

    @property
    def place(self) -> Place:
        """Return the rows and the position."""
        return self.context.place

    @property
    def looking(self) -> Looking:
        """Return the reveal."""
        return self.context.looking

    @property
    def lit(self) -> str:
        """Return which group the digits go to."""
        return self.context.lit.name

    @property
    def viewing(self) -> Views:
        """Return the views of the batch's items."""
        return self.context.work.viewing

    @property
    def is_looking_around(self) -> bool:
        """Return whether neighbours are still to be asked for."""
        return self.context.is_looking_around

    @property
    def is_committing(self) -> bool:
        """Return whether a commit has yet to be confirmed."""
        return bool(self.context.place.pending)


def _joined(parts: Iterable[Handlers]) -> dict[Act, Callable[[], None]]:
    """Return all handlers as one table; an act belongs to one part."""
    joined: dict[Act, Callable[[], None]] = {}
    for handlers in parts:
        twice = joined.keys() & handlers.keys()
        if twice:
            raise AssertionError(
                f"two parts claim {sorted(act.value for act in twice)}"
            )
        joined.update(handlers)
    return joined
