"""Numbered, forward-only changes of the schema, each in one transaction."""

from __future__ import annotations

from importlib import resources
from typing import Final

from reviewer.errors import Code, UnavailableError
from reviewer.store.database import Database

APPLICATION_ID: Final = 0x52565631  # "RVV1"


def migrate(database: Database) -> None:
    """Bring a database to the newest version; nothing happens to one that is there.

    Raises:
        UnavailableError: PROFILE_NEWER, a later version wrote it; DATABASE_DAMAGED,
            it is another program's; DISK_FULL, DISK_FAILED.
    """
    version = schema_version(database)
    scripts = schema()
    if version > len(scripts):
        raise UnavailableError(Code.PROFILE_NEWER, f"schema {version}")
    if version and _pragma(database, "application_id") != APPLICATION_ID:
        raise UnavailableError(Code.DATABASE_DAMAGED, "application id")
    for number, script in enumerate(scripts[version:], start=version + 1):
        database.script(
            f"{script}\nPRAGMA application_id={APPLICATION_ID};"
            f"\nPRAGMA user_version={number};"
        )


def schema_version(database: Database) -> int:
    """Return the number of the last migration; 0 for an empty file."""
    return _pragma(database, "user_version")


def schema() -> tuple[str, ...]:
    """Return the scripts in order; their numbers leave no gap.

    Raises:
        AssertionError: a number is missing or doubled.
    """
    folder = resources.files("reviewer.store").joinpath("schema")
    found = sorted(
        (one for one in folder.iterdir() if one.name.endswith(".sql")),
        key=lambda one: one.name,
    )
    numbers = [int(one.name.split("_", 1)[0]) for one in found]
    if numbers != list(range(1, len(found) + 1)):
        raise AssertionError("schema numbers")
    return tuple(one.read_text(encoding="utf-8") for one in found)


def _pragma(database: Database, name: str) -> int:
    return int(database.rows(f"PRAGMA {name}")[0][0])
