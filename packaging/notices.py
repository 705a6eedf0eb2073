"""Gather the licences of everything inside into one folder that the program shows.

The folder has `notices.json` (name, version, licence, its texts) and one folder a
package. What is inside without metadata of its own (the interpreter, Qt, FFmpeg and
the codecs it is linked with, fonts, words) is listed here by hand, with the offer of
source that the GPL and the LGPL ask for.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from distributions import Distribution

ROOT: Final = Path(__file__).resolve().parent.parent
COMMON: Final = Path("/usr/share/common-licenses")
# Every text that a licence below is granted under; Debian has them word for word.
SOURCES: Final = "Sources.md"
SHARED: Final = ("Apache-2.0", "GPL-2", "GPL-3", "LGPL-2.1", "LGPL-3")


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing that is inside."""

    name: str
    version: str
    licence: str
    texts: tuple[str, ...]
    """File names below the folder of notices."""


def gather(
    to: Path,
    *,
    distributions: Iterable[Distribution],
    python: str,
    sources: str,
) -> list[Notice]:
    """Write the folder and return what it lists, sorted by name.

    Args:
        to: The folder to make; replaced if it is there.
        distributions: What is inside, of the registry's packages.
        python: The version of the interpreter.
        sources: The page that says where the corresponding source is, with the offer.
    """
    shutil.rmtree(to, ignore_errors=True)
    to.mkdir(parents=True)
    notices = [_write(to, one) for one in distributions if one.name != "reviewer"]
    notices += _by_hand(to, python)
    for name in SHARED:
        shutil.copyfile((COMMON / name).resolve(), to / f"{name}.txt")
    shutil.copyfile(ROOT / "packaging" / "notices-qt.md", to / "Qt.md")
    shutil.copyfile(ROOT / "packaging" / "notices-decoder.md", to / "Decoder.md")
    (to / SOURCES).write_text(sources, encoding="utf-8")
    notices.sort(key=lambda one: one.name)
    listed = json.dumps([asdict(one) for one in notices], indent=1, sort_keys=True)
    (to / "notices.json").write_text(listed + "\n", encoding="utf-8")
    return notices


def _write(to: Path, one: Distribution) -> Notice:
    folder = to / one.name
    texts: list[str] = []
    for number, (name, text) in enumerate(one.texts):
        folder.mkdir(exist_ok=True)
        path = folder / (f"{number}-{name}" if (folder / name).exists() else name)
        path.write_bytes(text)
        texts.append(f"{one.name}/{path.name}")
    if one.name in {"pyside6-essentials", "shiboken6"}:
        texts += ["Qt.md", SOURCES, "LGPL-3.txt", "GPL-3.txt"]
    if one.name == "av":
        texts += ["Decoder.md", SOURCES, "GPL-3.txt"]
    return Notice(one.name, one.version, one.licence, tuple(texts))


def _by_hand(to: Path, python: str) -> list[Notice]:
    copied = {
        "reviewer.txt": ROOT / "LICENSE",
        "fonts.txt": ROOT / "resources" / "fonts" / "OFL.txt",
        "words.txt": ROOT / "resources" / "words" / "LICENSE.txt",
        "python.txt": Path("/usr/share/doc/libpython3.11-minimal/copyright"),
    }
    for name, source in copied.items():
        shutil.copyfile(source, to / name)
    return [
        Notice("reviewer", "", "Apache-2.0", ("reviewer.txt",)),
        Notice("source-code", "", "where to get it, and the offer", (SOURCES,)),
        Notice("noto-fonts", "", "OFL-1.1", ("fonts.txt",)),
        Notice("eff-word-list", "", "CC-BY-3.0-US", ("words.txt",)),
        Notice("python", python, "PSF-2.0", ("python.txt",)),
    ]
