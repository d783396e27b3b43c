"""One server per database: a lock that lives as long as the process and goes with it, however it ends."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection

from jackfield.domain.catalogue import found
from jackfield.domain.errors import OperationRefused
from jackfield.domain.finding import Place

LOCK_CLASS: Final = 0x4A61636B
"""First half of the PostgreSQL advisory lock's key: "Jack". The second half stands for the schema."""

PATIENCE_MILLISECONDS: Final = 2000
"""How long to wait for a killed server's session to be cleared away."""

_LOCK_NOT_AVAILABLE: Final = "55P03"


def busy(url: str, owner: str = "") -> OperationRefused:
    """Return the refusal of a database that another server uses."""
    return OperationRefused(found("DATABASE_BUSY", Place("database"), url=url, owner=owner))


class FileLock:
    """An advisory lock on a file next to the database; not on the database, whose locks are SQLite's own.

    Args:
        path: the lock file; it stays when the lock is released, because removing it would let two servers
            lock two files of the same name.
        url: the database, for the refusal.

    Raises:
        OperationRefused: DATABASE_BUSY.
        OSError: the file cannot be made.
    """

    def __init__(self, path: Path, url: str) -> None:
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = os.read(self._descriptor, 20).decode("ascii", "replace").strip()
            os.close(self._descriptor)
            raise busy(url, f" (process {owner})" if owner.isdigit() else "") from None
        os.ftruncate(self._descriptor, 0)
        os.write(self._descriptor, f"{os.getpid()}\n".encode())

    def release(self) -> None:
        """Let other servers have the database."""
        os.close(self._descriptor)


class SessionLock:
    """An advisory lock of the PostgreSQL session that writes, taken again whenever that session is made anew.

    A server that lost its session and finds another one holding the lock must not write; its changes end in
    Unavailable until the lock is free.
    """

    def __init__(self, writing: Engine, url: str) -> None:
        self._url = url
        event.listen(writing, "connect", self._take)

    def _take(self, connection: DBAPIConnection, _record: object) -> None:
        cursor = connection.cursor()
        try:
            cursor.execute(f"SET lock_timeout = {PATIENCE_MILLISECONDS}")
            cursor.execute(f"SELECT pg_advisory_lock({LOCK_CLASS}, hashtext(current_schema()))")
            cursor.execute("RESET lock_timeout")
            connection.commit()
        except Exception as error:
            connection.close()
            if getattr(error, "sqlstate", "") == _LOCK_NOT_AVAILABLE:
                raise busy(self._url) from None
            raise
        finally:
            cursor.close()

    def release(self) -> None:
        """Nothing to do: the lock ended with the session."""
