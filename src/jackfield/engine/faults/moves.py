"""What a misbehaving service does on its end of a connection, move by move."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Say:
    """Send these bytes."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Repeat:
    """Send these bytes again and again until the other end gives up.

    Args:
        data: the bytes.
        every: seconds between; 0 for as fast as they are taken.
    """

    data: bytes
    every: float = 0.0


@dataclass(frozen=True, slots=True)
class Hold:
    """Do nothing until the other end gives up."""


@dataclass(frozen=True, slots=True)
class End:
    """Close the connection in order."""


@dataclass(frozen=True, slots=True)
class Reset:
    """Break the connection."""


Move = Say | Repeat | Hold | End | Reset
