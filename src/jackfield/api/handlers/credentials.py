"""Credentials and credential types."""

from __future__ import annotations

from jackfield.api.call import Call, shaped
from jackfield.api.exchange import Answer
from jackfield.api.json_bytes import dump
from jackfield.api.paging import cursor_listing, cursor_request, listing, page_request
from jackfield.api.shapes.credentials import CREDENTIALS, credential, credential_info, credential_type

LISTING = f"{CREDENTIALS}/listing"


async def list_credentials(call: Call) -> Answer:
    """Answer one page by number (deprecated in the cloud for the cursor listing)."""
    window = page_request(call.query)
    warnings = call.settled()
    page = await call.services.credentials.list(call.caller, window)
    return Answer(dump(listing(page, credential_info, CREDENTIALS, {})), warnings=warnings)


async def credential_listing(call: Call) -> Answer:
    """Answer one page by cursor."""
    window = cursor_request(call.query)
    warnings = call.settled()
    outcome = await call.services.credentials.listing(call.caller, window)
    shape = cursor_listing(outcome.value, credential_info, LISTING, window)
    return Answer(dump(shape), warnings=(*warnings, *outcome.warnings))


async def list_credential_types(call: Call) -> Answer:
    """Answer all credential types as a bare array, as the contract has it since April 2026."""
    warnings = call.settled()
    kinds = sorted(call.services.catalog.credential_types.values(), key=lambda kind: kind.name)
    return Answer(dump([credential_type(kind) for kind in kinds]), warnings=warnings)


async def create_credential(call: Call) -> Answer:
    """Create a credential."""
    warnings = call.settled()
    outcome = await call.services.credentials.create(call.presenting(credential_info), call.reading())
    return shaped(outcome, credential_info, *warnings)


async def get_credential(call: Call) -> Answer:
    """Answer one credential with the fields that are not sensitive."""
    warnings = call.settled()
    view = await call.services.credentials.get(call.caller, call.parameters["credentialId"])
    return Answer(dump(credential(view)), warnings=warnings)


async def put_credential(call: Call) -> Answer:
    """Replace a credential."""
    warnings = call.settled()
    outcome = await call.services.credentials.replace(
        call.caller, call.parameters["credentialId"], call.reading()
    )
    return shaped(outcome, credential_info, *warnings)


async def delete_credential(call: Call) -> Answer:
    """Delete a credential."""
    warnings = call.settled()
    outcome = await call.services.credentials.delete(call.caller, call.parameters["credentialId"])
    return Answer(status=204, warnings=(*warnings, *outcome.warnings))
