"""Routes, permissions and limits: the shipped tables, and what a wrong table is told."""

from __future__ import annotations

import inspect
import re
from collections import Counter
from typing import Any

import pytest

from jackfield.api.own_routes import OWN_ROUTES
from jackfield.catalog import Catalog, Route, load_catalog
from jackfield.catalog.contents import ParameterKind
from jackfield.catalog.document import Document, Fault
from jackfield.catalog.table_files import read_limits, read_permissions, read_routes

APIS = (
    "IntegrationsApi",
    "TokensApi",
    "UsersApi",
    "OrganizationApi",
    "AuthorizationApi",
    "GroupsApi",
    "OAuthApi",
    "ArchitectApi",
)


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    """The shipped catalog."""
    return load_catalog()


@pytest.fixture(scope="module")
def routes(catalog: Catalog) -> dict[str, Route]:
    """The shipped routes by operation id."""
    return {route.operation_id: route for route in catalog.routes}


def test_every_route_is_there(catalog: Catalog, routes: dict[str, Route]) -> None:
    """There are 91 operations of the family, each with an id of its own, in the groups of the API."""
    family = [route for route in catalog.routes if route.group != "identity"]
    assert len(family) == 91
    assert len(catalog.routes) == len(routes)
    groups = Counter(route.group for route in family)
    assert groups == {"core": 17, "actions": 28, "apps": 5, "bots": 10, "speech": 30, "webhooks": 1}
    assert all(route.path.startswith("/api/v2/integrations") for route in family)


def _method(operation_id: str) -> Any:
    """Return the method of the official SDK that has the name of an operation."""
    import PureCloudPlatformClientV2

    apis = [getattr(PureCloudPlatformClientV2, api) for api in APIS]
    return next(getattr(api, operation_id) for api in apis if hasattr(api, operation_id))


def test_routes_are_those_of_the_official_client(routes: dict[str, Route]) -> None:
    """Each operation id is a method of the official SDK, which builds the same path and method."""
    for name, route in routes.items():
        source = inspect.getsource(_method(name))
        assert f"resource_path = '{route.path}'.replace" in source, name
        assert f"call_api(resource_path, '{route.method}'" in source


def test_query_parameters_are_those_of_the_official_client(routes: dict[str, Route]) -> None:
    """The query parameters of each operation are those that the official SDK sends."""
    for name, route in routes.items():
        source = inspect.getsource(_method(name))
        sent = set(re.findall(r"query_params\['(\w+)'\]", source))
        assert {parameter.name for parameter in route.query} == sent, name


def test_permissions_of_the_routes(catalog: Catalog, routes: dict[str, Route]) -> None:
    """Routes ask for permissions that exist; those that ask for none are known."""
    asked = {permission for route in catalog.routes for permission in route.permissions}
    asked |= {permission for route in OWN_ROUTES for permission in route.permissions}
    assert asked == set(catalog.permissions)
    free = {route.operation_id for route in catalog.routes if not route.permissions}
    assert free == {
        "get_integrations_clientapps",
        "get_integrations_userapps",
        "post_integrations_webhook_events",
        "get_tokens_me",
        "delete_tokens_me",
        "get_users_me",
        "get_organizations_me",
        "get_organizations_limits_namespace",
        "get_authorization_products",
        "get_authorization_permissions",
        "get_authorization_subjects_me",
        "post_groups_search",
        "get_group_members",
    }
    assert [name for name, route in routes.items() if route.public] == ["post_integrations_webhook_events"]
    execute = routes["post_integrations_action_execute"]
    assert execute.permissions == ("integrations:action:execute", "bridge:actions:execute")


def test_query_parameters(routes: dict[str, Route]) -> None:
    """Defaults, kinds and values of query parameters."""
    listing = {parameter.name: parameter for parameter in routes["get_integrations"].query}
    assert (listing["pageSize"].kind, listing["pageSize"].default) == (ParameterKind.INTEGER, 25)
    assert (listing["expand"].kind, listing["ids"].kind) == (ParameterKind.LIST, ParameterKind.LIST)
    assert listing["reportedState"].values == ("ACTIVE", "ACTIVATING", "INACTIVE", "DEACTIVATING", "ERROR")
    actions = {parameter.name: parameter for parameter in routes["get_integrations_actions"].query}
    assert actions["sortOrder"].default == "asc"
    assert actions["includeConfig"].default is False
    assert actions["secure"].values == ("true", "false")


def test_success_and_models(routes: dict[str, Route]) -> None:
    """Creates answer 200; deletes of credentials and actions 204 without a model."""
    assert routes["post_integrations"].success == 200
    assert routes["post_integrations"].request_model == "CreateIntegrationRequest"
    deleted = routes["delete_integrations_credential"]
    assert (deleted.success, deleted.response_model) == (204, "")
    assert routes["delete_integration"].response_model == "Integration"


def route(**changes: Any) -> dict[str, Any]:
    """A right row of routes.json, with members changed."""
    row = {
        "method": "GET",
        "path": "/api/v2/things",
        "operationId": "get_things",
        "group": "core",
        "success": 200,
        "permissions": [],
        "scopes": [],
    }
    return row | changes


ROUTE_FAULTS: list[tuple[dict[str, Any], str, str]] = [
    ({"method": "get"}, "/routes/0/method", 'did you mean "GET"?'),
    ({"success": 201}, "/routes/0/success", "another status"),
    ({"success": "200"}, "/routes/0/success", "is a string"),
    ({"public": True, "permissions": ["a:b:c"]}, "/routes/0/public", "asks for permissions"),
    ({"query": [{"name": "a", "kind": "integr"}]}, "/routes/0/query/0/kind", 'did you mean "integer"?'),
    ({"query": [{"name": "a", "default": []}]}, "/routes/0/query/0/default", "is an array"),
    ({"query": [{"name": "a", "enum": ["b"]}]}, "/routes/0/query/0/enum", "not a member"),
    ({"group": "cores"}, "/routes/0/group", 'did you mean "core"?'),
]


@pytest.mark.parametrize(("changes", "pointer", "problem"), ROUTE_FAULTS)
def test_faults_of_routes(changes: dict[str, Any], pointer: str, problem: str) -> None:
    """A wrong row is named by its place."""
    faults: list[Fault] = []
    read_routes(Document("routes.json", "", {"routes": [route(**changes)]}, faults))
    assert faults[0].pointer == pointer
    assert problem in faults[0].problem


def test_a_route_stands_once() -> None:
    """Two rows for one method and path would leave one of them dead."""
    faults: list[Fault] = []
    read_routes(Document("routes.json", "", {"routes": [route(), route()]}, faults))
    assert [fault.pointer for fault in faults] == ["/routes/1"]


def test_faults_of_permissions() -> None:
    """A permission has three parts and a meaning."""
    faults: list[Fault] = []
    read_permissions(Document("permissions.json", "", {"permissions": [{"name": "a:b"}]}, faults))
    assert [fault.pointer for fault in faults] == ["/permissions/0/meaning", "/permissions/0/name"]


def test_faults_of_limits() -> None:
    """A limit has a value, a meaning and a grade."""
    faults: list[Fault] = []
    entries = {"namespaces": {"n": {"k": {"meaning": "m", "grade": "assumed", "unit": "s"}}}}
    read_limits(Document("limits.json", "", entries, faults))
    assert [fault.pointer for fault in faults] == ["/namespaces/n/k/value", "/namespaces/n/k/unit"]
