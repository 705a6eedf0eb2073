"""What the right zone and the bottom strip say. Pure: a draft in, words out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from reviewer.domain.decision import LOCKED_AWAY, Outcome, Standing, StandingKind
from reviewer.domain.policy import PolicyPack
from reviewer.safeguards.reveal import Reveal, State
from reviewer.services import drafting
from reviewer.services.drafting import Draft, Group, Lack
from reviewer.ui import messages
from reviewer.ui.widgets.bottom_strip import Hint
from reviewer.ui.widgets.right_zone import Option, RightView
from reviewer.ui.words import flags


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskView:
    """What the person is at, for the right zone."""

    draft: Draft
    pack: PolicyPack
    standing: Standing
    has_note: bool
    can_write: bool
    is_pending: bool
    """A commit of this item has not been confirmed yet."""
    can_show: bool
    """The media can be shown; what was refused has nothing to reveal."""


_TITLES = {
    Group.VERDICT: messages.VERDICT_GROUP,
    Group.GROUNDS: messages.GROUNDS_GROUP,
    Group.PURPOSE: messages.PURPOSE_GROUP,
    Group.REASON: messages.REASON_GROUP,
    Group.READY: messages.READY_GROUP,
}


def standing_words(standing: Standing, pack: PolicyPack) -> str:
    """Return how an item stands; empty while it is open."""
    sent = messages.SENT if standing.sent else messages.NOT_SENT
    if standing.kind is StandingKind.HANDED_BACK:
        return f"{messages.HANDED_BACK}, {sent}"
    decision = standing.decision
    labels = {verdict.code: verdict.label for verdict in pack.verdicts}
    if standing.kind in flags.STANDINGS:
        said = f"{flags.STANDINGS[standing.kind]}, {sent}"
        if decision is None or standing.kind in LOCKED_AWAY:
            return said
        return f"{said}. {flags.stands(labels.get(decision.verdict, ''))}"
    if standing.kind is StandingKind.OPEN or decision is None:
        return ""
    how = {
        Outcome.DECIDED: messages.DECIDED,
        Outcome.PROPOSED: messages.PROPOSED,
        Outcome.SECOND_REVIEW: messages.SECOND_REVIEW,
    }[decision.outcome]
    verdict = labels.get(decision.verdict, decision.verdict)
    said = f"{verdict}. {how}, {sent}"
    return f"{said}. {flags.CORRECTION_LINE}" if standing.sent else said


def draft_view(desk: DeskView) -> RightView:
    """Return what the right zone shows of a draft."""
    draft, pack = desk.draft, desk.pack
    lack = drafting.lack(draft, pack, has_note=desk.has_note)
    wants = "" if lack is None else messages.LACKS[lack.value]
    title = _TITLES[draft.group]
    trail = drafting.speak(draft, pack)
    if draft.group is Group.REASON:
        title = messages.reason_title(_lit_ground(draft, pack))
    is_last = draft.group is Group.READY
    return RightView(
        title=title,
        trail=trail,
        options=tuple(
            Option(
                digit=one.digit, label=one.label, help=one.help, chosen=one.is_chosen
            )
            for one in drafting.choices(draft, pack)
        ),
        primary=f"{messages.COMMIT if is_last else messages.GO_ON}  Enter",
        can_go=lack is None and not desk.is_pending,
        wants=wants if lack is Lack.NOTE else "",
        standing=messages.COMMITTING
        if desk.is_pending
        else standing_words(desk.standing, pack),
        can_write=desk.can_write and not desk.is_pending,
    )


def hand_back_view(desk: DeskView) -> RightView:
    """Return the reasons for handing back."""
    return RightView(
        title=messages.HAND_BACK_TITLE,
        trail=messages.HAND_BACK_LINE,
        options=tuple(
            Option(digit=one.digit, label=one.label, help="", chosen=False)
            for one in desk.pack.hand_back_reasons
        ),
        primary=f"{messages.HAND_BACK}  Enter",
        can_go=True,
        wants="",
        standing="",
        can_write=desk.can_write and not desk.is_pending,
    )


def severity_view(desk: DeskView) -> RightView:
    """Return the severities, in words."""
    return RightView(
        title=messages.SEVERITY_GROUP,
        trail=messages.SEVERITY_LINE,
        options=tuple(
            Option(digit=value, label=words.capitalize(), help="", chosen=False)
            for value, words in enumerate(messages.SEVERITY_WORDS)
        ),
        primary=messages.GO_ON,
        can_go=False,
        wants="",
        standing="",
        can_write=desk.can_write,
    )


def _lit_ground(draft: Draft, pack: PolicyPack) -> str:
    code = draft.grounds[len(draft.reasons)]
    return next(row.label for row in pack.grounds if row.code == code)


def severity_hints(desk: DeskView) -> tuple[Hint, ...]:
    """Return the keys that work while a severity is asked for."""
    if not _can_decide(desk):
        return ()
    return (("0–5", "choose"), ("V", "leave it"))


def hand_back_hints(desk: DeskView) -> tuple[Hint, ...]:
    """Return the keys that work while a reason for handing back is asked for."""
    if not _can_decide(desk):
        return ()
    digits = _digits(one.digit for one in desk.pack.hand_back_reasons)
    reasons = ((digits, "with a reason"),) if digits else ()
    return (("Enter", "hand back"), *reasons, ("H", "not now"))


def draft_hints(desk: DeskView) -> tuple[Hint, ...]:
    """Return the keys that work on a draft, the most useful first."""
    if not _can_decide(desk):
        return ()
    options = drafting.choices(desk.draft, desk.pack)
    result: list[Hint] = []
    if options:
        result.append((_digits(one.digit for one in options), "choose"))
    if drafting.lack(desk.draft, desk.pack, has_note=desk.has_note) is None:
        last = desk.draft.group is Group.READY
        result.append(("Enter", "commit" if last else "go on"))
    if desk.draft.group is not Group.VERDICT:
        result.append(("Backspace", "one back"))
    return tuple(result)


def _digits(digits: Iterable[int]) -> str:
    """Return a range of digits as one key cap."""
    row = sorted(digits)
    if len(row) < 2:
        return "".join(str(digit) for digit in row)
    return f"{row[0]}–{row[-1]}"


def looking_hints(reveal: Reveal | None, *, may_look: bool) -> tuple[Hint, ...]:
    """Return the keys that show and cover now; none that would be refused."""
    if reveal is None:
        return ()
    if reveal.state is State.COVERED:
        return (("Space", "uncover"),)
    if reveal.state is State.SHOWN:
        steps: tuple[Hint, ...] = (("D", "clearer"), ("X", "safer"))
        if reveal.is_text:
            steps = (("X", "close"),)
        return (*steps, ("Esc", "cover"))
    if not may_look:
        return (("Esc", "cover"),)
    if reveal.is_text:
        return (("Space", "hold to read"), ("D", "open"), ("Esc", "cover"))
    return (
        ("Space", "hold: lens"),
        ("F", "hold: whole"),
        ("D", "clearer"),
        ("X", "safer"),
    )


def moving_hints(desk: DeskView, *, hands_back: bool) -> tuple[Hint, ...]:
    """Return the keys that lead on; to handing back unless that is lit already."""
    always = (("J", "next open"), ("U", "undo"), ("F1", "all keys"))
    if not desk.can_write or not hands_back:
        return always
    return (("H", "hand back"), *always)


def _can_decide(desk: DeskView) -> bool:
    return desk.can_write and not desk.is_pending
