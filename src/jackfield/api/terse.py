"""Errors in the cloud's few words (`--as cloud`): the help moves from the body into a header.

Clients are tested against what they will meet: a 400 that says nothing but that the syntax is malformed. What
Jackfield knows about it goes out in `Jackfield-Findings`, where no client looks and a person can.
"""

from __future__ import annotations

import re
from typing import Any, Final

import orjson
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from jackfield.api.error_bodies import WARNINGS_HEADER, listed
from jackfield.api.json_bytes import dump

MALFORMED: Final = "The request could not be understood by the server due to malformed syntax."
"""The whole message of a 400, as the founding post shows it."""
_COUNT: Final = re.compile(r" \(\d+ faults in all; see errors\.\)$")
_FIRST_ERROR: Final = 400
_HELP: Final = ("messageParams",)


class TerseAnswers:
    """An ASGI application whose errors are as terse as the cloud's.

    Args:
        application: whose errors have the members that `error_bodies` writes.
    """

    def __init__(self, application: ASGIApp) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        if scope["type"] == "http":
            send = _Shortened(send).send
        await self._application(scope, receive, send)


class _Shortened:
    """Holds the head of an error back until its body has been shortened."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._head: Message | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] >= _FIRST_ERROR:
            self._head = message
            return
        head, self._head = self._head, None
        if head is not None:
            shortened = _shortened(message.get("body", b""))
            if shortened is not None:
                body, findings = shortened
                head = {**head, "headers": _headers(head["headers"], body, findings)}
                message = {**message, "body": body}
            await self._send(head)
        await self._send(message)


def _shortened(body: bytes) -> tuple[bytes, str] | None:
    """Return an error's body in few words, and what was left out of it; None if it is no ErrorBody."""
    try:
        error = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(error, dict) or "contextId" not in error:
        return None
    return dump(terse(error)), listed(_finding(one) for one in error["errors"])


def terse(error: dict[str, Any]) -> dict[str, Any]:
    """Return an ErrorBody with what the cloud says of it, its members in the cloud's order.

    A refused run of a data action keeps its documented nested error, every other error only its sentence,
    and a 400 not even that.
    """
    of_action = bool(error["details"])
    plain = error["status"] == _FIRST_ERROR and error["code"] == "bad.request" and not of_action
    short = {
        "status": error["status"],
        "code": error["code"],
        "message": MALFORMED if plain else _COUNT.sub("", error["message"]),
        "contextId": error["contextId"],
        "details": error["details"],
        "errors": [_nested(one, error["code"]) for one in error["errors"][:1]] if of_action else [],
    }
    return {**short, "limit": error["limit"]} if "limit" in error else short


def _nested(one: dict[str, Any], code: str) -> dict[str, Any]:
    kept = {name: value for name, value in one.items() if name not in _HELP}
    details = [{"errorCode": detail["errorCode"]} for detail in one["details"] if "errorCode" in detail]
    return {**kept, "code": code, "details": details}


def _finding(one: dict[str, Any]) -> dict[str, str]:
    return {
        "code": one["code"],
        "pointer": one["details"][0].get("fieldName", "") if one["details"] else "",
        "message": one["message"],
        "fix": one["messageParams"].get("fix", ""),
    }


def _headers(headers: list[tuple[bytes, bytes]], body: bytes, findings: str) -> list[tuple[bytes, bytes]]:
    kept = [(name, value) for name, value in headers if name not in (b"content-length", WARNINGS_HEADER)]
    return [*kept, (b"content-length", b"%d" % len(body)), (WARNINGS_HEADER, findings.encode())]
