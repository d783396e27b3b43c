"""Success templates against JSON and the output contract."""

from __future__ import annotations

import pytest

from jackfield.domain.finding import Severity
from support.lint_actions import codes, posted, sketched, the, underlined

FIRST = '${successTemplateUtils.firstFromArray("${state}", "$esc.quote$esc.quote")}'
LIST = {"paths": {"state": "$.a[*].state"}, "defaults": {}}


@pytest.mark.parametrize(
    "template",
    [
        '{"state": ${state}}',
        '{ "state" :\r\n ${state} }\n',
        '{"state": #if($state == \'"open"\')"yes"#{else}"no"#end}',
        '#set($x = $state){"state": ${x}}',
        '{"state": $esc.quote$esc.jsonEncode("${state}")$esc.quote}',
        '{"state": "$esc.jsonEncode(${rawResult})", "state": ${state}}',
        '{#foreach($x in [1])"a": 1#end "state": ${state}}',
        '{"state": ${state}#if($state == \'"x"\'), "state": "y"#end}',
    ],
)
def test_templates_that_print_json(template: str) -> None:
    """Conditions, macros and quotes by macro do not make a false alarm."""
    assert not {"SUCCESS_TEMPLATE_NOT_JSON", "TEXT_AFTER_RESULT", "OUTPUT_NOT_PRODUCED"} & set(
        codes(sketched(success=template))
    )


@pytest.mark.parametrize(
    ("template", "spot"),
    [
        ('{"state": ${state}, }', None),
        ('{"state" ${state}}', None),
        ('{"state": ${state}', None),
        ("{'state': ${state}}", None),
        ("{state: ${state}}", "state"),
        ("state=${state}", None),
    ],
)
def test_templates_that_do_not(template: str, spot: str | None) -> None:
    """The place is in the template, and the reason tells what is wrong."""
    finding = the(sketched(success=template), "SUCCESS_TEMPLATE_NOT_JSON")
    assert finding.place.pointer == "/config/response/successTemplate"
    if spot:
        assert underlined(finding)[0] == spot[0]


def test_a_comma_that_depends_on_a_condition() -> None:
    """One condition that leaves a comma over is told, with the case in which it does."""
    finding = the(
        posted('{"a": 1, #if($input.note != "")"note": "$esc.jsonEncode(${input.note})"#end}'),
        "BODY_NOT_JSON",
    )
    assert "when the condition is not true" in finding.message


def test_conditions_that_belong_together_are_not_judged() -> None:
    """Two conditions may exclude each other, so that one pair of branches never happens."""
    body = '{#if($input.note == "a")"x": 1#end#if($input.note != "a")"y": 2#end}'
    assert "BODY_NOT_JSON" not in codes(posted(body))


def test_what_stands_behind_is_pointed_at() -> None:
    """The bracket too many is underlined."""
    assert underlined(the(sketched(success='{"state": ${state}}}'), "TEXT_AFTER_RESULT")) == "}"


@pytest.mark.parametrize(
    "template",
    ['{"state": "${state}"}', '{"state": "is ${state}"}', '{"state": "' + FIRST + '"}', '"${rawResult}"'],
)
def test_quotes_around_json_text(template: str) -> None:
    """Variables, firstFromArray and the whole reply bring their own quotes."""
    assert "QUOTES_AROUND_JSON_TEXT" in codes(sketched(success=template))


def test_numbers_between_quotes_are_meant() -> None:
    """A variable that is a number by its default may well stand in a text."""
    of = sketched(success='{"state": "${state}"}', defaults={"state": "0"})
    assert "QUOTES_AROUND_JSON_TEXT" not in codes(of)


def test_a_list_for_a_list_is_right() -> None:
    """The contract decides."""
    wanted = {"type": "array", "items": {"type": "string"}}
    assert codes(sketched(**LIST, outputs={"state": wanted})) == []
    assert "LIST_FOR_ONE_VALUE" in codes(sketched(**LIST))


def test_a_single_variable_is_the_result() -> None:
    """A template of one variable is held against the whole contract."""
    of = sketched(**{**LIST, "success": "${state}", "output": {"type": "string"}, "outputs": {}})
    assert "LIST_FOR_ONE_VALUE" in codes(of)


def test_undeclared_members_are_refused_by_closed_contracts() -> None:
    """Open contracts make it a note, closed ones a warning."""
    template = '{"state": ${state}, "x": 1}'
    note = the(sketched(success=template), "OUTPUT_UNDECLARED")
    warning = the(sketched(success=template, output={"additionalProperties": False}), "OUTPUT_UNDECLARED")
    assert (note.severity, warning.severity) == (Severity.NOTE, Severity.WARNING)


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ('$state == "open"', True),
        ('"open" != $state', True),
        ("$state == 'open'", True),
        ('"$!{state}" != ""', True),
        ('"$!{state} x" != ""', False),
        ("$state == '\"open\"'", False),
        ('$state == "5"', False),
        ("$state == 'true'", False),
        ("$state == $rawResult", False),
        ('$other == "open"', False),
    ],
)
def test_comparisons(condition: str, found: bool) -> None:
    """JSON text equals only JSON text; numbers and truth values look alike in both."""
    of = sketched(success='{"state": #if(' + condition + ')"a"#{else}"b"#end}')
    assert ("JSON_TEXT_COMPARED" in codes(of)) is found


def test_the_reply_as_it_is_promises_nothing_wrong() -> None:
    """The most frequent template gives no finding."""
    assert codes(sketched(success="${rawResult}", paths={}, defaults={})) == []


def test_escaped_variables_need_quotes_too() -> None:
    """The macro adds none, in the success template as little as in the body."""
    assert "ESCAPED_WITHOUT_QUOTES" in codes(sketched(success='{"state": $esc.jsonEncode(${state})}'))
    assert codes(sketched(success='{"state": "$esc.jsonEncode(${state})"}')) == []
