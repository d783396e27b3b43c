"""The two JSON forms: exported files, and bodies and answers of the API."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from jackfield.domain.action import (
    DEFAULT_REQUEST_TEMPLATE,
    DEFAULT_SUCCESS_TEMPLATE,
    ActionConfig,
    Contract,
    RequestConfig,
    ResponseConfig,
)
from jackfield.domain.errors import OperationRefused
from jackfield.domain.finding import Finding, Severity
from jackfield.domain.json_nodes import ArrayNode, NumberNode, ObjectNode
from jackfield.domain.json_reader import Reading
from jackfield.rules.action_config import REQUEST_MEMBERS, RESPONSE_MEMBERS
from jackfield.rules.actions import EXPORT_MEMBERS
from jackfield.rules.actions import MEMBERS as API_MEMBERS
from jackfield.rules.members import FindingLog, Members, open_body
from jackfield.workbench.documents import (
    CUSTOM_AUTH,
    ActionDocument,
    ActionType,
    Form,
    Origin,
    finding_in_file,
)
from jackfield.workbench.forms.json_places import JsonPlaces

EXAMPLE: Final = (
    '{"name": "…", "integrationType": "custom-rest-actions", "actionType": "custom", "config": {…},'
    ' "contract": {…}, "secure": false}'
)
_KNOWN: Final = (*API_MEMBERS, *EXPORT_MEMBERS)
_INPUT_MEMBERS: Final = ("inputSchema", "inputSchemaFlattened", "inputSchemaUri")
_OUTPUT_MEMBERS: Final = tuple(
    f"{kind}Schema{suffix}" for kind in ("success", "error") for suffix in ("", "Flattened", "Uri")
)


def read_actions(reading: Reading, path: Path) -> tuple[ActionDocument, ...]:
    """Return the actions of a JSON file: one, or all of an API listing.

    Args:
        reading: the file's text.
        path: the file, named in findings.

    Raises:
        OperationRefused: the text is no JSON, or what it says is no action.
    """
    roots = list(_listed(reading.root))
    if not roots:
        return (_read(reading, path, None, ""),)
    return tuple(_read(reading, path, node, pointer) for node, pointer in roots)


def refused(findings: tuple[Finding, ...], path: Path) -> OperationRefused:
    """Return the refusal of a file, for all its errors."""
    errors = [finding_in_file(finding, path) for finding in findings if finding.is_error]
    return OperationRefused(*errors)


def _listed(root: Any) -> Iterator[tuple[ObjectNode, str]]:
    """Yield the actions of a listing's `entities`, or of a list of several."""
    listing, base = root, ""
    if isinstance(root, ObjectNode) and root.get("config") is None:
        listing, base = root.get("entities"), "/entities"
    if isinstance(listing, ArrayNode) and (base or len(listing.items) > 1):
        for index, item in enumerate(listing.items):
            if isinstance(item, ObjectNode):
                yield item, f"{base}/{index}"


def _read(reading: Reading, path: Path, node: ObjectNode | None, pointer: str) -> ActionDocument:
    log = FindingLog(reading, strict=False)
    if node is not None:
        members: Members | None = Members(log, node, pointer, "data action")
    else:
        members = open_body(log, "data action", EXAMPLE, _KNOWN)
    document = _document(members, path) if members is not None else None
    if document is None or log.errors:
        raise refused(log.findings, path)
    warnings = tuple(finding_in_file(finding, path) for finding in log.findings)
    return replace(document, findings=warnings)


def _document(members: Members, path: Path) -> ActionDocument:
    members.unknown(_KNOWN)
    form: Form = "export" if members.node.get("actionType") or members.node.get("integrationType") else "api"
    name = members.text("name", required=True, example='"name": "…"')
    config = _config(members, path)
    contract = _contract(members)
    return ActionDocument(
        name=name or "",
        integration_type=members.text("integrationType") or "",
        action_type=_action_type(members),
        category=members.text("category") or "",
        config=config,
        contract=contract,
        secure=members.flag("secure"),
        origin=Origin(path, form, JsonPlaces(path, members.log.reading, members.node, members.pointer)),
        integration_id=members.text("integrationId") or "",
    )


def _action_type(members: Members) -> ActionType:
    text = members.text("actionType")
    if text == CUSTOM_AUTH:
        return "customAuth"
    if text not in (None, "custom"):
        node = members.get("actionType")
        seen = members.log.reading.seen(node)
        members.log.add("ACTION_TYPE_UNKNOWN", node, members.at("actionType"), seen=seen, seen_text=seen)
    action_id = members.text("id") or ""
    return "customAuth" if text is None and action_id.startswith("customAuth_-_") else "custom"


def _config(members: Members, path: Path) -> ActionConfig:
    if members.get("config") is None:
        members.log.add("ACTION_FILE_WITHOUT_CONFIG", members.node, members.pointer, path=path, name="config")
        return ActionConfig()
    config = members.object("config", owner="configuration")
    if config is None:
        return ActionConfig()
    config.unknown(("request", "response", "timeoutSeconds"))
    request = config.object("request", owner="request", required=True, example='"request": {…}')
    response = config.object("response", owner="response")
    return ActionConfig(
        request=_request(request) if request else RequestConfig(),
        response=_response(response) if response else ResponseConfig(),
        timeout_seconds=_timeout(config),
    )


def _request(request: Members) -> RequestConfig:
    request.unknown(REQUEST_MEMBERS)
    template = request.text("requestTemplate")
    return RequestConfig(
        url_template=request.text("requestUrlTemplate") or "",
        request_type=request.text("requestType") or "GET",
        headers=request.texts("headers"),
        template=DEFAULT_REQUEST_TEMPLATE if template is None else template,
    )


def _response(response: Members) -> ResponseConfig:
    response.unknown(RESPONSE_MEMBERS)
    template = response.text("successTemplate")
    return ResponseConfig(
        translation_map=response.texts("translationMap"),
        translation_map_defaults=response.texts("translationMapDefaults"),
        success_template=DEFAULT_SUCCESS_TEMPLATE if template is None else template,
    )


def _timeout(config: Members) -> int | None:
    """Return the timeout, also one out of range: that is for lint to judge."""
    node = config.get("timeoutSeconds")
    if node is None:
        return None
    if isinstance(node, NumberNode) and node.is_integer:
        return int(node.value)
    config.wrong_kind("timeoutSeconds", node, "a whole number", '"timeoutSeconds": 30')
    return None


def _contract(members: Members) -> Contract:
    contract = members.object("contract", owner="contract")
    if contract is None:
        if members.get("contract") is None:
            example = '"contract": {"input": {"inputSchema": {…}}, "output": {"successSchema": {…}}}'
            _missing(members, "contract", example)
        return Contract()
    contract.unknown(("input", "output"))
    return Contract(
        input_schema=_schema(contract, "input", "inputSchema", _INPUT_MEMBERS),
        success_schema=_schema(contract, "output", "successSchema", _OUTPUT_MEMBERS),
    )


def _schema(contract: Members, side: str, name: str, known: tuple[str, ...]) -> str:
    """Return the JSON text of one schema, `{}` with a warning if it is not there."""
    holder = contract.object(side, owner=f"{side} of the contract")
    if holder is None:
        if contract.get(side) is None:
            _missing(contract, side, f'"{side}": {{"{name}": {{…}}}}')
        return "{}"
    holder.unknown(known)
    flat = f"{name}Flattened"
    if holder.get(name) is None and holder.get(flat) is not None:
        holder.log.add("ACTION_CONTRACT_FLAT", holder.node.member(flat), holder.at(flat), name=flat)
        return "{}"
    if holder.get(name) is None:
        _missing(holder, name, f'"{name}": {{"type": "object", "properties": {{}}}}')
        return "{}"
    schema = holder.object(name, owner=f"{side} schema")
    return schema.log.reading.raw(schema.node) if schema else "{}"


def _missing(members: Members, name: str, example: str) -> None:
    """Note something that the API requires and a test can do without."""
    members.log.add(
        "MEMBER_MISSING",
        members.node,
        members.pointer,
        name=name,
        owner=members.owner,
        example=example,
        severity=Severity.WARNING,
    )
