"""Noticing changes."""

from __future__ import annotations

from pathlib import Path
from threading import Timer

from jackfield.workbench.watching import state_of, wait_for_change


def test_a_change_ends_the_waiting(tmp_path: Path) -> None:
    """A saved, a new and a removed file are told; snapshots that a run writes itself are not watched."""
    (tmp_path / "tests").mkdir()
    action, test = tmp_path / "a.custom.json", tmp_path / "tests" / "a.yaml"
    action.write_text("1")
    for watched in (action, tmp_path):
        before = state_of([watched])
        writing = Timer(0.1, test.write_text, ("new" * (2 if watched == action else 3),))
        writing.start()
        assert wait_for_change([watched], before) == (test,)
        writing.join()
    before = state_of([tmp_path])
    test.unlink()
    (tmp_path / "snapshots").mkdir()
    (tmp_path / "snapshots" / "x.json").write_text("{}")
    assert wait_for_change([tmp_path], before) == (test,)
