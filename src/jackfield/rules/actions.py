"""Checks of a data action's body."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from jackfield.catalog import Catalog
from jackfield.domain.action import Contract, NewAction
from jackfield.domain.finding import Checked, Severity
from jackfield.domain.integration import Integration
from jackfield.domain.json_nodes import ObjectNode
from jackfield.domain.json_reader import Reading
from jackfield.rules import mending
from jackfield.rules.action_config import read_config
from jackfield.rules.action_contracts import check_input_schema, check_success_schema
from jackfield.rules.action_templates import check_templates
from jackfield.rules.members import FindingLog, Members, is_placeholder, is_plausible_id, open_body

MEMBERS = ("name", "category", "integrationId", "config", "contract", "secure", "id", "version", "selfUri")
EXPORT_MEMBERS = ("integrationType", "actionType")
TEXT_LIMIT = 256
EXAMPLE = (
    '{"name": "…", "category": "…", "integrationId": "…", "config": {"request": {…}, "response": {…}},'
    ' "contract": {"input": {"inputSchema": {…}}, "output": {"successSchema": {…}}}}'
)


@dataclass(frozen=True, slots=True)
class ActionFacts:
    """What an action is judged by besides its own text.

    Args:
        integration: returns a stored integration, None if there is none of that id; None in its place if it
            is not known which integrations there are.
        catalog: integration types.
    """

    integration: Callable[[str], Integration | None] | None
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
    exported = _exported(members)
    members.unknown((*MEMBERS, *exported))
    name = members.text("name", required=True, example='"name": "…"', longest=TEXT_LIMIT)
    category = members.text("category", required=not draft, example='"category": "…"', longest=TEXT_LIMIT)
    integration_id = members.text("integrationId", required=True, example='"integrationId": "<id>"')
    integration = _integration(members, integration_id, facts, draft=draft)
    kind = facts.catalog.integration_types.get(integration.type_id) if integration else None
    config = read_config(members, kind, required=not draft)
    contract, inputs = read_contract(members, required=not draft)
    check_templates(members, config, inputs)
    if category is None:
        category = integration.name if integration else ""
    secure = members.flag("secure")
    return log.checked(NewAction(name or "", category, integration_id or "", config, contract, secure))


def _exported(members: Members) -> tuple[str, ...]:
    """Note a body that is an exported file; return the names of the members that only such files have."""
    names = tuple(name for name in EXPORT_MEMBERS if name in members.node.names)
    if names:
        members.log.add("ACTION_EXPORT_SENT", members.node.member(names[0]), members.at(names[0]))
    return names


def _integration(
    members: Members, integration_id: str | None, facts: ActionFacts, *, draft: bool
) -> Integration | None:
    if integration_id is None:
        return None
    node = members.get("integrationId")
    seen = members.log.reading.seen(node)
    if is_placeholder(integration_id):
        members.log.add(
            "MEMBER_PLACEHOLDER",
            node,
            members.at("integrationId"),
            seen=seen,
            name="integrationId",
            severity=Severity.ERROR,
        )
        return None
    if facts.integration is None and is_plausible_id(integration_id):
        return None
    find = facts.integration if is_plausible_id(integration_id) else None
    integration = find(integration_id) if find else None
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


def read_contract(
    members: Members, *, required: bool, kept: Contract | None = None
) -> tuple[Contract, tuple[str, ...] | None]:
    """Return the contract of an action's body, checked, and the names of its inputs.

    Args:
        members: the action's members.
        required: both schemas have to be given.
        kept: stands for what is not given.

    Returns:
        No names (None) where there is no readable input contract in the body.
    """
    kept = kept or Contract()
    example = '"contract": {"input": {"inputSchema": {…}}, "output": {"successSchema": {…}}}'
    contract = members.object("contract", owner="contract", required=required, example=example)
    if contract is None:
        return kept, None
    source = _schema(contract, "input", "inputSchema", required=required)
    output = _schema(contract, "output", "successSchema", required=required)
    inputs = check_input_schema(source) if source else None
    if output:
        check_success_schema(output)
    read = members.log.reading.raw
    return Contract(
        read(source.node) if source else kept.input_schema,
        read(output.node) if output else kept.success_schema,
    ), inputs


def _schema(contract: Members, side: str, name: str, *, required: bool) -> Members | None:
    example = f'"{side}": {{"{name}": {{"type": "object", "properties": {{}}}}}}'
    holder = contract.object(side, owner=f"{side} of the contract", required=required, example=example)
    if holder is None:
        return None
    inner = f'"{name}": {{"type": "object", "properties": {{}}}}'
    if holder.get(name) is None and {"type", "properties"} & set(holder.node.names):
        # The schema stands where the object that holds it belongs.
        holder.missing(name, inner, mending.held(holder.pointer, holder.node, name, holder.log.reading))
        return None
    schema = holder.object(name, owner=f"{side} schema", required=required, example=inner)
    return schema if schema is not None and isinstance(schema.node, ObjectNode) else None
