"""Findings of a run, placed in the author's own file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from jackfield.domain.finding import Finding, Place
from jackfield.rules.nearest import nearest
from jackfield.workbench.documents import ActionDocument
from jackfield.workbench.samples import parsed_schema, properties_of

_INPUT: Final = re.compile(r"\$!?\{?input\.([A-Za-z][\w-]*)")
_PARTS: Final = ("/config", "/contract")
# Their lines count in the text that was rendered, not in the template.
_OF_OUTPUT: Final = "OUTPUT_"
_CONTRACTS: Final = {
    "INPUT_INVALID": "/contract/input/inputSchema",
    "OUTPUT_INVALID": "/contract/output/successSchema",
}


def placed(finding: Finding, document: ActionDocument) -> Finding:
    """Return a finding of the engine with the file, line and column in which its author finds it.

    The excerpt and the caret stay those of the template, where there is one: in an exported file the same
    line is full of escapes.
    """
    place = finding.place
    if finding.code == "NULL_PRINTED":
        finding = _with_near_input(finding, document)
    if finding.code in _CONTRACTS and not place.file:
        return replace(finding, place=_in_contract(finding, document))
    if place.file or not place.pointer.startswith(_PARTS):
        return finding
    template = _text_at(place.pointer, document)
    if place.line is None or finding.code.startswith(_OF_OUTPUT) or template is None:
        there = document.origin.place(place.pointer)
    else:
        column = place.caret_column or place.column or 1
        offset = _offset(template, place.line, column)
        there = document.origin.place(place.pointer, offset, place.width)
    if place.excerpt:
        there = replace(
            there,
            excerpt=place.excerpt,
            caret_column=place.caret_column or place.column,
            width=place.width,
        )
    return replace(finding, place=replace(there, pointer=place.pointer))


def _with_near_input(finding: Finding, document: ActionDocument) -> Finding:
    """Tell of an input that the contract does not have: then the name is wrong, not the value missing."""
    used = _INPUT.search(finding.message)
    known = properties_of(parsed_schema(document.contract.input_schema))
    if used is None or not known or used.group(1) in known:
        return finding
    name, near = used.group(1), nearest(used.group(1), known)
    write = f"Write `{near}` instead of `{name}`" if near else f"Add `{name}` to the input contract"
    return replace(finding, seen=name, fix=f"{write}: the contract has no input `{name}`.")


def _in_contract(finding: Finding, document: ActionDocument) -> Place:
    """Return the place in the contract that a value breaks; the pointer stays the value's own."""
    is_input = finding.code == "INPUT_INVALID"
    contract = document.contract
    schema = parsed_schema(contract.input_schema if is_input else contract.success_schema)
    pointer = _CONTRACTS[finding.code]
    if not isinstance(schema, Mapping):
        return document.origin.place(pointer)
    for part in finding.place.pointer.split("/")[1:]:
        step = "/items" if part.isdigit() and "items" in schema else f"/properties/{part}"
        inner = schema.get("items") if step == "/items" else properties_of(schema).get(part)
        if not isinstance(inner, Mapping):
            break
        pointer, schema = f"{pointer}{step}", inner
    return replace(document.origin.place(pointer), pointer=finding.place.pointer)


def _text_at(pointer: str, document: ActionDocument) -> str | None:
    request, response = document.config.request, document.config.response
    texts = {
        "/config/request/requestUrlTemplate": request.url_template,
        "/config/request/requestTemplate": request.template,
        "/config/response/successTemplate": response.success_template,
        **{f"/config/request/headers/{_escaped(name)}": text for name, text in request.headers.items()},
        **{
            f"/config/response/translationMap/{_escaped(name)}": text
            for name, text in response.translation_map.items()
        },
    }
    return texts.get(pointer)


def _offset(text: str, line: int, column: int) -> int:
    start = 0
    for _ in range(line - 1):
        following = text.find("\n", start)
        if following < 0:
            break
        start = following + 1
    return min(start + column - 1, len(text))


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
