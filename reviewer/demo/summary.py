"""What the demonstration says at its end: counted from what stands, not from hopes."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from reviewer.demo.recording import Recorded
from reviewer.demo.scene import Scene
from reviewer.domain.decision import Basis, StandingKind
from reviewer.domain.rendition import SandboxLevel
from reviewer.media.meter import CountingMeter
from reviewer.ports import ItemRow
from reviewer.safeguards.overview import Overview
from reviewer.services.session import Session
from reviewer.services.verifying import verify_file

if TYPE_CHECKING:
    from reviewer.demo.drive.reviewing import (
        Walked,  # Qt loads with it, after the check
    )

SUBMISSION = "decisions.rvsub"
RECEIPT = "receipt.rvreceipt"
BATCH = "batch.rvbatch"
TRUST = "trust.json"

_UNSEEN: Final = frozenset({Basis.CONTEXT_ONLY, Basis.HASH_MATCH})


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A file that became an item which cannot be shown, and why."""

    file: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The one JSON object on the last line of standard output."""

    items: int
    decided: int
    undone: int
    handed_back: int
    accepted: int
    receipt_verified: bool
    entries: int
    head: str
    refused: tuple[Refusal, ...]
    screens: tuple[str, ...]
    sandbox_level: SandboxLevel
    clear_renditions_before_reveal: int
    clear_renditions_after_reveal: int
    views: int
    """Items that were looked at, by the exposure ledger."""
    clear_ms_total: int
    """How long anything was softened or clear, by the exposure ledger."""
    breaks: int
    """By the exposure ledger, too."""
    items_decided_without_reveal: int
    stacks: int
    """Groups of copies in the batch."""
    members_decided_by_stack: int
    contexts_confirmed: int
    cap_refusals: int
    """Looks that the window refused because of a limit."""

    @property
    def is_complete(self) -> bool:
        """Return whether everything was concluded, accepted and receipted."""
        concluded = self.decided + self.handed_back
        return self.items == concluded == self.accepted and self.receipt_verified

    def lines(self) -> tuple[str, ...]:
        """Return the same in a few plain sentences."""
        receipt = "verified" if self.receipt_verified else "missing"
        ended = (
            f"{self.items} items: {self.decided} decided, {self.handed_back} "
            f"handed back, {self.undone} undone, {self.accepted} accepted; "
            f"receipt {receipt}; sandbox {self.sandbox_level.value}"
        )
        seen = (
            f"seen: {self.views} items for {self.clear_ms_total / 1_000:.1f} s in "
            f"all; {self.items_decided_without_reveal} decided without a look"
        )
        copies = (
            f"copies: stacks {self.stacks}, decided along with another item "
            f"{self.members_decided_by_stack}, contexts confirmed "
            f"{self.contexts_confirmed}"
        )
        limits = f"limits: looks refused {self.cap_refusals}, breaks {self.breaks}"
        return (ended, seen, copies, limits)

    def as_json(self) -> str:
        """Return the one line."""
        return json.dumps(asdict(self))


def keep(folder: Path, scene: Scene, recorded: Recorded, batch: Path) -> None:
    """Write batch, submission, receipt and trust for whoever verifies them."""
    (folder / BATCH).write_bytes(batch.read_bytes())
    (folder / SUBMISSION).write_bytes(recorded.submission)
    (folder / RECEIPT).write_bytes(recorded.receipt)
    (folder / TRUST).write_bytes(scene.service.trust())


def summarise(
    *,
    scene: Scene,
    session: Session,
    walked: Walked,
    meter: CountingMeter,
    screens: tuple[Path, ...],
    receipt: Path,
) -> Summary:
    """Count on both sides, after the profile was opened anew."""
    batch_ids = [card.batch_id for card in session.home().batches]
    rows = [row for one in batch_ids for row in session.open_batch(one).rows]
    kinds = [row.standing.kind for row in rows]
    names = scene.file_names()
    report = session.verify_journal()
    verdict = verify_file(receipt, trust=scene.service.trust())
    seen = exposed(session.exposure.view())  # for the person; it is part of no file
    return Summary(
        items=len(rows),
        decided=kinds.count(StandingKind.DECIDED),
        undone=session.undone_count(),
        handed_back=kinds.count(StandingKind.HANDED_BACK),
        accepted=_accepted(scene),
        receipt_verified=verdict.valid and report.receipts == 1,
        entries=report.entries,
        head=report.head,
        refused=tuple(
            Refusal(file=names[row.item.id], code=walked.refused[row.item.id])
            for row in rows
            if row.item.id in walked.refused
        ),
        screens=tuple(str(path) for path in screens),
        sandbox_level=session.viewing.level,
        clear_renditions_before_reveal=meter.clear_before_reveal,
        clear_renditions_after_reveal=meter.clear_after_reveal,
        views=seen.views,
        clear_ms_total=seen.clear_ms,
        breaks=seen.breaks,
        items_decided_without_reveal=unseen_count(rows),
        stacks=sum(len(session.stacking.stacks(one)) for one in batch_ids),
        members_decided_by_stack=walked.members_decided_by_stack,
        contexts_confirmed=walked.contexts_confirmed,
        cap_refusals=len(walked.limits),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposed:
    """What a ledger tells of a whole demonstration."""

    views: int
    clear_ms: int
    breaks: int


def exposed(view: Overview) -> Exposed:
    """Add up the days of a ledger: a demonstration may go on over midnight."""
    days = [day.tally for day in (view.today, *view.past)]
    return Exposed(
        views=sum(sum(day.views) for day in days),
        clear_ms=sum(sum(day.clear_ms) for day in days),
        breaks=sum(day.breaks_count for day in days),
    )


def unseen_count(rows: Iterable[ItemRow]) -> int:
    """Count the items that were decided without anything of them being shown."""
    decisions = [row.standing.decision for row in rows]
    return sum(one is not None and one.basis in _UNSEEN for one in decisions)


def _accepted(scene: Scene) -> int:
    """Count the items about which the coordinator holds a conclusion."""
    out = io.BytesIO()
    scene.service.export_csv(out)
    rows = csv.DictReader(io.StringIO(out.getvalue().decode("utf-8-sig")))
    return sum(bool(row["outcome"]) for row in rows)
