"""The pytest plugin, in a pytest of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from support.sample_actions import TEXT, exported

ACTION = exported(
    "https://s.example.com/$esc.uriEncode(${input.id})",
    paths={"name": "$.name"},
    success='{"name": ${name}}',
    inputs={"id": TEXT},
)
TESTS = """
tests:
  - name: finds {{id}}
    input: {id: "{{id}}"}
    reply: {body: {name: Anna}}
    expect: {result: {name: Anna}, snapshot: true}
    each: [{id: a}, {id: b}]
  - name: wrong
    reply: {body: {name: Anna}}
    expect: {result: {name: Berta}}
"""
MODULE = """
import urllib.error
import urllib.request

import pytest


@pytest.mark.parametrize("number", [1, 2])
def test_server(jackfield_server, number):
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{jackfield_server.url}/api/v2/integrations")
    assert refused.value.code == 401
    refused.value.close()
    assert jackfield_server.environment()["GENESYSCLOUD_REGION"] == jackfield_server.url
    print("SERVER", jackfield_server.url)


def test_upstream(jackfield_upstream):
    jackfield_upstream.answer("GET", "/a", {"b": 1})
    with urllib.request.urlopen(f"{jackfield_upstream.url}/a") as answer:
        assert answer.read() == b'{"b": 1}'
"""


def pytest_in(folder: Path, *options: str) -> str:
    """Run pytest with the plugin alone, and return what it prints."""
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *options]
    if "jackfield" not in _entry_points():
        command += ["-p", "jackfield.workbench.pytest_plugin"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=110, check=False)
    return done.stdout + done.stderr


def _entry_points() -> set[str]:
    from importlib.metadata import entry_points

    return {one.name for one in entry_points(group="pytest11")}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A repository with an action, its tests, and files that are none."""
    (tmp_path / "tests").mkdir()
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "lookup.custom.json").write_text(json.dumps(ACTION))
    (tmp_path / "tests" / "lookup.yaml").write_text(TESTS)
    (tmp_path / "tests" / "other.yaml").write_text("key: value\n")
    return tmp_path


def test_test_files_are_collected_and_run(folder: Path) -> None:
    """Tests pass and fail as on the command line; a failure shows finding, line and steps, no traceback."""
    first = pytest_in(folder, "-n", "2", "-v", "--jackfield-update")
    assert "2 passed" in first
    assert "1 failed" in first
    assert "tests/lookup.yaml::finds a" in first
    second = pytest_in(folder, "-n", "0")
    assert "1 failed, 2 passed" in second
    assert 'TEST_EXPECTATION_UNMET: The result is not as expected: `.name` is "Anna"' in second
    assert "lookup.yaml:10:" in second
    assert "Apply output transformation" in second
    assert "Traceback" not in second


def test_a_broken_test_file_is_told_at_collection(folder: Path) -> None:
    """The finding stands in the report."""
    (folder / "tests" / "lookup.yaml").write_text("tests:\n  - nam: x\n")
    told = pytest_in(folder, "-n", "0")
    assert "Did you mean `name`?" in told
    assert "1 error" in told


def test_two_workers_never_meet(folder: Path) -> None:
    """Each worker has a server of its own, shared by its tests; the upstream is each test's own."""
    (folder / "tests" / "lookup.yaml").unlink()
    (folder / "test_fixtures.py").write_text(MODULE)
    told = pytest_in(folder, "-n", "2", "--dist", "each", "-rP")
    assert "6 passed" in told, told
    urls = {line.split()[1] for line in told.splitlines() if line.startswith("SERVER ")}
    assert len(urls) == 2
