"""Step 12: the flat form."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from jackfield.engine.flattening import flatten
from support.runs import json_reply, make_action, run_action

STRING = {"type": "string"}
PEOPLE = {
    "type": "object",
    "properties": {
        "people": {
            "type": "array",
            "items": {"type": "object", "properties": {"id": STRING, "name": STRING}},
        },
        "owner": {"type": "object", "properties": {"id": STRING, "tags": {"type": "array", "items": STRING}}},
    },
}


@pytest.mark.parametrize(
    ("value", "schema", "flat"),
    [
        ({"a": 1, "b": {"c": {"d": "x"}}}, {}, {"a": 1, "b.c.d": "x"}),
        ({"a": [1, 2]}, {}, {"a": [1, 2]}),
        ({"p": [{"id": 1, "n": "a"}, {"id": 2, "n": "b"}]}, {}, {"p.id": [1, 2], "p.n": ["a", "b"]}),
        ({"p": [{"id": 1}, {"n": "b"}]}, {}, {"p.id": [1, None], "p.n": [None, "b"]}),
        ({"p": [{"id": 1}, None]}, {}, {"p.id": [1, None]}),
        ({"p": [{"a": {"b": 1}}, {"a": {"b": 2}}]}, {}, {"p.a.b": [1, 2]}),
        ({"p": [{"t": [1, 2]}, {"t": [3]}]}, {}, {"p.t": [1, 2, 3]}),
        ({}, {}, {}),
        ({"a": {}}, {}, {}),
        ({"a": None, "b": []}, {}, {"a": None, "b": []}),
        ({"people": []}, PEOPLE, {"people.id": [], "people.name": []}),
        ({"owner": None}, PEOPLE, {"owner.id": None, "owner.tags": None}),
        ({"people": None}, PEOPLE, {"people": None}),
        ([{"id": 1}, {"id": 2}], {"type": "array"}, {"id": [1, 2]}),
        ([1, 2], {"type": "array"}, {"value": [1, 2]}),
        ("x", {}, {"value": "x"}),
        (None, {}, {"value": None}),
        ({"a": True}, True, {"a": True}),
        ({"a": [{}]}, {"properties": "odd"}, {"a": [{}]}),
    ],
)
def test_every_shape_has_one_flat_form(value: Any, schema: Any, flat: dict[str, Any]) -> None:
    """Dotted names, parallel arrays, null where an element lacks a leaf."""
    assert flatten(value, schema) == flat


def test_flatten_changes_the_result_and_the_trace() -> None:
    """Only when asked for; the schema is checked before, on the nested form."""
    schema = {"type": "object", "properties": {"a": {"type": "object"}}, "additionalProperties": False}
    action = make_action("https://service.example/", success_schema=schema)
    result = run_action(action, {}, json_reply({"a": {"b": 1}}), flatten=True)
    assert orjson.loads(result.final_result) == {"a.b": 1}
    assert result.operations[-1].name == "Flatten output"
    assert result.operations[-1].result == {"a.b": 1}
    assert run_action(action, {}, json_reply({"a": {"b": 1}})).final_result == '{"a":{"b":1}}'
