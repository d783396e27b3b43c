"""The application over stand-ins: routing, gate, headers, errors, repeats."""

from __future__ import annotations

import asyncio
import gzip
import json
from dataclasses import replace
from typing import Any

import pytest
from starlette.types import Message

from jackfield.api.options import Bounds
from jackfield.api.routes import HANDLERS
from jackfield.domain.catalogue import found
from jackfield.domain.errors import LimitReached, Unavailable
from jackfield.services.outcome import Outcome
from support.asgi import Reply, ask, exchange, scope_of
from support.stand_ins import CATALOG, options, wire

ROOT = "/api/v2/integrations"
EXECUTE = f"{ROOT}/actions/custom_-_1/execute"


def in_envelope(reply: Reply, status: int, code: str) -> dict[str, Any]:
    """Check that a reply is an ErrorBody; return its first nested error."""
    body = reply.json
    assert (reply.status, body["status"], body["code"]) == (status, status, code)
    assert body["contextId"] == reply.headers["inin-correlation-id"]
    assert reply.headers["content-type"] == "application/json"
    nested: dict[str, Any] = body["errors"][0]
    return nested


def test_headers_on_every_answer() -> None:
    """Success, refusal, no content and pages carry correlation id and no-cache headers."""
    application = wire().application
    replies = [
        ask(application, "GET", f"{ROOT}/int-1"),
        ask(application, "GET", "/nowhere"),
        ask(application, "DELETE", f"{ROOT}/credentials/cred-1"),
        ask(application, "GET", "/health", token=None),
        ask(application, "GET", f"{ROOT}/int-1", token=None),
        ask(application, "OPTIONS", f"{ROOT}/int-1", token=None),
    ]
    assert [reply.status for reply in replies] == [200, 404, 204, 200, 401, 204]
    for reply in replies:
        assert reply.headers["cache-control"] == "no-cache, no-store, must-revalidate"
        assert (reply.headers["pragma"], reply.headers["expires"]) == ("no-cache", "0")
    assert len({reply.headers["inin-correlation-id"] for reply in replies}) == len(replies)


def test_no_content_has_no_content() -> None:
    """204 has neither body nor length nor type."""
    reply = ask(wire().application, "DELETE", f"{ROOT}/actions/custom_-_1")
    assert (reply.status, reply.body) == (204, b"")
    assert not {"content-type", "content-length"} & set(reply.headers)


@pytest.mark.parametrize("route", CATALOG.routes, ids=lambda route: f"{route.method} {route.path}")
def test_every_route_of_the_catalog(route: Any) -> None:
    """Each route is guarded; with permission it is answered or says 501 and its name."""
    application = wire().application
    target = "/".join("x" if part.startswith("{") else part for part in route.path.split("/"))
    body = {} if route.request_model else b""
    if route.public:
        assert ask(application, route.method, target, body, token=None).status == route.success
        return
    in_envelope(ask(application, route.method, target, body, token=None), 401, "authentication.required")
    in_envelope(ask(application, route.method, target, body, token="other"), 401, "bad.credentials")
    allowed = ask(application, route.method, target, body)
    if route.operation_id in HANDLERS:
        assert allowed.status in (route.success, 404), allowed.body
    else:
        finding = in_envelope(allowed, 501, "not.implemented")
        assert route.path in finding["message"]
    if route.permissions and "integrations:integration:view" not in route.permissions:
        refused = in_envelope(
            ask(application, route.method, target, body, token="reader"), 403, "missing.permissions"
        )
        assert route.permissions[0] in refused["message"]


def test_wrong_methods() -> None:
    """405 lists what is allowed, in the header and in words."""
    reply = ask(wire().application, "PUT", f"{ROOT}/int-1")
    finding = in_envelope(reply, 405, "method.not.allowed")
    assert reply.headers["allow"] == "DELETE, GET, HEAD, OPTIONS, PATCH"
    assert "PATCH" in finding["messageParams"]["fix"]


def test_unknown_paths() -> None:
    """404 names the nearest route."""
    finding = in_envelope(ask(wire().application, "GET", f"{ROOT}/credential/types"), 404, "not.found")
    assert f"{ROOT}/credentials/types" in finding["message"]


@pytest.mark.parametrize("prefix", ["/", "/gateway", "/a/b"])
def test_prefixes(prefix: str) -> None:
    """A doubled slash or a gateway's prefix changes nothing, links included."""
    application = wire().application
    assert ask(application, "GET", f"{prefix}{ROOT}").body == ask(application, "GET", ROOT).body


def test_head_is_get() -> None:
    """HEAD is judged and answered like GET; the server leaves the body out."""
    application = wire().application
    assert ask(application, "HEAD", f"{ROOT}/int-1").status == 200
    in_envelope(ask(application, "HEAD", f"{ROOT}/int-2"), 404, "not.found")


def test_cross_origin() -> None:
    """A preflight needs no token; with an origin every answer may be read, once each header."""
    application = wire().application
    origin = {"Origin": "https://app.example", "Access-Control-Request-Method": "PUT"}
    preflight = ask(application, "OPTIONS", f"{ROOT}/int-1/config/current", headers=origin, token=None)
    assert preflight.status == 204
    assert preflight.headers["access-control-allow-origin"] == "*"
    assert "PUT" in preflight.headers["access-control-allow-methods"]
    assert "purecloud-sdk" in preflight.headers["access-control-allow-headers"]
    refused = ask(application, "GET", f"{ROOT}/int-1", headers=origin, token=None)
    assert "ININ-Correlation-Id" in refused.headers["access-control-expose-headers"]
    assert "access-control-allow-origin" not in ask(application, "GET", ROOT).headers


def test_only_named_origins() -> None:
    """Where origins are named, others get nothing that would let a page read the answer."""
    application = wire(origins=frozenset((b"https://good.example",))).application
    good = ask(application, "GET", f"{ROOT}/types", headers={"Origin": "https://good.example"})
    assert good.headers["access-control-allow-origin"] == "https://good.example"
    assert "ININ-Correlation-Id" in good.headers["access-control-expose-headers"]
    for origin in ("https://evil.example", "https://good.example.evil.example", "null"):
        for method in ("GET", "OPTIONS"):
            reply = ask(application, method, f"{ROOT}/types", headers={"Origin": origin})
            assert "access-control-allow-origin" not in reply.headers


@pytest.mark.parametrize(
    ("accepted", "packed"),
    [
        ("gzip", True),
        ("br, GZIP;q=0.5", True),
        ("", False),
        ("identity", False),
        ("gzip;q=0", False),
        ("gzip; q=0.0, br", False),
    ],
)
def test_large_answers_are_packed(accepted: str, packed: bool) -> None:
    """With gzip, where the caller takes it; small ones never are."""
    application = wire().application
    sent = {"Accept-Encoding": accepted} if accepted else {}
    large = ask(application, "GET", f"{ROOT}/types?pageSize=100", headers=sent)
    assert large.headers["vary"] == "Accept-Encoding"
    assert (large.headers.get("content-encoding") == "gzip") is packed
    assert int(large.headers["content-length"]) == len(large.body)
    text = gzip.decompress(large.body) if packed else large.body
    assert json.loads(text)["entities"]
    small = ask(application, "GET", "/health", headers=sent, token=None)
    assert "content-encoding" not in small.headers


def test_a_request_that_takes_too_long() -> None:
    """It is 504 after the request's time; a run of an action has its own."""
    made = wire(bounds=Bounds(request_seconds=0.02))

    async def stalled(*_: Any, **__: Any) -> None:
        await asyncio.sleep(30)

    made.integrations.get = stalled  # type: ignore[method-assign, assignment]
    reply = ask(made.application, "GET", f"{ROOT}/i-1")
    assert in_envelope(reply, 504, "request.timeout")["code"] == "REQUEST_TOO_LONG"


def test_execute_answers_the_result_as_it_is() -> None:
    """The result's bytes are the answer's bytes, with and without a query."""
    over = wire()
    over.execution.result = b'{ "n": 1.50 }'
    for target in (EXECUTE, f"{EXECUTE}?flatten=false"):
        reply = ask(over.application, "POST", target, b'{"a": 1}')
        assert (reply.status, reply.body) == (200, b'{ "n": 1.50 }')
    ask(over.application, "POST", f"{EXECUTE}?flatten=true", [b'{"a"', b": 1}"])
    assert over.execution.calls == [
        ("execute", "custom_-_1", b'{"a": 1}', False),
        ("execute", "custom_-_1", b'{"a": 1}', False),
        ("execute", "custom_-_1", b'{"a": 1}', True),
    ]


def test_body_over_the_limit() -> None:
    """413 before and after the body came, announced or not; the words clients look for are there."""
    over = wire(bounds=Bounds(body_bytes=10))
    for headers in ({"Content-Length": "11"}, {}):
        for body in (b'{"a":"bcd"}', [b'{"a":', b'"bcd"}']):
            finding = in_envelope(
                ask(over.application, "POST", EXECUTE, body, headers), 413, "request.entity.too.large"
            )
            assert "Maximum bytes" in finding["message"]
    assert over.execution.calls == []


def test_body_that_never_comes() -> None:
    """A body that stalls is 408, and the connection ends."""
    over = wire(bounds=Bounds(body_seconds=0.05))
    sent: list[Message] = []

    async def stalled() -> Message:
        await asyncio.sleep(60)
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = scope_of("POST", EXECUTE, {"Authorization": "Bearer good"})
    asyncio.run(over.application(scope, stalled, send))
    assert sent[0]["status"] == 408
    assert (b"connection", b"close") in sent[0]["headers"]


def test_client_that_went_away() -> None:
    """Nobody to answer, nothing executed, no fault."""
    over = wire()
    sent: list[Message] = []

    async def gone() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = scope_of("POST", EXECUTE, {"Authorization": "Bearer good"})
    asyncio.run(over.application(scope, gone, send))
    assert (sent, over.execution.calls) == ([], [])


def test_cancelled_requests_answer_503() -> None:
    """A request that the shutdown cancels still gets its answer."""
    over = wire()
    over.execution.waits = lambda: asyncio.sleep(60)

    async def cancelled() -> Reply:
        scope = scope_of("POST", EXECUTE, {"Authorization": "Bearer good"})
        message = {"type": "http.request", "body": b"{}", "more_body": False}
        task = asyncio.create_task(exchange(over.application, scope, [message]))
        await asyncio.sleep(0.02)
        task.cancel()
        return await task

    in_envelope(asyncio.run(cancelled()), 503, "service.unavailable")


def test_faults_of_ours_tell_nothing() -> None:
    """An unexpected exception is 500 in the envelope; its text stays inside."""
    over = wire()
    over.integrations.fault = ValueError("p@ssword in the message")
    reply = ask(over.application, "GET", f"{ROOT}/int-1")
    finding = in_envelope(reply, 500, "internal.server.error")
    assert reply.headers["inin-correlation-id"] in finding["message"]
    assert "p@ssword" not in reply.body.decode()


def test_limits_say_when_to_come_back() -> None:
    """429 has Retry-After and the limit."""
    over = wire()
    reason = found("SHUTTING_DOWN", seconds=1)
    over.execution.fault = LimitReached(
        reason, key="requests.volume.max", namespace="dataactions", value=2500, retry_after=9
    )
    reply = ask(over.application, "POST", EXECUTE, {})
    assert (reply.status, reply.headers["retry-after"]) == (429, "9")
    assert reply.json["limit"]["key"] == "requests.volume.max"


def test_warnings_travel_in_a_header() -> None:
    """Warnings of the service and of the query arrive together; the body is untouched."""
    over = wire()
    over.integrations.warnings = (found("SORT_FIELD_UNKNOWN", value="x", values="y"),)
    reply = ask(over.application, "POST", f"{ROOT}?odd=1", {})
    codes = [entry["code"] for entry in json.loads(reply.headers["jackfield-findings"])]
    assert codes == ["QUERY_UNKNOWN", "SORT_FIELD_UNKNOWN"]
    assert "jackfield-findings" not in ask(over.application, "GET", ROOT).headers


def test_strict_refuses_what_is_only_suspected() -> None:
    """With --strict an unknown query parameter is 400 before anything happens."""
    over = wire(strict=True)
    assert ask(over.application, "POST", f"{ROOT}?odd=1", {}).status == 400
    assert over.integrations.calls == []


@pytest.mark.parametrize("target", [ROOT, f"{ROOT}/credentials", f"{ROOT}/actions"])
def test_repeats_get_the_same_bytes(target: str) -> None:
    """The second answer to a key is the first one's bytes, marked; its caller carries the key."""
    over = wire()
    headers = {"Idempotency-Key": "key-1"}
    first = ask(over.application, "POST", target, {}, headers)
    again = ask(over.application, "POST", target, {}, headers)
    assert (first.status, again.status, again.body) == (200, 200, first.body)
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"


def test_repeats_of_execute() -> None:
    """Execute hands its key on, on both ways through the application."""
    over = wire()
    for target in (EXECUTE, f"{EXECUTE}?flatten=false"):
        ask(over.application, "POST", target, {}, {"Idempotency-Key": "key-2"})
        wanted = over.execution.callers[-1].idempotency
        assert wanted is not None
        assert wanted.key == "key-2"
        assert wanted.present(Outcome(b"x")) == b"x"


def test_wrong_media_types() -> None:
    """curl's default is told apart on every route with a body; GET may declare what it likes."""
    application = wire().application
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    for method, target in (("POST", EXECUTE), ("POST", ROOT), ("PUT", f"{ROOT}/int-1/config/current")):
        finding = in_envelope(ask(application, method, target, b"a=b", form), 415, "unsupported.media.type")
        assert "-H 'Content-Type: application/json'" in finding["messageParams"]["fix"]
    assert ask(application, "GET", ROOT, headers=form).status == 200


def test_login() -> None:
    """A token for the right client; the login service's own form for the wrong one."""
    application = wire().application
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    body = b"grant_type=client_credentials&client_id=client&client_secret=s3cret"
    for target in ("/oauth/token", "//oauth/token", "/login/oauth/token"):
        reply = ask(application, "POST", target, body, form, token=None)
        assert reply.json == {"access_token": "fresh-token", "token_type": "bearer", "expires_in": 86400}
    refused = ask(application, "POST", "/oauth/token", body + b"x", form, token=None)
    assert refused.status == 400
    assert refused.json["error"] == "invalid_client"
    assert refused.json["description"] == refused.json["error_description"] == "authentication failed"
    assert "s3cret" not in refused.body.decode()
    in_envelope(ask(application, "GET", "/oauth/token", token=None), 405, "method.not.allowed")


def test_pages() -> None:
    """Health, readiness and metrics need no token; readiness follows the store."""
    over = wire()
    application = over.application
    assert ask(application, "GET", "/health", token=None).json == {"status": "ok"}
    assert ask(application, "GET", "/ready", token=None).json == {"status": "ready"}
    over.store.fault = Unavailable(found("SHUTTING_DOWN", seconds=4))
    in_envelope(ask(application, "GET", "/ready", token=None), 503, "service.unavailable")
    ask(application, "GET", f"{ROOT}/int-1")
    page = ask(application, "GET", "/metrics", token=None).body.decode()
    assert (
        f'jackfield_http_requests_total{{method="GET",route="{ROOT}/{{integrationId}}",status="200"}} 1.0'
        in page
    )
    assert "int-1" not in page


def test_lifespan() -> None:
    """Servers that ask for startup and shutdown get their answers."""
    messages: list[Message] = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]
    sent: list[str] = []

    async def receive() -> Message:
        return messages.pop(0)

    async def send(message: Message) -> None:
        sent.append(message["type"])

    asyncio.run(wire().application({"type": "lifespan"}, receive, send))
    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


def test_options_can_be_changed_one_by_one() -> None:
    """Bounds are values; a changed copy leaves the rest."""
    changed = replace(options(), bounds=Bounds(body_bytes=5))
    assert (changed.bounds.body_bytes, changed.bounds.head_bytes) == (5, 65_536)
