"""Write docs/SAFEGUARDS.md from the table, so that no number stands twice.

For works councils, clinicians and counsel. A test compares the file with `report()`;
`docs/SAFEGUARDS.md` says nothing else. Rewrite it by `poe safeguards-page`.
"""

from __future__ import annotations

from typing import Final

from reviewer.safeguards.rows import Force, Safeguard
from reviewer.safeguards.values import TABLE

HEAD: Final = """\
# Safeguards

For works councils, clinicians and counsel: what limits a reviewer's exposure, what \
is recorded about it, and where that never goes.
Written from the program's own table (`reviewer/safeguards`); a test compares the two.

## What to know first

- **No safe dose is known.** No number here is a clinical threshold. \
Clinicians and counsel of the organisation have the last word.
- **Filters are a gate, not a shield.** \
In the best controlled test so far, blurred or grey pictures were no easier to bear. \
They help where a decision needs no look, or a smaller and shorter one. \
No filter is traded for a cap.
- **Nothing here measures a person's pace, mood or output**, \
and nothing of it is shown to, or computed for, anybody else.

## How to read the tables

- **Starts at**: what holds for a reviewer until somebody sets something.
- **Organisation value**: the least safe value that a reviewer may choose. \
It stands here as it is where the signed config is silent.
- **Safest**: the far end of the safe side; beyond it the program would not work.
- **Product limit**: the floor, the least safe value that a config may set. \
A config beyond it is refused with `CONFIG_BELOW_LIMIT`.
- **Source**: `loop` is the specification of the review loop, \
`wellbeing` the compilation of evidence, with its section or the number of its source. \
V: read in that source. V2: known second-hand. M: from memory, check before quoting. \
D: a design value, no published number exists.

A reviewer moves to the safer side of the organisation value only.
A choice on the other side has no effect.
Whatever is set, a more graphic item never gets less protection than a milder one.
Where the evidence names no floor, the default is the product limit.
A safeguard that is not built yet has no row.
"""

ABOUT: Final = {
    Force.SHOWING: """\
## How it is shown

Until a person asks, an item is covered (severity 4 and 5) or concealed.
""",
    Force.BINDING: """\
## What binds

When one of these is met, nothing more is revealed that it covers.
Deciding from context, handing back, keeping for later, exporting, submitting and \
locking are never asked and always work.
No key, setting, clock, restart, deleted file or restored copy passes a cap.
A view is one *item* that became softened or clearer in a day: \
looking again adds seconds, not views.
What an item counts as goes by its signed rating, or by the reviewer's own where that \
is graver: rating an item down opens no cap.
An opt-out from a content tag takes effect at once, needs no reason, and binds too: \
not even a concealed picture of such an item is made.
A break needs no permission, at any time.
""",
    Force.CHOOSING: """\
## What only guides the choice

These change what is offered next, never what may be opened by hand.
Items of priority P1, threats to life, come first, concealed.
Where nothing meets every preference the least severe item is offered, \
and the screen says so.
""",
    Force.KEEPING: """\
## How days are counted

A day begins with the first unlock after a night, and knows no midnight: \
a night shift is one day, and nobody gets two budgets by working across a boundary.
A week is any seven days.
Within one unlock only the monotonic clock counts. \
A clock that was set back gives no time. \
One that is set forward while the program is locked is believed, since a machine that \
was off has no other witness; the days so begun early do not begin again later.
Where the ledger's file is missing, older than the vault remembers, or unreadable, \
what the vault remembers stays spent, and a part of what was left is withheld.
""",
}

TABLE_HEAD: Final = """
| Key | Starts at | Organisation value | Safest | Product limit | Unit | Why | Source |
|---|---|---|---|---|---|---|---|
"""

TAIL: Final = """\
## What is stored

One file, `ledger`, in the reviewer's own profile on the reviewer's own machine:

- for today: when the day began, which items were looked at, clear seconds, \
active minutes, the present break and block;
- for each of the last days: items looked at and clear seconds by severity, \
seconds of sound (none yet), breaks taken, opt-outs made, times that everything was \
covered, active minutes, and whether the day was chosen as graphic-free;
- the content tags that the person has opted out of.

The person can see all of it, and can delete the history at any time. \
The totals of today and of the last seven days stay until they lapse, \
because the caps need them.

The file is sealed under a key of its own, wrapped by passphrase and device secret \
and never by the vault's key. \
Whoever recovers a vault for the organisation cannot open it. \
So that a deleted or restored file gives nothing back, the vault holds a small copy of \
the totals of the day and the week, sealed under the same key.

## Where it never goes

- No file and no message that leaves the machine has a field for any of it: \
a test walks every wire format.
- The code that builds submissions, and the coordinator, cannot import it: \
a contract that the build checks.
- Random markers planted in a ledger are found in nothing that was submitted, \
logged or exported: a test.
- Choices of safeguards, opt-outs, breaks and refusals at a cap are no entries of the \
signed journal. An item that was opted out of is handed back without a reason.
- Supervisors and administrators have no screen, command or key for it.
- The word about capacity that goes with a submission is set by the person and never \
derived from the ledger.
"""


def report() -> str:
    """Return the whole document."""
    parts = [HEAD]
    for force in Force:
        rows = "".join(f"{_line(row)}\n" for row in TABLE if row.force is force)
        parts.append(f"{ABOUT[force]}{TABLE_HEAD}{rows}")
    return "\n".join((*parts, TAIL))


def _line(row: Safeguard) -> str:
    """Return one row of the table."""
    cells = (
        f"`{row.key}`",
        _number(row.default),
        _number(row.org_floor),
        _number(row.org_safest),
        _number(row.product_limit),
        row.unit.value,
        row.reason,
        row.source,
    )
    return "| " + " | ".join(cells) + " |"


def _number(value: int) -> str:
    """Return a number with a space between thousands."""
    return f"{value:,}".replace(",", " ")
