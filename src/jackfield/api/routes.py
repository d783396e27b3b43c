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
    bots,
    certificates,
    credentials,
    data_tables,
    drafts,
    execution,
    groups,
    identity,
    integrations,
    limits,
    oauth_clients,
    roles,
    speech,
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
# Operations that run an action: its own timeout ends them.
RUNS: Final = frozenset((EXECUTE, "post_integrations_action_test", "post_integrations_action_draft_test"))

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
        "get_integrations_botconnector_integration_id_bots": Handler(bots.get_bots),
        "put_integrations_botconnector_integration_id_bots": Handler(bots.put_bots, takes_body=True),
        "get_integrations_botconnector_integration_id_bots_summaries": Handler(bots.list_summaries),
        "get_integrations_botconnector_integration_id_bot": Handler(bots.get_bot),
        "get_integrations_botconnector_integration_id_bot_versions": Handler(bots.list_versions),
        "get_integrations_botconnector_bots": Handler(bots.list_bots),
        "get_integrations_botconnector_bots_summaries": Handler(bots.list_newer_summaries),
        "get_integrations_botconnector_bot": Handler(bots.get_newer_bot),
        "get_integrations_speech_audioconnector": Handler(speech.list_audio_connectors),
        "get_integrations_speech_audioconnector_integration_id": Handler(speech.get_audio_connector),
        "get_tokens_me": Handler(identity.get_token),
        "delete_tokens_me": Handler(identity.delete_token),
        "delete_token": Handler(identity.delete_tokens_of_user),
        "get_users_me": Handler(identity.get_me),
        "get_users": Handler(identity.list_users),
        "post_users": Handler(identity.create_user, takes_body=True),
        "get_user": Handler(identity.get_user),
        "get_organizations_me": Handler(identity.get_organization),
        "get_organizations_limits_namespace": Handler(limits.list_limits),
        "get_authorization_products": Handler(identity.list_products),
        "get_authorization_permissions": Handler(identity.list_permissions),
        "get_authorization_subjects_me": Handler(identity.get_subject),
        "get_authorization_roles": Handler(roles.list_roles),
        "post_authorization_roles": Handler(roles.create_role, takes_body=True),
        "get_authorization_role": Handler(roles.get_role),
        "put_authorization_role": Handler(roles.put_role, takes_body=True),
        "delete_authorization_role": Handler(roles.delete_role),
        "put_authorization_role_users_add": Handler(roles.add_users, takes_body=True),
        "put_authorization_role_users_remove": Handler(roles.remove_users, takes_body=True),
        "get_groups": Handler(groups.list_groups),
        "post_groups": Handler(groups.create_group, takes_body=True),
        "get_group": Handler(groups.get_group),
        "delete_group": Handler(groups.delete_group),
        "post_groups_search": Handler(groups.search_groups, takes_body=True),
        "get_group_members": Handler(groups.list_members),
        "post_group_members": Handler(groups.add_members, takes_body=True),
        "delete_group_members": Handler(groups.remove_members),
        "get_oauth_clients": Handler(oauth_clients.list_clients),
        "post_oauth_clients": Handler(oauth_clients.create_client, takes_body=True),
        "get_oauth_client": Handler(oauth_clients.get_client),
        "put_oauth_client": Handler(oauth_clients.put_client, takes_body=True),
        "delete_oauth_client": Handler(oauth_clients.delete_client),
        "post_oauth_client_secret": Handler(oauth_clients.create_secret),
        "get_flows_datatables": Handler(data_tables.list_data_tables),
        "post_flows_datatables": Handler(data_tables.create_data_table, takes_body=True),
        "get_flows_datatable": Handler(data_tables.get_data_table),
        "delete_flows_datatable": Handler(data_tables.delete_data_table),
        EXECUTE: Handler(execution.execute_action, takes_body=True),
    }
)
