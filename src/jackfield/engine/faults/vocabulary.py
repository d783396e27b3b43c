"""The faults by name: what the service does, and how a run against it ends.

One vocabulary for test files (`reply: {fault: …}`), for faults files of a server, and for the tests that hold
the promises made here against real sockets.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from jackfield.engine.faults.moves import End, Hold, Move, Repeat, Reset, Say
from jackfield.engine.upstream import Fault

_INTERNAL: Final = "internal.server.error"
_BAD: Final = "bad.request"
_HEAD: Final = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
_CHUNKED: Final = _HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
_MEGABYTE: Final = 1024 * 1024


@dataclass(frozen=True)
class ServiceFault:
    """One way in which a service, or the way to it, fails.

    Args:
        name: as files name it.
        what: what happens, as the end of the sentence "The service …" or a sentence of its own.
        code: the finding that a run ends in.
        status: of execute's answer.
        wire: the top-level code of that answer.
        moves: what the service does once it has the request; none if there never is a connection.
        failure: what the client notices without a reply being parsed.
        reason: in a few words, for `failure`.
        phase: in which time runs out, for timeouts.
        greets: the service makes its moves before it has read a request.
        ours: its cause is on this side or on the way, so no service can do it.
    """

    name: str
    what: str
    code: str
    status: int
    wire: str
    moves: tuple[Move, ...] = ()
    failure: Fault | None = None
    reason: str = ""
    phase: str = ""
    greets: bool = False
    ours: bool = False

    @cached_property
    def times_out(self) -> bool:
        """True if nothing ends it but the action's timeout."""
        return self.code == Fault.TIMEOUT.value


def reply_bytes(
    body: bytes = b"{}", status: str = "200 OK", headers: str = "Content-Type: application/json\r\n"
) -> bytes:
    """Return a whole reply with its length."""
    return f"HTTP/1.1 {status}\r\n{headers}Content-Length: {len(body)}\r\n\r\n".encode() + body


def _before(name: str, what: str, failure: Fault, reason: str, phase: str = "") -> ServiceFault:
    """Return a fault that happens before the service has a request."""
    late = failure is Fault.TIMEOUT
    status, wire = (408, "request.timeout") if late else (500, _INTERNAL)
    return ServiceFault(name, what, failure.value, status, wire, (), failure, reason, phase)


def _refusal(name: str, what: str, failure: Fault, reason: str) -> ServiceFault:
    return ServiceFault(name, what, failure.value, 400, _BAD, (), failure, reason)


def _late(name: str, what: str, *moves: Move, phase: str = "the reply was read") -> ServiceFault:
    return ServiceFault(
        name, what, Fault.TIMEOUT.value, 408, "request.timeout", moves, Fault.TIMEOUT, phase=phase
    )


def _broken(name: str, what: str, fault: Fault, *moves: Move, greets: bool = False) -> ServiceFault:
    return ServiceFault(name, what, fault.value, 500, _INTERNAL, moves, greets=greets)


def _wrong(name: str, what: str, code: str, *moves: Move) -> ServiceFault:
    return ServiceFault(name, what, code, 400, _BAD, moves)


def _answers(
    line: str, status: int, wire: str, code: str = "UPSTREAM_STATUS", more: str = ""
) -> ServiceFault:
    number = line.partition(" ")[0]
    headers = f"Content-Type: application/json\r\n{more}"
    moves = (Say(reply_bytes(b'{"why":"no"}', line, headers)),)
    name = f"status-{number}" + ("-retry-after" if "Retry-After" in more else "")
    with_header = f" with `{more.strip()}`" if more else ""
    return ServiceFault(name, f"answers {line}{with_header}", code, status, wire, moves)


def _connecting() -> Iterator[ServiceFault]:
    yield _before(
        "unknown-host", "The name does not resolve.", Fault.UNKNOWN_HOST, "Name or service not known"
    )
    yield _before("refused", "refuses the connection", Fault.REFUSED, "Connection refused")
    yield _before("black-hole", "never takes the connection", Fault.TIMEOUT, "", "the connection was made")
    certificates = (
        ("certificate-refused", "has a certificate that is not trusted", "certificate verify failed"),
        ("certificate-expired", "has a certificate whose time is over", "certificate has expired"),
        (
            "certificate-other-name",
            "has a certificate for another name",
            "certificate is not valid for the name",
        ),
        ("certificate-self-signed", "has a certificate that it signed itself", "self-signed certificate"),
    )
    for name, what, reason in certificates:
        yield _before(name, what, Fault.CERTIFICATE_REFUSED, reason)
    yield _before("tls-failed", "ends the handshake", Fault.TLS_FAILED, "handshake failed")
    yield _before(
        "tls-plain", "speaks plain HTTP where https was asked for", Fault.TLS_FAILED, "WRONG_VERSION_NUMBER"
    )
    yield _before("tls-old", "speaks no version of TLS above 1.1", Fault.TLS_FAILED, "no protocols in common")
    yield _before(
        "tls-silent",
        "takes the connection and never begins with TLS",
        Fault.TIMEOUT,
        "",
        "encryption was agreed on",
    )


def _own() -> Iterator[ServiceFault]:
    """What has its cause on this side, or in between."""
    faults = (
        _before("unreachable", "No route leads to the service.", Fault.UNREACHABLE, "Network is unreachable"),
        _before("proxy-failed", "The proxy does not lead there.", Fault.PROXY, "it answered 502 Bad Gateway"),
        _before(
            "tls-unusable", "This server's own files for TLS are damaged.", Fault.TLS_UNUSABLE, "damaged"
        ),
        _before("busy", "Too many connections are open.", Fault.BUSY, "too many connections are open"),
        _refusal("address-blocked", "The guard forbids the address.", Fault.ADDRESS_BLOCKED, "private"),
        _refusal("own-port", "The URL leads back to this server.", Fault.OWN_PORT, ""),
    )
    yield from (replace(fault, ours=True) for fault in faults)


def _silent() -> Iterator[ServiceFault]:
    awaited = "the reply was awaited"
    yield _late("timeout", "takes the request and never answers", Hold(), phase=awaited)
    yield _late("stalls-in-status-line", "stops in the status line", Say(b"HTTP/1.1 2"), Hold())
    yield _late("stalls-in-headers", "stops in the headers", Say(_HEAD), Hold())
    yield _late("stalls-in-body", "stops in the body", Say(_HEAD + b"Content-Length: 9\r\n\r\n{"), Hold())
    yield _late("stalls-in-chunk", "stops in a chunk", Say(_CHUNKED + b"9\r\n{"), Hold())
    yield _late(
        "drips-headers", "sends a header every 50 ms, for ever", Say(_HEAD), Repeat(b"X-A: b\r\n", 0.05)
    )
    yield _late(
        "drips-body",
        "sends a byte of the body every 50 ms, for ever",
        Say(_HEAD + b"Content-Length: 90000\r\n\r\n"),
        Repeat(b" ", 0.05),
    )


def _ending() -> Iterator[ServiceFault]:
    short = Say(_HEAD + b"Content-Length: 50\r\n\r\n{")
    yield _broken("closes-at-once", "closes before it has read anything", Fault.RESET, End(), greets=True)
    yield _broken("closes-without-reply", "takes the request and closes", Fault.RESET, End())
    yield _broken("reset", "takes the request and breaks the connection", Fault.RESET, Reset())
    yield _broken(
        "reset-in-status-line", "breaks in the status line", Fault.RESET, Say(b"HTTP/1.1 20"), Reset()
    )
    yield _broken("reset-in-headers", "breaks in the headers", Fault.RESET, Say(_HEAD), Reset())
    yield _broken("reset-in-body", "breaks in the body", Fault.RESET, short, Reset())
    yield _broken(
        "reset-without-length",
        "breaks in a body without a length",
        Fault.RESET,
        Say(_HEAD + b"\r\n{"),
        Reset(),
    )
    yield _broken("closes-in-headers", "closes in the headers", Fault.RESET, Say(_HEAD), End())
    yield _broken("closes-in-body", "closes before the body is complete", Fault.RESET, short, End())
    yield _broken("closes-in-chunk", "closes in a chunk", Fault.RESET, Say(_CHUNKED + b"9\r\n{"), End())
    yield _broken(
        "closes-between-chunks",
        "closes before the last chunk",
        Fault.RESET,
        Say(_CHUNKED + b"1\r\n{\r\n"),
        End(),
    )


def _nonsense() -> Iterator[ServiceFault]:
    def nonsense(name: str, what: str, *moves: Move, greets: bool = False) -> ServiceFault:
        return _broken(name, what, Fault.MALFORMED, *moves, greets=greets)

    lengths = b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} "
    both = b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    upgrade = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n"
    yield nonsense("malformed", "answers something that is not HTTP", Say(b"<html>hello</html>"), End())
    yield nonsense("random-bytes", "answers random bytes", Say(bytes(range(256)) * 4), End())
    yield nonsense("other-protocol", "speaks SSH", Say(b"SSH-2.0-OpenSSH_9.6\r\n"), Hold(), greets=True)
    yield nonsense("http-2", "speaks HTTP/2", Say(b"\x00\x00\x12\x04\x00\x00\x00\x00\x00"), End())
    yield nonsense(
        "malformed-chunk", "sends a chunk whose size is no number", Say(_CHUNKED + b"zz\r\n{}\r\n0\r\n\r\n")
    )
    yield nonsense("long-chunk", "sends a chunk longer than it said", Say(_CHUNKED + b"1\r\n{}\r\n0\r\n\r\n"))
    yield nonsense("two-lengths", "announces two lengths", Say(_HEAD + lengths))
    yield nonsense("length-and-chunks", "announces a length and chunks", Say(_HEAD + both))
    yield nonsense(
        "negative-length", "announces a negative length", Say(_HEAD + b"Content-Length: -1\r\n\r\n{}")
    )
    yield nonsense(
        "header-without-colon", "sends a header without a colon", Say(_HEAD + b"nonsense\r\n\r\n{}")
    )
    yield nonsense("switches-protocols", "switches to another protocol", Say(upgrade))
    yield nonsense("interim-flood", "sends `100 Continue` for ever", Repeat(b"HTTP/1.1 100 Continue\r\n\r\n"))
    yield nonsense(
        "interim-drip", "sends `102 Processing` every 50 ms", Repeat(b"HTTP/1.1 102 Processing\r\n\r\n", 0.05)
    )


def _too_much() -> Iterator[ServiceFault]:
    header, body = Fault.HEADERS_TOO_LARGE.value, Fault.TOO_LARGE.value
    megabyte = b"x" * _MEGABYTE
    # A gzip file may have many members, so a large bomb is quickly made.
    bomb = gzip.compress(b"0" * _MEGABYTE, mtime=0) * 40
    zlib_bomb = zlib.compress(b"0" * 4 * _MEGABYTE)
    yield _wrong(
        "headers-too-large", "sends a header of 100 kB", header, Say(_HEAD + b"X: " + b"a" * 100_000)
    )
    yield _wrong("many-headers", "sends 500 headers", header, Say(_HEAD + b"X-A: b\r\n" * 500 + b"\r\n{}"))
    yield _wrong(
        "endless-header", "sends a header without an end", header, Say(_HEAD + b"X: "), Repeat(b"a" * 8000)
    )
    yield _wrong(
        "endless-trailer",
        "sends trailers without an end",
        header,
        Say(_CHUNKED + b"2\r\n{}\r\n0\r\n"),
        Repeat(b"X-T: " + b"a" * 900 + b"\r\n"),
    )
    yield _wrong("too-large", "announces 1 GB", body, Say(_HEAD + b"Content-Length: 1000000000\r\n\r\n"))
    yield _wrong("endless-body", "sends a body without an end", body, Say(_HEAD + b"\r\n"), Repeat(megabyte))
    yield _wrong(
        "endless-chunks",
        "sends chunks without an end",
        body,
        Say(_CHUNKED),
        Repeat(b"100000\r\n" + megabyte + b"\r\n"),
    )
    yield _wrong(
        "endless-chunk-extension",
        "sends a chunk's extension without an end",
        body,
        Say(_CHUNKED + b"1;x="),
        Repeat(megabyte),
    )
    yield _wrong("gzip-bomb", "sends 40 kB of gzip that are 40 MB", body, Say(_packed(bomb, "gzip")))
    yield _wrong(
        "deflate-bomb", "sends 4 kB of deflate that are 4 MB", body, Say(_packed(zlib_bomb, "deflate"))
    )


def _packed(body: bytes, encoding: str) -> bytes:
    return reply_bytes(body, headers=f"Content-Encoding: {encoding}\r\n")


def _unreadable() -> Iterator[ServiceFault]:
    code = Fault.ENCODING.value
    packed = gzip.compress(b'{"a":' + b"1" * 500 + b"}", mtime=0)
    yield _wrong("encoding", "compresses with brotli, unasked", code, Say(_packed(b"{}", "br")))
    yield _wrong("damaged-gzip", "sends damaged gzip", code, Say(_packed(b"\x1f\x8b" + packed[9:], "gzip")))
    yield _wrong("truncated-gzip", "sends gzip that is cut off", code, Say(_packed(packed[:-9], "gzip")))
    yield _wrong("not-deflate", "sends plain text as deflate", code, Say(_packed(b"{}", "deflate")))
    yield _wrong("gzip-twice", "compresses twice", code, Say(_packed(packed, "gzip, gzip")))


def _statuses() -> Iterator[ServiceFault]:
    for line in (
        "301 Moved Permanently",
        "302 Found",
        "303 See Other",
        "307 Temporary Redirect",
        "308 Permanent Redirect",
    ):
        yield _answers(line, 400, _BAD, "UPSTREAM_REDIRECT", "Location: http://127.0.0.1:9/\r\n")
    unmodified = Say(b"HTTP/1.1 304 Not Modified\r\n\r\n")
    yield ServiceFault(
        "status-304", "answers 304 Not Modified", "UPSTREAM_REDIRECT", 400, _BAD, (unmodified,)
    )
    yield _answers("400 Bad Request", 400, _BAD)
    yield _answers("401 Unauthorized", 401, "invalid.credentials")
    yield _answers("403 Forbidden", 403, "not.authorized")
    yield _answers("404 Not Found", 404, "not.found")
    yield _answers("409 Conflict", 409, "general.conflict")
    yield _answers("418 Teapot", 418, _BAD)
    yield _answers("429 Too Many Requests", 429, "too.many.requests")
    yield _answers("429 Too Many Requests", 429, "too.many.requests", more="Retry-After: 30\r\n")
    yield _answers("500 Internal Server Error", 500, _INTERNAL)
    yield _answers("502 Bad Gateway", 502, _INTERNAL)
    yield _answers("503 Service Unavailable", 503, "service.unavailable")
    yield _answers("504 Gateway Timeout", 504, "gateway.timeout")
    yield _answers("777 Odd", 599, _INTERNAL)


def _bodies() -> Iterator[ServiceFault]:
    def body(
        name: str, what: str, data: bytes, kind: str = "application/json", code: str = "UPSTREAM_NOT_JSON"
    ) -> ServiceFault:
        return _wrong(name, what, code, Say(reply_bytes(data, headers=f"Content-Type: {kind}\r\n")))

    deep = "UPSTREAM_TOO_DEEP"
    long_numbers = b'{"a":12345678901234567890,"b":' + b"[" * 90_000
    yield body("html", "answers 200 with an HTML page", b"<html>Please log in</html>", "text/html")
    yield body("xml", "answers 200 with XML", b"<a/>", "text/xml")
    yield body("plain-text", "answers 200 with plain text", b"OK", "text/plain")
    yield body("half-json", "sends half a JSON text", b'{"a": [1, 2')
    yield body("two-json-texts", "sends two JSON texts", b"{} {}")
    yield body("not-a-number", "sends `NaN`", b'{"a": NaN}')
    yield body("invalid-utf-8", "sends bytes that are not UTF-8", b'{"a": "\xff\xfe"}')
    yield body("too-deep", "sends JSON nested 51 deep", b"[" * 51 + b"]" * 51, code=deep)
    yield body("depth-bomb", "sends 500,000 open brackets", b"[" * 500_000, code=deep)
    yield body("depth-bomb-long-number", "sends them after a number of 20 digits", long_numbers, code=deep)


SERVICE_FAULTS: Final[Mapping[str, ServiceFault]] = {
    fault.name: fault
    for group in (_connecting, _silent, _ending, _nonsense, _too_much, _unreadable, _statuses, _bodies, _own)
    for fault in group()
}
"""All faults by name, in the order in which a call can meet them."""
