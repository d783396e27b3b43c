"""Reading and writing JSON text."""

from __future__ import annotations

import json
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jackfield.engine.json_text import NotJson, first_value, json_text, read_json_text

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(JSON)
def test_what_is_written_can_be_read(value: Any) -> None:
    """Any JSON value survives, integers of any size included."""
    assert read_json_text(json_text(value).encode()) == value
    assert first_value(json_text(value) + " rest")[0] == value


@pytest.mark.parametrize("digits", ["9223372036854775807", "18446744073709551616", "1" * 100])
def test_integers_of_any_size_keep_their_digits(digits: str) -> None:
    """Also beside floats, and negative."""
    text = f'{{"a":-{digits},"b":[{digits},1.5]}}'
    assert json_text(read_json_text(text.encode())) == text


@given(st.integers(0, 40), st.integers(15, 25), st.integers(0, 40))
def test_long_integers_are_seen_wherever_they_stand(before: int, digits: int, behind: int) -> None:
    """None becomes a float, whatever stands around it."""
    number = "1234567890" * 3
    text = f'["{"x" * before}",{number[:digits]},"{"-" * behind}"]'
    assert read_json_text(text.encode())[1] == int(number[:digits])


@given(st.text(st.characters(max_codepoint=127)))
def test_ascii_texts_are_written_as_all_others(text: str) -> None:
    """The short way gives what the long one gives."""
    assert json_text(text) == orjson.dumps(text).decode() == json_text([text])[1:-1]


@pytest.mark.parametrize(
    ("text", "deep"),
    [
        (b"", False),
        (b"{", False),
        (b"[1 2]", False),
        (b'{"a":NaN,"b":12345678901234567890}', False),
        (b'"\xff"', False),
        (b'"\xff12345678901234567890"', False),
        (b"1" * 5000, False),
        (b"[" * 2000 + b"]" * 2000, True),
        (b"[" * 2000, True),
        (b'"' + b"[" * 2000, False),
    ],
)
def test_what_is_no_json_says_why(text: bytes, deep: bool) -> None:
    """Never another error than NotJson, and too deep is told apart."""
    with pytest.raises(NotJson) as caught:
        read_json_text(text)
    assert caught.value.deep is deep
    assert caught.value.reason


@pytest.mark.parametrize("text", ["", " ", "x", "NaN", "{'a':1}", "[" * 100_000])
def test_a_text_that_begins_with_no_value(text: str) -> None:
    """Refused with a reason."""
    with pytest.raises(NotJson):
        first_value(text)


def test_lone_surrogates_are_written_escaped() -> None:
    """What orjson refuses is still JSON."""
    assert json.loads(json_text("\ud800")) == "\ud800"
