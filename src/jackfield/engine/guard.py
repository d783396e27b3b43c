"""Which addresses may be called. Pure decisions: nothing here resolves or connects.

The table is our own, after IANA's IPv4 and IPv6 special-purpose address registries, because the standard
library calls NAT64, 6to4 and multicast addresses "global". An IPv6 address that embeds an IPv4 address is
judged by that one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Literal

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


class Reach(StrEnum):
    """What an address is to the guard.

    PUBLIC may be called. LOOPBACK may be in loopback mode. LOCAL may be if it is on the allow-list.
    NEVER is never called: nothing an action needs can live there, or it guards a machine's own identity.
    """

    PUBLIC = "public"
    LOOPBACK = "loopback"
    LOCAL = "local"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Judgement:
    """The class of one address and the name of the range that decided it."""

    reach: Reach
    range: str


# The first match counts, so exceptions stand before the range around them.
_IPV4: tuple[tuple[str, Reach, str], ...] = (
    ("0.0.0.0/8", Reach.NEVER, "an address of 'this network' (RFC 791)"),
    ("10.0.0.0/8", Reach.LOCAL, "private (RFC 1918)"),
    ("100.100.100.200/32", Reach.NEVER, "a cloud metadata service"),
    ("100.64.0.0/10", Reach.LOCAL, "shared address space (RFC 6598)"),
    ("127.0.0.0/8", Reach.LOOPBACK, "loopback (RFC 1122)"),
    ("168.63.129.16/32", Reach.NEVER, "a cloud metadata service"),
    ("169.254.0.0/16", Reach.NEVER, "link-local (RFC 3927)"),
    ("172.16.0.0/12", Reach.LOCAL, "private (RFC 1918)"),
    ("192.0.0.192/32", Reach.NEVER, "a cloud metadata service"),
    ("192.0.0.0/24", Reach.LOCAL, "an IETF protocol assignment (RFC 6890)"),
    ("192.0.2.0/24", Reach.LOCAL, "for documentation (RFC 5737)"),
    ("192.31.196.0/24", Reach.LOCAL, "AS112 anycast (RFC 7535)"),
    ("192.52.193.0/24", Reach.LOCAL, "AMT anycast (RFC 7450)"),
    ("192.88.99.0/24", Reach.LOCAL, "the deprecated 6to4 relay anycast (RFC 7526)"),
    ("192.168.0.0/16", Reach.LOCAL, "private (RFC 1918)"),
    ("192.175.48.0/24", Reach.LOCAL, "AS112 anycast (RFC 7534)"),
    ("198.18.0.0/15", Reach.LOCAL, "for benchmarks (RFC 2544)"),
    ("198.51.100.0/24", Reach.LOCAL, "for documentation (RFC 5737)"),
    ("203.0.113.0/24", Reach.LOCAL, "for documentation (RFC 5737)"),
    ("224.0.0.0/4", Reach.NEVER, "multicast (RFC 5771)"),
    ("240.0.0.0/4", Reach.NEVER, "reserved (RFC 1112), broadcast included"),
)
_IPV6: tuple[tuple[str, Reach, str], ...] = (
    ("::/128", Reach.NEVER, "the unspecified address (RFC 4291)"),
    ("::1/128", Reach.LOOPBACK, "loopback (RFC 4291)"),
    ("64:ff9b:1::/48", Reach.NEVER, "local-use NAT64 (RFC 8215)"),
    ("100::/64", Reach.NEVER, "the discard prefix (RFC 6666)"),
    ("100:0:0:1::/64", Reach.NEVER, "the dummy prefix (RFC 9780)"),
    ("2001::/23", Reach.NEVER, "an IETF protocol assignment (RFC 2928)"),
    ("2001:db8::/32", Reach.LOCAL, "for documentation (RFC 3849)"),
    ("2620:4f:8000::/48", Reach.LOCAL, "AS112 anycast (RFC 7534)"),
    ("3fff::/20", Reach.LOCAL, "for documentation (RFC 9637)"),
    ("2000::/3", Reach.PUBLIC, "global unicast"),
    ("5f00::/16", Reach.NEVER, "segment routing (RFC 9602)"),
    ("fd00:ec2::/32", Reach.NEVER, "a cloud metadata service"),
    ("fd20:ce::/32", Reach.NEVER, "a cloud metadata service"),
    ("fc00::/7", Reach.LOCAL, "unique local (RFC 4193)"),
    ("fe80::/10", Reach.NEVER, "link-local (RFC 4291)"),
    ("fec0::/10", Reach.LOCAL, "the deprecated site-local range (RFC 3879)"),
    ("ff00::/8", Reach.NEVER, "multicast (RFC 4291)"),
)
IPV4_TABLE = tuple((IPv4Network(text), Judgement(reach, name)) for text, reach, name in _IPV4)
IPV6_TABLE = tuple((IPv6Network(text), Judgement(reach, name)) for text, reach, name in _IPV6)
_PUBLIC = Judgement(Reach.PUBLIC, "public")
_UNALLOCATED = Judgement(Reach.NEVER, "outside the allocated IPv6 space")

_MAPPED = IPv6Network("::ffff:0:0/96")
_TRANSLATED = IPv6Network("::ffff:0:0:0/96")
_COMPATIBLE = IPv6Network("::/96")
_NAT64 = IPv6Network("64:ff9b::/96")
_SIXTOFOUR = IPv6Network("2002::/16")
_TEREDO = IPv6Network("2001::/32")
_ISATAP = (0x00005EFE, 0x02005EFE)


def read_address(text: str) -> Address:
    """Return the numeric address in the resolver's notation, without an IPv6 zone.

    Raises:
        ValueError: the text is no numeric address.
    """
    return ip_address(text.partition("%")[0])


def judge_address(address: Address) -> Judgement:
    """Return what an address is. Mapped IPv4 addresses are judged as the IPv4 address they reach."""
    if isinstance(address, IPv4Address):
        return next((verdict for network, verdict in IPV4_TABLE if address in network), _PUBLIC)
    if address in _MAPPED:
        return judge_address(IPv4Address(int(address) & 0xFFFFFFFF))
    embedded = _embedded(address)
    if embedded is not None:
        notation, inner = embedded
        return _judge_embedded(notation, inner)
    return next((verdict for network, verdict in IPV6_TABLE if address in network), _UNALLOCATED)


def _embedded(address: IPv6Address) -> tuple[str, IPv4Address] | None:
    value = int(address)
    low = IPv4Address(value & 0xFFFFFFFF)
    if address in _NAT64:
        return "NAT64", low
    if address in _SIXTOFOUR:
        return "6to4", IPv4Address((value >> 80) & 0xFFFFFFFF)
    if address in _TEREDO:
        return "Teredo", IPv4Address((value & 0xFFFFFFFF) ^ 0xFFFFFFFF)
    if address in _TRANSLATED:
        return "IPv4-translated", low
    if address in _COMPATIBLE and value > 1:
        return "IPv4-compatible", low
    if (value >> 32) & 0xFFFFFFFF in _ISATAP:
        return "ISATAP", low
    return None


def _judge_embedded(notation: str, inner: IPv4Address) -> Judgement:
    verdict = judge_address(inner)
    # Only NAT64 and 6to4 carry real traffic to public addresses. Permissions for private ones are not
    # inherited: a translator's idea of 127.0.0.1 is another machine.
    if verdict.reach is Reach.PUBLIC and notation in ("NAT64", "6to4"):
        return verdict
    return Judgement(Reach.NEVER, f"a {notation} address of {inner}, {verdict.range}")


@dataclass(frozen=True, slots=True)
class UpstreamPolicy:
    """Which upstreams may be called.

    Args:
        mode: `public` for public addresses only; `loopback` for this machine's loopback besides.
        allowed: CIDRs, addresses or host names whose addresses may be local or loopback too.
        own_ports: ports on which this server itself listens.
    """

    mode: Literal["public", "loopback"] = "public"
    allowed: tuple[str, ...] = ()
    own_ports: frozenset[int] = field(default_factory=frozenset)


class AddressBlocked(Exception):
    """An address may not be called.

    Args:
        host: the host of the URL.
        address: the address it resolved to.
        range: what that address is.
    """

    def __init__(self, host: str, address: str, range_name: str) -> None:
        super().__init__(f"{host}: {address} is {range_name}")
        self.host, self.address, self.range = host, address, range_name


class OwnPortRefused(Exception):
    """The address and port are this server's own."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(f"{host}:{port} is this server")
        self.host, self.port = host, port


class Guard:
    """Judges where a connection may go.

    Args:
        policy: what is allowed.
        is_this_machine: tells if an address is one of this machine's own.

    Raises:
        ValueError: an entry of `policy.allowed` with a slash is no CIDR.
    """

    def __init__(
        self, policy: UpstreamPolicy, is_this_machine: Callable[[str], bool] = lambda _: False
    ) -> None:
        self._policy = policy
        self._is_this_machine = is_this_machine
        self._networks, self._hosts = _read_allowed(policy.allowed)

    def judge(self, host: str, port: int, addresses: Sequence[str]) -> None:
        """Return if every address that a host resolved to may be called.

        One bad address refuses them all: a name that answers both with public and with private addresses is
        the mark of DNS rebinding.

        Raises:
            AddressBlocked: an address may not be called, or the list is empty.
            OwnPortRefused: it is this server's own port.
        """
        if not addresses:
            raise AddressBlocked(host, host, "without any address")
        listed = host.lower() in self._hosts
        for text in addresses:
            try:
                address = read_address(text)
            except ValueError:
                raise AddressBlocked(host, text, "not a numeric address") from None
            verdict = judge_address(address)
            if not self._permits(address, verdict, listed):
                raise AddressBlocked(host, text, verdict.range)
            if port in self._policy.own_ports and (
                verdict.reach is Reach.LOOPBACK or self._is_this_machine(text)
            ):
                raise OwnPortRefused(host, port)

    def _permits(self, address: Address, verdict: Judgement, listed: bool) -> bool:
        if verdict.reach is Reach.NEVER:
            return False
        if verdict.reach is Reach.PUBLIC or listed:
            return True
        if verdict.reach is Reach.LOOPBACK and self._policy.mode == "loopback":
            return True
        plain = _unmapped(address)
        return any(plain in network for network in self._networks)


class OnlyPort:
    """Lets connections go to one port of the address that they were made for, the server's own.

    Args:
        port: the port.
    """

    def __init__(self, port: int) -> None:
        self._port = port

    def judge(self, host: str, port: int, addresses: Sequence[str]) -> None:
        """Return if it is the port.

        Raises:
            AddressBlocked: it is another one.
        """
        if port != self._port:
            raise AddressBlocked(host, ", ".join(addresses), "not this server")


def closed_range(entry: str) -> str:
    """Return what an allow-list's entry is if it opens nothing, since all of it is never called; else ""."""
    try:
        network = ip_network(entry.strip().strip("[]"), strict=False)
    except ValueError:
        return ""
    first, last = judge_address(network[0]), judge_address(network[-1])
    return first.range if first == last and first.reach is Reach.NEVER else ""


def _unmapped(address: Address) -> Address:
    if isinstance(address, IPv6Address) and address in _MAPPED:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def _read_allowed(entries: Iterable[str]) -> tuple[tuple[Network, ...], frozenset[str]]:
    networks: list[Network] = []
    hosts: set[str] = set()
    for entry in entries:
        text = entry.strip().lower().strip("[]")
        try:
            networks.append(ip_network(text, strict=False))
        except ValueError:
            if "/" in text:
                raise
            hosts.add(text)
    return tuple(networks), frozenset(hosts)
