"""Uses, checks and rotations of credentials, on our own routes."""

from __future__ import annotations

from typing import Any

from jackfield.api.shapes.credentials import credential_info
from jackfield.api.shapes.times import fine_stamp
from jackfield.domain.action import Action
from jackfield.domain.credential import Credential
from jackfield.domain.credential_care import Check, Use
from jackfield.services.rotations import Rotated


def uses(credential: Credential, found: tuple[Use, ...]) -> dict[str, Any]:
    """Return who uses a credential."""
    return {
        "credential": credential_info(credential),
        "integrations": [_use(use) for use in found],
        "total": len(found),
    }


def check(done: Check) -> dict[str, Any]:
    """Return a check."""
    shape: dict[str, Any] = {
        "outcome": str(done.outcome),
        "request": done.what,
        "reason": done.reason,
        "checkedDate": fine_stamp(done.at),
        "credentialVersion": done.version,
    }
    return shape | ({"failingSince": fine_stamp(done.since)} if done.since else {})


def rotated(done: Rotated) -> dict[str, Any]:
    """Return a rotation."""
    return {
        "credential": credential_info(done.credential),
        "check": check(done.check),
        "undoUntil": fine_stamp(done.until),
    }


def _use(use: Use) -> dict[str, Any]:
    item = use.integration
    return {
        "id": item.id,
        "name": item.name,
        "type": item.type_id,
        "intendedState": str(item.intended_state),
        "slots": list(use.slots),
        "actions": [_action(action) for action in use.actions],
    }


def _action(action: Action) -> dict[str, Any]:
    return {"id": action.id, "name": action.name, "state": str(action.state), "version": action.version}
