"""Where the program finds what it ships with; nothing a reviewer could weaken."""

from __future__ import annotations

from pathlib import Path
from typing import Final

_ROOM: Final = Path(__file__).resolve().parent
_PACKAGED: Final = _ROOM / "_resources"
_CHECKOUT: Final = _ROOM.parent / "resources"


def resource(name: str) -> Path:
    """Return the path of a shipped file, such as `policy/default_policy.json`.

    An installed wheel carries the files inside the package; a checkout has them in
    its `resources` folder.

    Raises:
        FileNotFoundError: the installation is broken; a bug, not an error of ours.
    """
    for root in (_PACKAGED, _CHECKOUT):
        path = root / name
        if path.exists():
            return path
    raise FileNotFoundError(name)
