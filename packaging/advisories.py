"""Hold the native libraries of a bill of materials against known advisories.

`python packaging/advisories.py build/linux/reviewer.cdx.json` needs no network: the
list beside it is kept by hand, and says for each library from which version on an
advisory is fixed, and where an older one is accepted and why. Exit 1 names the rest.
Advisories of packages are another tool's work: `pip-audit -r` on the pins.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

LIST: Final = Path(__file__).with_name("advisories.json")


def main(arguments: list[str]) -> int:
    """Print what is found; 1 if something is neither fixed nor accepted."""
    (bill,) = arguments
    found = list(check(json.loads(Path(bill).read_text(encoding="utf-8"))))
    for line, is_accepted in found:
        sys.stdout.write(f"{'accepted' if is_accepted else 'open'}: {line}\n")
    return 0 if all(is_accepted for _, is_accepted in found) else 1


def check(bill: dict[str, Any]) -> Iterator[tuple[str, bool]]:
    """Yield each library that an advisory speaks of, and whether it is accepted."""
    known = json.loads(LIST.read_text(encoding="utf-8"))
    for package, library, version in sorted(_libraries(bill)):
        for one in known:
            if one["library"] == library and _order(version) < _order(one["fixed"]):
                why = one["accepted_in"].get(package, "")
                words = f"{library} {version} in {package}: {one['advisory']}"
                yield (f"{words}: {why}" if why else words), bool(why)


def _libraries(bill: dict[str, Any]) -> set[tuple[str, str, str]]:
    return {
        (part["properties"][1]["value"], inner["name"], inner["version"])
        for part in bill["components"]
        for inner in part.get("components", ())
    }


def _order(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
