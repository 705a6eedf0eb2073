"""Run a program as on a kernel without Landlock: its three calls do not exist.

`python without_landlock.py PROGRAM [ARGUMENT…]`, as root: a filter that answers as
such a kernel does, inherited by everything that the program starts.
"""

from __future__ import annotations

import errno
import os
import sys
from typing import Final

import pyseccomp  # type: ignore[import-untyped]

CALLS: Final = (
    "landlock_create_ruleset",
    "landlock_add_rule",
    "landlock_restrict_self",
)


def main(command: list[str]) -> None:
    """Become the program behind the filter."""
    rules = pyseccomp.SyscallFilter(defaction=pyseccomp.ALLOW)
    # Root needs no such promise for a filter, and must still become the person.
    rules.set_attr(pyseccomp.Attr.CTL_NNP, 0)
    for name in CALLS:
        rules.add_rule(pyseccomp.ERRNO(errno.ENOSYS), name)
    rules.load()
    os.execvp(command[0], command)  # noqa: S606 (a test's own command)


if __name__ == "__main__":
    main(sys.argv[1:])
