"""Steps 10 and 11: success template and success schema."""

from __future__ import annotations

import pytest

from jackfield.domain.finding import Finding
from jackfield.domain.run import RunMode, RunResult
from support.runs import (
    basic_auth,
    codes,
    json_reply,
    make_action,
    run_action,
    text_reply,
    warning_codes,
)

URL = "https://service.example/"


def run(
    success: str, *, paths: dict[str, str] | None = None, defaults: dict[str, str] | None = None
) -> RunResult:
    """Run an action with a success template against a fixed reply."""
    action = make_action(URL, paths=paths or {"s": "$.s", "l": "$.l"}, defaults=defaults, success=success)
    return run_action(action, {"who": "Ann"}, json_reply({"s": "text", "l": ["a", "b"], "e": []}))


def finding_of(result: RunResult) -> Finding:
    """Return the first finding of a failed run."""
    assert result.error is not None
    return result.error.findings[0]


def test_the_documented_failure_of_the_workshop() -> None:
    """A name that the map spells differently: the cloud's own sentence, place, caret and nearest name."""
    result = run('{"x": ${Presences}}', paths={"Presence": "$.s"})
    finding = finding_of(result)
    assert finding.message == (
        "Transform failed to process result using 'successTemplate' template due to error:"
        "'Variable $Presences has not been set at successTemplate[line 1, column 7]'\n"
        " Template:'{\"x\": ${Presences}}'."
    )
    assert (finding.code, finding.place.line, finding.place.column) == ("TEMPLATE_VARIABLE_UNSET", 1, 7)
    assert finding.place.caret().splitlines()[1].index("^") == 6
    assert finding.fix == "Write `$Presence`; `$Presences` is not set."
    assert finding.accepted == "variables that are set here: $Presence, $rawResult"
    assert result.error is not None
    assert (result.error.status, result.error.code, result.error.detail) == (
        400, "bad.request", "ACTION.PROCESSING",
    )  # fmt: skip
    assert result.operations[-1].name == "Apply output transformation"


def test_the_caret_stands_below_the_character_also_after_tabs() -> None:
    """Velocity's column counts a tab as several; the caret does not."""
    place = finding_of(run('{\n\t\t"x": ${Nobody}}')).place
    assert place.line == 2
    assert place.caret().splitlines()[1].index("^") == place.excerpt.index("$")


@pytest.mark.parametrize(
    ("template", "final"),
    [
        ("${rawResult}", '{"s":"text","l":["a","b"],"e":[]}'),
        (" ${rawResult}\n", '{"s":"text","l":["a","b"],"e":[]}'),
        ('{"a": ${s}}', '{"a": "text"}'),
        ("${l}", '["a","b"]'),
        ('{"f": ${successTemplateUtils.firstFromArray("${l}")}}', '{"f": "a"}'),
        ("#if($s == '\"text\"')1#{else}2#end", "1"),
        ("7", "7"),
    ],
)
def test_the_output_is_the_result_as_it_was_written(template: str, final: str) -> None:
    """Numbers, blanks and member order are not touched."""
    assert run(template).final_result == final


def test_text_after_the_value_is_ignored_with_a_warning() -> None:
    """Published actions have one brace too many."""
    result = run('{"a": ${s}}}')
    assert (result.success, result.final_result) == (True, '{"a": "text"}')
    assert warning_codes(result) == ["OUTPUT_TRAILING_TEXT"]
    assert "`}`" in result.warnings[0].message


def test_quotes_around_a_variable_are_named_as_the_cause() -> None:
    """The most common slip of all: the value has its own quotes."""
    finding = finding_of(run('{"a": "${s}"}'))
    assert finding.code == "OUTPUT_NOT_JSON"
    assert finding.fix == "Write ${s} without quotes around it: its value already has its own."
    assert (finding.place.line, finding.place.excerpt) == (1, '{"a": ""text""}')


def test_a_default_that_is_no_json_is_named_as_the_cause() -> None:
    """The second most common one."""
    finding = finding_of(run('{"a": ${x}}', paths={"x": "$.no"}, defaults={"x": "Not Found"}))
    assert finding.code == "OUTPUT_NOT_JSON"
    assert "The default of `x` is not JSON text" in finding.fix


@pytest.mark.parametrize("template", ["", "  ", "#if(false)1#end"])
def test_an_empty_output_is_told_as_empty(template: str) -> None:
    """Nothing is no JSON either."""
    assert "it is empty" in finding_of(run(template)).message


@pytest.mark.parametrize("template", ['{"a": ', '{"a": 1,}', "text", "{'a': 1}", "NaN", '{"a": 1e}', "[1 2]"])
def test_what_is_no_json_points_at_its_place(template: str) -> None:
    """Line and column in the output, which execute does not show."""
    finding = finding_of(run(template))
    assert (finding.code, finding.place.line) == ("OUTPUT_NOT_JSON", 1)
    action = make_action(URL, success=template)
    execute = run_action(action, {}, mode=RunMode.EXECUTE)
    assert finding_of(execute).place.excerpt == finding_of(execute).seen == ""


def test_the_result_is_bounded_in_depth() -> None:
    """A template can nest deeper than a reply."""
    assert run("[" * 50 + "]" * 50).success
    assert codes(run("[" * 51 + "]" * 51)) == ["OUTPUT_TOO_DEEP"]
    assert codes(run("[" * 5000 + "]" * 5000)) == ["OUTPUT_TOO_DEEP"]


def test_the_success_template_may_read_the_input_with_a_warning() -> None:
    """One third-party source says that the cloud does not allow it."""
    result = run('{"w": "${input.who}", "W": "$Input.WHO"}')
    assert result.final_result.startswith('{"w": "Ann"')
    assert "SUCCESS_TEMPLATE_USES_INPUT" in warning_codes(result)


def test_a_variable_called_input_is_the_variable() -> None:
    """The translation map's own names come first."""
    result = run("${input}", paths={"input": "$.s"})
    assert (result.final_result, warning_codes(result)) == ('"text"', [])


def test_credentials_are_not_there() -> None:
    """Not even as a name."""
    action = make_action(URL, success="${credentials.password}")
    result = run_action(action, credentials=basic_auth())
    assert codes(result) == ["TEMPLATE_VARIABLE_UNSET"]
    assert "credentials" not in finding_of(result).accepted


SCHEMA = {
    "type": "object",
    "properties": {"s": {"type": "string"}, "n": {"type": "integer"}},
    "required": ["n"],
}


def test_the_result_must_match_the_success_schema() -> None:
    """All violations at once, with pointers into the result, in step 11."""
    action = make_action(URL, success_schema=SCHEMA)
    result = run_action(action, {}, json_reply({"s": 1}))
    assert codes(result) == ["OUTPUT_INVALID", "OUTPUT_INVALID"]
    assert result.operations[-1].step == 11
    assert result.error is not None
    assert {finding.place.pointer for finding in result.error.findings} == {"", "/s"}
    assert run_action(action, {}, json_reply({"s": "x", "n": 2})).success


def test_trailing_text_is_checked_against_the_schema_without_the_rest() -> None:
    """What is ignored is ignored everywhere."""
    action = make_action(URL, success="${rawResult} rest", success_schema=SCHEMA)
    result = run_action(action, {}, text_reply(b'{"n": 2}'), flatten=True)
    assert result.final_result == '{"n":2}'
