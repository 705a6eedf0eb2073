"""docs/formats/v1/schemas say what the wire structs say."""

from __future__ import annotations

import json

from reviewer.formats import wire
from tests.vectors.schemas import FOLDER, TOPS, schemas


def test_the_schemas_are_what_the_structs_say() -> None:
    """Run `uv run poe schemas` after a change of a struct."""
    kept = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.iterdir()}
    assert kept == schemas()


def test_every_format_has_its_schema() -> None:
    """A struct that names a format stands among them."""
    named = {name for name in dir(wire) if name.startswith("FORMAT_")}
    assert len(named) == 15
    text = json.dumps(schemas())
    missing = [
        name
        for name in named - {"FORMAT_POLICY", "FORMAT_CONFIG"}
        if getattr(wire, name) not in text
    ]
    assert missing == []
    assert {"policy-pack", "org-config"} <= set(TOPS)


def test_no_schema_knows_of_exposure() -> None:
    """The record of a person's exposure has no place in any format."""
    text = json.dumps(schemas()).lower()
    for word in ("exposure", "reveal", "ms_visible", "duration", "break_", "mood"):
        assert word not in text
