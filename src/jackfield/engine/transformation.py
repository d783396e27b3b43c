"""Steps 10 and 11: the success template and the success schema."""

from __future__ import annotations

import re

from jackfield.domain.catalogue import found
from jackfield.domain.errors import ActionFailed
from jackfield.domain.finding import Place
from jackfield.engine.context import success_context, variable_names
from jackfield.engine.failures import processing_failed, template_failed
from jackfield.engine.inputs import violations
from jackfield.engine.json_text import NotJson, first_value, read_json_text
from jackfield.engine.limits import DEPTH, is_deeper
from jackfield.engine.passage import Passage
from jackfield.rules.leniency import unfilled
from jackfield.velocity import VelocityError

_SEEN = 500
_QUOTED_REFERENCE = re.compile(r'"\$!?\{?(\w[\w-]*)\}?"')
_GENERAL_ADVICE = "Correct the template; variables of the translation map already are JSON text."


def transform(passage: Passage) -> None:
    """Step 10: render the success template and read its output as JSON.

    Text after the first JSON value is ignored with a warning, as published actions rely on it.

    Raises:
        ActionFailed: the template fails, its output is not JSON, or is nested too deeply.
    """
    compiled = passage.compiled
    if compiled.passes_result:
        passage.output, passage.value = passage.result_text, passage.document
        passage.final = passage.result_text
        return
    inputs = passage.context["input"]
    context = success_context(compiled, passage.variables, passage.result_text, inputs)
    try:
        output = passage.output = compiled.success.render(context)
    except VelocityError as error:
        raise template_failed(compiled.success, error, variable_names(context)) from None
    if "$" in output:
        passage.warnings.extend(unfilled(compiled.success.pointer, compiled.success.unfilled(output)))
    data = output.encode("utf-8", "replace")
    try:
        passage.value, passage.final = read_json_text(data), output
    except NotJson as error:
        _take_first_value(passage, error)
    # A short text cannot nest deeply: most results need no closer look.
    if len(data) > 2 * DEPTH and data.count(b"[") + data.count(b"{") > DEPTH and is_deeper(passage.value):
        raise processing_failed(found("OUTPUT_TOO_DEEP", limit=DEPTH))


def check_success_contract(passage: Passage) -> None:
    """Step 11: the result matches the success schema.

    Raises:
        ActionFailed: with one finding for each violation.
    """
    findings = violations(passage.compiled.success_contract, passage.value, "OUTPUT_INVALID")
    if findings:
        raise processing_failed(*findings)


def _take_first_value(passage: Passage, error: NotJson) -> None:
    output = passage.output
    if error.deep:
        raise processing_failed(found("OUTPUT_TOO_DEEP", limit=DEPTH))
    try:
        value, end = first_value(output)
    except NotJson as fault:
        raise _not_json(passage, fault) from None
    if not output[end:].strip():
        raise _not_json(passage, error)
    passage.value, passage.final = value, output[:end]
    place = Place(pointer=passage.compiled.success.pointer)
    rest = passage.masker.cut(output[end:].strip(), 40) if passage.testing else "…"
    passage.warnings.append(found("OUTPUT_TRAILING_TEXT", place, rest=rest))


def _not_json(passage: Passage, error: NotJson) -> ActionFailed:
    part = passage.compiled.success
    if not passage.output.strip():
        return processing_failed(
            found(
                "OUTPUT_NOT_JSON",
                Place(pointer=part.pointer),
                reason="it is empty",
                advice="Write a template such as ${rawResult}.",
            )
        )
    line = passage.output.count("\n", 0, error.position) + 1
    start = passage.output.rfind("\n", 0, error.position) + 1
    excerpt = passage.output[start:].partition("\n")[0] if passage.testing else ""
    shown = passage.masker.cut(excerpt, _SEEN)
    # A caret fits only below the line as it is.
    whole = shown if shown == excerpt else ""
    place = Place(part.pointer, line, error.position - start + 1, whole)
    return processing_failed(
        found("OUTPUT_NOT_JSON", place, reason=error.reason, advice=_advice(passage), seen=shown)
    )


def _advice(passage: Passage) -> str:
    for match in _QUOTED_REFERENCE.finditer(passage.compiled.success.text):
        name = match.group(1)
        value = passage.variables.get(name, "")
        if value.startswith('"'):
            return f"Write ${{{name}}} without quotes around it: its value already has its own."
        if value.startswith(("[", "{")):
            what = "a list" if value.startswith("[") else "an object"
            return (
                f"Write ${{{name}}} without quotes around it: its value is {what}. To make a text of it,"
                f' write "$esc.jsonEncode(${{{name}}})".'
            )
    for entry in passage.compiled.translation:
        if entry.default is not None and passage.variables.get(entry.name) == entry.default:
            try:
                read_json_text(entry.default.encode())
            except NotJson:
                return (
                    f'The default of `{entry.name}` is not JSON text; a string needs its quotes: "\\"…\\"".'
                )
    return _GENERAL_ADVICE
