"""Checks of a data table's body."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from jackfield.domain.finding import Checked
from jackfield.domain.json_nodes import ObjectNode, StringNode
from jackfield.domain.json_reader import Reading
from jackfield.rules.members import FindingLog, Members, open_body

# The wizard sample sends the members of the schema beside it too.
MEMBERS: Final = (
    "name",
    "description",
    "schema",
    "division",
    "id",
    "selfUri",
    "$schema",
    "type",
    "title",
    "properties",
    "required",
    "additionalProperties",
)
EXAMPLE: Final = (
    '"schema": {"$schema": "http://json-schema.org/draft-04/schema#", "type": "object", "required": ["key"],'
    ' "properties": {"key": {"type": "string", "title": "…"}}, "additionalProperties": false}'
)


@dataclass(frozen=True, slots=True)
class NewDataTable:
    """A data table as it was written. `schema` is the caller's JSON text."""

    name: str
    description: str
    schema: str


def check_data_table(body: Reading, *, strict: bool = False) -> Checked[NewDataTable]:
    """Check the body of POST of a data table.

    Args:
        strict: warnings refuse.
    """
    log = FindingLog(body, strict=strict)
    members = open_body(log, "data table", f'{{"name": "…", {EXAMPLE}}}', MEMBERS)
    if members is None:
        return log.checked(None)
    members.unknown(MEMBERS)
    name = members.text("name", example='"name": "…"', required=True, longest=256) or ""
    schema = members.object("schema", owner="schema", example=EXAMPLE, required=True)
    if schema is not None:
        _check_key(schema)
    text = log.reading.raw(schema.node) if schema is not None else ""
    return log.checked(NewDataTable(name, members.text("description") or "", text))


def _check_key(schema: Members) -> None:
    properties = schema.object("properties", owner="`properties`")
    key = properties.node.get("key") if properties is not None else None
    kind = key.get("type") if isinstance(key, ObjectNode) else None
    if not isinstance(kind, StringNode) or kind.value != "string":
        schema.log.add("DATA_TABLE_KEY_MISSING", key or schema.node, schema.at("properties"))
