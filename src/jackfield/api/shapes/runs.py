"""Results of test runs on the wire."""

from __future__ import annotations

from typing import Any

from jackfield.api.error_bodies import error_body
from jackfield.api.json_bytes import Raw
from jackfield.domain.run import Operation, RunResult


def test_result(result: RunResult, correlation_id: str) -> dict[str, Any]:
    """Return a TestExecutionResult: every step, and what execute would have answered."""
    shape: dict[str, Any] = {
        "operations": [_operation(step, correlation_id) for step in result.operations],
    }
    if result.error is not None:
        shape["error"] = error_body(result.error, correlation_id)
    if result.final_result:
        shape["finalResult"] = Raw(result.final_result)
    return shape | {"success": result.success}


def _operation(step: Operation, correlation_id: str) -> dict[str, Any]:
    shape: dict[str, Any] = {"step": step.step, "name": step.name, "success": step.success}
    if step.result is not None:
        shape["result"] = step.result
    if step.error is not None:
        shape["error"] = error_body(step.error, correlation_id)
    return shape
