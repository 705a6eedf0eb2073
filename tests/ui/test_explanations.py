"""Error sentences: all there, plain, and without content."""

from __future__ import annotations

import pytest

from reviewer.errors import Code
from reviewer.ui.explanations import explain

NAMES = frozenset({"PIN", "PINs"})


@pytest.mark.parametrize("code", list(Code))
def test_every_code_says_what_happened_what_is_safe_what_to_do(code: Code) -> None:
    """Three whole sentences, no exclamation mark, no shouting."""
    words = explain(code)
    for sentence in (words.happened, words.safe, words.todo):
        assert sentence.endswith(".")
        assert "!" not in sentence
        assert sentence[0].isupper()
        words_in = {word.strip(".,:") for word in sentence.split()} - NAMES
        assert not any(word.isupper() and len(word) > 2 for word in words_in)
