"""A store on each database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from jackfield.store import SqlStore, open_store


@pytest.fixture
def store(database_url: str) -> Iterator[SqlStore]:
    """An open store on an empty database."""
    opened = open_store(database_url)
    yield opened
    opened.close()
