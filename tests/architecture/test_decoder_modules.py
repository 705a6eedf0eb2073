"""The real decoder program loads its own three rooms and nothing of ours beside."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from reviewer.pipe.control import CONTROL_BYTES, check_warm

ROOMS: Final = ("reviewer.decoder", "reviewer.pipe", "reviewer.lockdown")
NEVER: Final = frozenset(
    {
        "PySide6",
        "sqlcipher3",
        "sqlite3",
        "keyring",
        "cryptography",
        "msgspec",
        "httpx2",
        "ssl",
        "http",
        "sqlalchemy",
        "multiprocessing",
    }
)
WARM_SECONDS: Final = 120
_IMPORT: Final = re.compile(r"^import time:[^|]+\|[^|]+\|\s+([\w.]+)$", re.MULTILINE)

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="not run: there is a decoder on Linux only"
)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> frozenset[str]:
    """Return every module that the zygote has loaded when it says it is warm."""
    trace = Path(tmp_path_factory.mktemp("trace")) / "imports"
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    command = (sys.executable, "-I", "-X", "importtime", "-m", "reviewer.decoder")
    with ours, trace.open("wb") as errors:
        process = subprocess.Popen(
            (*command, "zygote", str(theirs.fileno()), "0"),
            pass_fds=(theirs.fileno(),),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            cwd="/",
        )
        theirs.close()
        ours.settimeout(WARM_SECONDS)
        check_warm(ours.recv(CONTROL_BYTES))
        ours.close()
        assert process.wait(WARM_SECONDS) == 0
    return frozenset(_IMPORT.findall(trace.read_text(encoding="utf-8")))


def test_the_decoder_loads_only_its_own_rooms(loaded: frozenset[str]) -> None:
    """No key, no format, no database, no error of ours is in its memory."""
    ours = {name for name in loaded if name.startswith("reviewer.")}
    assert {name for name in ours if not name.startswith(ROOMS)} == set()
    assert "reviewer.decoder.zygote" in ours
    assert "reviewer.lockdown.escapes" not in ours


def test_the_decoder_loads_no_dangerous_library(loaded: frozenset[str]) -> None:
    """Nothing that could reach a key, a database or the network."""
    tops = {name.partition(".")[0] for name in loaded}
    assert tops & NEVER == set()


def test_the_codecs_are_loaded_before_the_walls(loaded: frozenset[str]) -> None:
    """Control: the list is the real one, and holds what decodes."""
    assert {"cv2", "PIL.Image", "av", "numpy", "pyseccomp"} <= loaded
