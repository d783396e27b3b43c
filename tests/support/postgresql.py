"""A PostgreSQL server of its own for the tests: Debian's binaries, a free port, a temporary folder."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

HOW_TO_GET_IT = (
    "The store is tested on PostgreSQL too, and its server binaries (initdb, postgres) are not here."
    " Install them: sudo apt-get install postgresql"
)
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    # Nothing here has to survive a power loss; a killed server process keeps what it handed to the kernel.
    "fsync": "off",
    "full_page_writes": "off",
    "shared_buffers": "16MB",
    "max_connections": "40",
    "autovacuum": "off",
    "log_min_messages": "fatal",
}
START_SECONDS = 30.0


def program(name: str) -> Path:
    """Return one of PostgreSQL's server programs; Debian keeps them off the PATH.

    Raises:
        FileNotFoundError: it is not installed; the text tells how to install it.
    """
    places = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    on_path = shutil.which(name)
    candidates = [Path(on_path)] if on_path else places
    if not candidates:
        raise FileNotFoundError(HOW_TO_GET_IT)
    return candidates[0]


def _account() -> pwd.struct_passwd | None:
    """Return whom the server runs as if we are root, which PostgreSQL refuses to run as."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    return names.get("postgres") or names["nobody"]


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@dataclass
class PostgresServer:
    """One server process and its databases. `start` makes the cluster the first time, `remove` deletes it."""

    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="jackfield-postgresql-")))
    port: int = 0
    process: subprocess.Popen[bytes] | None = None
    made: int = 0

    @property
    def data(self) -> Path:
        """The cluster."""
        return self.folder / "data"

    def start(self) -> None:
        """Start the server and return when it takes connections."""
        if not self.data.exists():
            self._make_cluster()
        self.port = self.port or _free_port()
        options = [f"--{name.replace('_', '-')}={value}" for name, value in SETTINGS.items()]
        command = [str(program("postgres")), "-D", str(self.data), "-p", str(self.port), *options]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=self.folder, stdout=log, stderr=log, **self._identity()
            )
        self._wait()

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop the server: SIGINT ends sessions cleanly, SIGQUIT ends at once as after a crash."""
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(timeout=START_SECONDS)
            self.process = None

    def remove(self) -> None:
        """Stop the server and delete everything."""
        self.stop()
        shutil.rmtree(self.folder)

    def create_database(self) -> str:
        """Make an empty database and return its URL in SQLAlchemy's form."""
        self.made += 1
        name = f"test_{self.made}"
        self.execute(f"CREATE DATABASE {name}")
        return f"postgresql+psycopg://jackfield@127.0.0.1:{self.port}/{name}"

    def execute(self, statement: str, database: str = "postgres") -> Sequence[Any]:
        """Run one statement and return its rows, if it has any."""
        with self._connect(database) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else ()

    def _connect(self, database: str) -> psycopg.Connection[Any]:
        return psycopg.connect(
            host="127.0.0.1", port=self.port, user="jackfield", dbname=database, autocommit=True
        )

    def _make_cluster(self) -> None:
        account = _account()
        if account is not None:
            os.chown(self.folder, account.pw_uid, account.pw_gid)
        command = [str(program("initdb")), "-D", str(self.data), "-U", "jackfield", "--auth=trust"]
        made = subprocess.run(
            [*command, "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8"],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
            **self._identity(),
        )
        if made.returncode:
            raise RuntimeError(f"initdb failed: {made.stderr}")

    def _identity(self) -> dict[str, Any]:
        account = _account()
        if account is None:
            return {}
        return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}

    def _wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while True:
            assert self.process is not None
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start: {(self.folder / 'log').read_text()}")
            try:
                self._connect("postgres").close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return
