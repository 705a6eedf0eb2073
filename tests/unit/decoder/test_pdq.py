"""Fingerprints agree with the reference, and survive what copies go through."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from reviewer.decoder.pdq import hashed_size, pdq
from reviewer.decoder.pictures import Pixels
from reviewer.decoder.showing import Prints, StillShowing
from reviewer.pipe.sizes import PDQ_BYTES, Size
from tests.drawn_media import drawn_pixels
from tests.media_samples import still_path
from tests.unit.decoder.pdq_reference import AS_THEY_ARE, FIVE_TIMES

CONFORMING_BITS = 10  # ThreatExchange: what a version of one's own may differ by
NEAR_BITS = 31
BEST = 100
PHOTOGRAPHS = ("astronaut.png", "coffee.png", "chelsea.png", "rocket.jpg")


def photograph(name: str) -> Image.Image:
    with Image.open(still_path(name)) as opened:
        return opened.convert("RGB")


def apart(one: bytes, other: bytes) -> int:
    return (int.from_bytes(one, "big") ^ int.from_bytes(other, "big")).bit_count()


def prints_of(image: Image.Image, form: str = "PNG", **options: object) -> Prints:
    """Return the fingerprint of a picture as a child would make it of a file."""
    out = io.BytesIO()
    image.save(out, form, **options)
    out.seek(0)
    return StillShowing(out).prints()


@pytest.mark.parametrize("name", AS_THEY_ARE)
def test_photographs_have_the_bits_of_the_reference(name: str) -> None:
    """Not one of 256 differs where nothing is reduced, and the quality is equal."""
    reference, quality = AS_THEY_ARE[name]
    bits, ours = pdq(np.asarray(photograph(name)))
    assert apart(bits, bytes.fromhex(reference)) == 0
    assert ours == quality


@pytest.mark.parametrize("name", FIVE_TIMES)
def test_large_pictures_keep_close_to_the_reference(name: str) -> None:
    """Reduced first, in a file of theirs, still within ten bits."""
    reference, quality = FIVE_TIMES[name]
    pixels = np.asarray(photograph(name)).repeat(5, axis=0).repeat(5, axis=1)
    prints = prints_of(Image.fromarray(pixels), "BMP")
    ((bits, ours),) = prints.frames
    assert apart(bits, bytes.fromhex(reference)) <= CONFORMING_BITS
    assert ours == quality
    assert prints.source == Size(pixels.shape[1], pixels.shape[0])


@pytest.mark.parametrize("name", PHOTOGRAPHS)
def test_a_copy_keeps_its_fingerprint(name: str) -> None:
    """Recompressed, made half and twice the size, brighter: within the threshold."""
    image = photograph(name)
    ((whole, _),) = prints_of(image).frames
    width, height = image.size
    copies = (
        prints_of(image, "JPEG", quality=30),
        prints_of(image, "WEBP", quality=40),
        prints_of(image.resize((width // 2, height // 2)), "JPEG", quality=70),
        prints_of(image.resize((width * 2, height * 2)), "JPEG", quality=80),
        prints_of(image.point(lambda value: min(255, value + 12))),
    )
    for copy in copies:
        ((bits, quality),) = copy.frames
        assert apart(whole, bits) <= NEAR_BITS
        assert quality == BEST


def test_other_pictures_are_far_apart() -> None:
    """No two photographs are within twice the threshold."""
    hashes = [pdq(np.asarray(photograph(name)))[0] for name in AS_THEY_ARE]
    pairs = [(one, two) for one in hashes for two in hashes if one is not two]
    assert min(apart(one, two) for one, two in pairs) > 2 * NEAR_BITS


def test_an_orientation_is_part_of_the_picture() -> None:
    """A turned photograph with its EXIF note is the photograph."""
    image = photograph("coffee.png")
    exif = Image.Exif()
    exif[0x0112] = 6  # a quarter turn clockwise to show
    turned = image.transpose(Image.Transpose.ROTATE_90)
    copy = prints_of(turned, "JPEG", quality=90, exif=exif.tobytes())
    ((whole, _),) = prints_of(image).frames
    ((bits, _),) = copy.frames
    assert apart(whole, bits) <= NEAR_BITS
    assert copy.source == Size(*image.size)


@pytest.mark.parametrize("tone", [0, 128, 255])
def test_an_even_picture_has_no_quality(tone: int) -> None:
    """Nothing varies, so nothing may be concluded."""
    assert pdq(np.full((300, 400, 3), tone, np.uint8))[1] == 0


@pytest.mark.parametrize("shape", [(1, 1), (4, 900), (900, 4)])
def test_a_sliver_has_no_quality(shape: tuple[int, int]) -> None:
    """Below five pixels there is nothing to compare."""
    pixels = np.arange(shape[0] * shape[1] * 3, dtype=np.uint8)
    assert pdq(pixels.reshape(*shape, 3)) == (bytes(PDQ_BYTES), 0)


@pytest.mark.parametrize("size", [(5, 5), (17, 300), (64, 64), (63, 65)])
def test_small_pictures_are_hashed(size: tuple[int, int]) -> None:
    """Less than 64 pixels give 32 bytes all the same."""
    bits, quality = pdq(drawn_pixels(*size))
    assert len(bits) == PDQ_BYTES
    assert 0 <= quality <= BEST


def test_an_animation_has_a_frame_for_each_tile() -> None:
    """One first frame shared by two animations does not make them copies."""
    frames = [Image.fromarray(np.roll(_noise(), n * 9, axis=1)) for n in range(12)]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    out.seek(0)
    prints = StillShowing(out).prints()
    assert len(prints.frames) == 12
    assert len({bits for bits, _ in prints.frames}) > 6


@given(st.integers(1, 65_535), st.integers(1, 65_535))
def test_what_is_hashed_is_bounded(width: int, height: int) -> None:
    """However large the source, and a small one is not touched."""
    source = Size(width, height)
    size = hashed_size(source)
    assert size.pixels_count <= 8_100_000
    assert size.width_px >= 1
    assert size.height_px >= 1
    if min(width, height) < 2_048 and source.pixels_count <= 8_000_000:
        assert size == source


def _noise() -> Pixels:
    x = np.linspace(0, 255, 96)[None, :]
    y = np.linspace(0, 255, 64)[:, None]
    waves = 127 + 60 * np.sin(x / 9) + 60 * np.cos(y / 7 + x / 30)
    return np.repeat(waves[..., None], 3, axis=2).astype(np.uint8)
