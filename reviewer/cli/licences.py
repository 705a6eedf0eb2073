"""`reviewer licences`: what is inside this program, and on which terms.

An installer gathers the texts (packaging/notices.py). In a checkout or a wheel
nothing is inside: the libraries are installed beside it and keep their own.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from reviewer.cli.output import Exit, say
from reviewer.errors import Code, RefusedError
from reviewer.settings import resource

FOLDER: Final = "licences"
LIST: Final = "notices.json"
OURS: Final = "Apache-2.0"


@dataclass(frozen=True, slots=True)
class _Notices:
    folder: Path
    listed: list[dict[str, Any]]


def run(args: argparse.Namespace) -> Exit:
    """Print the list, or the texts of one name.

    Raises:
        RefusedError: INPUT_INVALID, nothing of that name is inside.
    """
    notices = _notices()
    if notices is None:
        say({"reviewer": OURS, "bundled": []}, as_json=args.json)
        return Exit.DONE
    if args.name is not None:
        return _texts(notices, args.name)
    if args.json:
        say({"reviewer": OURS, "bundled": notices.listed}, as_json=True)
        return Exit.DONE
    for one in notices.listed:
        print(f"{one['name']} {one['version']}: {one['licence']}")
    return Exit.DONE


def _notices() -> _Notices | None:
    try:
        folder = resource(FOLDER)
    except FileNotFoundError:
        return None
    text = (folder / LIST).read_text(encoding="utf-8")
    return _Notices(folder, json.loads(text))


def _texts(notices: _Notices, name: str) -> Exit:
    for one in notices.listed:
        if one["name"] == name:
            for text in one["texts"]:
                found = (notices.folder / text).read_text("utf-8", errors="replace")
                print(f"== {text}\n\n{found}")
            return Exit.DONE
    raise RefusedError(Code.INPUT_INVALID, "name")
