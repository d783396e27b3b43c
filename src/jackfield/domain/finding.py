"""A finding: one thing that is wrong (or suspicious), where it is, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Generic, TypeVar

T = TypeVar("T")


class Grade(StrEnum):
    """How well the behaviour behind a finding is known."""

    OBSERVED = "observed"
    DOCUMENTED = "documented"
    INFERRED = "inferred"
    ASSUMED = "assumed"


class Severity(StrEnum):
    """What a finding does to a request: error refuses, warning lets through, note only explains."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Rank(StrEnum):
    """What a finding means for the question "why did this not work?", the likeliest reason first."""

    CAUSE = "cause"
    ARTEFACT = "paste artefact"
    DIFFERENCE = "stricter or looser than the cloud"


class Operation(StrEnum):
    """What an edit does to a JSON document."""

    REPLACE = "replace"
    REMOVE = "remove"
    ADD = "add"
    RENAME = "rename"
    UNWRAP = "unwrap"


@dataclass(frozen=True, slots=True)
class Edit:
    """One step from what was sent to what is accepted.

    Args:
        operation: `replace` the value, `remove` or `add` the member, `rename` its key, or `unwrap`: make the
            value the whole document.
        pointer: JSON pointer into the document as it was sent (and repaired), whatever other edits do to it.
        text: JSON text of the new value; for `rename` the new key as a JSON string; else "".
    """

    operation: Operation
    pointer: str
    # It may hold what the caller sent, secrets too.
    text: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a finding points.

    Args:
        pointer: RFC 6901 JSON pointer into the body ("" is all of it), or a name such as `query/pageSize`.
        line: 1-based line in the text as it was sent; None where there is no text.
        column: 1-based column, counted in characters.
        excerpt: the source line, masked where it could hold a secret; "" where there is no text.
        width: how many characters the caret marks underline.
        caret_column: 1-based column in the excerpt where it differs from `column`, because the line was cut
            or something in it was masked.
        file: path of the file in which line and column count; "" where the text is no file.
    """

    pointer: str = ""
    line: int | None = None
    column: int | None = None
    excerpt: str = ""
    width: int = 1
    caret_column: int | None = None
    file: str = ""

    def caret(self) -> str:
        """Return the excerpt with a line of carets below it, or "" without an excerpt."""
        if not self.excerpt or self.column is None:
            return ""
        column = self.column if self.caret_column is None else self.caret_column
        return f"{self.excerpt}\n{' ' * (column - 1)}{'^' * max(1, self.width)}"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault, answered so that the reader can mend it without other documentation.

    Args:
        code: UPPER_SNAKE key into the catalogue of findings.
        message: one sentence about this very case.
        place: where it is.
        seen: what was sent, masked ("" if there is nothing to show).
        accepted: what would be accepted there.
        fix: what to send or do instead.
        grade: how well the rule is known.
        severity: error, warning or note.
        after_repair: true if the text had to be repaired before this could be seen.
        edits: what to change in the body, where that is known.
    """

    code: str
    message: str
    place: Place
    seen: str
    accepted: str
    fix: str
    grade: Grade
    severity: Severity
    after_repair: bool = False
    edits: tuple[Edit, ...] = ()

    @property
    def is_error(self) -> bool:
        """True if this finding refuses the request."""
        return self.severity is Severity.ERROR

    def strict(self) -> Finding:
        """Return the finding as `--strict` sees it: a warning becomes an error."""
        return replace(self, severity=Severity.ERROR) if self.severity is Severity.WARNING else self


@dataclass(frozen=True, slots=True)
class Checked(Generic[T]):
    """What a check returns: the value it understood, and all it found.

    Args:
        value: the request in domain terms; None if an error finding stands in the way.
        findings: every finding, errors first in document order.
        conflict: true if a stale version is the sole error (409 instead of 400).
    """

    value: T | None
    findings: tuple[Finding, ...] = ()
    conflict: bool = False

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that refuse the request."""
        return tuple(finding for finding in self.findings if finding.is_error)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """The findings that go out in the `Jackfield-Findings` header."""
        return tuple(finding for finding in self.findings if finding.severity is Severity.WARNING)
