"""Checks of the body that gives a credential new values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from jackfield.domain.credential import CredentialType
from jackfield.domain.finding import Checked
from jackfield.domain.json_nodes import StringNode
from jackfield.domain.json_reader import Reading
from jackfield.domain.secret import Secret
from jackfield.rules import mending
from jackfield.rules.members import FindingLog, Members, open_body
from jackfield.rules.nearest import nearest

MEMBERS = ("credentialFields", "url", "untested", "keepHours")
DEFAULT_HOURS = 24
MOST_HOURS = 720
EXAMPLE = '{"credentialFields": {"password": "…"}}'


@dataclass(frozen=True, slots=True)
class Rotation:
    """A checked request to give a credential new values.

    Args:
        fields: those that change; the others stay.
        url: what to try the new values on, "" if the type tells.
        untested: swap also if a check cannot tell whether they work.
        keep_hours: how long the old values can be taken back.
    """

    fields: dict[str, Secret] = field(default_factory=dict)
    url: str = ""
    untested: bool = False
    keep_hours: int = DEFAULT_HOURS


def check_rotation(
    body: Reading, kind: CredentialType | None, stored: Sequence[str], *, strict: bool = False
) -> Checked[Rotation]:
    """Check the body of a rotation.

    Args:
        kind: the credential's type; None if the catalog no longer has it.
        stored: names of the fields that the credential has.
    """
    log = FindingLog(body, strict=strict)
    members = open_body(log, "rotation", EXAMPLE, MEMBERS)
    if members is None:
        return log.checked(None)
    members.unknown(MEMBERS)
    fields = _fields(members, kind, stored)
    url, untested = members.text("url") or "", members.flag("untested")
    return log.checked(Rotation(fields, url, untested, _hours(members)))


def _hours(members: Members) -> int:
    node = members.get("keepHours")
    if node is None:
        return DEFAULT_HOURS
    text = members.log.reading.raw(node)
    if text.isascii() and text.isdigit() and len(text) < 6 and 0 < int(text) <= MOST_HOURS:
        return int(text)
    wanted = f"a whole number of hours from 1 to {MOST_HOURS}"
    members.wrong_kind("keepHours", node, wanted, f'"keepHours": {DEFAULT_HOURS}')
    return DEFAULT_HOURS


def _fields(members: Members, kind: CredentialType | None, stored: Sequence[str]) -> dict[str, Secret]:
    example = '"credentialFields": {"…": "…"}'
    inner = members.object("credentialFields", owner="`credentialFields`", example=example, required=True)
    if inner is None:
        return {}
    if not inner.node.members:
        members.missing("credentialFields", example)
    known = [item.name for item in kind.fields] if kind else []
    names = tuple(dict.fromkeys((*known, *stored)))
    read: dict[str, Secret] = {}
    for member in inner.node.members:
        pointer = inner.at(member.name)
        if not isinstance(member.value, StringNode):
            edits = mending.as_text(pointer, member.value, inner.log.reading)
            inner.log.add(
                "CREDENTIAL_FIELD_NOT_TEXT",
                member,
                pointer,
                name=member.name,
                kind=member.value.kind,
                edits=edits,
            )
            continue
        if kind is not None and member.name in kind.required and not member.value.value:
            inner.log.add("CREDENTIAL_FIELD_EMPTY", member.value, pointer, name=member.name, type=kind.name)
        if kind is not None and not kind.open and member.name not in names:
            near = nearest(member.name, names)
            inner.log.add(
                "CREDENTIAL_FIELD_UNKNOWN",
                member,
                pointer,
                name=member.name[:80],
                type=kind.name,
                fields=", ".join(names),
                hint=f" Did you mean `{near}`?" if near else "",
            )
        read[member.name] = Secret(member.value.value)
    return read
