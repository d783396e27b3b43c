"""Step 9: variables out of the reply.

Values enter the success template as JSON text: strings keep their quotes. A default is used when a path finds
nothing, not when it finds null; without a default the variable stays undefined. An indefinite path that finds
nothing gives `[]`, so its default never applies.
"""

from __future__ import annotations

from jackfield.domain.catalogue import found
from jackfield.domain.errors import ActionFailed
from jackfield.domain.finding import Place
from jackfield.engine.failures import processing_failed
from jackfield.engine.json_text import json_text
from jackfield.engine.passage import Passage
from jackfield.engine.templates import TranslationEntry
from jackfield.jsonpath import (
    JsonPathError,
    PathEvaluationError,
    PathNotFound,
    PathSyntaxError,
    compile_path,
)
from jackfield.jsonpath.path import MISSING, UNSURE


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
        value = path.peek(document)
        try:
            if value is UNSURE:
                value = path.read(document)
        except PathNotFound:
            value = MISSING
        except PathEvaluationError as error:
            if entry.default is None:
                raise _failed(entry, error) from None
            value = MISSING
        except JsonPathError as error:
            raise _failed(entry, error) from None
        if value is not MISSING:
            variables[entry.name] = json_text(value)
        elif entry.default is not None:
            variables[entry.name] = entry.default


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
