"""Actions on the platform: their address, their token, and the count of calls of the server to itself."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from jackfield.domain.credential import CredentialValues
from jackfield.domain.errors import NotImplementedHere
from jackfield.domain.run import Run, RunMode, RunResult
from jackfield.domain.secret import Secret
from jackfield.engine.pipeline import Engine
from jackfield.engine.platform import Platform, expiry
from jackfield.engine.upstream import Fault, InboundReply, UpstreamFailure
from support.runs import (
    CannedUpstream,
    WallClock,
    codes,
    json_reply,
    make_action,
    make_run,
    operation,
    text_reply,
    warning_codes,
)

TOKEN = json_reply({"access_token": "token-of-the-platform", "expires_in": 86400})
CLIENT = CredentialValues(
    "c", "pureCloudOAuthClient", {"clientId": Secret("the-client"), "clientSecret": Secret("the-secret")}
)


def platform_run(url: str = "/api/v2/users/${input.id}", **changes: Any) -> Run:
    """Return a run of an action on the platform."""
    run = make_run(make_action(url, headers=changes.pop("headers", None)), {"id": "7"}, credentials=CLIENT)
    return replace(run, engine="genesys-cloud", **changes)


def run_all(upstream: CannedUpstream, *runs: Run, stubbed: bool = False) -> list[RunResult]:
    """Run actions one after the other with the same engine."""

    async def scenario() -> list[RunResult]:
        platform = Platform(
            "https://api.platform.example", "https://login.platform.example", upstream, stubbed
        )
        engine = Engine(CannedUpstream(), WallClock(), platform=platform)
        results = [await engine.run(run) for run in runs]
        await engine.aclose()
        return results

    return asyncio.run(scenario())


def run_one(*answers: InboundReply | UpstreamFailure, **changes: Any) -> RunResult:
    """Run one action on the platform against canned answers."""
    return run_all(CannedUpstream(*answers), platform_run(**changes))[0]


def test_a_relative_url_and_a_token() -> None:
    """The path goes to the API's address with a token of the client credentials grant, which is kept."""
    upstream = CannedUpstream(TOKEN, json_reply({"name": "Anna"}))
    first, second = run_all(upstream, platform_run(), platform_run())
    assert first.success
    assert second.success
    login, call, again = upstream.requests
    assert (login.target.host, login.target.path) == ("login.platform.example", "/oauth/token")
    assert login.body == b"grant_type=client_credentials"
    assert dict(login.headers)["Authorization"] == "Basic dGhlLWNsaWVudDp0aGUtc2VjcmV0"
    assert (call.target.host, call.target.path) == ("api.platform.example", "/api/v2/users/7")
    assert dict(call.headers)["Authorization"] == "Bearer token-of-the-platform"
    assert again.headers == call.headers
    assert "token-of-the-platform" not in repr(first)
    assert operation(first, "authentication").result["login"] == "made"
    assert operation(second, "authentication").result["login"] == "kept"


def test_a_refused_token_is_renewed_once() -> None:
    """401 to a kept token: another login, another call."""
    upstream = CannedUpstream(
        TOKEN,
        json_reply({"n": 1}),
        json_reply({"message": "expired"}, 401),
        json_reply({"access_token": "another-token"}),
        json_reply({"n": 2}),
    )
    _, second = run_all(upstream, platform_run(), platform_run())
    assert second.success
    assert second.final_result == '{"n":2}'
    assert dict(upstream.last.headers)["Authorization"] == "Bearer another-token"


@pytest.mark.parametrize(
    "url", ["https://evil.example/api/v2/x", "//evil.example/api/v2/", "/oauth/token", "api/v2/users", ""]
)
def test_the_token_goes_to_the_platform_alone(url: str) -> None:
    """Anything but a path of the API is refused and no call is made."""
    upstream = CannedUpstream(TOKEN)
    (result,) = run_all(upstream, platform_run(url or "${input.none}"))
    assert codes(result) in (["PLATFORM_URL_REFUSED"], ["ACTION_DEFINITION_INVALID"])
    assert all(request.target.path == "/oauth/token" for request in upstream.requests)


def test_five_calls_in_a_row_are_the_most() -> None:
    """The fifth call carries its number; the sixth is not made."""
    upstream = CannedUpstream(TOKEN, json_reply({}))
    (fifth,) = run_all(upstream, platform_run(hops=4, headers={"jackfield-hops": "0"}))
    assert fifth.success
    assert [value for name, value in upstream.last.headers if name.lower() == "jackfield-hops"] == ["5"]
    assert warning_codes(fifth) == ["HEADER_LEFT_OUT"]
    assert codes(run_one(TOKEN, json_reply({}), hops=5)) == ["PLATFORM_HOPS"]


def test_an_author_s_own_authorization_is_replaced() -> None:
    """The engine adds the token; what the author wrote is left out, with a warning."""
    result = run_one(TOKEN, json_reply({}), headers={"Authorization": "Bearer mine"})
    assert warning_codes(result) == ["AUTHORIZATION_REPLACED"]
    assert "pureCloudOAuthClient" in result.warnings[0].message


def test_without_a_platform_or_a_client() -> None:
    """No platform is 501, no OAuth client is the failure of step 4."""
    with pytest.raises(NotImplementedHere) as caught:
        asyncio.run(Engine(CannedUpstream(), WallClock()).run(platform_run()))
    assert caught.value.findings[0].code == "PLATFORM_UNSET"
    (result,) = run_all(CannedUpstream(), replace(platform_run(), credentials=None))
    assert codes(result) == ["PLATFORM_CREDENTIAL_MISSING"]
    assert result.error is not None
    assert result.error.detail == "ACTION.AUTHENTICATION"


@pytest.mark.parametrize(
    ("answer", "code", "status"),
    [
        (json_reply({"error": "invalid_client"}, 400), "ACTION_LOGIN_REFUSED", 400),
        (text_reply(b"<html>"), "ACTION_LOGIN_REFUSED", 400),
        (json_reply({"token": "under-another-name"}), "ACTION_LOGIN_REFUSED", 400),
        (UpstreamFailure(Fault.TIMEOUT, phase="the reply was awaited"), "ACTION_LOGIN_TIMEOUT", 408),
        (UpstreamFailure(Fault.REFUSED, "Connection refused"), "ACTION_LOGIN_FAILED", 500),
    ],
)
def test_logins_that_fail(answer: InboundReply | UpstreamFailure, code: str, status: int) -> None:
    """Each way to fail is an error of the class ACTION.AUTHENTICATION, and nothing of a 200 is shown."""
    result = run_one(answer)
    assert codes(result) == [code]
    assert result.error is not None
    assert (result.error.status, result.error.detail) == (status, "ACTION.AUTHENTICATION")
    assert "under-another-name" not in repr(result.error.nested)


def test_the_reply_of_a_refused_login() -> None:
    """Test mode shows it without the secret, execute mode does not."""
    answer = json_reply({"error": "the-secret is wrong"}, 400)
    shown = run_one(answer).error
    hidden = run_one(answer, mode=RunMode.EXECUTE).error
    assert shown is not None
    assert hidden is not None
    assert "Response from web service: " in shown.nested
    assert "is wrong" in shown.nested
    assert "the-secret" not in shown.nested
    assert "is wrong" not in hidden.nested
    assert "test mode" in hidden.nested


def test_stubs_need_no_token() -> None:
    """Replies out of files are asked without a login; the trace says that the token is made up."""
    upstream = CannedUpstream(json_reply({"name": "stub"}))
    (result,) = run_all(upstream, platform_run(), stubbed=True)
    assert result.success
    assert len(upstream.requests) == 1
    assert operation(result, "authentication").result["login"] == "made up"


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (100, 90.0),
        ("100", 90.0),
        (0, None),
        (-5, None),
        (True, None),
        ("soon", None),
        (None, None),
        (1e300, None),
    ],
)
def test_when_a_login_goes_stale(value: object, seconds: float | None) -> None:
    """A tenth before the end that `expires_in` tells; never, if it tells none."""
    assert expiry({"expires_in": value}, 1000.0) == (None if seconds is None else 1000.0 + seconds)
