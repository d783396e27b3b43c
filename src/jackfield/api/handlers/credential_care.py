"""Our own routes for credentials: uses, orphans, checks and rotations."""

from __future__ import annotations

from jackfield.api.call import Call, shaped
from jackfield.api.exchange import Answer
from jackfield.api.json_bytes import dump
from jackfield.api.paging import listing, page_request
from jackfield.api.shapes import credential_care as shapes
from jackfield.api.shapes.credentials import credential_info
from jackfield.api.shapes.times import fine_stamp
from jackfield.rules.members import FindingLog, open_body
from jackfield.services.outcome import accepted

ORPHANS = "/jackfield/v1/credentials/orphans"


async def get_uses(call: Call) -> Answer:
    """Answer who uses a credential: integrations, slots, data actions."""
    warnings = call.settled()
    credential, uses = await call.services.uses.uses(call.caller, call.parameters["credentialId"])
    return Answer(dump(shapes.uses(credential, uses)), warnings=warnings)


async def list_orphans(call: Call) -> Answer:
    """Answer one page of the credentials that nothing uses."""
    window = page_request(call.query)
    warnings = call.settled()
    page = await call.services.uses.orphans(call.caller, window)
    return Answer(dump(listing(page, credential_info, ORPHANS, {})), warnings=warnings)


async def get_health(call: Call) -> Answer:
    """Answer the last check of a credential, and until when its last rotation can be undone."""
    warnings = call.settled()
    credential_id = call.parameters["credentialId"]
    until = await call.services.rotations.kept_until(call.caller, credential_id)
    last = await call.services.checks.last(call.caller, credential_id)
    body = {"check": shapes.check(last)} if last else {}
    return Answer(dump(body | ({"undoUntil": fine_stamp(until)} if until else {})), warnings=warnings)


async def verify(call: Call) -> Answer:
    """Check a credential now."""
    warnings = call.settled()
    done = await call.services.checks.verify(call.caller, call.parameters["credentialId"], _url(call))
    return Answer(dump(shapes.check(done)), warnings=warnings)


async def rotate(call: Call) -> Answer:
    """Try new values and swap them in."""
    warnings = call.settled()
    outcome = await call.services.rotations.rotate(
        call.presenting(shapes.rotated), call.parameters["credentialId"], call.reading()
    )
    return shaped(outcome, shapes.rotated, *warnings)


async def undo(call: Call) -> Answer:
    """Put the values before the last rotation back."""
    warnings = call.settled()
    back = await call.services.rotations.undo(
        call.presenting(credential_info), call.parameters["credentialId"]
    )
    return Answer(dump(credential_info(back)), warnings=warnings)


async def confirm(call: Call) -> Answer:
    """Forget the values before the last rotation."""
    warnings = call.settled()
    await call.services.rotations.confirm(call.caller, call.parameters["credentialId"])
    return Answer(status=204, warnings=warnings)


def _url(call: Call) -> str:
    """Read the optional `url` of the body.

    Raises:
        Refused: the body is something else.
    """
    if not call.body.strip():
        return ""
    log = FindingLog(call.reading(), strict=call.caller.strict)
    members = open_body(log, "check", '{"url": "https://…"}', ("url",))
    url = ""
    if members is not None:
        members.unknown(("url",))
        url = members.text("url") or ""
    return accepted(log.checked(url)).value
