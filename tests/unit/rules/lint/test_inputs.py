"""Optional inputs, texts and numbers."""

from __future__ import annotations

import pytest

from jackfield.domain.finding import Severity
from jackfield.rules.lint import LintOptions
from support.lint_actions import codes, found, posted, sketched, the

OPTIONAL = "OPTIONAL_INPUT_PRINTED"


@pytest.mark.parametrize(
    "body",
    [
        '{"note": "$!{input.note}"}',
        '{#if($input.note)"note": "${input.note}"#end}',
        '{#if("$!{input.note}" != "")"note": "${input.note}"#{else}"x": "${input.note}"#end}',
        '{#if($input.note && $input.note != "")"note": "$input.note"#end}',
    ],
)
def test_guarded_and_quiet_ones_are_right(body: str) -> None:
    """Whoever looks at the input in a condition has thought of it."""
    assert OPTIONAL not in codes(posted(body, required=[]))


@pytest.mark.parametrize("reference", ["${input.note}", "$input.note", "$input.Note", "${input['note']}"])
def test_all_loud_notations_are_found(reference: str) -> None:
    """With braces and without, whatever the case."""
    assert OPTIONAL in codes(posted(f'{{"note": "{reference}"}}', required=[]))


@pytest.mark.parametrize(
    ("url", "printed"),
    [
        ("https://x.example.com/a?b=c$urlTool.optionalQueryParam('d', $input.note)", False),
        ("https://x.example.com/a?b=c$urlTool.optionalQueryParam('d', \"${input.note}\")", True),
        ("https://x.example.com/a?b=$esc.uriEncode($input.note)", True),
        (
            "https://x.example.com/a?b=$esc.uriEncode($msdynamics.phoneNumberFilter($input.note, ['a']))",
            False,
        ),
    ],
)
def test_macros_that_take_null(url: str, printed: bool) -> None:
    """`optionalQueryParam` is there for optional inputs; a text in quotes is never null."""
    of = sketched(url=url, inputs={"note": "string"}, required=[], type="microsoft-dynamics-data-actions")
    assert (OPTIONAL in codes(of)) is printed


def test_what_null_does_can_be_chosen() -> None:
    """`literal` says that the reference prints itself; with `error` it stops the run, which is an error."""
    of = posted('{"note": "${input.note}"}', required=[])
    literal = [one for one in found(of) if one.code == OPTIONAL]
    error = [one for one in found(of, LintOptions(null_formal="error")) if one.code == OPTIONAL]
    assert "prints `${input.note}` itself" in literal[0].message
    assert literal[0].severity is Severity.WARNING
    assert "stops the run" in error[0].message
    assert error[0].severity is Severity.ERROR


def test_a_bare_value_leaves_a_gap_quiet_or_not() -> None:
    """Neither notation gives JSON, so no notation is offered."""
    for reference in ("${input.note}", "$!{input.note}"):
        of = posted(f'{{"note": {reference}}}', inputs={"note": "integer"}, required=[])
        assert codes(of) == ["OPTIONAL_INPUT_LEAVES_GAP"]


def test_a_body_that_is_the_input_uses_every_input() -> None:
    """`${input.rawRequest}` passes all of them on."""
    assert codes(posted("${input.rawRequest}", inputs={"a": "string", "b": "string"})) == []


def test_an_input_of_a_body_that_is_not_sent_is_unused() -> None:
    """The finding says why."""
    of = sketched(inputs={"orderId": "string", "note": "string"}, body='{"note": "${input.note}"}')
    assert "not sent with this method" in the(of, "INPUT_UNUSED").message


def test_an_input_in_a_condition_is_used() -> None:
    """Reading is not only printing."""
    of = posted('{#if($input.loud == true)"a": 1#end}', inputs={"loud": "boolean"})
    assert "INPUT_UNUSED" not in codes(of)


def test_a_wrong_reference_is_not_an_unused_input_twice() -> None:
    """A template that does not parse says nothing about what is used."""
    assert "INPUT_UNUSED" not in codes(posted('{"note": "#if($input.note)'))
