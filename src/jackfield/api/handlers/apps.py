"""Client apps, user apps and the client apps of telephony systems: lists of integrations of certain types."""

from __future__ import annotations

from functools import partial

from jackfield.api.call import Call
from jackfield.api.exchange import Answer
from jackfield.api.json_bytes import dump
from jackfield.api.paging import listing, page_request
from jackfield.api.query import Query
from jackfield.api.shapes.apps import (
    CLIENT_APPS,
    UC_CLIENT_APPS,
    USER_APPS,
    client_app,
    telephony_app,
    user_app,
)
from jackfield.domain.integration import IntegrationQuery, IntendedState

SORTABLE = ("id", "name", "integrationType")
EXPANDS = frozenset(("config", "config.current", "config.effective"))


async def list_client_apps(call: Call) -> Answer:
    """Answer one page of client apps, whatever their state: the wizard looks its own one up here."""
    window = page_request(call.query, SORTABLE)
    shape, repeated = partial(client_app, expand=_expands(call.query)), _repeated(call.query)
    warnings = call.settled()
    wanted = IntegrationQuery(type_ids=call.services.catalog.client_app_types)
    page = await call.services.integrations.list(call.caller, wanted, window)
    return Answer(dump(listing(page, shape, CLIENT_APPS, repeated)), warnings=warnings)


async def list_user_apps(call: Call) -> Answer:
    """Answer one page of the client apps that are enabled; `appHost` is taken as a type's id."""
    window = page_request(call.query, SORTABLE)
    shape, repeated = partial(user_app, expand=_expands(call.query)), _repeated(call.query)
    host = call.query.text("appHost")
    warnings = call.settled()
    types = call.services.catalog.client_app_types
    wanted = IntegrationQuery(type_ids=types, type_id=host, intended_state=IntendedState.ENABLED)
    page = await call.services.integrations.list(call.caller, wanted, window)
    return Answer(dump(listing(page, shape, USER_APPS, repeated)), warnings=warnings)


async def list_telephony_apps(call: Call) -> Answer:
    """Answer one page of the client apps of telephony systems that are enabled."""
    window = page_request(call.query, SORTABLE)
    repeated = _repeated(call.query)
    warnings = call.settled()
    types = call.services.catalog.unified_communications_types
    wanted = IntegrationQuery(type_ids=types, intended_state=IntendedState.ENABLED)
    page = await call.services.integrations.list(call.caller, wanted, window)
    return Answer(dump(listing(page, telephony_app, UC_CLIENT_APPS, repeated)), warnings=warnings)


async def get_telephony_app(call: Call) -> Answer:
    """Answer the client app of one telephony system."""
    warnings = call.settled()
    view = await call.services.presences.integration(call.caller, call.parameters["ucIntegrationId"])
    return Answer(dump(telephony_app(view)), warnings=warnings)


async def put_presences(call: Call) -> Answer:
    """Take presences that a telephony system tells; each replaces what was told of that address."""
    warnings = call.settled()
    outcome = await call.services.presences.put(
        call.caller, call.parameters["ucIntegrationId"], call.reading()
    )
    return Answer(dump(f"{outcome.value} accepted"), warnings=(*warnings, *outcome.warnings))


def _expands(query: Query) -> bool:
    return any(word.lower() in EXPANDS for word in query.words("expand"))


def _repeated(query: Query) -> dict[str, str]:
    repeated = {"expand": ",".join(words)} if (words := query.words("expand")) else {}
    repeated |= {name: text for name in ("sortBy", "appHost") if (text := query.text(name))}
    return repeated
