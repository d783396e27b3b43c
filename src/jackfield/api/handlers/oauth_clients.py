"""OAuth clients."""

from __future__ import annotations

from jackfield.api.call import Call, shaped
from jackfield.api.exchange import Answer
from jackfield.api.json_bytes import dump
from jackfield.api.paging import listing
from jackfield.api.shapes.directory import CLIENTS, oauth_client


async def list_clients(call: Call) -> Answer:
    """Answer all clients in one page."""
    warnings = call.settled()
    page = await call.services.oauth_clients.list(call.caller)
    return Answer(dump(listing(page, oauth_client, CLIENTS, {})), warnings=warnings)


async def create_client(call: Call) -> Answer:
    """Create a client; the answer shows its secret.

    It is kept for no repeat: an answer with a secret in it is not stored, so a repeat makes another client.
    """
    warnings = call.settled()
    outcome = await call.services.oauth_clients.create(call.caller, call.reading())
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
    """Give a client a new secret; the answer shows it."""
    warnings = call.settled()
    view = await call.services.oauth_clients.new_secret(call.caller, call.parameters["clientId"])
    return Answer(dump(oauth_client(view)), warnings=warnings)


async def delete_client(call: Call) -> Answer:
    """Delete an inactive client."""
    warnings = call.settled()
    await call.services.oauth_clients.delete(call.caller, call.parameters["clientId"])
    return Answer(status=204, warnings=warnings)
