"""JSON text as bytes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from jackfield.api.json_bytes import Raw, dump


@pytest.mark.parametrize("value", [{"a": [1, 2.5, None, True, "é"]}, [], "text", 0])
def test_plain_values(value: Any) -> None:
    """What goes in comes out of a JSON reader again."""
    assert json.loads(dump(value)) == value


def test_raw_text_is_kept_digit_for_digit() -> None:
    """Numbers, order and spaces of raw text are not touched."""
    text = '{"b": 1.0, "a": 100000000000000000000.50}'
    assert dump({"properties": Raw(text)}) == b'{"properties":' + text.encode() + b"}"


@pytest.mark.parametrize("value", [2**70, {"a": [2**64]}, {"\ud800": "\udfff"}])
def test_what_the_fast_writer_refuses(value: Any) -> None:
    """Large integers and lone surrogates are written all the same."""
    assert json.loads(dump(value)) == value


def test_raw_text_beside_a_large_integer() -> None:
    """The slower writer keeps raw text too."""
    assert json.loads(dump({"n": 2**70, "raw": Raw("[1.50]"), "f": float("nan")})) == {
        "n": 2**70,
        "raw": [1.5],
        "f": None,
    }
    assert b"1.50" in dump({"n": 2**70, "raw": Raw("[1.50]")})


def test_what_is_no_json_is_a_fault() -> None:
    """An object of ours in an answer is a programming mistake, not an empty object."""
    with pytest.raises(TypeError):
        dump({"a": object()})
