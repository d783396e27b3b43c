"""Faults files: what they may say, and what is said about those that say something else."""

from __future__ import annotations

from pathlib import Path

import pytest

from jackfield.domain.errors import OperationRefused
from jackfield.workbench.faults_file import FaultsFile, read_faults_file

WHOLE = """
seed: 42
faults:
  - fault: reset
    host: "API.example.com"
    path: /v1/*
    method: POST
    action: Get orders
    integration: 1234
    after: 10
    every: 3
    chance: 0.5
    times: 4
    service_acts: true
  - status: 503
    headers: {Retry-After: 30}
    body: {error: busy}
    delay: 1.5
  - status: 200
    text: "<html>"
    headers: {Content-Type: text/html}
  - delay: 2
"""


def read(folder: Path, text: str) -> FaultsFile:
    """Read a text as a faults file."""
    path = folder / "faults.yaml"
    path.write_text(text, encoding="utf-8")
    return read_faults_file(path)


def test_everything_that_a_file_may_say(tmp_path: Path) -> None:
    """Each member reaches its rule."""
    file = read(tmp_path, WHOLE.replace("1234", '"1234"'))
    first, second, third, fourth = file.rules
    assert file.seed == 42
    assert first.fault is not None
    assert (first.fault.name, first.host, first.path, first.method) == (
        *("reset", "api.example.com", "/v1/*", "POST"),
    )
    assert (first.action, first.integration, first.service_acts) == ("Get orders", "1234", True)
    assert (first.after, first.every, first.chance, first.times) == (10, 3, 0.5, 4)
    assert second.reply is not None
    assert (second.reply.status, second.reply.body, second.delay) == (503, b'{"error": "busy"}', 1.5)
    assert second.reply.header("retry-after") == "30"
    assert third.reply is not None
    assert (third.reply.body, third.reply.header("content-type")) == (b"<html>", "text/html")
    assert (fourth.fault, fourth.reply, fourth.delay) == (None, None, 2)


def test_json_is_read_too(tmp_path: Path) -> None:
    """And without a seed there is none."""
    file = read(tmp_path, '{"faults": [{"fault": "gzip-bomb", "chance": 0.1}]}')
    assert (file.seed, file.rules[0].chance) == (None, 0.1)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("faults:\n  - fault: rest\n", 2, "Did you mean `reset`?"),
        ("faults:\n  - fault: [1]\n", 2, "There is no fault"),
        ("faults:\n  - fault: reset\n    hots: a\n", 3, "Did you mean `host`?"),
        ("fault:\n  - fault: reset\n", 2, "Did you mean `faults`?"),
        ("faults: []\n", 1, "no list"),
        ("faults:\n  reset\n", 2, "no list"),
        ("faults:\n  - reset\n", 2, "no mapping"),
        ("faults:\n  - host: a\n", 2, "does not say what happens"),
        ("faults:\n  - fault: reset\n    status: 500\n", 3, "do not go together"),
        ("faults:\n  - fault: reset\n    body: {}\n", 3, "belongs to a reply"),
        ("faults:\n  - delay: 1\n    service_acts: true\n", 3, "takes the place"),
        ("faults:\n  - status: 99\n", 2, "`status` cannot be `99`"),
        ("faults:\n  - status: true\n", 2, "`status` cannot be `true`"),
        ("faults:\n  - delay: -1\n", 2, "`delay`"),
        ("faults:\n  - delay: soon\n", 2, "`delay`"),
        ("faults:\n  - fault: reset\n    chance: 2\n", 3, "`chance`"),
        ("faults:\n  - fault: reset\n    every: 0\n", 3, "`every`"),
        ("faults:\n  - fault: reset\n    times: 1.5\n", 3, "`times`"),
        ("faults:\n  - fault: reset\n    method: get\n", 3, "`method`"),
        ("faults:\n  - status: 200\n    headers: {A: [1]}\n", 3, "`headers`"),
        ("seed: x\nfaults:\n  - fault: reset\n", 1, "`seed`"),
        ("faults:\n  - fault: reset\n  fault: x\n", 3, "It is not YAML"),
        ("- fault: reset\n", 0, "no mapping"),
        ("", 0, "no mapping"),
    ],
)
def test_what_is_refused(tmp_path: Path, text: str, line: int, words: str) -> None:
    """The finding names the line, what is wrong and what to write; the exit code is that of usage."""
    with pytest.raises(OperationRefused) as caught:
        read(tmp_path, text)
    finding = caught.value.findings[0]
    assert (finding.code, caught.value.exit_code) == ("FAULTS_FILE_INVALID", 3)
    assert words in finding.message
    assert (finding.place.line or 0) == line
    assert finding.accepted


def test_all_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    """One finding each."""
    with pytest.raises(OperationRefused) as caught:
        read(tmp_path, "faults:\n  - fault: rest\n    chance: 7\n  - host: a\n")
    assert len(caught.value.findings) == 3


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """It is named."""
    with pytest.raises(OperationRefused) as caught:
        read_faults_file(tmp_path / "none.yaml")
    assert caught.value.findings[0].code == "FILE_UNREADABLE"
