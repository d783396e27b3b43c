"""Requests as bytes."""

from __future__ import annotations

from jackfield.engine.egress.serialization import serialize
from jackfield.engine.target import parse_target
from jackfield.engine.upstream import OutboundRequest

TARGET = parse_target("https://service.example:8443/a?b=c")


def test_a_request_without_body() -> None:
    """No framing header, no body."""
    request = OutboundRequest("GET", TARGET, [("Accept", "*/*"), ("X-Ä", "é")])
    assert serialize(request) == (
        "GET /a?b=c HTTP/1.1\r\nHost: service.example:8443\r\nAccept: */*\r\nX-Ä: é\r\n\r\n".encode()
    )


def test_bodies_go_out_chunked() -> None:
    """One chunk, its size in hex, then the last one."""
    request = OutboundRequest("POST", TARGET, [], b"x" * 26)
    assert serialize(request).endswith(
        b"\r\nTransfer-Encoding: chunked\r\n\r\n1a\r\n" + b"x" * 26 + b"\r\n0\r\n\r\n"
    )


def test_buffered_bodies_have_a_length() -> None:
    """As `Transfer-Encoding: buffered` asks for."""
    request = OutboundRequest("POST", TARGET, [], b"hello", buffered=True)
    assert serialize(request).endswith(b"\r\nContent-Length: 5\r\n\r\nhello")


def test_an_empty_body_has_the_length_zero() -> None:
    """Services must not wait for one."""
    assert serialize(OutboundRequest("POST", TARGET, [], b"")).endswith(b"\r\nContent-Length: 0\r\n\r\n")


def test_close_is_said_to_the_service() -> None:
    """So that it closes too."""
    assert b"\r\nConnection: close\r\n" in serialize(OutboundRequest("GET", TARGET, [], None, False, True))
