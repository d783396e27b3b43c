"""Lint of the actions in files: the server's own checks and the rules of lint, placed where authors write."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

from jackfield.catalog import Catalog, load_catalog
from jackfield.domain.finding import Finding, Place, Severity
from jackfield.domain.json_faults import FaultLog
from jackfield.domain.json_nodes import Member, Node, ObjectNode, StringNode
from jackfield.domain.json_reader import Reading, read_json
from jackfield.domain.secret import MASK
from jackfield.rules.action_updates import check_whole
from jackfield.rules.actions import TEXT_LIMIT
from jackfield.rules.lint import ActionParts, LintOptions, Splice, lint_action, secret_texts
from jackfield.rules.members import FindingLog, Members
from jackfield.workbench.documents import ActionDocument, PlaceOf
from jackfield.workbench.treatments import integration_type_of

FIXABLE: Final = frozenset(
    {
        "CALL_OUTSIDE_BRACES",
        "DEFAULT_NOT_JSON",
        "ESCAPED_WITHOUT_QUOTES",
        "FORM_INPUT_UNESCAPED",
        "HEADER_LINE_BREAK",
        "INPUT_NAME_CASE",
        "JSON_INPUT_UNESCAPED",
        "MACRO_UNKNOWN",
        "METHOD_UNKNOWN",
        "OPTIONAL_INPUT_PRINTED",
        "PATH_FORM_ENCODED",
        "QUOTES_AROUND_JSON_TEXT",
        "REQUEST_TYPE_UNKNOWN",
        "SINGLE_QUOTES_NOT_FILLED",
        "TEXT_AFTER_RESULT",
        "URL_BLANK",
        "URL_PATH_INPUT_UNESCAPED",
        "URL_QUERY_INPUT_UNESCAPED",
    }
)
"""Codes of findings that can be mended by themselves, not in every case."""

_WORD: Final = re.compile(r"[A-Za-z0-9+/_-]+")
_MENDED_BY_SERVER_CHECKS = frozenset(("DEFAULT_NOT_JSON", "REQUEST_TYPE_UNKNOWN"))
_SEVERITIES = (Severity.ERROR, Severity.WARNING, Severity.NOTE)


@dataclass(frozen=True, slots=True)
class Linted:
    """What lint found in one action.

    Args:
        findings: errors first, each kind in the order of the files.
        splices: what mends some of them; for each finding its own, by index.
    """

    document: ActionDocument
    findings: tuple[Finding, ...]
    splices: tuple[tuple[Splice, ...], ...]

    @property
    def fixable(self) -> tuple[tuple[Splice, ...], ...]:
        """The sets of splices, each of which mends one finding whole."""
        return tuple(one for one in self.splices if one)


class PlacedReading(Reading):
    """An action as the API would get it, whose places are those of the author's own files.

    Args:
        text: the API form.
        root: its object.
        places: finds places in the files.
    """

    def __init__(self, text: str, root: Node | None, places: PlaceOf) -> None:
        super().__init__(text, root, FaultLog())
        self._places = places

    def place(self, target: Node | Member | None, pointer: str) -> Place:  # noqa: ARG002 - as the base has it
        """Return where the author wrote what a pointer leads to."""
        return self._places(pointer)

    def place_in(
        self,
        node: StringNode,  # noqa: ARG002 - as the base has it
        index: int,
        pointer: str,
        width: int = 1,
    ) -> Place:
        """Return where the author wrote a character of a text."""
        return self._places(pointer, index, width)


def lint(document: ActionDocument, options: LintOptions | None = None, *, strict: bool = False) -> Linted:
    """Return what is wrong with an action and what is suspected.

    Args:
        document: the action.
        options: how to judge what is not known of the cloud; None for the usual.
        strict: warnings are errors.
    """
    kind_id = integration_type_of(document)
    parts = ActionParts(
        name=document.name,
        integration_type=kind_id,
        is_login=document.is_login,
        secure=document.secure,
        config=document.config,
        contract=document.contract,
        place=document.origin.place,
        options=options or LintOptions(),
    )
    found: list[tuple[Finding, tuple[Splice, ...]]] = [(finding, ()) for finding in document.findings]
    found += [(finding, _splices(document, finding)) for finding in _as_the_server(document, kind_id)]
    found += [(one.finding, one.splices) for one in lint_action(parts)]
    hidden = secret_texts(parts)
    settled = _settled([(_judged(_covered(one, hidden), strict), splices) for one, splices in found])
    return Linted(document, tuple(one for one, _ in settled), tuple(splices for _, splices in settled))


def _covered(finding: Finding, secrets: Sequence[str]) -> Finding:
    """Return a finding whose quoted line shows no secret of the action."""
    place = finding.place
    for secret in secrets:
        at = place.excerpt.find(secret)
        if at < 0:
            # Escapes, or the cut of a long line, may have left a part of it.
            if any(len(part) >= 8 and part in place.excerpt for part in _WORD.findall(secret)):
                place = replace(place, excerpt="", caret_column=None)
            continue
        column = place.caret_column or place.column or 1
        shorter = len(secret) - len(MASK)
        place = replace(
            place,
            excerpt=place.excerpt.replace(secret, MASK, 1),
            caret_column=column - shorter if column > at + 1 else column,
            width=len(MASK) if column == at + 1 else place.width,
        )
    return replace(finding, place=place)


def _judged(finding: Finding, strict: bool) -> Finding:
    # What would be sent is made out of the file, so nothing is "after repair" and the edits have no document.
    plain = replace(finding, edits=())
    return plain.strict() if strict else plain


def _as_the_server(document: ActionDocument, kind_id: str) -> tuple[Finding, ...]:
    """Return what the server's checks find, less what the file's own reading has told."""
    text = json.dumps(_api_form(document), ensure_ascii=False)
    read = read_json(text)
    reading = PlacedReading(text, read.root, document.origin.place)
    log = FindingLog(reading, strict=False)
    assert isinstance(reading.root, ObjectNode), "an action is an object"
    members = Members(log, reading.root, "", "data action")
    members.text("name", required=True, example='"name": "…"', longest=TEXT_LIMIT)
    members.text("category", longest=TEXT_LIMIT)
    kind = _catalog().integration_types.get(kind_id) if document.integration_type else None
    check_whole(members, kind, login=document.is_login)
    return log.findings


@lru_cache(maxsize=1)
def _catalog() -> Catalog:
    return load_catalog()


def _api_form(document: ActionDocument) -> dict[str, Any]:
    request, response = document.config.request, document.config.response
    config: dict[str, Any] = {
        "request": {
            "requestUrlTemplate": request.url_template,
            "requestType": request.request_type,
            "headers": dict(request.headers),
            "requestTemplate": request.template,
        },
        "response": {
            "translationMap": dict(response.translation_map),
            "translationMapDefaults": dict(response.translation_map_defaults),
            "successTemplate": response.success_template,
        },
    }
    if document.config.timeout_seconds is not None:
        config["timeoutSeconds"] = document.config.timeout_seconds
    contract = {
        "input": {"inputSchema": json.loads(document.contract.input_schema)},
        "output": {"successSchema": json.loads(document.contract.success_schema)},
    }
    return {
        "name": document.name,
        "category": document.category,
        "config": config,
        "contract": contract,
    }


def _splices(document: ActionDocument, finding: Finding) -> tuple[Splice, ...]:
    """Return the splice for a finding of the server's checks whose edit replaces a text by the right one."""
    if finding.code not in _MENDED_BY_SERVER_CHECKS or len(finding.edits) != 1:
        return ()
    edit = finding.edits[0]
    old, new = _text_at(document, edit.pointer), json.loads(edit.text)
    if old is None or not isinstance(new, str):
        return ()
    # Another method than the one that was meant would be worse than none.
    if finding.code == "REQUEST_TYPE_UNKNOWN" and new != old.strip().upper():
        return ()
    # A list or object that is not whole was not meant as a text.
    if finding.code == "DEFAULT_NOT_JSON" and old.lstrip()[:1] in ("[", "{", '"'):
        return ()
    return (Splice(edit.pointer, 0, len(old), new),)


def _text_at(document: ActionDocument, pointer: str) -> str | None:
    if pointer == "/config/request/requestType":
        return document.config.request.request_type
    head, _, name = pointer.rpartition("/")
    if head == "/config/response/translationMapDefaults":
        return document.config.response.translation_map_defaults.get(
            name.replace("~1", "/").replace("~0", "~")
        )
    return None


def _settled(
    found: Sequence[tuple[Finding, tuple[Splice, ...]]],
) -> list[tuple[Finding, tuple[Splice, ...]]]:
    """Sort findings, and drop what is told twice."""
    kept: dict[tuple[str, str, int | None, int | None, str], tuple[Finding, tuple[Splice, ...]]] = {}
    for finding, splices in found:
        place = finding.place
        key = (finding.code, place.file, place.line, place.column, finding.message)
        if key not in kept or (splices and not kept[key][1]):
            kept[key] = (finding, splices)
    return sorted(kept.values(), key=lambda one: _order(one[0]))


def _order(finding: Finding) -> tuple[int, str, int, int, str]:
    place = finding.place
    return (
        _SEVERITIES.index(finding.severity),
        place.file,
        place.line or 0,
        place.column or 0,
        finding.code,
    )
