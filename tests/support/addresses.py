"""Addresses that an outbound guard must refuse or allow, and the ways to write them."""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address

from jackfield.engine.egress.resolver import system_lookup

# At least one address of every IANA special-purpose range, first and last where a range is short.
SPECIAL_IPV4 = (
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.254", "100.64.0.1", "100.127.255.254", "100.100.100.200",
    "127.0.0.1", "127.0.1.1", "127.255.255.254", "168.63.129.16", "169.254.0.1", "169.254.169.254",
    "172.16.0.1", "172.31.255.254", "192.0.0.1", "192.0.0.8", "192.0.0.170", "192.0.0.192", "192.0.2.1",
    "192.31.196.1", "192.52.193.1", "192.88.99.1", "192.168.0.1", "192.168.255.254", "192.175.48.1",
    "198.18.0.1", "198.19.255.254", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255",
    "240.0.0.1", "255.255.255.255",
)  # fmt: skip
SPECIAL_IPV6 = (
    "::", "::1", "64:ff9b:1::1", "100::1", "100:0:0:1::1", "2001::1", "2001:1::1", "2001:2::1", "2001:3::1",
    "2001:4:112::1", "2001:10::1", "2001:20::1", "2001:30::1", "2001:db8::1", "2620:4f:8000::1", "3fff::1",
    "4000::1", "5f00::1", "8000::1", "fc00::1", "fd00:ec2::254", "fd12:3456::1", "fd20:ce::254", "fe80::1",
    "fe80::a9fe:a9fe", "fec0::1", "ff02::1", "ff0e::1", "e000::1",
)  # fmt: skip
PUBLIC_IPV4 = (
    "1.0.0.1", "1.1.1.1", "8.8.8.8", "8.8.4.4", "9.9.9.9", "9.255.255.255", "11.0.0.1", "13.107.42.14",
    "20.112.52.29", "23.1.2.3", "34.95.0.1", "52.1.2.3", "54.230.1.1", "64.233.160.1", "93.184.215.14",
    "99.84.1.1", "100.63.255.255", "100.128.0.1", "104.16.0.1", "126.255.255.255", "128.0.0.1", "140.82.1.3",
    "151.101.1.69", "168.63.129.15", "169.253.255.255", "169.255.0.1", "172.15.255.255", "172.32.0.1",
    "185.199.108.153", "191.255.255.255", "192.0.1.1", "192.0.3.1", "192.167.255.255", "192.169.0.1",
    "198.17.255.255", "198.20.0.1", "198.51.99.255", "203.0.112.255", "203.0.114.1", "223.255.255.254",
)  # fmt: skip
PUBLIC_IPV6 = (
    "2001:200::1", "2001:470::1", "2001:4860:4860::8888", "2400:cb00::1", "2404:6800::1", "2600:1f18::1",
    "2606:4700:4700::1111", "2607:f8b0::1", "2620:fe::fe", "2800:3f0::1", "2a00:1450::1", "2a02:26f0::1",
    "2a04:4e42::1", "2c0f:fb50::1", "64:ff9b::808:808", "64:ff9b::5db8:d70e", "::ffff:8.8.8.8",
    "::ffff:93.184.215.14", "2002:808:808::1", "3ffe::1",
)  # fmt: skip

# Blocks that providers and clouds use, one address each.
PUBLIC_BLOCKS = tuple(f"{octet}.77.1.9" for octet in range(12, 72))

Notation = Callable[[IPv4Address], str]


def _octets(address: IPv4Address) -> list[int]:
    return list(address.packed)


def _hex_pair(address: IPv4Address) -> str:
    value = int(address)
    return f"{value >> 16:x}:{value & 0xFFFF:x}"


FULLWIDTH = str.maketrans("0123456789.", "０１２３４５６７８９．")
CIRCLED = str.maketrans("0123456789", "⓪①②③④⑤⑥⑦⑧⑨")
IPV4_NOTATIONS: dict[str, Notation] = {
    "dotted": str,
    "decimal": lambda address: str(int(address)),
    "hex": lambda address: hex(int(address)),
    "octal": lambda address: f"0{int(address):o}",
    "dotted hex": lambda address: ".".join(hex(part) for part in _octets(address)),
    "dotted octal": lambda address: ".".join(f"0{part:o}" for part in _octets(address)),
    "padded": lambda address: ".".join(f"0000{part:o}" for part in _octets(address)),
    "three parts": lambda a: f"{_octets(a)[0]}.{_octets(a)[1]}.{int(a) & 0xFFFF}",
    "two parts": lambda a: f"{_octets(a)[0]}.{int(a) & 0xFFFFFF}",
    "mixed": lambda a: f"{_octets(a)[0]:#x}.{int(a) & 0xFFFFFF}",
    "trailing dot": lambda address: f"{address}.",
    "fullwidth": lambda address: str(address).translate(FULLWIDTH),
    "ideographic dot": lambda address: str(address).replace(".", "。"),
    "circled digits": lambda address: str(address).translate(CIRCLED),
    "percent": lambda address: "".join(f"%{ord(character):02x}" for character in str(address)),
}
IPV6_NOTATIONS: dict[str, Notation] = {
    "mapped": lambda address: f"[::ffff:{address}]",
    "mapped hex": lambda address: f"[::ffff:{_hex_pair(address)}]",
    "mapped long": lambda address: f"[0:0:0:0:0:FFFF:{_hex_pair(address)}]",
    "compatible": lambda address: f"[::{address}]",
    "translated": lambda address: f"[::ffff:0:{_hex_pair(address)}]",
    "NAT64": lambda address: f"[64:ff9b::{_hex_pair(address)}]",
    "local NAT64": lambda address: f"[64:ff9b:1::{_hex_pair(address)}]",
    "6to4": lambda address: f"[2002:{_hex_pair(address)}::1]",
    "Teredo": lambda a: f"[2001:0:{_hex_pair(a)}:0:0:{_hex_pair(IPv4Address(int(a) ^ 0xFFFFFFFF))}]",
    "ISATAP": lambda address: f"[2a00:1450::5efe:{_hex_pair(address)}]",
}
HOSTS = tuple(
    dict.fromkeys(
        (
            *(spell(IPv4Address(text)) for text in SPECIAL_IPV4 for spell in IPV4_NOTATIONS.values()),
            *(spell(IPv4Address(text)) for text in SPECIAL_IPV4 for spell in IPV6_NOTATIONS.values()),
            *(f"[{text}]" for text in SPECIAL_IPV6),
            *(f"[{IPv6Address(text).exploded}]" for text in SPECIAL_IPV6),
        )
    )
)
OWN_NAMES = ("localhost", "LOCALHOST", "localhost.", "ip6-localhost", socket.gethostname())


@dataclass
class Names:
    """A resolver that gives scripted answers in turn, the last one for ever, and counts."""

    answers: Sequence[Sequence[str]]
    asked: list[str] = field(default_factory=list)

    async def resolve(self, host: str, port: int) -> tuple[str, ...]:
        """Return the next answer."""
        assert port
        self.asked.append(host)
        return tuple(self.answers[min(len(self.asked), len(self.answers)) - 1])


def offline_lookup(host: str, port: int) -> list[str]:
    """Ask the system about this machine's names and every notation of an address, but no name server."""
    if host in {name.lower() for name in OWN_NAMES}:
        return system_lookup(host, port)
    answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    return [str(answer[4][0]) for answer in answers]
