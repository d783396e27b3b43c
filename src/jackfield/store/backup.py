"""A copy of a database that is in use, and what a newer Jackfield would do to it."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, create_engine, inspect, select
from sqlalchemy.exc import DBAPIError

from jackfield.domain.catalogue import found
from jackfield.domain.errors import OperationRefused
from jackfield.domain.finding import Place
from jackfield.store.failures import reason
from jackfield.store.migrations import HEAD, REVISIONS
from jackfield.store.opening import parsed_url
from jackfield.store.tables import REVISION_TABLE, revision

PAGES_AT_ONCE: Final = 2_000
BUSY_SECONDS: Final = 30


@dataclass(frozen=True, slots=True)
class SchemaState:
    """What a database's schema is, and what this version's would be.

    Args:
        found: revision of the database, "" if it has none yet. Likewise `wanted`.
        pending: revisions that the next start would go through.
    """

    found: str
    wanted: str
    pending: tuple[str, ...]


def back_up(url: str, target: Path) -> int:
    """Copy an SQLite database to a file, whole and consistent, while a server may be using it.

    Args:
        url: the database.
        target: a file that must not exist; only its owner can read it.

    Returns:
        The size of the copy in bytes.

    Raises:
        OperationRefused: BACKUP_ELSEWHERE for PostgreSQL, BACKUP_FAILED otherwise. Nothing is left behind.
    """
    parsed = parsed_url(url)
    if parsed.get_backend_name() != "sqlite":
        shown = parsed.render_as_string(hide_password=True)
        raise OperationRefused(found("BACKUP_ELSEWHERE", Place("database"), url=shown, name=parsed.database))
    source = Path(parsed.database or "")
    if not source.is_file():
        raise _failed(source, target, "there is no database")
    try:
        # Made here and exclusively: it never replaces a file, and nobody else can read it.
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError as error:
        raise _failed(source, target, (error.strerror or str(error)).lower()) from error
    try:
        _copy(source, target)
        _make_durable(target)
    except (OSError, sqlite3.Error) as error:
        target.unlink()
        raise _failed(source, target, str(error)) from error
    except BaseException:
        target.unlink()
        raise
    return target.stat().st_size


def schema_state(url: str) -> SchemaState:
    """Return what the next start of this version would do to a database; nothing is changed.

    Raises:
        OperationRefused: it cannot be read, or is a newer version's.
    """
    parsed = parsed_url(url)
    shown = parsed.render_as_string(hide_password=True)
    if parsed.get_backend_name() == "sqlite" and not Path(parsed.database or "").is_file():
        return SchemaState("", HEAD, ())
    try:
        with _reading(url) as connection:
            current = _current(connection)
    except DBAPIError as error:
        why = reason(error.orig)[0] if isinstance(error.orig, sqlite3.Error) else str(error.orig)
        raise OperationRefused(
            found("DATABASE_UNREACHABLE", Place("database"), url=shown, reason=why)
        ) from error
    if current and current not in REVISIONS:
        raise OperationRefused(
            found("DATABASE_NEWER", Place("database"), url=shown, found=current, known=HEAD)
        )
    known = list(REVISIONS)
    pending = known[known.index(current) + 1 :] if current else []
    return SchemaState(current, HEAD, tuple(pending))


@contextlib.contextmanager
def _reading(url: str) -> Iterator[Connection]:
    engine = create_engine(parsed_url(url), hide_parameters=True)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _current(connection: Connection) -> str:
    if REVISION_TABLE not in inspect(connection).get_table_names():
        return ""
    return connection.execute(select(revision.c.version_num)).scalar_one_or_none() or ""


def _copy(source: Path, target: Path) -> None:
    """Copy page by page; what is written meanwhile is in the copy, too."""
    with (
        contextlib.closing(
            sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True, timeout=BUSY_SECONDS)
        ) as here,
        contextlib.closing(sqlite3.connect(target)) as there,
    ):
        here.backup(there, pages=PAGES_AT_ONCE)
        # One file, which needs no -wal beside it.
        there.execute("PRAGMA journal_mode = DELETE")
        verdict = there.execute("PRAGMA quick_check(1)").fetchone()[0]
    if verdict != "ok":
        raise sqlite3.DatabaseError(f"the copy is damaged: {verdict}")


def _make_durable(target: Path) -> None:
    for path, flags in ((target, os.O_RDWR), (target.absolute().parent, os.O_RDONLY)):
        descriptor = os.open(path, flags)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _failed(source: Path, target: Path, why: str) -> OperationRefused:
    finding = found("BACKUP_FAILED", Place("backup"), source=source, target=target, reason=why)
    return OperationRefused(finding, exit_code=1)
