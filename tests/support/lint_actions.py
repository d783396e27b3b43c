"""Actions for lint, in a few words, and what lint finds in them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from jackfield.domain.finding import Finding
from jackfield.domain.json_reader import read_json
from jackfield.rules.lint import LintOptions
from jackfield.rules.lint.examples.sketches import USUAL, exported
from jackfield.workbench.documents import ActionDocument
from jackfield.workbench.forms.json_form import read_actions
from jackfield.workbench.linting import lint

POST: dict[str, Any] = {
    "method": "POST",
    "url": "https://api.example.com/orders",
    "inputs": {"note": "string"},
}


def document(action: dict[str, Any]) -> ActionDocument:
    """An exported file, read."""
    return read_actions(read_json(json.dumps(action, indent=2)), Path("action.custom.json"))[0]


def sketched(**overrides: Any) -> ActionDocument:
    """The usual right action with some members of its own."""
    return document(exported({**USUAL, **overrides}))


def posted(body: str, **overrides: Any) -> ActionDocument:
    """An action that posts a body; its one input is `note`, a required text."""
    return sketched(**{**POST, "body": body, **overrides})


def found(of: ActionDocument, options: LintOptions | None = None) -> tuple[Finding, ...]:
    """All findings."""
    return lint(of, options).findings


def codes(of: ActionDocument, options: LintOptions | None = None) -> list[str]:
    """The codes of all findings."""
    return [one.code for one in found(of, options)]


def the(of: ActionDocument, code: str) -> Finding:
    """The one finding of a code."""
    matching = [one for one in found(of) if one.code == code]
    assert len(matching) == 1, codes(of)
    return matching[0]


def underlined(finding: Finding) -> str:
    """What the carets underline in the author's file."""
    place = finding.place
    start = (place.caret_column or place.column or 1) - 1
    return place.excerpt[start : start + place.width]
