"""The caller's own token, user, organization and permissions; users."""

from __future__ import annotations

from functools import partial

from jackfield.api.call import Call, shaped
from jackfield.api.exchange import Answer
from jackfield.api.json_bytes import dump
from jackfield.api.paging import listing, page_of, page_request, short_listing
from jackfield.api.shapes import directory as shapes
from jackfield.domain.page import PageRequest

LARGEST_IDS = 100
EXPANDED = ("authorization", "groups", "organization")


async def get_token(call: Call) -> Answer:
    """Answer what the caller's token stands for."""
    call.query.text("preserveIdleTTL")
    warnings = call.settled()
    return Answer(dump(shapes.token(await call.services.users.token(call.caller))), warnings=warnings)


async def delete_token(call: Call) -> Answer:
    """End the caller's token, and all of its login."""
    warnings = call.settled()
    await call.services.grants.end(call.caller)
    return Answer(status=204, warnings=warnings)


async def delete_tokens_of_user(call: Call) -> Answer:
    """End all tokens of a user."""
    warnings = call.settled()
    await call.services.grants.end_user(call.caller, call.parameters["userId"])
    return Answer(status=204, warnings=warnings)


async def get_me(call: Call) -> Answer:
    """Answer the user behind the token."""
    expand = call.query.words("expand")
    warnings = call.settled()
    view = await call.services.users.me(call.caller)
    known = call.services.catalog.permissions
    shape = shapes.user(view, expand, known)
    if "token" in expand:
        shape["token"] = shapes.token(await call.services.users.token(call.caller))
    return Answer(dump(shape), warnings=warnings)


async def get_user(call: Call) -> Answer:
    """Answer one user."""
    expand = call.query.words("expand")
    warnings = call.settled()
    view = await call.services.users.get(call.caller, call.parameters["userId"])
    return Answer(dump(shapes.user(view, expand, call.services.catalog.permissions)), warnings=warnings)


async def list_users(call: Call) -> Answer:
    """Answer one page of users."""
    window = page_request(call.query, ("id",))
    ids, expand = call.query.ids("id", LARGEST_IDS), call.query.words("expand")
    state = call.query.choice("state", ("active", "inactive", "deleted", "any"))
    warnings = call.settled()
    active = {"inactive": False, "any": None}.get(state, True)
    page = await call.services.users.list(call.caller, ids, active, window)
    shape = partial(shapes.user, expand=expand, known=call.services.catalog.permissions)
    sent = {"id": ",".join(ids), "expand": ",".join(expand), "state": state}
    filters = {name: text for name, text in sent.items() if text}
    return Answer(dump(listing(page, shape, shapes.USERS, filters)), warnings=warnings)


async def create_user(call: Call) -> Answer:
    """Create a user."""
    warnings = call.settled()
    outcome = await call.services.users.create(call.presenting(shapes.user), call.reading())
    return shaped(outcome, shapes.user, *warnings)


async def get_organization(call: Call) -> Answer:
    """Answer the organization."""
    warnings = call.settled()
    return Answer(dump(shapes.organization(await call.services.users.organization())), warnings=warnings)


async def get_subject(call: Call) -> Answer:
    """Answer the roles granted to whoever calls."""
    call.query.flag("includeDuplicates")
    full = call.query.flag("includeFullRoles")
    warnings = call.settled()
    view = await call.services.users.subject(call.caller)
    return Answer(dump(shapes.subject(view, full=bool(full))), warnings=warnings)


async def list_products(call: Call) -> Answer:
    """Answer the products: none, for none of the cloud's is licensed here."""
    warnings = call.settled()
    products: tuple[str, ...] = ()
    page = page_of(products, PageRequest())
    return Answer(dump(short_listing(page, lambda product: {"id": product})), warnings=warnings)


async def list_permissions(call: Call) -> Answer:
    """Answer one page of permissions, collected by their domains."""
    window = page_request(call.query)
    kind = call.query.choice("queryType", ("domain", "permission"))
    wanted = tuple(word.lower() for word in call.query.words("query"))
    warnings = call.settled()
    table = call.services.catalog.permission_table
    if wanted:
        table = tuple(one for one in table if _asked_for(one.name.lower(), kind, wanted))
    page = page_of(shapes.permission_collections(table), window)
    path = "/api/v2/authorization/permissions"
    return Answer(dump(listing(page, dict, path, {})), warnings=warnings)


def _asked_for(name: str, kind: str, wanted: tuple[str, ...]) -> bool:
    if kind == "domain":
        return name.partition(":")[0] in wanted
    return any(name.startswith(word) for word in wanted)
