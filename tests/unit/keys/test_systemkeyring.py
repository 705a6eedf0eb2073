"""The system keyring: three classes, by type, and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from keyring.backend import KeyringBackend
from keyring.backends import chainer, fail, null
from keyring.backends.macOS import Keyring as MacKeyring
from keyring.backends.SecretService import Keyring as SecretServiceKeyring
from keyring.backends.Windows import WinVaultKeyring
from keyring.errors import InitError, KeyringLocked, PasswordDeleteError

from reviewer.domain.orgconfig import KeyringMode
from reviewer.errors import Code, UnavailableError
from reviewer.keys.systemkeyring import ACCEPTED, SERVICE, SystemKeyring, system_keyring

SECRET = bytes(range(32))


class PlainKeyring(KeyringBackend):
    """A backend that would keep everything readable."""

    priority = 9

    def get_password(self, service: str, username: str) -> str | None:
        return "plain"

    def set_password(self, service: str, username: str, password: str) -> None:
        raise AssertionError("must not be asked")


class Derived(SecretServiceKeyring):
    """Not the class itself."""


class Memory:
    """What a healthy keyring holds; its methods stand in for the backend's own."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.error: Exception | None = None

    def get_password(self, service: str, username: str) -> str | None:
        self._raise()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._raise()
        assert (service, username) not in self.kept
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._raise()
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError("none")

    def _raise(self) -> None:
        if self.error is not None:
            raise self.error


@pytest.fixture
def memory() -> Memory:
    return Memory()


@pytest.fixture
def accepted(memory: Memory) -> SystemKeyring:
    """An accepted class whose calls go to memory."""
    make: type[KeyringBackend] = SecretServiceKeyring
    backend = make()
    for name in ("get_password", "set_password", "delete_password"):
        setattr(backend, name, getattr(memory, name))
    return SystemKeyring(backend)


def test_exactly_three_classes_are_accepted() -> None:
    """Named, so that a fourth takes a decision."""
    assert (WinVaultKeyring, MacKeyring, SecretServiceKeyring) == ACCEPTED


OTHERS: list[Callable[[], KeyringBackend | None]] = [
    lambda: None,
    null.Keyring,
    fail.Keyring,
    chainer.ChainerBackend,
    PlainKeyring,
]


@pytest.mark.parametrize("make", OTHERS, ids=["no", "null", "fail", "chainer", "plain"])
def test_any_other_class_is_refused(make: Callable[[], KeyringBackend | None]) -> None:
    """Never asked for anything, and named in the report."""
    keyring = SystemKeyring(make())
    assert not keyring.available()
    for call in (
        lambda: keyring.get("name"),
        lambda: keyring.put("name", SECRET),
        lambda: keyring.delete("name"),
    ):
        with pytest.raises(UnavailableError) as caught:
            call()
        assert caught.value.code is Code.KEYRING_MISSING
    report = keyring.report(KeyringMode.REQUIRED)
    assert (report.accepted, report.permitted) == (False, False)
    assert keyring.report(KeyringMode.OPTIONAL).permitted


def test_a_subclass_is_not_the_class() -> None:
    """By type, not by isinstance."""
    make: type[KeyringBackend] = Derived
    assert not SystemKeyring(make()).available()


def test_a_secret_comes_back(accepted: SystemKeyring, memory: Memory) -> None:
    """43 characters of text in the keyring, 32 bytes for us."""
    accepted.put("name", SECRET)
    assert accepted.get("name") == SECRET
    assert len(memory.kept[SERVICE, "name"]) == 43
    accepted.delete("name")
    accepted.delete("name")
    with pytest.raises(UnavailableError) as caught:
        accepted.get("name")
    assert caught.value.code is Code.KEYRING_MISSING


def test_a_name_is_written_once(accepted: SystemKeyring) -> None:
    """On macOS a write deletes before it adds: a second one could lose both."""
    accepted.put("name", SECRET)
    with pytest.raises(UnavailableError):
        accepted.put("name", bytes(32))
    assert accepted.get("name") == SECRET


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (KeyringLocked("no"), Code.KEYRING_LOCKED),
        (InitError("no"), Code.KEYRING_MISSING),
        (RuntimeError("no"), Code.KEYRING_MISSING),
        (OSError("no"), Code.KEYRING_MISSING),
    ],
)
def test_failures_of_the_backend_get_our_codes(
    accepted: SystemKeyring, memory: Memory, error: Exception, code: Code
) -> None:
    """Whatever it raises, and without its message."""
    memory.error = error
    for call in (
        lambda: accepted.get("name"),
        lambda: accepted.put("name", SECRET),
        lambda: accepted.delete("name"),
    ):
        with pytest.raises(UnavailableError) as caught:
            call()
        assert caught.value.code is code
        assert caught.value.detail in {"", type(error).__name__}


def test_a_dismissed_prompt_is_a_locked_keyring(
    accepted: SystemKeyring, memory: Memory
) -> None:
    """The person said no; nothing is missing."""
    exceptions = pytest.importorskip("secretstorage.exceptions")
    for error, code in (
        (exceptions.PromptDismissedException("no"), Code.KEYRING_LOCKED),
        (exceptions.SecretServiceNotAvailableException("no"), Code.KEYRING_MISSING),
    ):
        memory.error = error
        with pytest.raises(UnavailableError) as caught:
            accepted.get("name")
        assert caught.value.code is code


def test_a_spoilt_secret_is_a_missing_one(
    accepted: SystemKeyring, memory: Memory
) -> None:
    """Text that is no base64 opens nothing and raises nothing foreign."""
    memory.kept[SERVICE, "name"] = "not base64 " * 3
    with pytest.raises(UnavailableError) as caught:
        accepted.get("name")
    assert caught.value.code is Code.KEYRING_MISSING


def test_the_environment_cannot_choose_or_change_the_backend(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """PYTHON_KEYRING_BACKEND and KEYRING_PROPERTY_* have no say."""
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    monkeypatch.setenv("KEYRING_PROPERTY_PREFERRED_COLLECTION", "/elsewhere")
    keyring = system_keyring()
    assert keyring.name.endswith(("SecretService.Keyring", "macOS.Keyring", "Keyring"))
    assert vars(keyring._backend) in ({}, {"keychain": None})
