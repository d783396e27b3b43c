"""The parser: no text is looked at again and again."""

from __future__ import annotations

import pytest

from jackfield.domain.json_nodes import ArrayNode
from jackfield.domain.json_reader import read_json

SIZE = 200_000

# Each would take minutes if a search began anew at every character.
RUBBISH = {
    "brackets": "[" * SIZE,
    "braces": "{" * SIZE,
    "quotes": '"' * SIZE,
    "triple quotes": '{"a":' + '"""x' * (SIZE // 4),
    "inner quotes": '{"a":"' + 'x"y "' * (SIZE // 5),
    "escaped quotes": '"\\"\n' * (SIZE // 4),
    "curly quotes": "{" + "“a”x" * (SIZE // 4),
    "single quotes": "{" + "'a'x" * (SIZE // 4),
    "backticks": "{" + "`" * SIZE,
    "commas": "{" + "," * SIZE,
    "words": "{" + "a " * (SIZE // 2),
    "slashes": "{" + "/" * SIZE,
    "comments": "{" + "/*" * (SIZE // 2),
    "blanks": '{"a":1' + " " * SIZE,
    "invisible": "{" + "\u00a0" * SIZE,
    "wrong brackets": "{]" * (SIZE // 2),
    "digits": '{"a":' + "9" * SIZE + "}",
    "controls": '{"a":"' + "\x01" * SIZE + '"}',
    "escapes": '{"a":"' + "\\q" * (SIZE // 2) + '"}',
    "half characters": '{"a":"' + "\\ud800" * (SIZE // 6) + '"}',
    "duplicates": "{" + '"a":1,' * (SIZE // 6) + "}",
    "placeholders": '{"a":' + "${" * (SIZE // 2),
    "secrets": "{" + '"password":' * (SIZE // 11),
    "forms": "password=" * (SIZE // 9),
    "open lines": "{" + '"a\n' * (SIZE // 3),
    "stairs": "\n".join(" " * (index % 40) + '"a": {' for index in range(SIZE // 25)),
}


@pytest.mark.parametrize("text", RUBBISH.values(), ids=RUBBISH.keys())
def test_rubbish_is_answered_without_going_over_it_again(text: str) -> None:
    """Long rubbish of every sort is answered at once; a search that began anew each time would never end."""
    reading = read_json(text)

    assert reading.faults
    assert all(len(fault.place.excerpt) < 250 for fault in reading.faults)
    assert all(len(fault.message) < 400 for fault in reading.faults)


def test_a_large_body_is_read_whole() -> None:
    """A megabyte of well-formed JSON has no faults and loses nothing."""
    text = "[" + ",".join(f'{{"k{index}": ["x", {index}, null]}}' for index in range(40_000)) + "]"
    reading = read_json(text)

    assert reading.faults == ()
    assert isinstance(reading.root, ArrayNode)
    assert reading.root.items[39_999].plain() == {"k39999": ["x", 39_999, None]}


def test_a_gap_is_closed_where_the_indentation_says() -> None:
    """A deleted closing line is found by indentation; what follows is read as if it stood there."""
    text = """{
  "name": "x",
  "properties": {
    "url": "https://example.com"
  "advanced": {},
  "notes": ""
}
"""
    reading = read_json(text)

    assert [(fault.code, fault.place.line) for fault in reading.faults] == [("JSON_UNCLOSED_BRACKET", 3)]
    assert "before line 5" in reading.faults[0].fix
    assert reading.root is not None
    assert reading.root.plain() == {
        "name": "x",
        "properties": {"url": "https://example.com"},
        "advanced": {},
        "notes": "",
    }


def test_a_cut_text_names_all_brackets_that_are_missing() -> None:
    """Where the end was cut off, one finding says which brackets to add."""
    reading = read_json('{"a": [{"b": 1')

    assert [fault.code for fault in reading.faults] == ["JSON_UNCLOSED_BRACKET"]
    assert "`}]}` at the end" in reading.faults[0].fix
