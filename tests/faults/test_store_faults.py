"""The store when disk, network or power fail under it: nothing answered is lost, nothing stays half made.

Each fault has a control: the same run without the fault, or a store that answers too early and must be seen.
"""

from __future__ import annotations

import asyncio
import random
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.exc import OperationalError

from jackfield.domain.errors import Unavailable
from jackfield.domain.integration import IntegrationQuery
from jackfield.domain.page import PageRequest
from jackfield.domain.ports import Transaction
from jackfield.store import SqlStore, open_store
from support.postgresql import PostgresServer
from support.stores import ORGANIZATION, audit_entry, integration, read, write

WORKS = 8
KILLS = 6
ACKNOWLEDGED_EACH = 40
DISK_GONE = OperationalError("COMMIT", {}, sqlite3.OperationalError("disk gone"))
JOURNAL = Path(__file__).parent / "journal_writer.py"


@dataclass
class Opened:
    """A store with a second way to its database."""

    store: SqlStore
    url: str
    engine: Engine

    @property
    def is_sqlite(self) -> bool:
        """True for the SQLite round of a test."""
        return self.engine.dialect.name == "sqlite"

    def run(self, *statements: str) -> None:
        """Run statements past the store."""
        with self.engine.begin() as connection:
            for statement in statements:
                connection.execute(text(statement))

    def numbers(self, table: str = "integrations") -> list[int]:
        """Return the numbers of what a table holds."""
        with self.engine.connect() as connection:
            rows = connection.execute(text(f"SELECT id FROM {table} ORDER BY sequence"))
            return [int(row[0].rpartition("-")[2]) for row in rows]


@pytest.fixture
def opened(database_url: str) -> Iterator[Opened]:
    """An open store."""
    store = open_store(database_url)
    engine = create_engine(database_url)
    yield Opened(store, database_url, engine)
    engine.dispose()
    store.close()


def _adding(number: int, notes: str = "") -> Callable[[Transaction], int]:
    def work(transaction: Transaction) -> int:
        transaction.integrations.add(integration(number, notes=notes))
        transaction.audit.add(audit_entry(number))
        return number

    return work


async def _together(store: SqlStore, *works: Callable[[Transaction], Any]) -> list[Any]:
    return list(await asyncio.gather(*map(store.write, works), return_exceptions=True))


def _assert_unavailable(results: list[Any], words: str) -> None:
    for result in results:
        assert isinstance(result, Unavailable), result
        assert words in result.message
        assert result.findings[0].fix


@contextmanager
def _failing_commits(store: SqlStore, error: Exception) -> Iterator[None]:
    """Make each commit of the writer fail before it reaches the database."""

    def fail(_connection: object) -> None:
        raise error

    event.listen(store._writing, "commit", fail)
    try:
        yield
    finally:
        event.remove(store._writing, "commit", fail)


def test_a_failed_commit_fails_everybody_who_waits(opened: Opened) -> None:
    """No work of a group whose commit failed is answered as done, and nothing of any of them is stored."""
    with _failing_commits(opened.store, DISK_GONE):
        results = asyncio.run(_together(opened.store, *map(_adding, range(WORKS))))
    _assert_unavailable(results, "disk gone")
    assert opened.numbers() == []


def test_control_without_the_fault_all_is_stored(opened: Opened) -> None:
    """The same works with a working commit are answered and stored, each with its audit row."""
    results = asyncio.run(_together(opened.store, *map(_adding, range(WORKS))))
    assert results == list(range(WORKS))
    assert opened.numbers() == opened.numbers("audit_entries") == list(range(WORKS))


def test_works_answered_with_an_error_hear_of_the_failed_commit(opened: Opened) -> None:
    """A work that raised because of what it saw in its group is not told so if the group is undone."""

    def raising(_transaction: Transaction) -> None:
        raise LookupError("seen in a group that never was")

    with _failing_commits(opened.store, DISK_GONE):
        results = asyncio.run(_together(opened.store, _adding(1), raising))
    assert not any(isinstance(result, LookupError) for result in results)
    assert opened.numbers() == []


def _fill(opened: Opened) -> Callable[[], None]:
    """Make the disk of the database full, as it says itself; return what mends it."""
    if opened.is_sqlite:

        def cap(connection: Any, _record: object) -> None:
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
            connection.execute(f"PRAGMA max_page_count = {pages}")

        event.listen(opened.store._writing, "connect", cap)
        opened.store._writing.dispose()

        def mend() -> None:
            event.remove(opened.store._writing, "connect", cap)
            opened.store._writing.dispose()

        return mend
    _postgresql_trigger(opened, "disk_full")
    return lambda: opened.run("DROP TRIGGER fault ON audit_entries")


def _postgresql_trigger(opened: Opened, condition: str, *, at_commit: bool = False) -> None:
    """Make each new audit row raise a condition, at once or when its transaction commits."""
    moment = "CONSTRAINT TRIGGER fault AFTER INSERT" if at_commit else "TRIGGER fault BEFORE INSERT"
    deferred = "DEFERRABLE INITIALLY DEFERRED" if at_commit else ""
    opened.run(
        "CREATE OR REPLACE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION 'no space left' USING ERRCODE = '{condition}'; END $$",
        f"CREATE {moment} ON audit_entries {deferred} FOR EACH ROW EXECUTE FUNCTION fault()",
    )


def test_a_full_disk_refuses_changes_until_there_is_space(opened: Opened) -> None:
    """While it is full every change is a 503 that says so, reads go on, and it recovers without a restart."""
    write(opened.store, _adding(0))
    mend = _fill(opened)
    big = "x" * 100_000
    for _ in range(3):
        results = asyncio.run(_together(opened.store, *(_adding(n, big) for n in range(1, WORKS))))
        _assert_unavailable(results, "full")
    stored = read(opened.store, lambda transaction: transaction.integrations.count_of_type("x", "y"))
    assert (stored, opened.numbers(), opened.numbers("audit_entries")) == (0, [0], [0])
    mend()
    results = asyncio.run(_together(opened.store, *(_adding(n, big) for n in range(1, WORKS))))
    assert results == list(range(1, WORKS))
    assert opened.numbers() == opened.numbers("audit_entries") == list(range(WORKS))


@contextmanager
def _failing_disk(opened: Opened) -> Iterator[None]:
    """Let the disk fail when a commit is written: a limit on file sizes, a constraint checked at the end."""
    if not opened.is_sqlite:
        _postgresql_trigger(opened, "io_error", at_commit=True)
        yield
        opened.run("DROP TRIGGER fault ON audit_entries")
        return
    log = Path(opened.engine.url.database or "").with_suffix(".db-wal")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (log.stat().st_size + 5000, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_an_error_while_committing_loses_the_group_alone(opened: Opened) -> None:
    """A real failure of the commit undoes exactly the works that waited for it, and the store goes on."""
    write(opened.store, _adding(0))
    big = "x" * 20_000
    with _failing_disk(opened):
        results = asyncio.run(_together(opened.store, *(_adding(n, big) for n in range(1, WORKS))))
    _assert_unavailable(results, "disk")
    assert opened.numbers() == opened.numbers("audit_entries") == [0]
    assert write(opened.store, _adding(99, big)) == 99
    opened.store.close()
    again = open_store(opened.url)
    again.close()
    assert opened.numbers() == opened.numbers("audit_entries") == [0, 99]


def test_a_lock_of_another_program_is_a_503(opened: Opened) -> None:
    """A change that has to wait too long for somebody else's lock says so; afterwards all is well."""
    _shorten_patience(opened)
    with opened.engine.connect() as other:
        other.exec_driver_sql("BEGIN IMMEDIATE" if opened.is_sqlite else "LOCK TABLE integrations")
        with pytest.raises(Unavailable) as caught:
            write(opened.store, _adding(1))
        assert "lock" in caught.value.message
        other.rollback()
    assert write(opened.store, _adding(1)) == 1


def _shorten_patience(opened: Opened) -> None:
    """Let the writer wait for locks a moment only."""
    statement = "PRAGMA busy_timeout = 50" if opened.is_sqlite else "SET lock_timeout = '50ms'"

    def set_it(connection: Any, _record: object) -> None:
        connection.cursor().execute(statement)
        connection.commit()

    event.listen(opened.store._writing, "connect", set_it)
    opened.store._writing.dispose()


def test_a_lost_session_is_replaced(postgresql: PostgresServer) -> None:
    """When the server ends our sessions, requests under way get a 503 and the next ones new sessions."""
    url = postgresql.create_database()
    store = open_store(url)
    write(store, _adding(1))
    ours = f"datname = '{url.rsplit('/', 1)[1]}' AND pid <> pg_backend_pid()"

    def interrupted(transaction: Transaction) -> None:
        _adding(2)(transaction)
        postgresql.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {ours}")
        _adding(3)(transaction)

    with pytest.raises(Unavailable) as caught:
        write(store, interrupted)
    assert "connection" in caught.value.message
    assert write(store, _adding(4)) == 4
    assert [page.id for page in _all(store)] == ["integration-1", "integration-4"]
    store.close()


def test_a_stopped_server_is_a_503_until_it_is_back() -> None:
    """The database server stops as in a crash and starts again; the store answers, then recovers."""
    server = PostgresServer()
    try:
        server.start()
        store = open_store(server.create_database())
        write(store, _adding(1))
        server.stop(signal.SIGQUIT)
        for attempt in (lambda: write(store, _adding(2)), lambda: asyncio.run(store.ping())):
            with pytest.raises(Unavailable) as caught:
                attempt()
            assert "connection" in caught.value.message
        server.start()
        assert write(store, _adding(3)) == 3
        assert [page.id for page in _all(store)] == ["integration-1", "integration-3"]
        store.close()
    finally:
        server.remove()


def test_a_server_that_lost_the_lock_does_not_write(postgresql: PostgresServer) -> None:
    """If another server took the database over while we were cut off, our changes are refused."""
    url = postgresql.create_database()
    name = url.rsplit("/", 1)[1]
    store = open_store(url)
    # As after a cut connection: session and lock are gone, and somebody else is first to take the lock.
    store._writing.dispose()
    successor = open_store(url)
    with pytest.raises(Unavailable) as caught:
        write(store, _adding(1))
    assert caught.value.findings[0].code == "DATABASE_BUSY"
    assert write(successor, _adding(2)) == 2
    successor.close()
    assert write(store, _adding(3)) == 3
    store.close()
    assert list(postgresql.execute("SELECT id FROM integrations ORDER BY sequence", name)) == [
        ("integration-2",),
        ("integration-3",),
    ]


def _all(store: SqlStore) -> list[Any]:
    page = read(
        store,
        lambda transaction: transaction.integrations.page(ORGANIZATION, IntegrationQuery(), PageRequest()),
    )
    return list(page.entities)


def _killed_runs(url: str, *, eager: bool) -> set[int]:
    """Kill a writing process again and again; return what it acknowledged."""
    randomness = random.Random(20260301)
    acknowledged: set[int] = set()
    for run in range(KILLS):
        command = [sys.executable, str(JOURNAL), url, str(run * 1_000_000), "eager" if eager else "durable"]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            for _ in range(ACKNOWLEDGED_EACH):
                acknowledged.add(int(process.stdout.readline()))
            time.sleep(randomness.uniform(0.0, 0.02))
            process.kill()
            acknowledged.update(int(line) for line in process.stdout if line.endswith(b"\n"))
    return acknowledged


def test_nothing_acknowledged_is_lost_to_a_kill(database_url: str) -> None:
    """After SIGKILL at random moments all that was answered is there, and nothing by halves."""
    acknowledged = _killed_runs(database_url, eager=False)
    assert len(acknowledged) >= KILLS * ACKNOWLEDGED_EACH
    open_store(database_url).close()
    engine = create_engine(database_url)
    changes, rows = (_numbers_of(engine, table) for table in ("integrations", "audit_entries"))
    sound = _is_sound(engine)
    engine.dispose()
    assert acknowledged <= changes
    assert changes == rows
    assert sound


def test_control_an_early_answer_is_seen_to_be_lost(database_url: str) -> None:
    """A writer that answers before its commit loses answers to the same kills: the test above can fail."""
    acknowledged = _killed_runs(database_url, eager=True)
    open_store(database_url).close()
    engine = create_engine(database_url)
    changes = _numbers_of(engine, "integrations")
    engine.dispose()
    assert acknowledged - changes


def _numbers_of(engine: Engine, table: str) -> set[int]:
    with engine.connect() as connection:
        rows = connection.execute(text(f"SELECT id FROM {table}"))
        return {int(row[0].rpartition("-")[2]) for row in rows}


def _is_sound(engine: Engine) -> bool:
    if engine.dialect.name != "sqlite":
        return True
    with engine.connect() as connection:
        return bool(connection.execute(text("PRAGMA integrity_check")).scalar_one() == "ok")
