"""The charset that a declared type names, as a number that may cross the pipe.

Only single-byte charsets are known: every byte is a character there, so that a page
can start anywhere in a long text. UTF-8 and UTF-16 show in the bytes themselves.
"""

from __future__ import annotations

import re
from typing import Final

from reviewer.pipe.codes import Charset

_PARAMETER: Final = re.compile(r';\s*charset\s*=\s*"?([a-z0-9._:-]{1,40})"?')

_OTHER_NAMES: Final = {
    "latin1": Charset.ISO_8859_1,
    "latin2": Charset.ISO_8859_2,
    "us_ascii": Charset.WINDOWS_1252,
    "tis_620": Charset.WINDOWS_874,
    "koi8r": Charset.KOI8_R,
}
_BY_NAME: Final = {
    **{charset.name.lower(): charset for charset in Charset},
    **{
        charset.name.lower().replace("windows_", "cp"): charset
        for charset in Charset
        if charset.name.startswith("WINDOWS")
    },
    **_OTHER_NAMES,
}


def charset_of(declared_type: str) -> Charset:
    """Return what `text/plain; charset=...` names, UNDECLARED if nothing we know."""
    found = _PARAMETER.search(declared_type.lower())
    if found is None:
        return Charset.UNDECLARED
    name = re.sub(r"[-.:]", "_", found[1])
    return _BY_NAME.get(name, Charset.UNDECLARED)
