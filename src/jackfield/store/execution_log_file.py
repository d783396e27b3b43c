"""The file of the log of executions: its tables, how it is opened, how an older one is brought up to date."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Engine,
    Float,
    Integer,
    MetaData,
    Table,
    Text,
    create_engine,
    event,
)
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError

from jackfield.domain.catalogue import found
from jackfield.domain.errors import OperationRefused
from jackfield.domain.finding import Place

BUSY_SECONDS: Final = 5
VERSION: Final = 2

metadata: Final = MetaData()
# What many runs share stands once, and a run names it by its number: a row of `runs` is nine small values.
# There are as many subjects as actions have versions and callers, and as many endings as ways to fail.
subjects: Final = Table(
    "subjects",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("organization_id", Text, nullable=False),
    Column("client_id", Text, nullable=False),
    Column("user_id", Text),
    Column("action_id", Text, nullable=False),
    Column("action_name", Text, nullable=False),
    Column("integration_id", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("mode", Text, nullable=False),
    Column("flatten", Boolean, nullable=False),
)
endings: Final = Table(
    "endings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("outcome", Text, nullable=False),
    Column("status", Integer, nullable=False),
    Column("error_code", Text, nullable=False),
    Column("error_class", Text, nullable=False),
    Column("failed_step", Text, nullable=False),
)
# No index: rows are only ever appended, so that a batch fills its pages. An index of random keys, as
# correlation ids are, has a page to write for nearly every row. People look things up seldom, and then all
# rows are read.
runs: Final = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("subject_id", Integer, nullable=False),
    Column("ending_id", Integer, nullable=False),
    # Seconds since the epoch: a float of today's times tells microseconds apart.
    Column("at", Float, nullable=False),
    Column("correlation_id", Text, nullable=False),
    Column("remote_status", Integer),
    Column("seconds", Float, nullable=False),
    Column("upstream_seconds", Float, nullable=False),
    Column("request_bytes", Integer, nullable=False),
    Column("response_bytes", Integer, nullable=False),
    sqlite_autoincrement=True,
)
# Apart, so that whoever reads all runs need not step over them.
bodies: Final = Table(
    "bodies",
    metadata,
    Column("run_id", Integer, primary_key=True),
    Column("inputs", Text, nullable=False),
    Column("result", Text, nullable=False),
    Column("whole", Boolean, nullable=False),
)

_SETTINGS: Final = (
    "PRAGMA journal_mode = WAL",
    # A power loss may take the last commits; the file stays sound.
    "PRAGMA synchronous = NORMAL",
    "PRAGMA journal_size_limit = 67108864",
    "PRAGMA trusted_schema = OFF",
)
_SUBJECT: Final = tuple(column.name for column in subjects.columns if not column.primary_key)
_ENDING: Final = tuple(column.name for column in endings.columns if not column.primary_key)
_SET_ASIDE: Final = "ALTER TABLE runs RENAME TO runs_1"
# Version 1 had one table with everything in each row, times as text.
_TO_VERSION_2: Final = (
    # Ids go on where they were, also if no run is left.
    "INSERT INTO sqlite_sequence (name, seq) SELECT 'runs', seq FROM sqlite_sequence WHERE name = 'runs_1'",
    f"INSERT INTO subjects ({', '.join(_SUBJECT)}) SELECT DISTINCT {', '.join(_SUBJECT)} FROM runs_1",
    f"INSERT INTO endings ({', '.join(_ENDING)}) SELECT DISTINCT {', '.join(_ENDING)} FROM runs_1",
    "CREATE INDEX subjects_1 ON subjects (action_id, version)",
    f"""INSERT INTO runs
        SELECT runs_1.id, subjects.id, endings.id,
            strftime('%s', at) + substr(at, 21) / 1e6,
            correlation_id, remote_status, seconds, upstream_seconds, request_bytes, response_bytes
        FROM runs_1
        JOIN subjects ON {" AND ".join(f"subjects.{name} IS runs_1.{name}" for name in _SUBJECT)}
        JOIN endings ON {" AND ".join(f"endings.{name} IS runs_1.{name}" for name in _ENDING)}
        ORDER BY runs_1.id""",
    "DROP INDEX subjects_1",
    "INSERT INTO bodies SELECT id, inputs, coalesce(result, ''), whole FROM runs_1 WHERE inputs IS NOT NULL",
    "DROP TABLE runs_1",
)


def open_file(path: Path) -> Engine:
    """Open the file of a log; make it if it is not there, and bring an older one up to date.

    Raises:
        OperationRefused: the file cannot be used.
    """
    engine = create_engine(
        f"sqlite:///{path}",
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
        hide_parameters=True,
    )
    event.listen(engine, "connect", _set_up)
    try:
        with engine.begin() as connection:
            version = _bring_up_to_date(connection)
    except DBAPIError as error:
        engine.dispose()
        raise _unusable(path, str(error.orig)) from error
    if version > VERSION:
        engine.dispose()
        raise _unusable(path, f"it is of version {version}, and this Jackfield knows {VERSION}")
    return engine


def _set_up(connection: DBAPIConnection, _record: object) -> None:
    cursor = connection.cursor()
    for setting in _SETTINGS:
        cursor.execute(setting)
    cursor.close()


def _bring_up_to_date(connection: Connection) -> int:
    """Make the tables, in one transaction; return the version of the file as it was."""
    # The driver begins no transaction for changes of tables by itself.
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    version: int = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
    if version >= VERSION:
        return version
    tables = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'runs'"
    older = bool(connection.exec_driver_sql(tables).scalar_one())
    if older:
        connection.exec_driver_sql(_SET_ASIDE)
    metadata.create_all(connection)
    if older:
        for statement in _TO_VERSION_2:
            connection.exec_driver_sql(statement)
    connection.exec_driver_sql(f"PRAGMA user_version = {VERSION}")
    return version


def _unusable(path: Path, reason: str) -> OperationRefused:
    return OperationRefused(found("EXECUTION_LOG_UNUSABLE", Place("data-dir"), path=path, reason=reason))
