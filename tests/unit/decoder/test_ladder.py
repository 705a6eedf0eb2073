"""The ladder of reveal on photographs, measured, and what a child decodes for it.

Softened is to keep what things are and lose what they look like close up: contours
stay, texture goes. Each figure is taken on a view of 640 pixels, as the product's.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Final

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from reviewer.decoder import stills
from reviewer.decoder.pictures import Picture
from reviewer.decoder.showing import StillShowing
from reviewer.pipe.codes import Op, Rung
from reviewer.pipe.frames import Request
from reviewer.pipe.sizes import BOX_UNIT
from tests.drawn_media import drawn_still
from tests.media_samples import still_path

VIEW_PX: Final = 640
CONTOUR_PX: Final = 4  # coarser than this is contour, finer is texture
PHOTOGRAPHS: Final = (
    "astronaut.png",
    "camera.png",
    "chelsea.png",
    "coffee.png",
    "rocket.jpg",
)
Plane = NDArray[np.float32]


@pytest.fixture(autouse=True)
def _bound() -> Iterator[None]:
    before = Image.MAX_IMAGE_PIXELS
    stills.set_up()
    yield
    Image.MAX_IMAGE_PIXELS = before


def asked(rung: Rung, px: int = VIEW_PX, *, part: int = 1) -> Request:
    """Return a request for the upper left one `part`-th of the sides."""
    return Request(
        op=Op.FRAME,
        serial=1,
        rung=rung,
        width_px=px,
        height_px=px,
        box_width=BOX_UNIT // part,
        box_height=BOX_UNIT // part,
    )


def plane(name: str, rung: Rung) -> Plane:
    showing = StillShowing(io.BytesIO(still_path(name).read_bytes()))
    return np.asarray(showing.still(asked(rung))[..., 0], np.float32)


def coarse(view: Plane) -> Plane:
    return np.asarray(cv2.GaussianBlur(view, (0, 0), CONTOUR_PX), np.float32)


def contours(view: Plane) -> Plane:
    """Return how steep a view is at the scale of contours."""
    smooth = coarse(view)
    across = cv2.Sobel(smooth, cv2.CV_32F, 1, 0)
    down = cv2.Sobel(smooth, cv2.CV_32F, 0, 1)
    return np.asarray(np.hypot(across, down), np.float32)


@pytest.mark.parametrize("name", PHOTOGRAPHS)
def test_softened_keeps_contours_and_loses_texture(name: str) -> None:
    """Measured 0.69 to 0.93 of the contours, and 0.28 to 0.56 of the texture."""
    clear, soft = plane(name, Rung.GREY), plane(name, Rung.SOFTENED)
    steep, steep_soft = contours(clear), contours(soft)
    strong = steep > np.quantile(steep, 0.9)
    flat = steep < np.quantile(steep, 0.5)
    assert steep_soft[strong].sum() / steep[strong].sum() > 0.6
    assert np.corrcoef(steep_soft[strong], steep[strong])[0, 1] > 0.85
    texture, texture_soft = clear - coarse(clear), soft - coarse(soft)
    assert texture_soft[flat].std() / texture[flat].std() < 0.65


def test_a_plain_blur_would_not_keep_them() -> None:
    """Control: a blur of the same reach leaves a quarter of the contours."""
    clear = plane("astronaut.png", Rung.GREY)
    blurred = np.asarray(cv2.GaussianBlur(clear, (0, 0), 15), np.float32)
    steep = contours(clear)
    strong = steep > np.quantile(steep, 0.9)
    assert contours(blurred)[strong].sum() / steep[strong].sum() < 0.35


@pytest.mark.parametrize("name", PHOTOGRAPHS)
def test_each_step_shows_more(name: str) -> None:
    """Fine detail rises from concealed over softened to clear."""
    showing = StillShowing(io.BytesIO(still_path(name).read_bytes()))
    small = showing.still(asked(Rung.CONCEALED, 16))
    size = plane(name, Rung.GREY).shape[::-1]
    grown = cv2.resize(small, size, interpolation=cv2.INTER_LINEAR)[..., 0]
    views = [np.asarray(grown, np.float32)]
    views += [plane(name, rung) for rung in (Rung.SOFTENED, Rung.GREY)]
    detail = [float((view - coarse(view)).std()) for view in views]
    assert detail == sorted(detail)
    assert detail[0] < detail[2] / 5


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_the_full_frame_is_decoded_once(
    form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the intent time every look, lens and step uses what is there."""
    loads: list[int] = []
    load = stills.load

    def counted(image: Image.Image, *, reduction: int = 1) -> Picture:
        loads.append(reduction)
        return load(image, reduction=reduction)

    monkeypatch.setattr(stills, "load", counted)
    showing = StillShowing(io.BytesIO(drawn_still(2_400, 1_600, form)))
    showing.still(asked(Rung.CONCEALED, 16))
    showing.prepare()
    before = len(loads)
    for rung in (Rung.SOFTENED, Rung.GREY, Rung.COLOUR):
        showing.still(asked(rung))
        showing.still(asked(rung, 224, part=8))
    showing.still(asked(Rung.CONCEALED, 24))
    assert len(loads) == before
    assert loads.count(1) == 1
