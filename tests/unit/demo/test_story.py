"""The whole story, with a real server, as `make demo` tells it; and that it fails when it should."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest

from jackfield.cli.output import Output
from jackfield.demo import material, story, telling
from jackfield.demo.stage import Stage, StoryDiffers
from support.command_line import in_a_process


def alive(pid: int) -> bool:
    """Tell if a process runs."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_the_story_as_a_person_sees_it() -> None:
    """All steps, no more than 100 columns, every fault of the post with its caret, and no process left."""
    outcome = in_a_process("demo", JACKFIELD_DATABASE="postgresql://nobody@127.0.0.1:1/none")
    assert (outcome.code, outcome.err) == (0, "")
    lines = outcome.out.splitlines()
    assert max(len(line) for line in lines) <= 100
    for number, step in enumerate(story.STEPS, 1):
        assert any(line.startswith(f"{number}. {step.title} ") for line in lines)
    assert all(f"[{code}]" in outcome.out for code in story.POSTED_FAULTS)
    assert outcome.out.count("^") >= len(story.POSTED_FAULTS)
    assert all(f"  {command}" in lines for command, _ in story.NEXT)
    pids = [
        int(text) for text in re.findall(r"^  (?:Jackfield|web service).*? (\d+)  http", outcome.out, re.M)
    ]
    assert len(pids) == 2
    assert not any(alive(pid) for pid in pids)


def test_the_story_as_one_document(tmp_path: Path) -> None:
    """--json prints one document with every step; --keep leaves data and logs, without the password."""
    folder = tmp_path / "kept"
    outcome = in_a_process("demo", "--json", "--keep", str(folder))
    document = outcome.document
    assert (outcome.code, document["ok"], document["schema_version"]) == (0, True, 1)
    assert [step["title"] for step in document["steps"]] == [step.title for step in story.STEPS]
    events = [event for step in document["steps"] for event in step["events"]]
    refused = next(event["refused"] for event in events if "refused" in event)
    assert refused["status"] == 400
    assert {finding["code"] for finding in refused["findings"]} >= story.POSTED_FAULTS
    tested = next(event["table"] for event in events if "table" in event and "STEP" in event["table"][0])
    assert len(tested) >= 10
    assert {path.name for path in folder.iterdir()} >= {"data", "server.log", "web-service.log"}
    again = in_a_process("demo", "--json", "--keep", str(folder))
    assert (again.code, again.finding["code"]) == (3, "CONNECTION_SETTING_REFUSED")


def test_a_story_that_differs_fails_and_clears_the_stage(monkeypatch: pytest.MonkeyPatch) -> None:
    """Control: with another result expected the demo says what differed, and stops its processes."""
    stages: list[Stage] = []
    original = telling._set_stage

    def remembered(*arguments: Any) -> Stage:
        stages.append(original(*arguments))
        return stages[0]

    right = material.text

    def other(name: str, **values: object) -> str:
        return '{"status": "lost"}' if name == "result.json" else right(name, **values)

    monkeypatch.setattr(telling, "_set_stage", remembered)
    monkeypatch.setattr(material, "text", other)
    with pytest.raises(StoryDiffers) as difference:
        telling.tell(Output(json=True))
    finding = difference.value.findings[0]
    assert finding.code == "STORY_DIFFERS"
    assert "Testing it" in finding.message
    assert "lost" in finding.accepted
    assert "on its way" in finding.seen
    assert stages[0].server is not None
    assert not stages[0].server.runs()
    assert not stages[0].web_service.runs()


def test_a_password_in_an_answer_is_a_difference(tmp_path: Path) -> None:
    """Control: the check for secrets in answers finds one, and does not show it."""
    from jackfield.demo.narration import Recorder
    from jackfield.domain.secret import Secret

    class Unused:
        """Stands for a process that is not needed."""

    stage = Stage(Recorder(Output(json=True)), Unused(), Unused, "me", Secret("hunter22"))  # type: ignore[arg-type]
    stage.expect_absent("nothing here")
    assert stage.differences == []
    stage.expect_absent('{"password": "hunter22"}')
    (tmp_path / "server.log").write_text("hunter22")
    with pytest.raises(StoryDiffers) as difference:
        telling._check_disk(stage, tmp_path)
    assert len(difference.value.findings) == 2
    assert "server.log" in difference.value.findings[1].seen
    assert "hunter22" not in str(difference.value.findings)
