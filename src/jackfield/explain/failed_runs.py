"""Test results of data actions: which step failed, why, and where in the action's own text."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Final

from jackfield.domain.catalogue import CATALOGUE, found
from jackfield.domain.finding import Finding, Place
from jackfield.domain.json_nodes import ArrayNode, LiteralNode, Node, ObjectNode, StringNode
from jackfield.domain.json_reader import Reading, read_json
from jackfield.explain.errors_said import ErrorWords, error_words
from jackfield.explain.pieces import Piece
from jackfield.rules.nearest import nearest

_UNSET: Final = re.compile(
    r"\$!?\{?(?P<name>[A-Za-z_][\w.-]{0,80})\}? has not been set at (?P<template>\w{1,60})?"
    r"(?:\[line (?P<line>\d{1,6}), column (?P<column>\d{1,6})\])?"
)
_AT: Final = re.compile(r"(?P<template>\w{1,60})\[line (?P<line>\d{1,6}), column (?P<column>\d{1,6})\]")
_OUTPUT: Final = re.compile(r"Template output was:?\s*(?P<output>.{1,300})", re.DOTALL)
_NOT_JSON: Final = re.compile(
    r"Unexpected character|was expecting|Expected ',' or|Unrecognized token|not valid JSON|Unexpected end",
    re.IGNORECASE,
)
_STATUS: Final = re.compile(
    r"status(?: code)?:? ?(?P<status>[345]\d\d)\b|\b(?P<bare>[45]\d\d) (?:error|Client|Server|[A-Z][a-z])"
)
_URL: Final = re.compile(r"\[?(?:GET|PUT|POST|PATCH|DELETE)?\]? ?https?://(?P<host>[^/\s\"'\]:?]{1,200})")
_TIMEOUT: Final = re.compile(r"timed? ?out|timeout", re.IGNORECASE)
_WITHOUT_DOLLAR: Final = re.compile(r"(?<!\$)(?<!\$!)\{(?P<name>[A-Za-z_]\w{0,60})\}")
_TEMPLATES: Final = {
    "successTemplate": "/config/response/successTemplate",
    "requestTemplate": "/config/request/requestTemplate",
    "requestUrlTemplate": "/config/request/requestUrlTemplate",
}
_ADVICE: Final = {
    401: "Attach the right credential to the integration, and check the Authorization header of the action.",
    403: "The credential is known there but not allowed to do this: ask for the right at the web service.",
    404: "Look at the rendered URL of the step 'Resolve request URL template'; an input may be empty in it.",
    400: "Look at the rendered body and headers; escape inputs with $esc.jsonString.",
    415: 'Set the header "Content-Type" of the action to what the service takes.',
    429: "The web service limits the rate; call it less often.",
}


@dataclass(frozen=True, slots=True)
class ActionText:
    """The text of a data action, for pointing into it.

    Args:
        reading: None if none was given.
    """

    reading: Reading | None = None

    def template(self, name: str) -> tuple[StringNode, str] | None:
        """Return a template's node and its pointer."""
        pointer = _TEMPLATES.get(name, f"/config/request/headers/{name}")
        node: Node | None = self.reading.root if self.reading is not None else None
        for part in pointer.strip("/").split("/"):
            node = node.get(part) if isinstance(node, ObjectNode) else None
        return (node, pointer) if isinstance(node, StringNode) else None

    def place(self, name: str, line: int, column: int, width: int) -> Place | None:
        """Return the place of a template's line and column in the action's text."""
        there = self.template(name)
        if there is None or self.reading is None:
            return None
        node, pointer = there
        rows = node.value.split("\n")
        offset = sum(len(row) + 1 for row in rows[: line - 1]) + column - 1
        return self.reading.place_in(node, min(offset, max(len(node.value) - 1, 0)), pointer, width)

    def names(self) -> tuple[str, ...]:
        """Return the names that the translation map sets."""
        node: Node | None = self.reading.root if self.reading is not None else None
        for part in ("config", "response", "translationMap"):
            node = node.get(part) if isinstance(node, ObjectNode) else None
        return node.names if isinstance(node, ObjectNode) else ()


def read_action(text: str) -> ActionText:
    """Read the action that a test result belongs to; "" reads as none."""
    return ActionText(read_json(text)) if text.strip() else ActionText()


def explain_run(piece: Piece, action: ActionText) -> tuple[Finding, ...]:
    """Return why a test run failed; nothing if it did not, or not in a way that is known."""
    if piece.root is None or is_success(piece.root):
        return ()
    step, words, root = _failed_step(piece.root)
    place = Place(f"step {step}" if step else "", piece.line, 1)
    for read in (_unset, _service, _output, _template):
        finding = read(words, place, action, root)
        if finding is not None:
            return (finding,)
    return ()


def explain_failure(words: ErrorWords, line: int, action: ActionText) -> Finding | None:
    """Return why an execution failed, by its error body."""
    place = Place("", line, 1)
    for read in (_unset, _service, _output, _template):
        finding = read(words, place, action, None)
        if finding is not None:
            return finding
    return None


def is_success(root: ObjectNode) -> bool:
    """Tell if a test run went well."""
    node = root.get("success")
    return isinstance(node, LiteralNode) and node.value is True


def _failed_step(root: ObjectNode) -> tuple[str, ErrorWords, ObjectNode]:
    operations = root.get("operations")
    for item in operations.items if isinstance(operations, ArrayNode) else ():
        success = item.get("success") if isinstance(item, ObjectNode) else None
        if isinstance(item, ObjectNode) and isinstance(success, LiteralNode) and success.value is False:
            error = item.get("error")
            words = error_words(error if isinstance(error, ObjectNode) else item)
            name = item.get("name")
            return name.value if isinstance(name, StringNode) else "", words, root
    error = root.get("error")
    return "", error_words(error if isinstance(error, ObjectNode) else root), root


def _unset(words: ErrorWords, place: Place, action: ActionText, root: ObjectNode | None) -> Finding | None:
    match = _UNSET.search(words.message)
    if match is None:
        return None
    name, template = match["name"], match["template"] or "successTemplate"
    names = action.names() or _variables(root)
    near = nearest(name, names)
    there = None
    if match["line"]:
        there = action.place(template, int(match["line"]), int(match["column"]), len(name) + 1)
    elsewhere = f"{template}, line {match['line']}, column {match['column']}" if match["line"] else template
    return found(
        "TEMPLATE_VARIABLE_UNSET",
        there or replace(place, pointer=elsewhere),
        seen=f"${name}",
        text=f"The template `{template}` uses `${name}`, which nothing has set.",
        names=", ".join(f"${one}" for one in names) or "those of the translation map, and rawResult",
        fix=f"Write `${{{near}}}`: that is what the translation map sets." if near else "",
    )


def _variables(root: ObjectNode | None) -> tuple[str, ...]:
    operations = root.get("operations") if root is not None else None
    for item in operations.items if isinstance(operations, ArrayNode) else ():
        if isinstance(item, ObjectNode):
            name, result = item.get("name"), item.get("result")
            if (
                isinstance(name, StringNode)
                and "translation map" in name.value
                and isinstance(result, ObjectNode)
            ):
                return result.names
    return ()


def _service(words: ErrorWords, place: Place, _action: ActionText, root: ObjectNode | None) -> Finding | None:
    if "ACTION.REMOTE_ENDPOINT" not in words.codes and "REST call for action" not in words.message:
        return None
    host = _host(words, root)
    match = _STATUS.search(words.message)
    if match is None:
        if not _TIMEOUT.search(words.message):
            return None
        fix = "Make the service quicker, or raise `timeoutSeconds` (at most 60)."
        entry = CATALOGUE["UPSTREAM_TIMEOUT"]
        message = f"`{host}` did not answer in time."
        return Finding(entry.code, message, place, "", "an answer in time", fix, entry.grade, entry.severity)
    status = int(match["status"] or match["bare"])
    return found(
        "UPSTREAM_STATUS",
        place,
        seen=str(status),
        host=host,
        status=status,
        phrase=_phrase(status),
        advice=_ADVICE.get(
            status, "The web service itself refuses; send it the rendered request and read its answer."
        ),
    )


def _host(words: ErrorWords, root: ObjectNode | None) -> str:
    operations = root.get("operations") if root is not None else None
    for item in operations.items if isinstance(operations, ArrayNode) else ():
        result = item.get("result") if isinstance(item, ObjectNode) else None
        match = _URL.search(result.value) if isinstance(result, StringNode) else None
        if match is not None:
            return match["host"]
    match = _URL.search(words.message)
    return match["host"] if match else "The web service"


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _output(words: ErrorWords, place: Place, action: ActionText, _root: ObjectNode | None) -> Finding | None:
    if not _NOT_JSON.search(words.message):
        return None
    output = _OUTPUT.search(words.message)
    shown = output["output"].strip().split("\n")[0] if output else ""
    there = action.template("successTemplate")
    template = there[0].value if there is not None else ""
    advice = _output_advice(shown or template)
    spot = action.place("successTemplate", 1, 1, max(len(template.split("\n")[0]), 1)) or replace(
        place, pointer="successTemplate"
    )
    reason = words.message.split("\n")[0].partition(". Template output")[0][:200]
    return found("OUTPUT_NOT_JSON", spot, seen=shown[:120] or template[:120], reason=reason, advice=advice)


def _output_advice(text: str) -> str:
    bare = _WITHOUT_DOLLAR.search(text)
    if bare is not None:
        name = bare["name"]
        return f"Write `${{{name}}}`: without the dollar sign `{{{name}}}` is only a text."
    if re.search(r":\s*[,}]", text):
        return "A variable rendered to nothing: give it a default in `translationMapDefaults`."
    if re.search(r':\s*"\s*"', text) or re.search(r'"\$\{', text):
        return "Texts come with their own quotes: write ${name} without quotes around it."
    return "Write the template so that it renders to JSON; texts come with their own quotes."


def _template(
    words: ErrorWords, place: Place, action: ActionText, _root: ObjectNode | None
) -> Finding | None:
    match = _AT.search(words.message)
    if match is None:
        return None
    there = action.place(match["template"], int(match["line"]), int(match["column"]), 1)
    where = f"{match['template']}, line {match['line']}, column {match['column']}"
    text = words.message.split("\n")[0][:240]
    return found(
        "TEMPLATE_NOT_RENDERED", there or replace(place, pointer=where), text=text, fix="Mend it there."
    )
