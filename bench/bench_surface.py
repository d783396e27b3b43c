"""The API over HTTP: lists as they grow from 10 to 100,000 entities, and durable configuration PUTs.

Lists: two real servers, one with 10 and one with 100,000 integrations and credentials, asked in turn.
Changes: PUT config/current, each answered after its commit is on disk (synchronous=FULL), with 1 and 8
clients at a time, against commits of plain sqlite3 with the same durability in the same run.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path

import httpx

from bench.measure import interleaved, ratio, table
from jackfield.domain.credential import Credential
from jackfield.domain.integration import Configuration, Integration, IntendedState, ReportedState
from jackfield.domain.ports import Transaction
from jackfield.store import open_store

API = "/api/v2/integrations"
FEW, MANY, CHUNK = 10, 100_000, 2_000
READS, ROUNDS, CHANGES = 40, 3, 400
NOW = datetime(2026, 3, 1, tzinfo=UTC)
TYPES = ("custom-rest-actions", "webhook", "premium-app-example", "purecloud-data-actions", "imap-server")
NOTES = "x" * 200
INTEGRATION = Integration(
    "", "", "", IntendedState.DISABLED, ReportedState.INACTIVE, Configuration("name", notes=NOTES), NOW, NOW
)
CREDENTIAL = Credential("", "", "name", "basicAuth", 1, NOW, NOW)


@dataclass(frozen=True)
class Running:
    """A server, and a client that is logged in."""

    url: str
    http: httpx.Client
    token: str


def main() -> None:
    """Print growth and rates."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _bench_lists(folder)
        print()
        _bench_changes(folder)


@contextmanager
def _server(data_dir: Path, secret: str = "") -> Iterator[tuple[Running, str]]:
    """Run a server; yield it and its client's secret."""
    command = [sys.executable, "-m", "jackfield.cli.main", "up", "--port", "0", "--json"]
    process = subprocess.Popen(
        [*command, "--data-dir", str(data_dir)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        assert process.stdout is not None
        started = json.loads(process.stdout.readline())
        secret = started["client_secret"] or secret
        with httpx.Client(base_url=started["url"], timeout=60) as http:
            grant = {"grant_type": "client_credentials"}
            login = http.post("/oauth/token", data=grant, auth=(started["client_id"], secret))
            token = login.raise_for_status().json()["access_token"]
            http.headers["Authorization"] = f"Bearer {token}"
            yield Running(started["url"], http, token), secret
    finally:
        process.terminate()
        process.wait(10)


def _filled(folder: Path, rows: int) -> tuple[Path, str]:
    """Make a data directory with that many integrations and credentials; return it and the secret."""
    data_dir = folder / f"{rows}"
    with _server(data_dir) as (_, secret):
        pass
    store = open_store(f"sqlite:///{data_dir / 'jackfield.db'}")

    async def fill() -> None:
        for start in range(0, rows, CHUNK):
            await store.write(partial(_add, numbers=range(start, min(rows, start + CHUNK))))

    asyncio.run(fill())
    store.close()
    return data_dir, secret


def _add(transaction: Transaction, numbers: range) -> None:
    organization = transaction.identities.organization()
    assert organization is not None
    for number in numbers:
        kind = TYPES[number % len(TYPES)]
        credential = replace(CREDENTIAL, id=f"c-{number}", organization_id=organization.id)
        transaction.credentials.add(credential)
        slots = {"basicAuth": credential.id} if kind == "custom-rest-actions" else {}
        configuration = replace(INTEGRATION.configuration, name=f"n{number:06}", credentials=slots)
        made = replace(INTEGRATION, id=f"i-{number}", organization_id=organization.id, type_id=kind)
        transaction.integrations.add(replace(made, configuration=configuration))


def _requests(rows: int) -> dict[str, str]:
    middle = rows // 2
    return {
        "integrations, first page": f"{API}?pageSize=10",
        "… with config.current": f"{API}?pageSize=10&expand=config.current",
        "… last page": f"{API}?pageSize=10&pageNumber={max(rows // 10, 1)}",
        "… by type": f"{API}?pageSize=10&integrationType=imap-server",
        "… by state": f"{API}?pageSize=10&reportedState=inactive",
        "… by credential": f"{API}?credentialId=c-{middle - middle % 5}",
        "… by ids": f"{API}?ids=i-{middle},i-{middle + 1}",
        "one integration": f"{API}/i-{middle}",
        "client apps": f"{API}/clientapps?pageSize=10",
        "credentials, first page": f"{API}/credentials?pageSize=10",
        "credentials, cursor": f"{API}/credentials/listing?pageSize=10&after=c-{middle}",
        "one credential": f"{API}/credentials/c-{middle}",
        "orphans": "/jackfield/v1/credentials/orphans?pageSize=10",
    }


def _milliseconds(server: Running, path: str) -> float:
    times = []
    for _ in range(READS):
        started = time.perf_counter()
        server.http.get(path).raise_for_status()
        times.append(time.perf_counter() - started)
    return statistics.median(times) * 1000


def _bench_lists(folder: Path) -> None:
    small, large = _filled(folder, FEW), _filled(folder, MANY)
    with _server(*small) as (few, _), _server(*large) as (many, _):
        rows = []
        for name in _requests(FEW):
            times = interleaved(
                {
                    "few": partial(_milliseconds, few, _requests(FEW)[name]),
                    "many": partial(_milliseconds, many, _requests(MANY)[name]),
                },
                ROUNDS,
            )
            medians = {size: statistics.median(values) for size, values in times.items()}
            rows.append(
                (
                    name,
                    f"{medians['few']:.2f} ms",
                    f"{medians['many']:.2f} ms",
                    f"{ratio(times, 'many', 'few'):.1f}x",
                )
            )
    print(table(rows, ("request", f"{FEW} entities", f"{MANY:,} entities", "growth")))


def _plain_per_second(connection: sqlite3.Connection, numbers: count[int]) -> float:
    started = time.perf_counter()
    for _ in range(CHANGES):
        number = next(numbers)
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO one VALUES (?, ?)", (f"i-{number}", NOTES))
        connection.execute("INSERT INTO two VALUES (?, ?)", (f"e-{number}", NOTES))
        connection.execute("COMMIT")
    return CHANGES / (time.perf_counter() - started)


def _plain_database(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE one (id TEXT PRIMARY KEY, content TEXT)")
    connection.execute("CREATE TABLE two (id TEXT PRIMARY KEY, content TEXT)")
    return connection


class Writer:
    """A client that PUTs the configuration of an integration of its own over one connection."""

    def __init__(self, server: Running) -> None:
        made = server.http.post(API, json={"integrationType": {"id": "custom-rest-actions"}})
        self._path = f"{API}/{made.raise_for_status().json()['id']}/config/current"
        self._port = int(server.url.rpartition(":")[2])
        self._token = server.token
        self._version = 1

    async def put(self, times: int) -> None:
        """PUT so often, each after the answer to the one before."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        for _ in range(times):
            writer.write(self._request())
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200"), head
            length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
            await reader.readexactly(length)
            self._version += 1
        writer.close()

    def _request(self) -> bytes:
        members = {"name": "n", "version": self._version, "properties": {}, "advanced": {}}
        body = json.dumps(members | {"notes": NOTES, "credentials": {}})
        head = (
            f"PUT {self._path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {self._token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return (head + body).encode()


def _puts_per_second(writers: list[Writer]) -> float:
    async def run() -> float:
        started = time.perf_counter()
        await asyncio.gather(*(writer.put(CHANGES // len(writers)) for writer in writers))
        return CHANGES / (time.perf_counter() - started)

    return asyncio.run(run())


def _bench_changes(folder: Path) -> None:
    plain, numbers = _plain_database(folder / "plain.db"), count()
    with _server(folder / "changes") as (server, _):
        writers = [Writer(server) for _ in range(8)]
        rates = interleaved(
            {
                "plain sqlite3": lambda: _plain_per_second(plain, numbers),
                "PUT, 1 client": lambda: _puts_per_second(writers[:1]),
                "PUT, 8 clients": lambda: _puts_per_second(writers),
            },
            ROUNDS,
        )
    plain.close()
    rows = [
        (name, f"{statistics.median(rate):,.0f}/s", f"{ratio(rates, name, 'plain sqlite3'):.2f}x")
        for name, rate in rates.items()
    ]
    print(table(rows, ("durable change", "median", "to plain")))
