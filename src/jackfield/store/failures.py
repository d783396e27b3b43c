"""What a driver's error means to a caller."""

from __future__ import annotations

import sqlite3
from typing import Final

from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    ProgrammingError,
    SQLAlchemyError,
    StatementError,
)

from jackfield.domain.catalogue import found
from jackfield.domain.errors import Conflict, JackfieldError, OperationRefused, Unavailable

_PRIMARY_CODE: Final = 0xFF
_CHECK_DISK: Final = "Check the disk that holds the database."
_CHECK_SERVER: Final = "Check that the database server runs and can be reached."

_SQLITE: Final = {
    sqlite3.SQLITE_FULL: ("the disk is full", "Free some space on the disk of the database."),
    sqlite3.SQLITE_BUSY: ("another program holds the database locked", "End the other program."),
    sqlite3.SQLITE_LOCKED: ("another program holds the database locked", "End the other program."),
    sqlite3.SQLITE_READONLY: ("the database file may not be written", "Check the permissions of the file."),
    sqlite3.SQLITE_CANTOPEN: ("the database file cannot be opened", "Check the file and its folder."),
    sqlite3.SQLITE_CORRUPT: ("the database file is damaged", "Restore it from a backup."),
    sqlite3.SQLITE_NOTADB: ("the file is not an SQLite database", "Restore it from a backup."),
    sqlite3.SQLITE_IOERR: ("the disk reports an error", _CHECK_DISK),
    sqlite3.SQLITE_NOMEM: ("there is not enough memory", "Free some memory."),
}

# SQLSTATE classes and codes: PostgreSQL manual, appendix A.
_POSTGRESQL: Final = {
    "53100": ("the disk of the database server is full", "Free some space there."),
    "53": ("the database server lacks resources", "Free connections, memory or disk there."),
    "55P03": ("another program holds a lock in the database", "End the other program."),
    "40": ("another transaction stood in the way", "Wait a moment."),
    "25006": ("the database server takes no changes now", "Connect to the primary server."),
    "58": ("the disk of the database server reports an error", "Check that disk."),
    "XX": ("the database server reports damaged data", "Look at the log of the database server."),
}


def reason(error: BaseException) -> tuple[str, str]:
    """Return why the database failed, and what to do, as the driver's error tells."""
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", None)
        if code is None:
            return str(error), _CHECK_DISK
        return _SQLITE.get(code & _PRIMARY_CODE, (str(error), _CHECK_DISK))
    state = getattr(error, "sqlstate", None) or ""
    known = _POSTGRESQL.get(state) or _POSTGRESQL.get(state[:2])
    return known or ("the connection to the database server is lost or refused", _CHECK_SERVER)


def spoils_group(error: BaseException) -> bool:
    """Tell if the database itself failed, so that no work of the same commit can be trusted to be stored."""
    return isinstance(error, DBAPIError) and not isinstance(
        error, (IntegrityError, DataError, ProgrammingError)
    )


def translated(error: BaseException) -> BaseException:
    """Return the error that a caller shall see: a new one for what the database did, else the same.

    Args:
        error: what a work, a commit or a connection raised.
    """
    if isinstance(error, IntegrityError):
        return _caused(Conflict(found("STORE_CONFLICT")), error)
    if isinstance(error, (DataError, ProgrammingError)):
        return error
    if isinstance(error, DBAPIError):
        return _caused(_unavailable(error.orig or error), error)
    if isinstance(error, StatementError) and isinstance(error.orig, JackfieldError):
        return error.orig
    if isinstance(error, OperationRefused):
        return Unavailable(*error.findings)
    if isinstance(error, SQLAlchemyError) and not isinstance(error, StatementError):
        return _caused(_unavailable(error), error)
    return error


def _caused(error: JackfieldError, cause: BaseException) -> JackfieldError:
    error.__cause__ = cause
    return error


def _unavailable(error: BaseException) -> Unavailable:
    why, remedy = reason(error)
    return Unavailable(found("STORE_UNAVAILABLE", reason=why, remedy=remedy))


def closed() -> Unavailable:
    """Return the error of a store that was closed."""
    return Unavailable(found("STORE_CLOSED"))
