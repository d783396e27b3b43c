"""Clipboards modelled on real mistakes: what is told first, and whether the printed correction is right."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest

from jackfield.explain import explain
from support.explain_corpus import FOLDER, Verdict, holds, judge, load, printed, report


@pytest.fixture(scope="module")
def verdicts(http: httpx.Client) -> list[Verdict]:
    """What came of every clipboard."""
    return [judge(http, fixture) for fixture in load()]


def test_the_corpus_is_large_enough() -> None:
    """There are at least 60 clipboards, at least 50 with a request to correct; none is forgotten."""
    fixtures = load()
    assert len(fixtures) >= 60
    assert sum(fixture.correctable for fixture in fixtures) >= 50
    assert {path.name for path in FOLDER.glob("*.txt")} == {fixture.file for fixture in fixtures}


def test_the_first_finding_is_right(verdicts: list[Verdict], capsys: pytest.CaptureFixture[str]) -> None:
    """What a maintainer of the API would say stands first in at least 55 of 60 clipboards."""
    with capsys.disabled():
        print(f"\n{report(verdicts)}")
    assert sum(verdict.right for verdict in verdicts) * 60 >= 55 * len(verdicts), report(verdicts)


def test_the_correction_is_accepted(verdicts: list[Verdict]) -> None:
    """A running server takes the correction, and stores what was meant, for at least 50 requests of 60."""
    sent = [verdict for verdict in verdicts if verdict.accepted is not None]
    accepted = sum(bool(verdict.accepted) for verdict in sent)
    assert accepted >= 50
    assert accepted * 60 >= 50 * len(sent), report(verdicts)


def test_no_secret_is_repeated() -> None:
    """Passwords, tokens and keys of a clipboard stand nowhere in its explanation."""
    fixtures = [fixture for fixture in load() if fixture.secrets]
    assert len(fixtures) >= 25
    for fixture in fixtures:
        shown = printed(explain(fixture.text, options=fixture.options))
        assert not [secret for secret in fixture.secrets if secret in shown], fixture.file


def test_a_wrong_expectation_is_noticed(http: httpx.Client) -> None:
    """Control: with a wrong code, another word or another stored value expected, the verdict is negative."""
    fixture = next(one for one in load() if one.file == "config-bare-info-curl.txt")
    assert judge(http, fixture).right
    assert judge(http, fixture).accepted
    assert not judge(http, replace(fixture, first=("JSON_TRAILING_COMMA",))).right
    assert not judge(http, replace(fixture, about="a word that nobody says")).right
    assert not judge(http, replace(fixture, answer={"credentials": {}})).accepted
    assert not judge(http, replace(fixture, setup=())).accepted


def test_holding_is_exact() -> None:
    """Control: other values, other kinds, missing members and members beside nothing are noticed."""
    assert holds({"a": {"b": 1, "c": 2}}, {"a": {"b": 1}})
    assert not holds({"a": {"b": 2}}, {"a": {"b": 1}})
    assert not holds({"a": True}, {"a": 1})
    assert not holds({"a": {}}, {"a": {"b": 1}})
    assert not holds({"a": {"b": 1}}, {"a": {}})
