"""Step 9: variables out of the reply."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from jackfield.domain.run import RunResult
from support.runs import codes, json_reply, make_action, operation, run_action

URL = "https://service.example/"
DOCUMENT = {
    "s": 'a"b',
    "n": 1.0,
    "i": 7,
    "t": True,
    "z": None,
    "o": {"k": [1, 2]},
    "list": [{"id": 1}, {"id": 2}],
}


def translated(paths: dict[str, str], defaults: dict[str, str] | None = None) -> dict[str, str]:
    """Return the variables that a map gives."""
    result = run_action(make_action(URL, paths=paths, defaults=defaults), {}, json_reply(DOCUMENT))
    shown: dict[str, str] = operation(result, "translation").result
    return shown


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("$.s", '"a\\"b"'),
        ("$.n", "1.0"),
        ("$.i", "7"),
        ("$.t", "true"),
        ("$.z", "null"),
        ("$.o", '{"k":[1,2]}'),
        ("$.o.k", "[1,2]"),
        ("$.list[*].id", "[1,2]"),
        ("$.list[?(@.id==2)]", '[{"id":2}]'),
        ("$.list[?(@.id==9)]", "[]"),
        ("$..id", "[1,2]"),
        ("o.k[0]", "1"),
    ],
)
def test_values_are_json_text(path: str, text: str) -> None:
    """Strings keep their quotes; definite paths give the value, indefinite ones always a list."""
    assert translated({"x": path}) == {"x": text}


def test_defaults_stand_in_for_what_is_not_there() -> None:
    """Used when a path does not resolve; not for null, and not for an indefinite path without matches."""
    defaults = {"x": '"fallback"', "unused": "1"}
    assert translated({"x": "$.missing.deep"}, defaults) == {"x": '"fallback"'}
    assert translated({"x": "$.z"}, defaults) == {"x": "null"}
    assert translated({"x": "$.list[?(@.id==9)].id"}, defaults) == {"x": "[]"}
    assert translated({"x": "$.missing"}) == {}


def test_a_variable_without_value_and_default_stays_undefined() -> None:
    """Step 9 is green, step 10 fails with the cloud's sentence."""
    result = run_action(make_action(URL, paths={"x": "$.missing"}, success="${x}"), {}, json_reply(DOCUMENT))
    assert operation(result, "translation").success
    assert codes(result) == ["TEMPLATE_VARIABLE_UNSET"]


@pytest.mark.parametrize("path", ["$.[?(", "$.list[?(@.id==)]"])
def test_a_path_that_is_none_fails_step_nine(path: str) -> None:
    """The finding names the variable and points at the column."""
    result = run_action(make_action(URL, paths={"good": "$.s", "a/b": path}), {}, json_reply(DOCUMENT))
    assert codes(result) == ["TRANSLATION_PATH_FAILED"]
    assert result.operations[-1].step == 9
    assert result.error is not None
    place = result.error.findings[0].place
    assert place.pointer == "/config/response/translationMap/a~1b"
    assert place.excerpt == path
    assert place.column is not None
    assert 1 < place.column <= len(path) + 1


def _function_on_text(defaults: dict[str, str]) -> RunResult:
    return run_action(make_action(URL, paths={"x": "$.s.sum()"}, defaults=defaults), {}, json_reply(DOCUMENT))


def test_a_function_that_does_not_fit_fails_or_takes_the_default() -> None:
    """It did not resolve: with a default that is used, without one the step fails."""
    assert codes(_function_on_text({})) == ["TRANSLATION_PATH_FAILED"]
    assert operation(_function_on_text({"x": "0"}), "translation").result == {"x": "0"}


def test_the_whole_reply_is_raw_result() -> None:
    """`rawResult` is the reply's own text, next to the variables."""
    action = make_action(URL, paths={"i": "$.i"}, success='{"all": ${rawResult}, "i": ${i}}')
    result = run_action(action, {}, json_reply(DOCUMENT))
    value: Any = orjson.loads(result.final_result)
    assert (value["all"], value["i"]) == (DOCUMENT, 7)
