"""The same action executed with 10 and with 100,000 actions in the database, and what a miss costs.

Executions take the action from memory; only the first one after a change reads the database.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path

import httpx

from bench import action_under_load as bench_action
from bench.contestants import upstream_service
from bench.measure import interleaved, ratio, table
from bench.options import OPTIONS
from bench.processes import Target, load
from jackfield.domain.action import Action, ActionState
from jackfield.domain.ports import Transaction
from jackfield.store import open_store

FEW, BATCH, MISSES = 10, 2_000, 40


def main() -> None:
    """Print rates with few and with many actions, and times of a first execution after a change."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        origin = stack.enter_context(upstream_service(folder))
        few = _opened(stack, folder, "few", origin, FEW)
        many = _opened(stack, folder, "many", origin, OPTIONS.stored)
        names = {f"{FEW} actions": few[0], f"{OPTIONS.stored:,} actions": many[0]}
        for target in names.values():
            load(target, bench_action.BODY, 32, 1, folder)

        def rate(target: Target) -> float:
            return load(target, bench_action.BODY, 32, OPTIONS.seconds, folder).rate

        numbers = interleaved({name: partial(rate, target) for name, target in names.items()}, OPTIONS.rounds)
        first, second = names
        costs = [_costs(target, http) for target, http in (few, many)]
    rows = [
        (name, f"{statistics.median(numbers[name]):.0f}", f"{hit:.2f}", f"{miss:.2f}")
        for name, (hit, miss) in zip(names, costs, strict=True)
    ]
    print(table(rows, ("in the database", "req/s at c32", "hit ms", "miss ms")))
    print(f"rate with many / with few: {ratio(numbers, second, first):.2f}")


def _opened(
    stack: ExitStack, folder: Path, name: str, origin: str, count: int
) -> tuple[Target, httpx.Client]:
    data = folder / name
    with bench_action.server(folder, "--data-dir", str(data)) as (_, started):
        http = bench_action.client(started["url"], started["client_id"], started["client_secret"])
        path = bench_action.prepare(http, origin)
        token = bench_action.token_of(http)
        http.close()
    asyncio.run(_fill(data, path.split("/")[-2], count))
    process, started = stack.enter_context(bench_action.server(folder, "--data-dir", str(data)))
    http = stack.enter_context(httpx.Client(base_url=started["url"], timeout=10))
    http.headers["Authorization"] = f"Bearer {token}"
    return Target(f"{started['url']}{path}", (process.pid,), token), http


async def _fill(data: Path, action_id: str, count: int) -> None:
    """Store copies of the action until there are `count`."""
    store = open_store(f"sqlite:///{data / 'jackfield.db'}")
    try:
        organization = await store.read(lambda transaction: transaction.identities.organization())
        assert organization is not None
        one = await store.read(
            lambda transaction: transaction.actions.get(organization.id, action_id, ActionState.PUBLISHED)
        )
        assert one is not None
        copies = [
            replace(one, id=f"custom_-_copy-{index}", name=f"copy {index}") for index in range(1, count)
        ]
        for start in range(0, len(copies), BATCH):
            await store.write(partial(_add, copies[start : start + BATCH]))
    finally:
        store.close()


def _add(actions: list[Action], transaction: Transaction) -> None:
    for action in actions:
        transaction.actions.add(action)


def _costs(target: Target, http: httpx.Client) -> tuple[float, float]:
    """Return the median milliseconds of an execution from memory, and of one right after a change."""
    integration = http.get(bench_action.BASE).raise_for_status().json()["entities"][0]["id"]
    hits, misses = [], []
    for _ in range(MISSES):
        change = {"intendedState": "ENABLED"}
        http.patch(f"{bench_action.BASE}/{integration}", json=change).raise_for_status()
        misses.append(_timed(target, http))
        hits.append(_timed(target, http))
    return statistics.median(hits), statistics.median(misses)


def _timed(target: Target, http: httpx.Client) -> float:
    begun = time.perf_counter()
    http.post(target.url, json=bench_action.INPUT).raise_for_status()
    return (time.perf_counter() - begun) * 1000
