"""A keyring that hangs or prompts holds nothing up."""

from __future__ import annotations

import threading

import pytest

from reviewer.keys.anchorcopies import MAX_COPY_BYTES, KeyringCopies
from tests.fakes.key_vault import MemorySecrets

VAULT = "ab" * 16


class Hanging(MemorySecrets):
    """Waits for a person who is not there, until the test lets it go."""

    def __init__(self) -> None:
        super().__init__()
        self.answered = threading.Event()

    def put(self, name: str, secret: bytes) -> None:
        self.answered.wait()
        super().put(name, secret)


def test_a_keyring_that_hangs_is_given_up_on() -> None:
    """Not sure, so not counted; what arrives later can be read."""
    secrets = Hanging()
    copies = KeyringCopies(secrets, patience_s=0.01)
    assert not copies.write(VAULT, 1, b"anchor")
    assert copies.read(VAULT, 1) is None
    secrets.answered.set()
    for thread in threading.enumerate():
        if thread.name == "keyring":
            thread.join()
    assert copies.read(VAULT, 1) == b"anchor"


def test_a_copy_fits_into_every_keyring() -> None:
    """2 560 bytes of UTF-16 in Windows, and the names do not tell what they are of."""
    secrets = MemorySecrets()
    copies = KeyringCopies(secrets)
    assert copies.write(VAULT, 1, bytes(MAX_COPY_BYTES))
    assert (MAX_COPY_BYTES * 4 // 3) * 2 <= 2_560
    with pytest.raises(AssertionError):
        copies.write(VAULT, 2, bytes(MAX_COPY_BYTES + 1))
    assert list(secrets.kept) == [f"{VAULT}.anchor.1"]
