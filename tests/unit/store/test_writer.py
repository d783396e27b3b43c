"""The writer: groups, their atomicity, and who is answered when."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError

from jackfield.domain.errors import Conflict, NotFound, Unavailable
from jackfield.domain.ports import Transaction
from jackfield.store import SqlStore, open_store
from jackfield.store.writer import LARGEST_GROUP
from support.stores import ORGANIZATION, audit_entry, integration, read, write


class Refusal(Exception):
    """What a work raises here."""


def _commits(store: SqlStore) -> list[int]:
    """Return a list that grows by one with each commit of the writer."""
    seen: list[int] = []
    event.listen(store._writing, "commit", lambda _connection: seen.append(1))
    return seen


def _adding(number: int) -> Callable[[Transaction], int]:
    def work(transaction: Transaction) -> int:
        transaction.integrations.add(integration(number))
        transaction.audit.add(audit_entry(number))
        return number

    return work


def _stored(store: SqlStore) -> list[int]:
    """Return the numbers of the integrations that are there, each with its audit row."""

    joined = "SELECT i.id FROM integrations i JOIN audit_entries a ON a.entity_id = i.id ORDER BY i.sequence"
    with store._reading.connect() as connection:
        return [int(row[0].rpartition("-")[2]) for row in connection.execute(text(joined))]


async def _as_one_group(store: SqlStore, *works: Callable[[Transaction], Any]) -> list[Any]:
    """Run works that all wait while the writer is busy, so that they share one commit."""
    busy, go_on = threading.Event(), threading.Event()

    def hold(_transaction: Transaction) -> None:
        busy.set()
        assert go_on.wait(10)

    first = asyncio.ensure_future(store.write(hold))
    await asyncio.to_thread(busy.wait, 10)
    waiting = [asyncio.ensure_future(store.write(work)) for work in works]
    await asyncio.sleep(0)
    go_on.set()
    await first
    return await asyncio.gather(*waiting, return_exceptions=True)


def test_waiting_works_share_a_commit(store: SqlStore) -> None:
    """Eight works that wait together cost one commit, and each gets its own result."""
    commits = _commits(store)
    results = asyncio.run(_as_one_group(store, *map(_adding, range(8))))
    assert results == list(range(8))
    assert len(commits) == 2
    assert _stored(store) == list(range(8))


def test_a_single_work_is_not_kept_waiting(store: SqlStore) -> None:
    """Works that come one by one are committed one by one."""
    commits = _commits(store)
    for number in range(3):
        write(store, _adding(number))
    assert len(commits) == 3


def test_a_group_has_a_largest_size(store: SqlStore) -> None:
    """More works than a group takes are split, and all are done in order."""
    commits = _commits(store)
    count = LARGEST_GROUP + 1
    assert asyncio.run(_as_one_group(store, *map(_adding, range(count)))) == list(range(count))
    assert len(commits) == 3
    assert _stored(store) == list(range(count))


def test_a_raising_work_undoes_itself_alone(store: SqlStore) -> None:
    """What a work did before it raised is undone; the works around it in the same commit stay."""

    def raising(transaction: Transaction) -> None:
        _adding(50)(transaction)
        raise Refusal("no")

    commits = _commits(store)
    results = asyncio.run(_as_one_group(store, _adding(1), raising, _adding(2)))
    assert (results[0], results[2]) == (1, 2)
    assert isinstance(results[1], Refusal)
    assert len(commits) == 2
    assert _stored(store) == [1, 2]


def test_a_clashing_work_undoes_itself_alone(store: SqlStore) -> None:
    """A broken constraint is a conflict for the one that broke it, whatever it did before."""

    def clashing(transaction: Transaction) -> None:
        _adding(2)(transaction)
        transaction.integrations.add(integration(1))

    results = asyncio.run(_as_one_group(store, _adding(1), clashing, _adding(3)))
    assert (results[0], results[2]) == (1, 3)
    assert isinstance(results[1], Conflict)
    assert _stored(store) == [1, 3]


def test_works_of_a_group_see_those_before_them(store: SqlStore) -> None:
    """The order of a group is that of asking, so checks inside works hold."""

    def counting(transaction: Transaction) -> int:
        return transaction.integrations.count_of_type(ORGANIZATION, "custom-rest-actions")

    results = asyncio.run(_as_one_group(store, counting, _adding(1), counting, _adding(2), counting))
    assert results == [0, 1, 1, 2, 2]


def test_the_products_own_errors_pass_unchanged(store: SqlStore) -> None:
    """An answer that a work raises reaches its caller as the same object."""
    error = NotFound()

    def raising(_transaction: Transaction) -> None:
        raise error

    with pytest.raises(NotFound) as caught:
        write(store, raising)
    assert caught.value is error


def test_a_swallowed_database_error_spoils_nothing(store: SqlStore) -> None:
    """A work that catches its own clash still commits as a whole or not at all, and the next works go on."""

    def catching(transaction: Transaction) -> str:
        transaction.integrations.add(integration(1))
        try:
            transaction.integrations.add(integration(1))
        except IntegrityError:
            return "caught"
        return "not caught"

    try:
        assert write(store, catching) == "caught"
    except Unavailable:
        # PostgreSQL takes no more statements in a savepoint with an error, so there the work is undone.
        assert (
            read(store, lambda transaction: transaction.integrations.get(ORGANIZATION, "integration-1"))
            is None
        )
    assert write(store, _adding(2)) == 2
    assert _stored(store) == [2]


def test_a_cancelled_work_that_waits_is_not_begun(store: SqlStore) -> None:
    """Who gave up before their turn changes nothing, and the others get their results."""

    async def main() -> list[Any]:
        busy, go_on = threading.Event(), threading.Event()

        def hold(_transaction: Transaction) -> None:
            busy.set()
            assert go_on.wait(10)

        first = asyncio.ensure_future(store.write(hold))
        await asyncio.to_thread(busy.wait, 10)
        gone, stays = (asyncio.ensure_future(store.write(_adding(number))) for number in (1, 2))
        await asyncio.sleep(0)
        gone.cancel()
        await asyncio.sleep(0)
        go_on.set()
        return list(await asyncio.gather(first, gone, stays, return_exceptions=True))

    results = asyncio.run(main())
    assert isinstance(results[1], asyncio.CancelledError)
    assert (results[2], _stored(store)) == (2, [2])


def test_a_work_that_was_begun_ends_without_its_caller(store: SqlStore) -> None:
    """Giving up in the middle leaves the work whole, and nothing is reported to nobody."""

    async def main() -> None:
        busy, go_on = threading.Event(), threading.Event()

        def slow(transaction: Transaction) -> None:
            _adding(1)(transaction)
            busy.set()
            assert go_on.wait(10)

        task = asyncio.ensure_future(store.write(slow))
        await asyncio.to_thread(busy.wait, 10)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        go_on.set()
        await store.write(_adding(2))

    asyncio.run(main())
    assert _stored(store) == [1, 2]


def test_a_closed_loop_does_not_stop_the_writer(store: SqlStore) -> None:
    """A loop that ended while its work ran is not waited for; the work is done, and the next ones go on."""
    busy, go_on = threading.Event(), threading.Event()

    def slow(transaction: Transaction) -> None:
        _adding(1)(transaction)
        busy.set()
        assert go_on.wait(10)

    async def leave() -> None:
        task = asyncio.ensure_future(store.write(slow))
        await asyncio.to_thread(busy.wait, 10)
        task.cancel()

    asyncio.run(leave())
    go_on.set()
    assert write(store, _adding(2)) == 2
    assert _stored(store) == [1, 2]


def test_several_loops_are_answered(store: SqlStore) -> None:
    """Works of two threads with their own loops share the writer, each answered on its own loop."""
    results: dict[int, list[int]] = {}

    def serve(offset: int) -> None:
        async def main() -> list[int]:
            return list(await asyncio.gather(*(store.write(_adding(offset + n)) for n in range(20))))

        results[offset] = asyncio.run(main())

    threads = [threading.Thread(target=serve, args=(offset,)) for offset in (0, 100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == {0: list(range(20)), 100: list(range(100, 120))}
    assert sorted(_stored(store)) == [*range(20), *range(100, 120)]


def test_closing_finishes_what_waits(database_url: str) -> None:
    """Works that were accepted before the end are done; later ones are told that the store is closed."""
    store = open_store(database_url)

    async def main() -> list[Any]:
        waiting = [asyncio.ensure_future(store.write(_adding(number))) for number in range(300)]
        await asyncio.sleep(0)
        await asyncio.to_thread(store.close)
        with pytest.raises(Unavailable) as caught:
            await store.write(_adding(999))
        assert caught.value.findings[0].code == "STORE_CLOSED"
        with pytest.raises(Unavailable):
            await store.read(lambda transaction: transaction.keyring.all())
        return await asyncio.gather(*waiting)

    assert asyncio.run(main()) == list(range(300))
    store.close()
    again = open_store(database_url)
    assert _stored(again) == list(range(300))
    again.close()
