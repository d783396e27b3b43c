"""The pieces of a text: requests, bodies and answers, each with its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from jackfield.catalog import Route
from jackfield.domain.finding import Finding
from jackfield.domain.json_nodes import ObjectNode
from jackfield.domain.json_reader import Reading


class PieceKind(StrEnum):
    """What a piece of the text is."""

    REQUEST = "request"
    ANSWER = "answer"
    BODY = "body"
    SDK_CALL = "SDK call"
    ERROR = "error"
    TEST_RESULT = "test result"
    PROVIDER_OUTPUT = "provider output"


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing that was found in the text.

    Args:
        kind: what it is.
        form: how it was written, such as `HTTP`, `curl`, `JavaScript SDK`, `HAR`, `JSON`.
        start: offset where it begins.
        end: offset behind it.
        line: 1-based line of its first character.
        last_line: 1-based line of its last character.
        method: of the request, "" if it is not known.
        url: as it was written, "" if it is not known.
        headers: lower-case name to value; they may hold secrets.
        status: of an answer.
        route: the operation; None if there is none, or it is not known.
        model: name of the body's model, "" if it is not known.
        body: the body as it was read; None without one.
        body_at: offset of the body in the text; None where it does not stand there as it was sent.
        findings: what was noticed while it was taken out of the text.
        message: what an error says in one sentence; it may hold secrets.
        codes: codes of an error, the outermost first.
    """

    kind: PieceKind
    form: str
    start: int
    end: int
    line: int = 1
    last_line: int = 1
    method: str = ""
    url: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int | None = None
    route: Route | None = None
    model: str = ""
    body: Reading | None = None
    body_at: int | None = None
    findings: tuple[Finding, ...] = ()
    message: str = ""
    codes: tuple[str, ...] = ()

    @property
    def root(self) -> ObjectNode | None:
        """The body's object, None if it has none."""
        return self.body.root if self.body is not None and isinstance(self.body.root, ObjectNode) else None

    @property
    def is_request(self) -> bool:
        """True if the piece was, or is meant to be, sent."""
        return self.kind in (PieceKind.REQUEST, PieceKind.BODY, PieceKind.SDK_CALL)
