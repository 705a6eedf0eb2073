"""What the left zone says of an item. Pure: rows of the vault in, words out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from reviewer.domain.decision import StandingKind
from reviewer.domain.item import Item, KnownMatch
from reviewer.domain.policy import PolicyPack
from reviewer.ports import ItemRow
from reviewer.safeguards.facts import facts_of
from reviewer.ui import messages
from reviewer.ui.plain import one_line
from reviewer.ui.prefetch import severity_of
from reviewer.ui.widgets.left_zone import LeftView
from reviewer.ui.words import stacks as words

Fact = tuple[str, str, str]

OWN_MATCHES_COUNT: Final = 3
"""More are counted: forty lines of the same would hide everything else."""


def left_view(row: ItemRow, alike: Sequence[ItemRow], pack: PolicyPack) -> LeftView:
    """Return what the left zone shows of an item; `alike` have the same bytes."""
    item = row.item
    return LeftView(
        item_id=item.id,
        ref=one_line(item.ref, limit=40),
        kind=messages.KINDS[item.kind],
        severity=_severity(row),
        kept=row.standing.keep,
        tags=item.tags,
        facts=_facts(item),
        matches=(
            *_own_matches(row, alike, pack),
            *(_known(match) for match in item.known_matches),
        ),
        texts=(
            (messages.CAPTION, item.context.caption),
            (messages.BODY, item.text),
            (messages.TRANSCRIPT, item.transcript),
            (messages.TRANSLATION, item.translation),
            (messages.FLAG_REASON, None if item.flag is None else item.flag.reason),
        ),
        # Not by a rating down: while nothing may be revealed, no text opens either.
        severity_rating=facts_of(item, own=row.own_severity).severity,
    )


def _severity(row: ItemRow) -> str:
    words = messages.severity(severity_of(row))
    if row.own_severity is not None:
        return f"{words} ({messages.BY_YOU})"
    if row.item.severity is None and row.item.assumed_severity is not None:
        return f"{words} ({messages.ASSUMED})"
    return words


def _facts(item: Item) -> tuple[Fact, ...]:
    context = item.context
    facts: list[Fact] = [
        _known_or_not(messages.SOURCE, context.source),
        _known_or_not(messages.CAPTURED, _moment(context.captured_at)),
        _known_or_not(messages.LANGUAGE, ", ".join(item.languages) or None),
    ]
    if context.account is not None:
        facts.append((messages.ACCOUNT, context.account, ""))
    if item.flag is not None:
        facts.append((messages.FLAGGED_BY, messages.FLAGGED[item.flag.by], ""))
    if item.deadline is not None:
        facts.append((messages.DEADLINE, messages.moment(item.deadline), "deadline"))
    facts.append((messages.PRIORITY, item.priority.value, ""))
    return tuple(facts)


def _known_or_not(name: str, value: str | None) -> Fact:
    return (name, messages.NOT_KNOWN, "muted") if not value else (name, value, "")


def _moment(value: str | None) -> str | None:
    return None if value is None else messages.moment(value)


def _own_matches(
    row: ItemRow, alike: Sequence[ItemRow], pack: PolicyPack
) -> Iterable[str]:
    """Name items of this batch whose bytes are the same, decided ones first."""
    same = [other for other in alike if other.item.id != row.item.id]
    same.sort(key=lambda other: other.standing.kind is not StandingKind.DECIDED)
    labels = {verdict.code: verdict.label for verdict in pack.verdicts}
    for other in same[:OWN_MATCHES_COUNT]:
        decision = other.standing.decision
        ref = one_line(other.item.ref, limit=40)
        if other.standing.kind is StandingKind.DECIDED and decision is not None:
            verdict = labels.get(decision.verdict, decision.verdict)
            yield messages.same_decided(ref, verdict)
        else:
            yield messages.same_open(ref)
    if len(same) > OWN_MATCHES_COUNT:
        yield words.and_more(len(same) - OWN_MATCHES_COUNT)


def _known(match: KnownMatch) -> str:
    return messages.known_match(
        one_line(match.source, limit=60),
        one_line(match.signal, limit=20),
        None if match.verdict is None else one_line(match.verdict, limit=40),
        checked=match.human_checked,
    )
