"""What `jackfield action test` says at its end: the sum, the document, reports for other programs."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from jackfield.cli import refusals, traces
from jackfield.cli.exit_codes import ExitCode
from jackfield.cli.output import Output
from jackfield.workbench.bench import BenchResult
from jackfield.workbench.files import replace_text
from jackfield.workbench.sarif import repository_of, sarif_text
from jackfield.workbench.suites.junit import junit_text
from jackfield.workbench.suites.running import CaseOutcome
from jackfield.workbench.suites.verdicts import Verdict, verdict_of_case, verdict_of_run


@dataclass(slots=True)
class Tested:
    """All that one call has tested, in its order.

    Args:
        outcomes: tests of test files.
        results: runs of actions that have none.
    """

    outcomes: list[CaseOutcome] = field(default_factory=list)
    results: list[BenchResult] = field(default_factory=list)
    _verdicts: list[Verdict] = field(default_factory=list)

    def add_case(self, outcome: CaseOutcome) -> None:
        """Add a test of a test file."""
        self.outcomes.append(outcome)
        self._verdicts.append(verdict_of_case(outcome))

    def add_run(self, result: BenchResult, seconds: float) -> None:
        """Add the run of an action without a test file."""
        self.results.append(result)
        self._verdicts.append(verdict_of_run(result, seconds))

    def report(self, output: Output, *, junit: Path | None, sarif: Path | None) -> int:
        """Write the reports, print the sum, and return the exit code.

        Args:
            junit: where the report for build servers goes, if one is wanted.
            sarif: where findings for code hosts go, if they are wanted.
        """
        if junit is not None:
            replace_text(junit, junit_text(self._verdicts))
        if sarif is not None:
            findings = [finding for one in self._verdicts for finding in one.findings]
            root = repository_of(Path())
            replace_text(sarif, sarif_text(findings, folder=root, command="action test"))
        total, failed = len(self._verdicts), sum(not one.passed for one in self._verdicts)
        output.document(
            {
                "ok": not failed,
                "total": total,
                "failed": failed,
                "tests": [_case_members(one) for one in self.outcomes],
                "runs": [traces.members(one) for one in self.results],
            }
        )
        alone = "failed" if failed else "passed"
        output.text(f"{total - failed} of {total} passed" if total != 1 else alone)
        return ExitCode.ASSERTIONS if failed else ExitCode.OK


def _case_members(outcome: CaseOutcome) -> dict[str, object]:
    return {
        "name": outcome.case.name,
        "file": str(outcome.case.suite.path),
        "line": outcome.case.place().line,
        "passed": outcome.passed,
        "seconds": round(outcome.seconds, 6),
        "findings": [refusals.finding_members(one) for one in outcome.findings],
        "run": traces.members(outcome.result) if outcome.result is not None else None,
    }
