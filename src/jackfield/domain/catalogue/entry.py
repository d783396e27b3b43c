"""The form of one entry of the catalogue."""

from __future__ import annotations

from dataclasses import dataclass

from jackfield.domain.finding import Grade, Rank, Severity


@dataclass(frozen=True, slots=True)
class Entry:
    """What is always true of a finding code.

    Args:
        code: UPPER_SNAKE, stable for ever.
        title: a few words for tables and anchors.
        cause: why people meet it, for docs and `explain CODE`.
        message: one sentence with `{name}` places, filled per case.
        accepted: what is accepted, with `{name}` places.
        fix: what to do, with `{name}` places.
        grade: how well the rule is known.
        severity: error where it is known to be refused, would lose data or leak; else warning or note.
        status: HTTP status if this finding alone refuses a request.
        wire_code: the cloud's top-level `code` for it.
        ranked: what it means for the question why a request failed; None for the usual: what is not known to be
            refused by the cloud is a difference, everything else a cause.
    """

    code: str
    title: str
    cause: str
    message: str
    accepted: str
    fix: str
    grade: Grade
    severity: Severity = Severity.ERROR
    status: int = 400
    wire_code: str = "bad.request"
    ranked: Rank | None = None

    @property
    def rank(self) -> Rank:
        """What the finding means for the question why a request failed."""
        if self.ranked is not None:
            return self.ranked
        return Rank.CAUSE if self.severity is Severity.ERROR else Rank.DIFFERENCE
