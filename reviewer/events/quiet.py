"""Silence the libraries: what they would say may hold paths, names or content.

Pillow names files, httpx2 names addresses, keyring its backends, uvicorn each
request; SQLCipher is silenced where it is opened. Nothing of it is kept.
"""

from __future__ import annotations

import contextlib
import logging
import warnings
from collections.abc import Iterator

LIBRARIES = (
    "PIL",
    "keyring",
    "httpx2",
    "httpcore2",
    "uvicorn",
    "sqlalchemy",
    "asyncio",
)


@contextlib.contextmanager
def silenced() -> Iterator[None]:
    """Let no library write to a log or to standard error; undone at the end.

    Every logger of Python is off, not only those of the named libraries: one that
    is added later is silent too. Warnings of Python quote source lines and values.
    """
    before = logging.root.manager.disable
    last_resort = logging.lastResort
    logging.disable(logging.CRITICAL)
    logging.lastResort = None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.lastResort = last_resort
        logging.disable(before)
