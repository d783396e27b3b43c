"""What a service answers: the value, and the warnings that let it through."""

from __future__ import annotations

from typing import Generic, TypeVar

from jackfield.domain.errors import Refused, VersionConflict
from jackfield.domain.finding import Checked, Finding

T = TypeVar("T")


class Outcome(Generic[T]):
    """A result and the warnings that go out in the `Jackfield-Findings` header."""

    __slots__ = ("value", "warnings")

    def __init__(self, value: T, warnings: tuple[Finding, ...] = ()) -> None:
        self.value, self.warnings = value, warnings


def accepted(checked: Checked[T]) -> Outcome[T]:
    """Return the checked value with its warnings.

    Raises:
        VersionConflict: a stale version is the only error.
        Refused: anything else is wrong; carries every finding.
    """
    if checked.conflict:
        raise VersionConflict(*checked.findings)
    if checked.value is None or checked.errors:
        raise Refused(*checked.findings)
    return Outcome(checked.value, checked.warnings)


def admit(findings: tuple[Finding, ...], *, strict: bool) -> tuple[Finding, ...]:
    """Return the findings if they let the request through, for checks made outside `rules`.

    Raises:
        Refused: one of them is an error, or strict makes it one.
    """
    judged = tuple(finding.strict() for finding in findings) if strict else findings
    if any(finding.is_error for finding in judged):
        raise Refused(*sorted(judged, key=lambda finding: not finding.is_error))
    return judged
