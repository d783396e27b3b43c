"""Edits by the pointers of the document as it was read."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jackfield.domain.finding import Edit, Operation
from jackfield.domain.json_reader import read_json
from jackfield.explain.json_edits import Document, compact

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=20,
)


def edited(text: str, *edits: Edit) -> Any:
    """Apply edits and read the result."""
    document = Document(read_json(text))
    document.apply(edits)
    return json.loads(document.text())


@pytest.mark.parametrize(
    ("edits", "expected"),
    [
        ((Edit(Operation.REPLACE, "/a", '{"x": 1}'),), {"a": {"x": 1}, "b": {"c": [1, 2]}}),
        ((Edit(Operation.REMOVE, "/a"),), {"b": {"c": [1, 2]}}),
        ((Edit(Operation.ADD, "/b/d", "3"),), {"a": 1, "b": {"c": [1, 2], "d": 3}}),
        ((Edit(Operation.ADD, "/a", "3"),), {"a": 1, "b": {"c": [1, 2]}}),
        ((Edit(Operation.RENAME, "/a", '"z"'),), {"z": 1, "b": {"c": [1, 2]}}),
        ((Edit(Operation.UNWRAP, "/b"),), {"c": [1, 2]}),
        ((Edit(Operation.REMOVE, "/b/c/0"),), {"a": 1, "b": {"c": [2]}}),
        ((Edit(Operation.REPLACE, "/nowhere", "1"),), {"a": 1, "b": {"c": [1, 2]}}),
    ],
)
def test_each_operation(edits: tuple[Edit, ...], expected: Any) -> None:
    """Replace, remove, add (what is there stays), rename, unwrap; what is not there changes nothing."""
    assert edited('{"a": 1, "b": {"c": [1, 2]}}', *edits) == expected


def test_pointers_are_those_of_the_text_whatever_other_edits_do() -> None:
    """A rename and an unwrap above do not move what an edit below refers to."""
    result = edited(
        '{"body": {"x": {"y": 1}}}',
        Edit(Operation.UNWRAP, "/body"),
        Edit(Operation.RENAME, "/body/x", '"z"'),
        Edit(Operation.REPLACE, "/body/x/y", "2"),
    )
    assert result == {"z": {"y": 2}}


def test_a_renamed_member_wins_over_an_added_one() -> None:
    """A misspelt member keeps its value, in whichever order it is renamed and the missing one added."""
    add, rename = Edit(Operation.ADD, "/name", '"…"'), Edit(Operation.RENAME, "/Name", '"name"')
    assert edited('{"Name": "x"}', add, rename) == {"name": "x"} == edited('{"Name": "x"}', rename, add)


@settings(max_examples=100, deadline=None)
@given(VALUES)
def test_without_edits_nothing_changes(value: Any) -> None:
    """A document is written as it was read, indented and on one line."""
    text = json.dumps(value)
    assert json.loads(Document(read_json(text)).text()) == value
    assert json.loads(compact(text)) == value


def test_numbers_keep_their_digits() -> None:
    """Nothing is rounded."""
    assert Document(read_json('{"n": 1.10, "m": 12345678901234567890}')).text() == (
        '{\n  "n": 1.10,\n  "m": 12345678901234567890\n}'
    )
