"""Which proxy a request goes through: GENESYSCLOUD_PROXY_*, HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from jackfield.client.regions import is_loopback
from jackfield.domain.catalogue import found
from jackfield.domain.errors import OperationRefused
from jackfield.domain.finding import Place
from jackfield.domain.secret import MASK, Secret


@dataclass(frozen=True, slots=True)
class Proxy:
    """An HTTP proxy. `url` holds no user information."""

    url: str
    username: str = ""
    password: Secret | None = None


def proxy_for(url: str, environment: Mapping[str, str]) -> Proxy | None:
    """Return the proxy for requests to a URL, or None.

    Loopback addresses are never sent through a proxy: nothing there could be reached by it.

    Raises:
        OperationRefused: a proxy setting cannot be understood.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    if is_loopback(host) or _exempt(host, port, _setting(environment, "NO_PROXY")):
        return None
    named = _genesys_proxy(environment)
    if named is not None:
        return named
    for name in (f"{parts.scheme.upper()}_PROXY", "ALL_PROXY"):
        value = _setting(environment, name)
        if value:
            return _parse(name, value)
    return None


def _setting(environment: Mapping[str, str], name: str) -> str:
    """Both spellings are in use; curl reads the lower one first."""
    return environment.get(name.lower(), "") or environment.get(name, "")


def _genesys_proxy(environment: Mapping[str, str]) -> Proxy | None:
    prefix = "GENESYSCLOUD_PROXY_"
    host = environment.get(f"{prefix}HOST", "")
    if not host:
        return None
    protocol = environment.get(f"{prefix}PROTOCOL", "") or "http"
    port = environment.get(f"{prefix}PORT", "")
    if port and not (port.isdecimal() and 0 < int(port) < 65_536):
        raise refused(f"{prefix}PORT", "a number from 1 to 65535", seen=port)
    password = environment.get(f"{prefix}AUTH_PASSWORD", "")
    return Proxy(
        url=f"{protocol}://{host}{':' + port if port else ''}",
        username=environment.get(f"{prefix}AUTH_USERNAME", ""),
        password=Secret(password) if password else None,
    )


def _parse(name: str, value: str) -> Proxy:
    text = value if "://" in value else f"http://{value}"
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise refused(name, "a URL such as http://proxy.example:3128", seen=MASK) from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise refused(name, "a URL such as http://proxy.example:3128", seen=MASK)
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return Proxy(
        url=f"{parts.scheme}://{host}{f':{port}' if port else ''}",
        username=unquote(parts.username or ""),
        password=Secret(unquote(parts.password)) if parts.password else None,
    )


def _exempt(host: str, port: int, no_proxy: str) -> bool:
    return any(_matches(host, port, rule.strip()) for rule in no_proxy.split(",") if rule.strip())


def _matches(host: str, port: int, rule: str) -> bool:
    """`*`, a domain with or without leading dot, `host:port`, an address or a network."""
    if rule == "*":
        return True
    name, _, wanted_port = rule.partition(":") if rule.count(":") == 1 else (rule, "", "")
    if wanted_port and wanted_port != str(port):
        return False
    try:
        return ipaddress.ip_address(host) in ipaddress.ip_network(name, strict=False)
    except ValueError:
        domain = name.lstrip("*").lstrip(".").lower()
        return host.lower() == domain or host.lower().endswith(f".{domain}")


def refused(name: str, wanted: str, *, seen: str) -> OperationRefused:
    """Return the refusal of a connection setting."""
    return OperationRefused(
        found("CONNECTION_SETTING_REFUSED", Place(name), name=name, wanted=wanted, seen=seen)
    )
