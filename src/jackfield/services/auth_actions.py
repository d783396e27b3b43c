"""The auth action of an integration: there while a `userDefinedOAuth` credential is attached."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from jackfield.domain.action import (
    Action,
    ActionConfig,
    ActionState,
    Contract,
    RequestConfig,
    auth_action_id,
)
from jackfield.domain.integration import Integration, IntegrationType
from jackfield.domain.ports import Clock
from jackfield.services.actions import state_of
from jackfield.services.mutations import Change

CUSTOM_LOGIN: Final = "userDefinedOAuth"
_ENGINE: Final = "web-services"
_LONGEST_NAME: Final = 256
# What exported auth actions have, and the fields of the credential that the documentation suggests.
_REQUEST: Final = RequestConfig(
    url_template="${credentials.loginUrl}",
    request_type="POST",
    headers={
        "Authorization": 'Basic $encoding.base64("${credentials.clientId}:${credentials.clientSecret}")',
        "Content-Type": "application/x-www-form-urlencoded",
    },
    template="grant_type=client_credentials",
)
_CONTRACT: Final = Contract(
    '{"$schema":"http://json-schema.org/draft-04/schema#","title":"Auth Input",'
    '"description":"No Input Value","type":"object","properties":{}}',
    '{"$schema":"http://json-schema.org/draft-04/schema#","type":"object","properties":{},'
    '"additionalProperties":true}',
)


def settle_auth_action(
    change: Change,
    integration: Integration,
    kind: IntegrationType | None,
    type_names: Iterable[str],
    clock: Clock,
) -> None:
    """Make the integration's auth action, or remove it with its draft, as its credentials ask for.

    An auth action that is there stays as its author made it, also under another credential of the same type.

    Args:
        change: the transaction.
        integration: in the state that it has from now on.
        kind: its type.
        type_names: types of the credentials in its slots.
    """
    wanted = kind is not None and kind.engine == _ENGINE and CUSTOM_LOGIN in type_names
    actions = change.transaction.actions
    identity = auth_action_id(integration.id)
    old = actions.get(integration.organization_id, identity, ActionState.PUBLISHED)
    if wanted and old is None:
        action = _initial(integration, clock)
        actions.add(action)
        change.record("action.create", identity, None, state_of(action))
    elif old is not None and not wanted:
        actions.remove(integration.organization_id, identity)
        change.record("action.delete", identity, state_of(old), None)


def _initial(integration: Integration, clock: Clock) -> Action:
    now, ending = clock.now(), " (Auth)"
    return Action(
        id=auth_action_id(integration.id),
        organization_id=integration.organization_id,
        integration_id=integration.id,
        name=integration.name[: _LONGEST_NAME - len(ending)] + ending,
        category=integration.name[:_LONGEST_NAME],
        version=1,
        secure=False,
        config=ActionConfig(_REQUEST),
        contract=_CONTRACT,
        state=ActionState.PUBLISHED,
        created=now,
        modified=now,
    )
