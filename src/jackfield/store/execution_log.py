"""The log of executions: an SQLite file of its own, written in batches by a thread of its own.

It is apart from the database because it promises less: `synchronous=NORMAL`, and a batch every half second. A
killed process loses at most the last second of it; what the server answered does not depend on it.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Final

import structlog
from sqlalchemy import Connection, delete, func, select
from sqlalchemy.exc import DBAPIError

from jackfield.domain.execution_log import LoggedRun, LogQuery
from jackfield.domain.ports import Clock
from jackfield.store.execution_log_file import bodies, open_file, runs
from jackfield.store.execution_log_rows import RunWriter, one_of, page_of, read

FILE_NAME: Final = "executions.db"
BATCH_SECONDS: Final = 0.5
WAITING: Final = 10_000
"""Runs that may wait to be written; more are dropped and counted."""
TIDY_SECONDS: Final = 60.0
UNUSED_SECONDS: Final = 3600.0
"""How often all runs are read to find out which subjects and endings are still in use."""

log = structlog.get_logger("jackfield.store")


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
        self._engine, self._writer = open_file(path), RunWriter()
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
        since = query.since
        if isinstance(since, timedelta):
            since = self._clock.now() - since
        with self._engine.connect() as connection:
            return [read(row) for row in connection.execute(page_of(organization_id, query, since))]

    def _get(self, organization_id: str, run_id: int) -> LoggedRun | None:
        with self._engine.connect() as connection:
            row = connection.execute(one_of(organization_id, run_id)).one_or_none()
        return None if row is None else read(row)

    def _write(self) -> None:
        """Write batches until told to stop; the last one after that."""
        tidied = searched = 0.0
        while True:
            stopping = self._stop.wait(self._batch_seconds)
            self._flush()
            now = self._clock.monotonic()
            if now - tidied >= TIDY_SECONDS or stopping:
                self._attempt(self._tidy)
                tidied = now
            if now - searched >= UNUSED_SECONDS:
                self._attempt(self._writer.remove_unused)
                searched = now
            if stopping:
                return

    def _flush(self) -> None:
        waiting = self._waiting
        batch = [waiting.popleft() for _ in range(len(waiting))]
        if batch and not self._attempt(lambda connection: self._writer.insert(connection, batch)):
            self._dropped += len(batch)

    def _attempt(self, work: Callable[[Connection], None]) -> bool:
        """Do a piece of work in a transaction; tell if it was done. A full disk must not end the thread."""
        try:
            with self._engine.begin() as connection:
                work(connection)
        except DBAPIError as error:
            self._writer.forget()
            log.error("execution log not written", fault=type(error.orig).__name__)
            return False
        return True

    def _tidy(self, connection: Connection) -> None:
        """Remove what is too old, or too much."""
        oldest = (self._clock.now() - timedelta(days=self._days)).timestamp()
        # Ids grow with time, so that the first run that is kept is found without reading the others.
        kept = select(runs.c.id).where(runs.c.at >= oldest).order_by(runs.c.id).limit(1)
        first = connection.execute(kept).scalar_one_or_none()
        newest = connection.execute(select(func.max(runs.c.id))).scalar_one_or_none()
        if newest is None:
            return
        last = max(newest - self._rows, newest if first is None else first - 1)
        connection.execute(delete(runs).where(runs.c.id <= last))
        connection.execute(delete(bodies).where(bodies.c.run_id <= last))
