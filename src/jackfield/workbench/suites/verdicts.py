"""What a test or a single run comes to, as reports tell it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from jackfield.domain.finding import Finding, Place
from jackfield.workbench.bench import BenchResult
from jackfield.workbench.suites.running import CaseOutcome

_WHOLE = "runs through"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One line of a report.

    Args:
        name: of the test.
        action: name of the action.
        place: of the test in its file, or the action's file.
        seconds: how long it took.
        begun: False if it could not even be run.
        errors: why it failed; none if it passed.
        warnings: what is suspected.
    """

    name: str
    action: str
    place: Place
    seconds: float
    begun: bool
    errors: tuple[Finding, ...]
    warnings: tuple[Finding, ...] = ()

    @property
    def passed(self) -> bool:
        """True if nothing is wrong."""
        return not self.errors

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Errors, then warnings; each with a file, the test's own where it has none."""
        return tuple(
            one if one.place.file else replace(one, place=replace(self.place, pointer=one.place.pointer))
            for one in (*self.errors, *self.warnings)
        )


def verdict_of_case(outcome: CaseOutcome) -> Verdict:
    """Return what a test of a test file comes to; what a run warned of that is as expected is not told."""
    case = outcome.case
    place = case.place()
    return Verdict(
        name=case.name,
        action=case.suite.document.name,
        place=Place(line=place.line or 1, column=place.column, file=str(case.suite.path)),
        seconds=outcome.seconds,
        begun=outcome.result is not None,
        errors=outcome.findings,
    )


def verdict_of_run(result: BenchResult, seconds: float) -> Verdict:
    """Return what the run of an action without a test file comes to."""
    return Verdict(
        name=_WHOLE,
        action=result.document.name,
        place=Place(line=1, file=str(result.document.origin.path)),
        seconds=seconds,
        begun=True,
        errors=() if result.success else tuple(one for one in result.findings if one.is_error),
        warnings=tuple(one for one in result.findings if not one.is_error),
    )
