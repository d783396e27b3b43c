"""Groups of users."""

from __future__ import annotations

from typing import Any

from jackfield.api.call import Call, shaped
from jackfield.api.exchange import Answer
from jackfield.api.json_bytes import dump
from jackfield.api.paging import listing, page_request
from jackfield.api.shapes.directory import GROUPS, found_groups, group, plain_user

LARGEST_IDS = 100
LARGEST_MEMBERS = 50


async def list_groups(call: Call) -> Answer:
    """Answer one page of groups."""
    window = page_request(call.query, ("id",))
    ids = call.query.ids("id", LARGEST_IDS)
    warnings = call.settled()
    page = await call.services.groups.list(call.caller, ids, window)
    filters = {"id": ",".join(ids)} if ids else {}
    return Answer(dump(listing(page, group, GROUPS, filters)), warnings=warnings)


async def create_group(call: Call) -> Answer:
    """Create a group."""
    warnings = call.settled()
    outcome = await call.services.groups.create(call.presenting(group), call.reading())
    return shaped(outcome, group, *warnings)


async def get_group(call: Call) -> Answer:
    """Answer one group."""
    warnings = call.settled()
    return Answer(
        dump(group(await call.services.groups.get(call.caller, call.parameters["groupId"]))),
        warnings=warnings,
    )


async def delete_group(call: Call) -> Answer:
    """Delete a group."""
    warnings = call.settled()
    await call.services.groups.delete(call.caller, call.parameters["groupId"])
    return Answer(status=204, warnings=warnings)


async def search_groups(call: Call) -> Answer:
    """Answer one page of the groups whose names meet the conditions."""
    warnings = call.settled()
    outcome = await call.services.groups.search(call.caller, call.reading())
    return shaped(outcome, found_groups, *warnings)


async def list_members(call: Call) -> Answer:
    """Answer one page of a group's members."""
    window = page_request(call.query, ("id",))
    group_id = call.parameters["groupId"]
    warnings = call.settled()
    page = await call.services.groups.members(call.caller, group_id, window)
    path = f"{GROUPS}/{group_id}/members"
    return Answer(dump(listing(page, plain_user, path, {})), warnings=warnings)


async def add_members(call: Call) -> Answer:
    """Add users to a group; the answer is an empty object."""
    warnings = call.settled()
    outcome = await call.services.groups.add_members(
        call.presenting(_nothing), call.parameters["groupId"], call.reading()
    )
    return shaped(outcome, _nothing, *warnings)


async def remove_members(call: Call) -> Answer:
    """Take users out of a group; the answer is an empty object."""
    ids = call.query.ids("ids", LARGEST_MEMBERS)
    warnings = call.settled()
    await call.services.groups.remove_members(call.caller, call.parameters["groupId"], ids)
    return Answer(dump({}), warnings=warnings)


def _nothing(_: Any) -> dict[str, Any]:
    return {}
