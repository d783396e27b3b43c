"""Users, roles, groups, OAuth clients, tokens, the organization and data tables on the wire."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from jackfield.api.json_bytes import Raw
from jackfield.api.shapes.times import stamp
from jackfield.catalog.contents import Permission
from jackfield.domain.directory import DataTable, Group
from jackfield.domain.identity import Organization, Policy, Role, User, covered
from jackfield.domain.page import Page
from jackfield.services.oauth_clients import ClientView
from jackfield.services.roles import RoleView
from jackfield.services.users import SubjectView, TokenView, UserView

ROLES = "/api/v2/authorization/roles"
USERS = "/api/v2/users"
GROUPS = "/api/v2/groups"
CLIENTS = "/api/v2/oauth/clients"
DATA_TABLES = "/api/v2/flows/datatables"
# Roles that every organization has; the cloud calls them default roles.
DEFAULT_ROLES = ("admin", "employee")


def organization(value: Organization) -> dict[str, Any]:
    """Return an Organization."""
    return {
        "id": value.id,
        "name": value.name,
        "defaultLanguage": "en-us",
        "defaultCountryCode": value.default_country_code,
        "thirdPartyOrgName": value.name,
        "domain": value.name.lower().replace(" ", "-"),
        "version": 1,
        "state": "active",
        "features": {},
        "productPlatform": "PureCloud",
        "selfUri": "/api/v2/organizations/me",
    }


def division(value: Organization) -> dict[str, Any]:
    """Return the one division, which everything belongs to."""
    return {
        "id": value.id,
        "name": "Home",
        "selfUri": f"/api/v2/authorization/divisions/{value.id}",
    }


def user(view: UserView, expand: Iterable[str] = (), known: Sequence[str] = ()) -> dict[str, Any]:
    """Return a User or UserMe.

    Args:
        expand: `authorization`, `groups`, `organization`; others are not there.
        known: all permissions that there are, for what a wildcard stands for.
    """
    person = view.user
    shape: dict[str, Any] = {
        "id": person.id,
        "name": person.name,
        "division": division(view.organization),
        "email": person.email,
        "username": person.email,
        "state": "active" if person.active else "inactive",
        "version": 1,
        "primaryContactInfo": [{"address": person.email, "mediaType": "EMAIL", "type": "PRIMARY"}],
        "addresses": [],
        "images": [],
        "selfUri": f"{USERS}/{person.id}",
    }
    shape |= {name: text for name, text in _texts(person) if text}
    wanted = frozenset(expand)
    if "authorization" in wanted:
        shape["authorization"] = authorization(view.roles, known)
    if "groups" in wanted:
        shape["groups"] = [group(one) for one in view.groups]
    if "organization" in wanted:
        shape["organization"] = organization(view.organization)
    return shape


def plain_user(person: User) -> dict[str, Any]:
    """Return a User as a member of a group."""
    return {
        "id": person.id,
        "name": person.name,
        "email": person.email,
        "username": person.email,
        "state": "active" if person.active else "inactive",
        "version": 1,
        "selfUri": f"{USERS}/{person.id}",
    }


def authorization(roles: Sequence[Role], known: Sequence[str]) -> dict[str, Any]:
    """Return a UserAuthorization: a wildcard is spelt out in `permissions`, and kept in the policies."""
    granted = dict.fromkeys(one for role in roles for one in role.permissions)
    spelt = [one for one in known if covered(one, granted)]
    own = [one for one in granted if "*" not in one and one not in spelt]
    policies = (policy for role in roles for policy in policies_of(role))
    return {
        "roles": [{"id": role.id, "name": role.name} for role in roles],
        "unusedRoles": [],
        "permissions": [*spelt, *own],
        "permissionPolicies": [_policy(policy) for policy in dict.fromkeys(policies)],
    }


def policies_of(role: Role) -> tuple[Policy, ...]:
    """Return a role's policies, made out of its permissions where it was written as those."""
    if role.policies:
        return role.policies
    actions: dict[tuple[str, str], list[str]] = {}
    for permission in role.permissions:
        parts = permission.split(":")
        if len(parts) == 3:
            actions.setdefault((parts[0], parts[1]), []).append(parts[2])
    return tuple(Policy(domain, entity, tuple(found)) for (domain, entity), found in actions.items())


def role(view: RoleView) -> dict[str, Any]:
    """Return a DomainOrganizationRole."""
    one = view.role
    policies = policies_of(one)
    in_policies = {permission for policy in policies for permission in policy.permissions}
    shape: dict[str, Any] = {
        "id": one.id,
        "name": one.name,
        "description": one.description,
        "permissions": [permission for permission in one.permissions if permission not in in_policies],
        "unusedPermissions": [],
        "permissionPolicies": [_policy(policy) for policy in policies],
        "roleNeedsUpdate": False,
        "default": one.name in DEFAULT_ROLES,
        "base": False,
        "selfUri": f"{ROLES}/{one.id}",
    }
    if view.user_count is not None:
        shape["userCount"] = view.user_count
    return shape


def group(one: Group) -> dict[str, Any]:
    """Return a Group."""
    return {
        "id": one.id,
        "name": one.name,
        "description": one.description,
        "dateModified": stamp(one.modified),
        "memberCount": len(one.member_ids),
        "state": "active",
        "version": one.version,
        "type": one.kind.value,
        "addresses": [],
        "images": [],
        "rulesVisible": one.rules_visible,
        "visibility": one.visibility.value,
        "rolesEnabled": False,
        "includeOwners": False,
        "callsEnabled": False,
        "owners": [{"id": owner, "selfUri": f"{USERS}/{owner}"} for owner in one.owner_ids],
        "selfUri": f"{GROUPS}/{one.id}",
    }


def found_groups(page: Page[Group]) -> dict[str, Any]:
    """Return a GroupsSearchResponse."""
    return {
        "total": page.total,
        "pageCount": page.count,
        "pageSize": page.size,
        "pageNumber": page.number,
        "types": ["groups"],
        "results": [group(one) for one in page.entities],
    }


def oauth_client(view: ClientView) -> dict[str, Any]:
    """Return an OAuthClient; its secret only where it has just been made."""
    client = view.client
    shape: dict[str, Any] = {
        "id": client.id,
        "name": client.name,
        "description": client.description,
        "accessTokenValiditySeconds": client.token_seconds,
        "registeredRedirectUri": list(client.redirect_uris),
        "authorizedGrantType": client.grant,
        "scope": list(client.scopes),
        "roleIds": list(client.role_ids),
        "roleDivisions": [
            {"roleId": role_id, "divisionId": client.organization_id} for role_id in client.role_ids
        ],
        "state": "active" if client.active else "inactive",
        "dateCreated": stamp(client.created),
        "dateModified": stamp(client.modified or client.created),
        "selfUri": f"{CLIENTS}/{client.id}",
    }
    if client.created_by:
        shape["createdBy"] = {"id": client.created_by}
    if view.secret is not None:
        shape["secret"] = view.secret.reveal()
    return shape


def token(view: TokenView) -> dict[str, Any]:
    """Return a TokenInfo."""
    named = {"id": view.organization.id, "name": view.organization.name}
    return {
        "organization": named,
        "homeOrganization": named,
        "authorizedScope": list(view.scopes),
        "OAuthClient": {
            "id": view.client.id,
            "name": view.client.name,
            "dateCreated": stamp(view.client.created),
            "authorizedGrantType": view.client.grant,
            "scope": list(view.client.scopes),
            "state": "active",
            "organization": named,
        },
    }


def subject(view: SubjectView, *, full: bool) -> dict[str, Any]:
    """Return an AuthzSubject.

    Args:
        full: with the policies of each role.
    """
    home = division(view.organization) | {"description": "", "homeDivision": True}
    return {
        "id": view.subject_id,
        "name": view.name,
        "grants": [
            {
                "subjectId": view.subject_id,
                "division": home,
                "role": _granted(one, full=full),
                "grantMadeAt": stamp(one.created),
            }
            for one in view.roles
        ],
        "version": 1,
        "selfUri": f"/api/v2/authorization/subjects/{view.subject_id}",
    }


def permission_collections(permissions: Sequence[Permission]) -> list[dict[str, Any]]:
    """Return one DomainPermissionCollection for each domain."""
    domains: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for permission in permissions:
        domain, entity, action = permission.name.split(":")
        domains.setdefault(domain, {}).setdefault(entity, []).append(
            {
                "domain": domain,
                "entityType": entity,
                "action": action,
                "label": permission.meaning,
                "allowsConditions": False,
                "divisionAware": False,
            }
        )
    return [
        {"id": domain, "name": domain, "domain": domain, "permissionMap": entities}
        for domain, entities in domains.items()
    ]


def data_table(table: DataTable, *, schema: bool) -> dict[str, Any]:
    """Return a DataTable.

    Args:
        schema: with its schema, which lists leave out unless it is asked for.
    """
    shape: dict[str, Any] = {
        "id": table.id,
        "name": table.name,
        "description": table.description,
        "division": {"id": table.organization_id, "name": "Home"},
        "selfUri": f"{DATA_TABLES}/{table.id}",
    }
    return shape | ({"schema": Raw(table.schema)} if schema else {})


def _texts(person: User) -> Iterable[tuple[str, str]]:
    return (("title", person.title), ("department", person.department))


def _policy(policy: Policy) -> dict[str, Any]:
    return {
        "domain": policy.domain,
        "entityName": policy.entity,
        "actionSet": list(policy.actions),
        "allowConditions": policy.allow_conditions,
    }


def _granted(one: Role, *, full: bool) -> dict[str, Any]:
    shape: dict[str, Any] = {
        "id": one.id,
        "name": one.name,
        "description": one.description,
        "default": one.name in DEFAULT_ROLES,
        "selfUri": f"{ROLES}/{one.id}",
    }
    if full:
        shape["policies"] = [
            {"actions": list(policy.actions), "domain": policy.domain, "entityName": policy.entity}
            for policy in policies_of(one)
        ]
    return shape
