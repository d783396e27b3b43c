"""Escaping by position."""

from __future__ import annotations

from typing import Any

import pytest

from jackfield.domain.finding import Severity
from jackfield.rules.lint.parts import ActionParts
from jackfield.rules.lint.positions import Position, landings
from support.lint_actions import codes, document, found, posted, sketched, the, underlined

CITY = {"city": "string"}


def parts_of(**overrides: Any) -> ActionParts:
    """The parts of an action."""
    of = sketched(**overrides)
    return ActionParts(
        of.name, of.integration_type, of.is_login, of.secure, of.config, of.contract, of.origin.place
    )


@pytest.mark.parametrize(
    ("url", "positions"),
    [
        ("${input.city}", [Position.START]),
        ("https://${input.city}.x/${input.city}", [Position.HOST, Position.PATH]),
        (
            "https://x/a?b=${input.city}&${input.city}#${input.city}",
            [Position.QUERY] * 2 + [Position.FRAGMENT],
        ),
        ("/api/v2/${input.city}?x=1", [Position.PATH]),
        ("${credentials.base}/v1/${input.city}", [Position.START, Position.PATH]),
        ("https://x/#if($input.city)a?b=#end${input.city}", [Position.UNKNOWN]),
        ("https://x/#if($input.city)a#{else}b#end/${input.city}", [Position.PATH]),
    ],
)
def test_positions_in_urls(url: str, positions: list[Position]) -> None:
    """Where a value lands follows from the text before it, branches included."""
    parts = parts_of(url=url, inputs=CITY)
    assert [one.position for one in landings(parts, parts.url)] == positions


@pytest.mark.parametrize(
    ("body", "positions"),
    [
        ('{"a": "${input.note}", "b": ${input.note}}', [Position.JSON_STRING, Position.JSON_VALUE]),
        ('{"a": "x\\"${input.note}"}', [Position.JSON_STRING]),
        ('{"a": "x\\\\", "b": ${input.note}}', [Position.JSON_VALUE]),
        ('{"a": $esc.quote${input.note}$esc.quote}', [Position.JSON_STRING]),
        ('{#if($input.note)"a": "b#end${input.note}"}', [Position.UNKNOWN]),
        ('{"a": "#foreach($i in [1])x#end${input.note}"}', [Position.UNKNOWN]),
    ],
)
def test_positions_in_json(body: str, positions: list[Position]) -> None:
    """Quotes, escapes and forks decide; behind what cannot be foreseen nothing is said."""
    parts = parts_of(method="POST", inputs={"note": "string"}, body=body)
    assert [one.position for one in landings(parts, parts.body)] == positions


@pytest.mark.parametrize(
    ("name", "schema", "severity"),
    [
        ("city", "string", Severity.WARNING),
        ("conversationId", "string", Severity.NOTE),
        ("ORDER_ID", "string", Severity.NOTE),
        ("id", "string", Severity.NOTE),
        ("paid", "string", Severity.WARNING),
        ("Valid", "string", Severity.WARNING),
    ],
)
def test_ids_are_notes(name: str, schema: str, severity: Severity) -> None:
    """What programs make holds nothing to escape, unless somebody means harm."""
    of = sketched(url=f"https://x.example.com/${{input.{name}}}", inputs={name: schema})
    assert the(of, "URL_PATH_INPUT_UNESCAPED").severity is severity


@pytest.mark.parametrize("schema", ["integer", "boolean", {"type": "string", "enum": ["a"]}])
def test_what_cannot_hold_anything_is_left_alone(schema: Any) -> None:
    """Numbers, truth values and closed lists need no escaping."""
    assert codes(sketched(url="https://x.example.com/${input.kind}", inputs={"kind": schema})) == []


@pytest.mark.parametrize(
    "url",
    [
        "https://x.example.com/a?$urlTool.optionalQueryParam('city', $input.city)",
        "https://x.example.com/a?b=$esc.url(${input.city})",
        "https://x.example.com/$esc.uriEncode(${input.city.trim()})",
        "https://x.example.com/$esc.uriEncode($salesforce.escReserved(${input.city}))",
    ],
)
def test_what_is_escaped_is_right(url: str) -> None:
    """Any of the macros that fit will do."""
    assert not {code for code in codes(sketched(url=url, inputs=CITY)) if "ESCAPED" in code}


def test_a_whole_query_is_not_escaped() -> None:
    """An input that brings parameters of its own is left alone."""
    of = sketched(url="https://x.example.com/a?${input.query}", inputs={"query": "string"})
    assert "URL_QUERY_INPUT_UNESCAPED" not in codes(of)


def test_the_very_input_is_underlined() -> None:
    """In a line full of escapes the caret still stands under the reference."""
    finding = the(posted('{\n "x": "é\\n",\n "note": "${input.note}"\n}'), "JSON_INPUT_UNESCAPED")
    assert underlined(finding) == "${input.note}"


def test_integers_in_strings_are_not_texts() -> None:
    """A number in a text needs no escaping."""
    of = posted('{"a": "no ${input.count}"}', inputs={"count": "integer"})
    assert codes(of) == []


def test_what_is_not_sent_is_not_looked_at() -> None:
    """The body of a GET may hold anything; that it is not sent is the finding."""
    of = sketched(body='{"a": "${input.orderId}"}')
    assert codes(of) == ["BODY_OF_GET"]


def test_a_form_without_a_header_is_told() -> None:
    """Without Content-Type a body is JSON."""
    assert "BODY_OF_ANOTHER_KIND" in codes(posted("note=$esc.uriEncode(${input.note})"))


def test_login_bodies_of_credentials_are_not_escaped() -> None:
    """Credentials are the author's own."""
    action = document(
        {
            "name": "Login",
            "integrationType": "custom-rest-actions",
            "actionType": "customAuth",
            "config": {
                "request": {
                    "requestUrlTemplate": "${credentials.loginUrl}",
                    "requestType": "POST",
                    "headers": {"Content-Type": "application/x-www-form-urlencoded"},
                    "requestTemplate": "scope=${credentials.scope}&grant_type=${credentials.grant_type}",
                },
                "response": {"successTemplate": "${rawResult}"},
            },
            "contract": {
                "input": {"inputSchema": {"type": "object", "properties": {}}},
                "output": {"successSchema": {"type": "object", "properties": {}}},
            },
            "secure": False,
        }
    )
    assert found(action) == ()


def test_the_whole_input_in_a_string_is_escaped() -> None:
    """Its JSON text is full of quotes; bare it is a value of its own."""
    assert codes(posted('{"payload": "${input.rawRequest}"}')) == ["JSON_INPUT_UNESCAPED"]
    assert codes(posted('{"payload": "$esc.jsonEncode(${input.rawRequest})"}')) == []
    assert codes(posted('{"payload": ${input.rawRequest}}')) == []
