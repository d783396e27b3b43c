"""Reported states: set again whenever something changes that an integration's configuration rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from jackfield.catalog import Catalog
from jackfield.domain.credential import Credential
from jackfield.domain.finding import Finding
from jackfield.domain.integration import Integration
from jackfield.domain.ports import Transaction
from jackfield.rules.standing import reported_state, standing_faults


def faults_of(
    integration: Integration, attached: Sequence[Credential], catalog: Catalog
) -> tuple[Finding, ...]:
    """Return why an integration's configuration does not hold.

    Args:
        attached: those of its credentials that exist.
    """
    kind = catalog.integration_types.get(integration.type_id)
    by_id = {credential.id: credential for credential in attached}
    return standing_faults(kind, integration.configuration, by_id.get) if kind else ()


def restated(transaction: Transaction, integration: Integration, catalog: Catalog) -> Integration:
    """Return the integration with the state it reports, as everything is now."""
    wanted = tuple(integration.configuration.credentials.values())
    attached = transaction.credentials.get_many(integration.organization_id, wanted) if wanted else ()
    faults = faults_of(integration, attached, catalog)
    return replace(integration, reported_state=reported_state(integration, faults))


def restate(transaction: Transaction, users: Sequence[Integration], catalog: Catalog) -> None:
    """Store the reported states of integrations whose credential was changed or removed."""
    for user in users:
        now = restated(transaction, user, catalog)
        if now.reported_state is not user.reported_state:
            transaction.integrations.replace(now, expected_version=user.configuration.version)
