"""Pages of large tables.

The rows of a page are found by an index that holds all the list is filtered and sorted by; only then are the
rows themselves read, so that a late page costs hardly more than the first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Table, func, select

from jackfield.domain.page import PageRequest

FURTHEST: Final = 2**31
"""Offsets beyond it are past the end of any list; much larger ones are no integers to the databases."""


def numbered_page(
    connection: Connection,
    table: Table,
    conditions: Sequence[ColumnElement[bool]],
    order: Sequence[ColumnElement[Any]],
    window: PageRequest,
    known_total: Callable[[], int] | None = None,
) -> tuple[Sequence[Row[Any]], int]:
    """Return the rows of one page and how many rows there are in all.

    Args:
        table: has a primary key `sequence`, and `created` if `window.until` is given.
        conditions: all must hold.
        order: what the list is sorted by, to the last tie.
        window: which page; `window.sort_by` is already in `order`.
        known_total: tells how many rows there are if that is known without counting them.
    """
    rows: Sequence[Row[Any]] = ()
    if window.until is not None:
        conditions, known_total = [*conditions, table.c.created <= window.until], None
    size = min(window.size, FURTHEST)
    if window.offset <= FURTHEST:
        wanted = select(table.c.sequence).where(*conditions).order_by(*order)
        keys = wanted.limit(size).offset(window.offset).subquery()
        page = select(table).join(keys, keys.c.sequence == table.c.sequence).order_by(*order)
        rows = connection.execute(page).all()
    if len(rows) < size and (rows or not window.offset):
        return rows, window.offset + len(rows)  # the end was seen: most lists are never counted
    if known_total is not None:
        return rows, known_total()
    return rows, connection.execute(select(func.count()).select_from(table).where(*conditions)).scalar_one()


def plain_page(
    connection: Connection,
    table: Table,
    conditions: Sequence[ColumnElement[bool]],
    order: Sequence[ColumnElement[Any]],
    window: PageRequest,
) -> tuple[Sequence[Row[Any]], int]:
    """Return the rows of one page of a small table, and how many rows there are in all.

    Args:
        table: of any primary key; nobody has so many roles or users that the way of `numbered_page` pays.
        conditions: all must hold.
        order: what the list is sorted by, to the last tie.
        window: which page; `window.sort_by` is already in `order`.
    """
    total = connection.execute(select(func.count()).select_from(table).where(*conditions)).scalar_one()
    if window.offset > FURTHEST:
        return (), total
    page = select(table).where(*conditions).order_by(*order).offset(window.offset).limit(window.size)
    return connection.execute(page).all(), total


def directed(columns: Sequence[ColumnElement[Any]], *, descending: bool) -> list[ColumnElement[Any]]:
    """Return the columns as an order, all in one direction so that an index can be walked."""
    return [column.desc() if descending else column.asc() for column in columns]
