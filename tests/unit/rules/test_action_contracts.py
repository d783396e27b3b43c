"""Checks of contracts: draft 4, and what the documentation restricts beyond it."""

from __future__ import annotations

from typing import Any

import pytest

from jackfield.domain.action import NewAction
from jackfield.domain.finding import Checked
from jackfield.rules.actions import ActionFacts, check_new_action
from support.checks import CATALOG, INTEGRATION_ID, codes, integration, reading, the

OBJECT = {"type": "object", "properties": {}}
INPUT = "/contract/input/inputSchema"
OUTPUT = "/contract/output/successSchema"


def check(source: Any = OBJECT, output: Any = OBJECT) -> Checked[NewAction]:
    """Check two contracts in an action that is right otherwise."""
    body = {
        "name": "x",
        "category": "y",
        "integrationId": INTEGRATION_ID,
        "config": {"request": {"requestUrlTemplate": "https://x", "requestType": "GET"}},
        "contract": {"input": {"inputSchema": source}, "output": {"successSchema": output}},
    }
    return check_new_action(reading(body), ActionFacts(lambda _: integration(), CATALOG))


@pytest.mark.parametrize(
    ("source", "output"),
    [
        (OBJECT, OBJECT),
        ({"type": "object"}, {"type": "array", "items": {"type": "object"}}),
        (
            {
                "$schema": "http://json-schema.org/draft-04/schema#",
                "title": "Input",
                "type": "object",
                "properties": {
                    "a-b_1": {"type": "string", "enum": ["x"], "default": "x"},
                    "n": {"type": ["number", "null"]},
                },
                "required": ["n"],
            },
            {"type": "object", "properties": {"rows": {"type": "array", "items": {"type": "string"}}}},
        ),
        (
            {"type": "object", "properties": {"x": {"type": "string"}}},
            {"type": "object", "properties": {"$ref": {"type": "string"}}},
        ),
    ],
)
def test_what_is_right(source: Any, output: Any) -> None:
    """Flat inputs and any output but arrays in arrays are taken."""
    assert check(source, output).findings == ()


@pytest.mark.parametrize(
    ("source", "code", "pointer"),
    [
        ({"type": "array"}, "CONTRACT_NOT_OBJECT", "/type"),
        ({"properties": {}}, "CONTRACT_NOT_OBJECT", "/type"),
        ({**OBJECT, "properties": {"a": {"type": "object"}}}, "INPUT_TYPE_NOT_SIMPLE", "/properties/a/type"),
        (
            {**OBJECT, "properties": {"a": {"type": ["string", "array"]}}},
            "INPUT_TYPE_NOT_SIMPLE",
            "/properties/a/type",
        ),
        ({**OBJECT, "properties": {"1a": {"type": "string"}}}, "INPUT_NAME_INVALID", "/properties/1a"),
        ({**OBJECT, "properties": {"a b": {"type": "string"}}}, "INPUT_NAME_INVALID", "/properties/a b"),
        ({**OBJECT, "properties": {"orgId": {"type": "string"}}}, "INPUT_NAME_RESERVED", "/properties/orgId"),
        (
            {**OBJECT, "properties": {"rawRequest": {"type": "string"}}},
            "INPUT_NAME_RESERVED",
            "/properties/rawRequest",
        ),
        ({**OBJECT, "properties": {"a": {"type": "strin"}}}, "CONTRACT_INVALID", "/properties/a/type"),
        (
            {**OBJECT, "properties": {"a": {"type": "string", "required": True}}},
            "CONTRACT_INVALID",
            "/properties/a/required",
        ),
        ({**OBJECT, "required": []}, "CONTRACT_INVALID", "/required"),
        ({**OBJECT, "properties": {"a": "string"}}, "CONTRACT_INVALID", "/properties/a"),
    ],
)
def test_what_an_input_contract_may_not_hold(source: Any, code: str, pointer: str) -> None:
    """Each restriction is named at its place in the contract."""
    checked = check(source)

    assert (checked.errors[0].code, checked.errors[0].place.pointer) == (code, f"{INPUT}{pointer}")
    assert checked.value is None


@pytest.mark.parametrize(
    ("output", "pointer"),
    [
        ({"type": "array", "items": {"type": "array"}}, "/items"),
        (
            {"type": "object", "properties": {"a": {"type": "array", "items": [{"type": "array"}]}}},
            "/properties/a/items/0",
        ),
    ],
)
def test_arrays_in_arrays(output: Any, pointer: str) -> None:
    """An output cannot hold arrays of arrays, in either way of writing items."""
    fault = the(check(output=output), "OUTPUT_NESTED_ARRAY")

    assert fault.place.pointer == f"{OUTPUT}{pointer}"


def test_references() -> None:
    """`$ref` is refused in both contracts, wherever it stands, and nothing is fetched."""
    reference = {"$ref": "http://127.0.0.1:9/schema.json"}
    checked = check({**OBJECT, "properties": {"a": reference}}, {"type": "array", "items": reference})
    places = {finding.place.pointer for finding in checked.findings if finding.code == "CONTRACT_REFERENCE"}

    assert places == {f"{INPUT}/properties/a/$ref", f"{OUTPUT}/items/$ref"}


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ({**OBJECT, "properties": {"a": {"type": "strin"}}}, "must be one of array, boolean"),
        ({**OBJECT, "properties": {"a": {"required": True}}}, "draft 3 put true at the property"),
        ({**OBJECT, "required": []}, "leave it out"),
        ({**OBJECT, "properties": {"a": "string"}}, 'such as {"type": "string"}'),
    ],
)
def test_schema_faults_in_the_authors_words(source: Any, words: str) -> None:
    """What the meta-schema complains about is said in terms of the contract."""
    assert words in the(check(source), "CONTRACT_INVALID").message


def test_another_draft() -> None:
    """A contract that declares a later draft is read as draft 4, with a warning."""
    checked = check({**OBJECT, "$schema": "https://json-schema.org/draft/2020-12/schema"})

    assert codes(checked) == ["CONTRACT_OTHER_DRAFT"]
    assert checked.value is not None
