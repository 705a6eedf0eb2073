"""Run before the program: Qt takes its plugins from this tree and from nowhere else.

A desktop of Qt may name the folder of its own plugins in the environment; they are of
another build of Qt and would end the program. Where a plugin of ours is gone, Qt would
end it too, without a word.
"""

from __future__ import annotations

import os
import sys
from typing import Final

ROOT: Final = getattr(sys, "_MEIPASS", "")
PLUGINS: Final = f"{ROOT}/PySide6/Qt/plugins"
PLATFORMS: Final = ("libqoffscreen.so", "libqwayland.so", "libqxcb.so")
# As `run_reviewer` has it.
INCOMPLETE: Final = (
    "reviewer: A part of this program is missing. Install the program again. "
    "(PROGRAM_INCOMPLETE)\n"
)
UNAVAILABLE: Final = 3

os.environ["QT_PLUGIN_PATH"] = PLUGINS
if ROOT and not all(os.path.isfile(f"{PLUGINS}/platforms/{one}") for one in PLATFORMS):  # noqa: PTH113 (pathlib loads slowly)
    sys.stderr.write(INCOMPLETE)
    sys.exit(UNAVAILABLE)
