"""Bounds of the outbound client."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EgressLimits:
    """What one client may use; times in seconds, sizes in bytes.

    Args:
        body_bytes: a reply's body, as sent and unpacked.
        header_bytes: everything of a reply that is not body.
        header_count: header lines of one reply.
        interim_replies: 1xx replies before the real one.
        resolve_seconds: for a name look-up; the action's own deadline applies as well, as for those below.
        connect_seconds: for TCP, to all addresses together.
        handshake_seconds: for TLS.
        idle_seconds: how long an unused connection is kept. Below the 5 s after which common servers close.
        idle_connections: kept unused, in all.
        idle_per_origin: kept unused, per scheme, host and port.
        connections: open at the same time.
        silent_per_origin: requests that may wait for one service (scheme, host, port) that has not answered
            for `silence_seconds`; three quarters of the runs that may be under way, so that the others go on.
        silence_seconds: after which a service counts as silent.
        lookups: name look-ups at the same time, and `waiting_lookups` more that wait.
        addresses: tried per connection.
    """

    body_bytes: int = 2 * 1024 * 1024
    header_bytes: int = 64 * 1024
    header_count: int = 200
    interim_replies: int = 10
    resolve_seconds: float = 10.0
    connect_seconds: float = 10.0
    handshake_seconds: float = 10.0
    idle_seconds: float = 4.0
    idle_connections: int = 200
    idle_per_origin: int = 50
    connections: int = 256
    silent_per_origin: int = 37
    silence_seconds: float = 2.0
    lookups: int = 8
    waiting_lookups: int = 64
    addresses: int = 4

    @classmethod
    def for_runs(cls, concurrency: int | None) -> EgressLimits:
        """Return the bounds of a client for so many runs at the same time; None for no bound."""
        usual = cls()
        connections = usual.connections if concurrency is None else max(usual.connections, concurrency)
        at_once = connections if concurrency is None else concurrency
        return cls(connections=connections, silent_per_origin=max(1, at_once * 3 // 4))
