"""The folder people have: its files by name and ending, never by what is in them.

The packer never opens an item to see what it is. A wrong or unknown ending costs
that item its picture, nothing else: the reviewer's sandboxed decoder finds out
(design.md 4). Links are named and never followed, so a folder cannot reach out of
itself; pipes and devices are never opened, so none can hang the packer.
"""

from __future__ import annotations

import dataclasses
import enum
import os
import stat
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from reviewer.domain.item import Kind
from reviewer.errors import Code, RefusedError, UnavailableError

DEPTH_COUNT: Final = 16  # folders within folders
_OTHER: Final = (Kind.UNSUPPORTED, "application/octet-stream")
_ENDINGS: Final[dict[str, tuple[Kind, str]]] = {
    "jpg": (Kind.IMAGE, "image/jpeg"),
    "jpeg": (Kind.IMAGE, "image/jpeg"),
    "png": (Kind.IMAGE, "image/png"),
    "webp": (Kind.IMAGE, "image/webp"),
    "gif": (Kind.IMAGE, "image/gif"),
    "bmp": (Kind.IMAGE, "image/bmp"),
    "avif": (Kind.IMAGE, "image/avif"),
    "mp4": (Kind.CLIP, "video/mp4"),
    "m4v": (Kind.CLIP, "video/mp4"),
    "mov": (Kind.CLIP, "video/quicktime"),
    "mkv": (Kind.CLIP, "video/x-matroska"),
    "webm": (Kind.CLIP, "video/webm"),
    "txt": (Kind.TEXT, "text/plain"),
    "md": (Kind.TEXT, "text/markdown"),
}


class Skip(enum.StrEnum):
    """Why a name in the folder is not an item."""

    HIDDEN = "hidden"
    LINK = "link"
    SPECIAL = "special"
    """A pipe, socket or device."""
    TOO_DEEP = "too_deep"
    CLOSED = "closed"
    """A folder that could not be listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaFile:
    """A regular file as the folder lists it; nothing of it has been read."""

    name: str
    """Relative, `/` between the parts, NFC, printable, unique in its folder."""
    path: Path
    kind: Kind
    declared_type: str
    size_bytes: int
    readable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A name that was passed over, and why; never silently."""

    name: str
    why: Skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """A listing in a fixed order: by name, code point by code point."""

    files: tuple[MediaFile, ...]
    skipped: tuple[Skipped, ...]


def kind_of(name: str) -> tuple[Kind, str]:
    """Return kind and declared media type by the ending alone."""
    ending = name.rpartition("/")[2].rpartition(".")[2].lower()
    return _ENDINGS.get(ending, _OTHER) if "." in name.rpartition("/")[2] else _OTHER


def list_folder(root: Path, *, leave_out: Path | None = None) -> Folder:
    """List the files of a folder and of the folders in it.

    Args:
        root: The folder; it may itself be a link.
        leave_out: The table, when it lies beside the media.

    Raises:
        RefusedError: there is no such folder (INPUT_MISSING).
        UnavailableError: it cannot be listed (DISK_FAILED).
    """
    if not root.is_dir():
        raise RefusedError(Code.INPUT_MISSING, "media folder")
    try:
        top = sorted(os.scandir(root), key=lambda entry: entry.name)
    except OSError as error:
        raise UnavailableError(Code.DISK_FAILED, "media folder") from error
    table = leave_out.resolve() if leave_out is not None else None
    found = tuple(_walk(top, parents=()))
    files = [
        each
        for each in found
        if isinstance(each, MediaFile) and each.path.resolve() != table
    ]
    return Folder(
        files=_unique(sorted(files, key=lambda file: (file.name, str(file.path)))),
        skipped=tuple(each for each in found if isinstance(each, Skipped)),
    )


def _unique(files: Iterable[MediaFile]) -> tuple[MediaFile, ...]:
    """Number names that are told apart by bytes only, not as text."""
    taken: set[str] = set()
    kept = []
    for file in files:
        name, number = file.name, 1
        while name in taken:
            number += 1
            name = f"{file.name} ({number})"
        taken.add(name)
        kept.append(dataclasses.replace(file, name=name))
    return tuple(kept)


def _walk(
    entries: list[os.DirEntry[str]], *, parents: tuple[str, ...]
) -> Iterator[MediaFile | Skipped]:
    for entry in entries:
        name = "/".join((*parents, entry.name))
        skip = _skip(entry, depth=len(parents))
        if skip is not None:
            yield Skipped(name=_printable(name), why=skip)
        elif entry.is_dir(follow_symlinks=False):
            try:
                inner = sorted(os.scandir(entry.path), key=lambda each: each.name)
            except OSError:
                yield Skipped(name=name, why=Skip.CLOSED)
                continue
            yield from _walk(inner, parents=(*parents, entry.name))
        else:
            yield _media(entry, name)


def _skip(entry: os.DirEntry[str], *, depth: int) -> Skip | None:
    if entry.name.startswith("."):
        return Skip.HIDDEN
    if entry.is_symlink():
        return Skip.LINK
    if entry.is_dir(follow_symlinks=False):
        return Skip.TOO_DEEP if depth >= DEPTH_COUNT else None
    return None if entry.is_file(follow_symlinks=False) else Skip.SPECIAL


def _media(entry: os.DirEntry[str], name: str) -> MediaFile:
    kind, declared = kind_of(name)
    try:
        size_bytes = entry.stat(follow_symlinks=False).st_size
        readable = os.access(entry.path, os.R_OK)
    except OSError:
        size_bytes, readable = 0, False
    return MediaFile(
        name=unicodedata.normalize("NFC", _printable(name)),
        path=Path(entry.path),
        kind=kind,
        declared_type=declared,
        size_bytes=size_bytes,
        readable=readable,
    )


def _printable(name: str) -> str:
    """Return the name without what no text can hold: bad bytes and controls."""
    kept = name.encode("utf-8", "replace").decode("utf-8")
    return "".join(char if unicodedata.category(char) != "Cc" else "?" for char in kept)


def open_regular(path: Path) -> int:
    """Open a regular file for reading and return its descriptor.

    Never follows a link and never waits for a pipe, whatever has taken the place
    of the file since it was listed.

    Raises:
        OSError: it is gone, closed to us, or no regular file any more.
    """
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    descriptor = os.open(path, flags | getattr(os, "O_CLOEXEC", 0))
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return descriptor
    os.close(descriptor)
    raise OSError("not a regular file")
