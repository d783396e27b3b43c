"""The planted defects: every rule's wrong example gives its finding, the right one does not."""

from __future__ import annotations

import pytest

from jackfield.domain.catalogue import CATALOGUE, lint_requests, lint_results
from jackfield.domain.finding import Severity
from jackfield.rules.lint import LintOptions
from jackfield.rules.lint.examples import EXAMPLES
from jackfield.workbench.linting import FIXABLE, lint
from jackfield.workbench.mending import mend
from support.lint_actions import codes, document, found, sketched

OWN = [entry.code for area in (lint_requests, lint_results) for entry in area.ENTRIES]


def test_every_rule_has_an_example() -> None:
    """No code of lint is without one, and there are more than a hundred rules."""
    assert [code for code in OWN if code not in EXAMPLES] == []
    assert len(EXAMPLES) > 100
    assert set(EXAMPLES) <= set(CATALOGUE)


def test_the_usual_action_is_right() -> None:
    """Control: what the examples are made of gives no finding at all."""
    assert codes(sketched()) == []


@pytest.mark.parametrize("code", EXAMPLES)
def test_the_wrong_example_is_found(code: str) -> None:
    """It gives the finding of its rule, with a place in the file, and the severity of the catalogue."""
    matching = [one for one in found(document(EXAMPLES[code].bad_action())) if one.code == code]
    assert matching
    for one in matching:
        assert one.place.line is not None
        assert one.place.file == "action.custom.json"
        assert one.severity in (CATALOGUE[code].severity, Severity.NOTE)


@pytest.mark.parametrize("code", EXAMPLES)
def test_the_right_example_is_not_found(code: str) -> None:
    """It does not give the finding of its rule, and no error or warning of any other one."""
    findings = found(document(EXAMPLES[code].good_action()))
    assert code not in [one.code for one in findings]
    assert [one.code for one in findings if one.severity is not Severity.NOTE] == []


@pytest.mark.parametrize("code", EXAMPLES)
def test_what_can_be_mended_is_mended(code: str) -> None:
    """After mending, the finding is gone where it was to be mended, and nothing new is there."""
    wrong = document(EXAMPLES[code].bad_action())
    before = lint(wrong)
    after = lint(mend(wrong, LintOptions()).document)
    mended = any(
        splices and one.code == code for one, splices in zip(before.findings, before.splices, strict=True)
    )
    assert not mended or code in FIXABLE
    assert not (mended and code in [one.code for one in after.findings])
    assert after.fixable == ()
    assert len(after.findings) <= len(before.findings)


def test_what_is_said_to_be_mendable_is() -> None:
    """Each code that the documentation calls mendable is mended in some example."""
    mended = {
        one.code
        for example in EXAMPLES.values()
        for linted in [lint(document(example.bad_action()))]
        for one, splices in zip(linted.findings, linted.splices, strict=True)
        if splices
    }
    further = {"METHOD_UNKNOWN", "URL_BLANK"}
    assert mended | further >= FIXABLE
    assert mended <= FIXABLE


def test_rules_of_lint_alone_never_make_errors() -> None:
    """What the server would accept is no error: so lint and server cannot disagree."""
    assert [code for code in OWN if CATALOGUE[code].severity is Severity.ERROR] == []
