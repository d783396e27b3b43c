"""Where a rendered URL leads: its parts, checked before anything is resolved."""

from __future__ import annotations

import re
from urllib.parse import quote

from jackfield.domain.catalogue import found
from jackfield.domain.finding import Finding, Place

URL_POINTER = "/config/request/requestUrlTemplate"
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_ABSOLUTE = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://([^/?#\\]*)(.*)\Z", re.DOTALL)
_AUTHORITY = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^:\[\]]+)(?::([0-9]{1,5}))?\Z")
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]{0,252}[a-z0-9_.])?\Z")
# What RFC 3986 lets stand in path and query. "[" and "]" too: services use them in queries unencoded.
_UNSAFE = re.compile(r"[^!$%&'()*+,./0-9:;=?@A-Z_a-z~\[\]-]+")
# Tells sooner that there is none: it looks for one character.
_is_unsafe = re.compile(r"[^!$%&'()*+,./0-9:;=?@A-Z_a-z~\[\]-]").search
# What nearly all rendered URLs look like; everything else takes the long way.
_USUAL = re.compile(
    r"(https?)://([a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,20})(?::([1-9][0-9]{0,4}))?"
    r"(/[!$%&'()*+,./0-9:;=?@A-Z_a-z~\[\]-]*)?\Z"
)
_DEFAULT_PORTS = {"http": 80, "https": 443}
# Most actions call the same few services: what stands before the path needs to be taken apart only once.
_ORIGINS: dict[str, tuple[str, str, int, str]] = {}
_REMEMBERED = 512


# A plain class, because it is made on the hot path.
class Target:
    """The parts of a URL.

    Args:
        scheme: `http` or `https`.
        host: lower case, ASCII, IPv6 without brackets.
        port: given or default.
        authority: value of the Host header.
        path: path and query, encoded.
        encoded: characters that had to be encoded, for messages; "" if none.

    `origin` is what connections are pooled by: scheme, host and port.
    """

    __slots__ = ("authority", "encoded", "host", "origin", "path", "port", "scheme")

    def __init__(
        self, scheme: str, host: str, port: int, authority: str, path: str, encoded: str = ""
    ) -> None:
        self.scheme, self.host, self.port, self.authority = scheme, host, port, authority
        self.path, self.encoded = path, encoded
        self.origin = (scheme, host, port)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Target) and self._parts() == other._parts()

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Target{self._parts()!r}"

    def _parts(self) -> tuple[object, ...]:
        return (*self.origin, self.authority, self.path, self.encoded)


class TargetRefused(Exception):
    """The URL cannot be called; the finding says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


def parse_target(url: str) -> Target:
    """Return the parts of a rendered URL; blanks around it do not count.

    Raises:
        TargetRefused: control characters, no or another scheme, user information, or no usable host.
    """
    end = url.find("/", 8)
    origin = _ORIGINS.get(url[:end]) if end > 0 else None
    if origin is not None and _is_unsafe(url, end) is None:
        scheme, host, port, authority = origin
        return Target(scheme, host, port, authority, url[end:])
    usual = _USUAL.match(url)
    if usual is not None:
        scheme, host, digits, path = usual.groups()
        default = _DEFAULT_PORTS[scheme]
        port = default if digits is None else int(digits)
        if port < 65536:
            authority = host if port == default else f"{host}:{digits}"
            if path:
                if len(_ORIGINS) >= _REMEMBERED:
                    _ORIGINS.clear()
                _ORIGINS[url[:end]] = (scheme, host, port, authority)
            return Target(scheme, host, port, authority, path or "/")
    return _parse_carefully(url)


def _parse_carefully(url: str) -> Target:
    control = _CONTROL.search(url)
    if control is not None:
        raise _refused(
            "RENDERED_URL_CONTROL_CHARACTER",
            character=control_name(control.group()),
            position=control.start() + 1,
        )
    match = _ABSOLUTE.match(url.strip(" "))
    if match is None:
        raise _refused("RENDERED_URL_NOT_ABSOLUTE")
    scheme, authority, tail = match.group(1).lower(), match.group(2), match.group(3)
    default = _DEFAULT_PORTS.get(scheme)
    if default is None:
        raise _refused("RENDERED_URL_SCHEME", scheme=scheme)
    if "@" in authority:
        raise _refused("RENDERED_URL_USERINFO")
    host, port = _host_and_port(authority, default)
    shown = f"[{host}]" if ":" in host else host
    path, encoded = _path(tail)
    return Target(scheme, host, port, shown if port == default else f"{shown}:{port}", path, encoded)


def control_name(character: str) -> str:
    """Return how messages name a control character: CR, LF, NUL, TAB or its code point."""
    names = {"\r": "CR", "\n": "LF", "\0": "NUL", "\t": "TAB"}
    return names.get(character, f"U+{ord(character):04X}")


def _host_and_port(authority: str, default: int) -> tuple[str, int]:
    match = _AUTHORITY.match(authority)
    if match is None:
        raise _refused("RENDERED_URL_HOST", reason="host and port cannot be told apart")
    host, digits = match.group(1), match.group(2)
    port = default if digits is None else int(digits)
    if not 0 < port < 65536:
        raise _refused("RENDERED_URL_HOST", reason=f"{port} is no port")
    if host.startswith("["):
        return host[1:-1].lower(), port
    return _host(host), port


def _host(host: str) -> str:
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            raise _refused("RENDERED_URL_HOST", reason="the name cannot be written in ASCII") from None
    host = host.lower()
    if _HOST.match(host) is None or ".." in host:
        raise _refused("RENDERED_URL_HOST", reason="the name has characters that no host name has")
    return host


def _path(tail: str) -> tuple[str, str]:
    path = tail.partition("#")[0]
    if not path.startswith("/"):
        path = f"/{path}"
    if _is_unsafe(path) is None:
        return path, ""
    unsafe = dict.fromkeys("".join(_UNSAFE.findall(path)))
    characters = ", ".join("a blank" if character == " " else f"`{character}`" for character in unsafe)
    return _UNSAFE.sub(lambda match: quote(match.group(), safe="", errors="replace"), path), characters


def _refused(
    code: str, scheme: str = "", reason: str = "", character: str = "", position: int = 0
) -> TargetRefused:
    place = Place(pointer=URL_POINTER)
    words = found(code, place, scheme=scheme, reason=reason, character=character, position=position)
    return TargetRefused(words)
