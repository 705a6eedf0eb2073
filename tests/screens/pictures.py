"""A decoder pool whose pictures are drawn by code, so that a screen looks like one."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from PIL import Image, ImageFilter, ImageOps

from reviewer.demo import draw_scenes
from reviewer.domain.ids import ItemId
from reviewer.domain.item import Kind
from reviewer.domain.rendition import Box, Rendition, Step
from reviewer.errors import Code
from reviewer.media.meter import RenditionMeter
from reviewer.pipe.sizes import SHEET_TILES_COUNT, Size, fit, fit_tile, frame_within
from reviewer.ports import MediaReader
from reviewer.safeguards.grant import Grant
from tests.fakes.decoder import FakeDecoderPool, FakeSession

SCENES: Final = {
    "hills": draw_scenes.hills,
    "map": draw_scenes.town_map,
    "rings": draw_scenes.rings,
    "crowd": draw_scenes.crowd,
    "chart": draw_scenes.chart,
}
_SOFT_PX: Final = 6


class DrawnSession(FakeSession):
    """Draws what the item's description names: `FAKE still 1600 1200 hills 0`."""

    def __init__(
        self,
        reader: MediaReader,
        *,
        item_id: ItemId,
        kind: Kind,
        meter: RenditionMeter | None,
        failure: Code | None,
    ) -> None:
        super().__init__(
            reader, item_id=item_id, kind=kind, meter=meter, failure=failure
        )
        self._source = reader

    def concealed(self, *, long_side_px: int, grey: bool) -> Rendition:
        picture = self._drawn()
        size = fit(Size(*picture.size), width_px=long_side_px, height_px=long_side_px)
        return _rendition(Step.CONCEALED, picture, size, grey=grey)

    def storyboard(self, *, grey: bool) -> tuple[Rendition, ...]:
        moments = range(SHEET_TILES_COUNT if self.info().duration_ms else 1)
        pictures = [self._drawn(moment) for moment in moments]
        return tuple(
            _rendition(Step.CONCEALED, one, fit_tile(Size(*one.size)), grey=grey)
            for one in pictures
        )

    def clear(
        self, grant: Grant, /, *, box: Box, width_px: int, height_px: int, at_ms: int
    ) -> Rendition:
        picture = self._drawn(at_ms // 2_000)
        wide, high = picture.size
        left, top = round(box.x * wide), round(box.y * high)
        cut = picture.crop(
            (left, top, left + round(box.width * wide), top + round(box.height * high))
        )
        if grant.step is Step.SOFTENED:
            cut = cut.filter(ImageFilter.GaussianBlur(_SOFT_PX))
        frame = frame_within(width_px, height_px)
        size = fit(Size(*cut.size), width_px=frame.width_px, height_px=frame.height_px)
        return _rendition(grant.step, cut, size, grey=grant.step is not Step.COLOUR)

    def _drawn(self, moment: int = 0) -> Image.Image:
        self._picture()
        head = self._source.read(0, self._source.size_bytes).decode().split(" ")
        scene = next((one for one in head if one in SCENES), "hills")
        return drawn(scene, int(head[2]), int(head[3]), moment)


class DrawnPool(FakeDecoderPool):
    """A `FakeDecoderPool` of sessions that draw scenes."""

    def open(
        self, reader: MediaReader, /, *, item_id: ItemId, kind: Kind, declared_type: str
    ) -> FakeSession:
        """Refuse as the fake does, then draw."""
        super().open(
            reader, item_id=item_id, kind=kind, declared_type=declared_type
        ).close()
        self.sessions[-1] = DrawnSession(
            reader,
            item_id=item_id,
            kind=kind,
            meter=None,
            failure=self._failures.get(item_id),
        )
        return self.sessions[-1]


@lru_cache(maxsize=64)
def drawn(scene: str, width_px: int, height_px: int, moment: int = 0) -> Image.Image:
    """Return a scene of a size; the same one every time."""
    name = f"{scene} {moment}" if moment else scene
    return SCENES[scene](name, (width_px, height_px), words="Drawn by code")


def _rendition(
    step: Step, picture: Image.Image, size: Size, *, grey: bool
) -> Rendition:
    small = picture.resize((size.width_px, size.height_px), Image.Resampling.BOX)
    if grey:
        small = ImageOps.grayscale(small).convert("RGB")
    return Rendition(
        step=step,
        width_px=size.width_px,
        height_px=size.height_px,
        pixels=small.tobytes(),
    )
