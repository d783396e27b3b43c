"""A Jackfield server in a process of its own that keeps nothing: for tests that need the real thing."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from threading import Timer
from types import TracebackType
from typing import Final

from jackfield.domain.catalogue import found
from jackfield.domain.errors import OperationRefused
from jackfield.domain.secret import Secret

_START_SECONDS: Final = 60.0
_STOP_SECONDS: Final = 10.0
_TOLD: Final = 2_000
_COMMAND: Final = ("-m", "jackfield.cli.main", "up", "--ephemeral", "--port", "0", "--json")


@dataclass(frozen=True, slots=True)
class Access:
    """How to reach a server.

    Args:
        url: of API and login.
        client_id: of an OAuth client that may do everything.
        client_secret: its secret.
        admin_user: of the first user.
        admin_password: their password.
    """

    url: str
    client_id: str
    client_secret: Secret
    admin_user: str
    admin_password: Secret

    def environment(self) -> dict[str, str]:
        """Return the variables by which SDKs, `gc`, CX as Code and `jackfield` itself find the server."""
        return {
            "GENESYSCLOUD_REGION": self.url,
            "GENESYSCLOUD_OAUTHCLIENT_ID": self.client_id,
            "GENESYSCLOUD_OAUTHCLIENT_SECRET": self.client_secret.reveal(),
        }


@dataclass
class EphemeralServer:
    """A server that picks a free port and forgets everything when it ends. A context manager.

    Args:
        options: more options of `jackfield up`.
    """

    options: Sequence[str] = ()
    _process: subprocess.Popen[str] | None = field(default=None, init=False, repr=False)
    _log: Path | None = field(default=None, init=False, repr=False)
    _open: ExitStack = field(default_factory=ExitStack, init=False, repr=False)

    def start(self) -> Access:
        """Start it, and return when it accepts requests.

        Raises:
            OperationRefused: it did not start; the finding says what it said.
        """
        folder = self._open.enter_context(tempfile.TemporaryDirectory(prefix="jackfield-"))
        self._log = Path(folder) / "stderr"
        with self._log.open("wb") as log:
            self._process = process = subprocess.Popen(
                [sys.executable, *_COMMAND, *self.options],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert process.stdout is not None, "its output was asked for"
        watch = Timer(_START_SECONDS, process.kill)
        watch.start()
        try:
            line = process.stdout.readline()
        finally:
            watch.cancel()
        if not line.startswith("{") or '"url"' not in line:
            raise self._not_started(line)
        return _access(json.loads(line))

    def stop(self) -> int:
        """End it, and return its exit code."""
        process, self._process = self._process, None
        code = 0
        if process is not None:
            process.terminate()
            try:
                code = process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                code = process.wait(_STOP_SECONDS)
            if process.stdout is not None:
                process.stdout.close()
        self._open.close()
        self._log = None
        return code

    def _not_started(self, line: str) -> OperationRefused:
        said = line
        if self._process is not None and self._log is not None:
            rest = self._process.stdout.read() if self._process.stdout is not None else ""
            self._process.wait(_STOP_SECONDS)
            said = line + rest + self._log.read_text(encoding="utf-8", errors="replace")
        self.stop()
        return OperationRefused(found("EPHEMERAL_SERVER_FAILED", reason=said[-_TOLD:].strip() or "nothing"))

    def __enter__(self) -> Access:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def _access(line: Mapping[str, str]) -> Access:
    return Access(
        url=line["url"],
        client_id=line["client_id"],
        client_secret=Secret(line["client_secret"]),
        admin_user=line["admin_user"],
        admin_password=Secret(line["admin_password"]),
    )
