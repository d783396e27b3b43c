"""Replies that a file or a test names."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from jackfield.domain.catalogue import found
from jackfield.domain.errors import OperationRefused
from jackfield.domain.finding import Place
from jackfield.engine.faults.playing import failure_of, play
from jackfield.engine.faults.vocabulary import ServiceFault
from jackfield.engine.limits import EngineLimits
from jackfield.engine.stubs import JSON_HEADERS
from jackfield.engine.stubs import parse_reply as parsed
from jackfield.engine.upstream import Fault, InboundReply, OutboundRequest, UpstreamFailure
from jackfield.workbench.clock import BenchClock
from jackfield.workbench.replies.source import Occasion, Origin, Provenance, url_of, without_reply

_LARGEST: Final = EngineLimits().response_bytes


@dataclass(frozen=True, slots=True)
class GivenReply:
    """One reply, or the fault in its place.

    Args:
        status: of a reply.
        headers: with lower-case names.
        body: as the service would send it, unpacked.
        delay: seconds until it comes; nobody waits for them.
        fault: happens instead of a reply.
        detail: where it stands.
    """

    status: int = 200
    headers: Sequence[tuple[str, str]] = JSON_HEADERS
    body: bytes = b""
    delay: float = 0.0
    fault: ServiceFault | None = None
    detail: str = ""

    def play(self, occasion: Occasion, deadline: float) -> InboundReply:
        """Return the reply as the engine takes it, without its fault.

        Raises:
            UpstreamFailure: a delay beyond the deadline, or a body beyond the bound.
        """
        self._wait(occasion.clock, deadline)
        if len(self.body) > _LARGEST:
            raise UpstreamFailure(Fault.TOO_LARGE)
        return InboundReply(self.status, "", self.headers, self.body)

    async def fail(self, fault: ServiceFault, occasion: Occasion, deadline: float) -> InboundReply:
        """Return the reply that a fault gives, if it gives one; nobody waits for what only time ends.

        Raises:
            UpstreamFailure: no complete reply came, or not in time.
        """
        clock = occasion.clock
        self._wait(clock, deadline)
        if fault.times_out:
            clock.skip(max(0.0, deadline - clock.monotonic()))
            raise failure_of(fault)
        return await play(fault, clock, deadline)

    def _wait(self, clock: BenchClock, deadline: float) -> None:
        if clock.monotonic() + self.delay > deadline:
            clock.skip(max(0.0, deadline - clock.monotonic()))
            raise UpstreamFailure(Fault.TIMEOUT, phase="the reply was awaited")
        if self.delay:
            clock.skip(self.delay)


class GivenReplies:
    """Replies in the order in which they are named; a single one answers every request.

    Args:
        replies: at least one.
    """

    def __init__(self, *replies: GivenReply) -> None:
        self._replies = replies
        self._sent = 0
        self._occasion: Occasion | None = None

    @property
    def provenance(self) -> Provenance:
        """Where the last reply came from."""
        last = self._replies[max(0, min(self._sent, len(self._replies)) - 1)]
        return Provenance(Origin.GIVEN, last.detail)

    def begin(self, occasion: Occasion) -> None:
        """Get ready for the next run; the replies go on where they stopped."""
        self._occasion = occasion

    async def send(self, request: OutboundRequest, *, deadline: float) -> InboundReply:
        """Return the next reply.

        Raises:
            UpstreamFailure: the reply is a fault.
            ActionFailed: several replies were named, and all are used.
        """
        assert self._occasion is not None, "a run begins with `begin`"
        if self._sent >= len(self._replies) > 1:
            url = self._occasion.mask(url_of(request))
            raise without_reply(
                found("REPLIES_USED_UP", count=len(self._replies), method=request.method, url=url)
            )
        reply = self._replies[min(self._sent, len(self._replies) - 1)]
        self._sent += 1
        if reply.fault is not None:
            return await reply.fail(reply.fault, self._occasion, deadline)
        return reply.play(self._occasion, deadline)

    async def aclose(self) -> None:
        """Nothing is open."""


def json_reply(value: Any, status: int = 200) -> GivenReply:
    """Return a reply with a JSON body."""
    return GivenReply(status, JSON_HEADERS, json.dumps(value, ensure_ascii=False).encode())


def parse_reply(data: bytes, detail: str = "") -> GivenReply:
    """Return a reply from a body alone, or from a whole reply as `curl -i` prints it."""
    reply = parsed(data)
    return GivenReply(reply.status, reply.headers, reply.body, detail=detail)


def read_reply(path: Path) -> GivenReply:
    """Return the reply that a file holds.

    Raises:
        OperationRefused: it cannot be read.
    """
    try:
        return parse_reply(path.read_bytes(), str(path))
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        place = Place(file=str(path))
        raise OperationRefused(found("REPLY_UNREADABLE", place, path=path, reason=reason)) from error
