"""Connections through a proxy: the tunnel that CONNECT opens (RFC 9110, 9.3.6), for https and http alike."""

from __future__ import annotations

import asyncio
import re
import socket
from base64 import b64encode
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final
from urllib.parse import unquote, urlsplit

from jackfield.domain.secret import Secret
from jackfield.engine.upstream import Fault, UpstreamFailure

PROXY_FORM: Final = "http://[user:password@]host:port"
"""What names a proxy, for messages."""

_LONGEST_HEAD: Final = 16 * 1024
_STATUS_LINE: Final = re.compile(rb"HTTP/1\.[01] ([0-9]{3})(?: ([^\r\n]*))?\r?\n")
_END: Final = re.compile(rb"\r?\n\r?\n")
# What a resolver can only take for a name: its last label has a letter first.
_PUBLIC_NAME: Final = re.compile(r"(?:[a-z0-9_-]+\.)+[a-z][a-z0-9-]*\.?\Z")
_NAMES_OF_A_MACHINE: Final = ("localhost", "local", "localdomain", "internal", "home", "lan")


@dataclass(frozen=True, slots=True)
class EgressProxy:
    """The proxy that outgoing connections are made through.

    Args:
        host: name or address.
        port: of the proxy.
        authorization: value of `Proxy-Authorization`; None for none.
        resolves: the proxy is given names and resolves them itself, instead of the judged address.
    """

    host: str
    port: int
    authorization: Secret | None = None
    resolves: bool = False


def parse_proxy(url: str, *, resolves: bool = False) -> EgressProxy:
    """Return the proxy that a URL of `PROXY_FORM` names.

    Raises:
        ValueError: it names none; the text says why and does not repeat the URL.
    """
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        raise ValueError("a URL whose host or port cannot be read") from None
    if parts.scheme == "https":
        raise ValueError("an https proxy; the way to the proxy itself is plain HTTP")
    if parts.scheme != "http" or not host:
        raise ValueError("a text that is no http URL")
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise ValueError("a URL with more than host and port")
    return EgressProxy(host, port or 80, _authorization(parts.username, parts.password), resolves)


def _authorization(user: str | None, password: str | None) -> Secret | None:
    if user is None:
        return None
    pair = f"{unquote(user)}:{unquote(password or '')}"
    return Secret(f"Basic {b64encode(pair.encode()).decode()}")


def is_name_for_a_proxy(host: str) -> bool:
    """Tell if a host that does not resolve here may be left to the proxy: a name, and no machine's own."""
    try:
        ip_address(host)
    except ValueError:
        labels = host.rstrip(".").split(".")
        return _PUBLIC_NAME.match(host) is not None and labels[-1] not in _NAMES_OF_A_MACHINE
    return False


async def open_tunnel(sock: socket.socket, proxy: EgressProxy, host: str, port: int) -> None:
    """Ask the proxy at the other end of a socket to lead it to a host, by name or address.

    Raises:
        UpstreamFailure: the proxy refused, or did not answer as proxies do.
    """
    loop = asyncio.get_running_loop()
    authority = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    lines = [f"CONNECT {authority} HTTP/1.1", f"Host: {authority}", "User-Agent: Jackfield"]
    if proxy.authorization is not None:
        lines.append(f"Proxy-Authorization: {proxy.authorization.reveal()}")
    try:
        await loop.sock_sendall(sock, ("\r\n".join(lines) + "\r\n\r\n").encode())
        head = await _read_head(sock)
    except TimeoutError:
        raise
    except OSError as error:
        raise _failed(f"it closed the connection ({error.strerror or error})") from None
    _check_answer(head)


async def _read_head(sock: socket.socket) -> bytes:
    loop = asyncio.get_running_loop()
    head = b""
    while _END.search(head) is None:
        if len(head) > _LONGEST_HEAD:
            raise _failed("its answer is too long")
        data = await loop.sock_recv(sock, 4096)
        if not data:
            raise _failed("it closed the connection without an answer")
        head += data
    return head


def _check_answer(head: bytes) -> None:
    status = _STATUS_LINE.match(head)
    if status is None:
        raise _failed("its answer is not HTTP; is it a proxy?")
    code, phrase = int(status.group(1)), (status.group(2) or b"").decode("latin-1")[:80]
    if code == 407:
        raise _failed("it wants a user name and a password, or others (407)")
    if not 200 <= code < 300:
        raise _failed(f"it answered {code} {phrase}".rstrip())
    end = _END.search(head)
    if end is not None and end.end() < len(head):
        # Bytes before the service was asked anything: they cannot be told from the proxy's own.
        raise _failed("it sent more than its answer")


def _failed(reason: str) -> UpstreamFailure:
    return UpstreamFailure(Fault.PROXY, reason)
