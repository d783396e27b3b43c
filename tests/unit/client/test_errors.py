"""Error bodies become findings, whoever sent them."""

from __future__ import annotations

import json

import pytest

from jackfield.client.errors import read_error, read_login_error, read_warnings
from jackfield.domain.finding import Grade, Severity

NESTED = {
    "message": "The credential belongs into a slot. (2 faults in all; see errors.)",
    "code": "bad.request",
    "status": 400,
    "contextId": "abc",
    "details": [],
    "errors": [
        {
            "code": "JSON_STRAY_QUOTE",
            "message": "A quote too many.",
            "messageParams": {
                "seen": '"""',
                "accepted": '""',
                "fix": "Write two quotes.",
                "line": "14",
                "column": "12",
                "severity": "error",
                "grade": "documented",
                "excerpt": '  "notes": """,',
                "caret": "           ^^^",
                "afterRepair": "true",
            },
            "details": [{"fieldName": "/notes"}],
        },
        {"code": "VERSION_AS_TEXT", "message": "Text.", "messageParams": {"severity": "warning"}},
    ],
}


def test_findings_of_a_jackfield_are_read_whole() -> None:
    """Place, caret, grade, severity and the three sentences arrive."""
    error = read_error(400, {}, json.dumps(NESTED).encode())
    first, second = error.findings
    assert (error.code, error.context_id, error.status) == ("bad.request", "abc", 400)
    assert (first.place.pointer, first.place.line, first.place.column) == ("/notes", 14, 12)
    assert first.place.caret() == '  "notes": """,\n           ^^^'
    assert (first.seen, first.accepted, first.fix) == ('"""', '""', "Write two quotes.")
    assert (first.grade, first.severity, first.after_repair) == (Grade.DOCUMENTED, Severity.ERROR, True)
    assert (second.severity, second.place.line) == (Severity.WARNING, None)
    assert error.message == NESTED["message"]


def test_a_refusal_of_the_cloud_becomes_one_finding() -> None:
    """Without nested errors the sentence and the details make a finding with an advice."""
    body = {"status": 400, "code": "bad.request", "message": "malformed", "details": [{"errorCode": "A.B"}]}
    error = read_error(400, {"inin-correlation-id": "c-1"}, json.dumps(body).encode())
    assert error.findings[0].code == "REMOTE_REFUSED"
    assert "malformed" in error.findings[0].message
    assert "errorCode A.B" in error.findings[0].accepted
    assert error.context_id == "c-1"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>Bad Gateway</html>",
        b"[]",
        b'{"errors": "no", "details": 3, "message": 7}',
        b"\xff",
        b"[" * 9999,
    ],
)
def test_any_body_at_all_is_understood(body: bytes) -> None:
    """Nothing that a proxy may answer makes the client fail otherwise."""
    error = read_error(502, {"retry-after": "soon"}, body)
    assert error.findings[0].code == "REMOTE_REFUSED"
    assert (error.status, error.retry_after) == (502, None)


@pytest.mark.parametrize(
    ("status", "code", "message", "conflict"),
    [
        (409, "invalid.update.wrong.version", "", True),
        (409, "general.conflict", "", False),
        (408, "request.timeout", "", True),
        (400, "bad.request", "Version 2 does not match the current version 3.", True),
        (400, "bad.request", "wrong", False),
        (404, "not.found", "", False),
    ],
)
def test_all_forms_of_a_stale_version_are_recognised(
    status: int, code: str, message: str, conflict: bool
) -> None:
    """409, 408 and a 400 with the known words are version conflicts; others are not."""
    error = read_error(status, {}, json.dumps({"code": code, "message": message}).encode())
    assert error.is_version_conflict is conflict


def test_limits_are_kept() -> None:
    """The crossed limit and the seconds to wait arrive."""
    body = {"code": "too.many.requests", "limit": {"key": "k", "namespace": "n", "value": 50}}
    error = read_error(429, {"retry-after": "7"}, json.dumps(body).encode())
    assert error.limit == {"key": "k", "namespace": "n", "value": 50}
    assert error.retry_after == 7


def test_a_login_refusal_without_words_names_the_status() -> None:
    """An empty body still makes a sentence."""
    assert "status 403" in read_login_error(403, b"", "http://x/oauth/token").message


@pytest.mark.parametrize("header", ["", "nonsense", "[" * 9999, "[1, 2]"])
def test_unreadable_warnings_are_none(header: str) -> None:
    """The header of another server never disturbs a success."""
    assert read_warnings(header) == ()
