"""Looking after credentials: who uses them, whether they work, what they held before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from jackfield.domain.action import Action
from jackfield.domain.integration import Integration

PREVIOUS: Final = "previous"
"""The kind of document that holds what a credential held before; its time is when it expires."""


class CheckOutcome(StrEnum):
    """What a check of a credential came to."""

    VERIFIED = "verified"
    FAILING = "failing"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Check:
    """One check of a credential.

    Args:
        what: the request that was made, without secrets; "" if none could be.
        reason: what came back, or why nothing can be said.
        since: when it began to fail; None if it does not.
        version: of the credential that was checked.
    """

    outcome: CheckOutcome
    what: str
    reason: str
    at: datetime
    version: int
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Use:
    """One integration that uses a credential, and what depends on it there.

    Args:
        slots: names of the slots that hold the credential.
        actions: the integration's data actions, published and drafts.
    """

    integration: Integration
    slots: tuple[str, ...]
    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class Previous:
    """What a credential held before its last rotation, sealed as it was.

    Args:
        version: that it was sealed at.
        sealed: field name to ciphertext.
        until: after this it is not given back.
    """

    version: int
    type_name: str
    name: str | None
    sealed: Mapping[str, bytes]
    until: datetime
