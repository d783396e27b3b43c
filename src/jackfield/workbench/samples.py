"""Values made up from a schema: always the same, and valid as far as a simple schema can tell."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

_DEEPEST: Final = 12
_UUID: Final = "0a1b2c3d-0000-4000-8000-000000000001"
_BY_FORMAT: Final = {
    "date-time": "2026-01-31T12:00:00.000Z",
    "date": "2026-01-31",
    "time": "12:00:00Z",
    "email": "anna.adams@example.com",
    "uri": "https://www.example.com/",
    "url": "https://www.example.com/",
    "hostname": "www.example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "uuid": _UUID,
}
# The first that fits the name counts.
_BY_NAME: Final = (
    (re.compile(r"e-?mail", re.IGNORECASE), "anna.adams@example.com"),
    (re.compile(r"phone|mobile|\bani\b|number$", re.IGNORECASE), "+12025550123"),
    (re.compile(r"date|time(?!zone|out)", re.IGNORECASE), "2026-01-31T12:00:00.000Z"),
    (re.compile(r"url|uri$|link$", re.IGNORECASE), "https://www.example.com/"),
    (re.compile(r"(^|[a-z_\d.-])(?:id|Id|ID|guid|uuid)$|^id$", re.IGNORECASE), _UUID),
)
_NUMBERS: Final = {"integer": 1, "number": 1.5}


def sample(schema: Any, name: str = "") -> Any:
    """Return a value for a schema.

    Args:
        schema: the parsed schema; anything that is no object allows everything.
        name: of the member; texts are made after it.
    """
    return _Sampler(schema).value(schema, name, 0)


def sample_object(schema_text: str) -> dict[str, Any]:
    """Return an object for a schema's JSON text: with all of its properties, none if it cannot be read."""
    value = sample(parsed_schema(schema_text))
    return value if isinstance(value, dict) else {}


def parsed_schema(text: str) -> Any:
    """Return a schema's value, an empty object if its text is no JSON."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return {}


def properties_of(schema: Any) -> Mapping[str, Any]:
    """Return the properties that a schema names."""
    properties = schema.get("properties") if isinstance(schema, Mapping) else None
    return properties if isinstance(properties, Mapping) else {}


def type_of(schema: Any) -> str:
    """Return the first type that a schema allows besides null, "" if it names none."""
    kinds = schema.get("type") if isinstance(schema, Mapping) else None
    named = [kinds] if isinstance(kinds, str) else kinds if isinstance(kinds, Sequence) else []
    kind = next((one for one in named if one != "null"), next(iter(named), ""))
    return str(kind)


class _Sampler:
    """Makes values for one schema and the schemas inside it."""

    def __init__(self, root: Any) -> None:
        self._root = root

    def value(self, schema: Any, name: str, depth: int) -> Any:
        schema = self._resolved(schema)
        if not isinstance(schema, Mapping) or depth > _DEEPEST:
            return _text({}, name)
        chosen = _named_value(schema)
        if chosen:
            return chosen[0]
        for combination in ("oneOf", "anyOf", "allOf"):
            branches = schema.get(combination)
            if isinstance(branches, Sequence) and branches and "type" not in schema:
                return self._combined(combination, branches, name, depth)
        return self._typed(schema, name, depth)

    def _typed(self, schema: Mapping[str, Any], name: str, depth: int) -> Any:
        kind = type_of(schema)
        if kind == "object" or (not kind and properties_of(schema)):
            members = {key: self.value(item, key, depth + 1) for key, item in properties_of(schema).items()}
            required = schema.get("required")
            for key in required if isinstance(required, Sequence) else ():
                members.setdefault(str(key), _text({}, str(key)))
            return members
        if kind == "array" or (not kind and "items" in schema):
            items = schema.get("items", {})
            item = items[0] if isinstance(items, Sequence) and not isinstance(items, str) and items else items
            count = _whole(schema.get("minItems"), 1)
            return [self.value(item, name, depth + 1) for _ in range(min(count, 20))]
        if kind in _NUMBERS:
            return _number(schema, kind)
        if kind == "boolean":
            return True
        return None if kind == "null" else _text(schema, name)

    def _combined(self, combination: str, branches: Sequence[Any], name: str, depth: int) -> Any:
        if combination != "allOf":
            return self.value(branches[0], name, depth + 1)
        values = [self.value(branch, name, depth + 1) for branch in branches]
        if all(isinstance(value, dict) for value in values):
            return {key: item for value in values for key, item in value.items()}
        return values[0]

    def _resolved(self, schema: Any) -> Any:
        for _ in range(_DEEPEST):
            reference = schema.get("$ref") if isinstance(schema, Mapping) else None
            if not isinstance(reference, str) or not reference.startswith("#"):
                return schema
            schema = self._root
            for part in reference.split("/")[1:]:
                schema = schema.get(part, {}) if isinstance(schema, Mapping) else {}
        return {}


def _named_value(schema: Mapping[str, Any]) -> list[Any]:
    """Return the value that a schema names itself, if it names one."""
    allowed = schema.get("enum")
    if isinstance(allowed, Sequence) and not isinstance(allowed, str) and allowed:
        return [next((one for one in allowed if one is not None), allowed[0])]
    for member in ("const", "example", "default"):
        if member in schema and _is_of(schema[member], type_of(schema)):
            return [schema[member]]
    return []


def _is_of(value: Any, kind: str) -> bool:
    """Tell if a value has a schema's type: defaults are often written as texts, whatever the type."""
    if isinstance(value, bool):
        return kind in ("", "boolean")
    kinds: Mapping[str, tuple[type, ...]] = {
        "string": (str,),
        "integer": (int,),
        "number": (int, float),
        "array": (list,),
        "object": (dict,),
        "": (object,),
    }
    return isinstance(value, kinds.get(kind, ()))


def _number(schema: Mapping[str, Any], kind: str) -> int | float:
    lowest, highest = schema.get("minimum"), schema.get("maximum")
    number: int | float = _NUMBERS[kind]
    if isinstance(lowest, int | float) and number <= lowest:
        number = lowest + 1 if schema.get("exclusiveMinimum") else lowest
    if isinstance(highest, int | float) and number > highest:
        number = highest
    return int(number) if kind == "integer" else number


def _text(schema: Mapping[str, Any], name: str) -> str:
    fixed = _BY_FORMAT.get(str(schema.get("format", "")))
    if fixed is None:
        fixed = next((text for pattern, text in _BY_NAME if pattern.search(name)), None)
    text = fixed if fixed is not None else f"Sample {name}".strip()
    shortest = _whole(schema.get("minLength"), 0)
    longest = _whole(schema.get("maxLength"), max(len(text), shortest))
    return text.ljust(shortest, "x")[:longest]


def _whole(value: Any, otherwise: int) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else otherwise
