"""A correction is printed in four forms; read back, each says the same request."""

from __future__ import annotations

import ast
import json
import shlex
from typing import Any

import pytest

from jackfield.explain import CorrectedRequest, explain
from jackfield.explain.as_code import as_curl, as_http, as_javascript, as_python
from support.explain_corpus import load


def corrections() -> list[CorrectedRequest]:
    """Every correction with a body that the corpus leads to."""
    found = [
        correction
        for fixture in load()
        if fixture.correctable
        for correction in explain(fixture.text, options=fixture.options).corrections
    ]
    return [correction for correction in found if correction.body_text]


@pytest.fixture(scope="module")
def corrected() -> list[CorrectedRequest]:
    """The corrections; there are enough of them to say something."""
    found = corrections()
    assert len(found) >= 90
    return found


def body(correction: CorrectedRequest) -> Any:
    """What has to be said."""
    return json.loads(correction.body_text)


def test_http(corrected: list[CorrectedRequest]) -> None:
    """Method and address, then the body."""
    for one in corrected:
        first, _, rest = "\n".join(as_http(one)).partition("\n")
        assert first.startswith(f"{one.method} ")
        assert one.path in first
        assert one.host in first + rest.partition("{")[0]
        assert json.loads(rest[rest.index("{") :]) == body(one)


def test_curl(corrected: list[CorrectedRequest]) -> None:
    """A shell takes the command apart into method, address and body."""
    for one in corrected:
        words = shlex.split("\n".join(as_curl(one)).replace("\\\n", " "))
        assert words[0] == "curl"
        assert words[words.index("-X") + 1] == one.method
        assert f"https://{one.host}{one.path}" in words
        assert json.loads(words[words.index("--data-raw") + 1]) == body(one)


def test_python(corrected: list[CorrectedRequest]) -> None:
    """Python reads the literal, and the call names the operation."""
    for one in corrected:
        tree = ast.parse("\n".join(as_python(one)))
        assignment, call = tree.body[0], tree.body[-1]
        assert isinstance(assignment, ast.Assign)
        assert ast.literal_eval(assignment.value) == body(one)
        assert f".{one.operation_id}(" in ast.unparse(call)
        assert ast.unparse(call).endswith("body=body)")


def test_javascript(corrected: list[CorrectedRequest]) -> None:
    """The literal is JSON too, and the ids of the path stand in the call."""
    for one in corrected:
        literal, _, call = "\n".join(as_javascript(one)).removeprefix("const body = ").partition(";\n")
        assert json.loads(literal) == body(one)
        ids = [part for part in one.path.split("/") if len(part) == 36]
        assert all(f'"{identifier}"' in call for identifier in ids)
