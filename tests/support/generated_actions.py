"""Data actions made at random, whole and broken ones, with inputs and a reply of their service."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from support.sample_actions import TEXT, WHOLE, exported

_INPUTS = {"id": TEXT, "note": TEXT, "count": WHOLE, "flag": {"type": "boolean"}}
_PATHS = (
    "/a",
    "/a/${input.id}",
    "/a/$esc.uriEncode($input.id)",
    "/${input.missing}",
    "/a/${inputt.id}",
    "/#if(",
)
_QUERIES = (
    "",
    "?n=${input.count}",
    "?q=$esc.url(${input.note})",
    "?q=$!{input.note}",
    "?f=${input.flag}&x=1",
)
_HEADERS: tuple[dict[str, str], ...] = (
    {},
    {"X-Id": "${input.id}"},
    {"X-Note": "$!{input.note}", "Transfer-Encoding": "buffered"},
    {"Content-Type": "application/json", "Connection": "close"},
)
_BODIES = (
    "${input.rawRequest}",
    '{"id": "$esc.jsonEncode(${input.id})"'
    '#if("$!{input.note}" != ""), "n": "$esc.jsonString(${input.note})"#end}',
    '{"count": ${input.count}, "sum": $math.add($input.count, 2)}',
    "a=$esc.uriEncode(${input.id})",
    "$esc.nothing($input.id)",
)
_MAPS: tuple[tuple[dict[str, str], dict[str, str], str], ...] = (
    ({}, {}, "${rawResult}"),
    ({"name": "$.name"}, {}, '{"name": ${name}}'),
    ({"name": "$.name"}, {"name": '"none"'}, '{"name": ${name}}'),
    ({"ids": "$.items[*].id", "n": "$.items.length()"}, {}, '{"ids": ${ids}, "n": ${n}}'),
    (
        {"first": "$.items[?(@.id != 'x')].id"},
        {},
        '{"first": ${successTemplateUtils.firstFromArray("${first}", "$esc.quote$esc.quote")}}',
    ),
    ({"name": "$.name"}, {}, '{"name": ${nmae}}'),
    ({"name": "$.name"}, {}, '{"name": "${name}"}'),
    ({"name": "$.name[?("}, {}, "${name}"),
    ({"name": "$.name"}, {"name": "null"}, '{"name": ${name}}}'),
)
_OUTPUTS: tuple[dict[str, Any], ...] = (
    {},
    {"name": TEXT},
    {"ids": {"type": "array", "items": TEXT}, "n": WHOLE},
    {"name": WHOLE},
)
_REPLIES: tuple[tuple[int, Any], ...] = (
    (200, {"name": 'Zoë "Q" O\'Hara', "items": [{"id": "x"}, {"id": "y"}]}),
    (200, {"name": None, "items": []}),
    (200, {}),
    (201, [1, 2.50, 12345678901234567890]),
    (204, None),
    (404, {"message": "no"}),
    (500, {"message": "later"}),
)
_TEXTS = ("7", 'a "b"', "x/y?z=1&q", "Jürgen \U0001f600", "line\nend", "")


@dataclass(frozen=True)
class Generated:
    """One action, what it is called with, and what its service answers."""

    action: dict[str, Any]
    inputs: dict[str, Any]
    status: int
    reply: Any


def generated(count: int, base: str, seed: int) -> list[Generated]:
    """Return as many actions, the same for the same seed.

    Args:
        base: what their URLs begin with.
    """
    chance = random.Random(seed)
    return [_one(chance, base, number) for number in range(count)]


def _one(chance: random.Random, base: str, number: int) -> Generated:
    paths, defaults, success = chance.choice(_MAPS)
    action = exported(
        base + chance.choice(_PATHS) + chance.choice(_QUERIES),
        chance.choice(("GET", "POST", "PUT", "PATCH", "DELETE")),
        name=f"Generated {number}",
        headers=chance.choice(_HEADERS),
        body=chance.choice(_BODIES),
        paths=paths,
        defaults=defaults,
        success=success,
        inputs=_INPUTS,
        required=chance.choice(((), ("id",))),
        outputs=chance.choice(_OUTPUTS),
    )
    values = {"id": chance.choice(_TEXTS), "note": chance.choice(_TEXTS), "count": 3, "flag": True}
    kept = {name: value for name, value in values.items() if chance.random() < 0.8}
    if chance.random() < 0.1:
        kept["count"] = chance.choice(["no number", [1]])
    status, reply = chance.choice(_REPLIES)
    return Generated(action, kept, status, reply)
