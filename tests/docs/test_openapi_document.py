"""The published document is the one that the service serves."""

from __future__ import annotations

import json

from tests.docs.openapi_document import DOCUMENT, render


def test_the_document_is_the_applications() -> None:
    """Run `uv run python -m tests.docs.openapi_document` after a change."""
    assert json.loads(DOCUMENT.read_text(encoding="utf-8")) == json.loads(render())


def test_everything_but_joining_is_signed() -> None:
    """Only trust, invitations and enrolments are open to anyone."""
    paths = json.loads(render())["paths"]
    is_open = {
        path
        for path, methods in paths.items()
        if any("security" not in method for method in methods.values())
    }
    assert is_open == {
        "/v1/trust",
        "/v1/invitations/{invitation_key_id}",
        "/v1/enrolments",
    }
