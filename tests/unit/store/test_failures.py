"""What errors of the drivers mean to a caller."""

from __future__ import annotations

import sqlite3

import psycopg
import pytest
from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    OperationalError,
    ProgrammingError,
    StatementError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout

from jackfield.domain.catalogue import found
from jackfield.domain.errors import Conflict, NotFound, OperationRefused, Refused, Unavailable
from jackfield.store.failures import spoils_group, translated


def _sqlite(code: int) -> OperationalError:
    error = sqlite3.OperationalError("driver text")
    error.sqlite_errorcode = code
    return OperationalError("INSERT …", {"secret": "s3cret"}, error)


def _postgresql(kind: type[psycopg.Error]) -> OperationalError:
    return OperationalError("INSERT …", {"secret": "s3cret"}, kind("driver text"))


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (_sqlite(sqlite3.SQLITE_FULL), "disk is full"),
        (_sqlite(sqlite3.SQLITE_IOERR_WRITE), "disk reports an error"),
        (_sqlite(sqlite3.SQLITE_BUSY_SNAPSHOT), "locked"),
        (_sqlite(sqlite3.SQLITE_CORRUPT), "damaged"),
        (_sqlite(sqlite3.SQLITE_READONLY_DBMOVED), "may not be written"),
        (_sqlite(sqlite3.SQLITE_INTERRUPT), "driver text"),
        (_postgresql(psycopg.errors.DiskFull), "disk of the database server is full"),
        (_postgresql(psycopg.errors.TooManyConnections), "lacks resources"),
        (_postgresql(psycopg.errors.LockNotAvailable), "lock"),
        (_postgresql(psycopg.errors.DeadlockDetected), "another transaction"),
        (_postgresql(psycopg.errors.AdminShutdown), "connection"),
        (_postgresql(psycopg.OperationalError), "connection"),
        (PoolTimeout("no connection"), "connection"),
    ],
)
def test_trouble_of_the_database_is_unavailable(error: Exception, words: str) -> None:
    """Each kind of trouble has its reason and its remedy, and no parameter of the statement."""
    answer = translated(error)
    assert isinstance(answer, Unavailable)
    finding = answer.findings[0]
    assert (answer.status, finding.code) == (503, "STORE_UNAVAILABLE")
    assert words in finding.message
    assert finding.fix.split(".")[0]
    assert "s3cret" not in str(finding)
    assert answer.__cause__ is error


def test_clashes_are_conflicts() -> None:
    """A broken constraint is an answer about the request, not about the database."""
    answer = translated(IntegrityError("INSERT", {}, sqlite3.IntegrityError("UNIQUE")))
    assert isinstance(answer, Conflict)
    assert answer.status == 409


def test_our_own_errors_are_found_inside_the_drivers() -> None:
    """What a column type refuses comes out as it was raised."""
    refused = Refused(found("TEXT_NOT_STORABLE", what="x"))
    assert translated(StatementError("(wrapped)", "INSERT", {}, refused)) is refused


def test_a_lost_lock_is_unavailable() -> None:
    """A writer that finds another server at the database answers 503 and says why."""
    answer = translated(OperationRefused(found("DATABASE_BUSY", url="u", owner="")))
    assert isinstance(answer, Unavailable)
    assert answer.findings[0].code == "DATABASE_BUSY"


@pytest.mark.parametrize(
    "error",
    [
        NotFound(),
        KeyError("x"),
        DataError("SELECT", {}, sqlite3.DataError("x")),
        ProgrammingError("SELECT", {}, sqlite3.ProgrammingError("x")),
        StatementError("(x)", "SELECT", {}, ValueError("x")),
    ],
)
def test_everything_else_passes_unchanged(error: Exception) -> None:
    """Answers pass, and so do faults of our own, which must not look like trouble of the database."""
    assert translated(error) is error
    assert not spoils_group(error)


@pytest.mark.parametrize(
    ("error", "spoils"),
    [
        (_sqlite(sqlite3.SQLITE_FULL), True),
        (DBAPIError("x", {}, sqlite3.DatabaseError("malformed")), True),
        (IntegrityError("INSERT", {}, sqlite3.IntegrityError("UNIQUE")), False),
    ],
)
def test_only_trouble_spoils_a_group(error: Exception, spoils: bool) -> None:
    """A clash concerns one work; a failing disk concerns all that wait for the same commit."""
    assert spoils_group(error) is spoils
