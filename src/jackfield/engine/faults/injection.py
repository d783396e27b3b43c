"""Faults that are switched on: which request meets which, in front of the way out."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from jackfield.domain.ports import Clock
from jackfield.engine.faults.playing import play
from jackfield.engine.faults.vocabulary import ServiceFault
from jackfield.engine.upstream import InboundReply, OutboundRequest, Upstream


@dataclass(frozen=True, slots=True)
class FaultRule:
    """When what happens.

    Args:
        fault: happens instead of the service's answer.
        reply: comes instead of it.
        delay: seconds before either, or before the service is called if there is neither.
        host: of the requests that are meant; `*` and `?` stand for any characters, here and in `path`.
        path: path and query.
        method: upper case; "" for any.
        action: id or name; "" for any.
        integration: id; "" for any.
        after: so many requests go unharmed first.
        every: then every so-manieth is meant, beginning with that one.
        chance: and of those this share, from 0 to 1.
        times: at most; None for no bound.
        service_acts: the service is really called first, and what it answers is lost.
    """

    fault: ServiceFault | None = None
    reply: InboundReply | None = None
    delay: float = 0.0
    host: str = "*"
    path: str = "*"
    method: str = ""
    action: str = ""
    integration: str = ""
    after: int = 0
    every: int = 1
    chance: float = 1.0
    times: int | None = None
    service_acts: bool = False

    @property
    def name(self) -> str:
        """What happens, in a word."""
        if self.fault is not None:
            return self.fault.name
        return f"status {self.reply.status}" if self.reply is not None else f"delay {self.delay:g} s"

    def means(self, request: OutboundRequest) -> bool:
        """Tell if a request is one of those that are meant."""
        return (
            self.method in ("", request.method)
            and self.action in ("", request.action_id, request.action_name)
            and self.integration in ("", request.integration_id)
            and fnmatchcase(request.target.host, self.host)
            and fnmatchcase(request.target.path, self.path)
        )


class _Turns:
    """Counts the requests that a rule means."""

    def __init__(self, rule: FaultRule, chances: random.Random) -> None:
        self.rule = rule
        self._chances = chances
        self._seen = self._done = 0

    def takes(self, request: OutboundRequest) -> bool:
        """Count a request and tell if it is this rule's turn."""
        rule = self.rule
        if not rule.means(request):
            return False
        self._seen += 1
        turn = self._seen - rule.after
        if turn <= 0 or turn % rule.every or (rule.times is not None and self._done >= rule.times):
            return False
        if rule.chance < 1.0 and self._chances.random() >= rule.chance:
            return False
        self._done += 1
        return True


Told = Callable[[FaultRule, OutboundRequest], None]


class Faults:
    """Rules that count the requests of all ways out together.

    Args:
        rules: in order; the first whose turn it is counts.
        clock: the deadlines'.
        seed: for the rules' chances, so that a run can be repeated.
        told: called for every fault that happens.
    """

    def __init__(self, rules: Sequence[FaultRule], clock: Clock, *, seed: int, told: Told) -> None:
        self.clock, self._told = clock, told
        self._turns = [_Turns(rule, random.Random(f"{seed}/{index}")) for index, rule in enumerate(rules)]

    def rule_for(self, request: OutboundRequest) -> FaultRule | None:
        """Return what happens to a request, None if it goes unharmed."""
        rule = next((turns.rule for turns in self._turns if turns.takes(request)), None)
        if rule is not None:
            self._told(rule, request)
        return rule

    def before(self, upstream: Upstream) -> FaultyUpstream:
        """Return a way out with these faults in front of it."""
        return FaultyUpstream(upstream, self)


class FaultyUpstream:
    """A way out with faults in front of it.

    Args:
        upstream: where requests without a fault go.
        faults: which requests have one.
    """

    def __init__(self, upstream: Upstream, faults: Faults) -> None:
        self._upstream, self._faults = upstream, faults

    async def send(self, request: OutboundRequest, *, deadline: float) -> InboundReply:
        """Return the service's reply, or what a fault makes of it.

        Raises:
            UpstreamFailure: the fault, or the service's own.
        """
        rule, clock = self._faults.rule_for(request), self._faults.clock
        if rule is None:
            return await self._upstream.send(request, deadline=deadline)
        if rule.service_acts:
            await self._upstream.send(request, deadline=deadline)
        if rule.delay:
            await asyncio.sleep(max(0.0, min(rule.delay, deadline - clock.monotonic())))
        if rule.fault is not None:
            return await play(rule.fault, clock, deadline)
        if rule.reply is not None:
            return rule.reply
        return await self._upstream.send(request, deadline=deadline)

    async def aclose(self) -> None:
        """Close all connections."""
        await self._upstream.aclose()
