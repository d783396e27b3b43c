"""The one way to change anything."""

from __future__ import annotations

import asyncio

import pytest

from jackfield.domain.credential import Credential
from jackfield.domain.errors import Conflict, Refused, Replayed
from jackfield.domain.identity import Caller
from jackfield.domain.page import PageRequest
from jackfield.services.outcome import Outcome
from support.services import Workshop, body

BASIC = {
    "name": "c",
    "type": {"name": "basicAuth"},
    "credentialFields": {"userName": "u", "password": "hush-hush-1"},
}


def _present(outcome: object) -> bytes:
    assert isinstance(outcome, Outcome)
    return f"made {outcome.value.id}".encode()


def _create(workshop: Workshop, caller: Caller) -> Outcome[Credential]:
    return asyncio.run(workshop.services.credentials.create(caller, body(BASIC)))


def _credentials(workshop: Workshop) -> int:
    return asyncio.run(workshop.services.credentials.list(workshop.caller, PageRequest())).total


def test_every_change_has_one_audit_row(workshop: Workshop) -> None:
    """Create, replace, delete: one row each, with actor and correlation id, and no secret in it."""
    made = _create(workshop, workshop.caller).value
    asyncio.run(workshop.services.credentials.replace(workshop.caller, made.id, body(BASIC)))
    asyncio.run(workshop.services.credentials.delete(workshop.caller, made.id))
    organization = workshop.caller.organization_id
    page = asyncio.run(workshop.store.read(lambda tx: tx.audit.page(organization, PageRequest())))
    actions = [entry.action for entry in page.entities]
    assert sorted(actions) == ["credential.create", "credential.delete", "credential.replace"]
    assert {entry.correlation_id for entry in page.entities} == {workshop.caller.correlation_id}
    assert {entry.actor for entry in page.entities} == {workshop.first_start.client_id}
    assert all("hush" not in entry.before + entry.after for entry in page.entities)
    assert any("fingerprints" in entry.after for entry in page.entities)


def test_a_refused_change_leaves_nothing(workshop: Workshop) -> None:
    """A refusal inside the transaction writes neither entity nor audit row."""
    made = _create(workshop, workshop.caller).value
    created = asyncio.run(
        workshop.services.integrations.create(
            workshop.caller, body({"integrationType": {"id": "custom-rest-actions"}})
        )
    ).value.integration
    configuration = {
        "name": "n",
        "version": 1,
        "properties": {},
        "advanced": {},
        "notes": "",
        "credentials": {"basicAuth": {"id": made.id}},
    }
    asyncio.run(
        workshop.services.integrations.replace_configuration(workshop.caller, created.id, body(configuration))
    )
    organization = workshop.caller.organization_id
    before = asyncio.run(workshop.store.read(lambda tx: tx.audit.page(organization, PageRequest()).total))
    with pytest.raises(Refused):
        asyncio.run(workshop.services.credentials.delete(workshop.strict(), made.id))
    after = asyncio.run(workshop.store.read(lambda tx: tx.audit.page(organization, PageRequest()).total))
    assert (before, after) == (3, 3)
    assert _credentials(workshop) == 1


def test_a_repeat_gets_the_same_bytes_and_makes_nothing(workshop: Workshop) -> None:
    """The same Idempotency-Key and request: the first answer's bytes, one entity."""
    caller = workshop.repeating("key-1", "digest", _present)
    made = _create(workshop, caller).value
    with pytest.raises(Replayed) as repeated:
        _create(workshop, caller)
    assert repeated.value.answer.body == f"made {made.id}".encode()
    assert _credentials(workshop) == 1


def test_a_key_for_another_request_is_refused(workshop: Workshop) -> None:
    """The same key with another digest is a conflict, and makes nothing."""
    _create(workshop, workshop.repeating("key-1", "digest", _present))
    with pytest.raises(Conflict) as refused:
        _create(workshop, workshop.repeating("key-1", "other digest", _present))
    assert refused.value.findings[0].code == "IDEMPOTENCY_KEY_REUSED"
    assert _credentials(workshop) == 1


def test_concurrent_repeats_have_one_effect(workshop: Workshop) -> None:
    """Ten requests with one key at the same time make one entity and replay nine times."""
    caller = workshop.repeating("key-1", "digest", _present)

    async def all_at_once() -> list[object]:
        creates = [workshop.services.credentials.create(caller, body(BASIC)) for _ in range(10)]
        return list(await asyncio.gather(*creates, return_exceptions=True))

    results = asyncio.run(all_at_once())
    assert sum(isinstance(result, Outcome) for result in results) == 1
    assert sum(isinstance(result, Replayed) for result in results) == 9
    assert _credentials(workshop) == 1
