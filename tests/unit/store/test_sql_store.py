"""The store's reads."""

from __future__ import annotations

import asyncio
import threading
from functools import partial

import pytest

from jackfield.domain.errors import NotFound, Unavailable
from jackfield.domain.integration import Integration
from jackfield.domain.ports import Transaction
from jackfield.store import SqlStore
from support.stores import ORGANIZATION, integration, read


def _add(entity: Integration, transaction: Transaction) -> None:
    transaction.integrations.add(entity)


def _count(transaction: Transaction) -> int:
    return transaction.integrations.count_of_type(ORGANIZATION, "custom-rest-actions")


def test_a_read_sees_one_moment(store: SqlStore) -> None:
    """What is committed while a read runs is not seen by it, and seen by the next."""
    looked, written = threading.Event(), threading.Event()

    def twice(transaction: Transaction) -> tuple[int, int]:
        first = _count(transaction)
        looked.set()
        assert written.wait(10)
        return first, _count(transaction)

    async def main() -> tuple[int, int]:
        reading = asyncio.ensure_future(store.read(twice))
        await asyncio.to_thread(looked.wait, 10)
        await store.write(lambda transaction: transaction.integrations.add(integration()))
        written.set()
        return await reading

    assert asyncio.run(main()) == (0, 0)
    assert read(store, _count) == 1


def test_a_write_is_seen_by_the_next_read(store: SqlStore) -> None:
    """An answered write is there for whoever reads after it, on every reader."""

    async def main() -> list[int]:
        seen = []
        for number in range(20):
            entity = integration(number)
            await store.write(partial(_add, entity))
            seen.append(min(await asyncio.gather(*(store.read(_count) for _ in range(6)))))
        return seen

    assert asyncio.run(main()) == list(range(1, 21))


def test_a_read_cannot_write(store: SqlStore) -> None:
    """The readers' connections refuse changes, so no change can pass by the writer."""
    with pytest.raises(Unavailable):
        read(store, lambda transaction: transaction.integrations.add(integration()))
    assert read(store, _count) == 0


def test_reads_raise_what_their_work_raises(store: SqlStore) -> None:
    """An answer that a work raises reaches its caller, and the connection is fit for the next."""

    def raising(_transaction: Transaction) -> None:
        raise NotFound

    for _ in range(10):
        with pytest.raises(NotFound):
            read(store, raising)
    assert read(store, _count) == 0


def test_ping_tells_that_reader_and_writer_live(store: SqlStore) -> None:
    """An open store answers; a closed one says that it is closed."""
    asyncio.run(store.ping())
    store.close()
    with pytest.raises(Unavailable):
        asyncio.run(store.ping())
