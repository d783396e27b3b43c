"""Integrations and their configuration."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from jackfield.api.call import Call, shaped
from jackfield.api.exchange import Answer
from jackfield.api.json_bytes import dump
from jackfield.api.paging import listing, page_request
from jackfield.api.query import Query
from jackfield.api.shapes.integrations import INTEGRATIONS, configuration, integration
from jackfield.domain.integration import IntegrationQuery, ReportedState
from jackfield.services.integrations import IntegrationView

LARGEST_IDS = 100
SORTABLE = ("id", "name", "integrationType")
EXPANDS_CONFIGURATION = frozenset(("config", "config.current"))
FILTERS = ("ids", "integrationType", "reportedState", "credentialId", "expand")


async def list_integrations(call: Call) -> Answer:
    """Answer one page of integrations."""
    window = page_request(call.query, SORTABLE)
    shape, wanted = _shape(call.query), _filters(call.query)
    warnings = call.settled()
    page = await call.services.integrations.list(call.caller, wanted, window)
    repeated = {name: ",".join(words) for name in FILTERS if (words := call.query.words(name))}
    if window.sort_by:
        repeated["sortBy"] = window.sort_by
    return Answer(dump(listing(page, shape, INTEGRATIONS, repeated)), warnings=warnings)


async def create_integration(call: Call) -> Answer:
    """Create an integration."""
    warnings = call.settled()
    outcome = await call.services.integrations.create(call.presenting(integration), call.reading())
    return shaped(outcome, integration, *warnings)


async def get_integration(call: Call) -> Answer:
    """Answer one integration; paging parameters are accepted and mean nothing."""
    shape = _shape(call.query)
    warnings = call.settled()
    view = await call.services.integrations.get(call.caller, call.parameters["integrationId"])
    return Answer(dump(shape(view)), warnings=warnings)


async def patch_integration(call: Call) -> Answer:
    """Change an integration's intended state."""
    shape = _shape(call.query)
    warnings = call.settled()
    outcome = await call.services.integrations.patch(
        call.caller, call.parameters["integrationId"], call.reading()
    )
    return shaped(outcome, shape, *warnings)


async def delete_integration(call: Call) -> Answer:
    """Delete an integration with its actions; the answer is the integration as it was, DELETED."""
    warnings = call.settled()
    deleted = await call.services.integrations.delete(call.caller, call.parameters["integrationId"])
    return Answer(dump(integration(deleted)), warnings=warnings)


async def get_configuration(call: Call) -> Answer:
    """Answer the current configuration."""
    warnings = call.settled()
    view = await call.services.integrations.get(call.caller, call.parameters["integrationId"])
    return Answer(dump(configuration(view)), warnings=warnings)


async def put_configuration(call: Call) -> Answer:
    """Replace the current configuration."""
    warnings = call.settled()
    outcome = await call.services.integrations.replace_configuration(
        call.caller, call.parameters["integrationId"], call.reading()
    )
    return shaped(outcome, configuration, *warnings)


def _shape(query: Query) -> Callable[[IntegrationView], dict[str, Any]]:
    expand = any(word.lower() in EXPANDS_CONFIGURATION for word in query.words("expand"))
    return partial(integration, expand_configuration=expand)


def _filters(query: Query) -> IntegrationQuery:
    state = query.choice("reportedState", tuple(ReportedState))
    return IntegrationQuery(
        ids=query.ids("ids", LARGEST_IDS),
        type_id=query.text("integrationType"),
        reported_state=ReportedState(state) if state else None,
        credential_id=query.text("credentialId"),
    )
