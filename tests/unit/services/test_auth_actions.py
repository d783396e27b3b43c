"""The auth action through the services: what makes it, what removes it, and how late it may be."""

from __future__ import annotations

import asyncio

import pytest

from jackfield.app import SystemIds
from jackfield.catalog import load_catalog
from jackfield.domain.action import ActionState
from jackfield.domain.errors import NotFound
from jackfield.services.actions import ActionService
from jackfield.services.execution import ExecutionService
from jackfield.services.manners import CloudManners
from jackfield.services.mutations import Mutations
from support.services import Workshop, body

FIELDS = {"loginUrl": "https://login.example.com", "clientId": "id", "clientSecret": "secret-of-id"}
CATALOG = load_catalog()


def integration_with(workshop: Workshop, kind: str = "userDefinedOAuth") -> str:
    """Create an integration with a credential of a type; return its id."""
    integrations, credentials = workshop.services.integrations, workshop.services.credentials
    wanted = body({"integrationType": {"id": "custom-rest-actions"}})
    made = asyncio.run(integrations.create(workshop.caller, wanted)).value.integration.id
    wanted = body({"name": "c", "type": kind, "credentialFields": FIELDS})
    credential = asyncio.run(credentials.create(workshop.caller, wanted)).value
    configuration = {
        "name": "x" * 256,
        "version": 1,
        "properties": {},
        "advanced": {},
        "notes": "",
        "credentials": {"basicAuth": {"id": credential.id}},
    }
    asyncio.run(integrations.replace_configuration(workshop.caller, made, body(configuration)))
    return made


def test_only_its_own_type_of_credential_makes_it(workshop: Workshop) -> None:
    """Another type gives none; the longest name leaves room for what is added to it."""
    with_login, without = integration_with(workshop), integration_with(workshop, "userDefined")
    get = workshop.services.actions.get
    action = asyncio.run(get(workshop.caller, f"customAuth_-_{with_login}"))
    assert (len(action.name), action.name[-7:], action.version) == (256, " (Auth)", 1)
    with pytest.raises(NotFound):
        asyncio.run(get(workshop.caller, f"customAuth_-_{without}"))


def test_every_change_of_it_is_in_the_audit(workshop: Workshop) -> None:
    """Who attaches a credential creates the action, too; who detaches it deletes it."""
    made = integration_with(workshop)
    detached = {"name": "n", "version": 2, "properties": {}, "advanced": {}, "notes": "", "credentials": {}}
    service = workshop.services.integrations
    asyncio.run(service.replace_configuration(workshop.caller, made, body(detached)))

    def kept(transaction: object) -> list[str]:
        from jackfield.domain.page import PageRequest
        from jackfield.store.transaction import SqlTransaction

        assert isinstance(transaction, SqlTransaction)
        page = transaction.audit.page(workshop.caller.organization_id, PageRequest(size=50))
        return [row.action for row in page.entities if row.entity_id == f"customAuth_-_{made}"]

    assert sorted(asyncio.run(workshop.store.read(kept))) == ["action.create", "action.delete"]


def test_the_cloud_is_late_with_it(workshop: Workshop) -> None:
    """With the cloud's manners it is not there at once, neither to be read nor to log in with; then it is."""
    made = integration_with(workshop)
    manners = CloudManners(workshop.clock, 7)
    mutations = Mutations(workshop.store, workshop.clock, SystemIds(1), lambda: None)
    actions = ActionService(workshop.store, mutations, CATALOG, workshop.clock, SystemIds(1), manners)
    execution = ExecutionService(
        workshop.store, workshop.vault, workshop.engine, CATALOG, workshop.clock, manners=manners
    )
    workshop.later(seconds=5)
    wanted = {
        "name": "a",
        "category": "c",
        "integrationId": made,
        "config": {"request": {"requestUrlTemplate": "https://example.com", "requestType": "GET"}},
        "contract": {
            "input": {"inputSchema": {"type": "object", "properties": {}}},
            "output": {"successSchema": {"type": "object", "properties": {}}},
        },
    }
    action = asyncio.run(workshop.services.actions.create(workshop.caller, body(wanted))).value
    workshop.clock.at = asyncio.run(
        workshop.services.actions.get(workshop.caller, f"customAuth_-_{made}")
    ).created
    with pytest.raises(NotFound):
        asyncio.run(actions.get(workshop.caller, f"customAuth_-_{made}", ActionState.PUBLISHED))
    asyncio.run(execution.execute(workshop.caller, action.id, b"{}", flatten=False))
    assert workshop.engine.runs[-1].login is None
    workshop.later(seconds=16)
    assert asyncio.run(actions.get(workshop.caller, f"customAuth_-_{made}")).is_login
    asyncio.run(execution.execute(workshop.caller, action.id, b"{}", flatten=False))
    assert workshop.engine.runs[-1].login is not None
