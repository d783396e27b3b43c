"""A real Jackfield server in a process of its own, for tests that talk to the real thing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx


@dataclass
class Server:
    """One server process.

    Args:
        data_dir: where it keeps everything.
        options: more options of `jackfield up`.
        module: what is run; tests may name a damaged server of their own.
        environment: added to the process environment.
    """

    data_dir: Path
    options: Sequence[str] = ()
    module: str = "jackfield.cli.main"
    environment: Mapping[str, str] = field(default_factory=dict)
    client_id: str = ""
    client_secret: str = ""
    url: str = ""
    process: subprocess.Popen[str] | None = None
    first_line: dict[str, Any] = field(default_factory=dict)

    @property
    def log_file(self) -> Path:
        """Standard error of the process."""
        return self.data_dir.parent / f"{self.data_dir.name}.stderr"

    def start(self) -> Server:
        """Start it and wait until it accepts requests."""
        command = [sys.executable, "-m", self.module, "up", "--port", "0", "--json"]
        command += ["--data-dir", str(self.data_dir), *self.options]
        with self.log_file.open("ab") as log:
            self.process = subprocess.Popen(
                command,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env={**os.environ, **self.environment},
            )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            self.process.wait(10)
            self.process.stdout.close()
            raise RuntimeError(f"the server did not start: {self.log_file.read_text()[-2000:]}")
        self.first_line = json.loads(line)
        self.url = self.first_line["url"]
        self.client_id = self.first_line["client_id"]
        self.client_secret = self.first_line["client_secret"] or self.client_secret
        return self

    def kill(self) -> None:
        """SIGKILL, and wait until it is gone."""
        self._signal(signal.SIGKILL)

    def stop(self) -> int:
        """SIGTERM, wait, and return the exit code."""
        return self._signal(signal.SIGTERM)

    def _signal(self, number: int) -> int:
        if self.process is None:
            return 0
        process, self.process = self.process, None
        if process.poll() is None:
            process.send_signal(number)
        code = process.wait(10)
        if process.stdout is not None:
            process.stdout.close()
        return code

    def token(self, client_id: str = "", client_secret: str = "") -> str:
        """Get an access token."""
        answer = httpx.post(
            f"{self.url}/oauth/token",
            data={"grant_type": "client_credentials"},
            auth=(client_id or self.client_id, client_secret or self.client_secret),
        )
        return str(answer.raise_for_status().json()["access_token"])

    def client_environment(self) -> dict[str, str]:
        """Return the environment in which a command finds this server."""
        return {
            **os.environ,
            "GENESYSCLOUD_REGION": self.url,
            "GENESYSCLOUD_OAUTHCLIENT_ID": self.client_id,
            "GENESYSCLOUD_OAUTHCLIENT_SECRET": self.client_secret,
        }

    def http(self, token: str = "") -> httpx.Client:
        """Return a client that sends a bearer token."""
        headers = {"Authorization": f"Bearer {token or self.token()}"}
        return httpx.Client(base_url=self.url, headers=headers, timeout=30)

    def __enter__(self) -> Server:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()
