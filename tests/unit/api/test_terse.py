"""Errors in the cloud's few words, with the help in a header."""

from __future__ import annotations

import json

import pytest
from starlette.types import Receive, Scope, Send

from jackfield.api.error_bodies import error_body
from jackfield.api.exchange import refusal
from jackfield.api.terse import TerseAnswers, terse
from jackfield.domain.catalogue import found
from jackfield.domain.errors import ActionFailed, JackfieldError, LimitReached, NotFound, Refused
from jackfield.domain.finding import Place
from support.asgi import Reply, ask

ID = "2c2f0b34-3e70-4ca0-86a7-3b8f3f2e858c"


def answering(status: int, body: bytes, headers: list[tuple[bytes, bytes]]) -> Reply:
    """Ask an application that answers this."""

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return ask(TerseAnswers(application), "GET", "/anything")


def told(error: JackfieldError) -> Reply:
    """Return the terse answer of an error."""
    full = refusal(error, ID)
    length = (b"content-length", b"%d" % len(full.body))
    return answering(full.status, full.body, [length, *full.headers])


@pytest.fixture
def refused() -> Refused:
    """A refusal with two findings."""
    return Refused(
        found("TYPE_NOT_INSTALLABLE", Place("/integrationType/id"), type_id="a"),
        found("MAX_INSTANCES", Place("/two"), count=1, type_id="a", maximum=1),
    )


def test_a_400_is_the_posts(refused: Refused) -> None:
    """Word for word what the post got but for the id, its members in that order."""
    reply = told(refused)
    assert json.loads(reply.body) == {
        "status": 400,
        "code": "bad.request",
        "message": "The request could not be understood by the server due to malformed syntax.",
        "contextId": ID,
        "details": [],
        "errors": [],
    }
    assert list(json.loads(reply.body)) == ["status", "code", "message", "contextId", "details", "errors"]
    assert reply.headers["content-length"] == str(len(reply.body))


def test_the_help_is_in_a_header(refused: Refused) -> None:
    """Every finding with its code, pointer, message and fix."""
    listed = json.loads(told(refused).headers["jackfield-findings"])
    assert [(one["code"], one["pointer"]) for one in listed] == [
        ("TYPE_NOT_INSTALLABLE", "/integrationType/id"),
        ("MAX_INSTANCES", "/two"),
    ]
    assert all(one["message"] and one["fix"] for one in listed)


def test_other_errors_keep_their_sentence() -> None:
    """A 404 says what is missing, and nothing else; a limit keeps its object and Retry-After."""
    body = told(NotFound(found("DRAFT_NOT_FOUND", Place("path/actionId"), seen="x"))).json
    assert (body["status"], body["errors"], "messageParams" in body) == (404, [], False)
    assert body["message"]
    limit = LimitReached(
        found("REQUESTS_PER_MINUTE", limit=300, seconds=9), key="k", namespace="n", value=300, retry_after=9
    )
    reply = told(limit)
    assert reply.json["limit"] == {"key": "k", "namespace": "n", "value": 300}
    assert reply.headers["retry-after"] == "9"


def test_a_failed_run_keeps_its_documented_error() -> None:
    """`details[0].errorCode` and the nested message stay; what is ours goes."""
    finding = found("ROUTE_NOT_IMPLEMENTED", Place("/x"), method="GET", path="/x", operation="get_x")
    failed = ActionFailed(
        finding, status=400, code="bad.request", detail="ACTION.REMOTE_ENDPOINT", nested="inner"
    )
    short = terse(error_body(failed, ID))
    assert short["message"] == error_body(failed, ID)["message"]
    assert short["details"] == [{"errorCode": "ACTION.REMOTE_ENDPOINT"}]
    nested = short["errors"][0]
    assert "messageParams" not in nested
    assert nested["details"] == [{"errorCode": "ACTION.REMOTE_ENDPOINT"}]
    assert nested["message"].startswith("inner")


@pytest.mark.parametrize(
    ("status", "body"),
    [(200, b'{"contextId": "x"}'), (401, b'{"error": "invalid_client"}'), (503, b"not JSON"), (404, b"")],
)
def test_everything_else_passes(status: int, body: bytes) -> None:
    """Successes, OAuth's errors and bodies that are no ErrorBody are left as they are."""
    reply = answering(status, body, [(b"x-kept", b"1")])
    assert (reply.status, reply.body, reply.headers["x-kept"]) == (status, body, "1")
