"""One call of every operation of identity: tokens, users, organization, roles, groups, clients, tables."""

from __future__ import annotations

from support.sdk.calls import SdkCall

ROLE = {
    "name": "By the SDK",
    "description": "",
    "permissionPolicies": [{"domain": "integrations", "entityName": "integration", "actionSet": ["view"]}],
}
GROUP = {"name": "sdk_group", "type": "official", "rulesVisible": True, "visibility": "public"}
CLIENT = {
    "name": "By the SDK",
    "description": "",
    "authorizedGrantType": "CLIENT-CREDENTIALS",
    "accessTokenValiditySeconds": 3600,
    "roleIds": ["{role.id}"],
}
TABLE = {
    "name": "sdk_table",
    "description": "",
    "schema": {
        "$schema": "http://json-schema.org/draft-04/schema#",
        "type": "object",
        "additionalProperties": False,
        "required": ["key"],
        "properties": {
            "key": {"type": "string", "title": "Key", "$id": "/properties/key", "displayOrder": 0},
        },
    },
}


def organization_calls(email: str) -> list[SdkCall]:
    """What an OAuth client may ask. `email` is that of a user to make."""
    return [
        SdkCall("get_tokens_me"),
        SdkCall("get_organizations_me"),
        SdkCall("get_organizations_limits_namespace", {"namespaceName": "dataactions"}),
        SdkCall("get_authorization_products"),
        SdkCall("get_authorization_permissions", {"pageSize": 100}),
        SdkCall("get_authorization_subjects_me"),
        SdkCall("post_users", {"body": {"name": "Ada", "email": email}}, "user"),
        SdkCall("get_user", {"userId": "{user.id}", "expand": ["authorization"]}),
        SdkCall("get_users", {"pageSize": 100, "expand": ["authorization"]}),
        SdkCall("delete_token", {"userId": "{user.id}"}),
        *_roles(),
        *_groups(),
        *_clients(),
        SdkCall("post_flows_datatables", {"body": TABLE}, "table"),
        SdkCall("get_flows_datatables", {"expand": "schema"}),
        SdkCall("get_flows_datatable", {"datatableId": "{table.id}", "expand": "schema"}),
        SdkCall("delete_flows_datatable", {"datatableId": "{table.id}"}),
    ]


def person_calls() -> list[SdkCall]:
    """What only somebody who logged in may ask; the last one ends the login."""
    expand = ["organization", "authorization", "groups"]
    return [
        SdkCall("get_users_me", {"expand": expand}, "me"),
        SdkCall("get_tokens_me"),
        SdkCall("get_authorization_subjects_me"),
        SdkCall("delete_tokens_me"),
    ]


def _roles() -> list[SdkCall]:
    one = {"roleId": "{role.id}"}
    return [
        SdkCall("post_authorization_roles", {"body": ROLE}, "role"),
        SdkCall("get_authorization_role", one),
        SdkCall("put_authorization_role", one | {"body": ROLE | {"description": "changed"}}),
        SdkCall("get_authorization_roles", {"pageSize": 100, "name": "By*", "userCount": True}),
        SdkCall("put_authorization_role_users_add", one | {"body": ["{user.id}"]}),
        SdkCall("get_user", {"userId": "{user.id}", "expand": ["authorization"]}),
        SdkCall("put_authorization_role_users_remove", one | {"body": ["{user.id}"]}),
    ]


def _groups() -> list[SdkCall]:
    one = {"groupId": "{group.id}"}
    query = [{"fields": ["name"], "value": "sdk_", "type": "STARTS_WITH"}]
    return [
        SdkCall("post_groups", {"body": GROUP}, "group"),
        SdkCall("get_group", one),
        SdkCall("get_groups", {"pageSize": 100}),
        SdkCall("post_groups_search", {"body": {"pageSize": 25, "pageNumber": 1, "query": query}}),
        SdkCall("post_group_members", one | {"body": {"memberIds": ["{user.id}"], "version": 1}}),
        SdkCall("get_group_members", one),
        SdkCall("delete_group_members", one | {"ids": "{user.id}"}),
        SdkCall("delete_group", one),
    ]


def _clients() -> list[SdkCall]:
    one = {"clientId": "{client.id}"}
    return [
        SdkCall("post_oauth_clients", {"body": CLIENT}, "client"),
        SdkCall("get_oauth_client", one),
        SdkCall("get_oauth_clients"),
        SdkCall("post_oauth_client_secret", one),
        SdkCall("put_oauth_client", one | {"body": CLIENT | {"state": "inactive"}}),
        SdkCall("delete_oauth_client", one),
        SdkCall("delete_authorization_role", {"roleId": "{role.id}"}),
    ]
