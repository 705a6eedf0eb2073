"""Run before the decoder's own code: what must not be in its tree has a stand-in.

`ctypes.util.find_library` starts ldconfig, a compiler or a linker to search for a
library; the decoder needs two, by fixed names. Pillow imports `subprocess` for a
function that we never call; the stand-in has nothing in it.
"""

from __future__ import annotations

import ctypes
import sys
import types
from typing import Final

NAMES: Final = {"c": "libc.so.6", "seccomp": "libseccomp.so.2"}


def stand_in(name: str) -> types.ModuleType:
    """Put an empty module in the place of one that is left out."""
    module = types.ModuleType(name)
    sys.modules[name] = module
    return module


stand_in("subprocess")
util = stand_in("ctypes.util")
util.find_library = NAMES.get  # type: ignore[attr-defined]
ctypes.util = util  # type: ignore[attr-defined]
