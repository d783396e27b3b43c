"""Contracts that say something else than they look like."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from jackfield.domain.json_reader import escaped
from jackfield.rules.contracts import ContractInvalid, Validator
from jackfield.rules.lint.parts import INPUT, OUTPUT, ActionParts, kinds_of, members_of
from jackfield.rules.lint.report import Suspicion, suspect

# Draft 4 does not know them, so nothing checks them.
_LATER: Final = (
    "const", "if", "then", "else", "contains", "propertyNames", "$defs", "dependentRequired",
    "dependentSchemas", "unevaluatedProperties", "unevaluatedItems", "prefixItems", "minContains",
    "maxContains", "contentEncoding", "contentMediaType", "nullable", "discriminator",
)  # fmt: skip


def schemas(parts: ActionParts) -> Iterator[Suspicion]:
    """Look into both contracts."""
    for pointer, schema in ((INPUT, parts.input_schema), (OUTPUT, parts.output_schema)):
        for inner, where in _walk(schema, pointer):
            yield from _required(parts, inner, where)
            yield from _values(parts, inner, where)
            for word in _LATER:
                if word in inner:
                    yield suspect(
                        parts, "CONTRACT_KEYWORD_UNREAD", f"{where}/{escaped(word)}", name=word, seen=word
                    )
    for name, given in parts.inputs.items():
        if not given.kinds and "enum" not in given.schema:
            pointer = f"{INPUT}/properties/{escaped(name)}"
            yield suspect(parts, "INPUT_TYPE_MISSING", pointer, name=name)


def _walk(schema: Any, where: str) -> Iterator[tuple[Mapping[str, Any], str]]:
    """Yield a schema and all schemas in it."""
    if not isinstance(schema, Mapping):
        return
    yield schema, where
    for name, inner in members_of(schema):
        yield from _walk(inner, f"{where}/properties/{escaped(name)}")
    items = schema.get("items")
    for index, inner in enumerate(items) if isinstance(items, list) else ():
        yield from _walk(inner, f"{where}/items/{index}")
    if isinstance(items, Mapping):
        yield from _walk(items, f"{where}/items")


def _required(parts: ActionParts, schema: Mapping[str, Any], where: str) -> Iterator[Suspicion]:
    required, properties = schema.get("required"), schema.get("properties")
    if not isinstance(required, list) or not isinstance(properties, Mapping):
        return
    for index, name in enumerate(required):
        if isinstance(name, str) and name not in properties:
            yield suspect(parts, "REQUIRED_UNDECLARED", f"{where}/required/{index}", name=name, seen=name)


def _values(parts: ActionParts, schema: Mapping[str, Any], where: str) -> Iterator[Suspicion]:
    """Yield what a default or an enumerated value breaks."""
    if not kinds_of(schema):
        return
    enum = schema.get("enum")
    tried = [
        (f"{where}/enum/{index}", value) for index, value in enumerate(enum if isinstance(enum, list) else ())
    ]
    if "default" in schema:
        tried.append((f"{where}/default", schema["default"]))
    try:
        judge = Validator({"type": list(kinds_of(schema))})
    except ContractInvalid:
        # The type itself is wrong, which is a finding of its own.
        return
    for pointer, value in tried:
        if not judge.is_valid(value):
            kind = " or ".join(kinds_of(schema))
            yield suspect(parts, "CONTRACT_VALUE_OF_ANOTHER_TYPE", pointer, wanted=kind, seen=str(value)[:60])
