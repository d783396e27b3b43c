"""Thousands of targets that must never be reached with `--upstreams public`, by every route there is.

The dialing port is a stand-in: whatever address the client would connect to, the connection goes to one
listener of this machine and is counted. So nothing leaves the machine, a public-looking control passes when
it is accepted, and a forbidden one would be counted wherever it led. Without the guard most of them are: the
control shows it.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ipaddress import IPv4Address

import pytest

from jackfield.domain.credential import CredentialValues
from jackfield.engine.egress import HttpUpstream
from jackfield.engine.egress.dialing import connect
from jackfield.engine.egress.proxy import EgressProxy
from jackfield.engine.egress.resolver import SystemResolver
from jackfield.engine.guard import UpstreamPolicy
from jackfield.engine.pipeline import Engine
from jackfield.engine.upstream import Fault, UpstreamFailure
from support.addresses import (
    HOSTS,
    IPV6_NOTATIONS,
    OWN_NAMES,
    PUBLIC_BLOCKS,
    PUBLIC_IPV4,
    PUBLIC_IPV6,
    SPECIAL_IPV4,
    SPECIAL_IPV6,
    offline_lookup,
)
from support.misbehaviour import NoGuard
from support.runs import WallClock, codes, make_action, make_engine, make_run, user_defined
from support.web_service import Received, WebService, Writer, reply, say

PUBLIC = (*PUBLIC_IPV4, *PUBLIC_IPV6, *PUBLIC_BLOCKS)
PROXY = "203.0.113.80"
PUBLIC_ANSWER = "93.184.215.14"
REFUSALS = {
    "UPSTREAM_ADDRESS_BLOCKED",
    "RENDERED_URL_HOST",
    "RENDERED_URL_USERINFO",
    "RENDERED_URL_SCHEME",
    "RENDERED_URL_NOT_ABSOLUTE",
    # Not an address to this system's resolver, and no name either: nothing to connect to.
    "UPSTREAM_UNKNOWN_HOST",
}


@dataclass(frozen=True)
class Aim:
    """One way to a target.

    Args:
        url: the template of the URL.
        inputs: of the run.
        secret: value of the credential's field `host`.
        answers: what the name `evil.example` resolves to, look-up by look-up.
        proxied: by a client that has a proxy.
    """

    url: str
    inputs: tuple[tuple[str, str], ...] = ()
    secret: str = ""
    answers: tuple[tuple[str, ...], ...] = ()
    proxied: bool = False


def _shown(address: str) -> str:
    return f"[{address}]" if ":" in address else address


def _literal() -> Iterator[Aim]:
    for host in (*HOSTS, *OWN_NAMES):
        yield Aim(f"http://{host}/x")
        yield Aim(f"https://{host}:8443/x", proxied=True)


def _made_by_templates() -> Iterator[Aim]:
    for host in HOSTS:
        yield Aim("http://${input.host}/x", (("host", host),))
    for address in (*SPECIAL_IPV4, *SPECIAL_IPV6):
        host = _shown(address)
        yield Aim("http://${credentials.host}/", secret=host)
        yield Aim(f"#set($h = '{host}')http://${{h}}/")
        yield Aim("${input.url}", (("url", f"http://{host}/"),), proxied=True)
        yield Aim("http://public.example${input.tail}", (("tail", f"@{host}/"),))


def _answers() -> Iterator[Aim]:
    """Names that resolve to forbidden addresses: alone, first or last of several, mapped, with a zone."""
    name = "http://evil.example/"
    embedded = [
        spell(IPv4Address(text)).strip("[]") for text in SPECIAL_IPV4 for spell in IPV6_NOTATIONS.values()
    ]
    for address in (*SPECIAL_IPV4, *SPECIAL_IPV6, *embedded):
        yield Aim(name, answers=((address,),))
    for address in (*SPECIAL_IPV4, *SPECIAL_IPV6):
        yield Aim(name, answers=((address, PUBLIC_ANSWER),))
        yield Aim(name, answers=((PUBLIC_ANSWER, "8.8.8.8", address),))
        yield Aim(name, answers=((address,),), proxied=True)
        yield Aim(name, answers=((address,), (PUBLIC_ANSWER,)))
    for address in SPECIAL_IPV6:
        yield Aim(name, answers=((f"{address}%lo",),))


def _tricks() -> Iterator[Aim]:
    for address in (*SPECIAL_IPV4, *SPECIAL_IPV6):
        host = _shown(address)
        yield Aim(f"http://public.example@{host}/")
        yield Aim(f"http://user:pw@{host}/")
        yield Aim(f"http://{host}\\@public.example/")
        yield Aim("${input.url}", (("url", f"http://{host}#@public.example/"),))
        for scheme in ("ftp", "file", "gopher", "ws", "dict", "ldap"):
            yield Aim(f"{scheme}://{host}/")
        yield Aim(f"//{host}/")
        yield Aim(f"jar:http://{host}!/")


FORBIDDEN = tuple(
    dict.fromkeys(aim for group in (_literal, _made_by_templates, _answers, _tricks) for aim in group())
)


@dataclass
class Listener:
    """What must never be reached, and a dialing port that leads there from everywhere."""

    service: WebService = field(default_factory=WebService)
    dialed: list[str] = field(default_factory=list)

    async def connector(self, address: str, port: int) -> socket.socket:
        """Lead to the listener, whatever the address."""
        assert port
        self.dialed.append(address)
        return await connect("127.0.0.1", self.service.port)


class Names:
    """A resolver for one run; what is not scripted is read as a notation, and no name server is asked."""

    def __init__(self) -> None:
        self.answers: Sequence[Sequence[str]] = ()
        self._asked = 0
        self._system = SystemResolver(lookup=offline_lookup)

    def script(self, answers: Sequence[Sequence[str]]) -> None:
        """Set the answers of the next run."""
        self.answers, self._asked = answers, 0

    async def resolve(self, host: str, port: int) -> tuple[str, ...]:
        """Return the scripted answer, the last one for ever."""
        if host == "evil.example":
            self._asked += 1
            return tuple(self.answers[min(self._asked, len(self.answers)) - 1])
        if host == "public.example":
            return (PUBLIC_ANSWER,)
        return await self._system.resolve(host, port)


class Range:
    """The clients that aims are tried on."""

    def __init__(self, *, guarded: bool) -> None:
        self.listener, self.names = Listener(), Names()
        self._judge = None if guarded else NoGuard()

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Range]:
        """Listen, with one client that has a proxy and one that has none."""
        async with self.listener.service.running():
            self._plain, self._proxied = self._engine(None), self._engine(EgressProxy(PROXY, 3128))
            yield self
            for engine in (self._plain, self._proxied):
                await engine.aclose()

    def _engine(self, proxy: EgressProxy | None) -> Engine:
        return make_engine(
            HttpUpstream(
                UpstreamPolicy("public"),
                WallClock(),
                resolver=self.names,
                judge=self._judge,
                proxy=proxy,
                connector=self.listener.connector,
            )
        )

    async def shoot(self, aim: Aim) -> str:
        """Run an action at a target and return the finding it ended in, "" if it was reached."""
        self.names.script(aim.answers)
        credentials: CredentialValues | None = user_defined(host=aim.secret) if aim.secret else None
        action = make_action(aim.url, "POST", headers={"Connection": "close"}, timeout=5)
        engine = self._proxied if aim.proxied else self._plain
        result = await engine.run(make_run(action, dict(aim.inputs), credentials=credentials))
        return "" if result.success else codes(result)[0]


def test_the_corpus_is_large() -> None:
    """At least 2,000 targets and 100 public-looking controls, all different."""
    assert len(FORBIDDEN) >= 2_000
    assert len(set(PUBLIC)) >= 100


def test_no_target_is_reached() -> None:
    """Every one ends in a refusal; the listener counts not one accept, and nothing was dialed anywhere."""

    async def scenario() -> tuple[int, list[str], list[tuple[Aim, str]]]:
        async with Range(guarded=True).open() as targets:
            ends = [(aim, await targets.shoot(aim)) for aim in FORBIDDEN]
            await asyncio.sleep(0.05)
            listener = targets.listener
            return listener.service.accepts, listener.dialed, [end for end in ends if end[1] not in REFUSALS]

    assert asyncio.run(scenario()) == (0, [], [])


def test_control_without_the_guard_the_listener_is_reached() -> None:
    """The same corpus reaches the listener over a thousand times once the guard is taken out."""

    async def scenario() -> tuple[int, int]:
        async with Range(guarded=False).open() as targets:
            reached = 0
            for aim in FORBIDDEN:
                if not aim.proxied:
                    reached += await targets.shoot(aim) == ""
            return targets.listener.service.accepts, reached

    accepts, reached = asyncio.run(scenario())
    assert reached >= 1_000
    assert accepts >= reached


def test_public_looking_controls_pass() -> None:
    """As addresses in the URL and as answers for a name: each is dialed, exactly as it was judged."""

    async def scenario() -> tuple[list[str], list[str], int]:
        async with Range(guarded=True).open() as targets:
            ends = []
            for address in PUBLIC:
                ends.append(await targets.shoot(Aim(f"http://{_shown(address)}/")))
                ends.append(await targets.shoot(Aim("http://evil.example/", answers=((address,),))))
            return ends, targets.listener.dialed, targets.listener.service.accepts

    ends, dialed, accepts = asyncio.run(scenario())
    assert ends == [""] * (2 * len(PUBLIC))
    assert dialed == [address for address in PUBLIC for _ in range(2)]
    assert accepts == len(dialed)


@pytest.mark.parametrize("address", SPECIAL_IPV4)
def test_a_name_that_turns_is_judged_every_time(address: str) -> None:
    """DNS rebinding: the first call goes to the public answer; the next, to the forbidden, goes nowhere."""

    async def scenario() -> tuple[list[str], list[str]]:
        async with Range(guarded=True).open() as targets:
            targets.names.script(((PUBLIC_ANSWER,), (address,)))
            action = make_action("http://evil.example/", "POST", headers={"Connection": "close"}, timeout=5)
            runs = [await targets._plain.run(make_run(action)) for _ in range(3)]
            return [code for one in runs for code in codes(one)], targets.listener.dialed

    ends, dialed = asyncio.run(scenario())
    assert (ends, dialed) == (["UPSTREAM_ADDRESS_BLOCKED"] * 2, [PUBLIC_ANSWER])


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See", "307 Temp", "308 Perm"])
def test_a_public_service_cannot_send_the_engine_on(status: str) -> None:
    """One connection to the service itself, none to where it points."""

    async def answer(received: Received, writer: Writer) -> None:
        await say(reply(b"{}", status, "Location: http://169.254.169.254/latest\r\n"))(received, writer)

    async def scenario() -> tuple[str, list[str]]:
        async with Range(guarded=True).open() as targets:
            targets.listener.service.answer = answer
            return await targets.shoot(Aim("http://public.example/")), targets.listener.dialed

    assert asyncio.run(scenario()) == ("UPSTREAM_REDIRECT", [PUBLIC_ANSWER])


def test_a_resolver_that_fails_reaches_nothing() -> None:
    """Not a fallback, not the name itself."""

    class Broken:
        async def resolve(self, host: str, port: int) -> tuple[str, ...]:
            raise UpstreamFailure(Fault.UNKNOWN_HOST, f"{host}:{port}")

    async def scenario() -> tuple[str, list[str]]:
        listener = Listener()
        upstream = HttpUpstream(
            UpstreamPolicy("public"), WallClock(), resolver=Broken(), connector=listener.connector
        )
        engine = make_engine(upstream)
        result = await engine.run(make_run(make_action("http://127.0.0.1.example/", timeout=2)))
        await engine.aclose()
        return codes(result)[0], listener.dialed

    assert asyncio.run(scenario()) == ("UPSTREAM_UNKNOWN_HOST", [])
