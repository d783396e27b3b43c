"""Strings that speak of quotes are no faults."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jackfield.domain.json_reader import read_json

SIGNS = "\"'`“”«»‘’:,{}[]\\/* =a\n"


@pytest.mark.parametrize("text", ['"«:', 'a”: ","', "“x”: y", '\\"”:', "”:"])
def test_valid_json_that_speaks_of_quotes_is_read_as_it_is(text: str) -> None:
    """Typographic quotes before a colon within a string mean themselves."""
    reading = read_json(json.dumps({text: text}, ensure_ascii=False))
    assert not reading.faults
    assert reading.root is not None
    assert reading.root.plain() == {text: text}


@given(st.dictionaries(st.text(SIGNS, max_size=8), st.text(SIGNS, max_size=12), max_size=3))
def test_any_signs_in_strings_are_no_faults(value: dict[str, str]) -> None:
    """Whatever stands in the strings of valid JSON, it is read without fault."""
    reading = read_json(json.dumps(value, ensure_ascii=False))
    assert not reading.faults
    assert reading.root is not None
    assert reading.root.plain() == value
