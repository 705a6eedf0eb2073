"""Write a CycloneDX 1.6 bill of materials, native libraries inside wheels included.

Generators read package metadata and so miss the libraries in a wheel. Here every file
of machine code is a component with its hash; the version comes from a string that the
library carries in itself, or else from the number in its file's name. The output is
the same for the same files: no random serial number, and a given date.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from distributions import Distribution, files, sha256

_MAGIC: Final = b"\x7fELF"
_FILE: Final = re.compile(r"^lib(.+?)(?:-[0-9a-f]{8}.*?)?\.so(?:\.(.+))?$")
# What a library says about itself. The first group is its version.
_STRINGS: Final = {
    "openssl": rb"OpenSSL (\d+\.\d+\.\d+[a-z]?) +(?:FIPS )?\d+ \w+ \d{4}",
    "ffmpeg": rb"FFmpeg version n?(\d+\.\d+(?:\.\d+)?)",
    "x264": rb"x264 - core ([1-9]\d+)",
    "lame": rb"LAME(\d+\.\d+)",
    "opus": rb"libopus (\d+\.\d+(?:\.\d+)?)",
    "libpng": rb"libpng version (\d+\.\d+\.\d+)",
    "zlib": rb"deflate (\d+\.\d+\.\d+)",
    "libjpeg-turbo": rb"libjpeg-turbo version (\d+\.\d+\.\d+)",
    "libtiff": rb"LIBTIFF, Version (\d+\.\d+\.\d+)",
    "openblas": rb"OpenBLAS (\d+\.\d+\.\d+)",
    "libvpx": rb"WebM Project VP\d Decoder v(\d+\.\d+\.\d+)",
    "aom": rb"AOMedia Project AV1 (?:De|En)coder (\d+\.\d+\.\d+)",
    "svt-av1": rb"SVT-AV1 (?:Encoder Lib )?v(\d+\.\d+\.\d+)",
    "qt": rb"Qt (\d+\.\d+\.\d+) \(",
    "freetype": rb"FreeType (\d+\.\d+\.\d+)",
    "gnutls": rb"GnuTLS (\d+\.\d+\.\d+)",
    "libxml2": rb"libxml2[ -](\d+\.\d+\.\d+)",
}
_DAV1D: Final = rb"(1\.\d+\.\d+)-\d+-g[0-9a-f]{7}\x00"
# Bare numbers, which say something only in a library that is known.
_OF_PACKAGE: Final = {
    "sqlcipher3": {
        "sqlcipher": rb"\x00(4\.\d+\.\d+)\x00",
        "sqlite": rb"(?<![\d.])(3\.\d\d\.\d+)\x00",  # two digits: OpenSSL is 3 as well
    },
    "pillow": {"dav1d": _DAV1D},
    "av": {"dav1d": _DAV1D, "x265": rb"\x00(\d+\.\d+(?:\+\d+)?-[0-9a-f]{7,10})\x00"},
}
_COMPILED: Final = {name: re.compile(each) for name, each in _STRINGS.items()}


@dataclass(frozen=True, slots=True)
class Native:
    """One file of machine code."""

    path: str
    """Below the folder of all trees."""
    sha256: str
    name: str
    version: str
    """By the file's name; empty where it has none."""
    says: tuple[tuple[str, str], ...]
    """Libraries inside by their own words: name and version."""
    package: str
    """The distribution that it came in; empty for the interpreter's own."""
    package_version: str


def natives(
    trees: Iterable[Path], distributions: Iterable[Distribution]
) -> list[Native]:
    """Return every file of machine code of the trees, sorted by path."""
    owners = {digest: one for one in distributions for digest in one.hashes}
    found: list[Native] = []
    for tree in trees:
        for path in files(tree):
            data = path.read_bytes()
            if data.startswith(_MAGIC):
                digest = sha256(path)
                owner = owners.get(digest)
                named = _FILE.match(path.name)
                found.append(
                    Native(
                        path=str(path.relative_to(tree.parent)),
                        sha256=digest,
                        name=named[1] if named else path.name.partition(".")[0],
                        version=(named[2] or "") if named else "",
                        says=_says(data, owner.name if owner else ""),
                        package=owner.name if owner else "",
                        package_version=owner.version if owner else "",
                    )
                )
    return found


def document(
    *,
    version: str,
    distributions: Iterable[Distribution],
    native: Iterable[Native],
    system: Mapping[str, str],
    epoch_s: int,
) -> dict[str, object]:
    """Return the bill as CycloneDX.

    Args:
        version: Of this program.
        distributions: Packages of the registry that are inside.
        native: Files of machine code that are inside.
        system: Packages of the system that are asked for, with versions; not inside.
        epoch_s: The date of the build.
    """
    stamp = datetime.fromtimestamp(epoch_s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    components = [_package(one) for one in distributions if one.name != "reviewer"]
    components += [_native(one) for one in native]
    components += [
        {
            "type": "library",
            "name": name,
            "version": found,
            "scope": "excluded",
            "purl": f"pkg:deb/debian/{name}@{found}",
        }
        for name, found in sorted(system.items())
    ]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "timestamp": stamp,
            "component": {
                "type": "application",
                "name": "reviewer",
                "version": version,
                "licenses": [{"expression": "Apache-2.0"}],
            },
        },
        "components": components,
    }


def _says(data: bytes, package: str) -> tuple[tuple[str, str], ...]:
    own = {name: re.compile(one) for name, one in _OF_PACKAGE.get(package, {}).items()}
    found = {
        (name, match[1].decode("ascii"))
        for name, pattern in (_COMPILED | own).items()
        if (match := pattern.search(data)) is not None
    }
    return tuple(sorted(found))


def _package(one: Distribution) -> dict[str, object]:
    return {
        "type": "library",
        "bom-ref": f"pypi:{one.name}",
        "name": one.name,
        "version": one.version,
        "licenses": [{"license": {"name": one.licence}}],
        "purl": f"pkg:pypi/{one.name}@{one.version}",
    }


def _native(one: Native) -> dict[str, object]:
    says = [
        {"type": "library", "name": name, "version": version}
        for name, version in one.says
    ]
    return {
        "type": "library",
        "bom-ref": one.path,
        "name": one.name,
        "version": one.version or one.package_version or "unknown",
        "hashes": [{"alg": "SHA-256", "content": one.sha256}],
        "properties": [
            {"name": "reviewer:path", "value": one.path},
            {"name": "reviewer:package", "value": one.package},
        ],
        **({"components": says} if says else {}),
    }
