"""OAuth clients."""

from __future__ import annotations

from typing import Any

from jackfield.api.call import Call, shaped
from jackfield.api.exchange import Answer
from jackfield.api.json_bytes import dump
from jackfield.api.paging import listing
from jackfield.api.shapes.directory import CLIENTS, oauth_client
from jackfield.services.oauth_clients import ClientView


async def list_clients(call: Call) -> Answer:
    """Answer all clients in one page."""
    warnings = call.settled()
    page = await call.services.oauth_clients.list(call.caller)
    return Answer(dump(listing(page, oauth_client, CLIENTS, {})), warnings=warnings)


async def create_client(call: Call) -> Answer:
    """Create a client; the answer shows its secret, what a repeat gets does not."""
    warnings = call.settled()
    outcome = await call.services.oauth_clients.create(call.presenting(_kept), call.reading())
    return shaped(outcome, oauth_client, *warnings)


async def get_client(call: Call) -> Answer:
    """Answer one client without its secret."""
    warnings = call.settled()
    view = await call.services.oauth_clients.get(call.caller, call.parameters["clientId"])
    return Answer(dump(oauth_client(view)), warnings=warnings)


async def put_client(call: Call) -> Answer:
    """Change a client."""
    warnings = call.settled()
    outcome = await call.services.oauth_clients.replace(
        call.caller, call.parameters["clientId"], call.reading()
    )
    return shaped(outcome, oauth_client, *warnings)


async def create_secret(call: Call) -> Answer:
    """Give a client a new secret; the answer shows it, what a repeat gets does not."""
    warnings = call.settled()
    client_id = call.parameters["clientId"]
    view = await call.services.oauth_clients.new_secret(call.presenting(_kept), client_id)
    return Answer(dump(oauth_client(view)), warnings=warnings)


async def delete_client(call: Call) -> Answer:
    """Delete an inactive client."""
    warnings = call.settled()
    await call.services.oauth_clients.delete(call.caller, call.parameters["clientId"])
    return Answer(status=204, warnings=warnings)


def _kept(view: ClientView) -> dict[str, Any]:
    """Return what is kept for a repeat: no secret is ever stored in clear."""
    return oauth_client(ClientView(view.client))
