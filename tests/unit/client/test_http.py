"""The client against a real HTTP server: token, retries, errors."""

from __future__ import annotations

import base64
import contextlib
import socket
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from jackfield.client.errors import ApiError, LoginError
from jackfield.client.http import Client, RetryPolicy
from jackfield.client.profiles import Flags, resolve
from jackfield.domain.errors import OperationRefused
from jackfield.domain.finding import Finding
from support.fake_api import Asked, FakeApi, Reply

PATH = "/api/v2/integrations"


class Replies:
    """Answers with one reply after the other, then with the last one for ever."""

    def __init__(self, *replies: Reply) -> None:
        self.replies = list(replies)

    def __call__(self, _: Asked) -> Reply:
        """Answer."""
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]


@pytest.fixture
def api() -> Iterator[FakeApi]:
    """A server that answers an empty object."""
    with FakeApi(Replies(Reply(value={}))) as server:
        yield server


class Opened:
    """A client whose pauses are counted instead of waited for."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.pauses: list[float] = []
        self.words: list[str] = []
        self.warnings: list[Finding] = []
        self.client = Client(
            resolve(Flags(), environment),
            sleep=self.pauses.append,
            on_wait=self.words.append,
            on_warnings=self.warnings.extend,
        )


Opening = Callable[..., Opened]


@pytest.fixture
def opening(api: FakeApi) -> Iterator[Opening]:
    """Opens clients of the server, with more variables if wanted, and closes them at the end."""
    with contextlib.ExitStack() as stack:

        def open_one(**environment: str) -> Opened:
            opened = Opened({**api.environment(), **environment})
            stack.callback(opened.client.close)
            return opened

        yield open_one


def test_the_token_is_fetched_once_and_late(opening: Opening, api: FakeApi) -> None:
    """Nothing is sent before the first request; two requests share one token got with Basic credentials."""
    client = opening().client
    assert api.asked == []
    client.request("GET", PATH)
    client.request("GET", PATH)
    assert [item.path for item in api.asked] == ["/oauth/token", PATH, PATH]
    expected = base64.b64encode(b"client-of-the-test:secret-of-the-test").decode()
    assert api.asked[0].headers["authorization"] == f"Basic {expected}"
    assert api.asked[0].body == b"grant_type=client_credentials"
    assert {item.headers["authorization"] for item in api.calls} == {"Bearer token-1"}


def test_a_given_token_is_used_first_and_replaced_after_a_401(opening: Opening, api: FakeApi) -> None:
    """An expired access token leads to one login and one repetition."""
    api.responder = lambda asked: Reply(401 if asked.headers["authorization"] == "Bearer old" else 200, {})
    client = opening(GENESYSCLOUD_ACCESS_TOKEN="old").client
    assert client.request("GET", PATH).status == 200
    assert [item.path for item in api.asked] == [PATH, "/oauth/token", PATH]


def test_a_second_401_is_raised(opening: Opening, api: FakeApi) -> None:
    """A fresh token that is refused too is an error, not a loop."""
    api.responder = Replies(Reply(200, {}), Reply(401, {"code": "bad.credentials", "message": "no"}))
    client = opening().client
    client.request("GET", PATH)
    with pytest.raises(ApiError) as refusal:
        client.request("GET", PATH)
    assert (refusal.value.status, refusal.value.code) == (401, "bad.credentials")
    assert api.tokens == 2


def test_429_waits_as_told_for_every_method(opening: Opening, api: FakeApi) -> None:
    """Retry-After is honoured, also for POST: the server did nothing."""
    api.responder = Replies(Reply(429, {}, {"Retry-After": "3"}), Reply(200, {"done": True}))
    opened = opening()
    assert opened.client.request("POST", PATH, body={}).json() == {"done": True}
    assert opened.pauses == [3.0]
    assert "429" in opened.words[0]


def test_a_very_long_retry_after_is_not_waited_for(opening: Opening, api: FakeApi) -> None:
    """More than three minutes raise the error, with the number of seconds in it."""
    api.responder = Replies(Reply(429, {"code": "too.many.requests"}, {"Retry-After": "181"}))
    opened = opening()
    with pytest.raises(ApiError) as refusal:
        opened.client.request("GET", PATH)
    assert opened.pauses == []
    assert refusal.value.retry_after == 181


@pytest.mark.parametrize("status", [502, 503, 504])
def test_transient_errors_are_repeated_for_idempotent_methods_only(
    opening: Opening, api: FakeApi, status: int
) -> None:
    """GET, PUT and DELETE are sent again with growing pauses; POST and PATCH are not."""
    api.responder = Replies(Reply(status, {}), Reply(status, {}), Reply(200, {}))
    opened = opening()
    assert opened.client.request("PUT", PATH, body={}).status == 200
    assert opened.pauses == [0.5, 1.0]
    for method in ("POST", "PATCH"):
        api.responder = Replies(Reply(status, {}))
        with pytest.raises(ApiError):
            opened.client.request(method, PATH, body={})
    assert len(opened.pauses) == 2


def test_attempts_end(opening: Opening, api: FakeApi) -> None:
    """After five attempts the last answer is the error."""
    api.responder = Replies(Reply(503, {"message": "later"}))
    opened = opening()
    with pytest.raises(ApiError, match="later"):
        opened.client.request("GET", PATH)
    assert len(api.calls) == 5
    assert RetryPolicy().pause(5) is None


def test_a_broken_connection_is_repeated_for_idempotent_methods_only(opening: Opening, api: FakeApi) -> None:
    """A connection that breaks before the answer is tried again for GET; a POST may have been done."""
    api.responder = Replies(Reply(0), Reply(200, {}))
    opened = opening()
    assert opened.client.request("GET", PATH).status == 200
    api.responder = Replies(Reply(0))
    with pytest.raises(OperationRefused) as refusal:
        opened.client.request("POST", PATH, body={})
    assert refusal.value.exit_code == 6


def test_500_and_501_are_not_repeated(opening: Opening, api: FakeApi) -> None:
    """Other errors of the server are raised at once."""
    for status in (500, 501):
        api.responder = Replies(Reply(status, {"code": "x"}))
        opened = opening()
        with pytest.raises(ApiError):
            opened.client.request("GET", PATH)
        assert opened.pauses == []


def test_a_dead_port_is_one_clear_refusal() -> None:
    """Connection refused says where and what to do, and is not repeated."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    environment = {"GENESYSCLOUD_REGION": f"127.0.0.1:{port}", "GENESYSCLOUD_ACCESS_TOKEN": "x"}
    with Client(resolve(Flags(), environment)) as client, pytest.raises(OperationRefused) as refusal:
        client.request("GET", PATH)
    finding = refusal.value.findings[0]
    assert finding.code == "REMOTE_UNREACHABLE"
    assert str(port) in finding.message
    assert "jackfield up" in finding.fix


def test_login_refusals_carry_the_words_of_the_login(opening: Opening, api: FakeApi) -> None:
    """OAuth's error and description are in the message, the secret is not."""
    api.login = Replies(Reply(400, {"error": "invalid_client", "error_description": "authentication failed"}))
    with pytest.raises(LoginError) as refusal:
        opening().client.request("GET", PATH)
    finding = refusal.value.findings[0]
    assert finding.code == "LOGIN_REFUSED"
    assert "invalid_client, authentication failed" in finding.message
    assert "secret-of-the-test" not in str(finding)


def test_nothing_to_log_in_with_names_the_missing_variable(opening: Opening, api: FakeApi) -> None:
    """Without a secret nothing is sent at all."""
    with pytest.raises(LoginError) as refusal:
        opening(GENESYSCLOUD_OAUTHCLIENT_SECRET="").client.request("GET", PATH)
    assert refusal.value.findings[0].code == "LOGIN_UNSET"
    assert "GENESYSCLOUD_OAUTHCLIENT_SECRET" in refusal.value.findings[0].fix
    assert api.asked == []


@pytest.mark.parametrize(
    "reply",
    [Reply(200, b"<html>log in</html>"), Reply(302, b"", {"Location": "/"}), Reply(200, [1])],
)
def test_something_other_than_the_api_is_said_so(opening: Opening, api: FakeApi, reply: Reply) -> None:
    """A login page or a redirect is not taken for an answer."""
    api.responder = Replies(reply)
    with pytest.raises(OperationRefused) as refusal:
        opening().client.request("GET", PATH).object()
    assert refusal.value.findings[0].code == "REMOTE_ANSWER_UNREADABLE"


def test_bytes_go_out_unchanged_and_queries_leave_out_none(opening: Opening, api: FakeApi) -> None:
    """A body given as bytes is not re-encoded; None is no parameter; booleans are lower-case."""
    client = opening().client
    client.request("PUT", PATH, body=b'{"a": 1.10}', query={"x": None, "flatten": True, "n": 2})
    assert api.calls[0].body == b'{"a": 1.10}'
    assert api.calls[0].query == {"flatten": "true", "n": "2"}


def test_warnings_of_a_success_are_handed_on(opening: Opening, api: FakeApi) -> None:
    """The header with findings is read; what is not readable there is left alone."""
    header = '[{"code":"X_Y","pointer":"/version","message":"odd","fix":"mend"}]'
    api.responder = Replies(
        Reply(200, {}, {"Jackfield-Findings": header}), Reply(200, {}, {"Jackfield-Findings": "{"})
    )
    opened = opening()
    opened.client.request("GET", PATH)
    opened.client.request("GET", PATH)
    assert [(item.code, item.place.pointer, item.fix) for item in opened.warnings] == [
        ("X_Y", "/version", "mend")
    ]


def test_requests_go_through_a_proxy_where_one_is_named(opening: Opening, api: FakeApi) -> None:
    """The fake server as proxy sees the absolute address and the proxy's credentials."""
    proxy = api.url.removeprefix("http://").split(":")
    environment = {
        "GENESYSCLOUD_REGION": "http://api.test.invalid",
        "GENESYSCLOUD_ACCESS_TOKEN": "t",
        "GENESYSCLOUD_PROXY_HOST": proxy[0],
        "GENESYSCLOUD_PROXY_PORT": proxy[1],
        "GENESYSCLOUD_PROXY_AUTH_USERNAME": "me",
        "GENESYSCLOUD_PROXY_AUTH_PASSWORD": "pw",
    }
    opening(**environment).client.request("GET", PATH)
    assert api.calls[0].headers["host"] == "api.test.invalid"
    expected = base64.b64encode(b"me:pw").decode()
    assert api.calls[0].headers["proxy-authorization"] == f"Basic {expected}"


def test_a_ca_bundle_that_is_none_is_refused(tmp_path: Path) -> None:
    """A missing or empty bundle is named before anything is sent."""
    empty = tmp_path / "empty.pem"
    empty.write_text("")
    for bundle in (tmp_path / "missing.pem", empty):
        with pytest.raises(OperationRefused) as refusal:
            Client(resolve(Flags(region="eu-west-1", ca_bundle=bundle), {}))
        assert refusal.value.findings[0].place.pointer == "--ca-bundle"
