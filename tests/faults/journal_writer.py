"""A process that writes until it is killed, and prints each number that was acknowledged to it.

Run as `journal_writer.py URL FIRST durable|eager`; `eager` prints before the commit, as a broken store would.
"""

from __future__ import annotations

import asyncio
import os
import sys
from functools import partial
from itertools import count
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from jackfield.domain.ports import Transaction
from jackfield.store import SqlStore, open_store
from support.stores import audit_entry, integration

WRITERS = 8


def _add(number: int, transaction: Transaction) -> None:
    transaction.integrations.add(integration(number))
    transaction.audit.add(audit_entry(number))


def _acknowledge(number: int) -> None:
    os.write(1, f"{number}\n".encode())


async def _write_on(store: SqlStore, numbers: count[int], *, eager: bool) -> None:
    for number in numbers:
        if eager:
            _acknowledge(number)
        await store.write(partial(_add, number))
        if not eager:
            _acknowledge(number)


async def _main(url: str, first: int, *, eager: bool) -> None:
    store = open_store(url)
    numbers = count(first)
    await asyncio.gather(*(_write_on(store, numbers, eager=eager) for _ in range(WRITERS)))


asyncio.run(_main(sys.argv[1], int(sys.argv[2]), eager=sys.argv[3] == "eager"))
