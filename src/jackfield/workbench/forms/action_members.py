"""Reading the members of an action as they stand; whether they are right is for lint to judge."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from jackfield.domain.action import (
    DEFAULT_REQUEST_TEMPLATE,
    DEFAULT_SUCCESS_TEMPLATE,
    RequestConfig,
    ResponseConfig,
)
from jackfield.domain.errors import OperationRefused
from jackfield.domain.finding import Finding, Severity
from jackfield.domain.json_nodes import NumberNode
from jackfield.rules.action_config import REQUEST_MEMBERS, RESPONSE_MEMBERS
from jackfield.rules.members import Members
from jackfield.workbench.documents import CUSTOM, CUSTOM_AUTH, ActionDocument, ActionType, finding_in_file


def read_request(request: Members) -> RequestConfig:
    """Return what is said about the request; an unknown method is kept."""
    request.unknown(REQUEST_MEMBERS)
    template = request.text("requestTemplate")
    return RequestConfig(
        url_template=request.text("requestUrlTemplate") or "",
        request_type=request.text("requestType") or "GET",
        headers=request.texts("headers"),
        template=DEFAULT_REQUEST_TEMPLATE if template is None else template,
    )


def read_response(response: Members) -> ResponseConfig:
    """Return what is said about the reply."""
    response.unknown(RESPONSE_MEMBERS)
    template = response.text("successTemplate")
    return ResponseConfig(
        translation_map=response.texts("translationMap"),
        translation_map_defaults=response.texts("translationMapDefaults"),
        success_template=DEFAULT_SUCCESS_TEMPLATE if template is None else template,
    )


def read_timeout(holder: Members) -> int | None:
    """Return the timeout in seconds, also one out of range."""
    node = holder.get("timeoutSeconds")
    if node is None:
        return None
    if isinstance(node, NumberNode) and node.is_integer:
        return int(node.value)
    holder.wrong_kind("timeoutSeconds", node, "a whole number", '"timeoutSeconds": 30')
    return None


def read_action_type(members: Members) -> ActionType:
    """Return the action's type; without one, its id may tell it."""
    text = members.text("actionType")
    if text == CUSTOM_AUTH:
        return "customAuth"
    if text not in (None, CUSTOM):
        node = members.get("actionType")
        seen = members.log.reading.seen(node)
        members.log.add("ACTION_TYPE_UNKNOWN", node, members.at("actionType"), seen=seen, seen_text=seen)
    action_id = members.text("id") or ""
    return "customAuth" if text is None and action_id.startswith("customAuth_-_") else "custom"


def note_missing(members: Members, name: str, example: str) -> None:
    """Warn of something that the API requires and a test can do without."""
    words = {"name": name, "owner": members.owner, "example": example}
    members.log.add("MEMBER_MISSING", members.node, members.pointer, severity=Severity.WARNING, **words)


def settled(document: ActionDocument | None, findings: tuple[Finding, ...], path: Path) -> ActionDocument:
    """Return a document with the warnings met while reading its file.

    Args:
        findings: those without a file get this one.

    Raises:
        OperationRefused: there is an error among them.
    """
    placed = tuple(one if one.place.file else finding_in_file(one, path) for one in findings)
    errors = [one for one in placed if one.is_error]
    if errors:
        raise OperationRefused(*errors)
    assert document is not None, "without an error there is a document"
    return replace(document, findings=placed)
