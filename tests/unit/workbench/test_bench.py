"""Whole tests of actions on the bench."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from jackfield.domain.action import ActionState
from jackfield.domain.credential import CredentialValues
from jackfield.domain.secret import Secret
from jackfield.engine.upstream import InboundReply, OutboundRequest
from jackfield.workbench.bench import Bench, BenchResult, Trial, run
from jackfield.workbench.forms import load
from jackfield.workbench.replies import (
    GivenReplies,
    Occasion,
    Origin,
    Provenance,
    SynthesizedReplies,
    json_reply,
)
from jackfield.workbench.trace import (
    AUTHENTICATION,
    BODY,
    CALL,
    HEADERS,
    TRANSLATION,
    URL,
    failed_step,
    operation,
)
from support.sample_actions import DEFECTS, PLATFORM, TEXT, WHOLE_ACTIONS, document, exported, login

SAMPLES = (
    sorted(Path(os.environ["JACKFIELD_SAMPLES"]).glob("*.json")) if "JACKFIELD_SAMPLES" in os.environ else []
)


class Noted:
    """A source that answers always the same and keeps what was sent."""

    def __init__(self, *replies: InboundReply) -> None:
        self.replies = list(replies)
        self.requests: list[OutboundRequest] = []

    @property
    def provenance(self) -> Provenance:
        """As if it were live."""
        return Provenance(Origin.LIVE)

    def begin(self, occasion: Occasion) -> None:
        """Nothing to do."""

    async def send(self, request: OutboundRequest, *, deadline: float) -> InboundReply:
        """Return the next reply."""
        assert deadline > 0
        self.requests.append(request)
        return self.replies[min(len(self.requests), len(self.replies)) - 1]

    async def aclose(self) -> None:
        """Nothing to do."""


def answer(value: Any, status: int = 200) -> InboundReply:
    """Return a reply with a JSON body."""
    return InboundReply(status, "", (("content-type", "application/json"),), json.dumps(value).encode())


def shown(result: BenchResult, name: str) -> Any:
    """Return what the trace shows of a step."""
    step = operation(result.result, name)
    assert step is not None
    return step.result


@pytest.mark.parametrize("name", WHOLE_ACTIONS)
def test_every_construct_completes_with_everything_made_up(tmp_path: Path, name: str) -> None:
    """All steps succeed, and what was made up is said."""
    result = run(Trial(document(tmp_path, WHOLE_ACTIONS[name]), SynthesizedReplies(), flatten=True))
    assert result.success, result.findings
    assert len(result.result.operations) == 12
    assert "reply" in result.made_up


@pytest.mark.parametrize("name", DEFECTS)
def test_a_genuine_defect_is_named(tmp_path: Path, name: str) -> None:
    """The run ends in the step of the defect, with its finding in the author's file."""
    action, code, step = DEFECTS[name]
    result = run(Trial(document(tmp_path, action), SynthesizedReplies()))
    failed = failed_step(result.result)
    assert failed is not None
    assert (failed.step, result.findings[0].code) == (step, code)
    assert result.findings[0].place.file.endswith("action.custom.json")
    assert result.findings[0].place.line is not None


@pytest.mark.parametrize(
    "action", [*WHOLE_ACTIONS.values(), *(one for one, _, _ in DEFECTS.values()), *SAMPLES]
)
def test_actions_complete_or_name_their_defect(tmp_path: Path, action: dict[str, Any] | Path) -> None:
    """It holds for our own actions, and for published ones where JACKFIELD_SAMPLES names their folder."""
    documents = load(action) if isinstance(action, Path) else (document(tmp_path, action),)
    for one in documents:
        result = run(Trial(one, SynthesizedReplies()))
        if not result.success:
            assert result.findings[0].place.line is not None, result.findings
            assert result.findings[0].fix


def test_the_caret_stands_in_the_authors_file(tmp_path: Path) -> None:
    """A fault of a template has file, line and column of the exported file, and the template's own caret."""
    action, *_ = DEFECTS["a variable misspelt"]
    place = run(Trial(document(tmp_path, action), SynthesizedReplies())).findings[0].place
    text = (tmp_path / "action.custom.json").read_text()
    assert place.line is not None
    assert place.column is not None
    assert text.splitlines()[place.line - 1][place.column - 1 :].startswith("${Presences}")
    assert place.caret() == '{"p": ${Presences}}\n      ' + "^" * place.width


def test_given_inputs_are_used_as_they_are(tmp_path: Path) -> None:
    """Nothing is made up where something is given, and the caller's own text is the raw request."""
    action = exported("https://s.example.com/", "POST", inputs={"a": TEXT})
    noted = Noted(answer({"ok": True}))
    result = run(Trial(document(tmp_path, action), noted, {"a": "b"}, raw_request='{ "a":"b"}'))
    assert noted.requests[0].body == b'{ "a":"b"}'
    assert result.made_up == ()
    assert result.value == {"ok": True}


def test_an_input_that_is_no_object(tmp_path: Path) -> None:
    """The first step refuses it, as on the server."""
    result = run(
        Trial(document(tmp_path, exported("https://s.example.com/")), SynthesizedReplies(), raw_request="[1]")
    )
    assert [one.code for one in result.findings] == ["INPUT_NOT_OBJECT"]
    assert len(result.result.operations) == 1


def test_a_violated_contract_points_at_the_contract(tmp_path: Path) -> None:
    """The finding has the value's pointer, and the line of the property in the file."""
    action = exported("https://s.example.com/", inputs={"a": TEXT})
    result = run(Trial(document(tmp_path, action), SynthesizedReplies(), {"a": 1}))
    place = result.findings[0].place
    assert (result.findings[0].code, place.pointer) == ("INPUT_INVALID", "/a")
    assert place.line is not None
    assert '"a"' in (tmp_path / "action.custom.json").read_text().splitlines()[place.line - 1]


def test_the_second_step_names_the_state(tmp_path: Path) -> None:
    """A published action is tested as one if that is asked for."""
    one = document(tmp_path, exported("https://s.example.com/"))
    published = run(Trial(one, SynthesizedReplies(), state=ActionState.PUBLISHED))
    assert published.result.operations[1].name == "Validate action definition"
    assert run(Trial(one, SynthesizedReplies())).result.operations[1].name == "Validate draft definition"


def test_basic_authentication_is_the_engines_own(tmp_path: Path) -> None:
    """The header goes out with the real value and shows its scheme only."""
    credentials = CredentialValues(
        "c", "basicAuth", {"userName": Secret("anna"), "password": Secret("s3cret")}
    )
    noted = Noted(answer({}))
    action = document(tmp_path, exported("https://s.example.com/"))
    result = run(Trial(action, noted, {}, credentials=credentials))
    assert dict(noted.requests[0].headers)["Authorization"] == "Basic YW5uYTpzM2NyZXQ="
    assert shown(result, HEADERS)["Authorization"] == "Basic ********"
    assert shown(result, AUTHENTICATION) == {"type": "basicAuth", "fields": ["password", "userName"]}


def test_given_credentials_are_masked_everywhere(tmp_path: Path) -> None:
    """The service gets the secret, no part of the result has it."""
    action = exported("https://s.example.com/?k=${credentials.key}", headers={"x": "${credentials.key}"})
    noted = Noted(answer({"echo": "topsecretvalue"}))
    credentials = CredentialValues("c", "userDefined", {"key": Secret("topsecretvalue")})
    result = run(Trial(document(tmp_path, action), noted, {}, credentials=credentials))
    assert "topsecretvalue" in noted.requests[0].target.path
    assert "topsecretvalue" not in repr(result)


def test_the_login_is_run_first(tmp_path: Path) -> None:
    """Its result is `authResponse`; its token is masked; its own steps are there."""
    first, then = Noted(answer({"access_token": "token-of-the-service"})), Noted(answer({"name": "Anna"}))
    trial = Trial(
        document(tmp_path, WHOLE_ACTIONS["with a login"]),
        then,
        {"id": "7"},
        login=document(tmp_path, login(), "login"),
        login_replies=first,
    )
    result = run(trial)
    assert result.success
    assert dict(then.requests[0].headers)["Authorization"] == "Bearer token-of-the-service"
    assert result.login is not None
    assert len(result.login.result.operations) == 11
    assert shown(result, AUTHENTICATION)["authentication"] == "executed"
    assert "token-of-the-service" not in repr(result.result)


def test_a_login_that_fails_ends_the_fourth_step(tmp_path: Path) -> None:
    """Nothing is sent; the finding names the login's own step."""
    then = Noted(answer({}))
    trial = Trial(
        document(tmp_path, WHOLE_ACTIONS["with a login"]),
        then,
        {"id": "7"},
        login=document(tmp_path, login(), "login"),
        login_replies=Noted(answer({"error": "invalid_client"}, 401)),
    )
    result = run(trial)
    assert [(one.step, one.success) for one in result.result.operations][-1] == (4, False)
    assert result.findings[0].code == "BENCH_LOGIN_FAILED"
    assert result.result.error is not None
    assert result.result.error.detail == "ACTION.AUTHENTICATION"
    assert result.login is not None
    assert result.login.result.remote_status == 401
    assert result.provenance is None
    assert then.requests == []


def test_a_login_that_is_not_there_is_simulated(tmp_path: Path) -> None:
    """What templates name of it is made up, and said to be."""
    result = run(Trial(document(tmp_path, WHOLE_ACTIONS["with a login"]), SynthesizedReplies()))
    assert "login" in result.made_up
    assert shown(result, AUTHENTICATION)["authentication"] == "simulated"


def test_a_token_of_the_platform_is_fetched(tmp_path: Path) -> None:
    """With an address, the client's id and secret get a token, which the action's request carries."""
    noted = Noted(answer({"access_token": "a-real-token"}), answer({"name": "me"}))
    client = CredentialValues(
        "c", "pureCloudOAuthClient", {"clientId": Secret("id-1"), "clientSecret": Secret("sec")}
    )
    trial = Trial(
        document(tmp_path, exported("/api/v2/users/me", kind=PLATFORM)),
        noted,
        {},
        credentials=client,
        platform="https://api.example.com",
        fetch_token=True,
    )
    result = run(trial)
    login_request, request = noted.requests
    assert login_request.target.host == "login.example.com"
    assert login_request.body == b"grant_type=client_credentials"
    assert dict(request.headers)["Authorization"] == "Bearer a-real-token"
    assert (request.target.host, request.target.path) == ("api.example.com", "/api/v2/users/me")
    assert shown(result, AUTHENTICATION)["authentication"] == "executed"
    assert "a-real-token" not in repr(result.result)


@pytest.mark.parametrize("reply", [answer({"error": "no"}, 401), answer([]), InboundReply(200, "", (), b"<")])
def test_a_platform_without_a_token(tmp_path: Path, reply: InboundReply) -> None:
    """The fourth step fails and names the host."""
    trial = Trial(
        document(tmp_path, exported("/api/v2/users/me", kind=PLATFORM)),
        Noted(reply),
        {},
        platform="https://api.example.com",
        fetch_token=True,
    )
    result = run(trial)
    assert [one.code for one in result.findings] == ["BENCH_LOGIN_REFUSED"]
    assert "login.example.com" in result.findings[0].message


def test_functions_are_invoked_at_a_local_address(tmp_path: Path) -> None:
    """The URL template names the function; the request is the emulators' own."""
    noted = Noted(answer({"id": "1"}))
    run(Trial(document(tmp_path, WHOLE_ACTIONS["lambda"]), noted, {"start": "now"}))
    target = noted.requests[0].target
    assert (target.host, target.port) == ("127.0.0.1", 3001)
    assert target.path == (
        "/2015-03-31/functions/arn%3Aaws%3Alambda%3Aeu-west-1%3A123456789012%3Afunction%3Abook/invocations"
    )
    assert noted.requests[0].method == "POST"


def test_actions_of_the_platform_do_not_see_credentials(tmp_path: Path) -> None:
    """`credentials` is not set for them, as in the cloud."""
    action = exported("/api/v2/x?a=${credentials.clientId}", kind=PLATFORM)
    result = run(Trial(document(tmp_path, action), SynthesizedReplies()))
    assert [one.code for one in result.findings] == ["TEMPLATE_VARIABLE_UNSET"]


def test_how_each_variable_came_to_its_value(tmp_path: Path) -> None:
    """Found, null, default, empty list and not set are told apart, with path, value and type."""
    action = exported(
        "https://s.example.com/",
        paths={"a": "$.a", "n": "$.n", "d": "$.d", "e": "$.l[*].x", "u": "$.u"},
        defaults={"n": '"never"', "d": '"none"'},
        success="{}",
    )
    replies = GivenReplies(json_reply({"a": 1, "n": None, "l": []}))
    rows = run(Trial(document(tmp_path, action), replies, {})).translation
    assert [(row.name, row.outcome.name, row.value, row.type) for row in rows] == [
        ("a", "FOUND", "1", "integer"),
        ("n", "NULL", "null", "null"),
        ("d", "DEFAULT", '"none"', "string"),
        ("e", "EMPTY", "[]", "array"),
        ("u", "UNSET", None, "not set"),
    ]


def test_the_flat_form_is_always_there(tmp_path: Path) -> None:
    """What Architect reads is shown beside the result, without asking for it."""
    outputs = {"c": {"type": "object", "properties": {"id": TEXT}}}
    action = exported("https://s.example.com/", outputs=outputs)
    result = run(Trial(document(tmp_path, action), GivenReplies(json_reply({"c": {"id": "1"}})), {}))
    assert (result.value, result.flattened) == ({"c": {"id": "1"}}, {"c.id": "1"})


def test_one_bench_runs_many_tests(tmp_path: Path) -> None:
    """What one test had, such as its login and its replies, is not there in the next."""
    with Bench() as bench:
        first = bench.run(
            Trial(document(tmp_path, WHOLE_ACTIONS["passes everything through"], "a"), SynthesizedReplies())
        )
        plain = exported("https://s.example.com/", "POST")
        then = bench.run(Trial(document(tmp_path, plain, "b"), SynthesizedReplies()))
    assert "Authorization" in shown(first, HEADERS)
    assert "Authorization" not in shown(then, HEADERS)
    assert shown(then, URL) == "https://s.example.com/"
    assert shown(then, BODY) == "{}"
    assert shown(then, CALL)["status"] == 200
    assert shown(then, TRANSLATION) == {}


@pytest.mark.parametrize(
    ("input_name", "words"),
    [
        ("usrId", "Write `userId` instead of `usrId`: the contract has no input `usrId`."),
        ("zebra", "Add `zebra` to the input contract"),
        ("userId", "Write `$!` instead of `$`"),
    ],
)
def test_an_input_that_the_contract_does_not_have(tmp_path: Path, input_name: str, words: str) -> None:
    """What prints its own reference because it is misspelt is told so; a value that is missing is not."""
    url = f"https://s.example.com/?u=${{input.{input_name}}}"
    action = document(tmp_path, exported(url, inputs={"userId": TEXT}))
    result = run(Trial(action, SynthesizedReplies(), inputs={}))
    (warning,) = (one for one in result.findings if one.code == "NULL_PRINTED")
    assert warning.fix.startswith(words)


def test_quotes_around_a_list(tmp_path: Path) -> None:
    """The fix names the variable, and how to make a text of it."""
    action = exported("https://s.example.com/", paths={"ids": "$.x[*].id"}, success='{"ids": "${ids}"}')
    result = run(Trial(document(tmp_path, action), GivenReplies(json_reply({"x": [{"id": "a"}]}))))
    assert result.findings[0].code == "OUTPUT_NOT_JSON"
    assert result.findings[0].fix.startswith("Write ${ids} without quotes around it: its value is a list.")
