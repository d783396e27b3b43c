"""Definitions of data tables."""

from __future__ import annotations

from functools import partial

from jackfield.api.call import Call, shaped
from jackfield.api.exchange import Answer
from jackfield.api.json_bytes import dump
from jackfield.api.paging import listing, page_request
from jackfield.api.shapes.directory import DATA_TABLES, data_table


async def list_data_tables(call: Call) -> Answer:
    """Answer one page of data tables, with `expand=schema` their schemas too."""
    window = page_request(call.query, ("id", "name"))
    name, schema = call.query.text("name"), "schema" in call.query.words("expand")
    call.query.words("divisionId")
    warnings = call.settled()
    page = await call.services.data_tables.list(call.caller, name, window)
    sent = {"name": name, "expand": "schema" if schema else "", "sortBy": window.sort_by}
    filters = {word: text for word, text in sent.items() if text}
    shape = partial(data_table, schema=schema)
    return Answer(dump(listing(page, shape, DATA_TABLES, filters)), warnings=warnings)


async def create_data_table(call: Call) -> Answer:
    """Create a data table."""
    shape = partial(data_table, schema=True)
    warnings = call.settled()
    outcome = await call.services.data_tables.create(call.presenting(shape), call.reading())
    return shaped(outcome, shape, *warnings)


async def get_data_table(call: Call) -> Answer:
    """Answer one data table, with `expand=schema` its schema too."""
    schema = "schema" in call.query.words("expand")
    warnings = call.settled()
    table = await call.services.data_tables.get(call.caller, call.parameters["datatableId"])
    return Answer(dump(data_table(table, schema=schema)), warnings=warnings)


async def delete_data_table(call: Call) -> Answer:
    """Delete a data table."""
    call.query.flag("force")
    warnings = call.settled()
    await call.services.data_tables.delete(call.caller, call.parameters["datatableId"])
    return Answer(status=204, warnings=warnings)
