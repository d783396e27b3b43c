"""Short forms for tests that talk to a store, and entities to put into it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from jackfield.domain.action import Action, ActionConfig, ActionState, Contract
from jackfield.domain.audit import AuditEntry
from jackfield.domain.credential import Credential
from jackfield.domain.integration import Configuration, Integration, IntendedState, ReportedState
from jackfield.domain.ports import Store, Transaction

T = TypeVar("T")
ORGANIZATION = "organization-1"
NOON = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)


def write(store: Store, work: Callable[[Transaction], T]) -> T:
    """Run one write to its end."""
    return asyncio.run(_write(store, work))


def read(store: Store, work: Callable[[Transaction], T]) -> T:
    """Run one read to its end."""
    return asyncio.run(_read(store, work))


def add_all(store: Store, adder: Callable[[Transaction], Callable[[T], None]], *entities: T) -> None:
    """Add entities in one write; `adder` picks the repository's method."""

    def work(transaction: Transaction) -> None:
        add = adder(transaction)
        for entity in entities:
            add(entity)

    write(store, work)


async def _write(store: Store, work: Callable[[Transaction], T]) -> T:
    return await store.write(work)


async def _read(store: Store, work: Callable[[Transaction], T]) -> T:
    return await store.read(work)


def integration(number: int = 1, **configuration: Any) -> Integration:
    """Return an integration; keyword arguments go into its configuration."""
    return Integration(
        id=f"integration-{number}",
        organization_id=ORGANIZATION,
        type_id="custom-rest-actions",
        intended_state=IntendedState.DISABLED,
        reported_state=ReportedState.INACTIVE,
        configuration=Configuration(**{"name": f"Integration {number}", **configuration}),
        created=NOON,
        modified=NOON,
    )


def credential(number: int = 1, **changes: Any) -> Credential:
    """Return a credential with two sealed fields."""
    made = Credential(
        id=f"credential-{number}",
        organization_id=ORGANIZATION,
        name=f"Credential {number}",
        type_name="basicAuth",
        version=1,
        created=NOON,
        modified=NOON,
        sealed={"userName": b"\x00\x01sealed", "password": b"\xff\xfe"},
    )
    return replace(made, **changes)


def action(number: int = 1, **changes: Any) -> Action:
    """Return a published custom action of the first integration."""
    made = Action(
        id=f"custom_-_{number}",
        organization_id=ORGANIZATION,
        integration_id="integration-1",
        name=f"Action {number}",
        category="Orders",
        version=1,
        secure=False,
        config=ActionConfig(),
        contract=Contract(),
        state=ActionState.PUBLISHED,
        created=NOON,
        modified=NOON,
    )
    return replace(made, **changes)


def audit_entry(number: int = 1) -> AuditEntry:
    """Return an audit row."""
    return AuditEntry(
        id=f"audit-{number}",
        organization_id=ORGANIZATION,
        at=NOON,
        actor="client-1",
        action="integration.create",
        entity_kind="integration",
        entity_id=f"integration-{number}",
        before="",
        after='{"name":"x"}',
        correlation_id="c-1",
    )
