"""The whole way from a text to its explanation."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Final

from jackfield.catalog import Catalog, load_catalog
from jackfield.domain.catalogue import found
from jackfield.domain.errors import OperationRefused
from jackfield.domain.finding import Finding, Place
from jackfield.explain.correcting import corrected
from jackfield.explain.diagnosis import Bench, Diagnosis, diagnose
from jackfield.explain.explanation import (
    CorrectedRequest,
    ExplainOptions,
    Explanation,
    Question,
    RankedFinding,
)
from jackfield.explain.facts import facts_of
from jackfield.explain.pieces import Piece
from jackfield.explain.ranking import rank_of, ranked
from jackfield.explain.recognition import recognize
from jackfield.explain.secrets_seen import hidden_in, report
from jackfield.explain.text_lines import Lines
from jackfield.rules.nearest import nearest

MAX_CHARACTERS: Final = 1_000_000


@lru_cache(maxsize=1)
def shipped_catalog() -> Catalog:
    """Return the catalog that is shipped."""
    return load_catalog()


def explain(
    text: str, *, options: ExplainOptions | None = None, catalog: Catalog | None = None
) -> Explanation:
    """Explain a text.

    Args:
        text: anything that holds a request, a body, an answer or an error of the integrations API.
        options: what the reader knows besides.
        catalog: types and routes; the shipped one if None.

    Raises:
        OperationRefused: nothing could be recognized, the text is too long, or an option means nothing.
    """
    options = options or ExplainOptions()
    catalog = catalog or shipped_catalog()
    if len(text) > MAX_CHARACTERS:
        raise OperationRefused(found("TEXT_OVER_LIMIT", size=len(text), maximum=MAX_CHARACTERS))
    options = _checked_options(options, catalog)
    pieces = recognize(text, catalog, options)
    if not pieces:
        raise OperationRefused(found("NOTHING_RECOGNIZED", reason=_reason(text)))
    return _explained(text, pieces, options, catalog)


def _explained(
    text: str, pieces: tuple[Piece, ...], options: ExplainOptions, catalog: Catalog
) -> Explanation:
    lines = Lines(text)
    bench = Bench(catalog, facts_of(text, pieces, catalog), options.type_id)
    findings: list[RankedFinding] = []
    corrections: list[CorrectedRequest] = []
    question: Question | None = None
    for index, piece in enumerate(pieces):
        if not piece.is_request:
            continue
        diagnosis = diagnose(piece, bench)
        placed = tuple(placed_in_text(one, piece, lines) for one in diagnosis.findings)
        for finding in (*piece.findings, *placed):
            findings.append(RankedFinding(finding, rank_of(finding), index))
        request = corrected(piece, diagnosis.findings)
        if request is not None:
            corrections.append(request)
        question = question or _question(diagnosis)
    return Explanation(
        pieces=pieces,
        findings=ranked(findings),
        corrections=tuple(corrections),
        secrets_seen=report(hidden_in(text, pieces), lines),
        question=question,
    )


def placed_in_text(finding: Finding, piece: Piece, lines: Lines) -> Finding:
    """Return a finding of a body with its line and column in the whole text."""
    place = finding.place
    if piece.body_at is None or place.line is None:
        return finding
    first = lines.line(piece.body_at)
    if place.line > 1 or place.column is None:
        return replace(finding, place=replace(place, line=place.line + first - 1))
    caret = place.column if place.caret_column is None else place.caret_column
    column = place.column + lines.column(piece.body_at) - 1
    moved: Place = replace(place, line=first, column=column, caret_column=None if caret == column else caret)
    return replace(finding, place=moved)


def _question(diagnosis: Diagnosis) -> Question | None:
    choice = diagnosis.choice
    if choice is None or choice.certain or not choice.others:
        return None
    return Question(
        "Of which type is the integration whose id stands in the path?",
        (choice.kind.id, *choice.others),
        choice.kind.id,
    )


def _checked_options(options: ExplainOptions, catalog: Catalog) -> ExplainOptions:
    if not options.type_id or options.type_id in catalog.integration_types:
        return options
    near = nearest(options.type_id, catalog.integration_types)
    finding = found(
        "INTEGRATION_TYPE_UNKNOWN",
        Place("--type"),
        seen=options.type_id,
        accepted=", ".join(catalog.integration_types),
        fix=f"Use --type {near}." if near else "",
    )
    raise OperationRefused(finding)


def _reason(text: str) -> str:
    if not text.strip():
        return "it is empty"
    return "there is no request, body or error of the integrations API in it"
