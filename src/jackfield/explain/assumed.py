"""Entities as they have to be assumed where the text does not hold them: nothing is claimed of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from jackfield.domain.action import Action, ActionConfig, ActionState, Contract, RequestConfig
from jackfield.domain.integration import Configuration, Integration, IntendedState, ReportedState
from jackfield.domain.json_nodes import LiteralNode, Node, NumberNode, ObjectNode
from jackfield.domain.json_reader import Reading
from jackfield.rules.actions import MEMBERS
from jackfield.rules.members import body_object

UNKNOWN_SCHEMA: Final = '{"type": "object"}'
"""It names no members, so that none is said to be missing."""
LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)


def assumed_integration(identifier: str, type_id: str, name: str) -> Integration:
    """Return an integration of a type and name."""
    return Integration(
        id=identifier,
        organization_id="",
        type_id=type_id,
        intended_state=IntendedState.DISABLED,
        reported_state=ReportedState.INACTIVE,
        configuration=Configuration(name=name),
        created=LONG_AGO,
        modified=LONG_AGO,
    )


def assumed_action(identifier: str, body: Reading, state: ActionState, version: int | None) -> Action:
    """Return the action that a change is for: with the contract, and if it is not known the version, sent.

    Args:
        identifier: out of the path.
        body: the change.
        state: whether its draft or the published action is meant.
        version: the current one, None if the text does not tell it.
    """
    root = body_object(body, MEMBERS)
    sent = root.get("version") if root is not None else None
    own = int(sent.value) if isinstance(sent, NumberNode) and sent.is_integer else 1
    secure = root.get("secure") if root is not None else None
    return Action(
        id=identifier,
        organization_id="",
        integration_id="",
        name="action",
        category="actions",
        version=own if version is None else version,
        secure=isinstance(secure, LiteralNode) and secure.value is True,
        config=ActionConfig(request=RequestConfig(url_template="https://service.example/")),
        contract=Contract(
            _schema(root, body, "input", "inputSchema"), _schema(root, body, "output", "successSchema")
        ),
        state=state,
        created=LONG_AGO,
        modified=LONG_AGO,
    )


def _schema(root: ObjectNode | None, body: Reading, side: str, name: str) -> str:
    node: Node | None = root
    for part in ("contract", side, name):
        node = node.get(part) if isinstance(node, ObjectNode) else None
    return body.raw(node) if isinstance(node, ObjectNode) else UNKNOWN_SCHEMA
