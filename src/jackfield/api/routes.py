"""Which handler answers which operation. A route of the catalog that is not named here answers 501."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from jackfield.api.call import Call
from jackfield.api.exchange import Answer
from jackfield.api.handlers import (
    actions,
    apps,
    certificates,
    credentials,
    drafts,
    execution,
    integrations,
    types,
    webhooks,
)

Handle = Callable[[Call], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Handler:
    """What answers an operation. `takes_body` says that a JSON body belongs to it."""

    handle: Handle
    takes_body: bool = False


EXECUTE: Final = "post_integrations_action_execute"

HANDLERS: Final[Mapping[str, Handler]] = MappingProxyType(
    {
        "get_integrations": Handler(integrations.list_integrations),
        "post_integrations": Handler(integrations.create_integration, takes_body=True),
        "get_integration": Handler(integrations.get_integration),
        "patch_integration": Handler(integrations.patch_integration, takes_body=True),
        "delete_integration": Handler(integrations.delete_integration),
        "get_integration_config_current": Handler(integrations.get_configuration),
        "put_integration_config_current": Handler(integrations.put_configuration, takes_body=True),
        "get_integrations_types": Handler(types.list_types),
        "get_integrations_type": Handler(types.get_type),
        "get_integrations_type_configschema": Handler(types.get_schema),
        "get_integrations_credentials": Handler(credentials.list_credentials),
        "post_integrations_credentials": Handler(credentials.create_credential, takes_body=True),
        "get_integrations_credentials_listing": Handler(credentials.credential_listing),
        "get_integrations_credentials_types": Handler(credentials.list_credential_types),
        "get_integrations_credential": Handler(credentials.get_credential),
        "put_integrations_credential": Handler(credentials.put_credential, takes_body=True),
        "delete_integrations_credential": Handler(credentials.delete_credential),
        "get_integrations_actions": Handler(actions.list_actions),
        "post_integrations_actions": Handler(actions.create_action, takes_body=True),
        "get_integrations_actions_categories": Handler(actions.list_categories),
        "get_integrations_action": Handler(actions.get_action),
        "patch_integrations_action": Handler(actions.patch_action, takes_body=True),
        "delete_integrations_action": Handler(actions.delete_action),
        "get_integrations_action_template": Handler(actions.get_template),
        "get_integrations_action_schema": Handler(actions.get_schema),
        "post_integrations_action_test": Handler(execution.test_action, takes_body=True),
        "get_integrations_actions_drafts": Handler(drafts.list_drafts),
        "post_integrations_actions_drafts": Handler(drafts.create_draft, takes_body=True),
        "get_integrations_action_draft": Handler(drafts.get_draft),
        "post_integrations_action_draft": Handler(drafts.copy_action),
        "patch_integrations_action_draft": Handler(drafts.patch_draft, takes_body=True),
        "delete_integrations_action_draft": Handler(drafts.delete_draft),
        "get_integrations_action_draft_template": Handler(drafts.get_template),
        "get_integrations_action_draft_schema": Handler(drafts.get_schema),
        "get_integrations_action_draft_validation": Handler(drafts.validate_draft),
        "post_integrations_action_draft_publish": Handler(drafts.publish_draft, takes_body=True),
        "post_integrations_action_draft_test": Handler(execution.test_draft, takes_body=True),
        "get_integrations_actions_certificates": Handler(certificates.list_certificates),
        "get_integrations_actions_certificates_truststore": Handler(certificates.list_truststore),
        "get_integrations_clientapps": Handler(apps.list_client_apps),
        "get_integrations_userapps": Handler(apps.list_user_apps),
        "get_integrations_unifiedcommunications_clientapps": Handler(apps.list_telephony_apps),
        "get_integrations_unifiedcommunications_clientapp": Handler(apps.get_telephony_app),
        "put_integrations_unifiedcommunication_thirdpartypresences": Handler(
            apps.put_presences, takes_body=True
        ),
        "post_integrations_webhook_events": Handler(webhooks.take_event, takes_body=True),
        EXECUTE: Handler(execution.execute_action, takes_body=True),
    }
)
