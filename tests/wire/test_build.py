"""Which build the servers of this run of the tests are."""

from __future__ import annotations

import os
from pathlib import Path

import httpx

from support.server import Server

SOURCE = Path(__file__).parents[2] / "src"
MEANT = "compiled" if os.environ.get("JACKFIELD_TEST_BUILD") == "compiled" else "pure"


def kind(page: str) -> str:
    """Return what `/metrics` says of the build."""
    line = next(line for line in page.splitlines() if line.startswith("jackfield_build_info{"))
    return line.partition('kind="')[2].partition('"')[0]


def test_servers_are_of_the_build_that_is_meant(http: httpx.Client) -> None:
    """`make test-compiled` talks to compiled server processes, `make test` to those of the sources."""
    assert kind(http.get("/metrics").text) == MEANT


def test_a_server_of_the_sources_says_so(tmp_path: Path) -> None:
    """The other test can fail: a server that gets the sources to run says that it is not compiled."""
    with Server(tmp_path / "data", environment={"PYTHONPATH": str(SOURCE)}) as server, server.http() as http:
        assert kind(http.get("/metrics").text) == "pure"
