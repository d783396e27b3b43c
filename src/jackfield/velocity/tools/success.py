"""``$successTemplateUtils``: what success templates do with the JSON texts of a translation map."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from jackfield.velocity.members import Allowance, MemberFault
from jackfield.velocity.tools.tool import Tool, json_text
from jackfield.velocity.values import text


class _Exact(float):
    """A JSON number with a fraction or an exponent, written back with its own digits."""

    digits: str

    def __new__(cls, digits: str) -> _Exact:
        made = super().__new__(cls, digits)
        made.digits = digits
        return made

    def __repr__(self) -> str:
        return self.digits


class SuccessTemplateTool(Tool):
    """Helpers for success templates."""

    __slots__ = ()
    java_name: ClassVar[str] = "SuccessTemplateUtils"


def _parsed(value: object) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value, parse_float=_Exact)
    except (ValueError, RecursionError):
        return None


def _written(value: object) -> str:
    if isinstance(value, _Exact):
        return value.digits
    if isinstance(value, list):
        return "[" + ",".join(map(_written, value)) + "]"
    if isinstance(value, dict):
        return "{" + ",".join(f"{json_text(key)}:{_written(item)}" for key, item in value.items()) + "}"
    return json_text(value)


def first_from_array(_run: Allowance, _tool: SuccessTemplateTool, array: object, *default: object) -> str:
    """The first element of a JSON array, as JSON text.

    array: JSON text of an array, or a list. default: the text to give when the array is empty, absent or
    not an array; without one it is ``null``.
    """
    found = _parsed(array)
    if isinstance(found, list) and found:
        return _written(found[0])
    if default and default[0] is not None:
        return text(default[0])
    return "null"


def move_keys_into_array_of_objects(
    _run: Allowance, _tool: SuccessTemplateTool, source: object, name: object, value_name: object = None
) -> str:
    """An object keyed by id as an array of objects that carry the key as a member.

    source: JSON text of an object, or a map; name: the member that takes the key; value_name: the member
    that takes a value which is not an object itself (``value`` when absent). The signature is assumed.
    """
    found = _parsed(source)
    if not isinstance(found, dict):
        if found is None or found == "":
            return "[]"
        raise MemberFault("java.lang.IllegalArgumentException: not a JSON object")
    member, other = text(name), "value" if value_name is None else text(value_name)
    rows = [
        {member: key, **item} if isinstance(item, dict) else {member: key, other: item}
        for key, item in found.items()
    ]
    return _written(rows)


SuccessTemplateTool.offer(
    {
        "firstFromArray": [("o", first_from_array), ("oo", first_from_array)],
        "moveKeysIntoArrayOfObjects": [
            ("oo", move_keys_into_array_of_objects),
            ("ooo", move_keys_into_array_of_objects),
        ],
    }
)
