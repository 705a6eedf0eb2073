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
    FIND = 8


class Rung(enum.IntEnum):
    """The ladder of reveal as numbers; equal to `domain.rendition.Step` by a test."""

    CONCEALED = 0
    SOFTENED = 1
    GREY = 2
    COLOUR = 3


class Charset(enum.IntEnum):
    """How a text says it is written; bytes that say otherwise win (decoder.texts)."""

    UNDECLARED = 0
    WINDOWS_874 = 1
    WINDOWS_1250 = 2
    WINDOWS_1251 = 3
    WINDOWS_1252 = 4
    WINDOWS_1253 = 5
    WINDOWS_1254 = 6
    WINDOWS_1255 = 7
    WINDOWS_1256 = 8
    WINDOWS_1257 = 9
    WINDOWS_1258 = 10
    ISO_8859_1 = 11
    ISO_8859_2 = 12
    ISO_8859_5 = 13
    ISO_8859_6 = 14
    ISO_8859_7 = 15
    ISO_8859_8 = 16
    ISO_8859_9 = 17
    ISO_8859_15 = 18
    KOI8_R = 19
    KOI8_U = 20


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
