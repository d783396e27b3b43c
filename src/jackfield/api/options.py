"""What the wire is built with besides the services."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from jackfield.domain.identity import Principal
from jackfield.domain.ports import Clock, Ids
from jackfield.domain.secret import Secret

Headers = tuple[tuple[bytes, bytes], ...]


class Limiter(Protocol):
    """Counts requests per token."""

    def admit(self, principal: Principal) -> Headers:
        """Count one request; return the rate headers of its answer.

        Raises:
            LimitReached: this one is over the limit.
        """


class NoLimiter:
    """Counts nothing (`--limits off`)."""

    def admit(self, principal: Principal) -> Headers:  # noqa: ARG002 - the port's signature
        """Let everything pass."""
        return ()


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one connection may take of the server.

    Args:
        body_bytes: largest body.
        body_seconds: until a body is complete.
        head_bytes: request line and headers together.
        head_count: number of headers.
        head_seconds: from a request's first byte to the end of its headers.
        idle_seconds: how long a connection may wait for its first or next request.
        connections: at one time.
        request_seconds: until an answer has to be there, runs of actions aside, which have their own time.
        drain_seconds: what running requests get after SIGTERM.
    """

    body_bytes: int = 1_048_576
    body_seconds: float = 30.0
    head_bytes: int = 65_536
    head_count: int = 100
    head_seconds: float = 10.0
    idle_seconds: float = 75.0
    connections: int = 1_000
    request_seconds: float = 60.0
    drain_seconds: float = 4.0


@dataclass(frozen=True, slots=True)
class ApiOptions:
    """Ports and switches of the wire.

    Args:
        clock: for durations.
        ids: for correlation ids.
        fingerprint: keyed fingerprint (`Vault.fingerprint`); what repeats of a request are recognised by.
            Keyed, because a plain digest of a body with a password could be guessed from the database.
        strict: warnings refuse.
        version: of the product, for `/openapi.json`.
        origins: those whose pages may call from a browser; empty for all.
        terse: errors say what the cloud would say; the help goes into a header.
    """

    clock: Clock
    ids: Ids
    fingerprint: Callable[[Secret], str]
    strict: bool = False
    version: str = "0"
    origins: frozenset[bytes] = frozenset()
    terse: bool = False
    bounds: Bounds = field(default_factory=Bounds)
    limiter: Limiter = field(default_factory=NoLimiter)
