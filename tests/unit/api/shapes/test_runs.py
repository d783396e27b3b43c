"""Test results on the wire."""

from __future__ import annotations

import json

from jackfield.api.json_bytes import dump
from jackfield.api.shapes import runs
from jackfield.domain.catalogue import found
from jackfield.domain.errors import ActionFailed
from jackfield.domain.run import Operation, RunResult

FAILED = ActionFailed(
    found("BODY_TOO_LARGE", maximum=1), status=400, code="bad.request", detail="ACTION.PROCESSING"
)


def test_a_success() -> None:
    """Every step, and the result digit for digit."""
    result = RunResult(True, '{"n":1.50}', (Operation(1, "Execute", True, {"big": 2**70}),))
    text = dump(runs.test_result(result, "corr"))
    assert b'"finalResult":{"n":1.50}' in text
    shape = json.loads(text)
    assert shape["success"] is True
    assert shape["operations"] == [{"step": 1, "name": "Execute", "success": True, "result": {"big": 2**70}}]
    assert "error" not in shape


def test_a_failure() -> None:
    """The failing step and the whole run carry the same error; there is no result."""
    steps = (Operation(1, "A", True), Operation(2, "B", False, None, FAILED))
    shape = json.loads(dump(runs.test_result(RunResult(False, "", steps, FAILED), "corr")))
    assert shape["success"] is False
    assert "finalResult" not in shape
    assert shape["error"] == shape["operations"][1]["error"]
    assert shape["error"]["details"] == [{"errorCode": "ACTION.PROCESSING"}]
    assert shape["error"]["contextId"] == "corr"
