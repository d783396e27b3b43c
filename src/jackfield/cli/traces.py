"""How a test run of a data action looks: every step, and what it produced."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, Final

from jackfield.cli import refusals
from jackfield.cli.output import Output
from jackfield.domain.finding import Severity
from jackfield.domain.run import Operation
from jackfield.workbench.bench import BenchResult
from jackfield.workbench.trace import CALL, HEADERS, TRANSLATION

_INDENT: Final = "      "
_LONGEST: Final = 4_000
_WIDE: Final = 100
_ONE_LINE: Final = 94
_BROUGHT: Final = {
    "given": "the reply is given",
    "recorded": "the reply is a recording",
    "stub": "the reply is a stub",
    "live": "the service really answered",
    "synthesized": "nobody answered; the reply is made up",
}


def show(output: Output, result: BenchResult) -> None:
    """Print the trace of one run."""
    document = result.document
    if result.login is not None:
        show(output, result.login)
        output.text()
    output.text(
        f"{document.name}  ({document.integration_type or 'no integration named'}, {document.origin.path})"
    )
    if result.made_up:
        output.text(f"  made up: {', '.join(result.made_up)}")
    output.text(f"  input: {_one_line(result.inputs)}")
    errors = [one for one in result.findings if one.severity is Severity.ERROR]
    for step in result.result.operations:
        _show_step(output, result, step)
        if not step.success:
            for finding in errors:
                for line in refusals.finding_lines(finding, _WIDE):
                    output.text(f"    {line}")
    _show_end(output, result)
    output.warnings([one for one in result.findings if one.severity is not Severity.ERROR])


def members(result: BenchResult) -> dict[str, Any]:
    """Return a run for a JSON document."""
    provenance = result.provenance
    return {
        "action": result.document.name,
        "file": str(result.document.origin.path),
        "integration_type": result.document.integration_type,
        "success": result.success,
        "made_up": list(result.made_up),
        "input": dict(result.inputs) if result.inputs is not None else None,
        "reply": asdict(provenance) if provenance is not None else None,
        "operations": [
            {"step": one.step, "name": one.name, "success": one.success, "result": one.result}
            for one in result.result.operations
        ],
        "translation": [row.members() for row in result.translation],
        "final_result": result.value,
        "flattened": dict(result.flattened) if result.flattened is not None else None,
        "findings": [refusals.finding_members(one) for one in result.findings],
        "login": members(result.login) if result.login is not None else None,
    }


def _show_step(output: Output, result: BenchResult, step: Operation) -> None:
    output.text(f"  {'ok  ' if step.success else 'FAIL'} {step.step:>2}. {step.name}")
    if step.name == TRANSLATION and result.translation:
        output.table(
            ("variable", "type", "value", "path", ""),
            [
                (row.name, row.type, _cut(row.value or ""), row.path, row.outcome.value)
                for row in result.translation
            ],
        )
        return
    if step.name == CALL and result.provenance is not None:
        detail = f": {result.provenance.detail}" if result.provenance.detail else ""
        output.text(f"{_INDENT}{_BROUGHT[result.provenance.origin.value]}{detail}")
    value = step.result
    if step.name == HEADERS and isinstance(value, dict):
        value = "\n".join(f"{name}: {text}" for name, text in value.items())
    for line in _lines(value):
        output.text(f"{_INDENT}{line}")


def _show_end(output: Output, result: BenchResult) -> None:
    if not result.success:
        return
    output.text("  result:")
    for line in _lines(result.value):
        output.text(f"{_INDENT}{line}")
    if result.flattened is not None and result.flattened != result.value:
        output.text("  flattened, as Architect reads it:")
        for line in _lines(dict(result.flattened)):
            output.text(f"{_INDENT}{line}")


def _lines(value: Any) -> Iterator[str]:
    """Yield a step's result: text as it is, JSON indented; both without what steers a terminal."""
    if value is None or value == "" or value == {}:
        return
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    if not isinstance(value, str) and len(text) > _ONE_LINE:
        text = json.dumps(value, indent=2, ensure_ascii=False, default=str)
    for line in _cut(text).split("\n"):
        yield "".join(letter if letter.isprintable() else " " for letter in line)


def _one_line(value: Any) -> str:
    return _cut(json.dumps(value, ensure_ascii=False, default=str))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}… ({len(text)} characters)"
