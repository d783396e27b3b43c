"""Integrations: create, read, enable, configure, delete."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from jackfield.catalog import Catalog
from jackfield.domain.catalogue import found
from jackfield.domain.credential import Credential
from jackfield.domain.errors import NotFound, VersionConflict
from jackfield.domain.finding import Finding, Place
from jackfield.domain.identity import Caller
from jackfield.domain.integration import (
    Configuration,
    Integration,
    IntegrationQuery,
    IntegrationType,
    IntendedState,
    NewIntegration,
    ReportedState,
)
from jackfield.domain.json_reader import Reading
from jackfield.domain.page import Page, PageRequest
from jackfield.domain.ports import Clock, Ids, Store, Transaction
from jackfield.domain.webhook import Webhook
from jackfield.rules.configurations import ConfigurationFacts, check_configuration, credential_ids
from jackfield.rules.integrations import check_integration_patch, check_new_integration
from jackfield.rules.nearest import nearest
from jackfield.rules.standing import reported_state
from jackfield.services.auth_actions import settle_auth_action
from jackfield.services.manners import PROMPT, Manners
from jackfield.services.mutations import Change, Mutations
from jackfield.services.outcome import Outcome, accepted, admit
from jackfield.services.standing import faults_of, restated

WEBHOOK_BYTES = 24
"""Randomness of a webhook's id, which is all that a sender needs."""

# The path of one integration swallows mistyped names of the lists beside it.
COLLECTIONS = ("types", "credentials", "actions", "clientapps", "userapps")


@dataclass(frozen=True, slots=True)
class IntegrationView:
    """An integration with what its wire form shows of others.

    Args:
        type: its integration type.
        credentials: slot name to the credential attached there; a slot whose credential is gone is left out.
        faults: why its configuration does not hold.
        on_the_way: what it reports before it is as it is meant; None if it is there.
        webhook_id: of a webhook integration, else "".
        origin: scheme, host and port under which the server is reached.
    """

    integration: Integration
    type: IntegrationType
    credentials: Mapping[str, Credential]
    faults: tuple[Finding, ...] = ()
    on_the_way: ReportedState | None = None
    webhook_id: str = ""
    origin: str = ""

    @property
    def invocation_url(self) -> str:
        """Where a webhook's events go."""
        return f"{self.origin}/api/v2/integrations/webhooks/{self.webhook_id}/events"

    @property
    def reported_state(self) -> ReportedState:
        """What the integration is, as far as the server knows."""
        return self.on_the_way or reported_state(self.integration, self.faults)


class IntegrationService:
    """What can be done with integrations.

    Args:
        store: durable store for reads.
        mutations: the way to change it.
        catalog: integration types.
        origin: scheme, host and port under which the server is reached, for the addresses it tells.
    """

    def __init__(
        self,
        store: Store,
        mutations: Mutations,
        catalog: Catalog,
        clock: Clock,
        ids: Ids,
        manners: Manners = PROMPT,
        origin: str = "",
    ) -> None:
        self._store, self._mutations, self._catalog = store, mutations, catalog
        self._clock, self._ids, self._manners, self._origin = clock, ids, manners, origin

    async def create(self, caller: Caller, body: Reading) -> Outcome[IntegrationView]:
        """Store a new integration: DISABLED, configuration version 1, named like its type by default.

        Raises:
            Refused: the body names no known type.
        """
        wanted = accepted(check_new_integration(body, self._catalog, strict=caller.strict))
        kind = self._catalog.integration_types[wanted.value.type_id]

        def work(change: Change) -> Outcome[IntegrationView]:
            count = change.transaction.integrations.count_of_type(caller.organization_id, kind.id)
            warnings = admit(_installation_findings(kind, count), strict=caller.strict)
            integration = self._new(caller, kind, wanted.value)
            change.transaction.integrations.add(integration)
            if kind.webhook:
                webhook = Webhook(self._ids.token(WEBHOOK_BYTES), caller.organization_id, integration.id)
                change.transaction.webhooks.add(webhook)
            change.record("integration.create", integration.id, None, _state(integration))
            return Outcome(self._view(change.transaction, integration), wanted.warnings + warnings)

        return await self._mutations.run(caller, work)

    async def get(self, caller: Caller, integration_id: str) -> IntegrationView:
        """Return one integration.

        Raises:
            NotFound: there is no such integration.
        """
        return await self._store.read(
            lambda transaction: self._view(transaction, _existing(transaction, caller, integration_id))
        )

    async def list(
        self, caller: Caller, query: IntegrationQuery, window: PageRequest
    ) -> Page[IntegrationView]:
        """Return one page of integrations."""
        shown = replace(window, until=self._manners.listed_until())

        def work(transaction: Transaction) -> Page[IntegrationView]:
            page = transaction.integrations.page(caller.organization_id, query, shown)
            return Page(self._views(transaction, page.entities), page.number, page.size, page.total)

        return await self._store.read(work)

    async def patch(self, caller: Caller, integration_id: str, body: Reading) -> Outcome[IntegrationView]:
        """Change the intended state.

        Raises:
            NotFound: there is no such integration.
            Refused: the body holds no state that can be intended.
        """

        def work(change: Change) -> Outcome[IntegrationView]:
            old = _existing(change.transaction, caller, integration_id)
            wanted = accepted(check_integration_patch(body, old, strict=caller.strict))
            if wanted.value is IntendedState.DELETED:
                return Outcome(self._remove(change, caller, old), wanted.warnings)
            state = IntendedState.DISABLED if wanted.value is IntendedState.RESTORED else wanted.value
            new = replace(old, intended_state=state, modified=self._clock.now())
            new = restated(change.transaction, new, self._catalog)
            self._store_new(change, new, old)
            if new.intended_state is not old.intended_state:
                self._manners.intends(new)
            change.record("integration.patch", old.id, _state(old), _state(new))
            return Outcome(self._view(change.transaction, new), wanted.warnings)

        return await self._mutations.run(caller, work)

    async def replace_configuration(
        self, caller: Caller, integration_id: str, body: Reading
    ) -> Outcome[IntegrationView]:
        """Replace the whole configuration; its version goes up by one.

        Raises:
            NotFound: there is no such integration.
            VersionConflict: the version is stale and nothing else is wrong.
            Refused: anything else is wrong.
        """
        named = credential_ids(body)

        def work(change: Change) -> Outcome[IntegrationView]:
            old = _existing(change.transaction, caller, integration_id)
            credentials = change.transaction.credentials.get_many(caller.organization_id, named)
            facts = self._facts(old, {credential.id: credential for credential in credentials}.get)
            wanted = accepted(check_configuration(body, facts, strict=caller.strict))
            configuration = replace(wanted.value, version=old.configuration.version + 1)
            new = replace(old, configuration=configuration, modified=self._clock.now())
            new = restated(change.transaction, new, self._catalog)
            self._store_new(change, new, old)
            change.record("configuration.replace", old.id, _state(old), _state(new))
            types = [one.type_name for one in credentials if one.id in new.configuration.credentials.values()]
            settle_auth_action(change, new, self.type_of(new), types, self._clock)
            return Outcome(self._view(change.transaction, new), wanted.warnings)

        return await self._mutations.run(caller, work)

    async def delete(self, caller: Caller, integration_id: str) -> IntegrationView:
        """Delete an integration and its actions; its credentials stay.

        Raises:
            NotFound: there is no such integration.
        """

        def work(change: Change) -> IntegrationView:
            return self._remove(change, caller, _existing(change.transaction, caller, integration_id))

        return await self._mutations.run(caller, work)

    def type_of(self, integration: Integration) -> IntegrationType:
        """Return an integration's type.

        Raises:
            NotFound: the catalog no longer has the type (it came from a folder that was not given this time).
        """
        kind = self._catalog.integration_types.get(integration.type_id)
        if kind is None:
            raise NotFound(
                found("INTEGRATION_TYPE_NOT_FOUND", seen=integration.type_id, entity_id=integration.type_id)
            )
        return kind

    def _new(self, caller: Caller, kind: IntegrationType, wanted: NewIntegration) -> Integration:
        now = self._clock.now()
        return Integration(
            id=self._ids.uuid(),
            organization_id=caller.organization_id,
            type_id=kind.id,
            intended_state=IntendedState.DISABLED,
            reported_state=ReportedState.INACTIVE,
            configuration=Configuration(name=wanted.name if wanted.name is not None else kind.name),
            created=now,
            modified=now,
        )

    def _remove(self, change: Change, caller: Caller, old: Integration) -> IntegrationView:
        view = self._view(change.transaction, old)
        change.transaction.integrations.remove(caller.organization_id, old.id)
        change.record("integration.delete", old.id, _state(old), None)
        gone = replace(old, intended_state=IntendedState.DELETED, reported_state=ReportedState.INACTIVE)
        return replace(view, integration=gone)

    def _store_new(self, change: Change, new: Integration, old: Integration) -> None:
        sent = old.configuration.version
        if not change.transaction.integrations.replace(new, expected_version=sent):
            raise VersionConflict(found("VERSION_MOVED", noun="integration", sent=sent))

    def _facts(
        self, integration: Integration, credential: Callable[[str], Credential | None]
    ) -> ConfigurationFacts:
        return ConfigurationFacts(
            integration_type=self.type_of(integration),
            current_version=integration.configuration.version,
            credential=credential,
            catalog=self._catalog,
        )

    def _view(self, transaction: Transaction, integration: Integration) -> IntegrationView:
        return self._views(transaction, [integration])[0]

    def _views(
        self, transaction: Transaction, integrations: Sequence[Integration]
    ) -> Sequence[IntegrationView]:
        """Return views of integrations of one organization, whatever their number, in two more queries."""
        wanted = {used for one in integrations for used in one.configuration.credentials.values()}
        attached: Sequence[Credential] = ()
        if wanted:
            attached = transaction.credentials.get_many(integrations[0].organization_id, tuple(wanted))
        by_id = {credential.id: credential for credential in attached}
        hooked = [one.id for one in integrations if self.type_of(one).webhook]
        webhooks = transaction.webhooks.of_integrations(hooked) if hooked else {}
        return [self._seen(one, by_id, webhooks.get(one.id, "")) for one in integrations]

    def _seen(
        self, integration: Integration, by_id: Mapping[str, Credential], webhook_id: str
    ) -> IntegrationView:
        slots = integration.configuration.credentials
        shown = {slot: by_id[used] for slot, used in slots.items() if used in by_id}
        faults = faults_of(integration, tuple(shown.values()), self._catalog)
        on_the_way = self._manners.on_the_way(integration)
        return IntegrationView(
            integration, self.type_of(integration), shown, faults, on_the_way, webhook_id, self._origin
        )


def _existing(transaction: Transaction, caller: Caller, integration_id: str) -> Integration:
    integration = transaction.integrations.get(caller.organization_id, integration_id)
    if integration is None:
        place = Place("path/integrationId")
        near = nearest(integration_id, COLLECTIONS)
        fix = f"If a list was meant, send GET /api/v2/integrations/{near}." if near else ""
        raise NotFound(
            found("INTEGRATION_NOT_FOUND", place, seen=integration_id, fix=fix, entity_id=integration_id)
        )
    return integration


def _installation_findings(kind: IntegrationType, count: int) -> tuple[Finding, ...]:
    findings: list[Finding] = []
    if kind.max_instances is not None and count >= kind.max_instances:
        findings.append(
            found(
                "MAX_INSTANCES",
                Place("/integrationType/id"),
                count=count,
                type_id=kind.id,
                maximum=kind.max_instances,
            )
        )
    if kind.non_installable:
        findings.append(
            found("TYPE_NOT_INSTALLABLE", Place("/integrationType/id"), seen=kind.id, type_id=kind.id)
        )
    return tuple(findings)


def _state(integration: Integration) -> dict[str, object]:
    configuration = integration.configuration
    return {
        "type": integration.type_id,
        "intendedState": str(integration.intended_state),
        "name": configuration.name,
        "version": configuration.version,
        "properties": configuration.properties,
        "advanced": configuration.advanced,
        "notes": configuration.notes,
        "credentials": dict(configuration.credentials),
    }
