"""Step 9: variables out of the reply.

Values enter the success template as JSON text: strings keep their quotes. A default is used when a path finds
nothing, not when it finds null; without a default the variable stays undefined. An indefinite path that finds
nothing gives `[]`, so its default never applies.
"""

from __future__ import annotations

from typing import Any, Final

from jackfield.domain.catalogue import found
from jackfield.domain.errors import ActionFailed
from jackfield.domain.finding import Place
from jackfield.engine.failures import processing_failed
from jackfield.engine.json_text import json_text
from jackfield.engine.passage import Passage
from jackfield.engine.templates import TranslationEntry
from jackfield.jsonpath import (
    JsonPathError,
    Path,
    PathEvaluationError,
    PathNotFound,
    PathSyntaxError,
    compile_path,
)

_MISSING: Final = object()
_UNSURE: Final = object()


def translate(passage: Passage) -> None:
    """Step 9: evaluate the translation map.

    Raises:
        ActionFailed: a path is no JSONPath, cannot be applied to this reply, or crosses a bound.
    """
    document, variables = passage.document, passage.variables
    for entry in passage.compiled.translation:
        path = entry.path
        if path is None:
            raise _invalid(entry)
        names = path.names
        # Names through objects, which most paths are, need no call and miss without an exception.
        value: Any = document if names else _UNSURE
        for name in names:
            if type(value) is not dict:
                value = _UNSURE
                break
            value = value.get(name, _MISSING)
            if value is _MISSING:
                break
        if value is _UNSURE:
            value = _read(entry, path, document)
        if value is not _MISSING:
            variables[entry.name] = json_text(value)
        elif entry.default is not None:
            variables[entry.name] = entry.default


def _read(entry: TranslationEntry, path: Path, document: Any) -> Any:
    """Return what a path gives, or _MISSING where its default is to be used, if it has one.

    Raises:
        ActionFailed: it cannot be applied to this reply and has no default, or crosses a bound.
    """
    try:
        return path.read(document)
    except PathNotFound:
        return _MISSING
    except PathEvaluationError as error:
        if entry.default is None:
            raise _failed(entry, error) from None
        return _MISSING
    except JsonPathError as error:
        raise _failed(entry, error) from None


def _invalid(entry: TranslationEntry) -> ActionFailed:
    try:
        compile_path(entry.text)
    except PathSyntaxError as error:
        place = Place(_pointer(entry), 1, error.column, error.path)
        reason = f"{error.reason} (column {error.column})"
        return processing_failed(
            found(
                "TRANSLATION_PATH_FAILED",
                place,
                name=entry.name,
                reason=reason,
                seen=entry.text,
                fix=error.hint,
            )
        )
    raise AssertionError(f"{entry.text!r} did not compile before")


def _failed(entry: TranslationEntry, error: JsonPathError) -> ActionFailed:
    place = Place(_pointer(entry), excerpt=entry.text)
    return processing_failed(
        found("TRANSLATION_PATH_FAILED", place, name=entry.name, reason=str(error), seen=entry.text)
    )


def _pointer(entry: TranslationEntry) -> str:
    return f"/config/response/translationMap/{entry.name.replace('~', '~0').replace('/', '~1')}"
