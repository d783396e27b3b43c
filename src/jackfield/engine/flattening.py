"""Step 12: the flat form that Architect reads.

Members of objects get dotted names. An array of objects becomes one array per leaf, all of the same length:
where an element lacks the leaf stands null. Arrays of scalars stay. What the evidence leaves open is decided
here: arrays inside arrays are joined into one, a null object gives nulls for the leaves that the schema has,
an empty array of objects gives an empty array for each of them, and a result that is no object gets the name
`value` (its leaves, if it is an array of objects).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from jackfield.engine.json_text import json_text
from jackfield.engine.passage import Passage

WHOLE = "value"


def flatten_output(passage: Passage) -> None:
    """Step 12: replace the result by its flat form."""
    passage.value = flatten(passage.value, passage.compiled.success_schema)
    passage.final = json_text(passage.value)


def flatten(value: Any, schema: Any) -> dict[str, Any]:
    """Return the flat form of a result.

    Args:
        value: the result.
        schema: the parsed success schema; it tells leaves of what is null or empty.
    """
    flat: dict[str, Any] = {}
    _spread("", value, schema if isinstance(schema, Mapping) else {}, flat)
    return flat


def _spread(name: str, value: Any, schema: Mapping[str, Any], flat: dict[str, Any]) -> None:
    if isinstance(value, Mapping):
        properties = _properties(schema)
        for key, item in value.items():
            _spread(_joined(name, key), item, _schema(properties.get(key)), flat)
        return
    if isinstance(value, Sequence) and not isinstance(value, str):
        _spread_array(name, value, schema, flat)
        return
    leaves = _leaves("", schema) if value is None else []
    if not leaves:
        flat[name or WHOLE] = value
    for leaf in leaves:
        flat[_joined(name, leaf)] = None


def _spread_array(name: str, items: Sequence[Any], schema: Mapping[str, Any], flat: dict[str, Any]) -> None:
    element = _schema(schema.get("items"))
    rows = [_row(item, element) for item in items]
    names = dict.fromkeys(key for row in rows if row is not None for key in row)
    if not items:
        names = dict.fromkeys(_leaves("", element))
    if not names:
        flat[name or WHOLE] = list(items)
        return
    for leaf in names:
        column: list[Any] = []
        for row in rows:
            cell = row.get(leaf) if row is not None else None
            column.extend(cell if isinstance(cell, list) else [cell])
        flat[_joined(name, leaf)] = column


def _row(item: Any, schema: Mapping[str, Any]) -> dict[str, Any] | None:
    return flatten(item, schema) if isinstance(item, Mapping) else None


def _leaves(name: str, schema: Mapping[str, Any]) -> list[str]:
    """Return the dotted names of the scalar leaves that a schema declares below a name."""
    properties = _properties(schema)
    if not properties:
        return [name] if name else []
    found: list[str] = []
    for key, item in properties.items():
        child = _schema(item)
        if child.get("type") == "array":
            found.extend(_leaves(_joined(name, key), _schema(child.get("items"))))
        else:
            found.extend(_leaves(_joined(name, key), child))
    return found


def _properties(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    properties = schema.get("properties")
    return properties if isinstance(properties, Mapping) else {}


def _schema(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _joined(name: str, key: str) -> str:
    return f"{name}.{key}" if name else key
