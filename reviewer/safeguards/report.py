"""Write docs/SAFEGUARDS.md from the table, so that no number stands twice.

A test compares the file with `report()`; `docs/SAFEGUARDS.md` says nothing else.
"""

from __future__ import annotations

from typing import Final

from reviewer.safeguards.values import TABLE, Safeguard

HEAD: Final = """\
# Safeguards

Written from `reviewer/safeguards/values.py`; a test compares the two.

The evidence is thin: no safe dose is known, and no number here is a clinical threshold.
Clinicians and counsel of the organisation have the last word.

- **Starts at**: what holds for a reviewer until somebody sets something.
- **Organisation value**: the least safe value that a reviewer may choose. \
It stands here as it is where the signed config is silent.
- **Safest**: the far end of the safe side; beyond it the program would not work.
- **Product limit**: the least safe value that a config may set. \
A config beyond it is refused with `CONFIG_BELOW_LIMIT`.

A reviewer moves to the safer side of the organisation value only.
A choice on the other side has no effect.
Whatever is set, a more graphic item never gets less protection than a milder one.
A safeguard that is not built yet has no row.

| Key | Starts at | Organisation value | Safest | Product limit | Unit | Why |
|---|---|---|---|---|---|---|
"""


def report() -> str:
    """Return the whole document."""
    return HEAD + "".join(f"{_line(row)}\n" for row in TABLE)


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
    )
    return "| " + " | ".join(cells) + " |"


def _number(value: int) -> str:
    """Return a number with a space between thousands."""
    return f"{value:,}".replace(",", " ")
