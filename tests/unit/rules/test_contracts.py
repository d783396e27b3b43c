"""Draft-04 schemas at work."""

from __future__ import annotations

import json
from typing import Any

import pytest

from jackfield.rules.contracts import MAX_VIOLATIONS, ContractInvalid, Violation, compile_contract

CONTRACT = json.dumps(
    {
        "$schema": "http://json-schema.org/draft-04/schema#",
        "type": "object",
        "properties": {
            "city": {"type": "string"},
            "rows": {"type": "array", "items": {"type": "integer"}},
            "unit": {"enum": ["C", "F"]},
        },
        "required": ["city"],
        "additionalProperties": False,
    }
)


def test_a_fulfilled_contract_has_no_errors() -> None:
    """A value that fulfils the schema gives an empty answer."""
    validator = compile_contract(CONTRACT)

    assert validator.errors({"city": "Bern", "rows": [1, 2], "unit": "C"}) == ()
    assert validator.is_valid({"city": "Bern"})


def test_all_violations_come_at_once_with_their_places() -> None:
    """Each violation has the JSON pointer of its place; none hides another."""
    errors = dict(compile_contract(CONTRACT).errors({"rows": [1, "2"], "unit": "K", "more": 1}))

    assert set(errors) == {"", "/rows/1", "/unit"}


def test_pointers_are_escaped() -> None:
    """A member name with a slash or a tilde is escaped as RFC 6901 asks."""
    validator = compile_contract('{"properties": {"a/b~c": {"type": "string"}}}')

    assert validator.errors({"a/b~c": 1})[0][0] == "/a~1b~0c"


def test_a_message_never_repeats_the_value() -> None:
    """Inputs may be secret, so violations speak about the value without showing it."""
    schema = '{"properties": {"pin": {"type": "integer", "enum": [1]}, "word": {"pattern": "^a$"}}}'

    shown = repr(compile_contract(schema).violations({"pin": "hunter2-pin", "word": "hunter2-word"}))

    assert "hunter2" not in shown


def test_missing_and_unexpected_members_are_named() -> None:
    """`required` and `additionalProperties` violations name the members, so that rules can propose names."""
    violations = compile_contract(CONTRACT).violations({"citty": "Bern"})

    assert {(item.keyword, item.names) for item in violations} == {
        ("required", ("city",)),
        ("additionalProperties", ("citty",)),
    }
    assert Violation("", "x", "type").expected == ()


def test_a_whole_decimal_is_not_a_draft_04_integer() -> None:
    """Draft 4 counts 1.0 as a number but not as an integer."""
    assert not compile_contract('{"type": "integer"}').is_valid(1.0)


@pytest.mark.parametrize(
    ("text", "pointer"),
    [
        ("{", ""),
        ("[]", ""),
        ('{"type": "strin"}', "/type"),
        ('{"properties": {"a": {"required": true}}}', "/properties/a/required"),
        ('{"$ref": "http://127.0.0.1:9/schema.json"}', ""),
        ('{"$ref": "#/definitions/none"}', ""),
        ('{"pattern": "("}', "/pattern"),
        ("[" * 100_000, ""),
        ('{"not":' * 400 + "{}" + "}" * 400, ""),
    ],
)
def test_an_unusable_schema_is_refused_with_its_place(text: str, pointer: str) -> None:
    """What is no draft-04 schema, or points outside itself, does not compile, and nothing is fetched."""
    with pytest.raises(ContractInvalid) as caught:
        compile_contract(text)

    assert caught.value.pointer == pointer
    assert caught.value.message


def test_a_value_that_cannot_be_walked_is_a_violation() -> None:
    """A value nested beyond all bounds is answered like any other that does not fit."""
    deep: list[Any] = []
    inner = deep
    for _ in range(3000):
        inner.append([])
        inner = inner[0]
    validator = compile_contract('{"type": "object"}')

    assert not validator.is_valid(deep)
    assert validator.errors(deep)[0][1] == "the value cannot be checked: it is nested too deeply"


def test_violations_are_bounded() -> None:
    """A value with thousands of faults gives a bounded answer."""
    validator = compile_contract('{"items": {"type": "string"}}')

    assert len(validator.errors(list(range(10_000)))) == MAX_VIOLATIONS
