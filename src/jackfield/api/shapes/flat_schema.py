"""Schemas in the flat form that Architect reads: nested properties become dotted names.

An object's properties get the object's name and a dot in front; the leaves of an array of objects become
arrays, one per leaf, and the array's name is listed in `arrayProperties`. Arrays of plain values stay arrays.
Known from the SDK's models and from the outputs that published Architect flows bind. What is not known is
decided as the engine flattens results: the leaves of an array at the top keep their own names, arrays inside
arrays are joined into one, and a result that is no object gets the name `value`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

WHOLE = "value"
REPLACED = frozenset(("properties", "required", "items"))


@dataclass(slots=True)
class _Flat:
    properties: dict[str, Any] = field(default_factory=dict)
    required: list[str] = field(default_factory=list)
    arrays: list[str] = field(default_factory=list)


def flat_schema(text: str) -> dict[str, Any]:
    """Return a FlattenedJsonSchemaDocument: `schema` and `arrayProperties`."""
    schema = orjson.loads(text)
    if not isinstance(schema, dict):
        return {"schema": schema, "arrayProperties": []}
    flat = _Flat()
    if _kind(schema) in ("object", ""):
        _add_properties(flat, "", schema, in_array=False, required=True)
    elif _holds_objects(schema):
        _add_items(flat, "", schema, required=False)
    else:
        flat.properties[WHOLE] = schema
    document = {
        name: value for name, value in schema.items() if name not in ("properties", "required", "items")
    }
    document |= {"type": "object", "properties": flat.properties}
    if flat.required:
        document["required"] = flat.required
    return {"schema": document, "arrayProperties": flat.arrays}


def _add_properties(
    flat: _Flat, prefix: str, schema: Mapping[str, Any], *, in_array: bool, required: bool
) -> None:
    needed = schema.get("required")
    names = needed if isinstance(needed, list) else []
    properties = schema.get("properties")
    for name, part in properties.items() if isinstance(properties, dict) else ():
        dotted = f"{prefix}{name}"
        if isinstance(part, dict):
            _add(flat, dotted, part, in_array=in_array, required=required and name in names)


def _add(flat: _Flat, name: str, part: dict[str, Any], *, in_array: bool, required: bool) -> None:
    if _kind(part) == "object" and isinstance(part.get("properties"), dict):
        _add_properties(flat, f"{name}.", part, in_array=in_array, required=required)
    elif _holds_objects(part):
        _add_items(flat, name, part, required=required)
    else:
        joined = not in_array or _kind(part) == "array"
        flat.properties[name] = part if joined else {"type": "array", "items": part}
        if required:
            flat.required.append(name)


def _add_items(flat: _Flat, name: str, part: Mapping[str, Any], *, required: bool) -> None:
    if name:
        flat.arrays.append(name)
    _add_properties(flat, f"{name}." if name else "", part["items"], in_array=True, required=required)


def _holds_objects(schema: Mapping[str, Any]) -> bool:
    items = schema.get("items")
    return (
        _kind(schema) == "array"
        and isinstance(items, dict)
        and _kind(items) == "object"
        and isinstance(items.get("properties"), dict)
    )


def _kind(schema: Mapping[str, Any]) -> str:
    kind = schema.get("type")
    if isinstance(kind, list):
        kind = next((one for one in kind if one != "null"), "")
    if kind is None:
        kind = "object" if "properties" in schema else "array" if "items" in schema else ""
    return kind if isinstance(kind, str) else ""
