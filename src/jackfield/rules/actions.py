"""Checks of a data action's body."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from jackfield.catalog import Catalog
from jackfield.domain.action import Contract, NewAction
from jackfield.domain.finding import Checked
from jackfield.domain.integration import Integration
from jackfield.domain.json_nodes import ObjectNode
from jackfield.domain.json_reader import Reading
from jackfield.rules.action_config import read_config
from jackfield.rules.action_contracts import check_input_schema, check_success_schema
from jackfield.rules.action_templates import check_templates
from jackfield.rules.members import FindingLog, Members, open_body

MEMBERS = ("name", "category", "integrationId", "config", "contract", "secure", "id", "version", "selfUri")
TEXT_LIMIT = 256
EXAMPLE = (
    '{"name": "…", "category": "…", "integrationId": "…", "config": {"request": {…}, "response": {…}},'
    ' "contract": {"input": {"inputSchema": {…}}, "output": {"successSchema": {…}}}}'
)


@dataclass(frozen=True, slots=True)
class ActionFacts:
    """What an action is judged by besides its own text.

    Args:
        integration: returns a stored integration, None if there is none of that id.
        catalog: integration types.
    """

    integration: Callable[[str], Integration | None]
    catalog: Catalog


def check_new_action(
    body: Reading, facts: ActionFacts, *, strict: bool = False, draft: bool = False
) -> Checked[NewAction]:
    """Check the body of POST of an action.

    Args:
        body: as it was sent; read-only members are ignored.
        facts: finds the integration.
        strict: warnings refuse.
        draft: only `name` and `integrationId` have to be given.
    """
    log = FindingLog(body, strict=strict)
    members = open_body(log, "data action", EXAMPLE, MEMBERS)
    if members is None:
        return log.checked(None)
    members.unknown(MEMBERS)
    name = members.text("name", required=True, example='"name": "…"', longest=TEXT_LIMIT)
    category = members.text("category", required=not draft, example='"category": "…"', longest=TEXT_LIMIT)
    integration_id = members.text("integrationId", required=True, example='"integrationId": "<id>"')
    integration = _integration(members, integration_id, facts, draft=draft)
    config = read_config(members, required=not draft)
    contract, inputs = _contract(members, required=not draft)
    check_templates(members, config, inputs)
    if category is None:
        category = integration.name if integration else ""
    secure = members.flag("secure")
    return log.checked(NewAction(name or "", category, integration_id or "", config, contract, secure))


def _integration(
    members: Members, integration_id: str | None, facts: ActionFacts, *, draft: bool
) -> Integration | None:
    if integration_id is None:
        return None
    node = members.get("integrationId")
    seen = members.log.reading.seen(node)
    integration = facts.integration(integration_id)
    if integration is None:
        members.log.add("ACTION_INTEGRATION_UNKNOWN", node, members.at("integrationId"), seen=seen)
        return None
    kind = facts.catalog.integration_types.get(integration.type_id)
    if kind is not None and not kind.data_actions:
        types = ", ".join(
            f"`{one.id}`" for one in facts.catalog.integration_types.values() if one.data_actions
        )
        members.log.add(
            "ACTION_INTEGRATION_WITHOUT_ACTIONS",
            node,
            members.at("integrationId"),
            seen=seen,
            type_id=kind.id,
            types=types,
        )
    if kind is not None and kind.drafts_only and not draft:
        members.log.add("ACTION_DRAFTS_ONLY", node, members.at("integrationId"), seen=seen, type_id=kind.id)
    return integration


def _contract(members: Members, *, required: bool) -> tuple[Contract, tuple[str, ...] | None]:
    """Return the contract and the names of its inputs; None where there is no readable input contract."""
    example = '"contract": {"input": {"inputSchema": {…}}, "output": {"successSchema": {…}}}'
    contract = members.object("contract", owner="contract", required=required, example=example)
    if contract is None:
        return Contract(), None
    source = _schema(contract, "input", "inputSchema", required=required)
    output = _schema(contract, "output", "successSchema", required=required)
    inputs = check_input_schema(source) if source else None
    if output:
        check_success_schema(output)
    read = members.log.reading.raw
    return Contract(read(source.node) if source else "{}", read(output.node) if output else "{}"), inputs


def _schema(contract: Members, side: str, name: str, *, required: bool) -> Members | None:
    example = f'"{side}": {{"{name}": {{"type": "object", "properties": {{}}}}}}'
    holder = contract.object(side, owner=f"{side} of the contract", required=required, example=example)
    if holder is None:
        return None
    inner = f'"{name}": {{"type": "object", "properties": {{}}}}'
    schema = holder.object(name, owner=f"{side} schema", required=required, example=inner)
    return schema if schema is not None and isinstance(schema.node, ObjectNode) else None
