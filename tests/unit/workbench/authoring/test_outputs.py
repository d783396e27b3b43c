"""From samples of replies to outputs."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from jackfield.domain.json_reader import read_json
from jackfield.jsonpath import compile_path
from jackfield.workbench.authoring.outputs import LeftOut, Output, contract_of, outputs_of, template_of


def _of(value: Any) -> tuple[tuple[Output, ...], tuple[LeftOut, ...]]:
    root = read_json(json.dumps(value, ensure_ascii=False)).root
    assert root is not None
    return outputs_of(root)


@pytest.mark.parametrize(
    ("value", "outputs"),
    [
        ({"a": {"b_c": "x"}}, [("aBC", "$.a.b_c", "string", False, '""')]),
        ({"Order ID": 5}, [("orderID", "$['Order ID']", "integer", False, "0")]),
        ({"it's\\": 1.5}, [("itS", "$['it\\'s\\\\']", "number", False, "0")]),
        ({"on": True}, [("on", "$.on", "boolean", False, "false")]),
        ({"tags": ["a", "b"]}, [("tags", "$.tags[*]", "string", True, "[]")]),
        ({"tags": []}, [("tags", "$.tags[*]", "string", True, "[]")]),
        ([{"id": 1}, {"id": 2.5}], [("id", "$[*].id", "number", True, "[]")]),
        ({"rows": [[1], [2]]}, [("rows", "$.rows[*][*]", "integer", True, "[]")]),
        ("text", [("value", "$", "string", False, '""')]),
        ({"1st": 1}, [("value1st", "$['1st']", "integer", False, "0")]),
        ({"input": 1}, [("input2", "$.input", "integer", False, "0")]),
        ({"math": 2}, [("math2", "$.math", "integer", False, "0")]),
        ({"id": 1, "Id": 2}, [("id", "$.id", "integer", False, "0"), ("id2", "$.Id", "integer", False, "0")]),
    ],
)  # fmt: skip
def test_values_become_outputs(value: Any, outputs: list[tuple[str, str, str, bool, str]]) -> None:
    """Each gets a flat name, a path, a type, and a default that is JSON text."""
    made, _ = _of(value)
    assert [(one.name, one.path, one.kind, one.is_list, one.default) for one in made] == outputs
    assert all(json.loads(one.default) in ("", 0, False, []) for one in made)


@pytest.mark.parametrize(
    ("value", "path", "reason"),
    [
        ({"a": None}, "$.a", "null"),
        ({"a": [1, "x"]}, "$.a[*]", "several types"),
        ({"a": [1, None]}, "$.a[*]", "several types"),
        ({"a": [1, {"b": 2}]}, "$.a[*]", "several types"),
        ([{"a": []}, {"a": [{"b": 1}]}], "$[*].a[*]", "empty in one place"),
        ([[], {"a": 1}], "$[*][*]", "an object in another"),
        ([{"a": 1, "b": 1}, {"a": 2}], "$[*].b", "only some items"),
    ],
)
def test_what_a_sample_does_not_tell_is_said(value: Any, path: str, reason: str) -> None:
    """Nulls, mixed types and uneven lists need a look."""
    _, left_out = _of(value)
    assert [(one.path, reason in one.reason) for one in left_out] == [(path, True)]


KEYS = st.one_of(st.text("abAB_ '\\é$", min_size=1, max_size=4), st.sampled_from(["id", "name", "input"]))
VALUES = st.recursive(
    st.one_of(st.integers(-5, 5), st.booleans(), st.text(max_size=3), st.floats(-1, 1)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)),
    max_leaves=8,
)


@settings(deadline=None, max_examples=150)
@given(value=VALUES)
def test_every_path_gives_the_value_of_the_sample(value: Any) -> None:
    """Paths read what the output says, names are distinct in any case, contract and template name them."""
    outputs, _ = _of(value)
    assume(outputs)
    for one in outputs:
        assert compile_path(one.path).read(value) == one.value
    assert len({one.name.lower() for one in outputs}) == len(outputs)
    assert list(json.loads(contract_of(outputs))["properties"]) == [one.name for one in outputs]
    assert all(f"${{{one.name}}}" in template_of(outputs) for one in outputs)
