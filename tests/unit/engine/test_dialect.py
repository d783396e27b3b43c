"""The two questions about templates that users may answer for themselves."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from jackfield.domain.run import RunResult
from jackfield.engine.dialect import Dialect
from jackfield.engine.pipeline import Engine
from jackfield.workbench.bench import Bench, Trial
from jackfield.workbench.replies import SynthesizedReplies
from support.runs import CannedUpstream, WallClock, codes, make_action, make_run, operation, warning_codes
from support.sample_actions import TEXT, document, exported

LOOP = "https://service.example/#foreach($n in [1..2])$n#end"
NULL = "https://service.example/${input.none}"


def run_with(dialect: Dialect, url: str) -> RunResult:
    """Run an action with this URL."""
    engine = Engine(CannedUpstream(), WallClock(), dialect=dialect)
    return asyncio.run(engine.run(make_run(make_action(url), {"none": None})))


def test_null_prints_its_own_text_or_fails() -> None:
    """`literal` is documented, `error` is Velocity's strict rule."""
    assert warning_codes(run_with(Dialect(), NULL))[0] == "NULL_PRINTED"
    failed = run_with(Dialect(null_formal="error"), NULL)
    assert codes(failed) == ["TEMPLATE_NOT_RENDERED"]
    assert "${input.none}" in failed.error.findings[0].message if failed.error else False
    assert run_with(Dialect(null_formal="error"), "https://service.example/$!{input.none}").success


@pytest.mark.parametrize(("directives", "warnings"), [("warn", ["DIRECTIVE_UNPROVEN"]), ("allow", [])])
def test_loops_run_with_or_without_a_warning(directives: str, warnings: list[str]) -> None:
    """The result is the same."""
    result = run_with(Dialect(directives="warn" if directives == "warn" else "allow"), LOOP)
    assert warning_codes(result) == warnings
    assert operation(result, "URL").result == "https://service.example/12"


def test_loops_may_be_denied() -> None:
    """The step that renders the template fails and names the directive; conditions stay."""
    failed = run_with(Dialect(directives="deny"), LOOP)
    assert codes(failed) == ["TEMPLATE_NOT_RENDERED"]
    assert "foreach" in failed.error.findings[0].message if failed.error else False
    allowed = "https://service.example/#if($input.none)a#{else}b#end#set($x = 1)$x"
    result = run_with(Dialect(directives="deny"), allowed)
    assert operation(result, "URL").result == "https://service.example/b1"


def test_tests_without_a_server_choose_likewise(tmp_path: Path) -> None:
    """The bench reads templates as it is told."""
    action = document(tmp_path, exported("https://service.example/${input.id}", inputs={"id": TEXT}))
    trial = Trial(action, SynthesizedReplies(), {})
    for dialect, success in ((Dialect(), True), (Dialect(null_formal="error"), False)):
        with Bench(dialect=dialect) as bench:
            result = bench.run(trial)
        assert (codes(result.result) != ["TEMPLATE_NOT_RENDERED"]) is success
