"""How decoding fails inside the child; each class is one status on the pipe."""

from __future__ import annotations

import struct
from typing import Final

import av.error
import cv2
from PIL import Image

from reviewer.pipe.codes import Status


class DecodeError(Exception):
    """The item cannot be shown, for the reason in `status`."""

    def __init__(self, status: Status) -> None:
        """Keep the status; there is no text on purpose."""
        super().__init__(status)
        self.status = status


# More than the child may hold, found late: by the allocator, or within an animation.
TOO_LARGE_ERRORS: Final[tuple[type[Exception], ...]] = (
    MemoryError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)

# What the codecs raise on hostile or broken media. Anything else is a bug of ours
# and ends the child, which the parent reports as a decoder that died.
BROKEN_ERRORS: Final[tuple[type[Exception], ...]] = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    EOFError,
    ArithmeticError,
    AttributeError,
    RuntimeError,
    AssertionError,
    Warning,
    struct.error,
    cv2.error,
    av.error.FFmpegError,
)
