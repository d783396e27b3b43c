"""A full organization: 42 executions a second, up to 50 under way, a web service that takes 200 ms.

The same requests go to the web service alone at the same time, so that what is seen is what Jackfield adds.
Every tenth second comes as one burst.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from bench import action_under_load as bench_action
from bench.measure import table
from bench.options import OPTIONS
from bench.processes import free_port, running, wait_for

PER_SECOND, IN_FLIGHT, BURST_EVERY = 42, 50, 10
_SERVICE = """
import asyncio, sys

REPLY = sys.argv[2].encode()
HEAD = b"HTTP/1.1 200 OK\\r\\nContent-Type: application/json\\r\\nContent-Length: %d\\r\\n\\r\\n" % len(REPLY)

class Service(asyncio.Protocol):
    def __init__(self):
        self.seen = b""

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.seen += data
        head, ended, body = self.seen.partition(b"\\r\\n\\r\\n")
        length = [line for line in head.lower().split(b"\\r\\n") if line.startswith(b"content-length:")]
        whole = len(body) >= int(length[0].split(b":")[1]) if length else body.endswith(b"0\\r\\n\\r\\n")
        if ended and whole:
            self.seen = b""
            asyncio.get_running_loop().call_later(0.2, self.transport.write, HEAD + REPLY)

async def main():
    server = await asyncio.get_running_loop().create_server(Service, "127.0.0.1", int(sys.argv[1]))
    await server.serve_forever()

asyncio.run(main())
"""


@dataclass
class Side:
    """One way to the web service: its times in milliseconds, and what was no success."""

    url: str
    token: str
    times: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.free = asyncio.Semaphore(IN_FLIGHT)

    async def ask(self, session: aiohttp.ClientSession) -> None:
        """Send one request."""
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        async with self.free:
            begun = time.perf_counter()
            try:
                async with session.post(self.url, data=bench_action.BODY, headers=headers) as answer:
                    await answer.read()
                    if answer.status != 200:
                        self.errors.append(str(answer.status))
            except (aiohttp.ClientError, TimeoutError) as error:
                self.errors.append(type(error).__name__)
            self.times.append((time.perf_counter() - begun) * 1000)

    def percentile(self, hundredth: int) -> float:
        """Return a percentile of the times."""
        return statistics.quantiles(self.times, n=100)[hundredth - 1]


async def _both(sides: tuple[Side, Side], seconds: float) -> None:
    timeout = aiohttp.ClientTimeout(total=30)
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(timeout=timeout, connector=connector) as session:
        tasks: set[asyncio.Task[None]] = set()
        begun = asyncio.get_running_loop().time()
        second = 0
        while second < seconds:
            burst = second % BURST_EVERY == BURST_EVERY - 1
            for one in range(PER_SECOND):
                due = begun + second + (0 if burst else one / PER_SECOND)
                await asyncio.sleep(max(due - asyncio.get_running_loop().time(), 0))
                for side in sides:
                    task = asyncio.create_task(side.ask(session))
                    tasks.add(task)
                    task.add_done_callback(tasks.discard)
            second += 1
        await asyncio.gather(*tasks)


def main() -> None:
    """Print percentiles of both ways, and what Jackfield adds."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "service.py").write_text(_SERVICE)
        port = free_port()
        reply = json.dumps(bench_action.REPLY)
        with (
            running([sys.executable, "service.py", str(port), reply], folder),
            bench_action.server(folder, "--ephemeral") as (_, started),
        ):
            wait_for(port)
            origin = f"http://127.0.0.1:{port}"
            http = bench_action.client(started["url"], started["client_id"], started["client_secret"])
            path, token = bench_action.prepare(http, origin), bench_action.token_of(http)
            http.close()
            alone, through = Side(origin, token), Side(f"{started['url']}{path}", token)
            asyncio.run(_both((alone, through), OPTIONS.minutes * 60))
    _report(alone, through)


def _report(alone: Side, through: Side) -> None:
    names = {"web service alone": alone, "through Jackfield": through}
    rows = [
        (
            name,
            str(len(side.times)),
            *(f"{side.percentile(p):.1f}" for p in (50, 99)),
            f"{max(side.times):.1f}",
        )
        for name, side in names.items()
    ]
    print(f"{PER_SECOND}/s, at most {IN_FLIGHT} under way, 200 ms per reply, {OPTIONS.minutes:g} minutes")
    print(table(rows, ("what", "requests", "p50 ms", "p99 ms", "longest ms")))
    print(f"added at p50: {through.percentile(50) - alone.percentile(50):.1f} ms")
    print(f"added at p99: {through.percentile(99) - alone.percentile(99):.1f} ms")
    for name, side in names.items():
        print(f"errors, {name}: {len(side.errors)} {sorted(set(side.errors)) or ''}")
