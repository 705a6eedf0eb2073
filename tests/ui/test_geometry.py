"""Where things stand on the stage."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRect, QSize

from reviewer.domain.rendition import MAT_MIN_PX, MediaInfo
from reviewer.ui import geometry

SIDES = st.integers(min_value=200, max_value=2_000)
RATIOS = st.floats(min_value=0.25, max_value=4.0)
VIEWS = st.sampled_from([480, 640, 960])


@given(SIDES, SIDES, VIEWS, RATIOS)
def test_the_view_is_never_wider_than_it_may_be(
    width: int, height: int, view_px: int, ratio: float
) -> None:
    """Its width is what severity allows, and never more than the stage less 32."""
    stage = QSize(width, height)
    rect = geometry.view_rect(stage, view_px=view_px, ratio=ratio)
    assert 1 <= rect.width() <= min(view_px, max(1, width - 32))
    assert 1 <= rect.height() <= max(1, height - 32)
    assert QRect(0, 0, width, height).contains(rect)


@given(SIDES, SIDES, VIEWS, RATIOS)
def test_tiles_stand_apart(width: int, height: int, view_px: int, ratio: float) -> None:
    """Twelve tiles of one size, at least eight pixels of mat between any two."""
    rects = geometry.tile_rects(QSize(width, height), view_px=view_px, ratio=ratio)
    assert len(rects) == 12
    assert len({(rect.width(), rect.height()) for rect in rects}) == 1
    grown = MAT_MIN_PX - 1
    for one, other in combinations(rects, 2):
        assert not one.adjusted(0, 0, grown, grown).intersects(other)


@given(
    st.floats(min_value=-50, max_value=900),
    st.floats(min_value=-50, max_value=900),
    st.floats(min_value=1, max_value=4),
)
def test_the_lens_stays_on_the_picture(x: float, y: float, zoom: float) -> None:
    """The part asked for lies in the frame; where it is painted lies in the view."""
    view = QRect(20, 40, 640, 480)
    centre = geometry.clamped(QPointF(x, y), view)
    box = geometry.lens_box(centre, view, lens_px=168, zoom=zoom)
    assert box.x >= 0
    assert box.y >= 0
    assert box.x + box.width <= 1 + 1e-9
    assert box.y + box.height <= 1 + 1e-9
    area = geometry.lens_rect(centre, view, box, zoom=zoom)
    assert view.toRectF().adjusted(-1, -1, 1, 1).contains(area)


def test_media_without_a_size_have_a_plain_ratio() -> None:
    """Nothing divides by zero."""
    assert geometry.ratio_of(None) == geometry.ratio_of(MediaInfo())
    assert geometry.ratio_of(MediaInfo(width_px=1, height_px=10_000)) == 1 / 4
