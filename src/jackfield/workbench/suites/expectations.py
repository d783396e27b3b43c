"""What a test expects of a run, held against it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from jackfield.domain.catalogue import found
from jackfield.domain.finding import Finding, Severity
from jackfield.engine.json_text import NotJson, read_json_text
from jackfield.workbench.bench import BenchResult
from jackfield.workbench.suites.matching import Difference, differences, shown
from jackfield.workbench.suites.reading import Case
from jackfield.workbench.trace import BODY, HEADERS, URL, failed_step, operation

_UNMET: Final = "TEST_EXPECTATION_UNMET"
_FAILURES: Final = ("finding", "failed_step")


def unmet(case: Case, result: BenchResult) -> Iterator[Finding]:
    """Yield a finding for each expectation that a run does not meet."""
    expect: Mapping[str, Any] = case.members.get("expect") or {}
    wanted = expect.get("success", not any(name in expect for name in _FAILURES))
    if wanted is not result.success:
        yield from _outcome(case, result, wanted=bool(wanted))
    for name, check in _CHECKS.items():
        if name in expect:
            for subject, inner, difference in check(expect[name], result):
                yield _finding(case, subject, f"/expect/{name}{inner}", difference)


def _outcome(case: Case, result: BenchResult, *, wanted: bool) -> Iterator[Finding]:
    if wanted:
        step = failed_step(result.result)
        words = f"the run fails in step {step.step}, {step.name}" if step else "the run fails"
        yield _finding(case, "The run", "/expect", Difference("", words))
        yield from (one for one in result.findings if one.severity is Severity.ERROR)
    else:
        yield _finding(case, "The run", "/expect/success", Difference("", "it succeeds"))


_Unmet = Iterator[tuple[str, str, Difference]]


def _request(expected: Any, result: BenchResult) -> _Unmet:
    if "method" in expected:
        for one in differences(expected["method"], result.method):
            yield "The method", "/method", one
    for name, step, subject in (("url", URL, "The URL"), ("body", BODY, "The body")):
        if name not in expected:
            continue
        done = operation(result.result, step)
        actual = done.result if done is not None else None
        if name == "body" and not isinstance(expected[name], str):
            actual = _as_json(actual)
        for one in differences(expected[name], actual):
            yield subject, f"/{name}", one
    yield from _headers(expected.get("headers") or {}, result)


def _headers(expected: Mapping[str, Any], result: BenchResult) -> _Unmet:
    done = operation(result.result, HEADERS)
    sent = {name.lower(): value for name, value in ((done.result if done else None) or {}).items()}
    for name, value in expected.items():
        actual = sent.get(name.lower())
        if value is None and actual is not None:
            yield f"The header {name}", f"/headers/{name}", Difference("", f"is sent, with {shown(actual)}")
        elif value is not None and actual is None:
            yield f"The header {name}", f"/headers/{name}", Difference("", "is not sent")
        elif value is not None:
            for one in differences(value, actual):
                yield f"The header {name}", f"/headers/{name}", one


def _steps(expected: Any, result: BenchResult) -> _Unmet:
    for key, value in expected.items():
        done = next(
            (one for one in result.result.operations if key in (str(one.step), one.name)),
            None,
        )
        if done is None:
            yield f"Step {key}", f"/{key}", Difference("", "the run does not come to it")
            continue
        for one in differences(value, done.result):
            yield f"Step {key}", f"/{key}", one


def _variables(expected: Any, result: BenchResult) -> _Unmet:
    rows = {row.name: row for row in result.translation}
    for name, value in expected.items():
        row = rows.get(name)
        if row is None or row.value is None:
            yield f"The variable {name}", f"/{name}", Difference("", "is not set")
            continue
        for one in differences(value, _as_json(row.value)):
            yield f"The variable {name}", f"/{name}", one


def _result(expected: Any, result: BenchResult) -> _Unmet:
    if result.success:
        for one in differences(expected, result.value):
            yield "The result", "", one


def _flattened(expected: Any, result: BenchResult) -> _Unmet:
    if result.success:
        for one in differences(expected, dict(result.flattened or {})):
            yield "The flattened result", "", one


def _failed_step(expected: Any, result: BenchResult) -> _Unmet:
    step = failed_step(result.result)
    names = (step.step, str(step.step), step.name) if step is not None else ()
    if expected not in names:
        words = f"it is {step.step}, {step.name}" if step is not None else "no step fails"
        yield "The failing step", "", Difference("", f"{words}, instead of {expected}")


def _finding_expected(expected: Any, result: BenchResult) -> _Unmet:
    wanted = expected if isinstance(expected, Mapping) else {"code": expected}
    errors = [one for one in result.findings if one.severity is Severity.ERROR]
    for one in errors:
        members = {"code": one.code, "message": one.message, "fix": one.fix, "seen": one.seen}
        if not any(True for _ in differences({"$contains": wanted}, members)):
            return
    codes = ", ".join(one.code for one in errors) or "none"
    yield "The finding", "", Difference("", f"is {codes} instead of {shown(expected)}")


def _warnings(expected: Any, result: BenchResult) -> _Unmet:
    codes = sorted({one.code for one in result.findings if one.severity is not Severity.ERROR})
    wanted = sorted(expected) if isinstance(expected, list) else expected
    for one in differences(wanted, codes):
        yield "The list of warnings", "", one


_CHECKS: Final = {
    "failed_step": _failed_step,
    "finding": _finding_expected,
    "warnings": _warnings,
    "request": _request,
    "steps": _steps,
    "variables": _variables,
    "result": _result,
    "flattened": _flattened,
}


def _finding(case: Case, subject: str, inner: str, difference: Difference) -> Finding:
    words = f"`{difference.path}` {difference.words}" if difference.path else difference.words
    return found(
        _UNMET,
        case.place(inner),
        subject=subject,
        difference=f"{words}.",
        wanted=f"What the test `{case.name}` expects.",
    )


def _as_json(text: Any) -> Any:
    """Return the value of JSON text; any other text as it is."""
    if not isinstance(text, str):
        return text
    try:
        return read_json_text(text.encode("utf-8", "replace"))
    except NotJson:
        return text
