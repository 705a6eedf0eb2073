"""Start a confined helper program: the one place that starts our own processes.

The environment is cleared but for a short allow-list, every descriptor but the
named ones is closed, core dumps are off, and the working folder is the root. The
helper confines itself further (room `lockdown`) before it reads a hostile byte.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NoReturn

from reviewer.errors import Code, UnavailableError

_KEPT_NAMES: Final = ("LANG", "LC_ALL", "TZ")
# One thread each: a zygote must be alone when it forks.
_SET_NAMES: Final = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    # Large pages for large pictures: a fresh child pays for each page it touches.
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
    "OPENCV_OPENCL_RUNTIME": "disabled",
}
_GRACE_SECONDS: Final = 2.0
_SUFFIX: Final = ".exe" if sys.platform == "win32" else ""
# Installed, each program is a folder of its own beside the others.
_LIBRARIES: Final = "LD_LIBRARY_PATH"
_HELPER_TREE: Final = "reviewer-decoder"
_HELPERS: Final = {
    "reviewer.decoder": "reviewer-decoder",
    "reviewer.sandbox.canary": "reviewer-canary",
}


@dataclass(frozen=True, slots=True)
class Launched:
    """A running helper. `end` may be called from any thread, more than once."""

    process: subprocess.Popen[bytes]

    @property
    def pid(self) -> int:
        """Return the number of the process."""
        return self.process.pid

    def kill(self) -> None:
        """End by SIGKILL and reap."""
        self.process.kill()
        self.process.wait()

    def end(self) -> None:
        """Terminate, then kill, then reap."""
        self.process.terminate()
        try:
            self.process.wait(_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()

    def collect(self, timeout_s: float) -> bytes:
        """Wait for the end and return all output; what is late is not returned."""
        try:
            return self.process.communicate(timeout=timeout_s)[0] or b""
        except subprocess.TimeoutExpired:
            self.kill()
            return b""

    def wait(self, timeout_s: float) -> int | None:
        """Return the exit code (negative: a signal), None if it still runs."""
        try:
            return self.process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            return None


def launch(
    module: str,
    arguments: Sequence[str],
    *,
    kept_fds: Sequence[int] = (),
    with_output: bool = False,
) -> Launched:
    """Start one of our helper modules in a process of its own.

    The last argument given to the helper is the process to die with: ours when
    called on the main thread, else 0, because Linux ties a child to the life of
    the *thread* that started it. Such a helper ends when its pipe closes.

    Raises:
        UnavailableError: SANDBOX_UNAVAILABLE, the helper could not be started.
    """
    is_main = threading.current_thread() is threading.main_thread()
    parent = os.getpid() if is_main else 0
    try:
        process = subprocess.Popen(  # noqa: S603 (our own helper, fixed arguments)
            [*_program(module), *arguments, str(parent)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if with_output else subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            close_fds=True,
            pass_fds=tuple(kept_fds),
            cwd="/",
            env=_environment(),
        )
    except OSError as error:
        detail = f"start: errno {error.errno}"
        raise UnavailableError(Code.SANDBOX_UNAVAILABLE, detail) from error
    return Launched(process)


def is_installed() -> bool:
    """Return whether this is a program from an installer, not a checkout or wheel."""
    return bool(getattr(sys, "frozen", False))


def missing_helpers() -> tuple[str, ...]:
    """Return the helpers that an installation should have and has not."""
    if not is_installed():
        return ()
    programs = [(name, Path(_program(module)[0])) for module, name in _HELPERS.items()]
    return tuple(name for name, program in programs if not program.is_file())


def neighbour(name: str) -> Path | None:
    """Return the program of another installed tree, such as `reviewer-coordinator`.

    None in a checkout, where there are no trees; where it is not installed; and in
    that program itself.
    """
    program = _trees() / name / f"{name}{_SUFFIX}"
    is_another = program != Path(sys.executable).resolve()
    return program if is_installed() and is_another and program.is_file() else None


def become(program: Path, arguments: Sequence[str]) -> NoReturn:
    """Replace this process by a program of ours; its exit code is ours.

    What the packer of this tree has put into the environment is taken out again:
    the other tree has libraries of its own.

    Raises:
        OSError: the program cannot be started.
    """
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("_PYI_") and name != _LIBRARIES
    }
    if f"{_LIBRARIES}_ORIG" in environment:
        environment[_LIBRARIES] = environment.pop(f"{_LIBRARIES}_ORIG")
    sys.stdout.flush()
    sys.stderr.flush()
    os.execve(program, [str(program), *arguments], environment)  # noqa: S606 (ours)


def _program(module: str) -> list[str]:
    if is_installed():
        return [str(_trees() / _HELPER_TREE / f"{_HELPERS[module]}{_SUFFIX}")]
    return [sys.executable, "-I", "-m", module]


def _trees() -> Path:
    return Path(sys.executable).resolve().parent.parent


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT_NAMES if name in os.environ}
    return kept | _SET_NAMES
