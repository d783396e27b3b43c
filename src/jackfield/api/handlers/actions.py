"""Data actions and their files."""

from __future__ import annotations

from functools import partial

from jackfield.api.call import Call, shaped
from jackfield.api.exchange import TEXT, Answer
from jackfield.api.json_bytes import dump
from jackfield.api.paging import listing, page_request, short_listing
from jackfield.api.shapes.actions import ACTIONS, action, category, created, schema_bytes, template_text
from jackfield.domain.action import ActionQuery, ActionState

LARGEST_IDS = 50
SORTABLE = ("id", "name", "category")
FILTERS = ("category", "name", "ids", "secure", "includeAuthActions", "includeConfig", "sortOrder")


async def list_actions(call: Call) -> Answer:
    """Answer one page of published actions."""
    return await listed(call, ActionState.PUBLISHED, ACTIONS)


async def listed(call: Call, state: ActionState, path: str) -> Answer:
    """Answer one page of actions in one state.

    Args:
        path: of the list, for its links.
    """
    query = call.query
    window = page_request(query, SORTABLE)
    wanted = ActionQuery(
        state=state,
        category=query.text("category"),
        name=query.text("name"),
        ids=query.ids("ids", LARGEST_IDS),
        secure=query.flag("secure"),
        include_auth=query.flag("includeAuthActions") or False,
        sort_by=window.sort_by,
        descending=window.descending,
    )
    shape = partial(action, config=query.flag("includeConfig") or False)
    warnings = call.settled()
    page = await call.services.actions.list(call.caller, wanted, window)
    repeated = {name: text for name in FILTERS if (text := query.text(name))}
    if window.sort_by:
        repeated["sortBy"] = window.sort_by
    return Answer(dump(listing(page, shape, path, repeated)), warnings=warnings)


async def create_action(call: Call) -> Answer:
    """Create a published action."""
    warnings = call.settled()
    outcome = await call.services.actions.create(call.presenting(created), call.reading())
    return shaped(outcome, created, *warnings)


async def list_categories(call: Call) -> Answer:
    """Answer one page of the categories in use."""
    window = page_request(call.query, ("name",))
    secure = call.query.flag("secure")
    warnings = call.settled()
    page = await call.services.actions.categories(call.caller, secure, window)
    return Answer(dump(short_listing(page, category)), warnings=warnings)


async def get_action(call: Call) -> Answer:
    """Answer one action, with contract and configuration if asked for."""
    return await shown(call, ActionState.PUBLISHED)


async def shown(call: Call, state: ActionState) -> Answer:
    """Answer one action in one state."""
    query = call.query
    shape = partial(
        action,
        contract="contract" in (word.lower() for word in query.words("expand")),
        flatten=query.flag("flatten") or False,
        config=query.flag("includeConfig") or False,
    )
    warnings = call.settled()
    item = await call.services.actions.get(call.caller, call.parameters["actionId"], state)
    return Answer(dump(shape(item)), warnings=warnings)


async def patch_action(call: Call) -> Answer:
    """Change a published action."""
    warnings = call.settled()
    outcome = await call.services.actions.patch(call.caller, call.parameters["actionId"], call.reading())
    return shaped(outcome, created, *warnings)


async def delete_action(call: Call) -> Answer:
    """Delete an action and its draft."""
    warnings = call.settled()
    outcome = await call.services.actions.delete(call.caller, call.parameters["actionId"])
    return Answer(status=204, warnings=(*warnings, *outcome.warnings))


async def get_template(call: Call) -> Answer:
    """Answer a template as plain text, exactly as it was sent."""
    return await template_of(call, ActionState.PUBLISHED)


async def template_of(call: Call, state: ActionState) -> Answer:
    """Answer a template of an action in one state."""
    warnings = call.settled()
    item = await call.services.actions.get(call.caller, call.parameters["actionId"], state)
    text = template_text(item, call.parameters["fileName"])
    return Answer(text.encode(), media_type=TEXT, warnings=warnings)


async def get_schema(call: Call) -> Answer:
    """Answer a schema of the contract."""
    return await schema_of(call, ActionState.PUBLISHED)


async def schema_of(call: Call, state: ActionState) -> Answer:
    """Answer a schema of an action in one state."""
    flatten = call.query.flag("flatten") or False
    warnings = call.settled()
    item = await call.services.actions.get(call.caller, call.parameters["actionId"], state)
    return Answer(schema_bytes(item, call.parameters["fileName"], flatten=flatten), warnings=warnings)
