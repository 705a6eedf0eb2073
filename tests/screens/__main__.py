"""Walk the demonstration in both themes and keep its screens under docs/screens.

The media are drawn by code; nothing else is ever photographed.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

from reviewer import compose
from reviewer.demo import drive
from reviewer.demo.scene import Scene
from reviewer.ui.tokens import Theme

OUT = Path("docs") / "screens"
KEPT = (
    "01-first-run",
    "05-home",
    "06-concealed",
    "07-revealed",
    "08-deciding",
    "09-submit",
    "10-receipt",
)


def main() -> int:
    """Walk once in each theme."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    OUT.mkdir(parents=True, exist_ok=True)
    for theme in Theme:
        with tempfile.TemporaryDirectory() as folder:
            for path in _walked(Path(folder), theme):
                if path.stem in KEPT:
                    shutil.copy(path, OUT / f"{path.stem}-{theme.value}.png")
    return 0


def _walked(folder: Path, theme: Theme) -> list[Path]:
    clock = compose.SystemClock()
    passphrase = compose.suggest_passphrase()
    scene = Scene(folder, clock=clock.unix_ms, passphrase=passphrase)
    try:
        scene.pack(None)
        walk = drive.walk_window(
            compose.entering(folder / "profile"),
            clock=clock,
            invitation=scene.invite(),
            passphrase=passphrase,
            deal=scene.deal,
            screens=folder / "screens",
            plate=False,
            theme=theme,
        )
        kept = folder / "kept"
        kept.mkdir()
        return [Path(shutil.copy(path, kept)) for path in walk.screens]
    finally:
        scene.close()


if __name__ == "__main__":
    sys.exit(main())
