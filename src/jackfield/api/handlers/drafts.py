"""Drafts of data actions and their files."""

from __future__ import annotations

from jackfield.api.call import Call, shaped
from jackfield.api.error_bodies import finding_body
from jackfield.api.exchange import Answer
from jackfield.api.handlers.actions import listed, schema_of, shown, template_of
from jackfield.api.json_bytes import dump
from jackfield.api.shapes.actions import DRAFTS, created
from jackfield.domain.action import ActionState


async def list_drafts(call: Call) -> Answer:
    """Answer one page of drafts."""
    return await listed(call, ActionState.DRAFT, DRAFTS)


async def create_draft(call: Call) -> Answer:
    """Create the draft of a new action."""
    warnings = call.settled()
    outcome = await call.services.drafts.create(call.presenting(created), call.reading())
    return shaped(outcome, created, *warnings)


async def copy_action(call: Call) -> Answer:
    """Make a draft of a published action. A body is not read: the SDKs send `null`."""
    warnings = call.settled()
    outcome = await call.services.drafts.copy(call.presenting(created), call.parameters["actionId"])
    return shaped(outcome, created, *warnings)


async def get_draft(call: Call) -> Answer:
    """Answer one draft, with contract and configuration if asked for."""
    return await shown(call, ActionState.DRAFT)


async def patch_draft(call: Call) -> Answer:
    """Change a draft."""
    warnings = call.settled()
    outcome = await call.services.drafts.patch(call.caller, call.parameters["actionId"], call.reading())
    return shaped(outcome, created, *warnings)


async def delete_draft(call: Call) -> Answer:
    """Delete a draft; the published action stays."""
    warnings = call.settled()
    outcome = await call.services.drafts.delete(call.caller, call.parameters["actionId"])
    return Answer(status=204, warnings=(*warnings, *outcome.warnings))


async def get_template(call: Call) -> Answer:
    """Answer a draft's template as plain text."""
    return await template_of(call, ActionState.DRAFT)


async def get_schema(call: Call) -> Answer:
    """Answer a schema of a draft's contract."""
    return await schema_of(call, ActionState.DRAFT)


async def validate_draft(call: Call) -> Answer:
    """Answer whether a draft could be published, and every error that stands in the way."""
    warnings = call.settled()
    findings = await call.services.drafts.validate(call.caller, call.parameters["actionId"])
    errors = [one for one in findings if one.is_error]
    suspected = tuple(one for one in findings if not one.is_error)
    result = {
        "valid": not errors,
        "errors": [finding_body(one, call.caller.correlation_id) for one in errors],
    }
    return Answer(dump(result), warnings=(*warnings, *suspected))


async def publish_draft(call: Call) -> Answer:
    """Publish a draft; answers the action."""
    warnings = call.settled()
    outcome = await call.services.drafts.publish(
        call.presenting(created), call.parameters["actionId"], call.reading()
    )
    return shaped(outcome, created, *warnings)
