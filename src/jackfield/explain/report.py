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
LABEL: Final = 7
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
    pieces = [_piece_line(number, piece, explanation) for number, piece in enumerate(explanation.pieces, 1)]
    lines = _labelled("Seen", pieces)
    if not explanation.findings:
        lines += ["", "Nothing is wrong with it as far as can be told."]
    lines += _why(explanation, width)
    for correction in explanation.corrections[:2]:
        lines += ["", *_correction_lines(correction, forms)]
    lines += [""] if explanation.question or explanation.advice or explanation.secrets_seen else []
    if explanation.question is not None:
        asked = explanation.question
        answers = " or ".join(f"--type {one}" for one in asked.answers)
        lines += _entries(
            "Open", [f"{asked.text} {asked.assumed} is assumed; settle it with {answers}."], width
        )
    lines += _entries("Next", (one.text for one in explanation.advice), width)
    secrets = (f"line {one.line}, {one.kind}: {one.advice}" for one in explanation.secrets_seen)
    return lines + _entries("Leaked", secrets, width)


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


def _labelled(label: str, lines: list[str]) -> list[str]:
    """Return lines with a label before the first."""
    return [f"{label if not number else '':<{LABEL}}{line}" for number, line in enumerate(lines)]


def _entries(label: str, entries: Iterable[str], width: int) -> list[str]:
    """Return a labelled list of entries."""
    return _labelled(
        label, [line for entry in entries for line in _wrapped(entry, width - LABEL, "- ", "  ")]
    )


def _piece_line(number: int, piece: Piece, explanation: Explanation) -> str:
    where = f"line {piece.line}" if piece.line == piece.last_line else f"lines {piece.line}-{piece.last_line}"
    what = _cut(_printable(explanation.cover(_described(piece))), WIDTH - LABEL - 31)
    return f"{number}  {where:<12} {piece.form:<14} {what}"


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
    """Return the findings, each led by its rank."""
    many = len(explanation.pieces) > 1
    found = [
        _finding_lines(number, one, width, many=many) for number, one in enumerate(explanation.findings, 1)
    ]
    return [line for lines in ([""], *found) for line in lines] if found else []


def _finding_lines(number: int, one: RankedFinding, width: int, *, many: bool) -> list[str]:
    finding = one.finding
    rank = one.rank.value[:1].upper() + one.rank.value[1:]
    lines = _wrapped(f"{rank}: {finding.message}", width, f"  {number}. ", _INDENT)
    if finding.place.excerpt and finding.place.column is not None and finding.severity != "note":
        lines += _quoted(one, width, many=many)
    else:
        lines += _wrapped(f"{_spot(one, many=many)} {_known(one)}".strip(), width, _INDENT, _INDENT)
    advice = f"-> {finding.fix}" if finding.fix else ""
    reason = f"({one.reason})" if one.reason else ""
    told = " ".join(part for part in (advice, reason) if part)
    return lines + (_wrapped(told, width, _INDENT, _INDENT + "   ") if told else [])


def _spot(one: RankedFinding, *, many: bool) -> str:
    """Return where a finding points: the piece if there are several, line:column and pointer."""
    place = one.finding.place
    piece = f"piece {one.piece + 1}" if many else ""
    spot = f"{place.line}:{place.column}" if place.line is not None else ""
    if spot:
        spot = f"{', ' if piece else 'line '}{spot}"
    return f"{piece}{spot} {_printable(place.pointer)}".strip()


def _known(one: RankedFinding) -> str:
    """Return code and grade of a finding, and if the text had to be mended before it could be seen."""
    repaired = ", after repair" if one.finding.after_repair else ""
    return f"[{one.finding.code}, {one.finding.grade}{repaired}]"


def _quoted(one: RankedFinding, width: int, *, many: bool) -> list[str]:
    """Return the source line, cut around its caret, and the caret with what it points at."""
    place = one.finding.place
    before = f"{_INDENT}{_spot(one, many=many)}  "
    after = f" {_known(one)}"
    room = width - len(before)
    column = (place.caret_column or place.column or 1) - 1
    start = max(0, column - room // 2) if len(place.excerpt) > room else 0
    excerpt = place.excerpt[start : start + room]
    marks = "^" * max(1, min(place.width, room - (column - start)))
    pointing = " " * (len(before) + column - start) + marks
    lines = [before + _printable(excerpt)]
    if len(pointing) + len(after) <= width:
        return [*lines, pointing + after]
    return [*lines, pointing, _INDENT + after.lstrip()]


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
