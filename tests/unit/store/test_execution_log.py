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
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jackfield.domain.errors import OperationRefused
from jackfield.domain.execution_log import (
    LoggedRun,
    LogQuery,
    NoExecutionLog,
    RunEnding,
    RunOutcome,
    RunSubject,
)
from jackfield.domain.run import KeptBodies
from jackfield.store import execution_log
from jackfield.store.execution_log import FILE_NAME, SqliteExecutionLog
from support.clocks import StandingClock

CLOCK = StandingClock()


def run(number: int = 1, **changes: Any) -> LoggedRun:
    """Return a run; `changes` are members of a logged run, `bodies` its inputs, result and wholeness."""

    def member(name: str, usual: Any) -> Any:
        return changes.pop(name, usual)

    subject: RunSubject = (
        "org",
        "client",
        member("user_id", None),
        member("action_id", f"custom_-_{number % 3}"),
        member("action_name", "Greet"),
        member("integration_id", "int-1"),
        4,
        "published",
        "execute",
        member("flatten", False),
    )
    ending: RunEnding = (
        member("outcome", RunOutcome.SUCCEEDED),
        member("status", 200),
        member("error_code", ""),
        member("error_class", ""),
        member("failed_step", ""),
    )
    entry = LoggedRun(subject, member("at", CLOCK.at), f"corr-{number}", 17, ending, **changes)
    entry.seconds = 0.012
    return entry


def told(entry: LoggedRun) -> dict[str, Any]:
    """Return what a run says of itself."""
    return {name: getattr(entry, name) for name in dir(LoggedRun) if not name.startswith("_")}


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
        at=CLOCK.at.astimezone(timezone(timedelta(hours=2))) + timedelta(microseconds=1),
        remote_status=503,
        outcome=RunOutcome.FAILED,
        status=502,
        error_code="REMOTE_STATUS",
        error_class="ACTION.REMOTE_ENDPOINT",
        failed_step="Execute",
        upstream_seconds=0.0123,
        response_bytes=7,
        bodies=KeptBodies('{"name": "ä"}', "", whole=True),
    )
    log = reopened(tmp_path / FILE_NAME, odd, run(6))
    newest, oldest = listed(log)
    assert told(newest) == told(run(6)) | {"id": 2}
    written = told(run(5, action_name="a\ufffdb \ufffd c"))["subject"]
    subject = ("org", "client", "u", *written[3:])
    assert told(oldest) == told(odd) | {"id": 1, "action_name": subject[4], "subject": subject}
    one = asyncio.run(log.get("org", 1))
    assert one is not None
    assert told(one) == told(oldest)
    assert asyncio.run(log.get("org", 3)) is None
    assert asyncio.run(log.get("other", 1)) is None
    log.close()


@given(st.datetimes(datetime(1970, 1, 1), datetime(2099, 12, 31), timezones=st.just(UTC)))
def test_a_time_is_kept_to_the_microsecond(at: datetime) -> None:
    """Written as seconds, a time comes back as it was."""
    assert datetime.fromtimestamp(at.timestamp(), UTC) == at


def test_bodies_stand_with_their_runs(tmp_path: Path) -> None:
    """In a batch of more runs than a statement takes, each has its own bodies, or none."""
    kept = {number: KeptBodies(f"[{number}]", f'"{number}"', number % 2 == 0) for number in range(1, 400, 3)}
    log = reopened(tmp_path / FILE_NAME, *(run(number, bodies=kept.get(number)) for number in range(1, 401)))
    read = listed(log, LogQuery(size=1000, after=0))
    assert [(one.id, one.correlation_id) for one in read] == [(n, f"corr-{n}") for n in range(1, 401)]
    assert {one.id: one.bodies for one in read if one.bodies is not None} == kept
    log.close()


def test_what_runs_share_is_written_once(tmp_path: Path) -> None:
    """A new start goes on with the subjects and endings that are there, also those of odd text."""
    path = tmp_path / FILE_NAME
    for _ in range(2):
        reopened(path, *(run(number, action_name="a\0b") for number in range(300))).close()
    with closing(sqlite3.connect(path)) as other:
        for table, count in (("subjects", 3), ("endings", 1), ("runs", 600)):
            assert other.execute(f"SELECT count(*) FROM {table}").fetchone() == (count,)


def test_what_no_run_refers_to_goes(tmp_path: Path) -> None:
    """With the last run of an action its name goes, too, and with a run its bodies."""
    path, clock = tmp_path / FILE_NAME, StandingClock()
    failed = run(1, action_name="canary", outcome=RunOutcome.FAILED, bodies=KeptBodies("{}", "", whole=True))
    log = SqliteExecutionLog(path, clock, rows=1, batch_seconds=0.01)
    log.add(failed)
    log.add(run(2))
    eventually(lambda: len(listed(log)) == 2)
    clock.seconds = execution_log.UNUSED_SECONDS
    eventually(lambda: len(listed(log)) == 1)
    log.add(run(1))
    eventually(lambda: [one.id for one in listed(log)] == [3, 2])
    log.close()
    with closing(sqlite3.connect(path)) as other:
        assert other.execute("SELECT DISTINCT action_name FROM subjects").fetchall() == [("Greet",)]
        assert other.execute("SELECT outcome FROM endings").fetchall() == [("succeeded",)]
        assert other.execute("SELECT count(*) FROM bodies").fetchone() == (0,)


def test_filters_and_cursors(tmp_path: Path) -> None:
    """Each filter alone; `before` walks back, `after` forwards from the oldest."""
    entries = [run(number) for number in range(1, 10)]
    entries[4] = run(5, outcome=RunOutcome.FAILED, integration_id="int-2", status=429)
    entries[5] = run(6, outcome=RunOutcome.INTERRUPTED, at=CLOCK.at + timedelta(hours=1))
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
    assert ids(correlation_id="corr-7", action_id="custom_-_0") == []
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
    """What is older than the days, or beyond the number of runs, is removed; no id is given twice."""
    old = run(1, at=CLOCK.at - timedelta(days=8))
    log = reopened(tmp_path / FILE_NAME, old, *(run(number) for number in range(2, 8)), days=7, rows=4)
    eventually(lambda: [one.id for one in listed(log)] == [7, 6, 5, 4])
    log.close()
    later = StandingClock(CLOCK.at + timedelta(days=8))
    SqliteExecutionLog(tmp_path / FILE_NAME, later, days=7).close()
    log = reopened(tmp_path / FILE_NAME, run(8))
    assert [one.id for one in listed(log)] == [8]
    log.close()


def test_few_days_and_many_rows(tmp_path: Path) -> None:
    """Runs that are too old go, however many rows there may be."""
    old = [run(number, at=CLOCK.at - timedelta(days=8)) for number in range(3)]
    log = reopened(tmp_path / FILE_NAME, *old, run(3), days=7)
    assert [one.id for one in listed(log)] == [4]
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
    log.add(run(2))
    log.add(run(3))
    wanted = [run(number).action_id for number in (3, 2, 1)]
    eventually(lambda: [one.action_id for one in listed(log)] == wanted)
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


def test_a_file_of_a_later_version_is_refused(tmp_path: Path) -> None:
    """It is named with both versions, and left as it is."""
    path = tmp_path / FILE_NAME
    reopened(path, run()).close()
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA user_version = 3")
    with pytest.raises(OperationRefused) as refused:
        SqliteExecutionLog(path, CLOCK)
    assert "version 3" in refused.value.findings[0].message
    with closing(sqlite3.connect(path)) as other:
        assert other.execute("PRAGMA user_version").fetchone() == (3,)


VERSION_1 = """
CREATE TABLE runs (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    at DATETIME NOT NULL,
    organization_id TEXT NOT NULL,
    client_id TEXT NOT NULL,
    user_id TEXT,
    action_id TEXT NOT NULL,
    action_name TEXT NOT NULL,
    integration_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    state TEXT NOT NULL,
    mode TEXT NOT NULL,
    flatten BOOLEAN NOT NULL,
    correlation_id TEXT NOT NULL,
    outcome TEXT NOT NULL,
    status INTEGER NOT NULL,
    seconds FLOAT NOT NULL,
    request_bytes INTEGER NOT NULL,
    response_bytes INTEGER NOT NULL,
    upstream_seconds FLOAT NOT NULL,
    error_code TEXT NOT NULL,
    error_class TEXT NOT NULL,
    failed_step TEXT NOT NULL,
    remote_status INTEGER,
    inputs TEXT,
    result TEXT,
    whole BOOLEAN NOT NULL
);
CREATE INDEX runs_by_action ON runs (action_id, id);
CREATE INDEX runs_by_correlation ON runs (correlation_id);
CREATE INDEX runs_by_time ON runs (at);
PRAGMA user_version = 1;
"""
_OLD = tuple(line.split()[0] for line in VERSION_1.splitlines()[2:28])


def version_1(path: Path, *entries: LoggedRun) -> None:
    """Write a file as version 1 was."""
    with closing(sqlite3.connect(path)) as old:
        old.execute("PRAGMA journal_mode = WAL")
        old.executescript(VERSION_1)
        for entry in entries:
            values = {name: getattr(entry, name) for name in _OLD}
            values |= {"at": entry.at.replace(tzinfo=None).isoformat(" ", "microseconds")}
            values |= {"outcome": entry.outcome.value}
            old.execute(f"INSERT INTO runs VALUES ({', '.join('?' * len(_OLD))})", [*values.values()])
        old.commit()


def test_a_file_of_version_1_goes_on(tmp_path: Path) -> None:
    """Every run of it is read as before under its id, and new ones get the next."""
    path = tmp_path / FILE_NAME
    usual = [run(number, at=CLOCK.at + timedelta(microseconds=number), id=number) for number in range(3, 200)]
    odd = run(
        200,
        id=207,
        user_id="u",
        flatten=True,
        outcome=RunOutcome.FAILED,
        status=502,
        error_code="REMOTE_STATUS",
        error_class="ACTION.REMOTE_ENDPOINT",
        failed_step="Execute",
        remote_status=503,
        response_bytes=7,
        upstream_seconds=0.0123,
        bodies=KeptBodies('{"name": "ä"}', "", whole=True),
    )
    version_1(path, *usual, odd)
    log = reopened(path, run(1))
    read = listed(log, LogQuery(size=1000, after=0))
    assert [told(one) for one in read] == [told(one) for one in (*usual, odd)] + [told(run(1)) | {"id": 208}]
    log.close()
    with closing(sqlite3.connect(path)) as other:
        assert other.execute("PRAGMA user_version").fetchone() == (2,)
        left = other.execute("SELECT name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name")
        assert left.fetchall() == [("bodies",), ("endings",), ("runs",), ("subjects",)]


def test_an_empty_file_of_version_1_goes_on(tmp_path: Path) -> None:
    """Ids go on where they were, also if no run is left."""
    path = tmp_path / FILE_NAME
    version_1(path, run(1, id=41))
    with closing(sqlite3.connect(path)) as other:
        other.execute("DELETE FROM runs")
        other.commit()
    log = reopened(path, run(2))
    assert [one.id for one in listed(log)] == [42]
    log.close()


def test_a_file_that_cannot_be_brought_up_to_date_stays(tmp_path: Path) -> None:
    """It is refused, and nothing of it has changed."""
    path = tmp_path / FILE_NAME
    version_1(path, run(1, id=1))
    with closing(sqlite3.connect(path)) as other:
        other.execute("ALTER TABLE runs DROP COLUMN whole")
        before = list(other.iterdump())
    with pytest.raises(OperationRefused) as refused:
        SqliteExecutionLog(path, CLOCK)
    assert [one.code for one in refused.value.findings] == ["EXECUTION_LOG_UNUSABLE"]
    with closing(sqlite3.connect(path)) as other:
        assert list(other.iterdump()) == before
        assert other.execute("PRAGMA user_version").fetchone() == (1,)


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
