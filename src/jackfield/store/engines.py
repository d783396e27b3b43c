"""Engines of the two databases: one whose transactions write, one for reading."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection

# `hide_parameters` below: the text of a driver's error must not carry what was to be stored.
READERS: Final = 4
BUSY_SECONDS: Final = 5
WAL_LIMIT_BYTES: Final = 64 * 1024 * 1024

_SQLITE_SETTINGS: Final = (
    # WAL lets readers go on while the writer commits. FULL: an acknowledged commit survives a power loss, not
    # only the end of the process. fullfsync matters on macOS alone, where fsync leaves data in the disk's
    # cache.
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA fullfsync = ON",
    f"PRAGMA journal_size_limit = {WAL_LIMIT_BYTES}",
    "PRAGMA foreign_keys = ON",
    "PRAGMA trusted_schema = OFF",
)

_POSTGRESQL_SETTINGS: Final = " ".join(
    f"-c {name}={value}"
    for name, value in (
        ("timezone", "UTC"),
        # Whatever the server's default is: no answer before the change is on disk.
        ("synchronous_commit", "on"),
        ("lock_timeout", f"{BUSY_SECONDS}s"),
    )
)


def sqlite_engines(url: URL) -> tuple[Engine, Engine]:
    """Return the engines of writer and readers of an SQLite file."""
    writing = _sqlite(url, "BEGIN IMMEDIATE", connections=1)
    reading = _sqlite(url, "BEGIN", connections=READERS)
    event.listen(reading, "connect", _forbid_writing)
    return writing, reading


def _sqlite(url: URL, begin: str, *, connections: int) -> Engine:
    engine = create_engine(
        url,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
        hide_parameters=True,
        pool_size=connections,
        max_overflow=0,
    )

    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", start)
    return engine


def _set_up_sqlite(connection: DBAPIConnection, _record: object) -> None:
    # The driver would begin transactions by itself, and too late; `begin` listeners do it instead.
    connection.isolation_level = None
    cursor = connection.cursor()
    for setting in _SQLITE_SETTINGS:
        cursor.execute(setting)
    cursor.close()


def _forbid_writing(connection: DBAPIConnection, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA query_only = ON")
    cursor.close()


def postgresql_engines(url: URL) -> tuple[Engine, Engine]:
    """Return the engines of writer and readers of a PostgreSQL database; none connects yet."""
    writing = _postgresql(url, connections=1)
    reading = _postgresql(url, connections=READERS, isolation_level="REPEATABLE READ")
    return writing, reading.execution_options(postgresql_readonly=True)


def _postgresql(url: URL, *, connections: int, **options: Any) -> Engine:
    # The driver takes one text of options; those of the URL, such as a search_path, come after ours.
    given = " ".join(url.normalized_query.get("options", ()))
    return create_engine(
        url.difference_update_query(["options"]),
        connect_args={
            "options": f"{_POSTGRESQL_SETTINGS} {given}".strip(),
            "application_name": "jackfield",
            "connect_timeout": BUSY_SECONDS,
        },
        pool_size=connections,
        max_overflow=0,
        pool_pre_ping=True,
        hide_parameters=True,
        **options,
    )
