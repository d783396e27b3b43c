"""The store that the services use."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from jackfield.domain.ports import Transaction
from jackfield.store.failures import closed, translated
from jackfield.store.transaction import SqlTransaction
from jackfield.store.writer import Writer

T = TypeVar("T")


class Held(Protocol):
    """Something that is held for as long as the store is open."""

    def release(self) -> None:
        """Let go."""


class SqlStore:
    """Implements `domain.ports.Store`. Usable from any event loop; works run on threads of the store.

    Args:
        writing: engine of the writer.
        reading: engine of the readers.
        readers: how many reads run at the same time.
        held: the lock that keeps other servers away.
    """

    def __init__(self, writing: Engine, reading: Engine, *, readers: int, held: Held) -> None:
        self._writing = writing
        self._reading = reading
        self._held = held
        self._closed = False
        self._writer = Writer(writing)
        self._readers = ThreadPoolExecutor(readers, thread_name_prefix="jackfield-reader")

    async def write(self, work: Callable[[Transaction], T]) -> T:
        """Run `work` in a transaction and return its result after the commit is durable.

        An exception of `work` undoes its changes alone and is raised.

        Raises:
            Unavailable: the database failed, or the store is closed. If the commit itself failed, the change
                may or may not be there.
            Conflict: the change clashes with one made at the same moment.
        """
        result: T = await self._writer.submit(work)
        return result

    async def read(self, work: Callable[[Transaction], T]) -> T:
        """Run `work` on a consistent view without writing.

        Raises:
            Unavailable: the database failed, or the store is closed.
        """
        if self._closed:
            raise closed()
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._view, work)

    async def ping(self) -> None:
        """Return if a read and an empty commit succeed; raise Unavailable if not."""
        await self.read(lambda transaction: transaction.identities.organization())
        await self.write(lambda _: None)

    def close(self) -> None:
        """Finish what is queued and close all connections. May be called twice; not from a work."""
        if self._closed:
            return
        self._closed = True
        self._writer.close()
        self._readers.shutdown(wait=True)
        self._reading.dispose()
        self._writing.dispose()
        self._held.release()

    def _view(self, work: Callable[[Transaction], T]) -> T:
        try:
            with self._reading.connect() as connection, connection.begin():
                return work(SqlTransaction(connection))
        except SQLAlchemyError as error:
            raise translated(error) from error
