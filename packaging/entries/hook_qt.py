"""Run before the program: Qt takes its plugins from this tree and from nowhere else.

A desktop of Qt may name the folder of its own plugins in the environment; they are of
another build of Qt and would end the program.
"""

from __future__ import annotations

import os
import sys
from typing import Final

ROOT: Final = getattr(sys, "_MEIPASS", "")

os.environ["QT_PLUGIN_PATH"] = f"{ROOT}/PySide6/Qt/plugins"
