"""`jackfield cred`: where values may come from, and that they are never shown."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import pytest

from support.command_line import Commands, in_a_process
from support.fake_api import Asked, FakeApi, Reply

ROOT = "/api/v2/integrations/credentials"
SECRET = "hunter22-hunter22"
TYPES = [
    {
        "name": "basicAuth",
        "properties": {
            "password": {"title": "Password", "sensitive": True, "confirm": True},
            "userName": {"title": "Username", "description": "Name to sign in with."},
        },
        "displayOrder": ["userName", "password"],
        "required": ["userName"],
    },
    {"name": "userDefined", "properties": {}, "displayOrder": [], "required": []},
]


class Vault:
    """Answers as the API does, and keeps what was stored."""

    def __init__(self) -> None:
        self.stored: list[dict[str, Any]] = []

    def __call__(self, asked: Asked) -> Reply:
        """Answer types, listing and POST."""
        if asked.method == "POST":
            self.stored.append(json.loads(asked.body))
            return Reply(value={"id": "c-1", "name": "n", "type": {"name": "basicAuth"}})
        if asked.path == f"{ROOT}/types":
            return Reply(value=TYPES)
        listed = {"id": "c-1", "name": None, "type": {"name": "basicAuth"}, "modifiedDate": "2026-01-01"}
        return Reply(value={"entities": [listed]})


@pytest.fixture
def vault(api: FakeApi) -> Vault:
    """A server with two credential types."""
    api.responder = vault = Vault()
    return vault


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A terminal on which the given answers are typed; hidden or not makes no difference here."""
    typed: list[str] = []

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            """It is one."""
            return True

    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr(click.termui, "visible_prompt_func", lambda _: typed.pop(0))
    monkeypatch.setattr(click.termui, "hidden_prompt_func", lambda _: typed.pop(0))
    return typed


def test_list_shows_no_values(connected: Commands, vault: Vault) -> None:
    """Id, name, type and time; a missing name is empty."""
    assert connected("cred", "list").out.splitlines()[1] == "c-1\t\tbasicAuth\t2026-01-01"
    assert connected("cred", "list", "--json").document["total"] == 1


def test_types_and_the_fields_of_one(connected: Commands, vault: Vault) -> None:
    """The list names required fields; one type is shown field by field in display order."""
    assert connected("cred", "types").out.splitlines()[1] == "basicAuth\tuserName\tuserName, password"
    fields = connected("cred", "types", "basicAuth").out.splitlines()
    assert fields[1] == "userName\tUsername\tyes\tno\tName to sign in with."
    assert fields[2] == "password\tPassword\tno\tyes\t"
    assert "any fields" in connected("cred", "types", "userDefined").err


def test_an_unknown_type_is_told_the_nearest(connected: Commands, vault: Vault) -> None:
    """The accepted types are listed."""
    outcome = connected("cred", "add", "basicauth", "--json")
    assert (outcome.code, outcome.finding["code"]) == (3, "CREDENTIAL_TYPE_UNKNOWN_HERE")
    assert outcome.finding["fix"] == "Did you mean `basicAuth`?"
    assert outcome.finding["accepted"] == "basicAuth, userDefined"


@pytest.mark.parametrize("source", ["env", "file", "stdin", "fields", "fields-stdin"])
def test_every_source_of_a_secret(tmp_path: Path, api: FakeApi, vault: Vault, source: str) -> None:
    """Environment, file, standard input and a JSON object all work, and nothing of them is printed."""
    path = tmp_path / "value"
    path.write_text(f"{SECRET}\n")
    whole = json.dumps({"userName": "me", "password": SECRET})
    (tmp_path / "whole.json").write_text(whole)
    options: dict[str, tuple[Sequence[str], str]] = {
        "env": (("--field", "userName=me", "--from-env", "password=MINE"), ""),
        "file": (("--field", "userName=me", "--from-file", f"password={path}"), ""),
        "stdin": (("--field", "userName=me", "--from-stdin", "password"), f"{SECRET}\n"),
        "fields": (("--fields", str(tmp_path / "whole.json")), ""),
        "fields-stdin": (("--fields", "-"), whole),
    }
    arguments, stdin = options[source]
    outcome = in_a_process(
        "cred",
        "add",
        "basicAuth",
        "--name",
        "Mine",
        *arguments,
        stdin=stdin,
        MINE=SECRET,
        **api.environment(),
    )
    assert (outcome.code, outcome.out) == (0, "c-1\n")
    assert vault.stored == [
        {
            "name": "Mine",
            "type": {"name": "basicAuth"},
            "credentialFields": {"userName": "me", "password": SECRET},
        }
    ]
    assert SECRET not in outcome.out + outcome.err
    assert '"credentials": {"<slot>": {"id": "c-1"}}' in outcome.err


def test_a_secret_on_the_command_line_is_refused(connected: Commands, vault: Vault) -> None:
    """Nothing is sent, and the refusal does not repeat the value."""
    for arguments in (("basicAuth", f"password={SECRET}"), ("userDefined", f"key={SECRET}")):
        outcome = connected("cred", "add", arguments[0], "--field", arguments[1], "--json")
        assert (outcome.code, outcome.finding["code"]) == (3, "ARGUMENT_SECRET")
        assert SECRET not in outcome.out + outcome.err
    assert vault.stored == []


def test_missing_values_are_refused_without_a_terminal(connected: Commands, vault: Vault) -> None:
    """A required field, or any field of an open type, must come from somewhere."""
    missing = connected("cred", "add", "basicAuth", "--no-input", "--json")
    assert (missing.code, missing.finding["code"]) == (3, "CREDENTIAL_VALUES_MISSING")
    assert "`userName`" in missing.finding["message"]
    nothing = connected("cred", "add", "userDefined", "--no-input", "--json")
    assert "at least one field" in nothing.finding["message"]


def test_prompts_follow_the_type(connected: Commands, vault: Vault, answers: list[str]) -> None:
    """On a terminal fields are asked for in display order; a confirmed one twice; nothing is echoed."""
    answers += ["me", SECRET, SECRET]
    outcome = connected("cred", "add", "basicAuth", "--json")
    assert outcome.code == 0
    assert vault.stored[0]["credentialFields"] == {"userName": "me", "password": SECRET}
    assert outcome.document["credential"]["id"] == "c-1"
    assert answers == []
    assert SECRET not in outcome.out + outcome.err


def test_an_optional_field_may_stay_empty(connected: Commands, vault: Vault, answers: list[str]) -> None:
    """An empty answer leaves the field out."""
    answers += ["me", "", ""]
    assert connected("cred", "add", "basicAuth").code == 0
    assert vault.stored[0]["credentialFields"] == {"userName": "me"}


def test_an_open_type_asks_for_names_too(connected: Commands, vault: Vault, answers: list[str]) -> None:
    """Names and values are asked for until a name is empty."""
    answers += ["token", SECRET, ""]
    assert connected("cred", "add", "userDefined").code == 0
    assert vault.stored[0]["credentialFields"] == {"token": SECRET}


def test_dry_run_sends_nothing_and_masks(connected: Commands, vault: Vault) -> None:
    """The plan shows plain fields, hides secrets, and stores nothing."""
    connected.set({"MINE": SECRET})
    arguments = (
        "cred",
        "add",
        "basicAuth",
        "--field",
        "userName=me",
        "--from-env",
        "password=MINE",
        "--dry-run",
    )
    text, document = connected(*arguments), connected(*arguments, "--json")
    assert "userName\tme" in text.out
    assert "password\t********" in text.out
    assert document.document["would_send"]["credentialFields"] == {"userName": "me", "password": "********"}
    assert vault.stored == []


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--from-env", "password=NO_SUCH_VARIABLE"), "CONNECTION_SETTING_REFUSED"),
        (("--from-file", "password=/no/such/file"), "FILE_UNREADABLE"),
        (("--from-file", "password"), "USAGE_REFUSED"),
        (("--fields", "/no/such/file"), "FILE_UNREADABLE"),
    ],
)
def test_an_unusable_source_is_named(
    connected: Commands, vault: Vault, arguments: tuple[str, ...], code: str
) -> None:
    """The refusal says which source cannot be used."""
    outcome = connected("cred", "add", "basicAuth", *arguments, "--json")
    assert (outcome.code, outcome.finding["code"]) == (3, code)


@pytest.mark.parametrize("text", [f'{{"password": "{SECRET}"', f'["{SECRET}"]', '{"userName": 7}'])
def test_a_wrong_fields_file_is_refused_without_quoting_it(
    connected: Commands, vault: Vault, tmp_path: Path, text: str
) -> None:
    """A file full of secrets is never quoted in the refusal."""
    path = tmp_path / "fields.json"
    path.write_text(text)
    outcome = connected("cred", "add", "basicAuth", "--fields", str(path), "--json")
    assert (outcome.code, outcome.finding["code"]) == (3, "FILE_UNREADABLE")
    assert SECRET not in outcome.out + outcome.err


def test_the_client_secret_may_come_from_a_file(
    connected: Commands, vault: Vault, api: FakeApi, tmp_path: Path
) -> None:
    """--client-id and --client-secret-file replace the environment's client."""
    path = tmp_path / "secret"
    path.write_text("other-secret\n")
    outcome = connected("cred", "list", "--client-id", "other", "--client-secret-file", str(path))
    assert outcome.code == 0
    assert api.asked[0].headers["authorization"] == "Basic b3RoZXI6b3RoZXItc2VjcmV0"
