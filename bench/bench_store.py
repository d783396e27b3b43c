"""The store: changes per second against plain sqlite3 in the same run, and lists as the tables grow.

A change is what a service makes: a row and its audit row in one transaction. The control does the same two
inserts with the sqlite3 module alone, one commit each, with the same durability (WAL, synchronous=FULL).
"""

from __future__ import annotations

import asyncio
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path

from bench.measure import interleaved, ratio, table
from jackfield.domain.action import Action, ActionConfig, ActionQuery, ActionState, Contract
from jackfield.domain.audit import AuditEntry
from jackfield.domain.credential import Credential
from jackfield.domain.integration import (
    Configuration,
    Integration,
    IntegrationQuery,
    IntendedState,
    ReportedState,
)
from jackfield.domain.page import CursorRequest, PageRequest
from jackfield.domain.ports import Transaction
from jackfield.store import SqlStore, open_store

NOW = datetime(2026, 3, 1, tzinfo=UTC)
ORGANIZATION = "o"
CHANGES = 800
ROUNDS = 3
SMALL, LARGE = 1_000, 100_000
READS = 30
TEXT = "x" * 300

INTEGRATION = Integration(
    "i",
    ORGANIZATION,
    "custom-rest-actions",
    IntendedState.ENABLED,
    ReportedState.ACTIVE,
    Configuration("name", notes=TEXT),
    NOW,
    NOW,
)
CREDENTIAL = Credential("c", ORGANIZATION, "name", "basicAuth", 1, NOW, NOW, {"password": b"x" * 60})
ACTION = Action(
    "a",
    ORGANIZATION,
    "i-0",
    "name",
    "x",
    1,
    False,
    ActionConfig(),
    Contract(),
    ActionState.PUBLISHED,
    NOW,
    NOW,
)
AUDIT = AuditEntry("e", ORGANIZATION, NOW, "client", "integration.create", "integration", "i", "", TEXT, "c")


def _change(number: int, transaction: Transaction) -> None:
    transaction.integrations.add(replace(INTEGRATION, id=f"i-{number}"))
    transaction.audit.add(replace(AUDIT, id=f"e-{number}"))


def _changes_per_second(store: SqlStore, numbers: count[int], writers: int) -> float:
    async def one() -> None:
        for _ in range(CHANGES // writers):
            await store.write(partial(_change, next(numbers)))

    async def main() -> float:
        started = time.perf_counter()
        await asyncio.gather(*(one() for _ in range(writers)))
        return CHANGES / (time.perf_counter() - started)

    return asyncio.run(main())


def _plain_per_second(connection: sqlite3.Connection, numbers: count[int]) -> float:
    started = time.perf_counter()
    for _ in range(CHANGES):
        number = next(numbers)
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO one VALUES (?, ?)", (f"i-{number}", TEXT))
        connection.execute("INSERT INTO two VALUES (?, ?)", (f"e-{number}", TEXT))
        connection.execute("COMMIT")
    return CHANGES / (time.perf_counter() - started)


def _plain_database(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE one (id TEXT PRIMARY KEY, content TEXT)")
    connection.execute("CREATE TABLE two (id TEXT PRIMARY KEY, content TEXT)")
    return connection


def _bench_changes(folder: Path) -> None:
    store = open_store(f"sqlite:///{folder / 'changes.db'}")
    plain = _plain_database(folder / "plain.db")
    numbers = count()
    rates = interleaved(
        {
            "plain sqlite3": lambda: _plain_per_second(plain, numbers),
            "store, 1 writer": lambda: _changes_per_second(store, numbers, 1),
            "store, 8 writers": lambda: _changes_per_second(store, numbers, 8),
            "store, 32 writers": lambda: _changes_per_second(store, numbers, 32),
        },
        ROUNDS,
    )
    plain.close()
    store.close()
    rows = [
        (
            name,
            f"{statistics.median(rate):,.0f}/s",
            f"{ratio(rates, name, 'plain sqlite3'):.2f}x",
            f"{ratio(rates, name, 'store, 1 writer'):.2f}x",
        )
        for name, rate in rates.items()
    ]
    print(table(rows, ("changes (row + audit row)", "median", "to plain", "to 1 writer")))


def _fill(transaction: Transaction, numbers: range) -> None:
    for number in numbers:
        transaction.integrations.add(replace(INTEGRATION, id=f"i-{number}"))
        transaction.credentials.add(replace(CREDENTIAL, id=f"c-{number}"))
        transaction.actions.add(replace(ACTION, id=f"custom_-_{number}", name=f"Action {number:06}"))
        transaction.audit.add(replace(AUDIT, id=f"e-{number}"))


def _reads(rows: int) -> dict[str, Callable[[Transaction], object]]:
    last = PageRequest(rows // 25, 25)
    first, by_name = PageRequest(), PageRequest(1, 25, "name")
    middle = CursorRequest(25, after=f"c-{rows // 2}")
    return {
        "integrations, first page": lambda t: t.integrations.page(ORGANIZATION, IntegrationQuery(), first),
        "integrations, last page": lambda t: t.integrations.page(ORGANIZATION, IntegrationQuery(), last),
        "integrations, by name": lambda t: t.integrations.page(ORGANIZATION, IntegrationQuery(), by_name),
        "credentials, first page": lambda t: t.credentials.page(ORGANIZATION, first),
        "credentials, cursor": lambda t: t.credentials.cursor(ORGANIZATION, middle),
        "actions, first page": lambda t: t.actions.page(ORGANIZATION, ActionQuery(), first),
        "actions, by name": lambda t: t.actions.page(ORGANIZATION, ActionQuery(sort_by="name"), first),
        "actions, name contains": lambda t: t.actions.page(ORGANIZATION, ActionQuery(name="n 0005"), first),
        "categories": lambda t: t.actions.categories(ORGANIZATION, None, first),
        "audit, first page": lambda t: t.audit.page(ORGANIZATION, first),
        "one action": lambda t: t.actions.get(ORGANIZATION, "custom_-_5", ActionState.PUBLISHED),
    }


def _milliseconds(store: SqlStore, work: Callable[[Transaction], object]) -> float:
    async def main() -> float:
        times = []
        for _ in range(READS):
            started = time.perf_counter()
            await store.read(work)
            times.append(time.perf_counter() - started)
        return statistics.median(times) * 1000

    return asyncio.run(main())


def _bench_lists(folder: Path) -> None:
    store = open_store(f"sqlite:///{folder / 'lists.db'}")
    shown: dict[str, list[float]] = {}
    for start, end in ((0, SMALL), (SMALL, LARGE)):
        for chunk in range(start, end, SMALL):
            if sys.stderr.isatty():
                print(f"\rfilling: {chunk:,} of {LARGE:,}  \r", end="", file=sys.stderr, flush=True)
            asyncio.run(_done(store.write(partial(_fill, numbers=range(chunk, chunk + SMALL)))))
        for name, work in _reads(end).items():
            shown.setdefault(name, []).append(_milliseconds(store, work))
    store.close()
    rows = [
        (name, f"{small:.2f} ms", f"{large:.2f} ms", f"{large / small:.1f}x")
        for name, (small, large) in shown.items()
    ]
    print(table(rows, ("list", f"{SMALL:,} rows", f"{LARGE:,} rows", "growth")))


async def _done(work: Awaitable[None]) -> None:
    await work


def main() -> None:
    """Print rates of changes and times of lists."""
    with tempfile.TemporaryDirectory() as folder:
        _bench_changes(Path(folder))
        print()
        _bench_lists(Path(folder))
