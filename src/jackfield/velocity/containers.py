"""The methods of Java's lists, maps and their entries that templates may call."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from jackfield.velocity import strings
from jackfield.velocity.arithmetic import same
from jackfield.velocity.members import Allowance, Function, MemberFault, register
from jackfield.velocity.numbers import number_hash, wrap
from jackfield.velocity.values import Entry, text

Sequence = list[object]


def _bounds(index: int, size: int) -> int:
    if not 0 <= index < size:
        raise MemberFault(
            f"java.lang.IndexOutOfBoundsException: Index {index} out of bounds for length {size}"
        )
    return index


def get(_run: Allowance, value: Sequence, index: int) -> object:
    """``list.get(index)``; out of range is an error, as in Java."""
    return value[_bounds(index, len(value))]


def position(value: Iterable[object], wanted: object) -> int:
    """Where an equal element stands first, or -1."""
    return next((at for at, item in enumerate(value) if same(item, wanted)), -1)


def _index_of(_run: Allowance, value: Sequence, wanted: object) -> int:
    return position(value, wanted)


def _last_index_of(_run: Allowance, value: Sequence, wanted: object) -> int:
    found = position(reversed(value), wanted)
    return len(value) - 1 - found if found >= 0 else -1


def _contains(_run: Allowance, value: Iterable[object], wanted: object) -> bool:
    return position(value, wanted) >= 0


def _contains_all(_run: Allowance, value: Sequence, wanted: Iterable[object]) -> bool:
    return all(position(value, item) >= 0 for item in wanted)


def _grow(run: Allowance, value: Sequence, items: Iterable[object], at: int | None = None) -> bool:
    added = list(items)
    if len(value) + len(added) > run.room // 8:
        raise OverflowError
    start = len(value) if at is None else at
    if not 0 <= start <= len(value):
        raise MemberFault(f"java.lang.IndexOutOfBoundsException: Index: {start}, Size: {len(value)}")
    value[start:start] = added
    return bool(added)


def _add(run: Allowance, value: Sequence, item: object) -> bool:
    if len(value) >= run.room // 8:
        raise OverflowError
    value.append(item)
    return True


def _insert(run: Allowance, value: Sequence, index: int, item: object) -> str:
    _grow(run, value, (item,), index)
    return ""


def _add_all(run: Allowance, value: Sequence, items: Iterable[object]) -> bool:
    return _grow(run, value, items)


def _set(_run: Allowance, value: Sequence, index: int, item: object) -> object:
    old = value[_bounds(index, len(value))]
    value[index] = item
    return old


def _remove_at(_run: Allowance, value: Sequence, index: int) -> object:
    return value.pop(_bounds(index, len(value)))


def _remove(_run: Allowance, value: Sequence, item: object) -> bool:
    at = position(value, item)
    if at >= 0:
        del value[at]
    return at >= 0


def _clear(_run: Allowance, value: Sequence | dict[object, object]) -> str:
    value.clear()
    return ""


def _sublist(_run: Allowance, value: Sequence, start: int, end: int) -> Sequence:
    if start < 0 or end > len(value) or start > end:
        raise MemberFault(f"java.lang.IndexOutOfBoundsException: fromIndex: {start}, toIndex: {end}")
    return value[start:end]


def _size(_run: Allowance, value: Sequence | dict[object, object]) -> int:
    return len(value)


def _is_empty(_run: Allowance, value: Sequence | dict[object, object]) -> bool:
    return not value


def _to_string(_run: Allowance, value: object) -> str:
    return text(value)


def _equals(_run: Allowance, value: object, other: object) -> bool:
    return same(value, other)


def hash_of(run: Allowance, value: object) -> int:
    """Java's ``hashCode`` of a list, a map or what they hold."""
    if isinstance(value, list | dict):
        text(value, run.room)
    if isinstance(value, list | tuple | range):
        total = 1
        for item in value:
            total = wrap(Decimal(31 * total + hash_of(run, item)), 32)
        return total
    if isinstance(value, dict):
        pairs = (hash_of(run, key) ^ hash_of(run, item) for key, item in value.items())
        return wrap(Decimal(sum(pairs)), 32)
    if isinstance(value, str):
        return strings.hash_code(run, value)
    return number_hash(run, value) if isinstance(value, int | float) else 0


def _copy(_run: Allowance, value: Sequence) -> Sequence:
    return list(value)


_READING: dict[str, list[tuple[str, Function]]] = {
    "get": [("i", get)],
    "size": [("", _size)],
    "isEmpty": [("", _is_empty)],
    "contains": [("o", _contains)],
    "containsAll": [("k", _contains_all)],
    "indexOf": [("o", _index_of)],
    "lastIndexOf": [("o", _last_index_of)],
    "toString": [("", _to_string)],
    "hashCode": [("", hash_of)],
    "equals": [("o", _equals)],
    "subList": [("ii", _sublist)],
    "toArray": [("", _copy)],
}
register(range, _READING)
register(tuple, _READING)
register(
    list,
    {
        **_READING,
        "add": [("o", _add), ("io", _insert)],
        "addAll": [("k", _add_all)],
        "set": [("io", _set)],
        "remove": [("i", _remove_at), ("o", _remove)],
        "clear": [("", _clear)],
    },
)


def map_key(key: object) -> object:
    """The key itself when it can be one, else its text (lists and maps cannot be looked up)."""
    return text(key) if isinstance(key, list | dict) else key


def find(value: dict[object, object], key: object) -> object:
    """The value of a key, by Java's equality: 1, 1.0 and true are three keys."""
    found = value.get(map_key(key))
    if type(key) is not str and found is not None:
        for mine, item in value.items():
            if mine == key:
                return item if same(mine, key) else None
    return found


def _map_get(_run: Allowance, value: dict[object, object], key: object) -> object:
    return find(value, key)


def _map_get_or(_run: Allowance, value: dict[object, object], key: object, default: object) -> object:
    return find(value, key) if _holds(value, key) else default


def _put(run: Allowance, value: dict[object, object], key: object, item: object) -> object:
    if len(value) > run.room // 8:
        raise OverflowError
    old = value.get(map_key(key))
    value[map_key(key)] = item
    return old


def _put_if_absent(run: Allowance, value: dict[object, object], key: object, item: object) -> object:
    old = value.get(map_key(key))
    return _put(run, value, key, item) if old is None else old


def _put_all(_run: Allowance, value: dict[object, object], other: dict[object, object]) -> str:
    value.update(other)
    return ""


def _map_remove(_run: Allowance, value: dict[object, object], key: object) -> object:
    return value.pop(map_key(key), None)


def _has_key(_run: Allowance, value: dict[object, object], key: object) -> bool:
    return _holds(value, key)


def _holds(value: dict[object, object], key: object) -> bool:
    if type(key) is str:
        return key in value
    return map_key(key) in value and any(same(mine, key) for mine in value)


def _has_value(_run: Allowance, value: dict[object, object], wanted: object) -> bool:
    return position(value.values(), wanted) >= 0


def _keys(_run: Allowance, value: dict[object, object]) -> Sequence:
    return list(value)


def _values(_run: Allowance, value: dict[object, object]) -> Sequence:
    return list(value.values())


def _entries(_run: Allowance, value: dict[object, object]) -> Sequence:
    return [Entry(key, item) for key, item in value.items()]


register(
    dict,
    {
        "get": [("o", _map_get)],
        "getOrDefault": [("oo", _map_get_or)],
        "put": [("oo", _put)],
        "putIfAbsent": [("oo", _put_if_absent)],
        "putAll": [("m", _put_all)],
        "remove": [("o", _map_remove)],
        "clear": [("", _clear)],
        "size": [("", _size)],
        "isEmpty": [("", _is_empty)],
        "containsKey": [("o", _has_key)],
        "containsValue": [("o", _has_value)],
        "keySet": [("", _keys)],
        "values": [("", _values)],
        "entrySet": [("", _entries)],
        "hashCode": [("", hash_of)],
        "toString": [("", _to_string)],
        "equals": [("o", _equals)],
    },
)
MAP_MEMBERS = frozenset({"size", "isEmpty", "keySet", "values", "entrySet", "toString", "clear", "hashCode"})
"""Names that Velocity finds as methods of a map before it looks for a key of that name."""

register(
    Entry,
    {
        "getKey": [("", lambda _run, value: value.key)],
        "getValue": [("", lambda _run, value: value.value)],
        "toString": [("", _to_string)],
        "equals": [("o", _equals)],
    },
)
