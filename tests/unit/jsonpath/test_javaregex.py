"""Java's regular expressions."""

from __future__ import annotations

import pytest

from jackfield.jsonpath.javaregex import JavaPatternError, compile_java


@pytest.mark.parametrize(
    ("pattern", "flags", "text"),
    [
        ("a.c", "", "abc"),
        ("a.c", "s", "a\nc"),
        ("[a-z&&[^b]]+", "", "acd"),
        ("[a-c[x-z]]+", "", "axz"),
        (r"\d{2,3}", "", "123"),
        (r"\p{Alpha}+\p{Punct}", "", "abc!"),
        (r"\p{L}+", "", "Zürich"),
        (r"\w+", "U", "Zürich"),
        ("ABC", "i", "abc"),
        ("ÄB", "iu", "äb"),
        (r"\Qa.b\E+", "", "a.bbb"),
        ("a b # c", "x", "ab"),
        (r"(?<n>x)\k<n>\1", "", "xxx"),
        (r"(?i)a(?-i)b", "", "Ab"),
        (r"(?i:a)b", "", "Ab"),
        (r"a++b", "", "aab"),
        (r"\x41\u0042\x{43}\0104\t\cA", "", "ABCD\t\x01"),
        (r"[\]\-\\]+", "", "]-\\"),
        (r"a\Rb", "", "a\r\nb"),
        ("(?m)a\n^b$", "", "a\nb"),
        (r"\bab\b", "", "ab"),
        (r"\h\v", "", "\t\n"),
    ],
)
def test_patterns_match(pattern: str, flags: str, text: str) -> None:
    """The pattern matches the whole text."""
    assert compile_java(pattern, flags).matches(text, 1.0)


@pytest.mark.parametrize(
    ("pattern", "flags", "text"),
    [
        ("a.c", "", "a\nc"),
        ("a.c", "", "a\u2028c"),
        (r"\w+", "", "Zürich"),
        (r"\d", "", "٣"),
        ("ÄB", "i", "äb"),
        ("k", "i", "\u212a"),
        ("[a-z&&[^b]]", "", "b"),
        (r"\s", "", "\u00a0"),
        (r"(?i)a(?-i)b", "", "AB"),
        ("a++a", "", "aaa"),
        (r"\2(a)", "", "aa"),
    ],
)
def test_patterns_do_not_match(pattern: str, flags: str, text: str) -> None:
    """Shorthands are ASCII, folding is ASCII, unless flags ask for more."""
    assert not compile_java(pattern, flags).matches(text, 1.0)


@pytest.mark.parametrize(
    ("pattern", "position"),
    [
        ("*a", 0),
        ("a**", 2),
        ("(a", 2),
        ("a)", 1),
        ("[a", 2),
        ("a{", 1),
        ("a{3,1}", 6),
        ("{", 0),
        (r"\q", 2),
        (r"\x4", 2),
        (r"\u12", 2),
        ("(?<n>a)(?<n>b)", 8),
        ("(?z)", 1),
        ("[b-a]", 4),
        ("a\\", 2),
        (r"\p{", 2),
        ("((((a{1000}){1000}){1000}){1000})", 18),
        ("(" * 100 + ")" * 100, 60),
    ],
)
def test_refusals(pattern: str, position: int) -> None:
    """What Java refuses, and what would cost too much memory, is refused at its position."""
    with pytest.raises(JavaPatternError) as caught:
        compile_java(pattern)
    assert caught.value.position == position


@pytest.mark.parametrize("pattern", [r"\p{NoSuch}", r"\k<nope>"])
def test_unknown_names_are_refused(pattern: str) -> None:
    """Unknown properties and groups are errors of ours, not of the package below."""
    with pytest.raises(JavaPatternError):
        compile_java(pattern)
