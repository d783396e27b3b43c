"""What CX as Code sends, request by request: its start-up and its resources, in both manners.

The provider dereferences what it reads without looking, so the tests look instead: what it needs is there and
not null.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from support.server import Server

API = "/api/v2/integrations"
PAGED = "?pageSize=100&pageNumber=1"
CONTRACT = {
    "input": {"inputSchema": {"type": "object", "properties": {"name": {"type": "string"}}}},
    "output": {"successSchema": {"type": "object", "properties": {"text": {"type": "string"}}}},
}
LOGIN = {"loginUrl": "https://example.com/token", "clientId": "id", "clientSecret": "secret"}


def config(url: str) -> dict[str, Any]:
    """Return an action's configuration as the provider sends it."""
    return {
        "request": {
            "requestUrlTemplate": url,
            "requestType": "GET",
            "headers": {"X-One": "1"},
            "requestTemplate": "${input.rawRequest}",
        },
        "response": {"translationMap": {}, "translationMapDefaults": {}, "successTemplate": "${rawResult}"},
    }


@pytest.fixture(scope="module", params=[("--as", "jackfield"), ("--as", "cloud:4", "--seed", "2")], ids=str)
def provider(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[httpx.Client]:
    """A provider that has started against a server in either manner."""
    folder: Path = tmp_path_factory.mktemp("terraform") / "data"
    with Server(folder, options=request.param) as server, server.http() as http:
        http.headers["Content-Type"] = "application/json"
        yield http


def get(http: httpx.Client, path: str) -> Any:
    """GET, repeated while the cloud's manners say "not yet": the provider does, for minutes."""
    answer = until(http, path, 200)
    return answer.json()


def until(http: httpx.Client, path: str, status: int, seconds: float = 16) -> httpx.Response:
    """Repeat a GET until it has a status."""
    deadline = time.monotonic() + seconds
    while (answer := http.get(path)).status_code != status:
        assert time.monotonic() < deadline, f"{path}: {answer.status_code} {answer.text[:500]}"
        time.sleep(0.1)
    return answer


def send(http: httpx.Client, method: str, path: str, body: Any) -> Any:
    """Send a change that has to be accepted."""
    answer = http.request(method, path, json=body)
    assert answer.status_code == 200, f"{method} {path}: {answer.status_code} {answer.text[:800]}"
    return answer.json()


def retried(http: httpx.Client, path: str, body: Any) -> Any:
    """POST, repeated on 400 at most ten times, half a second apart, as the provider does."""
    for _ in range(10):
        answer = http.post(path, json=body)
        if answer.status_code != 400:
            break
        time.sleep(0.5)
    assert answer.status_code == 200, answer.text[:800]
    return answer.json()


def make(http: httpx.Client, type_id: str = "custom-rest-actions") -> dict[str, Any]:
    """Create an integration as the provider does: the type, and nothing else."""
    made: dict[str, Any] = send(http, "POST", API, {"integrationType": {"id": type_id}})
    return made


def gone(http: httpx.Client, path: str, status: int) -> None:
    """Delete, then read until it is not there any more."""
    assert http.delete(path).status_code == status
    assert until(http, path, 404, 30).json()["status"] == 404


def test_start(provider: httpx.Client) -> None:
    """The two reads of every pooled client."""
    assert get(provider, "/api/v2/organizations/me")["defaultCountryCode"] is not None
    products = get(provider, "/api/v2/authorization/products")
    assert products["total"] is not None
    assert isinstance(products["entities"], list)


def test_integration(provider: httpx.Client) -> None:
    """Create, configure, enable, read, update, list to the empty page, delete."""
    path = f"{API}/{make(provider, 'embedded-client-app')['id']}"
    current = get(provider, f"{path}/config/current")
    for member in ("name", "notes", "properties", "advanced", "credentials", "version"):
        assert current[member] is not None
    assert (current["properties"], current["advanced"], current["notes"]) == ({}, {}, "")
    assert get(provider, f"{path}/config/current")["version"] == 1
    wanted = {
        "name": "From Terraform",
        "notes": "n",
        "version": 1,
        "properties": {"groups": ["123456789"], "displayType": "standalone", "url": "https://mypage.com"},
        "advanced": {},
        "credentials": {},
    }
    send(provider, "PUT", f"{path}/config/current", wanted)
    send(provider, "PATCH", f"{path}?pageSize=25&pageNumber=1", {"intendedState": "ENABLED"})
    read = get(provider, path + PAGED)
    assert (read["name"], read["intendedState"]) == ("From Terraform", "ENABLED")
    assert read["integrationType"]["id"] == "embedded-client-app"
    config = get(provider, f"{path}/config/current")
    assert config["properties"] == wanted["properties"], "a default key would be a diff for ever"
    send(provider, "PUT", f"{path}/config/current", {**wanted, "version": config["version"], "notes": "m"})
    stale = provider.put(f"{path}/config/current", json=wanted)
    assert stale.status_code == 409
    number, seen = 1, 0
    while page := get(provider, f"{API}?pageSize=100&pageNumber={number}")["entities"]:
        number, seen = number + 1, seen + len(page)
    assert number >= 1
    gone(provider, path, 200)


def test_integration_credential(provider: httpx.Client) -> None:
    """Create, read, replace, page by cursor to the empty page, delete."""
    body = {
        "name": "Terraform credential",
        "type": {"name": "basicAuth"},
        "credentialFields": {"userName": "u", "password": "p"},
    }
    made = send(provider, "POST", f"{API}/credentials", body)
    path = f"{API}/credentials/{made['id']}"
    read = get(provider, path)
    assert (read["name"], read["type"]["name"]) == ("Terraform credential", "basicAuth")
    send(provider, "PUT", path, body | {"name": "Renamed"})
    assert get(provider, path)["name"] == "Renamed"
    after, seen = "", []
    while entities := get(provider, f"{API}/credentials/listing?pageSize=200&after={after}").get("entities"):
        seen += [one["id"] for one in entities]
        after = seen[-1]
    assert len(seen) == len(set(seen))
    gone(provider, path, 204)


def test_integration_action(provider: httpx.Client) -> None:
    """Create (repeated on 400), read with both templates, update at its version, delete."""
    integration = make(provider)
    body = {
        "name": "Terraform action",
        "category": "Terraform",
        "integrationId": integration["id"],
        "secure": False,
        "contract": CONTRACT,
        "config": config("https://example.com/a"),
    }
    made = retried(provider, f"{API}/actions", body)
    path = f"{API}/actions/{made['id']}"
    read = get(provider, f"{path}?expand=contract&includeConfig=true")
    assert read["config"]["request"]["requestUrlTemplate"] == "https://example.com/a"
    assert read["contract"]["input"]["inputSchema"]["properties"] == {"name": {"type": "string"}}
    for name, text in (
        ("requesttemplate.vm", "${input.rawRequest}"),
        ("successtemplate.vm", "${rawResult}"),
    ):
        template = provider.get(f"{path}/templates/{name}", headers={"Accept": "*/*"})
        assert (template.status_code, template.text) == (200, text)
    change = {
        "name": "Terraform action, changed",
        "category": "Terraform",
        "version": read["version"],
        "config": config("https://example.com/b"),
    }
    send(provider, "PATCH", path, change)
    stale = provider.patch(path, json=change)
    assert stale.status_code == 409
    assert "does not match the current version" in stale.json()["message"]
    gone(provider, path, 204)
    gone(provider, f"{API}/{integration['id']}", 200)


def test_integration_action_draft(provider: httpx.Client) -> None:
    """Create, read, change, list, delete."""
    integration = make(provider)
    body = {
        "name": "Terraform draft",
        "category": "Terraform",
        "integrationId": integration["id"],
        "secure": False,
        "contract": CONTRACT,
        "config": config("https://example.com/a"),
    }
    made = retried(provider, f"{API}/actions/drafts", body)
    path = f"{API}/actions/{made['id']}/draft"
    read = get(provider, f"{path}?expand=contract&includeConfig=true&flatten=false")
    assert read["config"] is not None
    assert provider.get(f"{path}/templates/requesttemplate.vm").text == "${input.rawRequest}"
    change = {name: body[name] for name in ("name", "category", "secure", "contract", "config")}
    send(provider, "PATCH", path, change | {"name": "Changed", "version": read["version"]})
    deadline = time.monotonic() + 5
    while not (listed := get(provider, f"{API}/actions/drafts{PAGED}"))["entities"]:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert listed["pageCount"] is not None
    assert [one["name"] for one in listed["entities"]] == ["Changed"]
    gone(provider, path, 204)


def test_integration_custom_auth_action(provider: httpx.Client) -> None:
    """The login that comes with a userDefinedOAuth credential: found, changed, read; never deleted."""
    integration = make(provider)
    path = f"{API}/{integration['id']}"
    body = {"name": "Login", "type": {"name": "userDefinedOAuth"}, "credentialFields": LOGIN}
    credential = send(provider, "POST", f"{API}/credentials", body)
    current = get(provider, f"{path}/config/current")
    attached = {**current, "credentials": {"basicAuth": {"id": credential["id"]}}}
    send(provider, "PUT", f"{path}/config/current", attached)
    assert get(provider, path + PAGED)["integrationType"]["id"] == "custom-rest-actions"
    slot = get(provider, f"{path}/config/current")["credentials"]["basicAuth"]["id"]
    assert get(provider, f"{API}/credentials/{slot}")["type"]["name"] == "userDefinedOAuth"
    login = f"{API}/actions/customAuth_-_{integration['id']}"
    action = get(provider, f"{login}?expand=contract&includeConfig=true")
    assert action["version"] == 1
    change = {"name": "Log in", "version": action["version"], "config": config("https://example.com/token")}
    send(provider, "PATCH", login, change)
    read = get(provider, f"{login}?expand=contract&includeConfig=true")
    assert read["config"]["request"]["requestUrlTemplate"] == "https://example.com/token"
    assert provider.get(f"{login}/templates/successtemplate.vm").text == "${rawResult}"
    gone(provider, path, 200)
    assert provider.get(login).status_code == 404
