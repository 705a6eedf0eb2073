"""A verdict is confirmed once for each context, and ticked only where it is safe."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.domain.decision import Basis, Outcome
from reviewer.domain.ids import ItemId, Sha256Hex
from reviewer.domain.item import Context, Item
from reviewer.matching.stacks import Copy, Likeness
from reviewer.safeguards.basis import Looks
from reviewer.services.confirming import (
    Confirmation,
    Hint,
    confirm,
    is_news,
    leave,
    rulings,
    speak,
    toggle,
)
from reviewer.services.drafting import Complete
from reviewer.services.policies import default_policy
from tests.fakes.entries import new_item

PACK = default_policy()
SEEN = Looks(any_view=True)
KEEP = Complete(verdict="NOT_VIOLATING")
PROTECTED = Complete(verdict="PROTECTED", purpose=PACK.purposes[1].code)
EXACT, NEAR = Likeness.EXACT, Likeness.NEAR
HERE = Context(source="Channel A", caption="one caption", account="@a")
SAME_BYTES, OTHER_BYTES = Sha256Hex("aa" * 32), Sha256Hex("bb" * 32)


def removal(purpose: int = 0) -> Complete:
    ground = PACK.grounds[0]
    return Complete(
        verdict="VIOLATES",
        grounds=(ground.code,),
        purpose=PACK.purposes[purpose].code,
        reasons=(ground.reasons[0].code,),
    )


def item(
    number: int,
    context: Context = HERE,
    *,
    tags: tuple[str, ...] = (),
    sha256: Sha256Hex = OTHER_BYTES,
) -> Item:
    return msgspec.structs.replace(
        new_item(number),
        context=context,
        tags=tags,
        sha256=sha256,
    )


SUBJECT = item(0, sha256=SAME_BYTES)
Pair = tuple[Item, Copy]


def a_copy(
    number: int,
    likeness: Likeness = EXACT,
    context: Context = HERE,
    *,
    tags: tuple[str, ...] = (),
) -> Pair:
    sha256 = SAME_BYTES if likeness is EXACT else OTHER_BYTES
    one = item(number, context, tags=tags, sha256=sha256)
    bits = 0 if likeness is EXACT else 9
    return one, Copy(item_id=one.id, likeness=likeness, distance_bits=bits)


def elsewhere(source: str | None = "Channel B", account: str = "@b") -> Context:
    return Context(source=source, caption="another", account=account)


def hint(
    complete: Complete, *pairs: Pair, subject: Item = SUBJECT
) -> tuple[Hint | None, bool]:
    (group,) = confirm(subject, pairs, complete, PACK).groups
    assert group.is_ticked == (group.hint is None)
    return group.hint, group.is_here


def test_one_line_for_each_context() -> None:
    """By source, caption and account; the item's own first, the rest as they came."""
    same_source = Context(source="Channel A", caption="one caption", account="@c")
    other_words = Context(source="Channel A", caption="other words", account="@a")
    copies = [
        a_copy(1, context=elsewhere()),
        a_copy(2, context=same_source),
        a_copy(3, NEAR, context=elsewhere()),
        a_copy(4),
        a_copy(5, context=other_words),
    ]
    groups = confirm(SUBJECT, copies, KEEP, PACK).groups
    numbers = [[int(m.item_id, 16) for m in group.members] for group in groups]
    assert numbers == [[4], [1, 3], [2], [5]]
    assert [group.is_here for group in groups] == [True, False, False, False]


def test_exact_copies_are_ticked_for_removal() -> None:
    """The same bytes elsewhere, from no news source."""
    assert hint(removal(), a_copy(1)) == (None, True)
    assert hint(removal(), a_copy(1, context=elsewhere())) == (None, False)


def test_a_near_copy_with_another_source_is_never_ticked_for_removal() -> None:
    """A news clip may show the same picture; an unknown source is another one."""
    assert hint(removal(), a_copy(1, NEAR, elsewhere()))[0] is Hint.OTHER_SOURCE
    assert hint(removal(), a_copy(1, NEAR, elsewhere(None)))[0] is Hint.OTHER_SOURCE
    unknown = item(0, Context(), sha256=SAME_BYTES)
    near = a_copy(1, NEAR, Context())
    assert hint(removal(), near, subject=unknown)[0] is Hint.OTHER_SOURCE
    assert hint(KEEP, a_copy(1, NEAR, elsewhere()))[0] is None


def test_one_near_copy_unticks_its_whole_context() -> None:
    """The strictest member speaks for the line."""
    exact, near = a_copy(1, EXACT, elsewhere()), a_copy(2, NEAR, elsewhere())
    assert hint(removal(), exact, near)[0] is Hint.OTHER_SOURCE


def test_a_near_copy_of_the_same_source_is_ticked() -> None:
    """Another account of the same channel."""
    near = a_copy(1, NEAR, elsewhere("Channel A"))
    assert hint(removal(), near) == (None, False)


@pytest.mark.parametrize("complete", [KEEP, removal(), removal(1), PROTECTED])
@pytest.mark.parametrize("likeness", [EXACT, NEAR])
def test_a_news_copy_is_never_ticked(complete: Complete, likeness: Likeness) -> None:
    """By tag or by source, exact or near, here or elsewhere, whatever the verdict."""
    by_tag = a_copy(1, likeness, tags=("flag", "News"))
    by_source = a_copy(2, likeness, elsewhere("Sample news site"))
    assert hint(complete, by_tag)[0] is Hint.NEWS
    assert hint(complete, by_source)[0] is Hint.NEWS


@pytest.mark.parametrize("complete", [removal(1), PROTECTED])
def test_a_protected_purpose_belongs_to_its_context(complete: Complete) -> None:
    """What protects one publication does not protect another."""
    assert hint(complete, a_copy(1, context=elsewhere()))[0] is Hint.OTHER_CONTEXT
    assert hint(complete, a_copy(1))[0] is None


def test_a_verdict_on_news_stays_with_the_news() -> None:
    """Not violating there says nothing about a channel that spreads it."""
    news = item(0, elsewhere("Morning press"), sha256=SAME_BYTES)
    assert hint(KEEP, a_copy(1), subject=news)[0] is Hint.OTHER_CONTEXT


def test_words_that_only_sound_like_news() -> None:
    """Whole words count, in any case and beside any sign."""
    assert is_news(item(1, tags=("citizen-journalism",)))
    assert is_news(item(1, Context(source="NEWS/24")))
    assert not is_news(item(1, Context(source="Newsome's expressway")))
    assert not is_news(item(1, Context(), tags=()))


def test_toggle_and_leave_are_their_own_opposites() -> None:
    """Twice is as before; what does not exist changes nothing."""
    made = confirm(SUBJECT, [a_copy(1), a_copy(2, NEAR, elsewhere())], KEEP, PACK)
    one = made.groups[0].members[0].item_id
    assert toggle(toggle(made, 1), 1) == made
    assert leave(leave(made, one), one) == made
    assert toggle(made, 9) == leave(made, ItemId("f" * 32)) == made
    assert leave(made, one).taken_out == (one,)
    assert one not in leave(made, one).chosen


def test_an_unticked_context_is_left_as_it_is() -> None:
    """Neither decided nor taken out: its members stay copies, and open."""
    made = confirm(SUBJECT, [a_copy(1), a_copy(2, NEAR, elsewhere())], removal(), PACK)
    assert len(made.chosen) == 1
    assert made.taken_out == ()
    assert made.contexts_count == 1
    assert toggle(made, 1).contexts_count == 2


def ruled(
    made: Confirmation,
    *pairs: Pair,
    looks: dict[ItemId, Looks] | None = None,
    viewed: tuple[Sha256Hex, ...] = (),
    subject: Item = SUBJECT,
) -> list[tuple[Basis, Outcome]]:
    items = {one.id: one for one in (subject, *(item for item, _ in pairs))}
    given = rulings(made, items, PACK, looks=looks or {}, viewed=viewed)
    assert [one.item_id for one in given] == [made.subject, *made.chosen]
    return [(one.basis, one.outcome) for one in given]


def test_an_exact_copy_of_what_was_seen_stands_on_the_match() -> None:
    """And a near copy on its context: a removal of it is only proposed."""
    pairs = [a_copy(1), a_copy(2, NEAR)]
    made = confirm(SUBJECT, pairs, removal(), PACK)
    assert ruled(made, *pairs, looks={SUBJECT.id: SEEN}) == [
        (Basis.PARTIAL_VIEW, Outcome.DECIDED),
        (Basis.HASH_MATCH, Outcome.DECIDED),
        (Basis.CONTEXT_ONLY, Outcome.PROPOSED),
    ]


def test_a_copy_of_what_nobody_saw_stands_on_its_context() -> None:
    """A match with something decided unseen is no basis at all."""
    pairs = [a_copy(1)]
    made = confirm(SUBJECT, pairs, removal(), PACK)
    assert ruled(made, *pairs) == [(Basis.CONTEXT_ONLY, Outcome.PROPOSED)] * 2
    kept = confirm(SUBJECT, pairs, KEEP, PACK)
    assert ruled(kept, *pairs) == [(Basis.CONTEXT_ONLY, Outcome.DECIDED)] * 2


def test_a_look_at_a_copy_counts_for_that_copy() -> None:
    """Basis is what happened to each item."""
    pairs = [a_copy(1), a_copy(2, NEAR)]
    near = pairs[1][0]
    made = confirm(SUBJECT, pairs, removal(), PACK)
    found = ruled(made, *pairs, looks={near.id: SEEN})
    assert [basis for basis, _ in found] == [
        Basis.CONTEXT_ONLY,
        Basis.CONTEXT_ONLY,
        Basis.PARTIAL_VIEW,
    ]


def test_an_earlier_look_at_the_same_bytes_counts() -> None:
    """An item that copies one decided on a look need not be opened."""
    made = confirm(SUBJECT, [], removal(), PACK)
    assert ruled(made, viewed=(SAME_BYTES,)) == [(Basis.HASH_MATCH, Outcome.DECIDED)]


def test_a_protected_purpose_with_removal_goes_to_second_review() -> None:
    """Each copy as the pack says, not as the item."""
    pairs = [a_copy(1)]
    made = confirm(SUBJECT, pairs, removal(1), PACK)
    found = ruled(made, *pairs, looks={SUBJECT.id: SEEN})
    assert [outcome for _, outcome in found] == [Outcome.SECOND_REVIEW] * 2


def test_a_context_in_words_holds_no_caption() -> None:
    """The caption is item text: counted, never said."""
    context = Context(source="Channel B", caption="two words", account="@b")
    pairs = [a_copy(n, context=context) for n in (1, 2)] + [a_copy(3, NEAR, context)]
    (group,) = confirm(SUBJECT, pairs, KEEP, PACK).groups
    words = "Channel B · account @b · caption of 2 words · 2 exact copies, 1 near copy"
    assert speak(group) == words
    (bare,) = confirm(SUBJECT, [a_copy(1, NEAR, Context())], KEEP, PACK).groups
    assert speak(bare) == "Source unknown · no caption · 1 near copy"


SOURCES = st.sampled_from([None, "Channel A", "Channel B", "Sample news site"])
COPIES = st.lists(
    st.tuples(st.sampled_from(Likeness), SOURCES, st.booleans()), max_size=8
)


@given(COPIES, SOURCES, st.sampled_from([KEEP, removal(), removal(1), PROTECTED]))
def test_nothing_is_ticked_that_must_not_be(
    rows: list[tuple[Likeness, str | None, bool]],
    source: str | None,
    complete: Complete,
) -> None:
    """For any stack: no news, no near removal elsewhere, each copy in one context."""
    subject = item(0, Context(source=source), sha256=SAME_BYTES)
    pairs = [
        a_copy(n, like, Context(source=here), tags=("news",) if tagged else ())
        for n, (like, here, tagged) in enumerate(rows, start=1)
    ]
    made = confirm(subject, pairs, complete, PACK)
    members = [m.item_id for group in made.groups for m in group.members]
    assert sorted(members) == sorted(one.id for one, _ in pairs)
    by_id = {one.id: (one, copy) for one, copy in pairs}
    for chosen in made.chosen:
        one, copy = by_id[chosen]
        assert not is_news(one)
        if complete.verdict == "VIOLATES" and copy.likeness is NEAR:
            assert one.context.source is not None
            assert one.context.source == subject.context.source
