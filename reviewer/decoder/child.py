"""One locked child: lock first, then read the first byte of the item."""

from __future__ import annotations

import mmap
import os
from collections.abc import Mapping
from typing import NoReturn

from reviewer.decoder.channel import Channel, ParentGoneError
from reviewer.decoder.serving import Server
from reviewer.lockdown.kernel import LockError
from reviewer.lockdown.lock import Lock, lock_for_clips, lock_for_stills, lock_for_texts
from reviewer.pipe.codes import Exit, Subject, Wall
from reviewer.pipe.frames import FrameError, Ready

Locks = Mapping[Subject, Lock]


def prepare_locks() -> Locks:
    """Build the walls of every subject while files can still be opened."""
    return {
        Subject.STILL: lock_for_stills(),
        Subject.TEXT: lock_for_texts(),
        Subject.CLIP: lock_for_clips(),
    }


def become_child(
    *, pipe_fd: int, shared_fd: int, lock: Lock, without_landlock: bool
) -> NoReturn:
    """Lock this process, serve one item, and end. Never returns, never prints.

    Everything the child keeps is standard streams, the pipe and the mapped memory;
    the caller has closed the rest.
    """
    code = Exit.CRASHED
    try:
        shared = mmap.mmap(shared_fd, os.fstat(shared_fd).st_size)
        os.close(shared_fd)
        has_landlock = lock.apply(without_landlock=without_landlock)
        channel = Channel(pipe_fd)
        wall = Wall.FULL if has_landlock else Wall.REDUCED
        hello = channel.ready(Ready(wall=wall))
        Server(channel, memoryview(shared), hello).run()
    except ParentGoneError:
        code = Exit.DONE
    except LockError:
        code = Exit.LOCK_FAILED
    except FrameError:
        code = Exit.PIPE_BROKEN
    finally:
        os._exit(code)  # also after a bug: a traceback would open files
