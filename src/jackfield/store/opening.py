"""Opening the store: the URL, the lock, the schema."""

from __future__ import annotations

import importlib.util
import os
import sqlite3
from pathlib import Path

from sqlalchemy import URL, Engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from jackfield.domain.catalogue import found
from jackfield.domain.errors import OperationRefused
from jackfield.domain.finding import Place
from jackfield.store.engines import READERS, postgresql_engines, sqlite_engines
from jackfield.store.exclusive import FileLock, SessionLock
from jackfield.store.failures import reason
from jackfield.store.schema import bring_up_to_date
from jackfield.store.sql_store import Held, SqlStore

_DRIVERS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}


def open_store(url: str) -> SqlStore:
    """Open a database, make or migrate its schema, and keep other servers away until `SqlStore.close`.

    Args:
        url: `sqlite:////path/file.db`, or `postgresql+psycopg://…` (`postgresql://…` means the same).

    Raises:
        OperationRefused: DATABASE_URL_REFUSED, DATABASE_DRIVER_MISSING, DATABASE_UNREACHABLE, DATABASE_BUSY,
            DATABASE_NEWER or DATABASE_FOREIGN.
    """
    parsed = parsed_url(url)
    shown = parsed.render_as_string(hide_password=True)
    try:
        if parsed.get_backend_name() == "sqlite":
            return _open_sqlite(parsed, shown)
        return _open_postgresql(parsed, shown)
    except OSError as error:
        raise _unreachable(shown, (error.strerror or str(error)).lower()) from error
    except DBAPIError as error:
        raise _unreachable(shown, _first_line(error)) from error
    except SQLAlchemyError as error:
        raise _unreachable(shown, str(error)) from error


def parsed_url(text: str) -> URL:
    """Return a database's URL with its driver.

    Raises:
        OperationRefused: DATABASE_URL_REFUSED or DATABASE_DRIVER_MISSING.
    """
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        # The text is not repeated: it may hold a password.
        raise _refused("it is not a URL") from None
    if url.drivername not in (*_DRIVERS, *_DRIVERS.values()):
        raise _refused(f"`{url.drivername}` is not a database that Jackfield knows")
    url = url.set(drivername=_DRIVERS.get(url.drivername, url.drivername))
    if url.get_backend_name() == "sqlite":
        if url.database in (None, "", ":memory:") or url.query:
            raise _refused("an SQLite database has to be a file, without parameters")
    elif importlib.util.find_spec("psycopg") is None:
        raise OperationRefused(found("DATABASE_DRIVER_MISSING", Place("database")))
    return url


def _open_sqlite(url: URL, shown: str) -> SqlStore:
    path = Path(url.database or "")
    held = FileLock(path.with_name(f"{path.name}.lock"), shown)
    # Made here and not by SQLite, so that nobody else can read it; the WAL takes over its mode.
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    return _start(*sqlite_engines(url), held, shown)


def _open_postgresql(url: URL, shown: str) -> SqlStore:
    writing, reading = postgresql_engines(url)
    return _start(writing, reading, SessionLock(writing, shown), shown)


def _start(writing: Engine, reading: Engine, held: Held, shown: str) -> SqlStore:
    try:
        with writing.begin() as connection:
            bring_up_to_date(connection, shown)
    except BaseException:
        writing.dispose()
        held.release()
        raise
    return SqlStore(writing, reading, readers=READERS, held=held)


def _refused(why: str) -> OperationRefused:
    return OperationRefused(found("DATABASE_URL_REFUSED", Place("database"), reason=why))


def _unreachable(url: str, why: str) -> OperationRefused:
    return OperationRefused(found("DATABASE_UNREACHABLE", Place("database"), url=url, reason=why))


def _first_line(error: DBAPIError) -> str:
    """Return what the driver says; its first line names host, port and cause, never the password."""
    cause = error.orig or error
    if isinstance(cause, sqlite3.Error):
        return reason(cause)[0]
    return (str(cause).splitlines() or [reason(cause)[0]])[0].strip()
