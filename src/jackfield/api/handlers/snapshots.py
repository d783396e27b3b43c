"""Our own routes for the test state."""

from __future__ import annotations

from typing import Any, Final

from jackfield.api.call import Call
from jackfield.api.exchange import Answer
from jackfield.api.json_bytes import dump
from jackfield.rules.members import FindingLog, open_body
from jackfield.services.outcome import accepted
from jackfield.services.snapshots import START, Snapshot

UNNAMED: Final = "default"


async def reset(call: Call) -> Answer:
    """Bring back the state in which the server started."""
    warnings = call.settled()
    back = await call.services.snapshots.restore(call.presenting(_snapshot), START)
    return Answer(dump(_snapshot(back)), warnings=warnings)


async def take(call: Call) -> Answer:
    """Keep the present state under a name."""
    warnings = call.settled()
    taken = await call.services.snapshots.take(call.caller, _name(call))
    return Answer(dump(_snapshot(taken)), warnings=warnings)


async def restore(call: Call) -> Answer:
    """Bring a kept state back."""
    warnings = call.settled()
    back = await call.services.snapshots.restore(call.presenting(_snapshot), _name(call))
    return Answer(dump(_snapshot(back)), warnings=warnings)


def _snapshot(snapshot: Snapshot) -> dict[str, Any]:
    return {"name": snapshot.name, "rows": snapshot.contents.size}


def _name(call: Call) -> str:
    """Read the optional `name` of the body.

    Raises:
        Refused: the body is something else.
    """
    if not call.body.strip():
        return UNNAMED
    log = FindingLog(call.reading(), strict=call.caller.strict)
    members = open_body(log, "state", '{"name": "seeded"}', ("name",))
    name = None
    if members is not None:
        members.unknown(("name",))
        name = members.text("name", longest=100)
    return accepted(log.checked(name or UNNAMED)).value
