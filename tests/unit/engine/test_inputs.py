"""Steps 1 to 3: input and definition."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from jackfield.domain.action import Contract
from jackfield.domain.run import RunResult
from support.runs import CannedUpstream, codes, make_action, make_run, run_action, run_once

URL = "https://service.example/"
SCHEMA = {
    "$schema": "http://json-schema.org/draft-04/schema#",
    "type": "object",
    "properties": {"name": {"type": "string"}, "count": {"type": "integer"}},
    "required": ["name"],
    "additionalProperties": False,
}


def _run_raw(raw: str) -> RunResult:
    run = replace(make_run(make_action(URL), {}, raw=raw), inputs=None)
    return asyncio.run(run_once(run, CannedUpstream()))


@pytest.mark.parametrize(
    ("raw", "kind"),
    [("[1]", "an array"), ('"a"', "a string"), ("1", "a number"), ("1.5", "a number"), ("null", "null"),
     ("true", "a boolean"), ("{", "not JSON")],
)  # fmt: skip
def test_a_body_that_is_no_object_fails_step_one(raw: str, kind: str) -> None:
    """The finding says what the body is instead."""
    result = _run_raw(raw)
    assert codes(result) == ["INPUT_NOT_OBJECT"]
    assert result.error is not None
    assert (result.error.status, result.error.code, result.error.detail) == (
        400, "bad.request", "ACTION.PROCESSING",
    )  # fmt: skip
    assert kind in result.error.message
    assert len(result.operations) == 1


def test_nested_inputs_fail_step_one_all_at_once() -> None:
    """Every object and array is named with its pointer."""
    result = run_action(make_action(URL), {"a": {"b": 1}, "ok": None, "c": [1], "d": True, "e": 1.5})
    assert codes(result) == ["INPUT_NOT_FLAT", "INPUT_NOT_FLAT"]
    assert result.error is not None
    assert [finding.place.pointer for finding in result.error.findings] == ["/a", "/c"]
    assert "an object" in result.error.findings[0].message
    assert "an array" in result.error.findings[1].message


def test_the_input_contract_is_checked_in_step_three() -> None:
    """All violations come at once, with pointers, and nothing is sent."""
    upstream = CannedUpstream()
    action = make_action(URL, input_schema=SCHEMA)
    result = run_action(action, {"count": "x", "other": 1}, upstream=upstream)
    assert set(codes(result)) == {"INPUT_INVALID"}
    assert len(codes(result)) == 3
    assert result.operations[-1].step == 3
    assert not upstream.requests


def test_an_input_that_fits_passes() -> None:
    """The control of the contract test."""
    assert run_action(make_action(URL, input_schema=SCHEMA), {"name": "a", "count": 3}).success


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"url": "  "}, "/config/request/requestUrlTemplate"),
        ({"method": "TRACE"}, "/config/request/requestType"),
        ({"headers": {"Bad Name": "x"}}, "/config/request/headers/Bad Name"),
    ],
)
def test_a_definition_that_cannot_run_fails_step_two(changes: dict[str, Any], pointer: str) -> None:
    """No URL, an unknown method, a header name that HTTP does not know."""
    result = run_action(make_action(**{"url": URL, **changes}))
    assert codes(result) == ["ACTION_DEFINITION_INVALID"]
    assert result.operations[-1].step == 2
    assert result.error is not None
    assert result.error.findings[0].place.pointer == pointer


@pytest.mark.parametrize(
    ("contract", "pointer"),
    [
        (Contract('{"type": 1}', "{}"), "/contract/input/inputSchema/type"),
        (Contract("{}", "not json"), "/contract/output/successSchema"),
    ],
)
def test_a_contract_that_is_no_schema_fails_step_two(contract: Contract, pointer: str) -> None:
    """Both contracts are compiled before anything else happens."""
    result = run_action(replace(make_action(URL), contract=contract))
    assert codes(result) == ["ACTION_DEFINITION_INVALID"]
    assert result.error is not None
    assert result.error.findings[0].place.pointer == pointer


def test_a_missing_input_names_the_one_that_was_likely_meant() -> None:
    """Of names in another spelling the fix says which to write; unrelated ones are not guessed."""
    schema = {"type": "object", "properties": {"orderId": {"type": "string"}}, "required": ["orderId"]}
    action = make_action(URL, input_schema=schema)
    misspelt = run_action(action, {"orderid": "1"})
    assert misspelt.error is not None
    assert misspelt.error.findings[0].fix.startswith("Write `orderId` instead of `orderid`.")
    missing = run_action(action, {"zebra": "1"})
    assert missing.error is not None
    assert "instead of" not in missing.error.findings[0].fix
