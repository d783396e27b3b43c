"""The whole way from a text to its explanation."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final

from jackfield.catalog import Catalog, load_catalog
from jackfield.domain.catalogue import found
from jackfield.domain.errors import OperationRefused
from jackfield.domain.finding import Finding, Place, Severity
from jackfield.explain.advice import Situation, advise
from jackfield.explain.answers import Error, read_error, unexplained
from jackfield.explain.correcting import corrected
from jackfield.explain.covering import Cover, stand_ins
from jackfield.explain.diagnosis import Bench, diagnose
from jackfield.explain.errors_said import ErrorWords
from jackfield.explain.evidence import as_calling_form, weighed
from jackfield.explain.explanation import (
    Advice,
    CorrectedRequest,
    ExplainOptions,
    Explanation,
    Question,
    RankedFinding,
)
from jackfield.explain.facts import facts_of
from jackfield.explain.failed_runs import explain_failure, explain_run, read_action
from jackfield.explain.pieces import Piece, PieceKind
from jackfield.explain.ranking import rank_of, ranked
from jackfield.explain.recognition import recognize
from jackfield.explain.request_checks import check_regions, check_request
from jackfield.explain.routing import Routes
from jackfield.explain.secrets_seen import hidden_in, masker_of, report
from jackfield.explain.settling import settled
from jackfield.explain.text_lines import Lines
from jackfield.explain.type_choice import TypeChoice
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
        raise OperationRefused(found("NOTHING_RECOGNIZED", reason=_reason(text)), exit_code=1)
    return _explained(text, pieces, options, catalog)


@dataclass(slots=True)
class _Findings:
    """What is found while the pieces are gone through."""

    findings: list[RankedFinding] = field(default_factory=list)
    requests: dict[int, CorrectedRequest] = field(default_factory=dict)
    choices: dict[int, TypeChoice] = field(default_factory=dict)
    question: Question | None = None

    def add(self, index: int, *findings: Finding) -> None:
        """Note findings of a piece."""
        self.findings += [RankedFinding(one, rank_of(one), index) for one in findings]


def _explained(
    text: str, pieces: tuple[Piece, ...], options: ExplainOptions, catalog: Catalog
) -> Explanation:
    routes = Routes(catalog.routes)
    lines = Lines(text)
    facts = facts_of(text, tuple(settled(piece, routes) for piece in pieces), catalog)
    bench = Bench(catalog, facts, options.type_id)
    noted = _Findings()
    for index, piece in enumerate(pieces):
        if piece.is_request:
            _explain_request(noted, index, piece, bench, routes, lines)
    _explain_answers(noted, text, pieces, options, catalog)
    noted.add(0, *check_regions(pieces))
    findings = ranked(weighed(noted.findings, pieces, facts))
    corrections = _ordered(noted.requests, findings)
    situation = Situation(pieces, findings, corrections, noted.choices, facts, catalog)
    hidden = hidden_in(text, pieces)
    cover = Cover(masker_of(hidden), stand_ins(text, pieces, catalog) if options.share else {})
    return Explanation(
        pieces=pieces,
        findings=tuple(cover.finding(one) for one in findings),
        corrections=tuple(cover.request(one) for one in corrections),
        advice=tuple(Advice(cover(one.text)) for one in advise(situation)),
        secrets_seen=report(hidden, lines),
        question=noted.question,
        cover=cover,
    )


def _explain_request(
    noted: _Findings, index: int, piece: Piece, bench: Bench, routes: Routes, lines: Lines
) -> None:
    noted.add(index, *check_request(piece, routes), *piece.findings)
    meant = settled(piece, routes)
    diagnosis = diagnose(meant, bench)
    findings = [_in_its_form(one, piece) for one in diagnosis.findings]
    noted.add(index, *(placed_in_text(one, piece, lines) for one in findings))
    if diagnosis.choice is not None:
        noted.choices[index] = diagnosis.choice
        noted.question = noted.question or _question(diagnosis.choice)
    request = corrected(meant, bench, purpose=_purpose(index, diagnosis.choice))
    if request is not None:
        noted.requests[index] = request


def _in_its_form(finding: Finding, piece: Piece) -> Finding:
    if finding.code == "BODY_WRAPPED" and piece.form == "JavaScript SDK":
        return as_calling_form(finding)
    return finding if piece.body is not None and piece.body.repaired else replace(finding, after_repair=False)


def _purpose(index: int, choice: TypeChoice | None) -> str:
    kind = f", to the {choice.kind.name} integration" if choice is not None else ""
    return f"piece {index + 1}{kind}"


def _explain_answers(
    noted: _Findings, text: str, pieces: tuple[Piece, ...], options: ExplainOptions, catalog: Catalog
) -> None:
    action = read_action(options.action)
    request: Piece | None = None
    for index, piece in enumerate(pieces):
        if piece.is_request:
            request = piece
        elif piece.kind is PieceKind.TEST_RESULT:
            noted.add(index, *explain_run(piece, action))
        elif piece.kind in (PieceKind.ERROR, PieceKind.PROVIDER_OUTPUT):
            error = Error(piece, request, text, catalog)
            run = explain_failure(ErrorWords(piece.message, piece.codes), piece.line, action)
            known = read_error(error) if run is None or piece.kind is PieceKind.PROVIDER_OUTPUT else (run,)
            codes = {one.finding.code for one in noted.findings}
            stale = any(code.endswith("VERSION_STALE") for code in codes)
            codes |= {"VERSION_STALE"} if stale else set()
            noted.add(index, *(one for one in known if one.code not in codes))
            if not noted.findings:
                noted.add(index, unexplained(error))


def _ordered(
    requests: dict[int, CorrectedRequest], findings: tuple[RankedFinding, ...]
) -> tuple[CorrectedRequest, ...]:
    """Return the requests that need correcting, the one with the likeliest reason first."""
    wanted = [one.piece for one in findings if one.finding.severity is not Severity.NOTE]
    chosen = [index for index in dict.fromkeys(wanted) if index in requests]
    return tuple(requests[index] for index in chosen)


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


def _question(choice: TypeChoice) -> Question | None:
    if choice.certain or not choice.others:
        return None
    return Question(
        "Of which type is the integration in the path?",
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
