"""What a configuration is written for, and what it comes to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from jackfield.client.regions import REGIONS, Addresses
from jackfield.domain.secret import Secret

ID_VARIABLE: Final = "GENESYSCLOUD_OAUTHCLIENT_ID"
SECRET_VARIABLE: Final = "GENESYSCLOUD_OAUTHCLIENT_SECRET"
SOME_REGION: Final = "us-east-1"
"""What a provider wants to be told although its gateway decides."""


@dataclass(frozen=True, slots=True)
class Gateway:
    """A server as the gateway settings of the official clients spell it.

    Args:
        port: the scheme's own if the URL has none.
        path: below which API and login are, without slashes around it; "" for none.
    """

    protocol: str
    host: str
    port: int
    path: str


@dataclass(frozen=True, slots=True)
class Target:
    """The server and the OAuth client that a configuration names.

    Args:
        addresses: of API and login.
        client_id: "" to read it from the environment.
        secret: written out; None to read it from the environment.
    """

    addresses: Addresses
    client_id: str = ""
    secret: Secret | None = None

    @property
    def domain(self) -> str:
        """The cloud's domain, "" for a server of one's own."""
        host = urlsplit(self.addresses.api).hostname or ""
        bare = host.removeprefix("api.")
        return bare if bare in REGIONS.values() and host != bare else ""

    @property
    def region(self) -> str:
        """The name of the cloud's region; some region for a server of one's own."""
        return next((name for name, domain in REGIONS.items() if domain == self.domain), SOME_REGION)

    @property
    def gateway(self) -> Gateway:
        """The server as a gateway."""
        parts = urlsplit(self.addresses.api)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        return Gateway(parts.scheme, parts.hostname or "", port, parts.path.strip("/"))


@dataclass(frozen=True, slots=True)
class File:
    """A piece of configuration.

    Args:
        name: of the file that it is meant for.
        text: its content.
        note: what to do with it.
    """

    name: str
    text: str
    note: str
