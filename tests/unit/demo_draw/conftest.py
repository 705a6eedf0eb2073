"""The demonstration's media, drawn once for all tests here."""

from __future__ import annotations

from pathlib import Path

import pytest

from reviewer.demo.draw import draw


@pytest.fixture(scope="package")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of all samples and their table."""
    folder = tmp_path_factory.mktemp("drawn")
    draw(folder)
    return folder
