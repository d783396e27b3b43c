"""The log of executions: an SQLite file of its own, written in batches by a thread of its own.

It is apart from the database because it promises less: `synchronous=NORMAL`, and a batch every half second. A
killed process loses at most the last second of it; what the server answered does not depend on it.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from pathlib import Path
from typing import Any, Final

import structlog
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Engine,
    Float,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    create_engine,
    delete,
    event,
    func,
    select,
)
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError

from jackfield.domain.catalogue import found
from jackfield.domain.errors import OperationRefused
from jackfield.domain.execution_log import LoggedRun, LogQuery, RunOutcome
from jackfield.domain.finding import Place
from jackfield.domain.ports import Clock
from jackfield.store.column_types import Instant, scrubbed

FILE_NAME: Final = "executions.db"
BATCH_SECONDS: Final = 0.5
WAITING: Final = 10_000
"""Runs that may wait to be written; more are dropped and counted."""
TIDY_SECONDS: Final = 60.0
BUSY_SECONDS: Final = 5
VERSION: Final = 1

log = structlog.get_logger("jackfield.store")
metadata = MetaData()
runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", Instant, nullable=False),
    Column("organization_id", Text, nullable=False),
    Column("client_id", Text, nullable=False),
    Column("user_id", Text),
    Column("action_id", Text, nullable=False),
    Column("action_name", Text, nullable=False),
    Column("integration_id", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("mode", Text, nullable=False),
    Column("flatten", Boolean, nullable=False),
    Column("correlation_id", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("status", Integer, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("request_bytes", Integer, nullable=False),
    Column("response_bytes", Integer, nullable=False),
    Column("upstream_seconds", Float, nullable=False),
    Column("error_code", Text, nullable=False),
    Column("error_class", Text, nullable=False),
    Column("failed_step", Text, nullable=False),
    Column("remote_status", Integer),
    Column("inputs", Text),
    Column("result", Text),
    Column("whole", Boolean, nullable=False),
    Index("runs_by_action", "action_id", "id"),
    Index("runs_by_correlation", "correlation_id"),
    Index("runs_by_time", "at"),
    sqlite_autoincrement=True,
)
_NAMES: Final = tuple(field.name for field in fields(LoggedRun) if field.name != "id")
_TEXTS: Final = ("action_id", "action_name", "inputs", "result")
_VALUES: Final = attrgetter(*_NAMES)
_TEXT_PLACES: Final = tuple(_NAMES.index(name) for name in _TEXTS)
_AT: Final = _NAMES.index("at")
_INSTANT: Final = len("2026-11-23 18:05:04.321000")
# Rows per statement, the largest first; a statement may have 32,766 values (SQLITE_MAX_VARIABLE_NUMBER).
_SIZES: Final = (512, 64, 8, 1)
_STATEMENTS: Final = {
    size: f"INSERT INTO runs ({', '.join(_NAMES)}) VALUES "
    + ", ".join([f"({', '.join('?' * len(_NAMES))})"] * size)
    for size in _SIZES
}
_SETTINGS: Final = (
    "PRAGMA journal_mode = WAL",
    # A power loss may take the last commits; the file stays sound.
    "PRAGMA synchronous = NORMAL",
    "PRAGMA journal_size_limit = 67108864",
    "PRAGMA trusted_schema = OFF",
)


class SqliteExecutionLog:
    """Keeps runs in a file.

    Args:
        path: of the file; made if it is not there.
        clock: for retention.
        days: how long a run is kept.
        rows: how many runs are kept at most; the oldest go first.
        bodies: inputs and results are wanted.
        batch_seconds: how long a run may wait to be written.

    Raises:
        OperationRefused: the file cannot be used.
    """

    def __init__(
        self,
        path: Path,
        clock: Clock,
        *,
        days: int = 14,
        rows: int = 1_000_000,
        bodies: bool = False,
        batch_seconds: float = BATCH_SECONDS,
    ) -> None:
        self._clock, self._days, self._rows = clock, days, rows
        self._bodies, self._batch_seconds = bodies, batch_seconds
        self._engine = _open(path)
        self._waiting: deque[LoggedRun] = deque()
        self._dropped = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._write, name="execution-log", daemon=True)
        self._thread.start()

    @property
    def keeps_bodies(self) -> bool:
        """Tell if inputs and results are wanted."""
        return self._bodies

    @property
    def dropped(self) -> int:
        """How many runs were not kept, since the start."""
        return self._dropped

    def add(self, run: LoggedRun) -> None:
        """Take a run; one too many is dropped and counted."""
        if len(self._waiting) >= WAITING:
            self._dropped += 1
            return
        self._waiting.append(run)

    async def page(self, organization_id: str, query: LogQuery) -> Sequence[LoggedRun]:
        """Return runs, newest first unless `after` is given."""
        return await asyncio.to_thread(self._page, organization_id, query)

    async def get(self, organization_id: str, run_id: int) -> LoggedRun | None:
        """Return one run."""
        return await asyncio.to_thread(self._get, organization_id, run_id)

    def close(self) -> None:
        """Write what was taken, and stop."""
        self._stop.set()
        self._thread.join()
        self._engine.dispose()

    def _page(self, organization_id: str, query: LogQuery) -> list[LoggedRun]:
        rows = select(runs).where(runs.c.organization_id == organization_id)
        for name in ("action_id", "integration_id", "correlation_id"):
            wanted = getattr(query, name)
            if wanted:
                rows = rows.where(runs.c[name] == scrubbed(wanted))
        since = query.since
        if since is not None:
            since = self._clock.now() - since if isinstance(since, timedelta) else since
            rows = rows.where(runs.c.at >= since)
        if query.problems:
            rows = rows.where(runs.c.outcome != RunOutcome.SUCCEEDED.value)
        if query.outcome is not None:
            rows = rows.where(runs.c.outcome == query.outcome.value)
        if query.status is not None:
            rows = rows.where(runs.c.status == query.status)
        if query.before:
            rows = rows.where(runs.c.id < query.before)
        if query.after is not None:
            rows = rows.where(runs.c.id > query.after)
        order = runs.c.id.desc() if query.after is None else runs.c.id.asc()
        with self._engine.connect() as connection:
            return [_run(row._mapping) for row in connection.execute(rows.order_by(order).limit(query.size))]

    def _get(self, organization_id: str, run_id: int) -> LoggedRun | None:
        wanted = select(runs).where(runs.c.organization_id == organization_id, runs.c.id == run_id)
        with self._engine.connect() as connection:
            row = connection.execute(wanted).one_or_none()
        return None if row is None else _run(row._mapping)

    def _write(self) -> None:
        """Write batches until told to stop; the last one after that."""
        tidied = 0.0
        while True:
            stopping = self._stop.wait(self._batch_seconds)
            self._flush()
            now = self._clock.monotonic()
            if now - tidied >= TIDY_SECONDS or stopping:
                self._attempt(self._tidy)
                tidied = now
            if stopping:
                return

    def _flush(self) -> None:
        batch: list[LoggedRun] = []
        while self._waiting:
            batch.append(self._waiting.popleft())
        if batch and not self._attempt(lambda connection: _insert(connection, batch)):
            self._dropped += len(batch)

    def _attempt(self, work: Any) -> bool:
        """Do a piece of work in a transaction; tell if it was done. A full disk must not end the thread."""
        try:
            with self._engine.begin() as connection:
                work(connection)
        except DBAPIError as error:
            log.error("execution log not written", fault=type(error.orig).__name__)
            return False
        return True

    def _tidy(self, connection: Connection) -> None:
        """Remove what is too old, or too much."""
        oldest = self._clock.now() - timedelta(days=self._days)
        connection.execute(delete(runs).where(runs.c.at < oldest))
        newest = connection.execute(select(func.max(runs.c.id))).scalar_one_or_none()
        if newest is not None:
            connection.execute(delete(runs).where(runs.c.id <= newest - self._rows))


def _open(path: Path) -> Engine:
    engine = create_engine(
        f"sqlite:///{path}",
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
        hide_parameters=True,
    )
    event.listen(engine, "connect", _set_up)
    try:
        with engine.begin() as connection:
            metadata.create_all(connection)
            connection.exec_driver_sql(f"PRAGMA user_version = {VERSION}")
    except DBAPIError as error:
        engine.dispose()
        reason = str(error.orig)
        raise OperationRefused(
            found("EXECUTION_LOG_UNUSABLE", Place("data-dir"), path=path, reason=reason)
        ) from error
    return engine


def _set_up(connection: DBAPIConnection, _record: object) -> None:
    cursor = connection.cursor()
    for setting in _SETTINGS:
        cursor.execute(setting)
    cursor.close()


def _insert(connection: Connection, batch: Sequence[LoggedRun]) -> None:
    """Write runs, many with one statement.

    SQLite works outside of the interpreter's lock, but takes it back for every statement and every value that
    somebody converts: row by row, the log would cost each execution a fifth of its time.
    """
    start = 0
    for size in _SIZES:
        while len(batch) - start >= size:
            values: list[Any] = []
            for run in batch[start : start + size]:
                values += _row(run)
            connection.exec_driver_sql(_STATEMENTS[size], tuple(values))
            start += size


def _row(run: LoggedRun) -> list[Any]:
    row = list(_VALUES(run))
    for place in _TEXT_PLACES:
        text = row[place]
        if text is not None:
            row[place] = scrubbed(text)
    at = run.at if run.at.tzinfo is UTC else run.at.astimezone(UTC)
    row[_AT] = at.isoformat(" ", "microseconds")[:_INSTANT]
    return row


def _run(row: Any) -> LoggedRun:
    at: datetime = row["at"]
    return LoggedRun(**{**row, "at": at, "outcome": RunOutcome(row["outcome"])})
