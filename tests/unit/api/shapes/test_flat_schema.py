"""Schemas in flat form."""

from __future__ import annotations

import json
from typing import Any

import pytest

from jackfield.api.shapes.flat_schema import flat_schema


def flat(**schema: Any) -> dict[str, Any]:
    """Return the flat form of a schema."""
    return flat_schema(json.dumps(schema))


def test_nested_objects_become_dotted_names() -> None:
    """A property of a property has both names; required only where all of them are."""
    document = flat(
        type="object",
        title="T",
        required=["conversation"],
        properties={
            "conversation": {
                "type": "object",
                "required": ["id"],
                "properties": {"id": {"type": "string"}, "note": {"type": "string"}},
            },
            "count": {"type": "integer"},
        },
    )
    assert document == {
        "schema": {
            "type": "object",
            "title": "T",
            "properties": {
                "conversation.id": {"type": "string"},
                "conversation.note": {"type": "string"},
                "count": {"type": "integer"},
            },
            "required": ["conversation.id"],
        },
        "arrayProperties": [],
    }


def test_arrays_of_objects_become_parallel_arrays() -> None:
    """Each leaf of an array's objects is an array; the array is named. Plain arrays stay."""
    document = flat(
        type="object",
        properties={
            "details": {
                "type": "array",
                "items": {"type": "object", "properties": {"code": {"type": "string"}}},
            },
            "tags": {"type": "array", "items": {"type": "string"}},
        },
    )
    assert document["schema"]["properties"] == {
        "details.code": {"type": "array", "items": {"type": "string"}},
        "tags": {"type": "array", "items": {"type": "string"}},
    }
    assert document["arrayProperties"] == ["details"]


def test_an_array_at_the_top() -> None:
    """Its leaves keep their own names."""
    document = flat(type="array", items={"properties": {"id": {"type": "integer"}}})
    assert document["schema"]["properties"] == {"id": {"type": "array", "items": {"type": "integer"}}}


@pytest.mark.parametrize(
    "schema", [{"type": "array", "items": {"type": "string"}}, {"type": "string"}, {"type": "array"}]
)
def test_what_is_no_object_gets_a_name(schema: dict[str, Any]) -> None:
    """A plain value or a plain array at the top is called `value`, as the engine calls it."""
    assert flat(**schema)["schema"]["properties"] == {"value": schema}


def test_arrays_inside_arrays_are_joined() -> None:
    """A list of tags in each of several rows is one list of tags."""
    tags = {"type": "array", "items": {"type": "string"}}
    rows = {"type": "array", "items": {"type": "object", "properties": {"tags": tags}}}
    document = flat(type="object", properties={"rows": rows})
    assert document["schema"]["properties"] == {"rows.tags": tags}
    assert document["arrayProperties"] == ["rows"]


@pytest.mark.parametrize(
    "schema",
    [
        {},
        {"type": "object"},
        {"type": ["object", "null"], "properties": {"a": {"type": ["string", "null"]}}},
        {"type": "object", "properties": {"a": True}},
        {"type": "object", "properties": [], "required": "a"},
        {"type": "array"},
        {"type": "array", "items": [{"type": "object"}]},
        {"type": 5},
    ],
)
def test_odd_schemas(schema: dict[str, Any]) -> None:
    """Whatever a caller stored has a flat form."""
    document = flat_schema(json.dumps(schema))
    assert document["schema"]["type"] == "object"
    assert isinstance(document["schema"]["properties"], dict)


def test_what_is_no_schema() -> None:
    """A text that is no object stays what it is."""
    assert flat_schema("true") == {"schema": True, "arrayProperties": []}
