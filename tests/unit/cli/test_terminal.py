"""Commands on a real (pseudo) terminal: hidden prompts, tables, interruption."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from support.fake_api import Asked, FakeApi, Reply

SECRET = "hunter22-hunter22"
SECONDS = 20.0
TYPE = {
    "name": "basicAuth",
    "properties": {"userName": {"title": "Username"}, "password": {"title": "Password", "sensitive": True}},
    "displayOrder": ["userName", "password"],
    "required": ["userName", "password"],
}


def _heed_interruptions() -> None:
    """What runs in a shell's background inherits that SIGINT is ignored; a terminal's program does not."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Terminal:
    """A command on a terminal of its own: what is shown there can be waited for and answered."""

    def __init__(self, api: FakeApi, *arguments: str) -> None:
        self._outer, inner = pty.openpty()
        self.shown = ""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "jackfield.cli.main", *arguments],
            stdin=inner,
            stdout=inner,
            stderr=inner,
            env={**os.environ, **api.environment(), "TERM": "dumb", "COLUMNS": "90"},
            start_new_session=True,
            preexec_fn=_heed_interruptions,
        )
        os.close(inner)

    def wait_for(self, text: str) -> None:
        """Read until a text is shown."""
        deadline = time.monotonic() + SECONDS
        while text not in self.shown:
            assert time.monotonic() < deadline, self.shown
            self._read()

    def type(self, text: str) -> None:
        """Type a line."""
        os.write(self._outer, f"{text}\n".encode())

    def interrupt(self) -> None:
        """Send SIGINT, and once more after a while: one that comes just before the editor waits is lost."""
        while self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self._read(6)

    def end(self) -> int:
        """Read to the end and return the exit code."""
        while self.process.poll() is None:
            self._read()
        self._read()
        os.close(self._outer)
        return self.process.wait(SECONDS)

    def _read(self, rounds: int = 1) -> None:
        for _ in range(rounds):
            if self.process.poll() is not None and rounds > 1:
                return
            ready, _, _ = select.select([self._outer], [], [], 0.5)
            if ready:
                try:
                    self.shown += os.read(self._outer, 65_536).decode()
                except OSError:  # Linux tells the other side's end so
                    self.process.wait(SECONDS)


@pytest.fixture
def stored() -> list[bytes]:
    """Bodies that were sent to the server."""
    return []


@pytest.fixture
def api(stored: list[bytes]) -> Iterator[FakeApi]:
    """A server with one credential type and one integration."""

    def respond(asked: Asked) -> Reply:
        if asked.method == "POST":
            stored.append(asked.body)
            return Reply(value={"id": "c-1"})
        if asked.path.endswith("/types"):
            return Reply(value=[TYPE])
        return Reply(value={"entities": [{"id": "i-1", "name": "[bold]One\x1b[31m"}], "pageCount": 1})

    with FakeApi(respond) as server:
        yield server


def test_a_secret_is_asked_for_and_not_echoed(api: FakeApi, stored: list[bytes]) -> None:
    """What is typed at the hidden prompt does not appear on the screen, the other answer does."""
    terminal = Terminal(api, "cred", "add", "basicAuth")
    terminal.wait_for("Username")
    terminal.type("parcel-desk")
    terminal.wait_for("Password")
    terminal.type(SECRET)
    assert terminal.end() == 0
    assert json.loads(stored[0])["credentialFields"] == {"userName": "parcel-desk", "password": SECRET}
    assert "parcel-desk" in terminal.shown
    assert SECRET not in terminal.shown


def test_an_interruption_at_a_prompt_exits_130(api: FakeApi, stored: list[bytes]) -> None:
    """Ctrl-C leaves nothing half done."""
    terminal = Terminal(api, "cred", "add", "basicAuth")
    terminal.wait_for("Username")
    terminal.interrupt()
    assert terminal.end() == 130
    assert "interrupted" in terminal.shown
    assert "Traceback" not in terminal.shown
    assert stored == []


def test_lists_are_tables_on_a_terminal(api: FakeApi) -> None:
    """Columns are aligned; markup and escape sequences in names are shown, not obeyed."""
    terminal = Terminal(api, "integration", "list")
    assert terminal.end() == 0
    lines = terminal.shown.splitlines()
    assert re.match(r"ID +NAME +TYPE +WANTED +IS", lines[0])
    assert "[bold]One [31m" in lines[1]
    assert "\x1b[31m" not in terminal.shown
