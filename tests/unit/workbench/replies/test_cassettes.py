"""Recordings and their replay."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from jackfield.domain.credential import CredentialValues
from jackfield.domain.errors import OperationRefused
from jackfield.domain.secret import Secret
from jackfield.workbench.bench import BenchResult, Trial, run
from jackfield.workbench.replies import GivenReplies, RecordingReplies, ReplayedReplies, json_reply
from jackfield.workbench.replies.source import ReplySource
from support.sample_actions import TEXT, document, exported

SECRET = "very-secret-key-1"
REPLY = {"id": "c-1", "access_token": "token-of-the-service", "note": SECRET, "count": 10}


def action(**changes: Any) -> dict[str, Any]:
    """An action with a secret in URL, header and body."""
    settings: dict[str, Any] = {
        "headers": {"X-Key": "${credentials.key}", "X-Kind": "plain"},
        "body": '{"id": "${input.id}", "key": "${credentials.key}"}',
        "inputs": {"id": TEXT},
        **changes,
    }
    return exported("https://s.example.com/a?k=${credentials.key}", "POST", **settings)


def tried(
    tmp_path: Path, source: ReplySource, one: dict[str, Any], key: str = SECRET, **inputs: str
) -> BenchResult:
    """Run an action with a source of replies."""
    credentials = CredentialValues("c", "userDefined", {"key": Secret(key)})
    return run(Trial(document(tmp_path, one), source, inputs or {"id": "7"}, credentials=credentials))


@pytest.fixture
def cassettes(tmp_path: Path) -> Path:
    """A folder with one recording."""
    folder = tmp_path / "cassettes"
    source = RecordingReplies(GivenReplies(json_reply(REPLY)), folder)
    assert tried(tmp_path, source, action()).success
    return folder


def test_no_secret_is_recorded(cassettes: Path) -> None:
    """Neither the credential nor the token in the reply stands in the file."""
    files = list(cassettes.rglob("*.json"))
    assert len(files) == 1
    text = files[0].read_text()
    assert SECRET not in text
    assert "token-of-the-service" not in text
    assert json.loads(text)["reply"]["json"]["count"] == 10


def test_the_same_request_gets_the_recorded_reply(tmp_path: Path, cassettes: Path) -> None:
    """Also with other credentials: they are masked in both."""
    result = tried(tmp_path, ReplayedReplies(cassettes), action(), key="another-key-22")
    assert result.success
    assert result.value["id"] == "c-1"
    assert result.provenance is not None
    assert result.provenance.origin == "recorded"


@pytest.mark.parametrize(
    ("changes", "inputs", "differs", "seen"),
    [
        ({}, {"id": "8"}, "body", '"id":"8"'),
        ({"headers": {"X-Key": "${credentials.key}", "X-Kind": "fancy"}}, {}, "header x-kind", "fancy"),
    ],
)
def test_a_near_miss_is_shown(
    tmp_path: Path, cassettes: Path, changes: dict[str, Any], inputs: dict[str, str], differs: str, seen: str
) -> None:
    """Nothing is answered; the finding says in what the nearest recording differs."""
    result = tried(tmp_path, ReplayedReplies(cassettes), action(**changes), **inputs)
    finding = result.findings[0]
    assert finding.code == "CASSETTE_NO_MATCH"
    assert f"differs in {differs}" in finding.message
    assert seen in finding.seen
    assert finding.place.file.endswith(".json")
    assert len(result.result.operations) == 8


def test_an_action_without_recordings(tmp_path: Path, cassettes: Path) -> None:
    """It is said that there are none."""
    result = tried(tmp_path, ReplayedReplies(cassettes), action(name="Another"))
    assert result.findings[0].code == "CASSETTE_EMPTY"


def test_the_same_request_is_one_file(tmp_path: Path, cassettes: Path) -> None:
    """Recording again replaces, another request is another file."""
    for number in ("7", "7", "8"):
        source = RecordingReplies(GivenReplies(json_reply({"new": number})), cassettes)
        assert tried(tmp_path, source, action(), id=number).success
    assert len(list(cassettes.rglob("*.json"))) == 2
    assert tried(tmp_path, ReplayedReplies(cassettes), action(), id="8").value == {"new": "8"}


def test_secure_actions_are_not_recorded(tmp_path: Path) -> None:
    """The refusal comes before anything is sent."""
    source = RecordingReplies(GivenReplies(json_reply({})), tmp_path / "cassettes")
    with pytest.raises(OperationRefused) as refused:
        tried(tmp_path, source, action(secure=True))
    assert refused.value.findings[0].code == "CASSETTE_OF_SECURE_ACTION"
    assert not (tmp_path / "cassettes").exists()


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"request": {}, "reply": {"headers": 1}}'])
def test_a_damaged_recording(tmp_path: Path, cassettes: Path, text: str) -> None:
    """The refusal names the file."""
    next(cassettes.rglob("*.json")).write_text(text)
    with pytest.raises(OperationRefused) as refused:
        tried(tmp_path, ReplayedReplies(cassettes), action())
    assert refused.value.findings[0].code == "REPLY_UNREADABLE"
