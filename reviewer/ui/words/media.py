"""What is known of an item's media, in words: plain numbers, nothing of its content."""

from __future__ import annotations

from reviewer.domain.rendition import MediaInfo
from reviewer.ui import messages


def media(info: MediaInfo) -> str:
    """Return length, frames or words; empty for a still."""
    if info.pages_count:
        return body(info)
    if not info.duration_ms:
        return ""
    length = messages.duration(info.duration_ms)
    if info.frames_reached > 1:
        return f"{_animation(info)}, {length}"
    return length + (", with sound" if info.has_audio else "")


def body(info: MediaInfo) -> str:
    """Return how long a text is; one too long to be counted has pages."""
    if info.words_count or info.pages_count <= 1:
        return messages.counted(info.words_count, "word", "words")
    return messages.counted(info.pages_count, "page", "pages")


def _animation(info: MediaInfo) -> str:
    """Return how many frames there are, and how far the strip of them reaches."""
    frames = f"{info.frames_count:,} frames"
    if info.frames_reached < info.frames_count:
        return f"{frames}, the strip is of the first {info.frames_reached:,}"
    return frames
