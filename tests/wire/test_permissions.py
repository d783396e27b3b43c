"""Permissions on every route: what each asks for, and how a refusal names it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest

from jackfield.catalog import Route, load_catalog
from support.clients import add_clients
from support.installation import API, make_action, make_integration, simple_config
from support.refusals import refusal
from support.server import Server

ROUTES = load_catalog().routes
GUARDED = [route for route in ROUTES if route.permissions]
CLIENTS = {
    "nobody": (),
    "reader": ("integrations:integration:view",),
    "bridge": ("bridge:actions:view", "bridge:actions:execute"),
    "everything in integrations": ("integrations:*:*",),
    "almost": ("integrations:integration", "integrations:integration:views", "*:integration:views"),
}


@dataclass(frozen=True)
class Callers:
    """One HTTP client per OAuth client, and something to ask for."""

    http: dict[str, httpx.Client]
    integration_id: str
    action_id: str


@pytest.fixture(scope="module")
def callers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callers]:
    """A server with clients of several permissions."""
    server = Server(tmp_path_factory.mktemp("permissions") / "data")
    with server:
        pass
    secrets = add_clients(server.data_dir, CLIENTS)
    with server, server.http() as owner:
        integration_id = make_integration(owner)["id"]
        action_id = make_action(owner, integration_id, config=simple_config("https://example.com/"))["id"]
        clients = {name: server.http(server.token(*pair)) for name, pair in secrets.items()}
        yield Callers(clients, integration_id, action_id)
        for client in clients.values():
            client.close()


def path_of(route: Route) -> str:
    """Return a path of the route with something in each of its places."""
    return re.sub(r"\{\w+\}", "x", route.path)


@pytest.mark.parametrize("route", GUARDED, ids=lambda route: route.operation_id)
def test_every_route_names_the_missing_permission(callers: Callers, route: Route) -> None:
    """Without permissions each guarded route is 403 and names those of which one would do."""
    answer = callers.http["nobody"].request(route.method, path_of(route))
    refused = refusal(answer, 403, answer.json().get("code", ""))
    assert refused.code in ("missing.permissions", "missing.any.permissions")
    told = refused.message + refused.faults[0].accepted
    assert all(permission in told for permission in route.permissions)
    assert route.permissions[0] in refused.message


@pytest.mark.parametrize(
    "route", [route for route in ROUTES if not route.public], ids=lambda r: r.operation_id
)
def test_every_route_wants_a_token(callers: Callers, route: Route) -> None:
    """Without a token each route but the webhook intake is 401."""
    base = str(callers.http["nobody"].base_url).rstrip("/")
    answer = httpx.request(route.method, base + path_of(route))
    refusal(answer, 401, "authentication.required")


@pytest.mark.parametrize("route", [route for route in ROUTES if route.public], ids=lambda r: r.operation_id)
def test_public_routes_want_none(callers: Callers, route: Route) -> None:
    """The webhook intake asks for no token."""
    base = str(callers.http["nobody"].base_url).rstrip("/")
    assert httpx.request(route.method, base + path_of(route), json={}).status_code not in (401, 403)


def test_lists_that_everybody_may_see(callers: Callers) -> None:
    """Client apps and user apps ask for a token but no permission."""
    for path in ("/clientapps", "/userapps"):
        assert callers.http["nobody"].get(API + path).status_code not in (401, 403)


def test_a_reader_reads_and_changes_nothing(callers: Callers) -> None:
    """View lets read; add, edit and delete are named when they are missing."""
    reader, path = callers.http["reader"], f"{API}/{callers.integration_id}"
    assert reader.get(path).status_code == 200
    assert reader.get(f"{API}/credentials/types").status_code == 200
    attempts = [
        (reader.post(API, json={}), "integrations:integration:add"),
        (reader.post(f"{API}/credentials", json={}), "integrations:integration:add"),
        (reader.put(f"{path}/config/current", json={}), "integrations:integration:edit"),
        (reader.patch(path, json={"intendedState": "ENABLED"}), "integrations:integration:edit"),
        (reader.delete(path), "integrations:integration:delete"),
        (reader.get(f"{API}/actions"), "integrations:action:view"),
    ]
    for answer, permission in attempts:
        assert permission in refusal(answer, 403, answer.json().get("code", "")).message
    assert reader.get(path).json()["intendedState"] == "DISABLED"


def test_any_one_permission_is_enough(callers: Callers) -> None:
    """The older bridge permissions read and execute actions, and no more."""
    bridge, path = callers.http["bridge"], f"{API}/actions/{callers.action_id}"
    assert bridge.get(f"{API}/actions").status_code == 200
    assert bridge.get(path).status_code == 200
    assert bridge.post(f"{path}/test", json={}).status_code == 200
    assert bridge.post(f"{path}/execute", json={}).status_code != 403
    assert bridge.delete(path).status_code == 403
    assert bridge.get(API).status_code == 403


def test_stars_stand_for_parts(callers: Callers) -> None:
    """`integrations:*:*` covers its domain only: bot connectors belong to another one."""
    client = callers.http["everything in integrations"]
    assert client.get(API).status_code == 200
    assert client.get(f"{API}/actions").status_code == 200
    assert client.get(f"{API}/botconnector/x/bots").status_code == 403


def test_permissions_that_only_look_alike(callers: Callers) -> None:
    """Shorter and longer names do not match."""
    assert callers.http["almost"].get(API).status_code == 403


def test_refusals_come_before_lookups(callers: Callers) -> None:
    """Whoever may not read cannot find out what exists."""
    nobody = callers.http["nobody"]
    there = nobody.get(f"{API}/{callers.integration_id}")
    absent = nobody.get(f"{API}/no-such-id")
    assert there.status_code == absent.status_code == 403
    assert there.json()["message"] == absent.json()["message"]
