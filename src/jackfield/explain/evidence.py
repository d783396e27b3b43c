"""What the text's own words say about its findings: some cannot be the reason, whatever they look like."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from jackfield.domain.catalogue import CATALOGUE
from jackfield.domain.finding import Finding, Rank, Severity
from jackfield.explain.explanation import RankedFinding
from jackfield.explain.facts import Facts
from jackfield.explain.pieces import Piece, PieceKind

_EMPTIED: Final = "as the text says, empty `credentials` succeed"
_PROPERTIES: Final = ("PROPERTIES_OF_ANOTHER_TYPE", "PROPERTY_UNKNOWN", "PROPERTY_INVALID")
_ABOUT_THE_CALLER: Final = (401, 403, 429)


def weighed(findings: Sequence[RankedFinding], pieces: Sequence[Piece], facts: Facts) -> list[RankedFinding]:
    """Return findings with what the text says about them taken into account."""
    result = list(findings)
    if facts.empty_credentials_work is not None:
        result = [_with_emptied(one, pieces) for one in result]
    return [_with_answer(one, pieces) for one in result]


def as_calling_form(finding: Finding) -> Finding:
    """Return the wrapper of a call of the JavaScript SDK as what it is there: right."""
    entry = CATALOGUE["SDK_CALLING_FORM"]
    name = finding.place.pointer.rpartition("/")[2] or "body"
    return replace(
        finding,
        code=entry.code,
        message=entry.message.format(name=name),
        accepted=entry.accepted,
        fix=entry.fix,
        grade=entry.grade,
        severity=Severity.NOTE,
    )


def _with_emptied(one: RankedFinding, pieces: Sequence[Piece]) -> RankedFinding:
    """Weigh a finding by the sentence that the request works without credentials."""
    piece = pieces[one.piece]
    if piece.route is None or piece.route.request_model != "IntegrationConfiguration":
        return one
    code = one.finding.code
    if code.startswith("JSON_"):
        return replace(one, rank=Rank.ARTEFACT, reason=f"not in what was sent: {_EMPTIED}")
    if code in _PROPERTIES:
        reason = f"the path's integration takes these: {_EMPTIED}"
        return replace(one, reason=reason)
    if one.finding.place.pointer.startswith("/credentials"):
        return replace(one, reason=f"the fault is in there: {_EMPTIED}")
    if code == "VERSION_AS_TEXT":
        return replace(one, reason="the cloud took it with empty `credentials`")
    return one


def _with_answer(one: RankedFinding, pieces: Sequence[Piece]) -> RankedFinding:
    """Weigh a finding of a request by the answer that the request got."""
    status = answer_status(one.piece, pieces)
    piece = pieces[one.piece]
    if not piece.is_request or status is None:
        return one
    if status in _ABOUT_THE_CALLER and one.finding.place.pointer.startswith("/") and one.rank is Rank.CAUSE:
        return replace(
            one, rank=Rank.DIFFERENCE, reason=f"the answer {status} came before the body was looked at"
        )
    return one


def answer_status(index: int, pieces: Sequence[Piece]) -> int | None:
    """Return the status of the answer that a request got, None if the text has none."""
    for piece in pieces[index + 1 :]:
        if piece.is_request:
            return None
        if piece.kind in (PieceKind.ANSWER, PieceKind.ERROR):
            return piece.status
    return None
