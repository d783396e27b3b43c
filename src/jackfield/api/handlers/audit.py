"""Our own routes for the audit trail."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from jackfield.api.call import Call
from jackfield.api.exchange import Answer
from jackfield.api.json_bytes import Raw, dump
from jackfield.api.paging import DEFAULT_SIZE, LARGEST_CURSOR_PAGE
from jackfield.api.shapes.times import fine_stamp
from jackfield.domain.audit import AuditEntry, AuditQuery

AUDIT: Final = "/jackfield/v1/audit"


async def list_entries(call: Call) -> Answer:
    """Answer changes, newest first; `after` goes on behind an entry."""
    query = call.query
    wanted = AuditQuery(
        action=query.text("action"),
        entity_id=query.text("entityId"),
        actor=query.text("actor"),
        correlation_id=query.text("correlationId"),
        after=query.text("after"),
        size=query.number("pageSize", DEFAULT_SIZE, 1, LARGEST_CURSOR_PAGE),
    )
    since = query.since("since")
    warnings = call.settled()
    entries = await call.services.audit.search(call.caller, wanted, since)
    envelope: dict[str, Any] = {
        "entities": [_entry(entry) for entry in entries],
        "pageSize": wanted.size,
    }
    if len(entries) == wanted.size:
        kept = {name: query.text(name) for name in query.names if name != "after"}
        envelope["nextUri"] = f"{AUDIT}?{urlencode({**kept, 'after': entries[-1].id})}"
    return Answer(dump(envelope), warnings=warnings)


async def get_entry(call: Call) -> Answer:
    """Answer one change."""
    warnings = call.settled()
    entry = await call.services.audit.get(call.caller, call.parameters["auditId"])
    return Answer(dump(_entry(entry)), warnings=warnings)


def _entry(entry: AuditEntry) -> dict[str, Any]:
    shape: dict[str, Any] = {
        "id": entry.id,
        "date": fine_stamp(entry.at),
        "actor": entry.actor,
        "action": entry.action,
        "entityKind": entry.entity_kind,
        "entityId": entry.entity_id,
        "correlationId": entry.correlation_id,
    }
    sides = (("before", entry.before), ("after", entry.after))
    return shape | {name: Raw(text) for name, text in sides if text}
