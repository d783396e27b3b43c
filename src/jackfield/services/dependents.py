"""What depends on a credential: integrations, their slots, their data actions."""

from __future__ import annotations

from collections.abc import Sequence

from jackfield.domain.action import Action, ActionQuery, ActionState
from jackfield.domain.credential_care import Use
from jackfield.domain.integration import Integration
from jackfield.domain.page import PageRequest
from jackfield.domain.ports import Transaction

SHOWN = 10
"""Names in one sentence; the route shows all of them."""
MOST_ACTIONS = 10_000


def uses_of(transaction: Transaction, users: Sequence[Integration], credential_id: str) -> tuple[Use, ...]:
    """Return what each of the integrations does with a credential."""
    return tuple(
        Use(
            user,
            tuple(slot for slot, used in user.configuration.credentials.items() if used == credential_id),
            tuple(_actions(transaction, user)),
        )
        for user in users
    )


def in_words(uses: Sequence[Use]) -> str:
    """Return integrations, slots and actions in one sentence, long lists cut."""
    return "; ".join(_one(use) for use in uses[:SHOWN]) + _more(len(uses), "integrations")


def _one(use: Use) -> str:
    slots = ", ".join(f"`{slot}`" for slot in use.slots)
    names = [f"`{action.name}`" for action in use.actions if action.state is ActionState.PUBLISHED]
    actions = ", ".join(names[:SHOWN]) + _more(len(names), "actions")
    said = f", data actions {actions}" if actions else ""
    return f"`{use.integration.name}` ({use.integration.id}) in slot {slots}{said}"


def _more(count: int, noun: str) -> str:
    return f" and {count - SHOWN} more {noun}" if count > SHOWN else ""


def _actions(transaction: Transaction, user: Integration) -> list[Action]:
    window = PageRequest(1, MOST_ACTIONS)
    found: list[Action] = []
    for state in (ActionState.PUBLISHED, ActionState.DRAFT):
        query = ActionQuery(state=state, include_auth=True, integration_id=user.id)
        found += transaction.actions.page(user.organization_id, query, window).entities
    return found
