"""The two JSON forms: exported files, and bodies and answers of the API."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from jackfield.domain.action import ActionConfig, Contract, RequestConfig, ResponseConfig
from jackfield.domain.json_nodes import ArrayNode, ObjectNode
from jackfield.domain.json_reader import Reading
from jackfield.rules.actions import EXPORT_MEMBERS
from jackfield.rules.actions import MEMBERS as API_MEMBERS
from jackfield.rules.members import FindingLog, Members, open_body
from jackfield.workbench.documents import ActionDocument, Form, Origin
from jackfield.workbench.forms.action_members import (
    note_missing,
    read_action_type,
    read_request,
    read_response,
    read_timeout,
    settled,
)
from jackfield.workbench.forms.json_places import JsonPlaces
from jackfield.workbench.forms.json_text import laid_out

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
    return settled(document, log.findings, path)


def _document(members: Members, path: Path) -> ActionDocument:
    members.unknown(_KNOWN)
    form: Form = "export" if members.node.get("actionType") or members.node.get("integrationType") else "api"
    name = members.text("name", required=True, example='"name": "…"')
    config = _config(members, path)
    contract = _contract(members)
    places = JsonPlaces(path, members.log.reading, members.node, members.pointer)
    return ActionDocument(
        name=name or "",
        integration_type=members.text("integrationType") or "",
        action_type=read_action_type(members),
        category=members.text("category") or "",
        config=config,
        contract=contract,
        secure=members.flag("secure"),
        origin=Origin(path, form, places, places.scalar),
        integration_id=members.text("integrationId") or "",
    )


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
        request=read_request(request) if request else RequestConfig(),
        response=read_response(response) if response else ResponseConfig(),
        timeout_seconds=read_timeout(config),
    )


def _contract(members: Members) -> Contract:
    contract = members.object("contract", owner="contract")
    if contract is None:
        if members.get("contract") is None:
            example = '"contract": {"input": {"inputSchema": {…}}, "output": {"successSchema": {…}}}'
            note_missing(members, "contract", example)
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
            note_missing(contract, side, f'"{side}": {{"{name}": {{…}}}}')
        return "{}"
    holder.unknown(known)
    flat = f"{name}Flattened"
    if holder.get(name) is None and holder.get(flat) is not None:
        holder.log.add("ACTION_CONTRACT_FLAT", holder.node.member(flat), holder.at(flat), name=flat)
        return "{}"
    if holder.get(name) is None:
        note_missing(holder, name, f'"{name}": {{"type": "object", "properties": {{}}}}')
        return "{}"
    schema = holder.object(name, owner=f"{side} schema")
    return laid_out(schema.node) if schema else "{}"
