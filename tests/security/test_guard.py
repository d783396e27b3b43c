"""The outbound guard: no way of writing an address leads to a place that may not be called.

Counted are accepted connections on listeners, not error codes. The corpus is ranges x notations x routes; a
control without the guard reaches the same listener by the same routes.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from ipaddress import IPv4Address, ip_address

import pytest

from jackfield.domain.run import RunResult
from jackfield.engine.egress.resolver import SystemResolver
from jackfield.engine.guard import AddressBlocked, Guard, OwnPortRefused, UpstreamPolicy, closed_range
from jackfield.engine.target import TargetRefused, parse_target
from support.addresses import (
    HOSTS,
    IPV6_NOTATIONS,
    OWN_NAMES,
    PUBLIC_IPV4,
    PUBLIC_IPV6,
    SPECIAL_IPV4,
    SPECIAL_IPV6,
    Names,
    Notation,
    offline_lookup,
)
from support.misbehaviour import NoGuard
from support.runs import make_action, make_engine, make_run, make_upstream, user_defined
from support.web_service import WebService, reply, say


class CountingSockets:
    """Listeners on loopback, IPv4 and IPv6, on one port: whatever connects is counted."""

    def __init__(self) -> None:
        self.accepts = 0
        self.port = 0

    @asynccontextmanager
    async def running(self) -> AsyncIterator[CountingSockets]:
        """Listen."""

        async def count(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            self.accepts += 1
            writer.write(reply())
            await writer.drain()
            writer.close()

        server = await asyncio.start_server(count, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        everywhere = await asyncio.start_server(count, "::1", self.port)
        try:
            yield self
        finally:
            for item in (server, everywhere):
                item.close()
                await item.wait_closed()


async def call(url: str, **options: object) -> RunResult:
    """Run an action whose URL is this text, over a client in public mode."""
    upstream = make_upstream(**{"mode": "public", **options})  # type: ignore[arg-type]
    engine = make_engine(upstream)
    try:
        return await engine.run(make_run(make_action(url, "POST", timeout=2), {"host": "x"}))
    finally:
        await engine.aclose()


def code_of(result: RunResult) -> str:
    """Return the code of the finding that ended a run."""
    return result.error.findings[0].code if result.error is not None else ""


def test_the_corpus_is_large_enough() -> None:
    """At least 500 ways to write an address that may not be called, and at least 50 public controls."""
    assert len(HOSTS) >= 500
    assert len({*PUBLIC_IPV4, *PUBLIC_IPV6}) >= 50


def test_no_notation_of_a_special_address_reaches_a_listener() -> None:
    """Every host of the corpus, on the listener's port: not one accept, not one run that succeeds."""

    async def scenario() -> tuple[int, list[str]]:
        listener = CountingSockets()
        reached: list[str] = []
        async with listener.running():
            upstream = make_upstream(mode="public", resolver=SystemResolver(lookup=offline_lookup))
            engine = make_engine(upstream)
            for host in (*HOSTS, *OWN_NAMES):
                action = make_action(f"http://{host}:{listener.port}/x", "POST", timeout=2)
                result = await engine.run(make_run(action, {"a": 1}))
                if result.success or code_of(result) not in REFUSALS:
                    reached.append(f"{host}: {code_of(result)}")
            await engine.aclose()
            await asyncio.sleep(0.05)
            return listener.accepts, reached

    accepts, reached = asyncio.run(scenario())
    assert (accepts, reached) == (0, [])


REFUSALS = {
    "UPSTREAM_ADDRESS_BLOCKED",
    "RENDERED_URL_HOST",
    # Not an address to this system's resolver, and no name either: nothing to connect to.
    "UPSTREAM_UNKNOWN_HOST",
}


@pytest.mark.parametrize(
    "address", [*SPECIAL_IPV4, *SPECIAL_IPV6, *(f"::ffff:{item}" for item in SPECIAL_IPV4)]
)
def test_the_guard_blocks_every_special_address(address: str) -> None:
    """The decision itself, without a resolver that might hide a hole by failing."""
    with pytest.raises(AddressBlocked):
        Guard(UpstreamPolicy()).judge("host", 443, [address])


@pytest.mark.parametrize("address", [*PUBLIC_IPV4, *PUBLIC_IPV6])
def test_the_guard_allows_every_public_address(address: str) -> None:
    """Neighbours of special ranges and well-known services are allowed."""
    Guard(UpstreamPolicy()).judge("host", 443, [address])


@pytest.mark.parametrize("spell", IPV6_NOTATIONS.values(), ids=IPV6_NOTATIONS)
@pytest.mark.parametrize("address", SPECIAL_IPV4)
def test_an_embedded_special_address_is_blocked(address: str, spell: Notation) -> None:
    """Mapped, compatible, translated, NAT64, 6to4, Teredo, ISATAP: what is inside counts."""
    with pytest.raises(AddressBlocked):
        Guard(UpstreamPolicy()).judge("host", 443, [spell(IPv4Address(address)).strip("[]")])


def test_one_bad_answer_refuses_all() -> None:
    """A name that answers public and private addresses is refused wherever the private one stands."""
    for answers in (["8.8.8.8", "10.0.0.1"], ["10.0.0.1", "8.8.8.8"], ["2600::1", "::1"], []):
        with pytest.raises(AddressBlocked):
            Guard(UpstreamPolicy()).judge("host", 443, answers)


@pytest.mark.parametrize("answer", ["localhost", "", "1.2.3", "not an address", "8.8.8.8/8"])
def test_an_answer_that_is_no_address_is_refused(answer: str) -> None:
    """A resolver's answer that cannot be judged is not connected to."""
    with pytest.raises(AddressBlocked):
        Guard(UpstreamPolicy()).judge("host", 443, [answer])


def test_a_name_that_changes_its_answer_is_resolved_once() -> None:
    """DNS rebinding: the judged answer is the one that is connected to, whatever the name says next."""

    async def scenario() -> tuple[int, RunResult, list[str]]:
        listener = CountingSockets()
        async with listener.running():
            names = Names([["192.0.2.1"], ["127.0.0.1"]])
            url = f"http://rebind.example:{listener.port}/"
            # The first answer is allowed and leads nowhere; the second one would be the listener.
            result = await call(url, resolver=names, allowed=("192.0.2.0/24",))
            return listener.accepts, result, names.asked

    accepts, result, asked = asyncio.run(scenario())
    assert (accepts, len(asked)) == (0, 1)
    assert not result.success


@pytest.mark.parametrize(
    "answers",
    [["127.0.0.1"], ["8.8.8.8", "127.0.0.1"], ["::ffff:127.0.0.1"], ["::1"], ["0.0.0.0"], ["fe80::1%lo"]],
    ids=str,
)
def test_a_name_that_resolves_to_this_machine_is_not_called(answers: list[str]) -> None:
    """Any DNS answer, also one of several, also with a zone."""

    async def scenario() -> tuple[int, str]:
        listener = CountingSockets()
        async with listener.running():
            result = await call(f"http://evil.example:{listener.port}/", resolver=Names([answers]))
            return listener.accepts, code_of(result)

    assert asyncio.run(scenario()) == (0, "UPSTREAM_ADDRESS_BLOCKED")


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See", "307 Temp", "308 Perm"])
def test_a_redirect_to_a_blocked_address_is_not_followed(status: str) -> None:
    """A service that may be called cannot send the engine on to one that may not."""

    async def scenario() -> tuple[int, str]:
        listener = CountingSockets()
        async with listener.running():
            moved = f"Location: http://127.0.0.1:{listener.port}/\r\n"
            service = WebService(say(reply(b"{}", status, moved)))
            async with service.running():
                return listener.accepts, code_of(await call(service.url, mode="loopback"))

    assert asyncio.run(scenario()) == (0, "UPSTREAM_REDIRECT")


@pytest.mark.parametrize("name", ["http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"])
def test_proxies_of_the_environment_are_not_used(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Data actions connect themselves; a proxy would see their credentials and go round the guard."""

    async def scenario() -> int:
        listener = CountingSockets()
        async with listener.running():
            monkeypatch.setenv(name, f"http://127.0.0.1:{listener.port}")
            await call("http://public.example/", resolver=Names([["192.0.2.9"]]))
            return listener.accepts

    assert asyncio.run(scenario()) == 0


@pytest.mark.parametrize(
    ("template", "code"),
    [
        ("http://public.example@127.0.0.1:{port}/", "RENDERED_URL_USERINFO"),
        ("http://user:pw@127.0.0.1:{port}/", "RENDERED_URL_USERINFO"),
        ("http://127.0.0.1:{port}\\@public.example/", "UPSTREAM_ADDRESS_BLOCKED"),
        ("ftp://127.0.0.1:{port}/", "RENDERED_URL_SCHEME"),
        ("file:///etc/passwd", "RENDERED_URL_SCHEME"),
        ("gopher://127.0.0.1:{port}/_x", "RENDERED_URL_SCHEME"),
        ("jar:http://127.0.0.1:{port}!/", "RENDERED_URL_NOT_ABSOLUTE"),
        ("javascript:alert(1)", "RENDERED_URL_NOT_ABSOLUTE"),
        ("//127.0.0.1:{port}/", "RENDERED_URL_NOT_ABSOLUTE"),
        ("/api/v2/users", "RENDERED_URL_NOT_ABSOLUTE"),
        ("http:127.0.0.1:{port}/", "RENDERED_URL_NOT_ABSOLUTE"),
        ("http://127.0.0.1:{port}:80/", "RENDERED_URL_HOST"),
        ("http://[::1/", "RENDERED_URL_HOST"),
        ("http://[::1%25lo]:{port}/", "RENDERED_URL_HOST"),
        ("http:///x", "RENDERED_URL_HOST"),
        ("http://127.0.0.1:0/", "RENDERED_URL_HOST"),
        ("http://127.0.0.1:99999/", "RENDERED_URL_HOST"),
        ("http://127.0.0.1 :{port}/", "RENDERED_URL_HOST"),
        ("http://a..b/", "RENDERED_URL_HOST"),
        ("http://127.0.0.1:{port}/\r\nX: y", "RENDERED_URL_CONTROL_CHARACTER"),
        ("http://127.0.0.1:{port}/\x00", "RENDERED_URL_CONTROL_CHARACTER"),
        ("http://127.0.0.1\t:{port}/", "RENDERED_URL_CONTROL_CHARACTER"),
    ],
)
def test_urls_that_hide_where_they_lead(template: str, code: str) -> None:
    """Each ends in its own finding and connects to nothing."""

    async def scenario() -> tuple[int, str]:
        listener = CountingSockets()
        async with listener.running():
            return listener.accepts, code_of(await call(template.replace("{port}", str(listener.port))))

    accepts, seen = asyncio.run(scenario())
    assert (accepts, seen) == (0, code)


@pytest.mark.parametrize(
    ("url", "inputs"),
    [
        ("http://${input.host}/", {"host": "127.0.0.1:{port}"}),
        ("http://public.example${input.tail}", {"tail": "@127.0.0.1:{port}/"}),
        ("${input.url}", {"url": "http://localhost:{port}/"}),
        ("http://${credentials.host}/", {}),
        ("#set($h = '127.0.0.1')http://${h}:{port}/", {}),
    ],
)
def test_templates_cannot_make_a_way_round(url: str, inputs: dict[str, str]) -> None:
    """Host parts from inputs, credentials or `#set` are judged like written ones."""

    async def scenario() -> tuple[int, RunResult]:
        listener = CountingSockets()
        async with listener.running():
            port = str(listener.port)
            values = {name: text.replace("{port}", port) for name, text in inputs.items()}
            engine = make_engine(make_upstream(mode="public"))
            action = make_action(url.replace("{port}", port), "POST", timeout=2)
            credentials = user_defined(host=f"127.0.0.1:{port}")
            result = await engine.run(make_run(action, values, credentials=credentials))
            await engine.aclose()
            return listener.accepts, result

    accepts, result = asyncio.run(scenario())
    assert accepts == 0
    assert code_of(result) in ("UPSTREAM_ADDRESS_BLOCKED", "RENDERED_URL_USERINFO")


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "2130706433", "0x7f.1", "localhost", "[::1]", "[::ffff:127.0.0.1]"]
)
def test_control_without_the_guard_the_listener_is_reached(host: str) -> None:
    """The corpus can see: with the guard taken out, the same URLs reach the listener."""

    async def scenario() -> tuple[int, bool]:
        listener = CountingSockets()
        async with listener.running():
            result = await call(f"http://{host}:{listener.port}/", judge=NoGuard())
            return listener.accepts, result.success

    assert asyncio.run(scenario()) == (1, True)


@pytest.mark.parametrize(
    ("host", "options"),
    [
        ("127.0.0.1", {"mode": "loopback"}),
        ("localhost", {"mode": "loopback"}),
        ("[::1]", {"mode": "loopback"}),
        ("127.0.0.1", {"allowed": ("127.0.0.0/8",)}),
        ("[::ffff:127.0.0.1]", {"allowed": ("127.0.0.1",)}),
        ("[::1]", {"allowed": ("::1/128",)}),
        ("service.internal", {"allowed": ("Service.Internal",), "resolver": Names([["127.0.0.1"]])}),
    ],
)
def test_what_the_policy_allows_is_called(host: str, options: dict[str, object]) -> None:
    """Loopback mode and the allow-list open exactly what they name."""

    async def scenario() -> tuple[int, bool]:
        listener = CountingSockets()
        async with listener.running():
            result = await call(f"http://{host}:{listener.port}/", **options)
            return listener.accepts, result.success

    assert asyncio.run(scenario()) == (1, True)


@pytest.mark.parametrize(
    ("allowed", "address", "permitted"),
    [
        ("10.0.0.0/8", "10.9.9.9", True),
        ("10.0.0.0/8", "11.0.0.1", True),
        ("10.0.0.0/8", "192.168.0.1", False),
        ("10.1.2.3", "10.1.2.3", True),
        ("10.1.2.3", "10.1.2.4", False),
        ("fd12::/16", "fd12::7", True),
        ("[fd12::7]", "fd12::7", True),
        ("other.internal", "10.0.0.1", False),
        ("host.internal", "10.0.0.1", True),
        ("169.254.0.0/16", "169.254.169.254", False),
        ("host.internal", "169.254.169.254", False),
        ("fe80::/10", "fe80::1", False),
        ("host.internal", "fe80::1", False),
        ("0.0.0.0/0", "169.254.1.1", False),
        ("0.0.0.0/0", "0.0.0.0", False),
        ("0.0.0.0/0", "255.255.255.255", False),
        ("0.0.0.0/0", "100.100.100.200", False),
        ("::/0", "ff02::1", False),
        ("::/0", "fd00:ec2::254", False),
        ("::/0", "64:ff9b::a00:1", False),
        ("10.0.0.0/8", "64:ff9b::a00:1", False),
        ("10.0.0.0/8", "::ffff:10.0.0.1", True),
    ],
)
def test_the_allow_list_opens_private_but_never_link_local(
    allowed: str, address: str, permitted: bool
) -> None:
    """An allow-listed host or range may be private; link-local, metadata and the like stay closed."""
    guard = Guard(UpstreamPolicy(allowed=(allowed,)))
    try:
        guard.judge("host.internal", 443, [address])
    except AddressBlocked:
        assert not permitted
    else:
        assert permitted


@pytest.mark.parametrize(
    ("entry", "closed"),
    [
        ("169.254.169.254", "link-local"),
        ("169.254.0.0/16", "link-local"),
        ("fe80::/10", "link-local"),
        ("100.100.100.200", "metadata"),
        ("10.0.0.0/8", ""),
        ("0.0.0.0/0", ""),
        ("::/0", ""),
        ("host.internal", ""),
    ],
)
def test_entries_that_open_nothing_are_known(entry: str, closed: str) -> None:
    """An entry that lies in a range that is never called is told from one that opens something."""
    assert (closed in closed_range(entry)) if closed else closed_range(entry) == ""


def test_an_allow_list_entry_that_is_no_cidr_is_refused_at_start() -> None:
    """A slip in a CIDR must not silently become a host name."""
    with pytest.raises(ValueError, match="does not appear"):
        Guard(UpstreamPolicy(allowed=("10.0.0.0/33",)))


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "localhost", "[::1]"])
def test_own_ports_are_refused_in_every_mode(host: str) -> None:
    """An action cannot call the server that runs it, whatever the policy opens."""

    async def scenario() -> tuple[int, str]:
        listener = CountingSockets()
        async with listener.running():
            own = frozenset({listener.port})
            result = await call(
                f"http://{host}:{listener.port}/", mode="loopback", allowed=("0.0.0.0/0",), own_ports=own
            )
            return listener.accepts, code_of(result)

    assert asyncio.run(scenario()) == (0, "UPSTREAM_OWN_PORT")


def test_own_ports_are_refused_on_every_address_of_this_machine() -> None:
    """An address that is not loopback but this machine's own counts as own; a stranger's does not."""
    guard = Guard(
        UpstreamPolicy(own_ports=frozenset({8080})),
        is_this_machine=lambda address: address == "93.184.215.14",
    )
    with pytest.raises(OwnPortRefused):
        guard.judge("host", 8080, ["93.184.215.14"])
    guard.judge("host", 8081, ["93.184.215.14"])
    guard.judge("host", 8080, ["93.184.215.15"])


def _neighbours() -> Iterator[str]:
    for text in PUBLIC_IPV4:
        yield str(ip_address(text))


@pytest.mark.parametrize("address", list(_neighbours()))
def test_public_hosts_parse_as_they_are_written(address: str) -> None:
    """The URL parser hands the guard exactly the host that was written."""
    assert parse_target(f"https://{address}/a?b=c#d").host == address


def test_a_backslash_does_not_move_the_host() -> None:
    """Browsers read a backslash as a slash, others as part of the host; here it ends the host."""
    assert parse_target("http://a.example\\@b.example/").host == "a.example"
    assert parse_target("http://a.example#@b.example/").host == "a.example"
    with pytest.raises(TargetRefused):
        parse_target("http://a.example@b.example/")
