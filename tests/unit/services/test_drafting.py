"""The draft of a decision under the default pack, key by key."""

from __future__ import annotations

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.domain.decision import Basis, Decision, Outcome
from reviewer.domain.item import Kind
from reviewer.domain.policy import PolicyPack
from reviewer.services.drafting import (
    Complete,
    Draft,
    Group,
    Lack,
    back,
    choices,
    enter,
    lack,
    outcome,
    press,
    repeat,
    speak,
    start,
)
from reviewer.services.policies import default_policy

PACK: Final = default_policy()
REMOVE: Final = "21E01E"


def typed(
    keys: str,
    *,
    pack: PolicyPack = PACK,
    draft: Draft | None = None,
    commit_needs_enter: bool = False,
    has_note: bool = False,
) -> Draft | Complete:
    """Type digits, E for Enter and B for back; stop where it commits."""
    now: Draft | Complete = start() if draft is None else draft
    for key in keys:
        assert isinstance(now, Draft), f"committed before {key}"
        if key == "E":
            now = enter(now, pack, has_note=has_note)
        elif key == "B":
            now = back(now)
        else:
            now = press(now, pack, int(key), commit_needs_enter=commit_needs_enter)
    return now


def drafted(keys: str, *, pack: PolicyPack = PACK, draft: Draft | None = None) -> Draft:
    found = typed(keys, pack=pack, draft=draft)
    assert isinstance(found, Draft)
    return found


def committed(keys: str, *, has_note: bool = False) -> Complete:
    found = typed(keys, has_note=has_note)
    assert isinstance(found, Complete)
    return found


# Keys --------------------------------------------------------------------------


def test_keeping_takes_one_key_or_two() -> None:
    """At most two keys; the second is the Enter that an organisation may ask for."""
    assert typed("1") == Complete(verdict="NOT_VIOLATING")
    asked = typed("1", commit_needs_enter=True)
    assert asked == Draft(group=Group.READY, verdict="NOT_VIOLATING")
    again = typed("1E", commit_needs_enter=True)
    assert again == Complete(verdict="NOT_VIOLATING")


@pytest.mark.parametrize("ground", range(1, 6))
@pytest.mark.parametrize("purpose", range(7))
def test_removing_on_one_ground_takes_six_keys(ground: int, purpose: int) -> None:
    """Verdict, ground, Enter, purpose, reason, Enter: whatever they are."""
    keys = f"2{ground}E{purpose}1E"
    assert len(keys) <= 6
    found = committed(keys)
    assert found.verdict == "VIOLATES"
    assert found.grounds == (PACK.grounds[ground - 1].code,)
    assert found.purpose == PACK.purposes[purpose].code
    assert found.reasons == (PACK.grounds[ground - 1].reasons[0].code,)


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("33E", Complete(verdict="PROTECTED", purpose="ARTISTIC")),
        ("4E", Complete(verdict="NOT_OUR_REMIT")),
        ("5E", Complete(verdict="CANNOT_BE_JUDGED")),
    ],
)
def test_the_other_verdicts(keys: str, expected: Complete) -> None:
    """Only what the verdict asks for is asked."""
    assert committed(keys) == expected


def test_two_grounds_ask_for_two_reasons_in_the_order_of_the_pack() -> None:
    """Grounds toggle; each gets its phrase."""
    found = committed("2415" + "5E" + "012E")
    assert found.grounds == ("A_INCITES", "D_INSTRUCTS")
    assert found.reasons == ("A_CALL", "D_WEAPONS")


def test_digits_without_an_option_change_nothing() -> None:
    """In no group."""
    assert drafted("9") == start()
    assert drafted("29") == drafted("2")
    assert drafted("21E9") == drafted("21E")
    assert drafted("21E08") == drafted("21E0")
    assert drafted("45") == drafted("4")


def test_enter_waits_for_what_is_lacking() -> None:
    """It never guesses."""
    for keys, missing in (
        ("", Lack.VERDICT),
        ("2", Lack.GROUND),
        ("21E", Lack.PURPOSE),
        ("21E0", Lack.REASON),
        ("21E09", Lack.NOTE),
    ):
        draft = drafted(keys)
        assert lack(draft, PACK, has_note=False) is missing
        assert enter(draft, PACK, has_note=False) == draft
    assert lack(drafted("21"), PACK, has_note=False) is None


def test_other_is_said_in_a_note() -> None:
    """Free text for *other* only, and then it is needed."""
    found = committed("21E09E", has_note=True)
    assert found.reasons == ("OTHER",)


def test_none_found_is_no_answer_to_protected() -> None:
    """A verdict about the purpose has to name one."""
    assert drafted("30") == drafted("3")
    assert 0 not in {choice.digit for choice in choices(drafted("3"), PACK)}


def test_the_lit_group_names_its_options() -> None:
    """What the window draws comes from the pack alone."""
    assert [choice.code for choice in choices(start(), PACK)] == [
        row.code for row in PACK.verdicts
    ]
    grounds = choices(drafted("22"), PACK)
    assert [choice.is_chosen for choice in grounds] == [False, True] + [False] * 3
    assert grounds[0].help == PACK.grounds[0].help
    assert [choice.digit for choice in choices(drafted("21E"), PACK)] == list(range(7))
    reasons = choices(drafted("22E0"), PACK)
    assert [choice.label for choice in reasons] == [
        row.label for row in PACK.grounds[1].reasons
    ]
    assert choices(drafted("4"), PACK) == ()


# Back, repeat, words -----------------------------------------------------------


def test_back_takes_back_one_answer_at_a_time() -> None:
    """From ready to the verdict, keeping what lies before."""
    assert drafted("214E011B") == drafted("214E01")
    assert drafted("214E011BB") == drafted("214E0")
    assert drafted("214E011BBB") == drafted("214E")
    assert drafted("214E011BBBB") == drafted("214")
    assert drafted("214E011BBBBB") == start()
    assert drafted("4B") == start()
    assert drafted("33B") == drafted("3")
    assert drafted("3B") == start()
    assert drafted("B") == start()


def test_repeat_fills_the_last_fields_without_committing() -> None:
    """Also after a verdict that completes by itself."""
    last = committed(REMOVE)
    draft = repeat(last, PACK)
    assert draft.group is Group.READY
    assert enter(draft, PACK, has_note=False) == last
    kept = repeat(committed("1"), PACK)
    assert kept == Draft(group=Group.READY, verdict="NOT_VIOLATING")
    assert repeat(None, PACK) == start()


def test_repeat_takes_a_recorded_decision() -> None:
    """The journal's fields, by their other name."""
    decision = Decision(
        verdict="PROTECTED", protected_purpose="RESEARCH", basis=Basis.CONTEXT_ONLY
    )
    assert enter(repeat(decision, PACK), PACK, has_note=False) == Complete(
        verdict="PROTECTED", purpose="RESEARCH"
    )


@pytest.mark.parametrize(
    ("last", "group"),
    [
        (Complete(verdict="GONE"), Group.VERDICT),
        (Complete(verdict="VIOLATES", grounds=("GONE",)), Group.GROUNDS),
        (
            Complete(
                verdict="VIOLATES",
                grounds=("A_INCITES",),
                purpose="GONE",
                reasons=("A_CALL",),
            ),
            Group.PURPOSE,
        ),
        (
            Complete(
                verdict="VIOLATES",
                grounds=("A_INCITES", "B_SOLICITS_OFFENCE"),
                purpose="NONE",
                reasons=("GONE", "B_FUND"),
            ),
            Group.REASON,
        ),
        (Complete(verdict="PROTECTED", purpose="NONE"), Group.PURPOSE),
    ],
)
def test_repeat_lights_what_a_newer_pack_no_longer_has(
    last: Complete, group: Group
) -> None:
    """Nothing is carried over that could not be chosen now."""
    assert repeat(last, PACK).group is group


def test_the_draft_can_be_said_in_a_line() -> None:
    """The words of the pack, in the order of the questions."""
    assert speak(start(), PACK) == ""
    assert speak(drafted("21E01"), PACK) == (
        "Violates · A · Incites: Calls for an attack · None found"
    )
    assert speak(drafted("212"), PACK).count("·") == 4


# Outcome -----------------------------------------------------------------------

KEEP: Final = Complete(verdict="NOT_VIOLATING")
REMOVAL: Final = Complete(
    verdict="VIOLATES", grounds=("A_INCITES",), purpose="NONE", reasons=("A_CALL",)
)
NEWS: Final = Complete(
    verdict="VIOLATES",
    grounds=("A_INCITES",),
    purpose="JOURNALISTIC",
    reasons=("A_CALL",),
)


@pytest.mark.parametrize(
    ("complete", "basis", "kind", "expected"),
    [
        (KEEP, Basis.CONTEXT_ONLY, Kind.IMAGE, Outcome.DECIDED),
        (REMOVAL, Basis.CONTEXT_ONLY, Kind.IMAGE, Outcome.PROPOSED),
        (REMOVAL, Basis.CONTEXT_ONLY, Kind.CLIP, Outcome.PROPOSED),
        (REMOVAL, Basis.CONTEXT_ONLY, Kind.UNSUPPORTED, Outcome.PROPOSED),
        (REMOVAL, Basis.CONTEXT_ONLY, Kind.TEXT, Outcome.DECIDED),
        (REMOVAL, Basis.HASH_MATCH, Kind.IMAGE, Outcome.DECIDED),
        (REMOVAL, Basis.PARTIAL_VIEW, Kind.IMAGE, Outcome.DECIDED),
        (REMOVAL, Basis.FULL_VIEW, Kind.CLIP, Outcome.DECIDED),
        (NEWS, Basis.FULL_VIEW, Kind.IMAGE, Outcome.SECOND_REVIEW),
        (NEWS, Basis.CONTEXT_ONLY, Kind.IMAGE, Outcome.PROPOSED),
        (
            Complete(verdict="PROTECTED", purpose="RESEARCH"),
            Basis.CONTEXT_ONLY,
            Kind.IMAGE,
            Outcome.DECIDED,
        ),
        (
            Complete(verdict="CANNOT_BE_JUDGED"),
            Basis.FULL_VIEW,
            Kind.IMAGE,
            Outcome.SECOND_REVIEW,
        ),
    ],
)
def test_what_a_decision_means_downstream(
    complete: Complete, basis: Basis, kind: Kind, expected: Outcome
) -> None:
    """Removal needs a view or a checked match; purpose with removal a second pair."""
    assert outcome(complete, basis, kind, PACK) is expected


@given(keys=st.lists(st.sampled_from("0123456789EB"), max_size=30))
def test_any_keys_give_a_draft_that_can_be_finished(keys: list[str]) -> None:
    """No sequence leads into a group without a way on, and none commits by half."""
    draft = start()
    for key in keys:
        found = typed(key, draft=draft)
        if isinstance(found, Complete):
            verdict = next(row for row in PACK.verdicts if row.code == found.verdict)
            assert bool(found.grounds) is verdict.asks_grounds
            assert (found.purpose is not None) is verdict.asks_purpose
            assert len(found.reasons) == len(found.grounds)
            draft = repeat(found, PACK)
        else:
            draft = found
        assert draft.group is Group.READY or choices(draft, PACK)
