"""The test state on real servers: reset, snapshot, restore; repeatable with a seed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from support.greeting_service import GreetingService
from support.installation import (
    API,
    configure,
    execute,
    greet,
    make_connected,
    make_credential,
    make_integration,
    taken,
)
from support.refusals import refusal
from support.server import Server

OWN = "/jackfield/v1"


@pytest.fixture(scope="module")
def throwaway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """An ephemeral server with a seed."""
    with Server(tmp_path_factory.mktemp("state") / "data", ["--ephemeral", "--seed", "7"]) as running:
        yield running


@pytest.fixture
def http(throwaway: Server) -> Iterator[httpx.Client]:
    """A client of it, which goes on with its token through resets."""
    with throwaway.http() as client:
        taken(client.post(f"{OWN}/reset"))
        yield client


def names(http: httpx.Client) -> list[str]:
    """Return the names of all integrations."""
    return [str(one["name"]) for one in taken(http.get(API))["entities"]]


def test_a_reset_gives_the_state_of_the_start(http: httpx.Client, greeter: GreetingService) -> None:
    """What was made is gone, the token goes on, and nothing old is run out of a cache."""
    action = greet(http, make_connected(http), greeter.url)
    assert execute(http, action, {"name": "Ada"}).status_code == 200
    role = {"name": "gone", "permissionPolicies": []}
    taken(http.post("/api/v2/authorization/roles", json=role))
    assert taken(http.post(f"{OWN}/reset"))["name"] == "start"
    assert names(http) == []
    assert taken(http.get(f"{API}/credentials"))["entities"] == []
    refusal(execute(http, action, {"name": "Ada"}), 404, "not.found")
    assert taken(http.get("/api/v2/authorization/roles", params={"name": "gone"}))["entities"] == []


def test_a_snapshot_comes_back_whole(http: httpx.Client, greeter: GreetingService) -> None:
    """Configuration, sealed credentials and published actions are as they were, and run."""
    integration = make_connected(http)
    action = greet(http, integration, greeter.url)
    before = taken(http.get(f"{API}/{integration}/config/current"))
    kept = taken(http.post(f"{OWN}/snapshot", json={"name": "seeded"}))
    assert (kept["name"], kept["rows"] > 5) == ("seeded", True)
    assert http.delete(f"{API}/{integration}").status_code == 200
    refusal(execute(http, action, {"name": "Ada"}), 404, "not.found")
    assert taken(http.post(f"{OWN}/restore", json={"name": "seeded"})) == kept
    assert taken(http.get(f"{API}/{integration}/config/current")) == before
    assert execute(http, action, {"name": "Ada"}).json()["text"] == "Hello, Ada!"
    other = make_credential(http)
    configure(http, integration, version=before["version"], credentials={"basicAuth": {"id": other["id"]}})


def test_the_same_requests_get_the_same_ids(http: httpx.Client) -> None:
    """With a seed, whoever resets the server first sees the same ids each time; also behind a snapshot."""

    def walk() -> list[str]:
        first = str(make_integration(http)["id"])
        taken(http.post(f"{OWN}/snapshot"))
        second, credential = str(make_integration(http)["id"]), str(make_credential(http)["id"])
        taken(http.post(f"{OWN}/restore"))
        assert str(make_integration(http)["id"]) == second
        assert str(make_credential(http)["id"]) == credential
        return [first, second, credential]

    once = walk()
    taken(http.post(f"{OWN}/reset"))
    assert walk() == once
    assert len(set(once)) == 3


def test_what_was_brought_back_stands_in_the_trail(http: httpx.Client) -> None:
    """One row says who reset the server; the rows of what is undone are gone with it."""
    make_integration(http)
    answer = http.post(f"{OWN}/reset")
    rows = taken(http.get(f"{OWN}/audit", params={"pageSize": 100}))["entities"]
    assert [row["action"] for row in rows] == ["state.restore"]
    assert rows[0]["correlationId"] == answer.headers["inin-correlation-id"]


def test_logins_of_clients_that_are_gone_end(http: httpx.Client, throwaway: Server) -> None:
    """A token of a client that was made since does not outlive it."""
    roles = [str(one["id"]) for one in taken(http.get("/api/v2/authorization/roles"))["entities"]]
    wanted = {"name": "c", "authorizedGrantType": "CLIENT-CREDENTIALS", "roleIds": roles}
    made = taken(http.post("/api/v2/oauth/clients", json=wanted))
    with throwaway.http(throwaway.token(made["id"], made["secret"])) as other:
        assert other.get(API).status_code == 200
        taken(http.post(f"{OWN}/reset"))
        refusal(other.get(API), 401, "bad.credentials")


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("restore", {"name": "never"}, 404, "SNAPSHOT_NOT_FOUND"),
        ("snapshot", {"name": "start"}, 409, "SNAPSHOT_REFUSED"),
        ("snapshot", {"name": 1}, 400, "MEMBER_WRONG_KIND"),
        ("snapshot", [], 400, "BODY_NOT_OBJECT"),
    ],
)
def test_bad_input(http: httpx.Client, path: str, body: Any, status: int, code: str) -> None:
    """What cannot be done is refused with its reason."""
    refused = http.post(f"{OWN}/{path}", json=body)
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (status, code)


def test_it_has_to_be_allowed(server: Server, tmp_path: Path) -> None:
    """A server that keeps its data refuses all three, unless it was started with --allow-reset."""
    with server.http() as http:
        before = names(http)
        for path in ("reset", "snapshot", "restore"):
            assert (
                refusal(http.post(f"{OWN}/{path}"), 409, "general.conflict").faults[0].code
                == "TEST_STATE_CLOSED"
            )
        assert names(http) == before
    with Server(tmp_path / "data", ["--allow-reset"]) as allowed, allowed.http() as http:
        make_integration(http)
        assert http.post(f"{OWN}/reset").status_code == 200
        assert names(http) == []
