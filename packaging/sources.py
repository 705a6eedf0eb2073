"""Write `Sources.md`: where the corresponding source of what is inside is found.

The GPL and the LGPL ask that whoever gets the program can get the source of exactly
what is in it. The versions come from the built files, by `sbom`; a library of a wheel
whose project is not listed here fails the build, so that the page stays whole.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from distributions import Distribution
from sbom import Native

HEAD: Final = """\
# Where the source is

The parts below are under the GNU General Public License, the GNU Lesser General \
Public License or another licence that asks for source, or are linked with such \
parts.
Versions are those of the files that are inside; `reviewer.cdx.json` beside this file \
lists every file with its hash.
Each project publishes the source of these versions at its address.
Where a library's file tells no version of its project, the numbers of its files \
stand instead; the revision is then the one that the build scripts named below fetch \
for that release of the wheel (so for x264, whose file says `core` and a number only).
Nothing was changed.

"""
TAIL: Final = """
The wheels of PyAV, OpenCV, NumPy, Pillow and Qt for Python were taken as their \
projects publish them; the scripts and options by which the libraries were built are \
part of these projects: `pyav-ffmpeg` (https://github.com/PyAV-Org/pyav-ffmpeg), \
`opencv-python` (https://github.com/opencv/opencv-python), \
`pillow` (https://github.com/python-pillow/Pillow).
The scripts by which this program was packed are in its own source, in the folder \
`packaging`.

"""
OFFER: Final = """\
**Offer.** Whoever conveys this program to you offers, valid for at least three years \
and for as long as spare parts or support are offered, to give anybody who asks a \
complete machine-readable copy of the corresponding source of these parts, for no \
more than the cost of doing so.
The organisation that publishes an installer puts its address here; until then \
nothing is published.
"""


@dataclass(frozen=True, slots=True)
class Project:
    """Who publishes a library."""

    name: str
    licence: str
    home: str


_FFMPEG: Final = Project(
    "FFmpeg",
    "LGPL-2.1-or-later or LGPL-3.0-or-later; PyAV's is linked with GPL",
    "https://ffmpeg.org",
)
_GNU: Final = "LGPL-3.0-or-later OR GPL-2.0-or-later"
_GCC: Final = Project(
    "GCC run-time libraries",
    "GPL-3.0-or-later with GCC exception",
    "https://gcc.gnu.org",
)
_NETTLE: Final = Project("Nettle", _GNU, "https://www.lysator.liu.se/~nisse/nettle/")
_XCB: Final = Project("libxcb", "MIT", "https://xcb.freedesktop.org")
_WEBP: Final = Project(
    "libwebp", "BSD-3-Clause", "https://chromium.googlesource.com/webm/libwebp"
)
_QT: Final = Project("Qt", "LGPL-3.0-only", "https://download.qt.io/archive/qt/")
_ICU: Final = Project("ICU", "Unicode-3.0", "https://icu.unicode.org")
_OPENSSL: Final = Project("OpenSSL", "OpenSSL", "https://openssl-library.org")
_AMR: Final = Project(
    "opencore-amr", "Apache-2.0", "https://opencore-amr.sourceforge.io"
)
_OPENBLAS: Final = Project(
    "OpenBLAS", "BSD-3-Clause", "https://github.com/OpenMathLib/OpenBLAS"
)
_BROTLI: Final = Project("Brotli", "MIT", "https://github.com/google/brotli")
PROJECTS: Final = {
    **dict.fromkeys(
        (
            "avcodec",
            "avdevice",
            "avfilter",
            "avformat",
            "avutil",
            "swresample",
            "swscale",
        ),
        _FFMPEG,
    ),
    **dict.fromkeys(("gfortran", "quadmath"), _GCC),
    **dict.fromkeys(("nettle", "hogweed"), _NETTLE),
    **dict.fromkeys(("xcb", "xcb-shape", "xcb-shm", "xcb-xfixes"), _XCB),
    **dict.fromkeys(("sharpyuv", "webp", "webpdemux", "webpmux"), _WEBP),
    **dict.fromkeys(("icudata", "icui18n", "icuuc"), _ICU),
    **dict.fromkeys(("crypto", "ssl"), _OPENSSL),
    **dict.fromkeys(("opencore-amrnb", "opencore-amrwb"), _AMR),
    **dict.fromkeys(("openblasp-r0", "scipy_openblas64_"), _OPENBLAS),
    "x264": Project(
        "x264",
        "GPL-2.0-or-later",
        "https://www.videolan.org/developers/x264.html",
    ),
    "x265": Project(
        "x265",
        "GPL-2.0-or-later",
        "https://www.videolan.org/developers/x265.html",
    ),
    "mp3lame": Project("LAME", "LGPL-2.0-or-later", "https://lame.sourceforge.io"),
    "gnutls": Project("GnuTLS", "LGPL-2.1-or-later", "https://www.gnutls.org"),
    "gmp": Project("GMP", _GNU, "https://gmplib.org"),
    "unistring": Project(
        "libunistring", _GNU, "https://www.gnu.org/software/libunistring/"
    ),
    "asound": Project("alsa-lib", "LGPL-2.1-or-later", "https://www.alsa-project.org"),
    "SvtAv1Enc": Project(
        "SVT-AV1", "BSD-3-Clause-Clear", "https://gitlab.com/AOMediaCodec/SVT-AV1"
    ),
    "aom": Project("libaom", "BSD-2-Clause", "https://aomedia.googlesource.com/aom"),
    "avif": Project(
        "libavif", "BSD-2-Clause", "https://github.com/AOMediaCodec/libavif"
    ),
    "dav1d": Project(
        "dav1d", "BSD-2-Clause", "https://code.videolan.org/videolan/dav1d"
    ),
    "brotlicommon": _BROTLI,
    "brotlidec": _BROTLI,
    "freetype": Project("FreeType", "FTL", "https://freetype.org"),
    "harfbuzz": Project("HarfBuzz", "MIT", "https://harfbuzz.github.io"),
    "drm": Project("libdrm", "MIT", "https://dri.freedesktop.org"),
    "jpeg": Project("libjpeg-turbo", "IJG", "https://libjpeg-turbo.org"),
    "lcms2": Project("Little CMS", "MIT", "https://www.littlecms.com"),
    "lzma": Project("XZ Utils", "0BSD", "https://tukaani.org/xz/"),
    "openjp2": Project("OpenJPEG", "BSD-2-Clause", "https://www.openjpeg.org"),
    "opus": Project("Opus", "BSD-3-Clause", "https://opus-codec.org"),
    "png16": Project("libpng", "libpng-2.0", "http://www.libpng.org/pub/png/"),
    "tiff": Project("LibTIFF", "libtiff", "https://libtiff.gitlab.io/libtiff/"),
    "vpl": Project("libvpl", "MIT", "https://github.com/intel/libvpl"),
    "vpx": Project(
        "libvpx", "BSD-3-Clause", "https://chromium.googlesource.com/webm/libvpx"
    ),
    "Xau": Project("libXau", "MIT", "https://www.x.org"),
    "zstd": Project("Zstandard", "BSD-3-Clause", "https://facebook.github.io/zstd/"),
}
# Wheels whose own code is asked for, or carries the code that is.
WHEELS: Final = {
    "av": (Project("PyAV", "BSD-3-Clause", "https://github.com/PyAV-Org/PyAV"),),
    "opencv-python-headless": (
        Project("OpenCV", "Apache-2.0", "https://github.com/opencv/opencv"),
    ),
    "pyside6-essentials": (
        _QT,
        Project(
            "Qt for Python (pyside-setup)",
            "LGPL-3.0-only",
            "https://download.qt.io/official_releases/QtForPython/",
        ),
    ),
}
_WHEEL_LIBRARIES: Final = ".libs/"
# What a library calls itself in `sbom`, where that is more exact than its file.
_SPOKEN: Final = {
    "FFmpeg": "ffmpeg",
    "GnuTLS": "gnutls",
    "LAME": "lame",
    "libjpeg-turbo": "libjpeg-turbo",
    "libpng": "libpng",
    "LibTIFF": "libtiff",
    "libvpx": "libvpx",
    "OpenBLAS": "openblas",
    "OpenSSL": "openssl",
    "Opus": "opus",
    "x265": "x265",
}


def page(native: Iterable[Native], distributions: Iterable[Distribution]) -> str:
    """Return the page.

    Args:
        native: The machine code that is inside.
        distributions: The packages of the registry that are inside.

    Raises:
        LookupError: a library of a wheel has no project here yet.
    """
    found = [one for one in native if _is_asked(one)]
    unknown = sorted({one.name for one in found if one.name not in PROJECTS})
    if unknown:
        raise LookupError(f"no source is named for: {' '.join(unknown)}")
    rows = {(PROJECTS[one.name], _version(one, found), one.package) for one in found}
    rows |= {
        (project, one.version, one.name)
        for one in distributions
        for project in WHEELS.get(one.name, ())
    }
    lines = sorted(
        f"| {project.name} | {version} | {package} | {project.licence} | "
        f"{project.home} |\n"
        for project, version, package in rows
    )
    table = "| Part | Version | Came in | Licence | Project |\n|---|---|---|---|---|\n"
    return HEAD + table + "".join(lines) + TAIL + OFFER


def write(
    to: Path, native: Iterable[Native], distributions: Iterable[Distribution]
) -> None:
    """Write the page into a file; raises as `page` does."""
    to.write_text(page(native, distributions), encoding="utf-8")


def _is_asked(one: Native) -> bool:
    """Return whether a file is a library that a wheel brought from another project."""
    return _WHEEL_LIBRARIES in one.path or one.name.startswith("icu")


def _version(one: Native, found: list[Native]) -> str:
    """Return what the project calls it; the file's number where nothing says more.

    Libraries of one project in one wheel are one part: one that does not speak goes
    by one that does.
    """
    project = PROJECTS[one.name]
    spoken = _SPOKEN.get(project.name, "")
    said = {
        version
        for other in found
        if other.package == one.package and PROJECTS[other.name] == project
        for name, version in other.says
        if name == spoken
    }
    if said:
        return min(said)
    numbers = {
        f"{other.name} {other.version or other.package_version}"
        for other in found
        if other.package == one.package and PROJECTS[other.name] == project
    }
    return ", ".join(sorted(numbers))
