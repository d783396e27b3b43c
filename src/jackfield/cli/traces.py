"""How a test run of a data action looks: every step, and what it produced."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from jackfield.cli import refusals
from jackfield.cli.output import Output
from jackfield.domain.finding import Finding, Severity
from jackfield.domain.run import Operation
from jackfield.workbench.bench import BenchResult
from jackfield.workbench.trace import CALL, HEADERS, TRANSLATION, TranslationRow

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


@dataclass(frozen=True, slots=True)
class Shown:
    """A run as it is shown, wherever it was run.

    Args:
        title: the action and where it comes from.
        inputs: what it was called with.
        operations: its steps.
        findings: what went wrong, then what is suspected.
        made_up: what nobody gave.
        translation: how each variable came to its value.
        replied: where the reply came from, "" if that is plain.
        success: False if a step failed.
        value: the result.
        flattened: its flat form, if that is known.
    """

    title: str
    inputs: Any
    operations: Sequence[Operation]
    findings: Sequence[Finding] = ()
    made_up: Sequence[str] = ()
    translation: Sequence[TranslationRow] = ()
    replied: str = ""
    success: bool = True
    value: Any = None
    flattened: Mapping[str, Any] | None = None


def show(output: Output, result: BenchResult) -> None:
    """Print the trace of one run of the bench."""
    document = result.document
    if result.login is not None:
        show(output, result.login)
        output.text()
    show_run(
        output,
        Shown(
            title=f"{document.name}  ({document.integration_type or 'no integration named'},"
            f" {document.origin.path})",
            inputs=result.inputs,
            operations=result.result.operations,
            findings=result.findings,
            made_up=result.made_up,
            translation=result.translation,
            replied=_replied(result),
            success=result.success,
            value=result.value,
            flattened=result.flattened,
        ),
    )
    output.warnings([one for one in result.findings if one.severity is not Severity.ERROR])


def show_run(output: Output, run: Shown) -> None:
    """Print the steps of a run, each with what it produced, and why one failed."""
    output.text(run.title)
    if run.made_up:
        output.text(f"  made up: {', '.join(run.made_up)}")
    output.text(f"  input: {_one_line(run.inputs)}")
    errors = [one for one in run.findings if one.severity is Severity.ERROR]
    for step in run.operations:
        _show_step(output, run, step)
        if not step.success:
            for finding in errors:
                for line in refusals.finding_lines(finding, _WIDE):
                    output.text(f"    {line}")
    _show_end(output, run)


def _replied(result: BenchResult) -> str:
    if result.provenance is None:
        return ""
    detail = f": {result.provenance.detail}" if result.provenance.detail else ""
    return f"{_BROUGHT[result.provenance.origin.value]}{detail}"


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


def _show_step(output: Output, run: Shown, step: Operation) -> None:
    output.text(f"  {'ok  ' if step.success else 'FAIL'} {step.step:>2}. {step.name}")
    if step.name == TRANSLATION and run.translation:
        output.table(
            ("variable", "type", "value", "path", ""),
            [
                (row.name, row.type, _cut(row.value or ""), row.path, row.outcome.value)
                for row in run.translation
            ],
        )
        return
    if step.name == CALL and run.replied:
        output.text(f"{_INDENT}{run.replied}")
    value = step.result
    if step.name == HEADERS and isinstance(value, dict):
        value = "\n".join(f"{name}: {text}" for name, text in value.items())
    for line in _lines(value):
        output.text(f"{_INDENT}{line}")


def _show_end(output: Output, run: Shown) -> None:
    if not run.success:
        return
    output.text("  result:")
    for line in _lines(run.value):
        output.text(f"{_INDENT}{line}")
    if run.flattened is not None and run.flattened != run.value:
        output.text("  flattened, as Architect reads it:")
        for line in _lines(dict(run.flattened)):
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
