"""Step 8: what counts as success, and how everything else is told."""

from __future__ import annotations

import pytest

from jackfield.domain.run import RunMode
from jackfield.engine.upstream import Fault, InboundReply, UpstreamFailure
from support.runs import CORRELATION, codes, json_reply, make_action, operation, run_action, text_reply

URL = "https://service.example/"


@pytest.mark.parametrize("status", [200, 201, 202, 203, 204, 226, 299])
@pytest.mark.parametrize("body", [b"", b" \r\n\t"])
def test_an_empty_success_is_an_empty_object(status: int, body: bytes) -> None:
    """202 and 204 replies without a body pass through `${rawResult}` as {}."""
    result = run_action(make_action(URL), {}, InboundReply(status, "", [], body))
    assert (result.success, result.final_result, result.remote_status) == (True, "{}", status)


@pytest.mark.parametrize(
    "text",
    [
        b'{"a":1.0}',
        b"[1, 2]",
        b'"text"',
        b"0",
        b"null",
        b"true",
        b'{"statusCode": 400}',
        b'\xef\xbb\xbf{"a":1}',
    ],
)
def test_any_json_is_a_success(text: bytes) -> None:
    """The reply's text is the result, unchanged but for a byte order mark."""
    result = run_action(make_action(URL), {}, text_reply(text))
    assert result.success
    assert result.final_result == text.decode("utf-8-sig")


@pytest.mark.parametrize(
    ("data", "content_type", "final"),
    [
        ('{"a":"é"}'.encode("latin-1"), "application/json; charset=ISO-8859-1", '{"a":"é"}'),
        ('{"a":"€"}'.encode("cp1252"), 'application/json; charset="windows-1252"', '{"a":"€"}'),
        ('{"a":"é"}'.encode("utf-16"), "application/json;charset=utf-16", '{"a":"é"}'),
        ('{"a":"é"}'.encode(), "application/json; charset=UTF-8", '{"a":"é"}'),
        ('{"a":"é"}'.encode(), "application/json; charset=nonsense", '{"a":"é"}'),
        (b"{}", "text/html; charset=rot13", "{}"),
    ],
)
def test_declared_character_sets_are_read(data: bytes, content_type: str, final: str) -> None:
    """What older services declare is converted; what nobody knows is taken as UTF-8."""
    result = run_action(make_action(URL), {}, text_reply(data, content_type))
    assert result.final_result == final


def test_long_integers_keep_their_digits() -> None:
    """Ids above 64 bits reach the result and the variables with every digit."""
    digits = "123456789012345678901234567890"
    action = make_action(URL, paths={"id": "$.id"}, success='{"id": ${id}}')
    result = run_action(action, {}, text_reply(f'{{"id": {digits}}}'.encode()))
    assert result.final_result == f'{{"id": {digits}}}'


def test_nesting_is_bounded_at_fifty() -> None:
    """Fifty levels pass, one more does not; many brackets side by side are no nesting."""
    assert run_action(make_action(URL), {}, text_reply(b"[" * 50 + b"]" * 50)).success
    assert codes(run_action(make_action(URL), {}, text_reply(b"[" * 51 + b"]" * 51))) == ["UPSTREAM_TOO_DEEP"]
    assert run_action(make_action(URL), {}, text_reply(b"[" + b"[]," * 200 + b"[]]")).success
    assert run_action(make_action(URL), {}, text_reply(b'["' + b"[" * 500 + b'"]')).success


def test_a_status_is_reflected_and_its_body_shown_in_test_mode_only() -> None:
    """Status, code and advice; the trace shows the refused reply too."""
    reply = json_reply({"why": "no such role"}, 403)
    test = run_action(make_action(URL), {}, reply)
    assert test.error is not None
    assert (test.error.status, test.error.code, test.remote_status) == (403, "not.authorized", 403)
    assert test.error.nested == (
        "REST call for action execute failed. Message: Request to backend service failed.  "
        f'Response from web service: {{"why":"no such role"}} [{CORRELATION}]'
    )
    assert operation(test, "Execute").result["body"] == '{"why":"no such role"}'
    execute = run_action(make_action(URL), {}, reply, mode=RunMode.EXECUTE)
    assert execute.error is not None
    assert "role" not in execute.error.nested + execute.error.findings[0].seen
    assert "permission" in execute.error.findings[0].fix


def test_a_reply_that_is_no_json_names_content_type_and_place() -> None:
    """The parser's words may quote the body, so execute leaves them out."""
    reply = text_reply(b"<html>sign in</html>", "text/html")
    test = run_action(make_action(URL), {}, reply)
    execute = run_action(make_action(URL), {}, reply, mode=RunMode.EXECUTE)
    assert codes(test) == codes(execute) == ["UPSTREAM_NOT_JSON"]
    assert test.error is not None
    assert execute.error is not None
    assert "text/html" in execute.error.message
    assert "sign in" not in execute.error.message + execute.error.findings[0].seen
    assert test.error.findings[0].seen == "<html>sign in</html>"
    assert "line 1, column 1" in test.error.message


@pytest.mark.parametrize("fault", Fault)
def test_every_failure_of_the_upstream_has_its_finding(fault: Fault) -> None:
    """Each fault is a code of the catalogue with status, detail and nested message."""
    failure = UpstreamFailure(fault, "why", phase="x", address="10.0.0.1")
    result = run_action(make_action(URL, timeout=7), {}, failure)
    assert codes(result) == [fault.value]
    assert result.error is not None
    assert (result.error.detail, result.remote_status) == ("ACTION.REMOTE_ENDPOINT", None)
    assert result.error.nested == f"REST call for action execute failed. Message: why [{CORRELATION}]"
    assert "service.example" in result.error.message


def test_a_timeout_names_the_seconds_and_the_phase() -> None:
    """`timeoutSeconds` of the action, 60 if it has none, and what was going on."""
    for timeout, seconds in ((7, "7 s"), (None, "60 s"), (600, "60 s"), (0, "1 s")):
        failure = UpstreamFailure(Fault.TIMEOUT, phase="the reply was awaited")
        result = run_action(make_action(URL, timeout=timeout), {}, failure)
        assert result.error is not None
        assert (result.error.status, result.error.code) == (408, "request.timeout")
        assert f"within {seconds}; time ran out while the reply was awaited" in result.error.message
