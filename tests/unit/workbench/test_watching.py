"""Noticing changes."""

from __future__ import annotations

from pathlib import Path
from threading import Timer

from jackfield.workbench.watching import Watch


def test_a_change_ends_the_waiting(tmp_path: Path) -> None:
    """A saved, a new and a removed file are told; snapshots that a run writes itself are not watched."""
    (tmp_path / "tests").mkdir()
    action, test = tmp_path / "a.custom.json", tmp_path / "tests" / "a.yaml"
    action.write_text("1")
    for watched in (action, tmp_path):
        watch = Watch([watched])
        before = watch.state()
        writing = Timer(0.1, test.write_text, ("new" * (2 if watched == action else 3),))
        writing.start()
        assert watch.wait_for_change(before) == (test,)
        writing.join()
    watch = Watch([tmp_path])
    before = watch.state()
    test.unlink()
    (tmp_path / "snapshots").mkdir()
    (tmp_path / "snapshots" / "x.json").write_text("{}")
    assert watch.wait_for_change(before) == (test,)


def test_what_a_run_writes_is_not_watched(tmp_path: Path) -> None:
    """Reports, recordings, hidden folders and packages may lie in the watched folder."""
    watch = Watch([tmp_path], [tmp_path / "report.xml", tmp_path / "tapes"])
    before = watch.state()
    for name in ("report.xml", "tapes/a.json", ".git/index", "node_modules/x/y.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    assert watch.state() == before == {}
    (tmp_path / "new.custom.json").write_text("x")
    assert watch.wait_for_change(before) == (tmp_path / "new.custom.json",)


def test_what_does_not_exist_yet_is_noticed(tmp_path: Path) -> None:
    """A reply that is named and written later starts the next run."""
    reply = tmp_path / "reply.json"
    watch = Watch([reply])
    before = watch.state()
    reply.write_text("{}")
    assert watch.wait_for_change(before) == (reply,)
