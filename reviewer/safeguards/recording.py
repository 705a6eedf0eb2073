"""What happened, written into the ledger: pure, one function for each event.

Every function takes the ledger's time; an earlier one than the ledger knows counts
as the one it knows. Nothing here refuses: the ledger records what was, `limits` says
what may be. Write the new copy before a look is painted, so that no crash, restart
or restored copy gives a view back.
"""

from __future__ import annotations

import dataclasses

import msgspec

from reviewer.safeguards import breaks, days
from reviewer.safeguards.breaks import MINUTE_MS
from reviewer.safeguards.facts import Facts
from reviewer.safeguards.ledger import (
    Block,
    Cooldown,
    Counts,
    Ledger,
    Look,
    PastDay,
    Seen,
    Tally,
)
from reviewer.safeguards.values import Values

_replace = msgspec.structs.replace


def on_input(
    ledger: Ledger, facts: Facts | None, *, now: int, values: Values
) -> Ledger:
    """Note an input on the review screen, with the item that is open there."""
    current = _charged(days.at(ledger, now=now, values=values))
    today = days.today_of(current)
    is_rested = breaks.is_rested(current.breaks, now=current.now, values=values)
    clock = breaks.on_input(current.breaks, now=current.now, values=values)
    is_new_minute = is_rested or clock.minute != current.breaks.minute
    if is_rested:
        tally = _replace(today.tally, breaks_count=today.tally.breaks_count + 1)
        today = _replace(today, tally=tally)
    today = _replace(
        today,
        last_at=current.now,
        active_minutes=today.active_minutes + is_new_minute,
    )
    block = Block() if is_rested else current.block
    if facts is not None and facts.is_severe:
        block = _counted(block, current.now // MINUTE_MS)
    is_full = block.minutes >= values.block_minutes
    clock = dataclasses.replace(clock, after_block=clock.after_block or is_full)
    return _replace(current, breaks=clock, block=block, today=today)


def begin_look(ledger: Ledger, facts: Facts, *, now: int, values: Values) -> Ledger:
    """Note that an item enters softened or clearer; a look is an input, too."""
    current = end_look(on_input(ledger, facts, now=now, values=values), now=now)
    today = days.today_of(current)
    is_first = facts.item_id not in today.seen.any
    is_first_worst = facts.is_worst and facts.item_id not in today.seen.worst
    tally = today.tally
    if is_first:
        tally = _replace(tally, views=_added(tally.views, facts.place, 1))
    look = Look(
        item_id=facts.item_id,
        place=facts.place,
        is_severe=facts.is_severe,
        since=current.now,
    )
    cooldown = current.cooldown
    if is_first_worst:
        cooldown = Cooldown(
            since=current.now, tags=facts.tags, calm_left=values.cooldown_items
        )
    seen = _with(today.seen, facts)
    block = current.block
    if facts.is_severe:
        block = _replace(block, calm=frozenset())
    return _replace(
        current,
        look=look,
        block=block,
        cooldown=cooldown,
        today=_replace(today, seen=seen, tally=tally),
    )


def charge(ledger: Ledger, *, now: int) -> Ledger:
    """Note that the look goes on; write it at least every `hold_end_severe_ms`."""
    return _charged(_replace(ledger, now=max(now, ledger.now)))


def end_look(ledger: Ledger, *, now: int) -> Ledger:
    """Note that the item is concealed or covered again."""
    return _replace(charge(ledger, now=now), look=None)


def end_lost_look(ledger: Ledger, *, now: int, values: Values) -> Ledger:
    """End a look that was on the screen when the program or the machine stopped.

    It is charged for as long as a look may go on without being noted, and by the
    clock for longer, up to the time after which the curtain falls.
    """
    if ledger.look is None:
        return ledger
    least = ledger.look.since + values.hold_end_severe_ms
    most = ledger.look.since + values.idle_minutes * MINUTE_MS
    charged = _charged(_replace(ledger, now=max(least, min(now, most))))
    return _replace(charged, now=max(now, ledger.now), look=None)


def finish(ledger: Ledger, facts: Facts, *, now: int, values: Values) -> Ledger:
    """Note that an item was decided or handed back, seen or not."""
    current = days.at(ledger, now=now, values=values)
    today = days.today_of(current)
    if facts.is_severe:
        today = _replace(
            today, severe_done=today.severe_done + 1, severe_run=today.severe_run + 1
        )
        return _replace(current, today=today)
    today = _replace(today, severe_run=0)
    if not facts.is_calm:
        return _replace(current, today=today)
    today = _replace(today, benign_done=today.benign_done + 1)
    return _calmed(_replace(current, today=today), facts, values)


def begin_break(ledger: Ledger, *, now: int) -> Ledger:
    """Note that a break was asked for; asking twice does not make it longer."""
    current = end_look(ledger, now=now)
    clock = breaks.begin_break(current.breaks, now=current.now)
    return _replace(current, breaks=clock)


def cover(ledger: Ledger, *, now: int, values: Values) -> Ledger:
    """Note that everything was covered at once."""
    current = end_look(days.at(ledger, now=now, values=values), now=now)
    today = days.today_of(current)
    tally = _replace(today.tally, covers_count=today.tally.covers_count + 1)
    return _replace(current, today=_replace(today, tally=tally))


def opt_out(ledger: Ledger, tag: str, *, now: int, values: Values) -> Ledger:
    """Stop showing items with a tag: at once, and nobody asks why."""
    if tag in ledger.opted_out:
        return ledger
    current = days.at(ledger, now=now, values=values)
    today = days.today_of(current)
    tally = _replace(today.tally, opt_outs_count=today.tally.opt_outs_count + 1)
    return _replace(
        current,
        opted_out=current.opted_out | {tag},
        today=_replace(today, tally=tally),
    )


def opt_in(ledger: Ledger, tag: str) -> Ledger:
    """Show items with a tag again."""
    return _replace(ledger, opted_out=ledger.opted_out - {tag})


def choose_graphic_free(
    ledger: Ledger, *, chosen: bool, now: int, values: Values
) -> Ledger:
    """Make this day one without severity 4 and above, or take that back."""
    current = days.at(ledger, now=now, values=values)
    today = _replace(days.today_of(current), is_graphic_free=chosen)
    return _replace(current, today=today)


def forget_history(ledger: Ledger) -> Ledger:
    """Delete what the owner may delete: everything that no limit needs.

    The totals of this day and of the last seven stay until they lapse.
    """
    kept = tuple(
        PastDay(
            begun=day.begun,
            active_minutes=day.active_minutes,
            withheld_week_minutes=day.withheld_week_minutes,
        )
        for day in days.week(ledger)
    )
    today = ledger.today
    if today is not None:
        today = _replace(today, tally=Tally())
    return _replace(ledger, past=kept, today=today)


def _charged(ledger: Ledger) -> Ledger:
    """Charge the look on the screen up to now, and let it go on."""
    look, today = ledger.look, ledger.today
    if look is None or today is None:
        return ledger
    ms = max(0, ledger.now - look.since)
    tally = _replace(today.tally, clear_ms=_added(today.tally.clear_ms, look.place, ms))
    charged = _replace(
        today,
        last_at=ledger.now,
        severe_ms=today.severe_ms + (ms if look.is_severe else 0),
        tally=tally,
    )
    return _replace(ledger, today=charged, look=_replace(look, since=ledger.now))


def _with(seen: Seen, facts: Facts) -> Seen:
    """Return the items seen, this one included."""
    own = frozenset({facts.item_id})
    return Seen(
        any=seen.any | own,
        severe=seen.severe | own if facts.is_severe else seen.severe,
        worst=seen.worst | own if facts.is_worst else seen.worst,
        unrated=seen.unrated | own if facts.is_unrated else seen.unrated,
    )


def _counted(block: Block, minute: int) -> Block:
    """Count a minute at a severe item once."""
    minutes = block.minutes + (block.minute != minute)
    return _replace(block, minutes=minutes, minute=minute)


def _calmed(ledger: Ledger, facts: Facts, values: Values) -> Ledger:
    """Count a calm item: it shortens a cool-down and may end a block."""
    block = _replace(ledger.block, calm=ledger.block.calm | {facts.item_id})
    clock, cooldown = ledger.breaks, ledger.cooldown
    if len(block.calm) >= values.block_calm_items:
        block = Block()
        clock = dataclasses.replace(clock, after_block=False)
    if cooldown is not None and cooldown.calm_left:
        cooldown = _replace(cooldown, calm_left=cooldown.calm_left - 1)
    return _replace(ledger, block=block, breaks=clock, cooldown=cooldown)


def _added(counts: Counts, place: int, more: int) -> Counts:
    zero, one, two, three, four, five, unrated = (
        count + (more if index == place else 0) for index, count in enumerate(counts)
    )
    return (zero, one, two, three, four, five, unrated)
