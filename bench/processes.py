"""Processes under load: started, waited for, their CPU time counted, stopped by their ids."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
_RESULT = re.compile(r"RESULT (\d+) (\d+) (\d+) (\d+) (\d+)")


@dataclass(frozen=True)
class Target:
    """One contestant: where to send the load, and whose CPU time to count."""

    url: str
    pids: tuple[int, ...]
    token: str = "none"


@dataclass(frozen=True)
class Load:
    """What one run of the load generator measured. Times in microseconds; `rate` in requests a second."""

    rate: float
    p50: float
    p99: float
    cpu: float


def free_port() -> int:
    """Return a port of the loopback interface that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(
    arguments: list[str], cwd: Path, environment: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[str]]:
    """Run a process, with a few variables more in its environment; end it by its id."""
    process = subprocess.Popen(
        arguments,
        cwd=cwd,
        env={**os.environ, **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(10)


def wait_for(port: int, seconds: float = 30.0) -> None:
    """Wait until somebody listens on a port."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise TimeoutError(f"nothing listens on port {port}")


def children(pid: int) -> tuple[int, ...]:
    """Return the ids of a process' children."""
    path = Path(f"/proc/{pid}/task/{pid}/children")
    return tuple(int(child) for child in path.read_text().split())


def cpu_seconds(pids: tuple[int, ...]) -> float:
    """Return what processes used of the CPU, user and system time."""
    total = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total / TICKS


def settle(target: Target, seconds: float = 3.0) -> None:
    """Wait until a contestant has done what its load left it to do: it would slow the next one."""
    until = time.monotonic() + seconds
    before = cpu_seconds(target.pids)
    while time.monotonic() < until:
        time.sleep(0.1)
        now = cpu_seconds(target.pids)
        if now - before <= 1 / TICKS:
            return
        before = now


def load(target: Target, body: str, connections: int, seconds: int, folder: Path) -> Load:
    """Send POST requests over kept connections for some seconds, each after the answer to the one before.

    Raises:
        RuntimeError: an answer was no success, or did not come.
    """
    before = cpu_seconds(target.pids)
    script = _script(folder, target.token, body)
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", str(script), target.url]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    match = _RESULT.search(output)
    if match is None or int(match[5]) or not int(match[1]):
        raise RuntimeError(f"the load on {target.url} failed:\n{output}")
    requests, duration, p50, p99 = (int(match[index]) for index in range(1, 5))
    return Load(requests / duration * 1e6, p50, p99, (cpu_seconds(target.pids) - before) / requests * 1e6)


def _script(folder: Path, token: str, body: str) -> Path:
    path = folder / f"post-{token}.lua"
    lines = [
        'wrk.method = "POST"',
        f"wrk.body = [[{body}]]",
        'wrk.headers["Content-Type"] = "application/json"',
        f'wrk.headers["Authorization"] = "Bearer {token}"',
        "done = function(s, l, r) io.write(string.format('RESULT %d %d %d %d %d', s.requests, s.duration,"
        " l:percentile(50), l:percentile(99), s.errors.status + s.errors.read + s.errors.timeout)) end",
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path
