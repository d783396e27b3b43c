"""SIGKILL, start again: everything that was answered is there, and the action executes again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx

from support.greeting_service import GreetingService
from support.installation import (
    API,
    configure,
    enable,
    greeting_config,
    make_action,
    make_credential,
    make_integration,
    taken,
)
from support.server import Server

INPUTS = {"name": "Andrei"}
RESULT = {"text": "Hello, Andrei!", "tags": ["polite", "short"], "nickname": "none"}


def everything(http: httpx.Client) -> dict[str, Any]:
    """Read all that the server holds, as it is shown."""
    return {
        path: taken(http.get(f"{API}{path}"))
        for path in (
            "?expand=config.current",
            "/credentials",
            "/credentials/listing",
            "/actions?includeConfig=true",
            "/actions/categories",
        )
    }


def test_everything_is_there_after_sigkill(tmp_path: Path, greeter: GreetingService) -> None:
    """Credentials, integration, configuration, action, token: all survive, and the secret still opens."""
    server = Server(tmp_path / "data").start()
    token = server.token()
    with server.http(token) as http:
        credential, integration = make_credential(http), make_integration(http, "Kept")
        configure(
            http,
            integration["id"],
            name="Kept",
            credentials={"basicAuth": {"id": credential["id"]}},
            notes="n",
        )
        enable(http, integration["id"])
        action = make_action(http, integration["id"], config=greeting_config(greeter.url))
        execute = f"{API}/actions/{action['id']}/execute"
        assert taken(http.post(execute, json=INPUTS)) == RESULT
        before = everything(http)
        server.kill()
    with server, server.http(token) as http:
        assert everything(http) == before
        assert taken(http.post(execute, json=INPUTS)) == RESULT
        assert greeter.received[-1].headers["authorization"] == greeter.basic
        again = configure(http, integration["id"], name="Kept", version=2)
        assert again["version"] == 3


def test_the_last_answer_before_sigkill_counts(tmp_path: Path) -> None:
    """What was answered a moment before the kill is there, ten times in a row."""
    server = Server(tmp_path / "data")
    names: list[str] = []
    for number in range(10):
        server.start()
        with server.http() as http:
            assert [entity["name"] for entity in taken(http.get(API))["entities"]] == names
            make_integration(http, f"number {number}")
            names.append(f"number {number}")
            server.kill()
    with server, server.http() as http:
        assert [entity["name"] for entity in taken(http.get(API))["entities"]] == names
