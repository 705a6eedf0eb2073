"""What the zones say, from rows and drafts alone."""

from __future__ import annotations

import msgspec
import pytest

from reviewer.domain.decision import (
    Basis,
    Decision,
    Outcome,
    Standing,
    StandingKind,
)
from reviewer.domain.ids import UtcTime
from reviewer.domain.item import (
    Context,
    Flag,
    FlaggedBy,
    Item,
    KnownMatch,
    Priority,
)
from reviewer.ports import ItemRow
from reviewer.services import drafting
from reviewer.services.policies import default_policy
from reviewer.ui import messages
from reviewer.ui.choice_view import (
    DeskView,
    draft_hints,
    draft_view,
    hand_back_view,
    moving_hints,
    severity_hints,
    standing_words,
)
from reviewer.ui.item_view import left_view
from reviewer.ui.place import Place
from reviewer.ui.widgets.left_zone import LeftView
from tests.fakes.entries import batch_id, new_item

PACK = default_policy()
OPEN = Standing(item_id=new_item(1).id, kind=StandingKind.OPEN)


def row(
    item: Item,
    *,
    position: int = 0,
    own: int | None = None,
    verdict: str | None = None,
    outcome: Outcome = Outcome.DECIDED,
    keep: bool = False,
    sent: bool = False,
) -> ItemRow:
    decision = None
    if verdict is not None:
        decision = Decision(verdict=verdict, basis=Basis.CONTEXT_ONLY, outcome=outcome)
    return ItemRow(
        batch_id=batch_id(1),
        position=position,
        item=item,
        opened=False,
        own_severity=own,
        standing=Standing(
            item_id=item.id,
            kind=StandingKind.OPEN if decision is None else StandingKind.DECIDED,
            decision=decision,
            keep=keep,
            sent=sent,
        ),
    )


def desk(**changes: object) -> DeskView:
    values: dict[str, object] = {
        "draft": drafting.start(),
        "pack": PACK,
        "standing": OPEN,
        "has_note": False,
        "can_write": True,
        "is_pending": False,
        "can_show": True,
    }
    return DeskView(**{**values, **changes})  # type: ignore[arg-type]


def test_missing_context_is_said_and_not_hidden() -> None:
    """An item without a source says so."""
    item = msgspec.structs.replace(new_item(1), context=Context(), languages=())
    facts = {name: value for name, value, _ in view(item).facts}
    assert facts["Source"] == facts["Time"] == facts["Language"] == "not known"


def test_context_is_shown_in_words() -> None:
    """Who flagged, in role; times with their zone; the deadline in its own role."""
    item = msgspec.structs.replace(
        new_item(1),
        flag=Flag(by=FlaggedBy.TRUSTED_FLAGGER, reason="because"),
        deadline=UtcTime("2026-11-22T17:00:00Z"),
        priority=Priority.P1,
        context=Context(
            source="a board", captured_at="2026-11-20T09:14:00Z", account="an account"
        ),
    )
    shown = view(item)
    assert ("Flagged by", "a trusted flagger", "") in shown.facts
    assert ("Deadline", "22 Nov 2026, 17:00 UTC", "deadline") in shown.facts
    assert ("Time", "20 Nov 2026, 09:14 UTC", "") in shown.facts
    assert ("Account", "an account", "") in shown.facts
    assert ("Priority", "P1", "") in shown.facts
    assert ("Why it was flagged", "because") in shown.texts


def test_severity_says_who_rated() -> None:
    """As dealt, assumed by the packer, or corrected by the reviewer."""
    item = new_item(1)
    assert view(item).severity == "2, moderate"
    unrated = msgspec.structs.replace(item, severity=None)
    assert view(unrated).severity == "unrated"
    assumed = msgspec.structs.replace(unrated, assumed_severity=3)
    assert view(assumed).severity == "3, strong (assumed)"
    own = row(item, own=5)
    assert left_view(own, [own], PACK).severity == "5, extreme (by you)"


def test_the_same_content_is_named_by_reference() -> None:
    """A decided copy names its verdict; an open one says that it is open."""
    first = new_item(1)
    copy = msgspec.structs.replace(new_item(2), sha256=first.sha256)
    decided = row(copy, position=1, verdict="NOT_VIOLATING")
    mine = row(first)
    shown = left_view(mine, [mine, decided], PACK)
    assert shown.matches == (
        f"Same content as {copy.ref}: Not violating, decided by you",
    )
    shown = left_view(mine, [mine, row(copy, position=1)], PACK)
    assert shown.matches == (f"Same content as {copy.ref}, still open",)


@pytest.mark.parametrize(
    ("match", "words"),
    [
        (
            KnownMatch(source="A list", signal="sha256", human_checked=True),
            "A list: listed (sha256, checked by a person)",
        ),
        (
            KnownMatch(source="A list", signal="pdq", verdict="propaganda", distance=4),
            "A list: listed as propaganda (pdq, not checked by a person)",
        ),
    ],
)
def test_a_known_match_says_how_far_it_can_be_relied_on(
    match: KnownMatch, words: str
) -> None:
    """Whether a person checked the list is part of the sentence."""
    item = msgspec.structs.replace(new_item(1), known_matches=(match,))
    assert view(item).matches == (words,)


@pytest.mark.parametrize(
    ("outcome", "sent", "words"),
    [
        (Outcome.DECIDED, False, "Violates. Decided, not yet sent"),
        (Outcome.PROPOSED, False, "Violates. Proposed, goes to a second reviewer, "),
        (Outcome.SECOND_REVIEW, True, "Violates. Decided, goes to a second reviewer, "),
    ],
)
def test_a_standing_says_what_it_means(
    outcome: Outcome, *, sent: bool, words: str
) -> None:
    """Less basis than asked for is a proposal, and the screen says so."""
    it = row(new_item(1), verdict="VIOLATES", outcome=outcome, sent=sent)
    assert standing_words(it.standing, PACK).startswith(words)
    end = "sent. Deciding again sends a correction" if sent else "not yet sent"
    assert standing_words(it.standing, PACK).endswith(end)


def test_what_was_handed_back_says_so() -> None:
    """Handed back, and whether that has left."""
    standing = msgspec.structs.replace(OPEN, kind=StandingKind.HANDED_BACK)
    assert standing_words(standing, PACK) == "Handed back, not yet sent"


def test_groups_come_from_the_pack_alone() -> None:
    """Every label on the right is one of the pack's."""
    shown = draft_view(desk())
    assert [one.label for one in shown.options] == [one.label for one in PACK.verdicts]
    shown = hand_back_view(desk())
    labels = [one.label for one in PACK.hand_back_reasons]
    assert [one.label for one in shown.options] == labels


def test_only_keys_that_work_are_named() -> None:
    """Read-only, on its way, cannot be shown: their keys are not on the strip."""
    keys = [key for key, _ in draft_hints(desk())]
    assert keys[0] == "1–5"
    assert ("H", "hand back") in moving_hints(desk(), hands_back=True)
    assert "H" not in dict(moving_hints(desk(), hands_back=False))
    assert "H" not in dict(moving_hints(desk(can_write=False), hands_back=True))
    assert not draft_hints(desk(can_write=False))
    assert not draft_hints(desk(is_pending=True))
    assert ("V", "leave it") in severity_hints(desk())


def test_what_is_open_is_found_from_here_on_and_round() -> None:
    """Decided and pending items are passed over."""
    rows = (
        row(new_item(1)),
        row(new_item(2), position=1, keep=True),
        row(new_item(3), position=2, verdict="NOT_VIOLATING"),
        row(new_item(4), position=3),
    )
    place = Place(rows, 0)
    assert tuple(place.open_from_here()) == (1, 3, 0)
    place.pending.add(rows[3].item.id)
    assert tuple(place.open_from_here()) == (1, 0)
    place.put(row(new_item(1), verdict="NOT_VIOLATING"))
    assert place.open_count() == 1
    place.pending.add(rows[1].item.id)
    assert tuple(place.open_from_here()) == ()
    assert place.open_count() == 0
    place.pending.clear()
    assert place.open_count() == 2


@pytest.mark.parametrize(
    ("got", "words"),
    [
        (messages.days_left(-1), "past its last day"),
        (messages.days_left(0), "ends today"),
        (messages.days_left(1), "1 day left"),
        (messages.size(999), "999 bytes"),
        (messages.size(1_500_000), "2 MB"),
        (messages.size(4_200_000_000), "4.2 GB"),
        (messages.left_over(20), "less than a minute left"),
        (messages.left_over(70), "about a minute left"),
        (messages.left_over(240), "about 4 minutes left"),
        (messages.duration(61_400), "1:01 min"),
        (messages.moment("yesterday"), "yesterday"),
        (messages.mix((0, 2, 0, 0, 0, 1, 3)), "2 at 1, 1 at 5, 3 unrated"),
        (messages.languages(()), "language not known"),
        (messages.fetched(2, 1), "2 new batches, 1 refused"),
        (messages.imported("A", 1, already=True), "A was already here"),
        (messages.journal(0, 0, read_only=False), "nothing signed yet"),
        (messages.undecided(0), "none left open"),
    ],
)
def test_numbers_are_told_in_words(got: str, words: str) -> None:
    """Counts, sizes, times and deadlines, each with its unit."""
    assert got == words


def view(item: Item) -> LeftView:
    it = row(item)
    return left_view(it, [it], PACK)
