"""The cursor: brackets, strings, escapes."""

from __future__ import annotations

import pytest

from jackfield.jsonpath import DEFAULT_LIMITS, PathSyntaxError
from jackfield.jsonpath.lexer import Cursor, Source, join_surrogates, unescape


def _cursor(text: str, origin: int = 0) -> Cursor:
    return Cursor(text, Source(text, DEFAULT_LIMITS), origin)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("plain", "plain"),
        (r"a\'b", "a'b"),
        (r"a\\b", "a\\b"),
        (r"\n\t\r\f\b", "\n\t\r\f\b"),
        (r"\q", "q"),
        ("end\\", "end\\"),
        (r"\u00e4", "ä"),
        (r"\ud83d\ude00", "\U0001f600"),
        (r"x\u00", "x"),
    ],
)
def test_unescape(written: str, meant: str) -> None:
    """Escapes resolve as the engine resolves them."""
    assert unescape(written) == meant


def test_unescape_refuses_wrong_hex() -> None:
    r"""``\u`` needs four hexadecimal digits."""
    with pytest.raises(ValueError, match="hexadecimal"):
        unescape(r"\uzzzz")


def test_join_surrogates() -> None:
    """Halves become one character; text without halves is left alone."""
    assert join_surrogates("\ud83d\ude00!") == "\U0001f600!"
    assert join_surrogates("aé") == "aé"


@pytest.mark.parametrize(
    ("text", "closing"),
    [("(a)", 2), ("(a(b)c)", 6), ("('(')", 4), ("(/)/)", 4), ("(a", -1), ("('\\')')", 6), ("()", 1)],
)
def test_matching(text: str, closing: int) -> None:
    """Brackets inside strings and regular expressions do not count."""
    assert _cursor(text).matching(0, "(", ")", regexes=True) == closing


def test_matching_reports_open_strings() -> None:
    """An open string is an error at its quote."""
    with pytest.raises(PathSyntaxError) as caught:
        _cursor("(a == 'x)", 10).matching(0, "(", ")", regexes=True)
    assert "not closed" in caught.value.reason


def test_columns_are_the_users() -> None:
    """A cursor on a piece of a path gives columns of the whole path."""
    assert _cursor("abc", 10).column(2) == 13


def test_trim_and_blanks() -> None:
    """Only spaces are trimmed, and never the last character."""
    cursor = _cursor("  a \t ")
    cursor.trim()
    assert (cursor.position, cursor.text[cursor.end]) == (2, "\t")
    lonely = _cursor(" ")
    lonely.trim()
    assert (lonely.position, lonely.end) == (0, 0)


def test_significant_neighbours() -> None:
    """The next and the previous character that is no space."""
    cursor = _cursor("a  b  ")
    assert cursor.next_significant(0) == 3
    assert cursor.next_significant_char(3) == " "
    assert cursor.previous_significant(3) == 0
    assert cursor.previous_significant(0) == -1


def test_reading_past_the_end_is_a_syntax_error() -> None:
    """No index error escapes."""
    with pytest.raises(PathSyntaxError, match="too early"):
        _cursor("a").at(5)
