"""The one writer: a thread that takes every waiting work, runs them in one transaction, and commits once.

A commit waits for the disk, so the works that arrive meanwhile share the next one (group commit). Each runs
in its own savepoint: one that raises undoes its own changes only. Nobody is answered before the commit is
durable, not even those whose work raised, because what they saw may itself have been undone with the group.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Any, Final

from sqlalchemy import Connection, Engine

from jackfield.domain.ports import Transaction
from jackfield.store.failures import closed, spoils_group, translated
from jackfield.store.transaction import SqlTransaction

LARGEST_GROUP: Final = 128


@dataclass(slots=True)
class Job:
    """One work and the future of whoever waits for it."""

    work: Callable[[Transaction], Any]
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[Any]
    result: Any = None
    error: BaseException | None = field(default=None)

    def run(self, connection: Connection) -> None:
        """Run the work in a savepoint and keep what comes of it.

        Raises:
            DBAPIError: the database failed; the whole transaction is lost.
        """
        savepoint = connection.begin_nested()
        try:
            self.result = self.work(SqlTransaction(connection))
        except BaseException as error:
            if spoils_group(error):
                raise
            savepoint.rollback()
            self.error = translated(error)
        else:
            savepoint.commit()

    def settle(self) -> None:
        """Answer whoever waits; runs on their loop."""
        if self.future.done():
            return
        if self.error is None:
            self.future.set_result(self.result)
        else:
            self.future.set_exception(self.error)


class Writer:
    """The writer thread.

    Args:
        engine: its connections begin transactions that can write.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._queue: SimpleQueue[Job | None] = SimpleQueue()
        self._gate = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._serve, name="jackfield-writer", daemon=True)
        self._thread.start()

    def submit(self, work: Callable[[Transaction], Any]) -> asyncio.Future[Any]:
        """Queue a work and return the future of its result on the running loop.

        Raises:
            Unavailable: the writer was closed.
        """
        loop = asyncio.get_running_loop()
        job = Job(work, loop, loop.create_future())
        with self._gate:
            if self._closed:
                raise closed()
            self._queue.put(job)
        return job.future

    def close(self) -> None:
        """Finish what is queued, take nothing more, and end the thread."""
        with self._gate:
            if not self._closed:
                self._closed = True
                self._queue.put(None)
        self._thread.join()

    def _serve(self) -> None:
        while (group := self._next_group()) is not None:
            jobs = [job for job in group if not job.future.cancelled()]
            if jobs:
                self._commit(jobs)

    def _next_group(self) -> Sequence[Job] | None:
        """Wait for a job and return it with all that are waiting besides; None at the end."""
        first = self._queue.get()
        if first is None:
            return None
        group = [first]
        with contextlib.suppress(Empty):
            while len(group) < LARGEST_GROUP:
                job = self._queue.get_nowait()
                if job is None:
                    self._queue.put(None)  # nothing was put after it: end once this group is done
                    break
                group.append(job)
        return group

    def _commit(self, jobs: Sequence[Job]) -> None:
        try:
            self._run_together(jobs)
        except BaseException as error:  # noqa: BLE001  (the thread must live on, and the waiting be answered)
            for job in jobs:
                job.error = translated(error)
        _deliver(jobs)

    def _run_together(self, jobs: Sequence[Job]) -> None:
        with self._engine.connect() as connection:
            try:
                with connection.begin():
                    for job in jobs:
                        job.run(connection)
            except BaseException:
                # After a failure of disk or network nothing is known about the connection's state.
                connection.invalidate()
                raise


def _deliver(jobs: Sequence[Job]) -> None:
    """Wake each waiting loop once."""
    by_loop: dict[asyncio.AbstractEventLoop, list[Job]] = {}
    for job in jobs:
        by_loop.setdefault(job.loop, []).append(job)
    for loop, done in by_loop.items():
        # A loop that was closed meanwhile raises RuntimeError: nobody waits there any more.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(_settle, done)


def _settle(jobs: Sequence[Job]) -> None:
    for job in jobs:
        job.settle()
