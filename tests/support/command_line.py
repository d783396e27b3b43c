"""Running `jackfield` commands: inside the test's process, and as a process of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from jackfield.cli.main import main

SETTINGS = ("GENESYS", "JACKFIELD", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


@dataclass(frozen=True)
class Outcome:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """The one JSON document on standard output."""
        parsed = json.loads(self.out)
        assert isinstance(parsed, dict)
        return parsed

    @property
    def finding(self) -> dict[str, Any]:
        """The first finding of a failure's document."""
        first: dict[str, Any] = self.document["error"]["findings"][0]
        return first


class Commands:
    """Runs commands inside this process, with an environment of the test's choice."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch, self._capsys = monkeypatch, capsys
        for name in [*os.environ]:
            if name.upper().startswith(SETTINGS):
                monkeypatch.delenv(name)
        monkeypatch.setattr(sys, "excepthook", sys.excepthook)

    def set(self, variables: Mapping[str, str]) -> None:
        """Set environment variables."""
        for name, value in variables.items():
            self._monkeypatch.setenv(name, value)

    def __call__(self, *arguments: str) -> Outcome:
        """Run one command line."""
        self._capsys.readouterr()
        code = main(arguments)
        captured = self._capsys.readouterr()
        return Outcome(code, captured.out, captured.err)


def in_a_process(*arguments: str, stdin: str = "", **environment: str) -> Outcome:
    """Run one command line as `python -m jackfield.cli.main`."""
    inherited = {name: value for name, value in os.environ.items() if not name.upper().startswith(SETTINGS)}
    done = subprocess.run(
        [sys.executable, "-m", "jackfield.cli.main", *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        env={**inherited, **environment},
        timeout=60,
        check=False,
    )
    return Outcome(done.returncode, done.stdout, done.stderr)
