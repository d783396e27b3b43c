"""Pages of large tables.

The rows of a page are found by an index that holds all the list is filtered and sorted by; only then are the
rows themselves read, so that a late page costs hardly more than the first.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, func, select

from jackfield.domain.page import PageRequest


def numbered_page(
    connection: Connection,
    table: Table,
    conditions: Sequence[ColumnElement[bool]],
    order: Sequence[ColumnElement[Any]],
    window: PageRequest,
) -> tuple[Sequence[Row[Any]], int]:
    """Return the rows of one page and how many rows there are in all.

    Args:
        table: has a primary key `sequence`.
        conditions: all must hold.
        order: what the list is sorted by, to the last tie.
        window: which page; `window.sort_by` is already in `order`.
    """
    total = connection.execute(select(func.count()).select_from(table).where(*conditions)).scalar_one()
    if window.offset >= total:
        return (), total  # also keeps page numbers beyond the databases' integers away from them
    wanted = select(table.c.sequence).where(*conditions).order_by(*order)
    size = min(window.size, total - window.offset)
    keys = wanted.limit(size).offset(window.offset).subquery()
    rows = connection.execute(select(table).join(keys, keys.c.sequence == table.c.sequence).order_by(*order))
    return rows.all(), total


def directed(columns: Sequence[ColumnElement[Any]], *, descending: bool) -> list[ColumnElement[Any]]:
    """Return the columns as an order, all in one direction so that an index can be walked."""
    return [column.desc() if descending else column.asc() for column in columns]
