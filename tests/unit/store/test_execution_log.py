"""The log of executions: batches, filters, retention, drops, damaged files."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from jackfield.domain.errors import OperationRefused
from jackfield.domain.execution_log import LoggedRun, LogQuery, NoExecutionLog, RunOutcome
from jackfield.store import execution_log
from jackfield.store.execution_log import FILE_NAME, SqliteExecutionLog
from support.clocks import StandingClock

CLOCK = StandingClock()


def run(number: int = 1, **changes: Any) -> LoggedRun:
    """Return a run."""
    entry = LoggedRun(
        CLOCK.at,
        "org",
        "client",
        None,
        f"custom_-_{number % 3}",
        "Greet",
        "int-1",
        4,
        "published",
        "execute",
        False,
        f"corr-{number}",
        RunOutcome.SUCCEEDED,
        200,
        0.012,
        17,
    )
    return replace(entry, **changes)


def listed(
    log: SqliteExecutionLog, query: LogQuery | None = None, organization: str = "org"
) -> list[LoggedRun]:
    """Return a page."""
    return list(asyncio.run(log.page(organization, query or LogQuery())))


def eventually(told: Callable[[], bool]) -> None:
    """Wait until something is so."""
    end = time.monotonic() + 10
    while not told():
        assert time.monotonic() < end
        time.sleep(0.01)


def reopened(path: Path, *entries: LoggedRun, **settings: Any) -> SqliteExecutionLog:
    """Return a log in which the entries have been written."""
    log = SqliteExecutionLog(path, CLOCK, batch_seconds=0.01, **settings)
    for entry in entries:
        log.add(entry)
    log.close()
    return SqliteExecutionLog(path, CLOCK, batch_seconds=0.01, **settings)


def test_what_was_added_is_read_back_whole(tmp_path: Path) -> None:
    """Every member of a run survives, also odd text, also after the log was closed and opened."""
    odd = run(
        5,
        user_id="u",
        action_name="a\0b \ud800 c",
        remote_status=503,
        outcome=RunOutcome.FAILED,
        status=502,
        error_code="REMOTE_STATUS",
        error_class="ACTION.REMOTE_ENDPOINT",
        failed_step="Execute",
        inputs='{"name": "ä"}',
        result="",
        whole=True,
    )
    log = reopened(tmp_path / FILE_NAME, odd, run(6))
    newest, oldest = listed(log)
    assert (newest.correlation_id, newest.id) == ("corr-6", 2)
    assert oldest == replace(odd, id=1, action_name="a\ufffdb \ufffd c")
    assert asyncio.run(log.get("org", 1)) == oldest
    assert asyncio.run(log.get("org", 3)) is None
    assert asyncio.run(log.get("other", 1)) is None
    log.close()


def test_filters_and_cursors(tmp_path: Path) -> None:
    """Each filter alone; `before` walks back, `after` forwards from the oldest."""
    entries = [run(number) for number in range(1, 10)]
    entries[4] = replace(entries[4], outcome=RunOutcome.FAILED, integration_id="int-2", status=429)
    entries[5] = replace(entries[5], outcome=RunOutcome.INTERRUPTED, at=CLOCK.at + timedelta(hours=1))
    log = reopened(tmp_path / FILE_NAME, *entries)

    def ids(**wanted: Any) -> list[int]:
        return [one.id for one in listed(log, LogQuery(**wanted))]

    assert ids() == [9, 8, 7, 6, 5, 4, 3, 2, 1]
    assert ids(size=2, before=8) == [7, 6]
    assert ids(size=2, after=0) == [1, 2]
    assert ids(after=8) == [9]
    assert ids(action_id="custom_-_0") == [9, 6, 3]
    assert ids(integration_id="int-2") == [5]
    assert ids(correlation_id="corr-7") == [7]
    assert ids(problems=True) == [6, 5]
    assert sorted(ids(outcome=RunOutcome.SUCCEEDED) + ids(problems=True)) == sorted(ids())
    assert (ids(status=429), ids(status=999)) == ([5], [])
    assert ids(since=CLOCK.at + timedelta(minutes=1)) == [6]
    assert ids(since=timedelta(minutes=1)) == [9, 8, 7, 6, 5, 4, 3, 2, 1]
    assert listed(log, organization="other") == []
    log.close()


def test_too_many_at_once_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The queue is bounded: what does not fit is dropped, counted, and nobody waits."""
    monkeypatch.setattr(execution_log, "WAITING", 5)
    log = SqliteExecutionLog(tmp_path / FILE_NAME, CLOCK, batch_seconds=60)
    for number in range(12):
        log.add(run(number))
    assert log.dropped == 7
    log.close()
    reread = SqliteExecutionLog(tmp_path / FILE_NAME, CLOCK)
    assert [one.correlation_id for one in listed(reread, LogQuery(after=0))] == [
        f"corr-{n}" for n in range(5)
    ]
    reread.close()


def test_old_runs_go(tmp_path: Path) -> None:
    """What is older than the days, or beyond the number of runs, is removed."""
    old = run(1, at=CLOCK.at - timedelta(days=8))
    log = reopened(tmp_path / FILE_NAME, old, *(run(number) for number in range(2, 8)), days=7, rows=4)
    eventually(lambda: [one.id for one in listed(log)] == [7, 6, 5, 4])
    log.close()


def test_a_full_disk_drops_and_goes_on(tmp_path: Path) -> None:
    """A batch that cannot be written is counted; later ones are written."""
    log = SqliteExecutionLog(tmp_path / FILE_NAME, CLOCK, batch_seconds=0.01)
    log.add(run(1))
    eventually(lambda: len(listed(log)) == 1)
    other = sqlite3.connect(tmp_path / FILE_NAME)
    other.execute("ALTER TABLE runs RENAME TO elsewhere")
    other.commit()
    log.add(run(2))
    eventually(lambda: log.dropped == 1)
    other.execute("ALTER TABLE elsewhere RENAME TO runs")
    other.commit()
    other.close()
    log.add(run(3))
    eventually(lambda: len(listed(log)) == 2)
    log.close()


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    """A file that is no database is named, with what to do; it is left as it is."""
    path = tmp_path / FILE_NAME
    path.write_bytes(b"no database at all, but long enough to be read as one" * 40)
    before = path.read_bytes()
    with pytest.raises(OperationRefused) as refused:
        SqliteExecutionLog(path, CLOCK)
    assert [one.code for one in refused.value.findings] == ["EXECUTION_LOG_UNUSABLE"]
    assert path.read_bytes() == before


WRITER = """
import sys, time
sys.path.insert(0, {tests!r})
from pathlib import Path
from unit.store.test_execution_log import run, CLOCK
from jackfield.store.execution_log import SqliteExecutionLog
log = SqliteExecutionLog(Path(sys.argv[1]), CLOCK)
for number in range(200):
    log.add(run(number))
print("added", flush=True)
time.sleep(60)
"""


def test_a_kill_loses_a_second_at_most(tmp_path: Path) -> None:
    """What was added more than a second before SIGKILL is there; the file is sound."""
    script = WRITER.format(tests=str(Path(__file__).parents[2]))
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path / FILE_NAME)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "added\n"
    time.sleep(1.0)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    log = SqliteExecutionLog(tmp_path / FILE_NAME, CLOCK)
    assert len(listed(log, LogQuery(size=1000))) == 200
    log.close()


def test_no_log_keeps_nothing() -> None:
    """The log that was switched off takes everything and has nothing."""
    log = NoExecutionLog()
    log.add(run())
    assert list(asyncio.run(log.page("org", LogQuery()))) == []
    assert asyncio.run(log.get("org", 1)) is None
    assert (log.dropped, log.keeps_bodies) == (0, False)
    log.close()
