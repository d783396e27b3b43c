"""Draft-04 schemas at work: compiled once, asked often, answering in places and sentences without values.

Used for the contracts of data actions (input before the request, output after the success template) and for
the `properties` and `advanced` schemas of integration types. Nothing is ever fetched: a schema that points
elsewhere does not compile.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jsonschema_rs import Draft4Validator, ValidationError

MAX_VIOLATIONS = 50
_HIDDEN = "the value"
_TYPES = "array, boolean, integer, null, number, object, string"


class ContractInvalid(ValueError):
    """The text is not a usable draft-04 schema.

    Args:
        pointer: JSON pointer into the schema ("" is all of it).
        message: what is wrong there, in one sentence.
    """

    def __init__(self, pointer: str, message: str) -> None:
        super().__init__(message)
        self.pointer = pointer
        self.message = message


@dataclass(frozen=True, slots=True)
class Violation:
    """One way in which a value breaks a schema.

    Args:
        pointer: JSON pointer into the value.
        message: a sentence that never repeats the value, which may be secret.
        keyword: the schema keyword, such as `required`.
        names: the members that `required` misses or `additionalProperties` does not allow.
        expected: what the keyword asks for: types, enum options, or the limit.
        schema_pointer: JSON pointer into the schema.
    """

    pointer: str
    message: str
    keyword: str
    names: tuple[str, ...] = ()
    expected: tuple[Any, ...] = ()
    schema_pointer: str = ""


class Validator:
    """A compiled draft-04 schema. Safe to share between threads.

    Args:
        schema: the parsed schema.

    Raises:
        ContractInvalid: the schema breaks the draft-04 meta-schema, has an unusable pattern or a reference
            that cannot be resolved inside it.
    """

    __slots__ = ("_compiled",)

    def __init__(self, schema: Mapping[str, Any]) -> None:
        try:
            # `format` is left to the remote service: which formats the cloud checks is not known.
            self._compiled = Draft4Validator(dict(schema), offline=True, validate_formats=False, mask=_HIDDEN)
        except ValidationError as error:
            raise ContractInvalid(pointer_of(error.instance_path), _invalid(error)) from error
        except ValueError as error:
            raise ContractInvalid("", f"the schema cannot be used: {error}") from error

    def is_valid(self, value: Any) -> bool:
        """Tell if a JSON value fulfils the schema."""
        try:
            return self._compiled.is_valid(value)
        except ValueError:
            return False

    def errors(self, value: Any) -> tuple[tuple[str, str], ...]:
        """Return JSON pointer and message of each violation; empty if the value fulfils the schema."""
        return tuple((item.pointer, item.message) for item in self.violations(value))

    def violations(self, value: Any) -> tuple[Violation, ...]:
        """Return at most MAX_VIOLATIONS violations with their parts."""
        found: list[Violation] = []
        try:
            if self._compiled.is_valid(value):
                return ()
            for error in self._compiled.iter_errors(value):
                found.append(_violation(error))
                if len(found) >= MAX_VIOLATIONS:
                    break
        except ValueError as error:
            found.append(Violation("", f"the value cannot be checked: {_reason(error)}", "unreadable"))
        return tuple(found)


def compile_contract(schema_text: str) -> Validator:
    """Compile the JSON text of a draft-04 schema.

    Raises:
        ContractInvalid: the text is not JSON, not an object, or not a usable draft-04 schema.
    """
    try:
        schema = json.loads(schema_text)
    except (ValueError, RecursionError) as error:
        raise ContractInvalid("", f"the schema is not JSON: {error}") from error
    if not isinstance(schema, dict):
        raise ContractInvalid("", "the schema must be a JSON object")
    return Validator(schema)


def pointer_of(path: Sequence[str | int]) -> str:
    """Return the RFC 6901 JSON pointer of a path of names and indexes."""
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in path)


def _invalid(error: ValidationError) -> str:
    """Return what is wrong with a schema, in the words of its author rather than of the meta-schema."""
    path = [str(part) for part in error.instance_path]
    keyword = path[-1] if path else ""
    if keyword == "type":
        return f"`type` must be one of {_TYPES}, or a list of these"
    if keyword == "required" and error.kind.name == "type":
        return "`required` must be a list of names beside `properties` (draft 3 put true at the property)"
    if keyword == "required":
        return "`required` must name at least one member; leave it out if none is required"
    if len(path) > 1 and path[-2] == "properties" and error.kind.name == "type":
        return f'the property `{keyword}` must be described by a schema, such as {{"type": "string"}}'
    if "not present in a registry" in error.message:
        return "a reference points outside of the schema"
    return error.message


def _reason(error: ValueError) -> str:
    return "it is nested too deeply" if "ecursion" in str(error) else "it is not a JSON value"


def _violation(error: ValidationError) -> Violation:
    keyword = error.kind.name
    facts = error.kind.as_dict()
    names = _names(keyword, facts)
    return Violation(
        pointer=pointer_of(error.instance_path),
        message=_message(keyword, names, error.message),
        keyword=keyword,
        names=names,
        expected=_expected(facts),
        schema_pointer=pointer_of(error.schema_path),
    )


def _names(keyword: str, facts: Mapping[str, Any]) -> tuple[str, ...]:
    if keyword == "required":
        return (str(facts["property"]),)
    if keyword == "additionalProperties":
        return tuple(str(name) for name in facts["unexpected"])
    return ()


def _expected(facts: Mapping[str, Any]) -> tuple[Any, ...]:
    for key in ("types", "options"):
        if key in facts:
            return tuple(facts[key])
    return tuple(facts[key] for key in ("limit", "pattern", "multiple_of", "format") if key in facts)


def _message(keyword: str, names: tuple[str, ...], text: str) -> str:
    if keyword == "required":
        return f'the member "{names[0]}" is missing'
    if keyword == "additionalProperties":
        quoted = ", ".join(f'"{name}"' for name in names)
        return f"the schema does not allow {quoted} here"
    return text
