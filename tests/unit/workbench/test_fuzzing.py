"""Nasty inputs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from jackfield.workbench.bench import Bench
from jackfield.workbench.fuzzing import Fuzzed, fuzz
from support.sample_actions import TEXT, WHOLE, document, exported

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
URL = "https://s.example.com/a"


def fuzzed(tmp_path: Path, action: dict[str, Any]) -> Fuzzed:
    """Fuzz an action."""
    with Bench() as bench:
        return fuzz(bench, document(tmp_path, action))


def needed(
    url: str, method: str = "GET", *, kind: dict[str, Any] | None = None, **settings: Any
) -> dict[str, Any]:
    """Return an action with one required input `x`."""
    return exported(url, method, inputs={"x": kind or TEXT}, required=("x",), **settings)


@pytest.mark.parametrize(
    ("action", "code"),
    [
        (needed(URL, "POST", body='{"x": "${input.x}"}'), "FUZZ_BREAKS_JSON"),
        (needed(URL, "POST", body='{"x": "${input.x.replace(\'"\', "")}"}'), "FUZZ_BREAKS_JSON"),
        (needed(URL, "POST", body="x=${input.x}&y=1", headers=FORM), "FUZZ_BREAKS_FORM"),
        (needed(f"{URL}/${{input.x}}"), "FUZZ_BREAKS_URL"),
        (needed(f"{URL}?q=${{input.x}}"), "FUZZ_BREAKS_URL"),
        (needed("https://${input.x}.example.com/"), "FUZZ_FAILS"),
        (needed(URL, headers={"X-A": "${input.x}"}), "FUZZ_BREAKS_HEADER"),
        (exported(f"{URL}?q=${{input.x}}", inputs={"x": WHOLE}), "FUZZ_PRINTS_REFERENCE"),
    ],
)
def test_what_breaks_is_found(tmp_path: Path, action: dict[str, Any], code: str) -> None:
    """Each position where an input is not escaped has its finding, at the input in the template."""
    outcome = fuzzed(tmp_path, action)
    assert code in {one.code for one in outcome.findings}
    finding = next(one for one in outcome.findings if one.code == code)
    assert "`x`" in finding.message
    assert finding.place.line is not None
    assert outcome.runs > 1


@pytest.mark.parametrize(
    "action",
    [
        needed(f"{URL}/$esc.uriEncode(${{input.x}})?q=$esc.uriEncode(${{input.x}})"),
        needed(URL, "POST", body='{"x": "$esc.jsonEncode(${input.x})"}'),
        needed(URL, "POST", body="x=$esc.uriEncode(${input.x})", headers=FORM),
        needed(URL, "POST"),
        needed(URL, headers={"X-A": "$esc.uriEncode(${input.x})"}),
        needed(f"{URL}?q=${{input.x}}", kind=WHOLE),
        needed(f"{URL}?q=${{input.x}}", kind={"enum": ["a", "b"], "type": "string"}),
        exported(
            URL,
            "POST",
            body='{#if("$!{input.x}" != "")"x": "$esc.jsonEncode($!{input.x})"#end}',
            inputs={"x": TEXT},
        ),
    ],
)
def test_what_is_escaped_passes(tmp_path: Path, action: dict[str, Any]) -> None:
    """Nothing is found in an action that escapes its inputs."""
    outcome = fuzzed(tmp_path, action)
    assert outcome.findings == ()
    assert outcome.passed


def test_an_action_that_does_not_run_at_all(tmp_path: Path) -> None:
    """Its own finding is told, and nothing is tried."""
    outcome = fuzzed(tmp_path, needed("[YOUR SERVER]"))
    assert (outcome.runs, outcome.passed) == (1, False)
    assert [one.code for one in outcome.findings] == ["RENDERED_URL_NOT_ABSOLUTE"]


def test_bounds_of_the_contract_are_kept(tmp_path: Path) -> None:
    """Only what the contract allows is tried."""
    short = needed(URL, kind={"type": "string", "minLength": 1, "maxLength": 3})
    positive = needed(URL, kind={"type": "integer", "minimum": 1, "maximum": 5})
    assert fuzzed(tmp_path, short).runs < fuzzed(tmp_path, needed(URL)).runs
    assert fuzzed(tmp_path, positive).runs == 1
