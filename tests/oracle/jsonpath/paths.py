"""Paths for the corpus, made from a seed.

Three quarters read a document the way action authors do: they know its shape, sometimes get a name wrong,
and use the features that published actions use. The rest comes from the whole grammar, and some of it is
damaged on purpose.
"""

from __future__ import annotations

import random
from typing import Any

Rng = random.Random
Place = tuple[str | int, ...]

FUNCTIONS = [
    "length",
    "size",
    "sum",
    "avg",
    "min",
    "max",
    "stddev",
    "keys",
    "first",
    "last",
    "concat",
    "append",
]
OPERATORS = ["==", "!=", "<", "<=", ">", ">=", "===", "!==", "=~", "in", "nin", "contains", "size", "empty"]
RARE_OPERATORS = ["subsetof", "anyof", "noneof", "all", "type", "IN", "NoneOf", "=", "matches", "<>"]
NAMES = ["id", "name", "a", "b", "state", "value", "purpose", "stats", "missing", "k", "v", "Name", "size"]


def _places(value: Any, place: Place = ()) -> list[Place]:
    """Every place in a document."""
    found = [place]
    if isinstance(value, dict):
        for key, child in value.items():
            found.extend(_places(child, (*place, key)))
    elif isinstance(value, list):
        for index, child in enumerate(value):
            found.extend(_places(child, (*place, index)))
    return found


def at(document: Any, place: Place) -> Any:
    """The value at a place."""
    for step in place:
        document = document[step]
    return document


def _quoted(name: str, quote: str) -> str:
    return quote + name.replace("\\", "\\\\").replace(quote, "\\" + quote) + quote


def _name(rng: Rng, name: str) -> str:
    plain = name.replace("_", "a").replace("-", "a").isalnum()
    if plain and rng.random() < 0.85:
        return f".{name}"
    dot = "." if rng.random() < 0.1 else ""
    return f"{dot}[{_quoted(name, rng.choice(chr(39) * 3 + chr(34)))}]"


def _write(rng: Rng, place: Place, loose: float) -> str:
    """A place as a path without its root; indexes turn into wildcards and the like with chance ``loose``."""
    text = ""
    for step in place:
        if isinstance(step, str):
            if rng.random() < 0.03:
                step = rng.choice([step + "x", step.upper(), "missing"])
            text += _name(rng, step)
        elif rng.random() < loose:
            text += rng.choice(["[*]", "[*]", "[*]", "[0:]", "[-1]", "[:2]", "[-1000:]", ".*"])
        else:
            text += rng.choice([f"[{step}]", f"[{step}]", "[0]", "[-1]"])
    return text


def _literal(rng: Rng, value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _quoted(value, rng.choice("''\""))
    if isinstance(value, int | float):
        return str(value).replace("e+", "E")
    return "'x'"


def _condition(rng: Rng, items: list[Any]) -> str:
    """A condition that an author would write about the objects in ``items``."""
    item = rng.choice(items)
    if not isinstance(item, dict) or not item:
        return f"@ {rng.choice(['==', '!=', '>'])} {_literal(rng, item)}"
    scalar = [p for p in _places(item) if p and len(p) <= 3 and not isinstance(at(item, p), dict | list)]
    if not scalar or rng.random() < 0.1:
        return f"@.{rng.choice(NAMES)}"
    place = rng.choice(scalar)
    left = f"@{_write(rng, place, 0.1)}"
    value = at(item, place)
    if rng.random() < 0.2:
        value = rng.choice(["x", 1, "customer", None, True])
    kind = rng.random()
    if kind < 0.12:
        return left if kind < 0.08 else f"!{left}"
    if isinstance(value, int | float) and not isinstance(value, bool) and rng.random() < 0.5:
        return f"{left} {rng.choice(['<', '>', '<=', '>='])} {_literal(rng, value)}"
    if isinstance(value, str) and rng.random() < 0.12:
        return rng.choice(
            [
                f"{left} in [{_literal(rng, value)}, 'other']",
                f"{left} nin ['a', {_literal(rng, value)}]",
                f"{left} =~ /{value[:2] if value[:2].isalnum() else 'a'}.*/{rng.choice(['', 'i'])}",
                f"{left} contains {_literal(rng, value[:2])}",
                f"{left} size {len(value)}",
                f"{left} empty false",
            ]
        )
    blank = rng.choice([" ", " ", ""])
    return f"{left}{blank}{rng.choice(['==', '==', '!='])}{blank}{_literal(rng, value)}"


def _filter(rng: Rng, items: list[Any]) -> str:
    count = rng.choice([1, 1, 1, 2, 2, 3])
    conditions = [_condition(rng, items) for _ in range(count)]
    text = conditions[0]
    for condition in conditions[1:]:
        joint = rng.choice([" && ", " && ", " || "])
        text = f"({text}){joint}{condition}" if rng.random() < 0.15 else f"{text}{joint}{condition}"
    return f"[?({text})]"


def realistic(rng: Rng, document: Any) -> str:
    """A path as an action author writes it for this document."""
    places = _places(document)
    place = rng.choice(places)
    if len(place) < 2 and rng.random() < 0.7:
        place = rng.choice(places)
    lists = [p for p in places if isinstance(at(document, p), list) and at(document, p)]
    kind = rng.random()
    if kind < 0.42 or not lists:
        text = _write(rng, place, 0.45)
    elif kind < 0.75:
        owner = rng.choice(lists)
        items = at(document, owner)
        below = [p for p in _places(rng.choice(items)) if len(p) <= 3]
        text = _write(rng, owner, 0.3) + _filter(rng, items) + _write(rng, rng.choice(below), 0.3)
    elif kind < 0.83:
        text = _write(rng, rng.choice(lists), 0.3) + f".{rng.choice(FUNCTIONS[:8])}()"
    elif kind < 0.93:
        names = [step for step in place if isinstance(step, str)] or ["name"]
        text = f"..{rng.choice(names)}" if names[-1].isalnum() else f"..['{names[-1]}']".replace("it's", "x")
        text += rng.choice(["", "", "[0]", ".id", "[*]", ".length()"])
    else:
        text = _write(rng, rng.choice(lists), 0.2) + rng.choice(
            ["[0,1]", "[0:2]", "[-2:]", "[:1]", "[5]", "[1:3].id"]
        )
    text = text or ".missing"
    if text.startswith("[") and rng.random() < 0.3:
        return text
    if text.startswith(".") and rng.random() < 0.06:
        return text if rng.random() < 0.4 else text[1:]
    return f"${text}"


# The whole grammar

FIXED_OPERANDS = [
    "'x'",
    '"x"',
    "1",
    "-1",
    "1.0",
    "1e2",
    "true",
    "false",
    "null",
    "[1,2]",
    "['a','b']",
    "[a, b]",
    "{}",
    "{'a':1}",
    "[]",
    "''",
    "'1'",
    "'1.0'",
    "/a.*/",
    "/[A-Z]+/i",
    "/\\d+/",
    "0.1",
    "100",
    "[1,[2]]",
    "[null, true]",
    "['$','x']",
    "'it\\'s'",
    '"\\u0041"',
    "[007, 1.5, 'q\\n']",
    "/x|y/",
    "/(?i)SALES|.*/",
    "/\\p{Alpha}+/",
    "[1,2",
    "1-",
    "x",
]


def _operand(rng: Rng, names: list[str], depth: int) -> str:
    if rng.random() < 0.5:
        root = rng.choice("@@@@$")
        return root + "".join(_segment(rng, names, depth - 1) for _ in range(rng.choice([0, 1, 1, 1, 2])))
    return rng.choice(FIXED_OPERANDS)


def _expression(rng: Rng, names: list[str], depth: int) -> str:
    kind = rng.random()
    if depth > 0 and kind < 0.2:
        joint = rng.choice([" && ", " || ", "&&", "||"])
        return f"{_expression(rng, names, depth - 1)}{joint}{_expression(rng, names, depth - 1)}"
    if depth > 0 and kind < 0.3:
        return rng.choice(["({})", "!({})", "! ({})", "(({}))"]).format(_expression(rng, names, depth - 1))
    left = _operand(rng, names, depth)
    if kind < 0.45:
        return rng.choice(["", "!"]) + left
    operator = rng.choice(OPERATORS if rng.random() < 0.8 else RARE_OPERATORS)
    blank = rng.choice([" ", " ", " ", ""])
    return f"{left}{blank}{operator}{blank}{_operand(rng, names, depth)}"


def _argument(rng: Rng, names: list[str], depth: int) -> str:
    if rng.random() < 0.5:
        return "$" + "".join(_segment(rng, names, depth - 1) for _ in range(rng.choice([1, 2])))
    return rng.choice(
        ['"x"', "1", "-2", "2.5", "0", "{}", '{"a":1}', "true", "'x'", "1e3", '"a,b"', "", " 1 "]
    )


def _call(rng: Rng, names: list[str], depth: int) -> str:
    name = rng.choice([*FUNCTIONS, "index", "index", "nosuch"])
    count = rng.choice([0, 0, 1, 1, 2])
    return f".{name}({rng.choice([',', ', ']).join(_argument(rng, names, depth) for _ in range(count))})"


def _segment(rng: Rng, names: list[str], depth: int) -> str:
    kind = rng.random()
    name = rng.choice(names)
    if kind < 0.4:
        return f".{name}"
    if kind < 0.5:
        return rng.choice(
            [f"['{name}']", f'["{name}"]', f"['{name}','{rng.choice(names)}']", f"[ '{name}' ]"]
        )
    if kind < 0.62:
        return rng.choice(
            ["[0]", "[-1]", "[1]", "[0,1]", "[0, -1]", "[1:]", "[:1]", "[0:2]", "[-2:]", "[-2:-1]"]
        )
    if kind < 0.72:
        return rng.choice(["[*]", ".*", "[ * ]"])
    if kind < 0.82:
        return rng.choice(["..{}", "..['{}']", "..[0]", "..*", "..[*]", "..[0].{}", "..[*].{}"]).format(name)
    if kind < 0.92 and depth > 0:
        return f"[?({_expression(rng, names, depth)})]"
    return _call(rng, names, depth) if depth > 0 else f".{name}"


def grammatical(rng: Rng, document: Any) -> str:
    """A path from the whole grammar, with names of the document mostly; one in eight is damaged."""
    keys = sorted(
        {step for place in _places(document) for step in place if str(step).isalnum()} - {0}, key=str
    )
    names = [str(key) for key in keys if isinstance(key, str)] * 2 + NAMES[:6]
    text = rng.choice("$$$$$$$@") + "".join(
        _segment(rng, names, 2) for _ in range(rng.choice([0, 1, 1, 2, 2, 3]))
    )
    if rng.random() < 0.1:
        text = text[1:] or "a"
    if rng.random() < 0.125:
        position = rng.randrange(len(text) + 1)
        if rng.random() < 0.5:
            text = text[:position] + text[position + 1 :]
        else:
            text = text[:position] + rng.choice(" .[]()'\"$@?*,:-!&|/\\x1\t") + text[position:]
    return text or "$"
