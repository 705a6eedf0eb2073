"""Write docs/SAFEGUARDS.md from the table: `poe safeguards-page`."""

from __future__ import annotations

import sys
from typing import Final

from reviewer.safeguards.report import report
from reviewer.safeguards.values import TABLE
from tests.architecture.checkout import ROOT

PAGE: Final = ROOT / "docs" / "SAFEGUARDS.md"

if __name__ == "__main__":
    PAGE.write_text(report(), encoding="utf-8")
    sys.stdout.write(f"{len(TABLE)} safeguards\n")
