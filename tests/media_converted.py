"""The same real photographs in the other still formats: WebP, BMP, turned JPEG."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from tests.media_samples import still_path


def write_converted(folder: Path) -> tuple[Path, ...]:
    """Write one file of each further still format from a real photograph."""
    with Image.open(still_path("chelsea.png")) as opened:
        cat = opened.convert("RGB")
    turned = Image.Exif()
    turned[0x0112] = 6
    paths = tuple(
        folder / name for name in ("cat.webp", "cat.bmp", "turned.jpg", "print.jpg")
    )
    cat.save(paths[0], "WEBP", quality=80)
    cat.save(paths[1], "BMP")
    cat.save(paths[2], "JPEG", exif=turned.tobytes())
    cat.convert("CMYK").save(paths[3], "JPEG")
    return paths
