"""Checks of a data action's contracts: what the documentation restricts beyond draft 4."""

from __future__ import annotations

import re

from jackfield.domain.json_nodes import ArrayNode, Member, Node, ObjectNode, StringNode
from jackfield.domain.json_reader import escaped
from jackfield.rules import mending
from jackfield.rules.contracts import ContractInvalid, Validator
from jackfield.rules.members import Members, walk
from jackfield.rules.properties import find

SIMPLE_TYPES = ("string", "integer", "number", "boolean", "null")
RESERVED = ("orgId", "integrationId", "rawRequest")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*\Z")


def check_input_schema(schema: Members) -> tuple[str, ...]:
    """Check an input contract and return the names of its inputs."""
    _check_dialect(schema)
    _check_draft(schema, "input")
    _check_references(schema)
    kind = schema.node.get("type")
    if not (isinstance(kind, StringNode) and kind.value == "object"):
        schema.log.add(
            "CONTRACT_NOT_OBJECT",
            kind or schema.node,
            schema.at("type"),
            seen=schema.log.reading.seen(kind),
            edits=(mending.replaced if kind else mending.added)(schema.at("type"), "object"),
        )
    properties = schema.node.get("properties")
    if not isinstance(properties, ObjectNode):
        return ()
    for member in properties.members:
        _check_input(schema, member)
    return properties.names


def check_success_schema(schema: Members) -> None:
    """Check an output contract."""
    _check_dialect(schema)
    _check_draft(schema, "output")
    _check_references(schema)
    for node, where in walk(schema.node, schema.pointer):
        if isinstance(node, ObjectNode) and _is_array(node) and (inner := _nested_array(node, where)):
            schema.log.add("OUTPUT_NESTED_ARRAY", *inner)


def _check_dialect(schema: Members) -> None:
    dialect = schema.get("$schema")
    if isinstance(dialect, StringNode) and "draft-04" not in dialect.value:
        seen = schema.log.reading.seen(dialect)
        edits = mending.replaced(schema.at("$schema"), "http://json-schema.org/draft-04/schema#")
        schema.log.add("CONTRACT_OTHER_DRAFT", dialect, schema.at("$schema"), seen=seen, edits=edits)


def _check_draft(schema: Members, contract: str) -> None:
    try:
        Validator(schema.node.plain())
    except ContractInvalid as invalid:
        target = find(schema.node, invalid.pointer) or schema.node
        where = f"{schema.pointer}{invalid.pointer}"
        schema.log.add("CONTRACT_INVALID", target, where, contract=contract, reason=invalid.message)


def _check_references(schema: Members) -> None:
    for node, where in walk(schema.node, schema.pointer):
        # A property that is called `$ref` is a name, not a reference.
        if isinstance(node, ObjectNode) and not where.endswith("/properties"):
            member = node.member("$ref")
            if member is not None:
                seen = schema.log.reading.seen(member.value)
                schema.log.add("CONTRACT_REFERENCE", member, f"{where}/$ref", seen=seen)


def _check_input(schema: Members, member: Member) -> None:
    where = f"{schema.at('properties')}/{escaped(member.name)}"
    if member.name in RESERVED:
        schema.log.add("INPUT_NAME_RESERVED", member, where, name=member.name, seen=member.name)
    elif not _NAME.match(member.name):
        schema.log.add("INPUT_NAME_INVALID", member, where, name=member.name[:80], seen=member.name[:80])
    kind = member.value.get("type") if isinstance(member.value, ObjectNode) else None
    for name in _type_names(kind):
        if name not in SIMPLE_TYPES:
            schema.log.add(
                "INPUT_TYPE_NOT_SIMPLE",
                kind,
                f"{where}/type",
                name=member.name,
                type=name[:40],
                seen=name[:40],
                edits=mending.replaced(f"{where}/type", "string"),
            )


def _type_names(kind: Node | None) -> tuple[str, ...]:
    if isinstance(kind, StringNode):
        return (kind.value,)
    if isinstance(kind, ArrayNode):
        return tuple(item.value for item in kind.items if isinstance(item, StringNode))
    return ()


def _is_array(node: ObjectNode) -> bool:
    return "array" in _type_names(node.get("type"))


def _nested_array(node: ObjectNode, where: str) -> tuple[Node, str] | None:
    items = node.get("items")
    if isinstance(items, ObjectNode) and _is_array(items):
        return items, f"{where}/items"
    if isinstance(items, ArrayNode):
        for index, item in enumerate(items.items):
            if isinstance(item, ObjectNode) and _is_array(item):
                return item, f"{where}/items/{index}"
    return None
