"""The numbers that mean something on the pipe, each stated once.

Only integers, pixels and validated text cross the boundary: a child answers with
one of these codes, never with words of its own (Dangerzone's rule).
"""

from __future__ import annotations

import enum


class Subject(enum.IntEnum):
    """What the child is to take the item for; chooses codecs and syscall filter."""

    STILL = 1
    CLIP = 2
    TEXT = 3


class Op(enum.IntEnum):
    """What the parent asks."""

    INFO = 1
    STILL = 2
    STORYBOARD = 3
    FRAME = 4
    TEXT = 5
    PREPARE = 6
    FINGERPRINT = 7


class Rung(enum.IntEnum):
    """The ladder of reveal as numbers; equal to `domain.rendition.Step` by a test."""

    CONCEALED = 0
    SOFTENED = 1
    GREY = 2
    COLOUR = 3


class Mark(enum.IntEnum):
    """The first byte of what a child sends."""

    READY = 0xA1
    READ = 0xA2
    RESULT = 0xA3


class Status(enum.IntEnum):
    """How a request ended."""

    OK = 0
    BROKEN = 1
    UNSUPPORTED = 2
    TOO_LARGE = 3
    BAD_REQUEST = 4


class Wall(enum.IntEnum):
    """Which walls the child stands behind, as it found them before any item byte."""

    FULL = 1
    REDUCED = 2


class Exit(enum.IntEnum):
    """Exit codes of the decoder program and its children."""

    DONE = 0
    CRASHED = 70
    LOCK_FAILED = 71
    PIPE_BROKEN = 72
    NOT_ALONE = 73
    USAGE = 74
