"""Fixtures of the command line's tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from support.command_line import Commands
from support.fake_api import FakeApi, Reply


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Commands:
    """Runs commands without any server named."""
    return Commands(monkeypatch, capsys)


@pytest.fixture
def api() -> Iterator[FakeApi]:
    """A server that knows nothing until the test says what."""
    with FakeApi(lambda _: Reply(404, {"code": "not.found", "message": "no"})) as server:
        yield server


@pytest.fixture
def connected(commands: Commands, api: FakeApi) -> Commands:
    """Runs commands against that server."""
    commands.set(api.environment())
    return commands
