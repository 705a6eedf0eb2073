"""Writes docs/formats/v1/schemas from the wire structs: `uv run poe schemas`.

The schemas are made from the structs and nothing else, and a test compares, so that
code and documents cannot drift. A schema says what a value looks like; it cannot say
that it is canonical, nor that it is true.
"""

from __future__ import annotations

import enum
import json
import sys
import types
import typing
from pathlib import Path
from typing import Any, Final

import msgspec

from reviewer.domain.ids import BatchId, ItemId, KeyId, Sha256Hex, UtcTime
from reviewer.domain.orgconfig import OrgConfig
from reviewer.domain.policy import PolicyPack
from reviewer.formats import wire
from reviewer.formats.entry import BODY_TYPES
from reviewer.formats.envelope import Envelope
from reviewer.formats.shapes import MAX_INTEGER

FOLDER: Final = Path(__file__).parents[2] / "docs" / "formats" / "v1" / "schemas"
TOPS: Final[dict[str, type[msgspec.Struct]]] = {
    "batch": wire.BatchOuter,
    "contents": wire.Contents,
    "directory": wire.Directory,
    "enrolment": wire.Enrolment,
    "entry": wire.Entry,
    "envelope": Envelope,
    "invitation": wire.Invitation,
    "manifest": wire.Manifest,
    "org-config": OrgConfig,
    "policy-pack": PolicyPack,
    "receipt": wire.Receipt,
    "revocations": wire.Revocations,
    "seal-binding": wire.SealBinding,
    "submission": wire.SubmissionOuter,
    "threat": wire.Threat,
    "trust": wire.TrustBundle,
}
Schema = dict[str, Any]
_HEX_16: Final = "^[0-9a-f]{32}$"
_HEX_32: Final = "^[0-9a-f]{64}$"
_TIME: Final = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"
_NAMED: Final[dict[object, Schema]] = {
    BatchId: {"type": "string", "pattern": _HEX_16},
    ItemId: {"type": "string", "pattern": _HEX_16},
    KeyId: {"type": "string", "pattern": _HEX_32},
    Sha256Hex: {"type": "string", "pattern": _HEX_32},
    UtcTime: {"type": "string", "pattern": _TIME},
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer", "minimum": 0, "maximum": MAX_INTEGER},
    object: {},
}
_QUARTER: Final = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T(00|06|12|18)$"


def schemas() -> dict[str, str]:
    """Return the text of each schema file by its name."""
    return {
        f"{name}.schema.json": json.dumps(_top(name, top), indent=2) + "\n"
        for name, top in TOPS.items()
    }


def write() -> None:
    """Write every file, and remove those that no struct has any more."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    wanted = schemas()
    for path in FOLDER.iterdir():
        if path.name not in wanted:
            path.unlink()
    for name, text in wanted.items():
        (FOLDER / name).write_text(text, encoding="utf-8")


def _top(name: str, top: type[msgspec.Struct]) -> Schema:
    """Return one whole schema: a struct and all that it holds."""
    defs: dict[str, Schema] = {}
    found = _struct(top, defs)
    if top is wire.Entry:
        _add_bodies(found, defs)
    head: Schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"{name}, version 1 draft",
    }
    whole = head | found
    if defs:
        whole["$defs"] = dict(sorted(defs.items()))
    return whole


def _struct(type_: type[msgspec.Struct], defs: dict[str, Schema]) -> Schema:
    """Return a struct as an object; a field that came later may be absent."""
    hints = typing.get_type_hints(type_)
    names = sorted(type_.__struct_fields__)
    properties = {name: _of(hints[name], defs) for name in names}
    for name, value in _constants(type_).items():
        properties[name] = {"const": value}
    return {
        "description": _first_line(type_),
        "type": "object",
        "properties": properties,
        "required": [name for name in names if not _may_be_absent(hints[name])],
        "additionalProperties": False,
    }


def _constants(type_: type[msgspec.Struct]) -> dict[str, str]:
    """Return the fields that name a format, with the one name each may hold."""
    fields = msgspec.structs.fields(type_)
    return {
        field.name: field.default
        for field in fields
        if field.name in {"format", "v"} and isinstance(field.default, str)
    }


def _of(hint: Any, defs: dict[str, Schema]) -> Schema:  # noqa: ANN401 (an annotation)
    """Return the schema of an annotation."""
    if hint in _NAMED:
        return dict(_NAMED[hint])
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return {"enum": [member.value for member in hint]}
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        if hint.__name__ not in defs:
            defs[hint.__name__] = {}
            defs[hint.__name__] = _struct(hint, defs)
        return {"$ref": f"#/$defs/{hint.__name__}"}
    return _generic(hint, defs)


def _generic(hint: Any, defs: dict[str, Schema]) -> Schema:  # noqa: ANN401
    """Return the schema of an optional, a tuple or a dict."""
    arguments = typing.get_args(hint)
    origin = typing.get_origin(hint)
    if _may_be_absent(hint):
        return _of(arguments[0], defs)
    if origin in {types.UnionType, typing.Union}:
        return {"anyOf": [_of(arguments[0], defs), {"type": "null"}]}
    if origin is tuple:
        return {"type": "array", "items": _of(arguments[0], defs)}
    if origin is dict:
        return {"type": "object", "additionalProperties": _of(arguments[1], defs)}
    raise TypeError(repr(hint))


def _may_be_absent(hint: Any) -> bool:  # noqa: ANN401 (an annotation)
    return msgspec.UnsetType in typing.get_args(hint)


def _add_bodies(entry: Schema, defs: dict[str, Schema]) -> None:
    """Say which body each act calls for; the other acts are reserved."""
    entry["properties"]["at"] = {"type": "string", "pattern": _QUARTER}
    entry["properties"]["act"] = {"enum": [act.value for act in BODY_TYPES]}
    entry["allOf"] = [
        {
            "if": {"properties": {"act": {"const": act.value}}},
            "then": {"properties": {"body": _of(body, defs)}},
        }
        for act, body in BODY_TYPES.items()
    ]


def _first_line(type_: type[msgspec.Struct]) -> str:
    return (type_.__doc__ or "").strip().split("\n")[0]


if __name__ == "__main__":
    write()
    sys.stdout.write(f"{len(TOPS)} schemas\n")
