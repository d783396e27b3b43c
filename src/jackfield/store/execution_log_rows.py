"""Rows of the log of executions: written many at once, read back one page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection, Select, Table, delete, insert, select

from jackfield.domain.execution_log import LoggedRun, LogQuery, RunEnding, RunOutcome, RunSubject
from jackfield.domain.run import KeptBodies
from jackfield.store.column_types import scrubbed
from jackfield.store.execution_log_file import bodies, endings, runs, subjects

_COLUMNS: Final = tuple(column.name for column in runs.columns if not column.primary_key)
# Rows per statement, the largest first. With more of them the statement's own program no longer fits into the
# processor's nearer caches, and the interpreter's lock is held for longer at once.
_SIZES: Final = (128, 16, 1)
_STATEMENTS: Final = {
    size: f"INSERT INTO runs ({', '.join(_COLUMNS)}) VALUES "
    + ", ".join([f"({', '.join('?' * len(_COLUMNS))})"] * size)
    for size in _SIZES
}


class Numbers(dict[tuple[Any, ...], int]):
    """The rows of a small table and their ids; a row that is not there is inserted when its id is asked for.

    One thread writes the table, so that what was read once stays true.

    Args:
        table: with `id`; the other columns are the key.
    """

    def __init__(self, table: Table) -> None:
        super().__init__()
        self._table = table
        self._columns = [column for column in table.columns if not column.primary_key]
        self._connection: Connection | None = None

    def use(self, connection: Connection) -> None:
        """Insert by this connection from now on; read the table if that was not done."""
        self._connection = connection
        if not self:
            rows = connection.execute(select(self._table.c.id, *self._columns))
            self.update({tuple(values): number for number, *values in rows})

    def remove_unused(self, connection: Connection, used: Select[Any]) -> None:
        """Remove the rows whose ids are not among those of `used`."""
        connection.execute(delete(self._table).where(self._table.c.id.not_in(used)))
        self.clear()

    def __missing__(self, values: tuple[Any, ...]) -> int:
        assert self._connection is not None, "in use"
        row = tuple(scrubbed(str(value)) if isinstance(value, str) else value for value in values)
        number = self.get(row)
        if number is None:
            named = {column.name: value for column, value in zip(self._columns, row, strict=True)}
            adding = insert(self._table).values(named).returning(self._table.c.id)
            number = self[row] = self._connection.execute(adding).scalar_one()
        # Text that had to be changed is known by both forms.
        self[values] = number
        return number


class RunWriter:
    """Writes runs, each batch in the transaction that it is given."""

    def __init__(self) -> None:
        self._subjects, self._endings = Numbers(subjects), Numbers(endings)

    def insert(self, connection: Connection, batch: Sequence[LoggedRun]) -> None:
        """Write runs, many with one statement.

        SQLite works outside of the interpreter's lock, but takes it back for every statement: row by row, the
        log would cost each execution a fifth of its time.
        """
        self._subjects.use(connection)
        self._endings.use(connection)
        start = 0
        for size in _SIZES:
            while len(batch) - start >= size:
                self._insert(connection, batch[start : start + size])
                start += size

    def forget(self) -> None:
        """Look again what stands in the file: a transaction was taken back."""
        self._subjects.clear()
        self._endings.clear()

    def remove_unused(self, connection: Connection) -> None:
        """Remove what no run refers to any more."""
        self._subjects.remove_unused(connection, select(runs.c.subject_id))
        self._endings.remove_unused(connection, select(runs.c.ending_id))

    def _insert(self, connection: Connection, batch: Sequence[LoggedRun]) -> None:
        """Write as many runs as a statement has."""
        subject_ids, ending_ids = self._subjects, self._endings
        values: list[Any] = []
        kept: list[tuple[int, KeptBodies]] = []
        for run in batch:
            values += (
                subject_ids[run.subject],
                ending_ids[run.ending],
                run.at.timestamp(),
                run.correlation_id,
                run.remote_status,
                run.seconds,
                run.upstream_seconds,
                run.request_bytes,
                run.response_bytes,
            )
            if run.bodies is not None:
                kept.append((len(values) // len(_COLUMNS), run.bodies))
        inserted = connection.exec_driver_sql(_STATEMENTS[len(batch)], tuple(values))
        if kept:
            # One thread writes, and SQLite numbers the rows of a statement one after the other.
            before = inserted.lastrowid - len(batch)
            connection.execute(insert(bodies), [_kept(before + place, one) for place, one in kept])


def page_of(organization_id: str, query: LogQuery, since: datetime | None) -> Select[Any]:
    """Return the question for a page; `read` makes runs of its rows.

    Args:
        since: only runs that began then or later; None for no bound.
    """
    rows = select(runs)
    # In the order in which SQLite tries them on each row, the cheapest first.
    if query.correlation_id:
        rows = rows.where(runs.c.correlation_id == scrubbed(query.correlation_id))
    if since is not None:
        rows = rows.where(runs.c.at >= since.timestamp())
    wanted = _endings_of(query)
    if wanted is not None:
        rows = rows.where(runs.c.ending_id.in_(wanted))
    rows = rows.where(runs.c.subject_id.in_(_subjects_of(organization_id, query)))
    if query.before:
        rows = rows.where(runs.c.id < query.before)
    if query.after is not None:
        rows = rows.where(runs.c.id > query.after)
    newest_first = query.after is None
    return _whole(rows.order_by(_order(runs, newest_first)).limit(query.size), newest_first)


def one_of(organization_id: str, run_id: int) -> Select[Any]:
    """Return the question for one run; `read` makes a run of its row."""
    subjects_of = _subjects_of(organization_id, LogQuery())
    return _whole(select(runs).where(runs.c.id == run_id, runs.c.subject_id.in_(subjects_of)))


def read(row: Sequence[Any]) -> LoggedRun:
    """Return the run of a row that `page_of` or `one_of` asked for."""
    number, at, correlation_id, remote_status, seconds, upstream_seconds, *more = row
    request_bytes, response_bytes, inputs, result, whole, outcome, *more = more
    ending: RunEnding = (RunOutcome(outcome), *more[:4])
    subject: RunSubject = tuple(more[4:])
    return LoggedRun(
        subject,
        datetime.fromtimestamp(at, UTC),
        correlation_id,
        request_bytes,
        ending,
        remote_status,
        upstream_seconds,
        response_bytes,
        None if inputs is None else KeptBodies(inputs, result, whole),
        seconds,
        number,
    )


def _order(rows: Any, newest_first: bool) -> Any:
    return rows.c.id.desc() if newest_first else rows.c.id.asc()


def _subjects_of(organization_id: str, query: LogQuery) -> Select[Any]:
    wanted = select(subjects.c.id).where(subjects.c.organization_id == organization_id)
    if query.action_id:
        wanted = wanted.where(subjects.c.action_id == scrubbed(query.action_id))
    if query.integration_id:
        wanted = wanted.where(subjects.c.integration_id == scrubbed(query.integration_id))
    return wanted


def _endings_of(query: LogQuery) -> Select[Any] | None:
    """Return which endings are asked for; None if it is all of them."""
    wanted = select(endings.c.id)
    if query.problems:
        wanted = wanted.where(endings.c.outcome != RunOutcome.SUCCEEDED.value)
    if query.outcome is not None:
        wanted = wanted.where(endings.c.outcome == query.outcome.value)
    if query.status is not None:
        wanted = wanted.where(endings.c.status == query.status)
    return None if wanted.whereclause is None else wanted


def _whole(rows: Select[Any], newest_first: bool = True) -> Select[Any]:
    """Return the question for runs with what they refer to; `rows` has chosen and counted them already."""
    page = rows.subquery("page")
    columns = [
        *(page.c[column.name] for column in runs.columns if column.name not in ("subject_id", "ending_id")),
        *(column for column in bodies.columns if not column.primary_key),
        *(column for column in endings.columns if not column.primary_key),
        *(column for column in subjects.columns if not column.primary_key),
    ]
    return (
        select(*columns)
        .select_from(page)
        .join(subjects, subjects.c.id == page.c.subject_id)
        .join(endings, endings.c.id == page.c.ending_id)
        .outerjoin(bodies, bodies.c.run_id == page.c.id)
        .order_by(_order(page, newest_first))
    )


def _kept(run_id: int, one: KeptBodies) -> dict[str, Any]:
    return {
        "run_id": run_id,
        "inputs": scrubbed(one.inputs),
        "result": scrubbed(one.result),
        "whole": one.whole,
    }
