"""What a declared type says of a text's charset, as a number."""

from __future__ import annotations

import pytest

from reviewer.media.charsets import charset_of
from reviewer.pipe.codes import Charset


@pytest.mark.parametrize(
    ("declared", "charset"),
    [
        ("text/plain", Charset.UNDECLARED),
        ("", Charset.UNDECLARED),
        ("text/plain; charset=utf-8", Charset.UNDECLARED),
        ("text/plain; charset=windows-1256", Charset.WINDOWS_1256),
        ('TEXT/PLAIN ;Charset = "CP1251"', Charset.WINDOWS_1251),
        ("text/plain; charset=ISO-8859-1", Charset.ISO_8859_1),
        ("text/plain; charset=latin1", Charset.ISO_8859_1),
        ("text/plain; charset=KOI8-R; format=flowed", Charset.KOI8_R),
        ("text/plain; charset=tis-620", Charset.WINDOWS_874),
        ("text/plain; charset=rot13", Charset.UNDECLARED),
        ("text/plain; charset=../../etc", Charset.UNDECLARED),
        ("text/plain; charset=undeclared", Charset.UNDECLARED),
    ],
)
def test_a_charset_is_one_that_is_known(declared: str, charset: Charset) -> None:
    """Any other name counts as none."""
    assert charset_of(declared) is charset
