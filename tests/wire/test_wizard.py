"""The premium app wizard, replayed: install, find it again, uninstall, in both manners."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from support.logins import BACK, came_back_with, make_client, submit
from support.server import Server
from support.wizard import MODULES, PREFIX, Wizard

SCOPES = [
    "user-basic-info",
    "integrations",
    "authorization",
    "groups",
    "oauth",
    "organization",
    "architect",
]
ORIGIN = {"Origin": "https://wizard.example.com", "purecloud-sdk": "262.0.0"}


@dataclass(frozen=True)
class Installing:
    """A server, a person who is logged in, and what the wizard's waits do there."""

    server: Server
    http: httpx.Client
    wait: Callable[[float], None]


def _no_wait(_: float) -> None:
    """A prompt server needs none."""


@pytest.fixture(params=["jackfield", "cloud:7"])
def installing(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Installing]:
    """A fresh server in either manner, and the administrator at the wizard."""
    with Server(tmp_path / "data", options=("--as", request.param)) as server:
        with server.http() as owner:
            page = make_client(owner, scope=SCOPES)
        query = f"client_id={page['id']}&redirect_uri={BACK}&response_type=code"
        code = came_back_with(submit(server, f"{server.url}/oauth/authorize?{query}"))["code"]
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK}
        token = httpx.post(f"{server.url}/oauth/token", data=form, auth=(page["id"], page["secret"]))
        with server.http(token.json()["access_token"]) as http:
            http.headers.update(ORIGIN)
            yield Installing(server, http, time.sleep if request.param != "jackfield" else _no_wait)


def test_install_and_uninstall(installing: Installing) -> None:
    """Nothing at first, one of each after the install, nothing again after the uninstall."""
    wizard = Wizard(installing.http, installing.wait)
    wizard.boot()
    assert wizard.has_premium_type()
    assert {module: found for module, found in wizard.installed().items() if found} == {}
    wizard.install()
    found = Wizard(installing.http, installing.wait).installed()
    assert {module: len(one) for module, one in found.items()} == dict.fromkeys(found, 1)
    assert set(found) == {"role", "group", "oauth-client", "data-table", *MODULES}
    for module in MODULES:
        [integration] = found[module]
        assert integration["intendedState"] == "ENABLED"
        assert integration["name"].startswith(PREFIX)
    [app] = found["app-instance"]
    assert wizard.made["role"]["id"] in app["notes"]
    action = installing.http.get(f"/api/v2/integrations/actions/{wizard.made['action']['id']}")
    assert action.status_code == 200
    client = wizard.made["oauth-client"]
    assert installing.server.token(client["id"], client["secret"])
    again = Wizard(installing.http, installing.wait)
    again.boot()
    again.uninstall()
    assert {module: one for module, one in again.installed().items() if one} == {}
    assert installing.http.get("/api/v2/integrations/credentials/listing").json()["entities"] == []
    assert installing.http.get("/api/v2/integrations/actions").json()["entities"] == []
