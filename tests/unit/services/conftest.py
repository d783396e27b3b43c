"""The services on a store and a vault of their own, for one test each."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.services import Workshop, open_workshop


@pytest.fixture
def workshop(tmp_path: Path) -> Iterator[Workshop]:
    """Real services in a temporary folder."""
    made = asyncio.run(open_workshop(tmp_path))
    yield made
    made.store.close()
