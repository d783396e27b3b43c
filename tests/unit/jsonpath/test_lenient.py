"""Lenient JSON of filters, strict JSON of arguments."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from jackfield.jsonpath.lenient import JsonTextError, parse_lenient, parse_strict


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("[1,2.5,-3]", [1, 2.5, -3]),
        ("['a',\"b\", c d ]", ["a", "b", "c d"]),
        ("[true,false,null,nul]", [True, False, None, "nul"]),
        ("[007, 1a, 1.5x, 1e, -]", [7, "1a", "1.5x", "1e", 0]),
        ("[1e3, 1E-2]", [1000.0, 0.01]),
        ("[1,,2,]", [1, 2]),
        ("[]", []),
        ("[ 'a\\n\\u0041\\x42\\q' ]", ["a\nAB"]),
        ("['it\\'s']", ["it's"]),
        ("{}", {}),
        ("{'a':1, b : [2], \"c\":{}}", {"a": 1, "b": [2], "c": {}}),
        ("[1] rest", [1]),
        ("[1.12345678901234567890]", [Decimal("1.12345678901234567890")]),
        ("[99999999999999999999]", [99999999999999999999]),
        ("['a\x01b']", ["a\x01b"]),
        ('["\\ud83d\\ude00"]', ["\U0001f600"]),
    ],
)
def test_lenient_values(text: str, value: Any) -> None:
    """json-smart's permissive mode."""
    assert parse_lenient(text) == value


@pytest.mark.parametrize(
    "text", ["[", "[1", "{", "{a", "{a:", "{a:1", "{a 1}", "['a", "[:]", "[}]", "{]}", "['\\u12']", "[" * 500]
)
def test_lenient_refusals(text: str) -> None:
    """Some text is no JSON at all, or too deep."""
    with pytest.raises(JsonTextError):
        parse_lenient(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [("1", 1), (" 1 x", 1), ('"a"x', "a"), ("{}}", {}), ('{"a":[1]}', {"a": [1]}), ("-2.5e3", -2500.0)],
)
def test_strict_values(text: str, value: Any) -> None:
    """Jackson reads the first value and leaves the rest."""
    assert parse_strict(text) == value


@pytest.mark.parametrize("text", ["01", "1x", "-", "1.", "{'a':1}", '"a', "{a:1}", "NaN", "-Infinity", ""])
def test_strict_refusals(text: str) -> None:
    """Jackson is strict about the value itself."""
    with pytest.raises(JsonTextError):
        parse_strict(text)
