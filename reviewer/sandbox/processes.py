"""Start other programs: a thin wrapper, since `subprocess` is banned elsewhere."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from reviewer.errors import Code, UnavailableError

Process = subprocess.Popen[bytes]
"""A running program: `stdout`, `poll`, `wait`, `terminate`, `kill`."""


def start(
    argv: Sequence[str],
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    kept_fds: Sequence[int] = (),
    with_output: bool = False,
) -> Process:
    """Start a program without a shell, nothing inherited but the named descriptors.

    Args:
        argv: The program and its arguments; never built from untrusted text.
        env: The whole environment of the program; None inherits ours.
        cwd: Its working folder; None inherits ours.
        kept_fds: Descriptors that it may keep.
        with_output: Whether `stdout` is a pipe to us; else it is ours.

    Raises:
        UnavailableError: INPUT_MISSING, the program could not be started.
    """
    try:
        return subprocess.Popen(  # noqa: S603 (the caller's own program)
            list(argv),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if with_output else None,
            close_fds=True,
            pass_fds=tuple(kept_fds),
            cwd=cwd,
            env=None if env is None else dict(env),
        )
    except OSError as error:
        detail = f"start: errno {error.errno}"
        raise UnavailableError(Code.INPUT_MISSING, detail) from error
