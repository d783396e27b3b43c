"""Values made up from schemas."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jackfield.rules.contracts import compile_contract
from jackfield.workbench.samples import parsed_schema, sample, sample_object, type_of

LEAVES = st.one_of(
    st.just({"type": "string"}),
    st.builds(
        lambda low, more: {"type": "string", "minLength": low, "maxLength": low + more},
        *[st.integers(0, 9)] * 2,
    ),
    st.sampled_from([{"type": "string", "format": name} for name in ("date-time", "email", "uri", "uuid")]),
    st.builds(
        lambda low, more: {"type": "integer", "minimum": low, "maximum": low + more},
        *[st.integers(-9, 9).map(abs)] * 2,
    ),
    st.builds(lambda low: {"type": "number", "minimum": low, "exclusiveMinimum": True}, st.integers(-9, 9)),
    st.just({"type": "boolean"}),
    st.just({"type": ["null", "integer"]}),
    st.just({"enum": ["b", "a"]}),
    st.just({"type": "string", "default": "as said"}),
    st.just({"type": "integer", "default": "not one"}),
)
SCHEMAS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(
            lambda properties: {"type": "object", "properties": properties, "required": sorted(properties)},
            st.dictionaries(st.sampled_from(["id", "email", "startTime", "name", "x"]), inner, min_size=1),
        ),
        st.builds(
            lambda item, size: {"type": "array", "items": item, "minItems": size}, inner, st.integers(0, 3)
        ),
        st.builds(lambda item: {"anyOf": [item, {"type": "null"}]}, inner),
    ),
    max_leaves=6,
)


@given(SCHEMAS)
def test_what_is_made_up_is_valid(schema: dict[str, Any]) -> None:
    """The contract accepts it, and it is the same every time."""
    value = sample(schema, "x")
    assert compile_contract(json.dumps(schema)).is_valid(value)
    assert sample(schema, "x") == value


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("contactEmail", "@"),
        ("mobilePhone", "+"),
        ("startDate", "T12"),
        ("siteUrl", "https://"),
        ("userId", "-"),
    ],
)
def test_names_tell_what_texts_are(name: str, part: str) -> None:
    """A text looks like what its name says."""
    assert part in sample({"type": "string"}, name)


def test_references_inside_a_schema() -> None:
    """They are followed, also in circles, as far as is sensible."""
    schema = {
        "definitions": {"node": {"type": "object", "properties": {"next": {"$ref": "#/definitions/node"}}}},
        "type": "object",
        "properties": {"first": {"$ref": "#/definitions/node"}, "none": {"$ref": "#/no"}},
    }
    assert "next" in sample(schema)["first"]


@pytest.mark.parametrize("text", ["", "{", "[]", "5", '{"type": "string"}'])
def test_a_schema_that_describes_no_object(text: str) -> None:
    """It gives an empty object."""
    assert sample_object(text) == {}
    assert type_of(parsed_schema(text)) in ("", "string")


def test_several_schemas_at_once() -> None:
    """All parts of `allOf` are there."""
    parts = [{"type": "object", "properties": {name: {"type": "integer"}}} for name in "ab"]
    assert sample({"allOf": parts}) == {"a": 1, "b": 1}
