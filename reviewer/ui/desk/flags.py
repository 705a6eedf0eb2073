"""Acts against helplessness on the desk: S, G, E, T, and the way to send them soon.

One key each, while all is covered, at caps and on what is opted out: none of them
asks for a look, a rating or a reason. A note that is written goes along.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from reviewer.domain.decision import StandingKind
from reviewer.domain.ids import ItemId
from reviewer.services.deciding import Changed
from reviewer.ui.actions import Act
from reviewer.ui.desk.committing import Committing
from reviewer.ui.desk.context import Context
from reviewer.ui.desk.part import Handlers, Part
from reviewer.ui.widgets.submit_offer import SubmitOffer
from reviewer.ui.words import flags as words

Flag = Callable[[ItemId, str | None], Changed]

_URGENT: Final = frozenset(
    {
        StandingKind.SECOND_OPINION,
        StandingKind.ESCALATED,
        StandingKind.THREAT_TO_LIFE,
    }
)
"""Others should learn of these soon."""


class Flags(Part):
    """Second opinion, policy unclear, escalation."""

    def __init__(self, context: Context, committing: Committing) -> None:
        """Let `committing` record them."""
        super().__init__(context)
        self._committing = committing
        self._offered: ItemId | None = None
        self._offer = SubmitOffer()
        self._offer.setParent(context.screen)
        self._offer.hide()
        self._offer.wanted.connect(self._submit)

    def handlers(self) -> Handlers:
        """Return their keys, and the one that leads to the submit screen."""
        return {
            Act.SECOND_OPINION: self._second_opinion,
            Act.POLICY_UNCLEAR: self._policy_unclear,
            Act.ESCALATE: self._escalate,
            Act.SUBMIT: self._submit,
        }

    def changed(self, changed: Changed) -> None:
        """Offer to submit now, until the act is taken back or another one follows."""
        item_id, kind = changed.row.item.id, changed.row.standing.kind
        if kind in _URGENT:
            self._offered = item_id
            self._offer.say_key()
            self.context.screen.right.show_offer(self._offer)
        elif item_id == self._offered or kind is not StandingKind.OPEN:
            self._offered = None
            self.context.screen.right.show_offer(None)

    # ----------------------------------------------------------------------------

    def _submit(self) -> None:
        if not self.context.is_held:
            self.context.submit_wanted.emit()

    def _second_opinion(self) -> None:
        flagging = self.context.work.flagging
        self._flag(
            lambda item_id, note: flagging.second_opinion(item_id, note=note),
            words.SECOND_OPINION,
        )

    def _policy_unclear(self) -> None:
        flagging = self.context.work.flagging
        self._flag(
            lambda item_id, note: flagging.policy_unclear(item_id, note=note),
            words.POLICY_UNCLEAR,
        )

    def _escalate(self) -> None:
        flagging = self.context.work.flagging
        self._flag(
            lambda item_id, note: flagging.escalate(item_id, note=note),
            words.ESCALATED,
        )

    def _flag(self, flag: Flag, said: str) -> None:
        """Commit at once, like a decision; the next item comes."""
        context = self.context
        if not context.may_decide():
            context.say_why_not()
            return
        row = context.place.row
        note = context.kept_fields().note or None
        self._committing.commit(row, lambda: flag(row.item.id, note), said)
