"""How long a child may take; time spent decrypting for it does not count."""

from __future__ import annotations

from dataclasses import dataclass

from reviewer.pipe.codes import Op, Subject

_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadlines:
    """Seconds of the wall clock, per request (security.md 3.6)."""

    start_s: float = 30.0
    """From asking for a child to its standing behind its walls."""
    still_s: float = 5.0
    clip_s: float = 10.0
    sheet_s: float = 30.0
    """Twelve key frames of a clip."""
    strip_s: float = 15.0
    """Twelve frames of an animation, which decodes from its start."""
    print_s: float = 90.0
    """A clip of a minute, decoded through, while something else is shown."""
    per_mib_s: float = 0.1
    """More for a large still or text: per MiB of the item."""

    def of(self, op: Op, subject: Subject, *, size_bytes: int) -> float:
        """Return the seconds that one request may take."""
        if subject is Subject.CLIP:
            long_ones = {Op.STORYBOARD: self.sheet_s, Op.FINGERPRINT: self.print_s}
            return long_ones.get(op, self.clip_s)
        if op in {Op.STORYBOARD, Op.FINGERPRINT} and subject is Subject.STILL:
            return self.strip_s
        return self.still_s + self.per_mib_s * (size_bytes / _MIB)
