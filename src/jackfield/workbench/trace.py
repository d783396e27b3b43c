"""What a test run shows beyond the steps of the wire: how each variable came to its value."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from jackfield.domain.masking import Masker
from jackfield.domain.run import Operation, RunResult
from jackfield.engine.json_text import NotJson, read_json_text
from jackfield.engine.upstream import InboundReply
from jackfield.jsonpath import JsonPathError, PathNotFound, PathSyntaxError, compile_path
from jackfield.workbench.documents import ActionDocument

AUTHENTICATION: Final = "Perform authentication"
URL: Final = "Resolve request URL template"
HEADERS: Final = "Resolve request header templates"
BODY: Final = "Resolve request body template"
CALL: Final = "Execute"
TRANSLATION: Final = "Resolve translation map"
TRANSFORMATION: Final = "Apply output transformation"
CONTRACT: Final = "Validate output against success schema"


class Outcome(StrEnum):
    """How a variable of the translation map came to its value."""

    FOUND = "found"
    NULL = "found null; the default is for missing values only"
    DEFAULT = "nothing there; the default"
    EMPTY = "matches nothing; an indefinite path gives an empty list"
    UNSET = "nothing there, and no default: not set"
    FAULTY = "the path cannot be used"


@dataclass(frozen=True, slots=True)
class TranslationRow:
    """One entry of the translation map.

    Args:
        name: of the variable.
        path: JSONPath as written.
        outcome: how the value came to be.
        value: JSON text, masked; None if the variable is not set.
        type: of the value: `string`, `number`, …, `not JSON` or `not set`.
        default: JSON text, None if there is none.
    """

    name: str
    path: str
    outcome: Outcome
    value: str | None
    type: str
    default: str | None

    def members(self) -> dict[str, Any]:
        """Return the row for a JSON document."""
        return {
            "name": self.name,
            "path": self.path,
            "outcome": self.outcome.name.lower(),
            "value": self.value,
            "type": self.type,
            "default": self.default,
        }


def translation_rows(
    document: ActionDocument, result: RunResult, reply: InboundReply | None, mask: Masker
) -> tuple[TranslationRow, ...]:
    """Return a row for each entry of the translation map, none if the run did not get there."""
    step = operation(result, TRANSLATION)
    return () if step is None else rows_of(document, step.result, _document(reply), mask)


def rows_of(document: ActionDocument, result: Any, body: Any, mask: Masker) -> tuple[TranslationRow, ...]:
    """Return a row for each entry of the translation map.

    Args:
        document: the action.
        result: of the step: variable name to JSON text; anything else counts as none.
        body: JSON value of the reply.
        mask: hides secrets in defaults.
    """
    values: Mapping[str, str] = result if isinstance(result, Mapping) else {}
    defaults = document.config.response.translation_map_defaults
    rows = []
    for name, path in document.config.response.translation_map.items():
        value = values.get(name)
        rows.append(
            TranslationRow(
                name,
                path,
                _outcome(path, body, value),
                value,
                "not set" if value is None else type_name(value),
                mask(defaults[name]) if name in defaults else None,
            )
        )
    return tuple(rows)


def operation(result: RunResult, name: str) -> Operation | None:
    """Return the step of a name, None if the run did not get there."""
    return next((one for one in result.operations if one.name == name), None)


def failed_step(result: RunResult) -> Operation | None:
    """Return the step in which a run ended, None if it succeeded."""
    return next((one for one in result.operations if not one.success), None)


def type_name(text: str) -> str:
    """Return the JSON type of a text."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return "not JSON"
    if isinstance(value, bool):
        return "boolean"
    if value is None:
        return "null"
    kinds = {str: "string", int: "integer", float: "number", list: "array", dict: "object"}
    return kinds[type(value)]


def _outcome(path: str, body: Any, value: str | None) -> Outcome:
    try:
        compiled = compile_path(path)
        found = compiled.read(body)
    except PathNotFound:
        return Outcome.UNSET if value is None else Outcome.DEFAULT
    except PathSyntaxError:
        return Outcome.FAULTY
    except JsonPathError:
        return Outcome.FAULTY if value is None else Outcome.DEFAULT
    if found is None:
        return Outcome.NULL
    return Outcome.EMPTY if found == [] and not compiled.is_definite else Outcome.FOUND


def _document(reply: InboundReply | None) -> Any:
    if reply is None or not reply.body.strip():
        return {}
    try:
        return read_json_text(reply.body)
    except NotJson:
        return {}
