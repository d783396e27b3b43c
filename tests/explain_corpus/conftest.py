"""One server process for the whole corpus, and one connection to it."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from support.server import Server


@pytest.fixture(scope="session")
def http(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client, with all permissions, of a server that knows nothing yet."""
    with Server(tmp_path_factory.mktemp("explain") / "data") as running, running.http() as client:
        yield client
