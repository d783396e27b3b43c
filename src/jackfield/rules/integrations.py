"""Checks of an integration's creation and of its change of state."""

from __future__ import annotations

import json

from jackfield.catalog import Catalog
from jackfield.domain.finding import Checked, Operation
from jackfield.domain.integration import Integration, IntendedState, NewIntegration
from jackfield.domain.json_nodes import LiteralNode, ObjectNode, StringNode
from jackfield.domain.json_reader import Reading
from jackfield.rules import mending
from jackfield.rules.members import FindingLog, Members, open_body
from jackfield.rules.nearest import folded, nearest

INTEGRATION_MEMBERS = (
    "intendedState",
    "name",
    "integrationType",
    "notes",
    "reportedState",
    "attributes",
    "config",
    "id",
    "selfUri",
)
NEW_MEMBERS = (
    "name",
    "integrationType",
    *(name for name in INTEGRATION_MEMBERS if name not in ("name", "integrationType")),
)
EXAMPLE = '"integrationType": {"id": "custom-rest-actions"}'
STATES = (IntendedState.ENABLED, IntendedState.DISABLED)


def check_new_integration(
    body: Reading, catalog: Catalog, *, strict: bool = False
) -> Checked[NewIntegration]:
    """Check the body of POST of an integration.

    Args:
        body: names an integration type by id, and may name the integration.
        catalog: knows the integration types.
        strict: warnings refuse.
    """
    log = FindingLog(body, strict=strict)
    members = open_body(log, "integration", f'{{{EXAMPLE}, "name": "…"}}', NEW_MEMBERS)
    if members is None:
        return log.checked(None)
    members.unknown(NEW_MEMBERS)
    name = members.text("name")
    type_id = _type_id(members, catalog)
    return log.checked(NewIntegration(type_id, name or None))


def check_integration_patch(
    body: Reading, current: Integration, *, strict: bool = False
) -> Checked[IntendedState]:
    """Check the body of PATCH of an integration; everything but `intendedState` is read-only and ignored.

    Args:
        body: `{"intendedState": …}`, possibly a whole integration.
        current: the integration; a name that differs from its own cannot be set here.
        strict: warnings refuse.
    """
    log = FindingLog(body, strict=strict)
    example = '{"intendedState": "ENABLED"}'
    members = open_body(log, "change of state", example, INTEGRATION_MEMBERS)
    if members is None:
        return log.checked(None)
    members.unknown(INTEGRATION_MEMBERS)
    _warn_about_hopes(members, current)
    text = _state_text(members)
    if text is None:
        return log.checked(None)
    state = next((one for one in IntendedState if one.value == text.upper()), None)
    node = members.get("intendedState")
    if state is not None and text != state.value:
        seen = log.reading.seen(node)
        edits = mending.replaced(members.at("intendedState"), state.value)
        log.add(
            "INTENDED_STATE_CASE",
            node,
            members.at("intendedState"),
            seen=seen,
            right=state.value,
            edits=edits,
        )
    if state is None:
        near = nearest(
            text, ("ENABLED", "DISABLED", "DELETED", "RESTORED", "ACTIVE", "INACTIVE", "ON", "OFF")
        )
        meant = {"ACTIVE": "ENABLED", "INACTIVE": "DISABLED", "ON": "ENABLED", "OFF": "DISABLED"}.get(
            near, near
        )
        fix = f'Send "intendedState": "{meant}".' if meant else ""
        log.add(
            "INTENDED_STATE_UNKNOWN",
            node,
            members.at("intendedState"),
            seen=log.reading.seen(node),
            fix=fix,
            edits=mending.replaced(members.at("intendedState"), meant) if meant else mending.NOTHING,
        )
    return log.checked(state)


def _state_text(members: Members) -> str | None:
    example = '"intendedState": "ENABLED"'
    node = members.get("intendedState")
    if not isinstance(node, LiteralNode):
        return members.text("intendedState", required=True, example=example)
    meant = f'"intendedState": "{"ENABLED" if node.value else "DISABLED"}"'
    edits = mending.from_example(Operation.REPLACE, members.at("intendedState"), meant)
    members.wrong_kind("intendedState", node, "a string", meant, edits)
    return None


def _warn_about_hopes(members: Members, current: Integration) -> None:
    """Warn about read-only members that somebody likely hoped to change."""
    node = members.get("name")
    if isinstance(node, StringNode) and node.value != current.name:
        seen = members.log.reading.seen(node)
        members.log.add("NAME_SET_BY_CONFIGURATION", node, members.at("name"), seen=seen)
    kind = members.get("integrationType")
    type_id = kind.get("id") if isinstance(kind, ObjectNode) else None
    if isinstance(type_id, StringNode) and type_id.value != current.type_id:
        members.log.add(
            "INTEGRATION_TYPE_FIXED",
            type_id,
            f"{members.at('integrationType')}/id",
            seen=members.log.reading.seen(type_id),
            type_id=current.type_id,
        )


def _type_id(members: Members, catalog: Catalog) -> str:
    node = members.get("integrationType")
    if node is None:
        members.missing("integrationType", EXAMPLE)
        return ""
    if not isinstance(node, ObjectNode):
        meant = _id_meant(node.value, catalog) if isinstance(node, StringNode) else ""
        example = f'"integrationType": {{"id": {json.dumps(meant)}}}' if meant else EXAMPLE
        members.wrong_kind("integrationType", node, "an object with an id", example)
        return ""
    inner = Members(members.log, node, members.at("integrationType"), "integration type")
    text = inner.text("id", required=True, example=f'"id": "{_id_by_name(inner, catalog)}"')
    if text is None:
        return ""
    if text not in catalog.integration_types:
        _unknown_type(inner, text, catalog)
    return text


def _id_by_name(inner: Members, catalog: Catalog) -> str:
    """Return the id of the type whose display name was sent instead of an id."""
    shown = inner.get("name")
    word = folded(shown.value) if isinstance(shown, StringNode) else ""
    kinds = catalog.integration_types.values()
    return next((kind.id for kind in kinds if word and folded(kind.name) == word), "custom-rest-actions")


def _id_meant(text: str, catalog: Catalog) -> str:
    """Return the id of the type that a text names by id, by display name or almost; "" if there is none."""
    by_name = {folded(kind.name): kind.id for kind in catalog.integration_types.values()}
    return by_name.get(folded(text)) or nearest(text, catalog.integration_types)


def _unknown_type(inner: Members, text: str, catalog: Catalog) -> None:
    near = _id_meant(text, catalog)
    advice = f'Send "id": "{near}".' if near else ""
    if text.startswith("premium-"):
        advice = "Add your own type with `jackfield up --catalog DIR`. " + advice
    inner.log.add(
        "INTEGRATION_TYPE_UNKNOWN",
        inner.get("id"),
        inner.at("id"),
        seen=inner.log.reading.seen(inner.get("id")),
        accepted=", ".join(catalog.integration_types),
        fix=advice,
        edits=mending.replaced(inner.at("id"), near) if near else mending.NOTHING,
    )
