"""The commands against a real server: everything a new user tries first."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from jackfield.client.actions import Actions
from jackfield.client.http import Client
from jackfield.client.integrations import Integrations
from jackfield.client.profiles import Flags, resolve
from support.command_line import Commands
from support.server import Server

SECRET = "hunter22-hunter22"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all tests here."""
    with Server(tmp_path_factory.mktemp("command-line") / "data") as running:
        yield running


@pytest.fixture
def variables(server: Server) -> dict[str, str]:
    """The variables that `up` prints."""
    return {
        "GENESYSCLOUD_REGION": server.url,
        "GENESYSCLOUD_OAUTHCLIENT_ID": server.client_id,
        "GENESYSCLOUD_OAUTHCLIENT_SECRET": server.client_secret,
    }


@pytest.fixture
def commands(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], variables: dict[str, str]
) -> Commands:
    """Runs commands against that server."""
    commands = Commands(monkeypatch, capsys)
    commands.set(variables)
    return commands


@pytest.fixture
def client(variables: dict[str, str]) -> Iterator[Client]:
    """A client of that server."""
    with Client(resolve(Flags(), variables)) as opened:
        yield opened


def test_types_and_slots_of_the_catalog(commands: Commands) -> None:
    """The web services type takes three credential types in the slot `basicAuth`."""
    types = {item["id"] for item in commands("integration", "types", "--json").document["types"]}
    assert "custom-rest-actions" in types
    slots = commands("integration", "slots", "custom-rest-actions", "--json").document["slots"]
    assert slots["basicAuth"]["credentialTypes"] == ["basicAuth", "userDefined", "userDefinedOAuth"]


def test_a_credential_goes_in_and_its_secret_does_not_come_out(commands: Commands) -> None:
    """Stored from the environment, listed by id, its password nowhere."""
    commands.set({"MY_PASSWORD": SECRET})
    added = commands(
        *("cred", "add", "basicAuth", "--name", "Mine", "--field", "userName=me"),
        *("--from-env", "password=MY_PASSWORD", "--no-input", "--json"),
    )
    listed = commands("cred", "list", "--json")
    assert added.document["credential"]["id"] in {item["id"] for item in listed.document["credentials"]}
    assert SECRET not in added.out + added.err + listed.out


def test_a_misspelt_field_is_explained_without_its_value(commands: Commands, tmp_path: Path) -> None:
    """The server's findings arrive with the near name; the quoted line is masked."""
    path = tmp_path / "fields.json"
    path.write_text(json.dumps({"usrName": "me", "password": SECRET}))
    outcome = commands("cred", "add", "basicAuth", "--fields", str(path), "--json")
    codes = {finding["code"] for finding in outcome.document["error"]["findings"]}
    assert (outcome.code, codes) == (1, {"CREDENTIAL_FIELD_MISSING", "CREDENTIAL_FIELD_UNKNOWN"})
    assert "userName" in outcome.out
    assert SECRET not in outcome.out


def test_an_integration_by_name_and_by_slot(commands: Commands, client: Client) -> None:
    """What was created through the API is found by its name."""
    created = Integrations(client).create("custom-rest-actions", "By name")
    shown = commands("integration", "show", "By name", "--json").document
    assert shown["integration"]["id"] == created["id"]
    assert shown["configuration"]["version"] == 1
    assert commands("integration", "slots", "By name", "--json").document["attached"] == {}
    assert commands("integration", "show", "By nam", "--json").finding["code"] == "NAME_UNKNOWN"


def test_an_action_fails_with_a_place(commands: Commands, client: Client, tmp_path: Path) -> None:
    """Executing with inputs that are not JSON shows line, column and caret of what was sent."""
    integration = Integrations(client).create("custom-rest-actions", "For actions")
    schema = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
    created = Actions(client).create(
        {
            "name": "Not called",
            "category": "Tests",
            "integrationId": integration["id"],
            "config": {
                "request": {"requestUrlTemplate": "http://127.0.0.1:9/${input.n}", "requestType": "GET"}
            },
            "contract": {"input": {"inputSchema": schema}, "output": {"successSchema": {"type": "object"}}},
        }
    )
    assert created["id"] in commands("action", "list").out
    shown = commands("action", "show", "Not called", "--json").document["action"]
    assert shown["config"]["request"]["requestTemplate"] == "${input.rawRequest}"
    path = tmp_path / "inputs.json"
    path.write_text('{\n  "n": 5,,\n}')
    outcome = commands("action", "execute", "Not called", "--input", str(path), "--json")
    assert outcome.code == 1
    assert (outcome.finding["line"], outcome.finding["caret"].count("^") > 0) == (2, True)


def test_a_wrong_secret_exits_4(commands: Commands) -> None:
    """The login's refusal is told as such."""
    commands.set({"GENESYSCLOUD_OAUTHCLIENT_SECRET": "wrong-wrong-wrong"})
    outcome = commands("integration", "list", "--json")
    assert (outcome.code, outcome.finding["code"]) == (4, "LOGIN_REFUSED")
