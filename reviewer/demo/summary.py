"""What the demonstration says at its end: counted from what stands, not from hopes."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from reviewer.demo.recording import Recorded
from reviewer.demo.scene import Scene
from reviewer.domain.decision import StandingKind
from reviewer.domain.rendition import SandboxLevel
from reviewer.media.meter import CountingMeter
from reviewer.services.session import Session
from reviewer.services.verifying import verify_file

if TYPE_CHECKING:
    from reviewer.demo.drive import Walked  # Qt loads with it, after the check

SUBMISSION = "decisions.rvsub"
RECEIPT = "receipt.rvreceipt"
BATCH = "batch.rvbatch"
TRUST = "trust.json"


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

    @property
    def is_complete(self) -> bool:
        """Return whether everything was concluded, accepted and receipted."""
        concluded = self.decided + self.handed_back
        return self.items == concluded == self.accepted and self.receipt_verified

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
    rows = [
        row
        for card in session.home().batches
        for row in session.open_batch(card.batch_id).rows
    ]
    kinds = [row.standing.kind for row in rows]
    names = scene.file_names()
    report = session.verify_journal()
    verdict = verify_file(receipt, trust=scene.service.trust())
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
    )


def _accepted(scene: Scene) -> int:
    """Count the items about which the coordinator holds a conclusion."""
    out = io.BytesIO()
    scene.service.export_csv(out)
    rows = csv.DictReader(io.StringIO(out.getvalue().decode("utf-8-sig")))
    return sum(bool(row["outcome"]) for row in rows)
