"""Drafts through the service: concurrency, and what publishing does with versions."""

from __future__ import annotations

import asyncio

import pytest

from jackfield.domain.action import Action
from jackfield.domain.errors import Conflict, NotFound, Refused, VersionConflict
from support.services import Workshop, body

WHOLE = {
    "config": {"request": {"requestUrlTemplate": "https://a.example/", "requestType": "GET"}},
    "contract": {
        "input": {"inputSchema": {"type": "object", "properties": {}}},
        "output": {"successSchema": {"type": "object", "properties": {}}},
    },
}


def _draft(workshop: Workshop, **members: object) -> Action:
    wanted = body({"integrationType": {"id": "custom-rest-actions"}})
    home = asyncio.run(workshop.services.integrations.create(workshop.caller, wanted)).value.integration
    sent = body({"name": "d", "integrationId": home.id, **members})
    return asyncio.run(workshop.services.drafts.create(workshop.caller, sent)).value


def _publish(workshop: Workshop, action_id: str, version: int) -> Action:
    service = workshop.services.drafts
    return asyncio.run(service.publish(workshop.caller, action_id, body({"version": version}))).value


def test_of_ten_changes_at_once_one_is_taken(workshop: Workshop) -> None:
    """Nine see a conflict."""
    draft, service = _draft(workshop), workshop.services.drafts

    async def all_at_once() -> list[object]:
        changes = [
            service.patch(workshop.caller, draft.id, body({"version": 1, "name": f"n{number}"}))
            for number in range(10)
        ]
        return list(await asyncio.gather(*changes, return_exceptions=True))

    results = asyncio.run(all_at_once())
    assert sum(isinstance(result, VersionConflict) for result in results) == 9


def test_publishing_takes_a_version_of_its_own(workshop: Workshop) -> None:
    """The action's version is above that of the draft and above what the action had meanwhile."""
    draft, services = _draft(workshop, **WHOLE), workshop.services
    assert _publish(workshop, draft.id, 1).version == 2
    assert asyncio.run(services.drafts.copy(workshop.caller, draft.id)).value.version == 2
    for version in (2, 3):
        asyncio.run(services.actions.patch(workshop.caller, draft.id, body({"version": version})))
    assert _publish(workshop, draft.id, 2).version == 5
    with pytest.raises(NotFound):
        asyncio.run(services.drafts.delete(workshop.caller, draft.id))


def test_an_action_has_one_draft(workshop: Workshop) -> None:
    """A copy where there is a draft is refused, published or not."""
    draft, service = _draft(workshop), workshop.services.drafts
    with pytest.raises(Conflict):
        asyncio.run(service.copy(workshop.caller, draft.id))
    with pytest.raises(NotFound):
        asyncio.run(service.copy(workshop.caller, "custom_-_none"))


def test_publishing_over_a_newer_action_warns(workshop: Workshop) -> None:
    """What was changed after the draft was made would be gone: validation and publishing say so."""
    draft, services = _draft(workshop, **WHOLE), workshop.services
    _publish(workshop, draft.id, 1)
    workshop.later(seconds=1)
    asyncio.run(services.drafts.copy(workshop.caller, draft.id))
    assert asyncio.run(services.drafts.validate(workshop.caller, draft.id)) == ()
    workshop.later(seconds=1)
    asyncio.run(services.actions.patch(workshop.caller, draft.id, body({"version": 2, "name": "newer"})))
    told = asyncio.run(services.drafts.validate(workshop.caller, draft.id))
    assert [finding.code for finding in told] == ["PUBLISHED_SINCE_DRAFT"]
    sent = body({"version": 2})
    with pytest.raises(Refused):
        asyncio.run(services.drafts.publish(workshop.strict(), draft.id, sent))
    outcome = asyncio.run(services.drafts.publish(workshop.caller, draft.id, sent))
    assert [finding.code for finding in outcome.warnings] == ["PUBLISHED_SINCE_DRAFT"]
