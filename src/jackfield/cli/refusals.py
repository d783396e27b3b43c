"""How a refusal looks: each finding with its place, what was seen, what is accepted and what to do."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from jackfield.domain.errors import JackfieldError, OperationRefused
from jackfield.domain.finding import Finding

LABEL_WIDTH = 10
WIDEST = 100


def document(error: JackfieldError, exit_code: int, sent: str = "") -> dict[str, Any]:
    """Return the members of the JSON document that a failed command prints."""
    local = isinstance(error, OperationRefused)
    return {
        "ok": False,
        "exit_code": exit_code,
        "error": {
            "status": None if local else error.status,
            "code": error.findings[0].code if local else error.code,
            "message": error.message,
            "context_id": getattr(error, "context_id", ""),
            "findings": [finding_members(finding) for finding in located(error.findings, sent)],
        },
    }


def finding_members(finding: Finding) -> dict[str, Any]:
    """Return a finding as members of a JSON document."""
    members = asdict(finding)
    place = members.pop("place")
    caret = finding.place.caret()
    names = ("file", "pointer", "line", "column") if place["file"] else ("pointer", "line", "column")
    return {**members, **{name: place[name] for name in names}, "caret": caret}


def lines(error: JackfieldError, sent: str = "", *, width: int = 0) -> list[str]:
    """Return the lines that a person reads."""
    wide = min(WIDEST, width or shutil.get_terminal_size().columns)
    findings = located(error.findings, sent)
    shown: list[str] = []
    if not findings or error.message != findings[0].message:
        shown += [f"error: {_plain(error.message)}", ""]
    for finding in findings:
        shown += [*finding_lines(finding, wide), ""]
    context_id = getattr(error, "context_id", "")
    return [*shown, f"context id {_plain(context_id)}"] if context_id else shown[:-1]


def finding_lines(finding: Finding, width: int) -> list[str]:
    """Return one finding as lines no wider than asked for, but for the quoted source."""
    # Paths and URLs stay whole, so that they can be copied.
    shown = textwrap.wrap(
        f"{finding.severity}: {_plain(finding.message)} [{finding.code}]",
        width,
        subsequent_indent="  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
    where = _where(finding)
    if where:
        shown += _labelled("at", where, width)
    if finding.place.caret():
        shown += [" " * (LABEL_WIDTH + 2) + line for line in _cut(finding, width - LABEL_WIDTH - 2)]
    for label in ("seen", "accepted", "fix"):
        text = _plain(getattr(finding, label))
        if text:
            shown += _labelled(label, text, width)
    return shown


def excerpt_lines(finding: Finding, width: int) -> list[str]:
    """Return the quoted source line and its carets, cut to a width; none without an excerpt."""
    return _cut(finding, width) if finding.place.caret() else []


def plain(text: str) -> str:
    """Return a text without characters that steer a terminal."""
    return _plain(text)


def located(findings: Sequence[Finding], sent: str) -> tuple[Finding, ...]:
    """Give each finding the line of the text that was sent, where the server told line and column only."""
    source = sent.splitlines()

    def with_excerpt(finding: Finding) -> Finding:
        place = finding.place
        if place.excerpt or place.line is None or not 1 <= place.line <= len(source):
            return finding
        return replace(
            finding, place=replace(place, excerpt=_plain(source[place.line - 1]), caret_column=None)
        )

    return tuple(with_excerpt(finding) for finding in findings)


def _where(finding: Finding) -> str:
    place = finding.place
    if place.file:
        spot = "".join(f":{number}" for number in (place.line, place.column) if number is not None)
        pointer = f" ({_plain(place.pointer)})" if place.pointer else ""
        return f"{_plain(place.file)}{spot}{pointer}"
    position = f"line {place.line}, column {place.column}" if place.line is not None else ""
    return ", ".join(part for part in (_plain(place.pointer), position) if part)


def _cut(finding: Finding, width: int) -> list[str]:
    """Show the part of a long source line around the caret."""
    place = finding.place
    column = place.caret_column or place.column or 1
    start = max(0, column - 1 - width // 2) if len(place.excerpt) > width else 0
    excerpt = place.excerpt[start : start + width]
    marks = "^" * max(1, min(place.width, width - (column - 1 - start)))
    return [excerpt, " " * (column - 1 - start) + marks]


def _labelled(label: str, text: str, width: int) -> list[str]:
    indent = " " * (LABEL_WIDTH + 2)
    return textwrap.wrap(
        text,
        max(40, width),
        initial_indent=f"  {label:<{LABEL_WIDTH}}",
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _plain(text: str) -> str:
    """Other people's text must not steer the terminal."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
