"""Logins by an integration's auth action, seen from the engine."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from jackfield.domain.action import Action
from jackfield.domain.credential import CredentialValues
from jackfield.domain.run import Run, RunMode, RunResult
from jackfield.domain.secret import Secret
from jackfield.engine.upstream import InboundReply
from support.runs import (
    CannedUpstream,
    codes,
    json_reply,
    make_action,
    make_engine,
    make_run,
    operation,
    text_reply,
)

CREDENTIAL = CredentialValues("c", "userDefinedOAuth", {"key": Secret("key-of-the-service")})


def auth_action(url: str = "https://login.example/token?key=${credentials.key}") -> Action:
    """Return an auth action."""
    return replace(make_action(url, "POST"), id="customAuth_-_int-1", name="The login")


def oauth_run(login: Action | None, mode: RunMode = RunMode.TEST) -> Run:
    """Return a run that uses the login's answer."""
    action = make_action("https://api.example/x", headers={"X-Token": "${authResponse.token}"})
    return replace(make_run(action, {}, credentials=CREDENTIAL, mode=mode), login=login)


def run_with(login: Action | None, *answers: InboundReply, mode: RunMode = RunMode.TEST) -> RunResult:
    """Run it against canned answers."""
    return asyncio.run(make_engine(CannedUpstream(*answers)).run(oauth_run(login, mode)))


def test_the_answer_is_what_templates_see() -> None:
    """The auth action runs first, with the credential's fields; its result fills the header."""
    upstream = CannedUpstream(json_reply({"token": "token-of-the-login"}), json_reply({"ok": True}))
    result = asyncio.run(make_engine(upstream).run(oauth_run(auth_action())))
    assert result.success
    assert upstream.requests[0].target.path == "/token?key=key-of-the-service"
    assert ("X-Token", "token-of-the-login") in upstream.last.headers
    assert operation(result, "header").result["X-Token"] == "********"


def test_an_integration_without_its_auth_action() -> None:
    """It may be late: the fourth step fails and says so."""
    result = run_with(None)
    assert codes(result) == ["AUTH_ACTION_MISSING"]
    assert result.operations[-1].name == "Perform authentication"


def test_a_result_that_is_no_object() -> None:
    """Names cannot be reached in it."""
    assert codes(run_with(auth_action(), json_reply(["token"]))) == ["ACTION_LOGIN_NOT_OBJECT"]


def test_the_auth_action_s_own_fault() -> None:
    """A template of the auth action that fails is shown with its place, after what it means."""
    result = run_with(auth_action("https://login.example/${credential.key}"))
    assert codes(result) == ["ACTION_LOGIN_FAILED", "TEMPLATE_VARIABLE_UNSET"]
    assert result.error is not None
    assert "Resolve request URL template" in result.error.findings[0].message
    assert result.error.findings[1].place.pointer == "/config/request/requestUrlTemplate"


@pytest.mark.parametrize("mode", list(RunMode))
def test_what_is_no_json_is_not_shown(mode: RunMode) -> None:
    """It may hold a token in another form, so not even test mode shows it."""
    result = run_with(auth_action(), text_reply(b"token=token-in-a-form", "text/plain"), mode=mode)
    assert codes(result)[0] == "ACTION_LOGIN_FAILED"
    assert "token-in-a-form" not in repr([result, result.error and result.error.nested])


def test_a_login_that_was_given() -> None:
    """A login made elsewhere is used as it is, and none is made."""
    engine = make_engine(CannedUpstream(json_reply({"token": "token-of-the-login"})))
    upstream = CannedUpstream(json_reply({"ok": True}))

    async def scenario() -> RunResult:
        made = await engine.run_login(make_run(auth_action(), {}, credentials=CREDENTIAL))
        return await make_engine(upstream).run(replace(oauth_run(None), given=made.login))

    assert asyncio.run(scenario()).success
    assert len(upstream.requests) == 1
    assert ("X-Token", "token-of-the-login") in upstream.last.headers


def test_without_a_login_its_answer_is_not_set() -> None:
    """The finding says which credential would set it."""
    result = asyncio.run(make_engine(CannedUpstream()).run(replace(oauth_run(None), credentials=None)))
    assert codes(result) == ["TEMPLATE_VARIABLE_UNSET"]
    assert result.error is not None
    assert "userDefinedOAuth" in result.error.findings[0].fix
