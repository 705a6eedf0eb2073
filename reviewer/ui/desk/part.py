"""What a part of the review desk is, and a group of digits that it can light.

To add a part, say `desk/stacks.py`:

1. Derive from `Part` and keep the `Context`. Return from `handlers` what each act of
   `ui.actions` does; the key is then in the bottom strip and on the sheet where you
   put it there. An act belongs to one part only.
2. Add one line to `_make_parts` in `desk/desk.py`.
3. Read what you need from the context: `screen`, `work`, `tasks`, `place`, `values`.
   Call services through `context.submit`: the answer is dropped once the batch was
   left, and a failure is told wherever the person is by then. What ends an item goes
   through `Committing.commit`, which shows the next one at once.
4. To give the digits a meaning of your own, make a `Group` and call
   `context.light(group)`; `context.light(None)` gives them back to the verdict.
5. To show more than a group, use `screen.right.show_panel(widget)` above the
   options, or `screen.show_over(widget)` over the stage; None takes either away.
   Nothing of an item may stay there after `event` or `stop`: on Esc, curtain and lock
   take it away yourself.
6. To say what was done, call `screen.right.say_last(words)`; to explain a failure,
   `screen.right.show_error(code)`.

`event` comes after the stage was concealed, `shown` after another item is on it,
concealed, `painted` once that can be seen, `changed` after the vault has confirmed
an act.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from reviewer.safeguards.reveal import Event
from reviewer.services.deciding import Changed
from reviewer.ui.actions import Act
from reviewer.ui.choice_view import DeskView
from reviewer.ui.widgets.bottom_strip import Hint
from reviewer.ui.widgets.right_zone import RightView

if TYPE_CHECKING:
    from reviewer.ports import ItemRow
    from reviewer.ui.desk.context import Context

Handlers = Mapping[Act, Callable[[], None]]


class Part:
    """One topic of the desk; every answer here is to do nothing."""

    def __init__(self, context: Context) -> None:
        """Share what all parts share."""
        self.context = context

    def handlers(self) -> Handlers:
        """Return what each of its keys does when it is pressed."""
        return {}

    def releases(self) -> Handlers:
        """Return what each of its keys does when it is let go."""
        return {}

    def hints(self) -> tuple[Hint, ...]:
        """Return its keys that work now, for the bottom strip."""
        return ()

    def hints_alone(self) -> tuple[Hint, ...]:
        """Return its keys, as they stand on the keyboard, while it takes all others."""
        return ()

    def shown(self, row: ItemRow) -> None:
        """Answer that another item is on the stage, or the same one as it opens."""

    def painted(self, row: ItemRow) -> None:
        """Answer that it is painted: ask workers only now, they take time from it."""

    def event(self, event: Event) -> None:
        """Answer what happens to the window: focus, hiding, Esc, curtain, lock."""

    def acted(self, act: Act) -> None:
        """Answer that a key means something here, before it does it."""

    def changed(self, changed: Changed) -> None:
        """Answer that the vault has confirmed an act."""

    def stop(self) -> None:
        """Let go of everything: the batch is left."""


class Group:
    """What the digits and Enter mean while it is lit; made by a part."""

    leads_to_hand_back = True
    """Whether the bottom strip offers H beside its keys."""

    leads_on = True
    """Whether it names the keys that go on from the item, and those of other parts."""
    is_over_stage = False
    """Whether it covers the stage, so that only its own keys are named."""

    def handlers(self) -> Handlers:
        """Return keys that mean something else while it is lit; few, and said."""
        return {}

    @property
    def name(self) -> str:
        """Return what the probe calls it."""
        raise NotImplementedError

    def view(self, desk: DeskView) -> RightView:
        """Return what the right zone shows."""
        raise NotImplementedError

    def hints(self, desk: DeskView) -> tuple[Hint, ...]:
        """Return its keys, the most useful first."""
        raise NotImplementedError

    def put_out(self) -> None:
        """Answer that another group is lit, or none: what it laid over goes."""

    def digit(self, digit: int) -> None:
        """Take a digit; only called while the item may be decided."""
        raise NotImplementedError

    def enter(self) -> None:
        """Take Enter; only called while the item may be decided."""
