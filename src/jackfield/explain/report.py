"""An explanation as lines for a person, and as members of a JSON document."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Any, Final

from jackfield.explain.as_code import as_curl, as_http, as_javascript, as_python, in_short
from jackfield.explain.explanation import CorrectedRequest, Explanation, RankedFinding
from jackfield.explain.pieces import Piece, PieceKind
from jackfield.explain.routing import address_of

WIDTH: Final = 100
FORMS: Final[dict[str, tuple[str, Callable[[CorrectedRequest], list[str]]]]] = {
    "http": ("HTTP", as_http),
    "curl": ("curl", as_curl),
    "python": ("Python SDK", as_python),
    "javascript": ("JavaScript SDK", as_javascript),
}
_INDENT: Final = "     "
_ANY_ID: Final = re.compile(r"/(?:[0-9a-fA-F]{8}-[0-9a-fA-F-]{27}|\{\w+\}|(?:custom|customAuth)_-_[\w-]+)")


def report_lines(explanation: Explanation, *, forms: Iterable[str] = FORMS, width: int = WIDTH) -> list[str]:
    """Return an explanation as lines.

    Args:
        explanation: what is to be said.
        forms: of FORMS, in which a corrected request is written.
        width: of the screen, in characters.
    """
    lines = ["What this is"]
    lines += [_piece_line(number, piece, explanation) for number, piece in enumerate(explanation.pieces, 1)]
    if not explanation.findings:
        lines += ["", "Nothing is wrong with it as far as can be told."]
    lines += _why(explanation, width)
    for correction in explanation.corrections[:2]:
        lines += ["", *_correction_lines(correction, forms)]
    if explanation.question is not None:
        asked = explanation.question
        answers = " or ".join(f"--type {one}" for one in asked.answers)
        text = f"Open: {asked.text} Settle it with {answers}; {asked.assumed} is assumed."
        lines += _wrapped(text, width, "", "  ")
    lines += _section("Next", (one.text for one in explanation.advice), width)
    secrets = (f"line {one.line}, {one.kind}: {one.advice}" for one in explanation.secrets_seen)
    return lines + _section("Secrets in this text (not printed here)", secrets, width)


def members(explanation: Explanation) -> dict[str, Any]:
    """Return an explanation as members of a JSON document."""
    return {
        "pieces": [_piece_members(piece, explanation) for piece in explanation.pieces],
        "findings": [_finding_members(one) for one in explanation.findings],
        "corrections": [_correction_members(one) for one in explanation.corrections],
        "advice": [one.text for one in explanation.advice],
        "secrets_seen": [asdict(one) for one in explanation.secrets_seen],
        "question": asdict(explanation.question) if explanation.question is not None else None,
    }


def _section(title: str, entries: Iterable[str], width: int) -> list[str]:
    lines = [line for entry in entries for line in _wrapped(entry, width, "  - ", "    ")]
    return ["", title, *lines] if lines else []


def _piece_line(number: int, piece: Piece, explanation: Explanation) -> str:
    where = f"line {piece.line}" if piece.line == piece.last_line else f"lines {piece.line}-{piece.last_line}"
    what = _cut(_printable(explanation.cover(_described(piece))), WIDTH - 36)
    return f"  {number}  {where:<14} {piece.form:<15} {what}"


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 1]}…"


def _described(piece: Piece) -> str:
    model = f" ({piece.model})" if piece.model else ""
    if piece.is_request:
        path = address_of(piece.url).path.replace("/api/v2/", "…/") if piece.url else "a body of no request"
        return f"{piece.method} {_ANY_ID.sub('/…', path)}{model}".strip()
    status = f"{piece.status} " if piece.status else ""
    if piece.kind is PieceKind.ANSWER:
        return f"answer {status}{piece.model}".strip()
    said = piece.message.split("\n")[0]
    return f"{piece.kind.value} {status}{' '.join(piece.codes[:1])}: {said}".strip()


def _why(explanation: Explanation, width: int) -> list[str]:
    """Return the findings, each rank under its own heading."""
    lines: list[str] = []
    last = ""
    many = len(explanation.pieces) > 1
    for number, one in enumerate(explanation.findings, 1):
        if one.rank != last:
            lines += [_heading(one)] if last else ["", _heading(one)]
            last = one.rank
        lines += _finding_lines(number, one, width, many=many)
    return lines


def _finding_lines(number: int, one: RankedFinding, width: int, *, many: bool) -> list[str]:
    finding = one.finding
    lines = _wrapped(finding.message, width, f"  {number}. ", _INDENT)
    lines += _wrapped(_where(one, many=many), width, _INDENT, _INDENT)
    if finding.place.excerpt and finding.place.column is not None and finding.severity != "note":
        lines += [f"{_INDENT}    {line}" for line in _quoted(one, width - len(_INDENT) - 4)]
    if finding.fix:
        lines += _wrapped(f"-> {finding.fix}", width, _INDENT, _INDENT + "   ")
    return lines + (_wrapped(f"because {one.reason}", width, _INDENT, _INDENT + "   ") if one.reason else [])


def _heading(one: RankedFinding) -> str:
    return one.rank.value[:1].upper() + one.rank.value[1:]


def _where(one: RankedFinding, *, many: bool) -> str:
    place = one.finding.place
    spot = f"line {place.line}, column {place.column}" if place.line is not None else ""
    piece = f"piece {one.piece + 1}" if many else ""
    repaired = ", after repair" if one.finding.after_repair else ""
    where = ", ".join(part for part in (piece, spot, _printable(place.pointer)) if part)
    return f"{where} [{one.finding.code}, {one.finding.grade}{repaired}]".strip()


def _quoted(one: RankedFinding, width: int) -> list[str]:
    """Return the source line, cut around its caret, and the caret."""
    place = one.finding.place
    column = (place.caret_column or place.column or 1) - 1
    start = max(0, column - width // 2) if len(place.excerpt) > width else 0
    excerpt = place.excerpt[start : start + width]
    marks = "^" * max(1, min(place.width, width - (column - start)))
    return [_printable(excerpt), " " * (column - start) + marks]


def _correction_lines(correction: CorrectedRequest, forms: Iterable[str]) -> list[str]:
    chosen = tuple(forms)
    lines = [f"What to send instead of {correction.purpose}"]
    if len(chosen) > 1:
        lines[0] += " (--as FORM: in full)"
        return [*lines, *_side_by_side(correction)]
    for name in chosen:
        title, write = FORMS[name]
        written = write(correction)
        lines += [f"  {title}", *(f"    {line}" for line in written)]
    return lines


def _side_by_side(correction: CorrectedRequest) -> list[str]:
    lines: list[str] = []
    for title, written in in_short(correction):
        lines += [f"  {title if not number else '':<11} {line}" for number, line in enumerate(written)]
    return lines


def _correction_members(correction: CorrectedRequest) -> dict[str, Any]:
    return {
        **asdict(correction),
        "forms": {name: "\n".join(write(correction)) for name, (_, write) in FORMS.items()},
    }


def _piece_members(piece: Piece, explanation: Explanation) -> dict[str, Any]:
    return {
        "kind": piece.kind.value,
        "form": piece.form,
        "line": piece.line,
        "last_line": piece.last_line,
        "method": piece.method,
        "path": explanation.cover(address_of(piece.url).path) if piece.url else "",
        "host": explanation.cover(address_of(piece.url).host),
        "operation_id": piece.route.operation_id if piece.route is not None else "",
        "model": piece.model,
        "status": piece.status,
        "codes": list(piece.codes),
        "message": explanation.cover(piece.message),
    }


def _finding_members(one: RankedFinding) -> dict[str, Any]:
    finding = one.finding
    place = finding.place
    shown = asdict(finding)
    shown.pop("place")
    return {
        "rank": one.rank.value,
        "piece": one.piece,
        "reason": one.reason,
        **shown,
        "pointer": place.pointer,
        "line": place.line,
        "column": place.column,
        "caret": place.caret(),
    }


def _wrapped(text: str, width: int, first: str, others: str) -> list[str]:
    return textwrap.wrap(
        _printable(text),
        max(40, width),
        initial_indent=first,
        subsequent_indent=others,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _printable(text: str) -> str:
    """Other people's text must not steer the terminal."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
