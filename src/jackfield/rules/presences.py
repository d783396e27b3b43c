"""Checks of presences that a telephony system tells."""

from __future__ import annotations

from jackfield.domain.finding import Checked
from jackfield.domain.json_nodes import ArrayNode, ObjectNode
from jackfield.domain.json_reader import Reading
from jackfield.domain.presence import Presence
from jackfield.rules.members import KINDS, FindingLog, Members

MEMBERS = ("email", "presence", "message", "dateModified")
LONGEST = 256
EXAMPLE = '[{"email": "ada@example.com", "presence": "AVAILABLE"}]'


def check_presences(body: Reading, *, strict: bool = False) -> Checked[tuple[Presence, ...]]:
    """Check the body of PUT …/thirdpartypresences: an array with an address and a presence in each entry."""
    log = FindingLog(body, strict=strict)
    root = body.root
    if not isinstance(root, ArrayNode):
        if root is not None:
            log.add(
                "BODY_NOT_ARRAY", root, "", seen=body.seen(root), owner="list of presences", example=EXAMPLE
            )
        return log.checked(None)
    read: list[Presence] = []
    for position, item in enumerate(root.items):
        if not isinstance(item, ObjectNode):
            log.add(
                "MEMBER_WRONG_KIND",
                item,
                f"/{position}",
                seen=body.seen(item),
                name=str(position),
                wanted="an object",
                kind=KINDS.get(item.kind, item.kind),
            )
            continue
        members = Members(log, item, f"/{position}", "presence")
        members.unknown(MEMBERS)
        email = members.text("email", example='"email": "…"', required=True, longest=LONGEST)
        presence = members.text("presence", example='"presence": "…"', required=True, longest=LONGEST)
        message = members.text("message", longest=LONGEST)
        members.text("dateModified")
        read.append(Presence(email or "", presence or "", message or ""))
    return log.checked(tuple(read))
