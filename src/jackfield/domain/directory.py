"""What an organization keeps beside integrations: groups of users, and data tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Visibility(StrEnum):
    """Who may see a group."""

    PUBLIC = "public"
    OWNERS = "owners"
    MEMBERS = "members"


class GroupKind(StrEnum):
    """What a group is for."""

    OFFICIAL = "official"
    SOCIAL = "social"


@dataclass(frozen=True, slots=True)
class Group:
    """A group of users.

    Args:
        member_ids: users, in the order in which they were added.
        owner_ids: users.
        version: grows with every change.
    """

    id: str
    organization_id: str
    name: str
    description: str
    kind: GroupKind
    visibility: Visibility
    rules_visible: bool
    version: int
    created: datetime
    modified: datetime
    owner_ids: tuple[str, ...] = ()
    member_ids: tuple[str, ...] = ()


class NameMatch(StrEnum):
    """How a search compares a group's name, in any case of letters."""

    EXACT = "EXACT"
    STARTS_WITH = "STARTS_WITH"
    CONTAINS = "CONTAINS"


@dataclass(frozen=True, slots=True)
class NameCriterion:
    """One condition of a search; any one of its values is enough."""

    match: NameMatch
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DataTable:
    """A data table's definition. `schema` is the caller's JSON text; rows are not kept here."""

    id: str
    organization_id: str
    name: str
    description: str
    schema: str
    created: datetime
