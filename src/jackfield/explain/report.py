"""An explanation as lines for a person, and as members of a JSON document."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Any, Final

from jackfield.explain.as_code import as_curl, as_http, as_javascript, as_python, shortened
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


def report_lines(explanation: Explanation, *, forms: Iterable[str] = FORMS, width: int = WIDTH) -> list[str]:
    """Return an explanation as lines.

    Args:
        explanation: what is to be said.
        forms: of FORMS, in which a corrected request is written.
        width: of the screen, in characters.
    """
    lines = ["What this is"]
    lines += [_piece_line(number, piece, explanation) for number, piece in enumerate(explanation.pieces, 1)]
    lines += ["", "Why"] if explanation.findings else ["", "Nothing is wrong with it as far as can be told."]
    many = len(explanation.pieces) > 1
    for number, one in enumerate(explanation.findings, 1):
        lines += _finding_lines(number, one, width, many=many)
    for correction in explanation.corrections[:2]:
        lines += ["", *_correction_lines(correction, forms)]
    if explanation.question is not None:
        asked = explanation.question
        answers = " or ".join(f"--type {one}" for one in asked.answers)
        text = f"{asked.text} Assumed is {asked.assumed}; settle it with {answers}."
        lines += ["", "Open", *_wrapped(text, width, "  - ", "    ")]
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
    what = shortened(explanation.cover(_described(piece)), WIDTH - 36)
    return f"  {number}  {where:<14} {piece.form:<15} {what}"


def _described(piece: Piece) -> str:
    model = f" ({piece.model})" if piece.model else ""
    if piece.is_request:
        address = address_of(piece.url)
        path = piece.route.path if piece.route is not None and piece.form.endswith("SDK") else address.path
        known = path if piece.url else "a body whose request is not told"
        return f"{piece.method} {known}{model}".strip()
    status = f"{piece.status} " if piece.status else ""
    if piece.kind is PieceKind.ANSWER:
        return f"answer {status}{model}".replace("  ", " ").strip()
    said = piece.message.split("\n")[0]
    return f"{piece.kind.value} {status}{' '.join(piece.codes[:1])}: {said}".strip()


def _finding_lines(number: int, one: RankedFinding, width: int, *, many: bool) -> list[str]:
    finding = one.finding
    repaired = ", seen after repair" if finding.after_repair else ""
    head = f"{one.rank.value}: {finding.message} [{finding.code}, {finding.grade}{repaired}]"
    lines = _wrapped(head, width, f"  {number}. ", _INDENT)
    place = finding.place
    spot = f"line {place.line}, column {place.column}" if place.line is not None else ""
    piece = f"piece {one.piece + 1}" if many else ""
    where = ", ".join(part for part in (piece, spot, place.pointer) if part)
    if place.excerpt and place.column is not None and finding.severity != "note":
        shown = _quoted(one, width - len(_INDENT) - 8)
        lines += [f"{_INDENT}at {where}", *(f"{_INDENT}  {line}" for line in shown)]
    elif where:
        lines.append(f"{_INDENT}at {where}")
    lines += _wrapped(f"do: {finding.fix}", width, _INDENT, _INDENT + "    ") if finding.fix else []
    return lines + (_wrapped(f"why: {one.reason}", width, _INDENT, _INDENT + "     ") if one.reason else [])


def _quoted(one: RankedFinding, width: int) -> list[str]:
    """Return the source line, cut around its caret, and the caret."""
    place = one.finding.place
    column = (place.caret_column or place.column or 1) - 1
    start = max(0, column - width // 2) if len(place.excerpt) > width else 0
    excerpt = place.excerpt[start : start + width]
    marks = "^" * max(1, min(place.width, width - (column - start)))
    return [_printable(excerpt), " " * (column - start) + marks]


def _correction_lines(correction: CorrectedRequest, forms: Iterable[str]) -> list[str]:
    lines = [f"What to send instead of {correction.purpose}"]
    for name in forms:
        title, write = FORMS[name]
        written = write(correction)
        lines += [f"  {title}", *(f"    {line}" for line in written)]
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
