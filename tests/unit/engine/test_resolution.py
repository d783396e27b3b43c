"""Steps 5 to 7: what goes out."""

from __future__ import annotations

import asyncio
import base64
from typing import Any

import orjson
import pytest

from jackfield.engine.upstream import OutboundRequest
from support.runs import (
    CannedUpstream,
    basic_auth,
    codes,
    make_action,
    make_run,
    operation,
    run_action,
    run_once,
    user_defined,
    warning_codes,
)

URL = "https://service.example/"


def sent(inputs: dict[str, Any] | None = None, **changes: Any) -> OutboundRequest:
    """Run an action that must succeed and return its request."""
    upstream = CannedUpstream()
    credentials = changes.pop("credentials", None)
    action = make_action(**{"url": URL, "method": "POST", **changes})
    result = run_action(action, inputs or {}, upstream=upstream, credentials=credentials)
    assert result.success, result.error
    return upstream.last


def headers_of(request: OutboundRequest) -> dict[str, str]:
    """Return headers by lower-case name."""
    return {name.lower(): value for name, value in request.headers}


def test_input_credentials_and_engine_values_reach_the_templates() -> None:
    """`input` has the caller's values and rawRequest, orgId, integrationId; `credentials` the real values."""
    request = sent(
        {"id": "a b", "n": 3, "yes": True},
        url=URL + "$esc.uriEncode(${input.id})/${input.n}/${input.yes}/${input.orgId}/${input.integrationId}",
        headers={"X-Key": "${credentials.key}"},
        credentials=user_defined(key="real-value"),
    )
    assert request.target.path == "/a%20b/3/true/org-1/int-1"
    assert headers_of(request)["x-key"] == "real-value"
    assert request.body == b'{"id":"a b","n":3,"yes":true}'


def test_the_callers_own_text_is_the_default_body() -> None:
    """`${input.rawRequest}` is what the caller sent, byte for byte, numbers and blanks included."""
    upstream = CannedUpstream()
    raw = '{ "a" : 1.0, "b": "\\u00e9" }'

    asyncio.run(run_once(make_run(make_action(URL, "POST"), {"a": 1.0, "b": "é"}, raw=raw), upstream))
    assert upstream.last.body == raw.encode()


def test_reserved_names_are_the_engines_own() -> None:
    """A caller cannot pass for another organization."""
    request = sent({"orgId": "forged", "rawRequest": "forged"}, body="${input.orgId}")
    assert request.body == b"org-1"


@pytest.mark.parametrize(
    ("method", "template", "body"),
    [
        ("GET", "${input.rawRequest}", None),
        ("GET", "something", None),
        ("DELETE", "${input.rawRequest}", None),
        ("DELETE", " ${input.rawRequest}\n", None),
        ("DELETE", "", None),
        ("DELETE", '{"why": "${input.a}"}', b'{"why": "x"}'),
        ("POST", "${input.rawRequest}", b'{"a":"x"}'),
        ("PUT", "a=${input.a}", b"a=x"),
        ("PATCH", "", b""),
        ("post", "x", b"x"),
    ],
)
def test_which_methods_have_a_body(method: str, template: str, body: bytes | None) -> None:
    """GET never, DELETE only with a template of its own, the others always."""
    request = sent({"a": "x"}, method=method, body=template)
    assert (request.method, request.body) == (method.upper(), body)


@pytest.mark.parametrize(
    ("method", "headers", "content_type"),
    [
        ("POST", {}, "application/json"),
        ("POST", {"content-type": "application/x-www-form-urlencoded"}, "application/x-www-form-urlencoded"),
        ("GET", {}, None),
        ("GET", {"Content-Type": "text/plain"}, "text/plain"),
    ],
)
def test_json_is_the_default_content_type(
    method: str, headers: dict[str, str], content_type: str | None
) -> None:
    """Only where there is a body and the author said nothing."""
    assert headers_of(sent(method=method, headers=headers)).get("content-type") == content_type


def test_pseudo_headers_steer_the_engine_and_are_not_sent() -> None:
    """`Transfer-Encoding: buffered` and `Connection: close`, in any case, also from templates."""
    plain = sent()
    assert (plain.buffered, plain.close) == (False, False)
    headers = {"transfer-encoding": "Buffered", "CONNECTION": "${input.c}"}
    request = sent({"c": "close"}, headers=headers)
    assert (request.buffered, request.close) == (True, True)
    assert not {"transfer-encoding", "connection"} & set(headers_of(request))


@pytest.mark.parametrize("name", ["Host", "Content-Length", "Upgrade", "Expect", "TE", "Transfer-Encoding"])
def test_headers_of_framing_are_left_out_with_a_warning(name: str) -> None:
    """They would contradict what the client writes itself."""
    upstream = CannedUpstream()
    result = run_action(make_action(URL, headers={name: "5"}), upstream=upstream)
    assert result.success
    assert name.lower() not in headers_of(upstream.last)
    assert warning_codes(result) == ["HEADER_LEFT_OUT"]


def test_defaults_of_the_engine_yield_to_the_author() -> None:
    """Accept, Accept-Encoding and User-Agent are set unless the action sets them."""
    assert {"accept", "accept-encoding", "user-agent"} <= set(headers_of(sent()))
    request = sent(headers={"accept": "application/json", "User-agent": "PureCloudIntegrations/1.0"})
    names = [name.lower() for name, _ in request.headers]
    assert names.count("accept") == names.count("user-agent") == 1
    assert headers_of(request)["user-agent"] == "PureCloudIntegrations/1.0"


def test_basic_credentials_become_a_header() -> None:
    """UTF-8, colon and all; the author's own header yields with a warning."""
    upstream = CannedUpstream()
    action = make_action(URL, headers={"authorization": "Bearer x"})
    result = run_action(action, upstream=upstream, credentials=basic_auth("änna", "pa:ss"))
    expected = base64.b64encode("änna:pa:ss".encode()).decode()
    assert headers_of(upstream.last)["authorization"] == f"Basic {expected}"
    assert [name.lower() for name, _ in upstream.last.headers].count("authorization") == 1
    assert warning_codes(result) == ["AUTHORIZATION_REPLACED"]


def test_user_defined_credentials_act_only_through_templates() -> None:
    """No header appears by itself, and the author's own Authorization is sent."""
    assert "authorization" not in headers_of(sent(credentials=user_defined(key="k")))
    request = sent(headers={"Authorization": "Key ${credentials.key}"}, credentials=user_defined(key="k"))
    assert headers_of(request)["authorization"] == "Key k"


@pytest.mark.parametrize(
    ("value", "name"), [("a\r\nX: y", "CR"), ("a\nb", "LF"), ("a\x00b", "NUL"), ("a\x1fb", "U+001F")]
)
def test_control_characters_in_headers_are_refused(value: str, name: str) -> None:
    """The finding names header, character and position; nothing is sent."""
    upstream = CannedUpstream()
    result = run_action(make_action(URL, headers={"X-A": "${input.a}"}), {"a": value}, upstream=upstream)
    assert codes(result) == ["RENDERED_HEADER_CONTROL_CHARACTER"]
    assert result.error is not None
    assert (result.error.status, result.error.detail) == (400, "ACTION.PROCESSING")
    assert name in result.error.message
    assert "position 2" in result.error.message
    assert not upstream.requests


def test_control_characters_in_the_url_are_refused() -> None:
    """Also at its end, and from an input."""
    for value in ("x\r\n", "\nx", "a\x00"):
        result = run_action(make_action(URL + "${input.a}"), {"a": value})
        assert codes(result) == ["RENDERED_URL_CONTROL_CHARACTER"]


def test_blanks_in_a_url_are_encoded_with_a_warning() -> None:
    """What would break the request line is encoded and told; what is encoded already stays."""
    upstream = CannedUpstream()
    url = URL + "a b/%20?q=${input.q}&r=é"
    result = run_action(make_action(url), {"q": '<"|>'}, upstream=upstream)
    assert upstream.last.target.path == "/a%20b/%20?q=%3C%22%7C%3E&r=%C3%A9"
    assert warning_codes(result) == ["RENDERED_URL_ENCODED"]
    assert "a blank" in result.warnings[0].message


@pytest.mark.parametrize(
    ("url", "headers", "body", "template"),
    [
        (URL + "${inputs.a}", {}, "", "requestUrlTemplate"),
        (URL, {"X-A": "${inputs.a}"}, "", "X-A"),
        (URL, {}, "\n ${inputs.a}", "requestTemplate"),
    ],
)
def test_an_unset_variable_names_template_place_and_nearest_name(
    url: str, headers: dict[str, str], body: str, template: str
) -> None:
    """The cloud's sentence, and besides it line, column, caret and what was probably meant."""
    result = run_action(make_action(url, "POST", headers=headers, body=body), {"a": 1})
    assert codes(result) == ["TEMPLATE_VARIABLE_UNSET"]
    assert result.error is not None
    finding = result.error.findings[0]
    assert finding.message.startswith(
        f"Transform failed to process result using '{template}' template due to error:'Variable $inputs has"
    )
    assert (finding.place.line, finding.place.excerpt[finding.place.column or 0 :][:7]) == (
        2 if body else 1, "{inputs",
    )  # fmt: skip
    assert finding.fix == "Write `$input`; `$inputs` is not set."
    assert "^" in finding.place.caret()


@pytest.mark.parametrize(
    ("variable", "remedy"), [("credentials.token", "userDefined"), ("parcel", "$input.parcel")]
)
def test_an_unset_variable_of_a_request_is_not_sent_to_the_translation_map(
    variable: str, remedy: str
) -> None:
    """The translation map sets variables of the success template only; a request needs another remedy."""
    result = run_action(make_action(URL, "GET", headers={"X-A": f"${variable}"}), {"a": 1})
    assert codes(result) == ["TEMPLATE_VARIABLE_UNSET"]
    assert result.error is not None
    fix = result.error.findings[0].fix
    assert remedy in fix
    assert "translationMap" not in fix


def test_a_template_that_is_none_fails_its_own_step() -> None:
    """Syntax errors come from the step that renders the template, with a caret."""
    result = run_action(make_action(URL, "POST", body="#if($input.a) x"), {"a": 1})
    assert codes(result) == ["TEMPLATE_NOT_RENDERED"]
    assert result.operations[-1].name == "Resolve request body template"
    assert result.error is not None
    assert result.error.findings[0].place.caret()


def test_optional_inputs_quiet_and_loud() -> None:
    """Quiet prints nothing; formal prints itself, with a warning; `#if` sees that it is not there."""
    upstream = CannedUpstream()
    body = '{"q": "$!{input.no}", "f": "${input.no}"#if($input.no), "x": 1#end}'
    result = run_action(make_action(URL, "POST", body=body), {}, upstream=upstream)
    assert orjson.loads(upstream.last.body or b"") == {"q": "", "f": "${input.no}"}
    assert warning_codes(result) == ["NULL_PRINTED"]
    assert "${input.no}" in result.warnings[0].message


@pytest.mark.parametrize(
    ("template", "written"),
    [("${Input.Name}", "Input"), ("$INPUT.name", "INPUT"), ("${input.NAME}", "input.NAME")],
)
def test_other_capital_letters_are_found_with_a_warning(template: str, written: str) -> None:
    """Published actions write them; here they work and are told."""
    upstream = CannedUpstream()
    schema = {"type": "object", "properties": {"name": {"type": "string"}}}
    action = make_action(URL, "POST", body=template, input_schema=schema)
    result = run_action(action, {"name": "Ann"}, upstream=upstream)
    assert upstream.last.body == b"Ann"
    assert set(warning_codes(result)) == {"INPUT_NAME_CASE"}
    assert any(f"`{written}`" in finding.message for finding in result.warnings)


def test_plain_http_over_a_network_is_told() -> None:
    """Loopback is nobody's network."""
    assert warning_codes(run_action(make_action("http://service.example/"))) == ["PLAIN_HTTP"]
    assert warning_codes(run_action(make_action("http://localhost:1/"))) == []


def test_directives_that_no_sample_uses_work_with_a_warning() -> None:
    """A loop runs; the warning names the directive and its place."""
    result = run_action(make_action(URL, "POST", body="a\n#foreach($i in [1..3])$i#end"))
    assert operation(result, "body template").result == "a\n123"
    assert warning_codes(result) == ["DIRECTIVE_UNPROVEN"]
    assert (result.warnings[0].place.line, result.warnings[0].place.column) == (2, 1)
