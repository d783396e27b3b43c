"""Data tables: their definitions, as installation wizards make and remove them. Rows are not kept here."""

from __future__ import annotations

from jackfield.domain.catalogue import found
from jackfield.domain.directory import DataTable
from jackfield.domain.errors import Conflict, NotFound
from jackfield.domain.finding import Place
from jackfield.domain.identity import Caller
from jackfield.domain.json_reader import Reading
from jackfield.domain.page import Page, PageRequest
from jackfield.domain.ports import Clock, Ids, Store, Transaction
from jackfield.rules.data_tables import check_data_table
from jackfield.services.mutations import Change, Mutations
from jackfield.services.outcome import Outcome, accepted


class DataTableService:
    """What can be done with data tables.

    Args:
        store: for reads.
        mutations: the way to change them.
    """

    def __init__(self, store: Store, mutations: Mutations, clock: Clock, ids: Ids) -> None:
        self._store, self._mutations, self._clock, self._ids = store, mutations, clock, ids

    async def list(self, caller: Caller, name: str, window: PageRequest) -> Page[DataTable]:
        """Return one page; `name` is a whole name in any case, or has `*` at either end, "" for all."""
        return await self._store.read(
            lambda transaction: transaction.directory.data_tables_page(caller.organization_id, name, window)
        )

    async def get(self, caller: Caller, table_id: str) -> DataTable:
        """Return one data table.

        Raises:
            NotFound: there is no such data table.
        """
        return await self._store.read(lambda transaction: _existing(transaction, caller, table_id))

    async def create(self, caller: Caller, body: Reading) -> Outcome[DataTable]:
        """Store a new data table.

        Raises:
            Refused: the body is no data table.
            Conflict: there is one of that name.
        """
        wanted = accepted(check_data_table(body, strict=caller.strict))

        def work(change: Change) -> Outcome[DataTable]:
            written, directory = wanted.value, change.transaction.directory
            page = directory.data_tables_page(caller.organization_id, written.name, PageRequest(size=1))
            if page.total and "*" not in written.name:
                other, place = page.entities[0].id, Place("/name")
                name = written.name
                raise Conflict(
                    found("NAME_TAKEN", place, seen=name, noun="data table", value=name, entity_id=other)
                )
            table = DataTable(
                id=self._ids.uuid(),
                organization_id=caller.organization_id,
                name=written.name,
                description=written.description,
                schema=written.schema,
                created=self._clock.now(),
            )
            directory.add_data_table(table)
            change.record("data_table.create", table.id, None, _state(table))
            return Outcome(table, wanted.warnings)

        return await self._mutations.run(caller, work)

    async def delete(self, caller: Caller, table_id: str) -> None:
        """Delete a data table.

        Raises:
            NotFound: there is no such data table.
        """

        def work(change: Change) -> None:
            old = _existing(change.transaction, caller, table_id)
            change.transaction.directory.remove_data_table(caller.organization_id, table_id)
            change.record("data_table.delete", table_id, _state(old), None)

        await self._mutations.run(caller, work)


def _existing(transaction: Transaction, caller: Caller, table_id: str) -> DataTable:
    table = transaction.directory.data_table(caller.organization_id, table_id)
    if table is None:
        place = Place("path/datatableId")
        raise NotFound(found("DATA_TABLE_NOT_FOUND", place, seen=table_id, entity_id=table_id))
    return table


def _state(table: DataTable) -> dict[str, object]:
    return {"name": table.name, "description": table.description, "schema": table.schema}
