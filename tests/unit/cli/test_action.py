"""`jackfield action` against a server that answers as the API does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from support.command_line import Commands, in_a_process
from support.fake_api import Asked, FakeApi, Reply

ROOT = "/api/v2/integrations/actions"
ACTION_ID = "custom_-_11111111-1111-4111-8111-111111111111"
ERROR = {
    "status": 400,
    "code": "invalid.schema",
    "message": "The inputs do not fit.",
    "contextId": "c-1",
    "errors": [
        {
            "code": "X_Y",
            "message": "Not a number.",
            "messageParams": {"line": "1", "column": "7", "fix": "Write 5."},
            "details": [{"fieldName": "/n"}],
        }
    ],
}


class Actions:
    """One data action that echoes its inputs."""

    def __init__(self, *, secure: bool = False) -> None:
        schema = {"properties": {"n": {"type": "integer"}, "b": {"type": "boolean"}, "s": {"type": "string"}}}
        self.action: dict[str, Any] = {
            "id": ACTION_ID,
            "name": "Echo",
            "category": "Tests",
            "integrationId": "i-1",
            "version": 3,
            "secure": secure,
            "contract": {"input": {"inputSchema": schema}},
            "config": {"request": {"requestTemplate": "r"}, "response": {"successTemplate": "s"}},
        }
        self.bodies: list[bytes] = []
        self.refusal: dict[str, Any] | None = None

    def __call__(self, asked: Asked) -> Reply:
        """Answer list, get and execute."""
        if asked.path == ROOT:
            return Reply(value={"entities": [self.action], "pageCount": 1})
        if asked.path == f"{ROOT}/{ACTION_ID}/execute":
            self.bodies.append(asked.body)
            if self.refusal is not None:
                return Reply(400, self.refusal)
            return Reply(value={"echo": json.loads(asked.body), "flat": asked.query.get("flatten")})
        if asked.path == f"{ROOT}/{ACTION_ID}":
            return Reply(value=self.action)
        return Reply(404, {"code": "not.found", "message": "no"})


@pytest.fixture
def actions(api: FakeApi) -> Actions:
    """A server with one action."""
    api.responder = actions = Actions()
    return actions


def test_list_with_filters(connected: Commands, actions: Actions, api: FakeApi) -> None:
    """Filters of the API go to the server, the integration's is applied here."""
    outcome = connected("action", "list", "--name", "Ec", "--not-secure")
    assert outcome.out.splitlines()[1] == f"{ACTION_ID}\tEcho\tTests\t3\tno"
    assert api.calls[0].query["secure"] == "false"
    assert connected("action", "list", "--integration", "i-2", "--json").document["total"] == 0


@pytest.mark.parametrize("word", [ACTION_ID, "Echo"])
def test_show_by_id_and_name(connected: Commands, actions: Actions, word: str) -> None:
    """The whole action is printed as JSON."""
    text, document = connected("action", "show", word), connected("action", "show", word, "--json")
    assert json.loads(text.out) == document.document["action"] == actions.action


def test_set_reads_values_as_the_contract_says(connected: Commands, actions: Actions) -> None:
    """Numbers and booleans are typed; text stays text; what does not fit is left to the server."""
    outcome = connected(
        "action",
        "execute",
        "Echo",
        "--set",
        "n=5",
        "--set",
        "b=true",
        "--set",
        "s=7=8",
        "--set",
        "x=1",
        "--json",
    )
    assert outcome.document["result"]["echo"] == {"n": 5, "b": True, "s": "7=8", "x": "1"}
    connected("action", "execute", "Echo", "--set", "n=five", "--set", 'b="t"')
    assert json.loads(actions.bodies[1]) == {"n": "five", "b": '"t"'}


def test_input_goes_out_unchanged(api: FakeApi, actions: Actions) -> None:
    """Bytes of a file or of standard input are not re-encoded."""
    outcome = in_a_process(
        "action", "execute", ACTION_ID, "--input", "-", "--flatten", stdin='{"n": 1.10}', **api.environment()
    )
    assert outcome.code == 0
    assert json.loads(outcome.out)["flat"] == "true"
    assert actions.bodies == [b'{"n": 1.10}']


def test_without_inputs_an_empty_object_goes_out(connected: Commands, actions: Actions) -> None:
    """An action without inputs needs no options."""
    assert connected("action", "execute", "Echo").code == 0
    assert actions.bodies == [b"{}"]


def test_a_refusal_quotes_the_sent_text_with_a_caret(
    connected: Commands, actions: Actions, tmp_path: Path
) -> None:
    """The finding's line and column are shown in what the user wrote."""
    actions.refusal = ERROR
    path = tmp_path / "inputs.json"
    path.write_text('{"n": x}')
    text = connected("action", "execute", "Echo", "--input", str(path))
    document = connected("action", "execute", "Echo", "--input", str(path), "--json")
    assert text.code == 1
    lines = text.err.splitlines()
    assert lines[lines.index('            {"n": x}') + 1] == "                  ^"
    assert document.finding["caret"] == '{"n": x}\n      ^'


def test_secure_inputs_stay_off_command_line_and_screen(
    connected: Commands, api: FakeApi, tmp_path: Path
) -> None:
    """--set is refused for a secure action, and a refusal does not quote the inputs."""
    api.responder = actions = Actions(secure=True)
    outcome = connected("action", "execute", "Echo", "--set", "s=hunter22", "--json")
    assert (outcome.code, outcome.finding["code"]) == (3, "ARGUMENT_SECRET")
    actions.refusal = ERROR
    path = tmp_path / "inputs.json"
    path.write_text('{"s": "hunter22"}')
    refused = connected("action", "execute", "Echo", "--input", str(path))
    assert refused.code == 1
    assert "hunter22" not in refused.out + refused.err


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--set", "n=1", "--input", "x"), "USAGE_REFUSED"),
        (("--set", "n"), "USAGE_REFUSED"),
        (("--input", "/no/such/file"), "FILE_UNREADABLE"),
    ],
)
def test_wrong_inputs_exit_3(
    connected: Commands, actions: Actions, arguments: tuple[str, ...], code: str
) -> None:
    """Nothing is executed when the command line is wrong."""
    outcome = connected("action", "execute", "Echo", *arguments, "--json")
    assert (outcome.code, outcome.finding["code"]) == (3, code)
    assert actions.bodies == []


def test_a_file_that_is_not_utf_8_is_named(connected: Commands, actions: Actions, tmp_path: Path) -> None:
    """The byte is told."""
    path = tmp_path / "latin"
    path.write_bytes(b'{"s": "\xe9"}')
    outcome = connected("action", "execute", "Echo", "--input", str(path), "--json")
    assert "byte 7" in outcome.finding["message"]
