"""A real server process, a real web service, and an HTTP client between them."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from support.greeting_service import GreetingService, greeting_service
from support.installation import make_connected
from support.server import Server


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that all tests share; they tell their own entities apart by id."""
    with Server(tmp_path_factory.mktemp("wire") / "data") as running:
        yield running


@pytest.fixture(scope="session")
def http(server: Server) -> Iterator[httpx.Client]:
    """A client that may do everything."""
    with server.http() as client:
        yield client


@pytest.fixture(scope="session")
def connected(http: httpx.Client) -> str:
    """An enabled web services integration with the greeting service's credentials; returns its id."""
    return make_connected(http)


@pytest.fixture
def greeter() -> Iterator[GreetingService]:
    """The vendor's web service, with nothing received yet."""
    with greeting_service() as service:
        yield service
