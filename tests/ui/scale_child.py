"""What is cut at the scale that the environment asks for: screens by name, as JSON."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from reviewer.ui import tokens
from tests.fakes.desk import make_desk
from tests.screens.__main__ import Waiting
from tests.ui import laid_out
from tests.ui.conftest import close
from tests.ui.harness import make_harness
from tests.ui.test_access import lay_out, states


def main(out: Path) -> int:
    """Drive each state in the least window, and look."""
    found: dict[str, list[str]] = {}
    ratio = 0.0
    for state in states():
        with tempfile.TemporaryDirectory() as folder:
            desk = make_desk(Path(folder))
            window = make_harness(Waiting(), Path(folder), desk=desk)
            try:
                top = window.shell.window
                top.resize(tokens.WINDOW_MIN_WIDTH_PX, tokens.WINDOW_MIN_HEIGHT_PX)
                state.drive(window)
                lay_out(top)
                found[state.name] = laid_out.clipped(top)
                ratio = top.devicePixelRatioF()
            finally:
                close(window)
    out.write_text(json.dumps({"ratio": ratio, "screens": found}), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
