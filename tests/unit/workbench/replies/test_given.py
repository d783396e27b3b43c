"""Replies that are given."""

from __future__ import annotations

import asyncio
from pathlib import Path
from time import perf_counter

import pytest

from jackfield.domain.errors import ActionFailed, OperationRefused
from jackfield.domain.masking import Masker
from jackfield.engine.faults import SERVICE_FAULTS
from jackfield.engine.target import parse_target
from jackfield.engine.upstream import Fault, OutboundRequest, UpstreamFailure
from jackfield.workbench.clock import BenchClock
from jackfield.workbench.replies import (
    GivenReplies,
    GivenReply,
    Occasion,
    json_reply,
    parse_reply,
    read_reply,
)
from support.sample_actions import document, exported

REQUEST = OutboundRequest("GET", parse_target("https://s.example.com/a"), ())

# What makes these a failure is the reply, which the engine judges.
JUDGED_LATER = ("UPSTREAM_STATUS", "UPSTREAM_REDIRECT", "UPSTREAM_NOT_JSON", "UPSTREAM_TOO_DEEP")


@pytest.fixture
def occasion(tmp_path: Path) -> Occasion:
    """A run of some action."""
    return Occasion(document(tmp_path, exported("https://s.example.com/")), Masker(()), BenchClock())


def test_a_body_alone(occasion: Occasion) -> None:
    """JSON is answered as JSON with status 200, markup as markup."""
    assert parse_reply(b'{"a": 1}').status == 200
    assert dict(parse_reply(b'{"a": 1}').headers) == {"content-type": "application/json"}
    assert dict(parse_reply(b" <HTML>").headers) == {"content-type": "text/html"}
    assert dict(parse_reply(b"<a/>").headers) == {"content-type": "application/xml"}
    assert json_reply([1]).play(occasion, occasion.clock.monotonic() + 1).body == b"[1]"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_curl_prints(end: str) -> None:
    """Status, headers and body are taken out of a whole reply; an interim reply before it is not it."""
    lines = [
        "HTTP/1.1 100 Continue",
        "",
        "HTTP/2 404 ",
        "Content-Type: text/plain",
        "X-A: b: c",
        "",
        "no\nsuch",
    ]
    reply = parse_reply(end.join(lines).encode())
    assert (reply.status, reply.body) == (404, b"no\nsuch")
    assert reply.headers == (("content-type", "text/plain"), ("x-a", "b: c"))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """The refusal names it."""
    with pytest.raises(OperationRefused) as refused:
        read_reply(tmp_path / "no.json")
    assert refused.value.findings[0].code == "REPLY_UNREADABLE"


def test_a_delay_costs_no_time(occasion: Occasion) -> None:
    """The clock is put forward; a delay beyond the deadline is a timeout."""
    before = occasion.clock.monotonic()
    GivenReply(delay=5).play(occasion, before + 10)
    assert 5 <= occasion.clock.monotonic() - before < 6
    with pytest.raises(UpstreamFailure) as failure:
        GivenReply(delay=61).play(occasion, occasion.clock.monotonic() + 60)
    assert failure.value.fault is Fault.TIMEOUT


@pytest.mark.parametrize("name", SERVICE_FAULTS)
def test_every_fault_of_the_vocabulary_can_be_asked_for(occasion: Occasion, name: str) -> None:
    """Each ends as it would from the network, those that only time ends at once."""
    fault, begun = SERVICE_FAULTS[name], perf_counter()
    source = GivenReplies(GivenReply(fault=fault))
    source.begin(occasion)
    sending = source.send(REQUEST, deadline=occasion.clock.monotonic() + 30)
    if fault.code in JUDGED_LATER:
        assert asyncio.run(sending).status >= 200
    else:
        with pytest.raises(UpstreamFailure) as failure:
            asyncio.run(sending)
        assert failure.value.fault.value == fault.code
    assert perf_counter() - begun < 20


def test_a_body_beyond_the_bound(occasion: Occasion) -> None:
    """It fails as it would from the network."""
    with pytest.raises(UpstreamFailure) as failure:
        GivenReply(body=b"x" * (2 * 1024 * 1024 + 1)).play(occasion, occasion.clock.monotonic() + 1)
    assert failure.value.fault is Fault.TOO_LARGE


def test_replies_in_turn(occasion: Occasion) -> None:
    """Several are used up one by one, a single one answers for ever."""
    one, many = GivenReplies(json_reply(1)), GivenReplies(json_reply(1), json_reply(2))
    for source in (one, many):
        source.begin(occasion)
    deadline = occasion.clock.monotonic() + 10
    assert [asyncio.run(one.send(REQUEST, deadline=deadline)).body for _ in range(3)] == [b"1"] * 3
    assert [asyncio.run(many.send(REQUEST, deadline=deadline)).body for _ in range(2)] == [b"1", b"2"]
    with pytest.raises(ActionFailed) as failure:
        asyncio.run(many.send(REQUEST, deadline=deadline))
    assert failure.value.findings[0].code == "REPLIES_USED_UP"
