"""What is said of media before anything is shown: numbers, in words."""

from __future__ import annotations

import pytest

from reviewer.domain.rendition import MediaInfo
from reviewer.ui.words.media import body, media


@pytest.mark.parametrize(
    ("info", "words"),
    [
        (MediaInfo(width_px=10, height_px=10, frames_count=1, frames_reached=1), ""),
        (MediaInfo(words_count=214, pages_count=1), "214 words"),
        (MediaInfo(words_count=0, pages_count=1), "0 words"),
        (MediaInfo(words_count=0, pages_count=41_391), "41,391 pages"),
    ],
)
def test_media_in_words(info: MediaInfo, words: str) -> None:
    """A long text is told in pages, because nobody has counted its words."""
    assert media(info) == words


def test_an_animation_says_how_far_its_strip_reaches() -> None:
    """Where that is not all of it; and how long it plays."""
    short = MediaInfo(frames_count=24, frames_reached=24, duration_ms=2_400)
    assert media(short).startswith("24 frames, ")
    long = MediaInfo(frames_count=20_000, frames_reached=1_666, duration_ms=2_000_000)
    assert media(long).startswith("20,000 frames, the strip is of the first 1,666, ")


def test_a_text_is_told_by_its_length() -> None:
    """The line that stands for it while it is concealed."""
    assert body(MediaInfo(words_count=1, pages_count=1)) == "1 word"
