"""docs/openapi.json, as the running application describes itself.

Run `uv run python -m tests.docs.openapi_document` after a change of a route.
"""

from __future__ import annotations

import json
import sys

from reviewer.coordinator.app import routes
from tests.architecture.checkout import ROOT

DOCUMENT = ROOT / "docs" / "openapi.json"


def render() -> str:
    """Return the whole document."""
    return json.dumps(routes().openapi(), indent=2, sort_keys=True) + "\n"


if __name__ == "__main__":
    DOCUMENT.write_text(render(), encoding="utf-8")
    sys.stdout.write(f"{len(routes().openapi()['paths'])} paths\n")
