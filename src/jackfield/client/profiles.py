"""What a client needs to know to connect, settled from flags and a mapping of the environment.

Precedence: flag, environment, nothing. The names are those of the official clients; older families of names
are understood with a notice. Nothing here reads the process environment: the caller hands it in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from jackfield.client.proxies import Proxy, proxy_for, refused
from jackfield.client.regions import Addresses, is_loopback, locate
from jackfield.domain.catalogue import found
from jackfield.domain.errors import OperationRefused
from jackfield.domain.secret import Secret

DEFAULT_TIMEOUT = 70.0
"""Seconds; longer than the 60 s that a data action may take."""

ALIASES: Mapping[str, tuple[str, ...]] = {
    "GENESYSCLOUD_REGION": ("GENESYS_CLOUD_REGION", "GENESYS_REGION"),
    "GENESYSCLOUD_OAUTHCLIENT_ID": ("GENESYS_CLOUD_CLIENT_ID", "GENESYS_CLIENT_ID"),
    "GENESYSCLOUD_OAUTHCLIENT_SECRET": ("GENESYS_CLOUD_CLIENT_SECRET", "GENESYS_CLIENT_SECRET"),
}


@dataclass(frozen=True, slots=True)
class Flags:
    """What was said on the command line; None or "" means: not said."""

    region: str = ""
    client_id: str = ""
    client_secret: Secret | None = None
    ca_bundle: Path | None = None
    timeout: float | None = None


@dataclass(frozen=True, slots=True)
class Connection:
    """Everything needed to talk to one server.

    Args:
        addresses: of API and login.
        client_id: OAuth client; "" if there is none.
        access_token: used before any login, if given.
        api_proxy: proxy for the API's address.
        login_proxy: proxy for the login's address.
        ca_bundle: PEM file trusted besides the system's own authorities.
        timeout: seconds for one request.
        notices: what the user should know about how this was settled.
    """

    addresses: Addresses
    client_id: str = ""
    client_secret: Secret | None = None
    access_token: Secret | None = None
    api_proxy: Proxy | None = None
    login_proxy: Proxy | None = None
    ca_bundle: Path | None = None
    timeout: float = DEFAULT_TIMEOUT
    notices: tuple[str, ...] = ()

    @property
    def can_log_in(self) -> bool:
        """True if id and secret of an OAuth client are both there."""
        return bool(self.client_id) and self.client_secret is not None


def resolve(flags: Flags, environment: Mapping[str, str]) -> Connection:
    """Settle a connection.

    Args:
        flags: from the command line.
        environment: variable name to value.

    Raises:
        OperationRefused: no server is named, or a setting cannot be understood.
    """
    settled = _Environment(environment)
    addresses = _addresses(flags, settled)
    client_id = flags.client_id or settled.get("GENESYSCLOUD_OAUTHCLIENT_ID")
    secret = settled.get("GENESYSCLOUD_OAUTHCLIENT_SECRET")
    token = settled.get("GENESYSCLOUD_ACCESS_TOKEN")
    notices = [*settled.notices, *_warn_clear_text(addresses)]
    return Connection(
        addresses=addresses,
        client_id=client_id,
        client_secret=flags.client_secret or (Secret(secret) if secret else None),
        access_token=Secret(token) if token and not flags.client_id else None,
        api_proxy=proxy_for(addresses.api, environment),
        login_proxy=proxy_for(addresses.login, environment),
        ca_bundle=flags.ca_bundle,
        timeout=flags.timeout or DEFAULT_TIMEOUT,
        notices=tuple(notices),
    )


class _Environment:
    """Looks names up together with their aliases, and remembers what to tell the user about it."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values
        self.notices: list[str] = []

    def get(self, name: str) -> str:
        if value := self._values.get(name, ""):
            return value
        for alias in ALIASES.get(name, ()):
            if value := self._values.get(alias, ""):
                self.notices.append(f"{alias} is used for {name}, which is not set.")
                return value
        return ""


def _addresses(flags: Flags, settled: _Environment) -> Addresses:
    if flags.region:
        return locate(flags.region)
    if settled.get("GENESYSCLOUD_GATEWAY_HOST"):
        return _gateway(settled)
    region = settled.get("GENESYSCLOUD_REGION")
    if not region:
        raise OperationRefused(found("REGION_UNSET"))
    return locate(region)


def _gateway(settled: _Environment) -> Addresses:
    """Build both addresses as the official clients do: protocol, host, port, and a path for one of them."""
    prefix = "GENESYSCLOUD_GATEWAY_"
    protocol = settled.get(f"{prefix}PROTOCOL") or "https"
    if protocol not in ("http", "https"):
        raise refused(f"{prefix}PROTOCOL", "http or https", seen=protocol)
    port = settled.get(f"{prefix}PORT")
    if port and not (port.isdecimal() and 0 < int(port) < 65_536):
        raise refused(f"{prefix}PORT", "a number from 1 to 65535", seen=port)
    if settled.get(f"{prefix}AUTH_USERNAME"):
        settled.notices.append(
            f"{prefix}AUTH_USERNAME and _PASSWORD are not sent, as in the official clients."
        )
    origin = (
        f"{protocol}://{settled.get(f'{prefix}HOST')}{f':{port}' if port not in ('', '80', '443') else ''}"
    )
    name, path = settled.get(f"{prefix}PATH_NAME"), settled.get(f"{prefix}PATH_VALUE").strip("/")
    if name not in ("", "api", "login"):
        raise refused(f"{prefix}PATH_NAME", "api or login", seen=name)
    below = f"{origin}/{path}" if path else origin
    return Addresses(
        api=below if name == "api" else origin,
        login=below if name == "login" else origin,
    )


def _warn_clear_text(addresses: Addresses) -> list[str]:
    host = addresses.login.partition("://")[2]
    name = host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0].partition("/")[0]
    if addresses.login.startswith("http://") and not is_loopback(name):
        return [
            f"{addresses.login} is not encrypted: the OAuth client's secret crosses the network in clear."
        ]
    return []
