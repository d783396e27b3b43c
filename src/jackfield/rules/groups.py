"""Checks of groups: a new one, its members, and a search."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from jackfield.domain.directory import GroupKind, NameCriterion, NameMatch, Visibility
from jackfield.domain.finding import Checked
from jackfield.domain.json_nodes import LiteralNode, NumberNode, ObjectNode
from jackfield.domain.json_reader import Reading
from jackfield.domain.page import PageRequest
from jackfield.rules.members import KINDS, FindingLog, Members, open_body
from jackfield.rules.versions import read_version

MEMBERS: Final = (
    "name",
    "description",
    "type",
    "visibility",
    "rulesVisible",
    "ownerIds",
    "id",
    "selfUri",
    "dateModified",
    "memberCount",
    "state",
    "version",
    "images",
    "addresses",
    "rolesEnabled",
    "includeOwners",
    "callsEnabled",
    "email",
    "owners",
)
SEARCH_MEMBERS: Final = ("query", "pageSize", "pageNumber", "sortBy", "sortOrder", "sort", "expand")
CRITERION_MEMBERS: Final = (
    "fields",
    "type",
    "value",
    "values",
    "operator",
    "group",
    "startValue",
    "endValue",
    "dateFormat",
)
LARGEST_PAGE: Final = 999


@dataclass(frozen=True, slots=True)
class NewGroup:
    """A group as it was written."""

    name: str
    description: str
    kind: GroupKind
    visibility: Visibility
    rules_visible: bool
    owner_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NewMembers:
    """Users to add to a group, and the version of the group that they were chosen for."""

    member_ids: tuple[str, ...]
    version: int


@dataclass(frozen=True, slots=True)
class GroupSearch:
    """What to look for; all criteria have to hold."""

    criteria: tuple[NameCriterion, ...]
    window: PageRequest


def check_group(body: Reading, *, strict: bool = False) -> Checked[NewGroup]:
    """Check the body of POST of a group.

    Args:
        body: as it was sent; what a directory has besides (addresses, images, calls) is accepted, not kept.
        strict: warnings refuse.
    """
    log = FindingLog(body, strict=strict)
    example = '{"name": "…", "type": "official", "visibility": "public", "rulesVisible": true}'
    members = open_body(log, "group", example, MEMBERS)
    if members is None:
        return log.checked(None)
    members.unknown(MEMBERS)
    name = members.text("name", example='"name": "…"', required=True, longest=256) or ""
    if not name.strip() and members.get("name") is not None:
        members.missing("name", '"name": "…"')
    kind = members.choice("type", GroupKind) or GroupKind.OFFICIAL
    visibility = members.choice("visibility", Visibility) or Visibility.PUBLIC
    return log.checked(
        NewGroup(
            name=name,
            description=members.text("description") or "",
            kind=GroupKind(kind),
            visibility=Visibility(visibility),
            rules_visible=members.get("rulesVisible") is None or members.flag("rulesVisible"),
            owner_ids=members.strings("ownerIds") or (),
        )
    )


def check_new_members(body: Reading, *, strict: bool = False) -> Checked[NewMembers]:
    """Check the body that adds users to a group.

    Args:
        strict: warnings refuse.
    """
    log = FindingLog(body, strict=strict)
    known = ("memberIds", "version")
    members = open_body(log, "list of members", '{"memberIds": ["<user id>"], "version": 1}', known)
    if members is None:
        return log.checked(None)
    members.unknown(known)
    ids = members.strings("memberIds", example='"memberIds": ["<user id>"]', required=True) or ()
    version = read_version(members, None)
    return log.checked(NewMembers(ids, version or 0))


def check_group_search(body: Reading, *, strict: bool = False) -> Checked[GroupSearch]:
    """Check the body of a search for groups by name.

    Args:
        strict: warnings refuse.
    """
    log = FindingLog(body, strict=strict)
    example = '{"query": [{"fields": ["name"], "type": "STARTS_WITH", "value": "…"}]}'
    members = open_body(log, "search", example, SEARCH_MEMBERS)
    if members is None:
        return log.checked(None)
    members.unknown(SEARCH_MEMBERS)
    criteria = []
    for node, pointer in members.list("query", example='"query": []') or ():
        if isinstance(node, ObjectNode):
            criterion = _criterion(Members(log, node, pointer, "condition"))
            criteria += [criterion] if criterion else []
        else:
            kind = KINDS.get(node.kind, node.kind)
            seen = log.reading.seen(node)
            log.add(
                "LIST_ENTRY_INVALID", node, pointer, seen=seen, name="query", kind=kind, wanted="a condition"
            )
    window = PageRequest(
        number=max(1, _whole(members, "pageNumber", 1)),
        size=min(max(1, _whole(members, "pageSize", 25)), LARGEST_PAGE),
        sort_by="name" if (members.text("sortBy") or "") == "name" else "",
        descending=(members.text("sortOrder") or "").upper() in ("DESC", "DESCENDING"),
    )
    return log.checked(GroupSearch(tuple(criteria), window))


def _criterion(members: Members) -> NameCriterion | None:
    members.unknown(CRITERION_MEMBERS)
    fields = members.strings("fields", example='"fields": ["name"]', required=True)
    match = members.text("type", example='"type": "STARTS_WITH"', required=True)
    values = members.strings("values") or ()
    value = members.text("value")
    values = (*((value,) if value is not None else ()), *values)
    if not values:
        members.missing("value", '"value": "…"')
    what = _unsupported(members, fields, match)
    if what:
        members.log.add("SEARCH_UNSUPPORTED", members.node, members.pointer, what=what)
        return None
    return NameCriterion(NameMatch((match or "").upper()), values) if match and values else None


def _unsupported(members: Members, fields: tuple[str, ...] | None, match: str | None) -> str:
    if fields is not None and fields != ("name",):
        return f"in the fields {', '.join(fields)[:80]}"
    if match is not None and match.upper() not in tuple(NameMatch):
        return f"of type {match[:40]}"
    operator = members.text("operator")
    if operator is not None and operator.upper() != "AND":
        return f"with the operator {operator[:20]}"
    return "with nested conditions" if members.get("group") is not None else ""


def _whole(members: Members, name: str, default: int) -> int:
    node = members.get(name)
    if node is None or (isinstance(node, LiteralNode) and node.value is None):
        return default
    if isinstance(node, NumberNode) and node.is_integer and len(node.text) < 10:
        return int(node.value)
    members.wrong_kind(name, node, "a whole number", f'"{name}": {default}')
    return default
