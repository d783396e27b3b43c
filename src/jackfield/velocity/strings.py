"""The methods of java.lang.String that templates may call."""

from __future__ import annotations

import functools
from collections.abc import Callable

from jackfield.velocity import regexes
from jackfield.velocity.arithmetic import same
from jackfield.velocity.members import Allowance, MemberFault, register
from jackfield.velocity.values import java_class, text

_JAVA_BLANKS = "".join(map(chr, range(33)))
_INT_MASK = 0xFFFFFFFF


def utf16(value: str) -> bytes | None:
    """UTF-16 code units when a text has characters outside the basic plane (Java counts those as two)."""
    if value.isascii() or max(value, default="") <= "\uffff":
        return None
    return value.encode("utf-16-le", "surrogatepass")


def length(_run: Allowance, value: str) -> int:
    """``length()``"""
    units = utf16(value)
    return len(value) if units is None else len(units) // 2


def part(value: str, start: int, end: int) -> str:
    """``value[start:end]`` in Java's units."""
    units = utf16(value)
    if units is None:
        return value[start:end]
    return units[2 * start : 2 * end].decode("utf-16-le", "replace")


def substring(run: Allowance, value: str, start: int, end: int | None = None) -> str:
    """``substring(start)`` and ``substring(start, end)``; out of range is an error, as in Java."""
    size = length(run, value)
    stop = size if end is None else end
    if start < 0 or stop > size or start > stop:
        raise MemberFault(
            f"java.lang.StringIndexOutOfBoundsException: begin {start}, end {stop}, length {size}"
        )
    return part(value, start, stop)


def char_at(run: Allowance, value: str, index: int) -> str:
    """``charAt(index)``"""
    if not 0 <= index < length(run, value):
        raise MemberFault(f"java.lang.StringIndexOutOfBoundsException: index {index}, length {len(value)}")
    return part(value, index, index + 1)


def replace(run: Allowance, value: str, old: str | None, new: str | None) -> str:
    """``replace(old, new)``: every occurrence, no patterns."""
    if old is None or new is None:
        raise MemberFault("java.lang.NullPointerException")
    count = value.count(old)
    if len(value) + count * (len(new) - len(old)) > run.room:
        raise OverflowError
    return value.replace(old, new)


def _pattern(value: str | None) -> str:
    if value is None:
        raise MemberFault("java.lang.NullPointerException")
    return value


def replace_all(run: Allowance, value: str, pattern: str | None, new: str | None) -> str:
    """``replaceAll(regex, replacement)``"""
    return regexes.replace(run.clock, value, _pattern(pattern), _pattern(new), 0, run.room)


def replace_first(run: Allowance, value: str, pattern: str | None, new: str | None) -> str:
    """``replaceFirst(regex, replacement)``"""
    return regexes.replace(run.clock, value, _pattern(pattern), _pattern(new), 1, run.room)


def matches(run: Allowance, value: str, pattern: str | None) -> bool:
    """``matches(regex)``: the whole text."""
    return regexes.matches(run.clock, value, _pattern(pattern))


def split(run: Allowance, value: str, pattern: str | None, limit: int = 0) -> list[str]:
    """``split(regex)`` and ``split(regex, limit)``"""
    return regexes.split(run.clock, value, _pattern(pattern), limit, run.room // 10)


def repeat(run: Allowance, value: str, count: int) -> str:
    """``repeat(count)``"""
    if count < 0:
        raise MemberFault(f"java.lang.IllegalArgumentException: count is negative: {count}")
    if len(value) * count > run.room:
        raise OverflowError
    return value * count


def concat(run: Allowance, value: str, other: str | None) -> str:
    """``concat(other)``"""
    if other is None:
        raise MemberFault("java.lang.NullPointerException")
    if len(value) + len(other) > run.room:
        raise OverflowError
    return value + other


def hash_code(_run: Allowance, value: str) -> int:
    """``hashCode()``"""
    units = value.encode("utf-16-le", "surrogatepass")
    total = 0
    for at in range(0, len(units), 2):
        total = (31 * total + units[at] + 256 * units[at + 1]) & _INT_MASK
    return total - (1 << 32) if total >> 31 else total


def compare(_run: Allowance, value: str, other: str | None) -> int:
    """``compareTo(other)``"""
    if other is None:
        raise MemberFault("java.lang.NullPointerException")
    first, second = value.encode("utf-16-be", "surrogatepass"), other.encode("utf-16-be", "surrogatepass")
    for at in range(0, min(len(first), len(second)), 2):
        if first[at : at + 2] != second[at : at + 2]:
            return int.from_bytes(first[at : at + 2]) - int.from_bytes(second[at : at + 2])
    return (len(first) - len(second)) // 2


def _compare_any(run: Allowance, value: str, other: object) -> int:
    if other is not None and not isinstance(other, str):
        message = f"java.lang.ClassCastException: class {java_class(other)} cannot be cast to class"
        raise MemberFault(f"{message} java.lang.String")
    return compare(run, value, other)


def _folded(value: str) -> str:
    return "".join(_fold(char) for char in value)


@functools.cache
def _fold(char: str) -> str:
    upper = char.upper() if len(char.upper()) == 1 else char
    return upper.lower() if len(upper.lower()) == 1 else upper


def compare_ignoring_case(run: Allowance, value: str, other: str | None) -> int:
    """``compareToIgnoreCase(other)``"""
    return compare(run, _folded(value), None if other is None else _folded(other))


def _unit_index(run: Allowance, value: str, found: int) -> int:
    return found if found < 0 else length(run, value[:found])


def _needle(wanted: object) -> str:
    if isinstance(wanted, int):
        return chr(wanted) if 0 <= wanted <= 0x10FFFF else "\uffff\uffff"
    return _pattern(wanted if isinstance(wanted, str) else None)


def index_of(run: Allowance, value: str, wanted: object, start: int = 0) -> int:
    """``indexOf(text)``, ``indexOf(text, start)``; a number is a character code."""
    return _unit_index(run, value, value.find(_needle(wanted), max(start, 0)))


def last_index_of(run: Allowance, value: str, wanted: object, start: int | None = None) -> int:
    """``lastIndexOf(text)``, ``lastIndexOf(text, start)``"""
    needle = _needle(wanted)
    found = value.rfind(needle) if start is None else value.rfind(needle, 0, max(start, -1) + len(needle))
    return _unit_index(run, value, found)


def starts_with(_run: Allowance, value: str, prefix: str | None, start: int = 0) -> bool:
    """``startsWith(prefix)``, ``startsWith(prefix, start)``"""
    return 0 <= start <= len(value) and value.startswith(_pattern(prefix), start)


def join(run: Allowance, _value: str, separator: str | None, items: object) -> str:
    """``join(separator, list)``"""
    parts = [text(item) for item in items] if isinstance(items, list | tuple) else []
    if sum(map(len, parts)) + len(_pattern(separator)) * len(parts) > run.room:
        raise OverflowError
    return _pattern(separator).join(parts)


def strip(value: str, left: bool, right: bool) -> str:
    """Java's ``strip`` family: Unicode white space, but not the no-break spaces."""
    start, end = 0, len(value)
    while left and start < end and _is_space(value[start]):
        start += 1
    while right and end > start and _is_space(value[end - 1]):
        end -= 1
    return value[start:end]


def _is_space(char: str) -> bool:
    return char.isspace() and char not in "\x85\xa0\u2007\u202f"


def _code_point(run: Allowance, value: str, index: int) -> int:
    if not 0 <= index < length(run, value):
        raise MemberFault(f"java.lang.StringIndexOutOfBoundsException: index {index}, length {len(value)}")
    return ord(part(value, index, length(run, value))[0])


def _characters(run: Allowance, value: str) -> list[str]:
    if len(value) > run.room // 10:
        raise OverflowError
    return list(value)


def _simple(function: Callable[[str], object]) -> Callable[[Allowance, str], object]:
    return lambda _run, value: function(value)


register(
    str,
    {
        "length": [("", length)],
        "isEmpty": [("", _simple(lambda value: not value))],
        "isBlank": [("", _simple(lambda value: not strip(value, True, False)))],
        "trim": [("", _simple(lambda value: value.strip(_JAVA_BLANKS)))],
        "strip": [("", _simple(lambda value: strip(value, True, True)))],
        "stripLeading": [("", _simple(lambda value: strip(value, True, False)))],
        "stripTrailing": [("", _simple(lambda value: strip(value, False, True)))],
        "toLowerCase": [("", _simple(str.lower))],
        "toUpperCase": [("", _simple(str.upper))],
        "toString": [("", _simple(str))],
        "intern": [("", _simple(str))],
        "hashCode": [("", hash_code)],
        "substring": [("i", substring), ("ii", substring)],
        "subSequence": [("ii", substring)],
        "toCharArray": [("", _characters)],
        "charAt": [("i", char_at)],
        "codePointAt": [("i", _code_point)],
        "replace": [("qq", replace)],
        "replaceAll": [("ss", replace_all)],
        "replaceFirst": [("ss", replace_first)],
        "matches": [("s", matches)],
        "split": [("s", split), ("si", split)],
        "repeat": [("i", repeat)],
        "concat": [("s", concat)],
        "contains": [("q", lambda _run, value, other: _pattern(other) in value)],
        "startsWith": [("s", starts_with), ("si", starts_with)],
        "endsWith": [("s", lambda _run, value, other: value.endswith(_pattern(other)))],
        "indexOf": [("s", index_of), ("i", index_of), ("si", index_of), ("ii", index_of)],
        "lastIndexOf": [
            ("s", last_index_of),
            ("i", last_index_of),
            ("si", last_index_of),
            ("ii", last_index_of),
        ],
        "equals": [("o", lambda _run, value, other: same(value, other))],
        "contentEquals": [("q", lambda _run, value, other: value == _pattern(other))],
        "equalsIgnoreCase": [
            ("s", lambda _run, value, other: other is not None and _folded(value) == _folded(other))
        ],
        "compareTo": [("o", _compare_any)],
        "compareToIgnoreCase": [("s", compare_ignoring_case)],
        "join": [("qk", join)],
        "valueOf": [("o", lambda _run, _value, other: text(other))],
    },
)
