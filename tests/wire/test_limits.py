"""The limits of data actions on real servers: shown, changed, simulated as the cloud's."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import PureCloudPlatformClientV2 as sdk
import pytest

from support.command_line import in_a_process
from support.greeting_service import GreetingService
from support.installation import (
    API,
    OPEN_CONTRACT,
    execute,
    make_action,
    make_connected,
    make_integration,
    simple_config,
    taken,
)
from support.refusals import refusal
from support.server import Server

LIMITS = "/api/v2/organizations/limits/namespaces/dataactions"
CLOUD = {
    "actions.concurrent.executions.max": 50,
    "requests.volume.max": 2500,
    "actions.total.max": 500,
    "actions.integration.max": 100,
}
WRONG = ["nothing=3", "actions.total.max", "actions.total.max=0", "requests.volume.max=x"]


@pytest.fixture(scope="module")
def tight(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with limits that are soon reached."""
    told = ("requests.volume.max=3", "actions.total.max=4", "actions.integration.max=2")
    options = [word for text in told for word in ("--limit", text)]
    with Server(tmp_path_factory.mktemp("limits") / "data", options) as running:
        yield running


@pytest.fixture(scope="module")
def http(tight: Server) -> Iterator[httpx.Client]:
    """A client of it."""
    with tight.http() as client:
        yield client


def test_the_clouds_limits_are_shown(server: Server) -> None:
    """Every key of the namespace with its value, as the SDK's Limit; other namespaces are not found."""
    with server.http() as http:
        entities = taken(http.get(LIMITS))["entities"]
        assert {one["key"]: one["value"] for one in entities} == CLOUD
        assert {one["namespace"] for one in entities} == {"dataactions"}
        unknown = refusal(http.get(LIMITS.replace("dataactions", "outbound")), 404, "not.found")
        assert unknown.faults[0].code == "LIMITS_UNKNOWN"
    configuration = sdk.Configuration()
    configuration.host = server.url
    api = sdk.ApiClient(server.url)
    api.access_token = server.token()
    listing = sdk.OrganizationApi(api).get_organizations_limits_namespace("dataactions")
    assert {limit.key: limit.value for limit in listing.entities} == CLOUD


def test_the_volume_of_a_minute(http: httpx.Client, greeter: GreetingService) -> None:
    """The run after the last one is a 429 with Retry-After and the limit, and reaches no service."""
    shown = {one["key"]: one["value"] for one in taken(http.get(LIMITS))["entities"]}
    assert shown["requests.volume.max"] == 3
    config = simple_config(f"{greeter.url}/slow?seconds=0")
    action = make_action(http, make_connected(http), config=config, contract=OPEN_CONTRACT)["id"]
    answers = [execute(http, action, {}) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert len(greeter.received) == 3
    refused = refusal(answers[-1], 429, "too.many.requests")
    assert refused.faults[0].code == "EXECUTIONS_PER_MINUTE"
    limit = {"key": "requests.volume.max", "namespace": "dataactions", "value": 3}
    assert answers[-1].json()["limit"] == limit
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 60
    # Tests count as runs, too; everything else goes on.
    assert http.post(f"{API}/actions/{action}/test", json={}).status_code == 429
    assert http.get(f"{API}/actions/{action}").status_code == 200
    for _ in range(100):
        logged = taken(http.get("/jackfield/v1/executions", params={"actionId": action}))["entities"]
        if len(logged) == 5:
            break
        time.sleep(0.05)
    assert "EXECUTIONS_PER_MINUTE" in json.dumps(logged[0])


def test_as_many_actions_as_there_may_be(http: httpx.Client) -> None:
    """Actions and drafts count together, by integration and in all; a deleted one makes room."""
    first, second, third = (make_integration(http)["id"] for _ in range(3))
    for one in taken(http.get(f"{API}/actions"))["entities"]:
        http.delete(f"{API}/actions/{one['id']}")
    body = {
        "name": "A",
        "category": "c",
        "config": simple_config("https://example.com"),
        "contract": OPEN_CONTRACT,
    }

    def made(integration: str, kind: str = "actions") -> httpx.Response:
        return http.post(f"{API}/{kind}", json=body | {"integrationId": integration})

    assert [made(first).status_code, made(first, "actions/drafts").status_code] == [200, 200]
    for kind in ("actions", "actions/drafts"):
        full = made(first, kind)
        refused = refusal(full, 400, "bad.request")
        assert refused.faults[0].code == "ACTIONS_EXHAUSTED"
        assert full.json()["limit"]["key"] == "actions.integration.max"
        assert "retry-after" not in full.headers
    assert [made(second).status_code, made(second).status_code] == [200, 200]
    assert made(third).json()["limit"] == {
        "key": "actions.total.max",
        "namespace": "dataactions",
        "value": 4,
    }
    listed = taken(http.get(f"{API}/actions"))["entities"]
    assert http.delete(f"{API}/actions/{listed[0]['id']}").status_code == 204
    assert made(third).status_code == 200


def test_two_at_once_cannot_both_be_the_last(tmp_path: Path) -> None:
    """Of many creations at the same moment exactly as many succeed as there is room for."""
    with Server(tmp_path / "data", ["--limit", "actions.total.max=3"]) as server, server.http() as http:
        integration = make_integration(http)["id"]
        draft = {"name": "A", "integrationId": integration}
        statuses: list[int] = []

        def make() -> None:
            statuses.append(http.post(f"{API}/actions/drafts", json=draft).status_code)

        threads = [threading.Thread(target=make) for _ in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(statuses) == [200] * 3 + [400] * 9


def test_concurrency_is_bounded_in_any_case(tmp_path: Path, greeter: GreetingService) -> None:
    """The run beside as many as may be is a 429 with its limit, with --limits off, too."""
    limit = ["--limit", "actions.concurrent.executions.max=2"]
    with Server(tmp_path / "data", limit) as server, server.http() as http:
        config = simple_config(f"{greeter.url}/slow?seconds=1")
        action = make_action(http, make_connected(http), config=config, contract=OPEN_CONTRACT)["id"]
        answers: list[httpx.Response] = []
        threads = [
            threading.Thread(target=lambda: answers.append(execute(http, action, {}))) for _ in range(3)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        refused = next(answer for answer in answers if answer.status_code != 200)
        assert refusal(refused, 429, "too.many.requests").faults[0].code == "CONCURRENT_EXECUTIONS"
        assert refused.json()["limit"]["value"] == 2
        assert sorted(answer.status_code for answer in answers) == [200, 200, 429]


@pytest.mark.parametrize("text", WRONG)
def test_limits_that_are_none(tmp_path: Path, text: str) -> None:
    """What names no limit or no number is refused at the start, with the keys that there are."""
    refused = in_a_process("up", "--port", "0", "--data-dir", str(tmp_path / "d"), "--json", "--limit", text)
    assert (refused.code, refused.finding["code"], refused.finding["seen"]) == (3, "SETTING_REFUSED", text)
    assert all(key in json.dumps(refused.finding) for key in CLOUD)
