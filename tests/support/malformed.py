"""Requests that nobody should send: malformed bodies and raw bytes, and the judge of what comes back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from support.listening import spoken
from support.refusals import CODE

ROOT = "/api/v2/integrations"
# Every route that reads a body; the ids need not exist.
BODY_ROUTES = (
    ("POST", ROOT),
    ("PATCH", f"{ROOT}/no-such-id"),
    ("PUT", f"{ROOT}/no-such-id/config/current"),
    ("POST", f"{ROOT}/credentials"),
    ("PUT", f"{ROOT}/credentials/no-such-id"),
    ("POST", f"{ROOT}/actions"),
    ("POST", f"{ROOT}/actions/no-such-id/test"),
    ("POST", f"{ROOT}/actions/no-such-id/execute"),
)
TARGETS = (
    *(target for _, target in BODY_ROUTES),
    f"{ROOT}?pageSize=x&ids=,,,&reportedState=%00",
    f"{ROOT}/types/%2e%2e/configschemas/%00",
    f"{ROOT}/credentials/listing?after=%ff&before='",
    f"{ROOT}/actions/x/templates/..%2f..%2fetc%2fpasswd",
    "/oauth/token",
    "/metrics",
    "*",
    "//",
    f"/{'a/' * 40}",
)
# Well-formed bodies to spoil.
BODIES: tuple[Any, ...] = (
    {"name": "n", "type": {"name": "basicAuth"}, "credentialFields": {"userName": "u", "password": "p"}},
    {"name": "n", "integrationType": {"id": "custom-rest-actions"}},
    {"intendedState": "ENABLED"},
    {
        "name": "n",
        "version": 1,
        "properties": {},
        "advanced": {},
        "notes": "",
        "credentials": {"basicAuth": {"id": "x"}},
    },
    {
        "name": "n",
        "category": "c",
        "integrationId": "x",
        "config": {
            "request": {"requestUrlTemplate": "https://example.com", "requestType": "GET", "headers": {}},
            "response": {"translationMap": {"a": "$.a"}, "successTemplate": "${a}"},
        },
        "contract": {
            "input": {"inputSchema": {"type": "object", "properties": {}}},
            "output": {"successSchema": {"type": "object", "properties": {}}},
        },
    },
)
ODD_TEXTS = (
    "null", "[]", "0", '""', "true", "", " ", "{", "}", "[[[[", '{"a":', '{"a"}', "{'a': 1}", '{"a":1,}',
    "NaN", "[1e999]", "-", "01", '"\\ud800"', '"\\x"', '{"a":1}{"b":2}', "\ufeff{}", "/*x*/{}",
    '{"name":"\\u0000"}',
    '{"version":1e400}', '{"version":99999999999999999999999999}', '{"name":{"$ref":"#"}}',
    "[" * 20_000, '{"a":' * 20_000, "[" * 60 + "]" * 60, '{"name":"' + "x" * 300_000 + '"}',
    '{"notes": """}', '{"a":1,"a":2}', "[object Object]", "undefined", "{{body}}", "a=b&c=d", "<xml/>",
)  # fmt: skip
SPOILERS = (
    b"\x00",
    b"\xff\xfe",
    b'"',
    b"\\",
    b"{",
    b"}",
    b"[",
    b",",
    b":",
    b"\r\n",
    b"1e9",
    b"\xed\xa0\x80",
    b"'",
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@dataclass(frozen=True)
class Judged:
    """How a connection was answered. `statuses` is empty if it was just closed."""

    statuses: tuple[int, ...]


def judge(raw: bytes) -> Judged:
    """Check everything that came back over one connection.

    Every answer is HTTP with its right length; it is a success, or an ErrorBody with catalogued findings, or
    an OAuth error; nothing is a server fault (501 is a route without code).
    """
    statuses = []
    for answer in spoken(raw):
        assert answer.status < 500 or answer.status == 501, (answer.status, answer.body[:300])
        if answer.status >= 400:
            _judge_refusal(answer.status, answer.headers, answer.body)
        statuses.append(answer.status)
    return Judged(tuple(statuses))


def _judge_refusal(status: int, headers: dict[str, str], body: bytes) -> None:
    assert headers["content-type"] == "application/json", headers
    parsed = json.loads(body)
    if "error" in parsed:
        assert set(parsed) == {"error", "description", "error_description", "fix"}, parsed
        return
    assert parsed["status"] == status
    assert parsed["contextId"] == headers["inin-correlation-id"]
    assert parsed["message"].strip()
    assert parsed["errors"], parsed
    for nested in parsed["errors"]:
        assert CODE.fullmatch(nested["code"]), nested
        assert nested["messageParams"]["fix"].strip()
        assert nested["messageParams"]["doc"].strip()


@st.composite
def spoiled_bodies(draw: st.DrawFn) -> bytes:
    """Well-formed bodies with members replaced, text cut, or bytes put in."""
    body = draw(st.sampled_from(BODIES))
    if draw(st.booleans()):
        name = draw(st.sampled_from(sorted(body)))
        body = body | {name: draw(VALUES)}
    text = json.dumps(body).encode("utf-8", "surrogatepass")
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(text)))
        cut = draw(st.integers(0, 12))
        text = text[:at] + draw(st.sampled_from((b"", *SPOILERS))) + text[at + cut :]
    return text


@st.composite
def spoiled_requests(draw: st.DrawFn, token: str) -> bytes:
    """Whole requests put together from odd parts, then spoiled as bytes."""
    # Without HEAD, whose answers have a length and no body: the judge cuts answers by their length.
    method = draw(st.sampled_from(("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "G\x00T")))
    target = draw(st.sampled_from(TARGETS) | st.text(max_size=30).map(lambda text: f"/{text}"))
    body = draw(spoiled_bodies() | st.binary(max_size=50))
    lines = [f"{method} {target} HTTP/1.1".encode(errors="surrogatepass"), b"Host: x"]
    lines += draw(st.lists(st.sampled_from(_lines(body, token)), max_size=5, unique=True))
    request = b"\r\n".join((*lines, b"", b"")) + body
    for _ in range(draw(st.integers(0, 2))):
        at = draw(st.integers(0, len(request)))
        request = request[:at] + draw(st.sampled_from(SPOILERS)) + request[at + draw(st.integers(0, 5)) :]
    return request


def _lines(body: bytes, token: str) -> list[bytes]:
    return [
        b"Authorization: Bearer " + token.encode(),
        b"Authorization: Basic !!",
        b"Content-Type: application/json",
        b"Content-Type: text/plain",
        b"Content-Length: %d" % len(body),
        b"Content-Length: %d" % (len(body) + 3),
        b"Content-Length: -1",
        b"Content-Length: 0x10",
        b"Transfer-Encoding: chunked",
        b"Transfer-Encoding: gzip, chunked",
        b"Connection: Upgrade\r\nUpgrade: h2c",
        b"Connection: close",
        b"Expect: 100-continue",
        b"Idempotency-Key: \xff",
        b"Idempotency-Key: " + b"k" * 300,
        b"Accept: text/html",
        b"Origin: null",
        b"X: " + b"y" * 30_000,
    ]
