"""The bill of materials: libraries inside wheels are in it, by their own words."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any, Final

import pytest

from tests.packaging.roots import BUILT, ROOT

BILL: Final = BUILT / "reviewer.cdx.json"

pytestmark = [
    pytest.mark.packaging,
    pytest.mark.skipif(
        not BILL.is_file(), reason="not run: nothing is built yet, see `poe deb`"
    ),
]


@pytest.fixture(scope="module")
def components() -> list[dict[str, Any]]:
    """Return what the bill lists."""
    bill = json.loads(BILL.read_text(encoding="utf-8"))
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    found: list[dict[str, Any]] = bill["components"]
    return found


def test_libraries_inside_wheels_are_listed(components: list[dict[str, Any]]) -> None:
    """FFmpeg, the two OpenSSLs and SQLCipher, which no package's metadata name."""
    said = {
        (inner["name"], one["properties"][1]["value"])
        for one in components
        for inner in one.get("components", ())
    }
    names = {one["name"] for one in components}
    assert {("openssl", "sqlcipher3"), ("openssl", "cryptography")} <= said
    assert {("sqlcipher", "sqlcipher3"), ("ffmpeg", "av")} <= said
    assert {"avcodec", "x264", "x265", "Qt6Core"} <= names


def test_no_known_advisory_is_open() -> None:
    """What is older than a fix is named and argued in packaging/advisories.json."""
    script = ROOT / "packaging" / "advisories.py"
    done = subprocess.run(
        (sys.executable, script, BILL), check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout
    assert "accepted: ffmpeg" in done.stdout


def test_every_native_file_has_a_hash_and_an_owner(
    components: list[dict[str, Any]],
) -> None:
    """Nothing in a tree came from nowhere: a wheel, the interpreter or the packer."""
    native = [one for one in components if "hashes" in one]
    assert len(native) > 100
    unknown = {
        one["properties"][0]["value"]
        for one in native
        if not one["properties"][1]["value"]
    }
    strange = {
        path
        for path in unknown
        if "/lib-dynload/" not in path
        and not path.rpartition("/")[2].startswith(("libpython3", "libmpdec"))
        and path.count("/") != 1
    }
    assert strange == set()


def test_every_package_names_its_licence(components: list[dict[str, Any]]) -> None:
    """No package of the registry is inside under terms that nobody read."""
    packages = [one for one in components if one.get("purl", "").startswith("pkg:pypi")]
    assert len(packages) > 15
    for one in packages:
        assert one["licenses"][0]["license"]["name"]
