"""What goes into which tree: plain data, read by the recipes and by their tests.

Three trees, each a PyInstaller one-folder with an interpreter of its own:

`reviewer`              the window, the vault, the keys; no codec, no service
`reviewer-decoder`      the child and its canary; no key, database or network code
`reviewer-coordinator`  the service and the demonstration; its own package

A module is left out by name, and `tests/packaging/test_trees.py` reads the built
archives and fails where one is found all the same.
"""

from __future__ import annotations

from typing import Final

# Whole libraries, by the name under which they are imported.
CODECS: Final = ("PIL", "cv2", "av", "numpy")
SERVICE: Final = (
    "fastapi",
    "sqlalchemy",
    "uvicorn",
    "starlette",
    "pydantic",
    "pydantic_core",
    "opentelemetry",
)
WINDOW: Final = ("PySide6", "shiboken6")
KEYS: Final = ("cryptography", "keyring", "secretstorage", "jeepney")
DATABASES: Final = ("sqlcipher3", "sqlite3", "_sqlite3", "sqlalchemy")
NETWORK: Final = (
    "ssl",
    "_ssl",
    "http",
    "urllib.request",
    "ftplib",
    "smtplib",
    "asyncio",
    "httpx2",
    "httpcore2",
    "h11",
    "truststore",
    "http_message_signatures",
    "http_sf",
)
PROGRAMS: Final = (
    "subprocess",
    "_posixsubprocess",
    "multiprocessing",
    "ctypes.util",
)
# Tools of developers, and parts of the standard library that nothing here uses.
TOOLS: Final = (
    "PyInstaller",
    "_pytest",
    "doctest",
    "ensurepip",
    "hypothesis",
    "idlelib",
    "lib2to3",
    "mypy",
    "pdb",
    "pip",
    "pkg_resources",
    "pydoc",
    "pydoc_data",
    "pytest",
    "setuptools",
    "sqlite3",
    "test",
    "tkinter",
    "turtle",
    "unittest",
    "venv",
    "xmlrpc",
)

NEVER_IN_REVIEWER: Final = (
    *CODECS,
    *SERVICE,
    *TOOLS,
    "reviewer.coordinator",
    "reviewer.decoder",
    "reviewer.demo",
    "reviewer.lockdown",
    "_multiprocessing",
    "_posixshmem",
    "click",
    "httpx2._main",
    "multiprocessing",
    "pyseccomp",
)
# What PyInstaller runs before a program of its own accord and this one does without:
# sources for tracebacks, worker processes, iteration over modules. Qt's plugins are
# found by `hook_qt.py` instead. Each would delay the first window.
NOT_AT_START: Final = frozenset(
    {
        "pyi_rth_inspect",
        "pyi_rth_multiprocessing",
        "pyi_rth_pkgutil",
        "pyi_rth_pyside6",
    }
)
# The readers of pictures that items are opened with (three of them only by others:
# MPO and TIFF by JPEG, PPM by Pillow's start). Every other reader is left out.
PICTURES_READ: Final = frozenset(
    {"Avif", "Bmp", "Gif", "Jpeg", "Mpo", "Png", "Ppm", "Tiff", "WebP"}
)
# Parts of the codecs that draw, save or test.
NOT_OF_CODECS: Final = (
    "PIL.ImageQt",
    "PIL.ImageTk",
    "PIL._imagingtk",
    "numpy.distutils",
    "numpy.f2py",
    "numpy.random",
    "numpy.testing",
)
NEVER_IN_DECODER: Final = (
    *WINDOW,
    *KEYS,
    *DATABASES,
    *NETWORK,
    *PROGRAMS,
    *SERVICE,
    *TOOLS,
    "msgspec",
    "rich",
    "reviewer.chain",
    "reviewer.cli",
    "reviewer.compose",
    "reviewer.coordinator",
    "reviewer.crypto",
    "reviewer.demo",
    "reviewer.domain",
    "reviewer.errors",
    "reviewer.events",
    "reviewer.formats",
    "reviewer.keys",
    "reviewer.media",
    "reviewer.ports",
    "reviewer.safeguards",
    "reviewer.services",
    "reviewer.settings",
    "reviewer.store",
    "reviewer.sync",
    "reviewer.ui",
)
NEVER_IN_COORDINATOR: Final = (*TOOLS, "reviewer.decoder", "reviewer.lockdown")
QT_OF_REVIEWER: Final = (
    "PySide6.QtCore",
    "PySide6.QtDBus",
    "PySide6.QtGui",
    "PySide6.QtWidgets",
)
QT_OF_COORDINATOR: Final = (*QT_OF_REVIEWER, "PySide6.QtTest")
QT_MODULES: Final = (
    "PySide6.QtConcurrent",
    "PySide6.QtDBus",
    "PySide6.QtDesigner",
    "PySide6.QtHelp",
    "PySide6.QtNetwork",
    "PySide6.QtOpenGL",
    "PySide6.QtOpenGLWidgets",
    "PySide6.QtPrintSupport",
    "PySide6.QtQml",
    "PySide6.QtQuick",
    "PySide6.QtQuickWidgets",
    "PySide6.QtSql",
    "PySide6.QtSvg",
    "PySide6.QtSvgWidgets",
    "PySide6.QtTest",
    "PySide6.QtUiTools",
    "PySide6.QtXml",
)
# Plugins of Qt by folder and name: windows on X11 and Wayland, none at all, and the
# keyboards of people who write by composition. No reader of pictures: PNG is part of
# QtGui, and nothing else is ever read there. Nothing of OpenGL: widgets are painted.
QT_PLUGINS: Final = frozenset(
    {
        "platforms/libqoffscreen.so",
        "platforms/libqwayland.so",
        "platforms/libqxcb.so",
        "platforminputcontexts/libcomposeplatforminputcontextplugin.so",
        "platforminputcontexts/libibusplatforminputcontextplugin.so",
        "wayland-decoration-client/libbradient.so",
        "wayland-shell-integration/libxdg-shell.so",
    }
)
# Loaded by name only, so that no reader of imports can see them.
HIDDEN_REVIEWER: Final = ("keyring.backends.SecretService",)
HIDDEN_COORDINATOR: Final = (
    "reviewer.coordinator.commands",
    "reviewer.demo.commands",
    "reviewer.demo.draw",
    "reviewer.demo.drive",
    "sqlalchemy.dialects.sqlite.pysqlcipher",
    "uvicorn.lifespan.on",
    "uvicorn.loops.asyncio",
    "uvicorn.protocols.http.h11_impl",
)
# Their versions are what `doctor` prints; the library itself may be in another tree.
METADATA: Final = (
    "reviewer",
    "av",
    "cryptography",
    "http_message_signatures",
    "keyring",
    "numpy",
    "opencv-python-headless",
    "pillow",
    "pyseccomp",
    "pyside6-essentials",
    "sqlcipher3",
)
# Everything else that is not in a wheel stays with the system, which keeps it safe:
# see README.md. These two have another name in the next Debian.
BUNDLED_SYSTEM_LIBRARIES: Final = ("libpython3.", "libmpdec.")
