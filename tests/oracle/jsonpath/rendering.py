"""What our engine answers, written as the oracle writes its answers."""

from __future__ import annotations

import json
from typing import Any

from jackfield.jsonpath import (
    JsonPathError,
    PathEvaluationError,
    PathNotFound,
    PathSyntaxError,
    compile_path,
)
from jackfield.jsonpath.values import java_double

SHORT = {"\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\"}


def jackson(value: Any) -> str:
    """A JSON value as Jackson's ObjectMapper writes it: no blanks, doubles as Java prints them."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{_text(key)}:{jackson(entry)}" for key, entry in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(jackson, value)) + "]"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, float):
        shown = java_double(value)
        return f'"{shown}"' if shown[-1] in "Ny" else shown
    return json.dumps(value)


def _text(text: str) -> str:
    escaped = (SHORT.get(c) or (f"\\u{ord(c):04X}" if c < " " else c) for c in text)
    return '"' + "".join(escaped) + '"'


def answer(path: str, document: Any) -> dict[str, Any]:
    """The answer in the oracle's form, without path and document."""
    try:
        compiled = compile_path(path)
    except PathSyntaxError:
        return {"phase": "compile", "error": "InvalidPathException"}
    try:
        value = compiled.read(document)
    except PathNotFound:
        return {"phase": "read", "error": "PathNotFoundException"}
    except PathEvaluationError as failure:
        return {"phase": "read", "error": failure.engine_error}
    except JsonPathError as failure:
        return {"phase": "read", "error": type(failure).__name__}
    return {"definite": compiled.is_definite, "value": jackson(value)}
