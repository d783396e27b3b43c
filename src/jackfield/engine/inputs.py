"""Steps 1 to 3: the caller's input, and the action's own definition."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from jackfield.domain.catalogue import found
from jackfield.domain.finding import Finding, Place
from jackfield.engine.context import request_context
from jackfield.engine.failures import processing_failed
from jackfield.engine.json_text import NotJson, read_json_text
from jackfield.engine.passage import Passage
from jackfield.rules.contracts import Validator
from jackfield.rules.nearest import nearest

_SCALARS = (str, int, float, bool, type(None))
_KINDS = {dict: "an object", list: "an array", str: "a string", bool: "a boolean", type(None): "null"}


def check_simple_json(passage: Passage) -> None:
    """Step 1: the body is a flat JSON object.

    Raises:
        ActionFailed: it is no object, or a member is an object or array.
    """
    inputs = passage.run.inputs
    if inputs is None:
        raise processing_failed(found("INPUT_NOT_OBJECT", kind=_kind_of_body(passage.run.raw_request)))
    for value in inputs.values():
        if not isinstance(value, _SCALARS):
            raise processing_failed(
                *(
                    found("INPUT_NOT_FLAT", Place(pointer=f"/{name}"), name=name, kind=kind_of(item))
                    for name, item in inputs.items()
                    if not isinstance(item, _SCALARS)
                )
            )


def check_definition(passage: Passage) -> None:
    """Step 2: the action itself can run.

    Raises:
        ActionFailed: no URL, an unknown method, an unusable header name or contract.
    """
    faults = passage.compiled.faults
    if faults:
        raise processing_failed(
            *(
                found("ACTION_DEFINITION_INVALID", Place(pointer=pointer), reason=reason)
                for pointer, reason in faults
            )
        )


def check_input_contract(passage: Passage) -> None:
    """Step 3: the input matches the input schema. Prepares what the request's templates see.

    Raises:
        ActionFailed: with one finding for each violation.
    """
    inputs = passage.run.inputs
    findings = violations(passage.compiled.input_contract, inputs, "INPUT_INVALID")
    if findings:
        raise processing_failed(*_with_near_name(findings, passage))
    passage.context = request_context(passage.run, passage.compiled)
    passage.warnings.extend(passage.compiled.leniency.warnings)


def _with_near_name(findings: tuple[Finding, ...], passage: Passage) -> tuple[Finding, ...]:
    """Say in the first fix which given name was likely meant to be one that is missing."""
    schema = read_json_text(passage.run.action.contract.input_schema.encode())
    given = passage.run.inputs or {}
    known = schema.get("properties") if isinstance(schema, dict) else None
    if not isinstance(schema, dict) or not isinstance(known, dict):
        return findings
    required = schema.get("required")
    foreign = [name for name in given if name not in known]
    for name in required if isinstance(required, list) else ():
        near = nearest(name, foreign) if isinstance(name, str) and name not in given else ""
        if near:
            fix = f"Write `{name}` instead of `{near}`. {findings[0].fix}"
            return (replace(findings[0], fix=fix, seen=near), *findings[1:])
    return findings


def violations(contract: Validator | None, value: Any, code: str) -> tuple[Finding, ...]:
    """Return a finding for each way in which a value breaks a contract."""
    if contract is None or contract.is_valid(value):
        return ()
    return tuple(
        found(code, Place(pointer=item.pointer), reason=_sentence(item.pointer, item.message))
        for item in contract.violations(value)
    )


def kind_of(value: Any) -> str:
    """Return what messages call a JSON value."""
    return _KINDS.get(type(value), "a number")


def _sentence(pointer: str, message: str) -> str:
    return f"`{pointer}`: {message}" if pointer else message


def _kind_of_body(text: str) -> str:
    try:
        return kind_of(read_json_text(text.encode("utf-8", "replace")))
    except NotJson as error:
        return f"not JSON ({error.reason})"
