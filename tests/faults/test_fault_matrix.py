"""The promise of docs/faults.md: every fault, run in every way, against a real server process.

A service of this process really has each fault. How late a run may be is measured in the same run: healthy
runs go on all the time, and the slowest of them tells how busy the machine is.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from support.faulty_service import POSSIBLE, FaultyServices
from support.installation import API, enable, make_action, make_integration, simple_config, taken
from support.server import Server

TIMEOUT, PROMISE = 1.0, 0.25
WAYS = ("execute", "test", "draft/test")
ROUNDS = 4
AT_ONCE = 36
INPUT = {"type": "object", "properties": {"url": {"type": "string"}}}


@dataclass(frozen=True)
class Ended:
    """How one run ended."""

    fault: str
    way: str
    finding: str
    status: int
    code: str
    seconds: float


@dataclass
class Matrix:
    """What a thousand runs gave."""

    ended: list[Ended] = field(default_factory=list)
    healthy: list[float] = field(default_factory=list)
    failed_controls: list[str] = field(default_factory=list)
    descriptors: tuple[int, int] = (0, 0)
    most_open: int = 0
    left_open: dict[str, int] = field(default_factory=dict)
    requests: dict[str, int] = field(default_factory=dict)


@pytest.fixture(scope="module")
def matrix(tmp_path_factory: pytest.TempPathFactory) -> Matrix:
    """Run every fault in every way, several times, side by side."""
    folder = tmp_path_factory.mktemp("matrix")
    services = FaultyServices()
    authority = folder / "authority.pem"
    services.authority.cert_pem.write_to_path(authority)
    with Server(folder / "data", options=["--egress-ca", str(authority)]) as server:
        token = server.token()
        with server.http(token) as http:
            integration = make_integration(http)["id"]
            enable(http, integration)
            config = simple_config("${input.url}", requestType="POST") | {"timeoutSeconds": int(TIMEOUT)}
            contract = {"input": {"inputSchema": INPUT}, "output": {"successSchema": {"type": "object"}}}
            action = make_action(http, integration, config=config, contract=contract)["id"]
            taken(http.post(f"{API}/actions/{action}/draft"))
        return asyncio.run(_Runs(server, token, f"{API}/actions/{action}/", services).all())


class _Runs:
    """The runs against one server."""

    def __init__(self, server: Server, token: str, action: str, services: FaultyServices) -> None:
        self._server, self._action, self._services = server, action, services
        self._headers = {"Authorization": f"Bearer {token}"}
        self._matrix = Matrix()
        self._places = asyncio.Semaphore(AT_ONCE)

    async def all(self) -> Matrix:
        connector = aiohttp.TCPConnector(limit=0)
        async with (
            self._services.running(),
            aiohttp.ClientSession(self._server.url, connector=connector, headers=self._headers) as session,
        ):
            await self._round(session)
            before = await self._settled()
            self._matrix.ended.clear()
            self._matrix.healthy.clear()
            for service in self._services.of.values():
                service.requests = 0
            for _ in range(ROUNDS):
                await self._round(session)
            self._matrix.descriptors = (before, await self._settled())
            for name, service in self._services.of.items():
                self._matrix.left_open[name] = service.open_connections
                self._matrix.requests[name] = service.requests
        return self._matrix

    async def _round(self, session: aiohttp.ClientSession) -> None:
        """Run every fault once in every way while healthy runs go on."""
        controls = [
            asyncio.ensure_future(self._control(session, service.url))
            for service in (self._services.healthy, self._services.trusted)
        ]
        await asyncio.gather(*(self._one(session, name, way) for name in POSSIBLE for way in WAYS))
        for control in controls:
            control.cancel()
        await asyncio.gather(*controls, return_exceptions=True)

    async def _one(self, session: aiohttp.ClientSession, name: str, way: str) -> None:
        async with self._places:
            status, answer, seconds = await self._run(session, self._services.of[name].url, way)
        if way != "execute":
            assert status == 200, answer
            answer = answer["error"]
            status = answer["status"]
        finding = answer["errors"][0]["code"] if answer.get("errors") else ""
        self._matrix.ended.append(Ended(name, way, finding, status, answer["code"], seconds))

    async def _control(self, session: aiohttp.ClientSession, url: str) -> None:
        """Call a healthy service again and again."""
        while True:
            status, answer, seconds = await self._run(session, url, "execute")
            self._matrix.healthy.append(seconds)
            open_now = sum(one.open_connections for one in self._services.of.values())
            self._matrix.most_open = max(self._matrix.most_open, open_now)
            if status != 200:
                self._matrix.failed_controls.append(f"{status} {answer}")
            await asyncio.sleep(0.02)

    async def _run(self, session: aiohttp.ClientSession, url: str, way: str) -> tuple[int, Any, float]:
        begun = time.monotonic()
        async with session.post(f"{self._action}{way}", json={"url": url}) as answer:
            document = await answer.json(content_type=None)
            return answer.status, document, time.monotonic() - begun

    async def _settled(self) -> int:
        """Return the server's open files once kept connections have expired."""
        for _ in range(100):
            if not any(service.open_connections for service in self._services.of.values()):
                break
            await asyncio.sleep(0.1)
        assert self._server.process is not None
        return len(os.listdir(f"/proc/{self._server.process.pid}/fd"))


@pytest.mark.parametrize("name", POSSIBLE)
def test_a_fault_ends_as_the_page_says(matrix: Matrix, name: str) -> None:
    """In execute, test and draft test alike: finding, status and code of docs/faults.md."""
    fault = POSSIBLE[name]
    ends = Counter((one.way, one.finding, one.status, one.code) for one in matrix.ended if one.fault == name)
    assert ends == {(way, fault.code, fault.status, fault.wire): ROUNDS for way in WAYS}


def test_there_are_enough_faults_and_runs(matrix: Matrix) -> None:
    """At least forty faults, run a thousand times."""
    assert len(POSSIBLE) >= 40
    assert len(matrix.ended) >= 1_000


def test_every_run_ends_in_time(matrix: Matrix) -> None:
    """Within timeout and a quarter of a second, on top of what a healthy run takes on this busy machine; the
    control: runs that only time ends do take the timeout."""
    slack = max(matrix.healthy)
    late = [one for one in matrix.ended if one.seconds > TIMEOUT + PROMISE + slack]
    assert late == []
    waited = [one.seconds for one in matrix.ended if POSSIBLE[one.fault].times_out]
    assert min(waited) >= TIMEOUT * 0.95


def test_other_services_are_called_meanwhile(matrix: Matrix) -> None:
    """Healthy runs, over http and over https with the private authority, all succeed."""
    assert matrix.failed_controls == []
    assert len(matrix.healthy) > 20


def test_nothing_is_left_open(matrix: Matrix) -> None:
    """After a thousand runs no connection to a service is open, and the server has no more files;
    meanwhile there were many."""
    assert matrix.most_open >= 10
    before, after = matrix.descriptors
    assert {name: count for name, count in matrix.left_open.items() if count} == {}
    # The connections of healthy runs and of this test's own client come and go.
    assert after <= before + 4


def test_a_post_reaches_a_faulty_service_at_most_once(matrix: Matrix) -> None:
    """Whatever goes wrong, no request goes out again; those that were answered came exactly once."""
    runs = ROUNDS * len(WAYS)
    assert {name: count for name, count in matrix.requests.items() if count > runs} == {}
    answered = [name for name, fault in POSSIBLE.items() if fault.moves and not fault.greets]
    assert {name for name in answered if matrix.requests[name] != runs} == set()


def test_the_page_names_every_fault_of_the_matrix() -> None:
    """docs/faults.md has a line for each, and marks those that no service can have."""
    page = (Path(__file__).parents[2] / "docs" / "faults.md").read_text(encoding="utf-8")
    rows = dict(_rows(page))
    assert {name: row for name, row in rows.items() if not row[0]}.keys() == POSSIBLE.keys()
    for name, fault in POSSIBLE.items():
        assert (fault.code, str(fault.status), fault.wire) == rows[name][1:]


def _rows(page: str) -> Iterator[tuple[str, tuple[str, str, str, str]]]:
    for line in page.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| `") and len(cells) == 5:
            name = cells[0].strip("°").strip("`")
            yield name, ("°" if "°" in cells[0] else "", cells[2][1:].partition("]")[0], cells[3], cells[4])
