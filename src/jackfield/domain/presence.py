"""Presences of people, as a telephony system tells them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Presence:
    """What one person is doing. `email` says who; `presence` is the telephony system's own word."""

    email: str
    presence: str
    message: str = ""
