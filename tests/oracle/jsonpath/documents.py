"""Documents shaped like the replies that data actions read, made from a seed."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

Rng = random.Random

PURPOSES = ["customer", "agent", "external", "acd", "ivr", "voicemail"]
STATES = ["connected", "disconnected", "alerting", "Not Found", "on queue"]
WORDS = ["Sales", "Support", "Zürich", "Ann O'Neil", "a/b", "x y", "日本", "", "VIP", "42", "1.0", "true"]

# What the regular expressions in patterns.txt are matched with.
TEXTS = [
    "",
    "a",
    "A",
    "abc",
    "ABC",
    "aBc123",
    "Z\xfcrich",
    "Z\xdcRICH",
    "\xe4",
    "\xc4",
    "\xdf",
    "SS",
    "k",
    "\u212a",
    "s",
    "\u017f",
    "\u65e5\u672c",
    "a b",
    "a\nb",
    "a\r\nb",
    "a\n",
    "\n",
    "a\u2028b",
    "a\x85b",
    "tab\there",
    "+41 44 123 45 67",
    "tel:+41441234567",
    "ann@example.com",
    "ann.o'neil@ex.co.uk",
    "2024-03-05T10:11:12.123Z",
    "0a1b2c3d-0000-4000-8000-000000000001",
    "x",
    "xx",
    "xyxy",
    "foo.bar",
    "foo\\bar",
    "a-b_c",
    "[x]",
    "{y}",
    "a&&b",
    "^$",
    "$5",
    "\u0663",
    "\uff11",
    "\xe9\u0301",
    "\xa0",
    " ",
    "()",
    "a/b",
    "#tag",
    "-",
    "&",
    "~",
    "]",
    "aaa",
    "aXbXc",
    "12.50",
    "-7",
    "true",
    "[a]",
    "\xe9",
    "\xc8",
    "\u0130",
    "i",
    "\u0131",
    "\ufb01",
    "\x7f",
    "\x00",
    "\x1b",
]


def _id(rng: Rng) -> str:
    digits = f"{rng.getrandbits(128):032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def _maybe(rng: Rng, value: Any) -> Any:
    return None if rng.random() < 0.12 else value


def _drop(rng: Rng, record: dict[str, Any], share: float = 0.12) -> dict[str, Any]:
    return {key: value for key, value in record.items() if rng.random() >= share}


def _amount(rng: Rng) -> int | float:
    kind = rng.random()
    if kind < 0.5:
        return rng.randrange(-20, 1000)
    if kind < 0.9:
        return round(rng.uniform(-5, 500), rng.randrange(4))
    return rng.choice([0, 0.0, 1e7, 1.5e10, 2**31, 2**40, -1, 1e-4, 12345678901234567890])


def conversation(rng: Rng) -> dict[str, Any]:
    """A conversation with participants, sessions and attributes."""

    def participant() -> dict[str, Any]:
        return _drop(
            rng,
            {
                "id": _id(rng),
                "purpose": rng.choice(PURPOSES),
                "userId": _maybe(rng, _id(rng)),
                "attributes": {"ivr.Name": rng.choice(WORDS), "language": rng.choice(["en", "de", "fr"])},
                "sessions": [session() for _ in range(rng.randrange(3))],
                "callbacks": [{"state": rng.choice(STATES), "priority": rng.randrange(5)}],
                "wrapupRequired": rng.random() < 0.5,
            },
        )

    def session() -> dict[str, Any]:
        return _drop(
            rng,
            {
                "sessionId": _id(rng),
                "mediaType": rng.choice(["voice", "callback", "message"]),
                "ani": f"tel:+4144{rng.randrange(10**7)}",
                "segments": [
                    {
                        "segmentType": rng.choice(["ivr", "interact", "wrapup"]),
                        "conference": rng.random() < 0.2,
                    }
                    for _ in range(rng.randrange(3))
                ],
                "metrics": [{"name": rng.choice(["nOffered", "tTalk"]), "value": _amount(rng)}],
            },
        )

    return {
        "conversationId": _id(rng),
        "conversationStart": "2024-03-05T10:11:12.123Z",
        "participants": [participant() for _ in range(rng.randrange(5))],
        "divisionIds": [_id(rng) for _ in range(rng.randrange(3))],
        "otherMediaUris": [],
    }


def entity_page(rng: Rng) -> dict[str, Any]:
    """A paged listing."""
    entities = [
        _drop(
            rng,
            {
                "id": _id(rng),
                "name": rng.choice(WORDS),
                "proficiency": _amount(rng),
                "state": rng.choice(["active", "inactive", "deleted"]),
                "bodyType": rng.choice(["member-join", "member-leave", "notice", "standard"]),
                "body": rng.choice(WORDS),
                "sender": _maybe(rng, {"id": _id(rng), "selfUri": f"/api/v2/users/{rng.randrange(99)}"}),
                "skills": rng.sample(["en", "de", "fr", "it"], rng.randrange(4)),
                "offset": rng.choice(["+01:00", "-03:30", "+10:00"]),
            },
        )
        for _ in range(rng.randrange(6))
    ]
    size = len(entities)
    return {
        "entities": entities,
        "pageSize": 25,
        "pageNumber": 1,
        "total": size,
        "pageCount": 1 if size else 0,
        "selfUri": "/api/v2/x?pageSize=25&pageNumber=1",
        "firstUri": _maybe(rng, "/api/v2/x"),
    }


def user(rng: Rng) -> dict[str, Any]:
    """A user with presence, routing status and addresses."""
    return _drop(
        rng,
        {
            "id": _id(rng),
            "name": rng.choice(WORDS),
            "email": "ann@example.com",
            "department": _maybe(rng, rng.choice(WORDS)),
            "presence": {
                "presenceDefinition": {"id": _id(rng), "systemPresence": rng.choice(["Available", "Busy"])},
                "modifiedDate": "2024-01-02T03:04:05Z",
                "message": "",
            },
            "routingStatus": {"status": rng.choice(["IDLE", "INTERACTING", "OFF_QUEUE"])},
            "addresses": [
                {
                    "address": f"+1317{rng.randrange(10**7)}",
                    "mediaType": "PHONE",
                    "type": rng.choice(["WORK", "HOME"]),
                }
                for _ in range(rng.randrange(3))
            ],
            "acdAutoAnswer": rng.random() < 0.5,
            "version": rng.randrange(300),
        },
        0.08,
    )


def statistics(rng: Rng) -> dict[str, Any]:
    """Queue observations: groups, data, metrics, numbers in the millions."""
    return {
        "results": [
            _drop(
                rng,
                {
                    "group": {"queueId": _id(rng), "mediaType": rng.choice(["voice", "chat"])},
                    "data": [
                        {
                            "metric": rng.choice(["oWaiting", "oInteracting", "tAnswered"]),
                            "stats": _drop(
                                rng,
                                {"count": rng.randrange(50), "sum": _amount(rng), "max": _amount(rng)},
                                0.2,
                            ),
                        }
                        for _ in range(rng.randrange(4))
                    ],
                },
                0.06,
            )
            for _ in range(rng.randrange(4))
        ],
        "numbers": [_amount(rng) for _ in range(rng.randrange(6))],
        "mixed": rng.sample([1, 2.5, "3", None, True, "x", [1], {"a": 1}], 4),
    }


def records(rng: Rng) -> dict[str, Any]:
    """A query answer of a customer database."""
    return {
        "totalSize": rng.randrange(4),
        "done": True,
        "records": [
            _drop(
                rng,
                {
                    "attributes": {
                        "type": rng.choice(["Contact", "Account"]),
                        "url": "/services/data/v58.0/x",
                    },
                    "Id": f"003{rng.randrange(10**12):015d}",
                    "Name": rng.choice(WORDS),
                    "Amount__c": _amount(rng),
                    "Phone": _maybe(rng, "+41 44 123 45 67"),
                    "Owner": {"Name": rng.choice(WORDS), "IsActive": rng.random() < 0.6},
                    "Tags": rng.choice([[], ["vip"], ["vip", "new"], None, "vip"]),
                },
            )
            for _ in range(rng.randrange(4))
        ],
    }


def table_row(rng: Rng) -> dict[str, Any]:
    """A flat row with column names as people give them."""
    return _drop(
        rng,
        {
            "key": rng.choice(WORDS),
            "Opening Hours": "08:00-17:00",
            "is open": rng.random() < 0.5,
            "Queue-Name": rng.choice(WORDS),
            "priority": _amount(rng),
            "a.b": 1,
            "it's": "quoted",
            'say "hi"': 2,
            "back\\slash": 3,
            "length": rng.randrange(9),
            "größe": 4,
        },
        0.1,
    )


def ticket(rng: Rng) -> dict[str, Any]:
    """A ticket with custom fields, comments, nested lists and an html body."""
    return {
        "result": [
            {
                "sys_id": f"{rng.getrandbits(64):016x}",
                "number": f"INC{rng.randrange(10**7):07d}",
                "priority": str(rng.randrange(1, 6)),
                "caller": _maybe(rng, {"value": _id(rng), "link": "https://example.com/api"}),
                "comments": [{"text": '<b>ok</b>\n"fine"', "public": rng.random() < 0.5}] * rng.randrange(3),
            }
            for _ in range(rng.randrange(3))
        ],
        "ticket": {
            "id": rng.randrange(10**6),
            "custom_fields": [
                {"id": 360000 + n, "value": rng.choice([None, "x", 5, True, ["a", "b"]])}
                for n in range(rng.randrange(4))
            ],
            "matrix": [
                [rng.randrange(9) for _ in range(rng.randrange(1, 4))] for _ in range(rng.randrange(4))
            ],
            "satisfaction": {"score": rng.choice(["good", "bad", "offered"])},
        },
    }


def message_list(rng: Rng) -> list[Any]:
    """A reply that is a list at the top."""
    return [
        _drop(
            rng,
            {
                "messageId": _id(rng),
                "text": rng.choice(WORDS),
                "to": rng.sample(PURPOSES, rng.randrange(3)),
                "size": rng.randrange(200),
                "read": rng.random() < 0.5,
                "from": {"name": rng.choice(WORDS)},
            },
        )
        for _ in range(rng.randrange(5))
    ]


def odd(rng: Rng) -> Any:
    """Small documents at the edges."""
    return rng.choice(
        [
            {},
            [],
            "text",
            5,
            True,
            [[], {}, None, [[[]]]],
            {"a": None, "b": {"a": [None]}, "": 1, "$": 2, "@": 3, "*": 4, "null": 5},
            {"list": ["$", "@.a", "[1]", "{}", "'q'", '"d"', "a\\nb", "$.x", "[x"], "a": "[1]", "q": "q"},
            [[1, 2, 3], [4, 5], [6]],
            {"a": {"b": {"c": {"d": [{"a": 1}, {"a": {"a": 2}}]}}}},
            {"n": [1, 1.0, "1", "1.0", True, None, 0.1, 1e21, -0.0, 100, "100"], "x": 1},
            {"empty": "", "none": [], "obj": {}, "s": "ab", "l": [1, 2], "u": "a\U0001f600"},
            [{"k": 1, "v": [1, 2]}, {"k": "1", "v": []}, {"k": None}, {"v": [1]}, 7, "k", [{"k": 1}]],
        ]
    )


SHAPES: list[Callable[[Rng], Any]] = [
    conversation,
    entity_page,
    user,
    statistics,
    records,
    table_row,
    ticket,
    message_list,
]


def make(seed: int, per_shape: int = 7) -> dict[str, Any]:
    """Named documents: ``per_shape`` of every shape, and of the odd ones two of each kind on average."""
    rng = Rng(seed)
    documents = {f"{shape.__name__}-{n}": shape(rng) for shape in SHAPES for n in range(per_shape)}
    documents.update({f"odd-{n}": odd(rng) for n in range(26)})
    documents["texts"] = TEXTS
    return documents
