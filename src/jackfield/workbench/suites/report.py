"""A failed test in plain lines, for programs that have no terminal of ours."""

from __future__ import annotations

from collections.abc import Iterator

from jackfield.domain.finding import Finding
from jackfield.workbench.suites.running import CaseOutcome


def failure_lines(outcome: CaseOutcome) -> Iterator[str]:
    """Yield what is wrong with a test, and how far its run came."""
    for finding in outcome.findings:
        yield from finding_lines(finding)
    if outcome.result is None:
        return
    yield ""
    for step in outcome.result.result.operations:
        yield f"{'ok  ' if step.success else 'FAIL'} {step.step:>2}. {step.name}"


def finding_lines(finding: Finding) -> Iterator[str]:
    """Yield a finding: what, where, and what to do."""
    place = finding.place
    yield f"{finding.code}: {finding.message}"
    if place.file:
        yield "  at " + ":".join(
            str(part) for part in (place.file, place.line, place.column) if part is not None
        )
    for line in place.caret().splitlines():
        yield f"    {line}"
    if finding.fix:
        yield f"  fix: {finding.fix}"
