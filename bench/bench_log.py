"""The log of executions: CPU per run for the caller and in its own thread, bytes per run, what asking costs.

As many runs as are kept by default, of twenty actions, in batches as a busy server writes them.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from bench.measure import table
from jackfield.domain.action import Action, ActionConfig, ActionState, Contract
from jackfield.domain.execution_log import LogQuery
from jackfield.domain.identity import Caller, Principal
from jackfield.domain.run import Run, RunResult
from jackfield.services.logged_runs import finished
from jackfield.store.execution_log import FILE_NAME, SqliteExecutionLog

RUNS, BATCH = 1_000_000, 4_000
ACTIONS = 20
QUESTIONS = 5
ORGANIZATION = str(uuid4())
PRINCIPAL = Principal(ORGANIZATION, str(uuid4()), None, frozenset())
RESULT = RunResult(True, "x" * 40, remote_status=200, durations={"upstream": 0.0123})


class _Clock:
    """The real time."""

    def now(self) -> datetime:
        """Return the time."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds."""
        return time.monotonic()


def main() -> None:
    """Print the costs."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / FILE_NAME
        log = SqliteExecutionLog(path, _Clock(), batch_seconds=0.01)
        try:
            mine, its = _fill(log)
            asked = _questions(log)
        finally:
            log.close()
        rows = [("making and handing over a run", f"{mine:.2f} us"), ("writing a run", f"{its:.2f} us")]
        rows.append(("a run in the file", f"{path.stat().st_size / RUNS:.0f} bytes"))
    rows += [(f"asking for {what}", f"{milliseconds:.1f} ms") for what, milliseconds in asked.items()]
    print(table(rows, ("what", f"cost at {RUNS:,} runs")))


def _fill(log: SqliteExecutionLog) -> tuple[float, float]:
    """Write the runs; return microseconds of CPU per run: this thread's median, the mean of the log's."""
    actions = [_action(number) for number in range(ACTIONS)]
    (writer,) = (thread for thread in threading.enumerate() if thread.name == "execution-log")
    assert writer.ident is not None
    cpu = time.pthread_getcpuclockid(writer.ident)
    mine: list[float] = []
    before = time.clock_gettime(cpu)
    for last in range(BATCH, RUNS + 1, BATCH):
        mine.append(_add(log, actions) / BATCH * 1e6)
        while not asyncio.run(log.page(ORGANIZATION, LogQuery(size=1, after=last - 1))):
            time.sleep(0.005)
    return statistics.median(mine), (time.clock_gettime(cpu) - before) / RUNS * 1e6


def _add(log: SqliteExecutionLog, actions: list[Action]) -> float:
    """Add a batch; return the seconds of CPU that it took."""
    runs = [Run(actions[number % ACTIONS], "", None, "", None, "") for number in range(BATCH)]
    callers = [Caller(PRINCIPAL, str(uuid4())) for _ in runs]
    at, before = datetime.now(UTC), time.thread_time()
    for caller, run in zip(callers, runs, strict=True):
        entry = finished(caller, run, at, 17, RESULT)
        entry.seconds = 0.0234
        log.add(entry)
    return time.thread_time() - before


def _questions(log: SqliteExecutionLog) -> dict[str, float]:
    """Return how many milliseconds each question takes, the median."""
    (oldest,) = asyncio.run(log.page(ORGANIZATION, LogQuery(size=1, after=0)))
    questions = {
        "the newest 25": LogQuery(),
        "a page of 1,000": LogQuery(size=1000),
        "the newest of an action": LogQuery(action_id=oldest.action_id),
        "a correlation id": LogQuery(correlation_id=oldest.correlation_id),
        "problems, there being none": LogQuery(problems=True),
        "what comes after the newest": LogQuery(after=RUNS),
    }
    return {what: _milliseconds(log, query) for what, query in questions.items()}


def _milliseconds(log: SqliteExecutionLog, query: LogQuery) -> float:
    taken: list[float] = []
    for _ in range(QUESTIONS):
        before = time.perf_counter()
        asyncio.run(log.page(ORGANIZATION, query))
        taken.append((time.perf_counter() - before) * 1e3)
    return statistics.median(taken)


def _action(number: int) -> Action:
    now = datetime.now(UTC)
    name = f"Look up customer {number}"
    return Action(
        f"custom_-_{uuid4()}",
        ORGANIZATION,
        str(uuid4()),
        name,
        "bench",
        1,
        False,
        ActionConfig(),
        Contract(),
        ActionState.PUBLISHED,
        now,
        now,
    )
