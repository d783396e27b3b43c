"""Roles, and whom they are granted to."""

from __future__ import annotations

from typing import Any

from jackfield.api.call import Call, shaped
from jackfield.api.exchange import Answer
from jackfield.api.json_bytes import dump
from jackfield.api.paging import listing, page_request
from jackfield.api.shapes.directory import ROLES, role

LARGEST_IDS = 100


async def list_roles(call: Call) -> Answer:
    """Answer one page of roles; a `*` in the name stands for the rest of it."""
    window = page_request(call.query, ("id", "name"))
    name, ids = call.query.text("name"), call.query.ids("id", LARGEST_IDS)
    counted = call.query.flag("userCount") is not False
    warnings = call.settled()
    page = await call.services.roles.list(call.caller, name, ids, window, count=counted)
    sent = {"name": name, "id": ",".join(ids), "sortBy": window.sort_by}
    sent["userCount"] = "" if counted else "false"
    filters = {word: text for word, text in sent.items() if text}
    return Answer(dump(listing(page, role, ROLES, filters)), warnings=warnings)


async def create_role(call: Call) -> Answer:
    """Create a role."""
    warnings = call.settled()
    outcome = await call.services.roles.create(call.presenting(role), call.reading())
    return shaped(outcome, role, *warnings)


async def get_role(call: Call) -> Answer:
    """Answer one role."""
    counted = call.query.flag("userCount") is not False
    warnings = call.settled()
    view = await call.services.roles.get(call.caller, call.parameters["roleId"], count=counted)
    return Answer(dump(role(view)), warnings=warnings)


async def put_role(call: Call) -> Answer:
    """Replace a role."""
    warnings = call.settled()
    outcome = await call.services.roles.replace(call.caller, call.parameters["roleId"], call.reading())
    return shaped(outcome, role, *warnings)


async def delete_role(call: Call) -> Answer:
    """Delete a role."""
    warnings = call.settled()
    outcome = await call.services.roles.delete(call.caller, call.parameters["roleId"])
    return Answer(status=204, warnings=(*warnings, *outcome.warnings))


async def add_users(call: Call) -> Answer:
    """Grant a role to users; the answer is the list of their ids."""
    warnings = call.settled()
    outcome = await call.services.roles.grant(call.caller, call.parameters["roleId"], call.reading())
    return shaped(outcome, _ids, *warnings)


async def remove_users(call: Call) -> Answer:
    """Take a role from users; the answer is the list of their ids."""
    warnings = call.settled()
    outcome = await call.services.roles.revoke(call.caller, call.parameters["roleId"], call.reading())
    return shaped(outcome, _ids, *warnings)


def _ids(ids: tuple[str, ...]) -> Any:
    return list(ids)
