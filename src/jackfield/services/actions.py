"""Data actions: create, read, delete."""

from __future__ import annotations

from collections.abc import Mapping

from jackfield.catalog import Catalog
from jackfield.domain.action import Action, ActionQuery, ActionState, NewAction
from jackfield.domain.catalogue import found
from jackfield.domain.errors import NotFound
from jackfield.domain.finding import Place
from jackfield.domain.identity import Caller
from jackfield.domain.json_reader import Reading
from jackfield.domain.page import Page, PageRequest
from jackfield.domain.ports import Clock, Ids, Store, Transaction
from jackfield.rules.actions import ActionFacts, check_new_action
from jackfield.services.mutations import Change, Mutations
from jackfield.services.outcome import Outcome, accepted


class ActionService:
    """What can be done with data actions.

    Args:
        store: durable store for reads.
        mutations: the way to change it.
        catalog: integration types and limits.
    """

    def __init__(self, store: Store, mutations: Mutations, catalog: Catalog, clock: Clock, ids: Ids) -> None:
        self._store, self._mutations, self._catalog = store, mutations, catalog
        self._clock, self._ids = clock, ids

    async def create(self, caller: Caller, body: Reading) -> Outcome[Action]:
        """Store a new published action of an integration.

        Raises:
            Refused: the body is wrong, or its integration does not exist or has no data actions.
        """

        def work(change: Change) -> Outcome[Action]:
            integrations = change.transaction.integrations
            facts = ActionFacts(
                integration=lambda wanted: integrations.get(caller.organization_id, wanted),
                catalog=self._catalog,
            )
            wanted = accepted(check_new_action(body, facts, strict=caller.strict))
            action = self._new(caller, wanted.value)
            change.transaction.actions.add(action)
            change.record("action.create", action.id, None, state_of(action))
            return Outcome(action, wanted.warnings)

        return await self._mutations.run(caller, work)

    async def get(self, caller: Caller, action_id: str, state: ActionState = ActionState.PUBLISHED) -> Action:
        """Return one action.

        Raises:
            NotFound: there is no such action in this state.
        """
        return await self._store.read(lambda transaction: existing(transaction, caller, action_id, state))

    async def list(self, caller: Caller, query: ActionQuery, window: PageRequest) -> Page[Action]:
        """Return one page of actions."""
        return await self._store.read(
            lambda transaction: transaction.actions.page(caller.organization_id, query, window)
        )

    async def categories(self, caller: Caller, secure: bool | None, window: PageRequest) -> Page[str]:
        """Return one page of the categories in use."""
        return await self._store.read(
            lambda transaction: transaction.actions.categories(caller.organization_id, secure, window)
        )

    async def delete(self, caller: Caller, action_id: str) -> Outcome[None]:
        """Delete an action, and its draft if it has one.

        Raises:
            NotFound: there is no such action.
        """

        def work(change: Change) -> Outcome[None]:
            old = existing(change.transaction, caller, action_id, ActionState.PUBLISHED)
            change.transaction.actions.remove(caller.organization_id, action_id)
            change.record("action.delete", action_id, state_of(old), None)
            return Outcome(None)

        return await self._mutations.run(caller, work)

    def _new(self, caller: Caller, wanted: NewAction) -> Action:
        now = self._clock.now()
        return Action(
            id=f"custom_-_{self._ids.uuid()}",
            organization_id=caller.organization_id,
            integration_id=wanted.integration_id,
            name=wanted.name,
            category=wanted.category,
            version=1,
            secure=wanted.secure,
            config=wanted.config,
            contract=wanted.contract,
            state=ActionState.PUBLISHED,
            created=now,
            modified=now,
        )


def existing(transaction: Transaction, caller: Caller, action_id: str, state: ActionState) -> Action:
    """Return an action.

    Raises:
        NotFound: there is no such action in this state.
    """
    action = transaction.actions.get(caller.organization_id, action_id, state)
    if action is None:
        raise NotFound(found("ACTION_NOT_FOUND", Place("path/actionId"), seen=action_id, entity_id=action_id))
    return action


def state_of(action: Action) -> Mapping[str, object]:
    """Return what an audit row shows of an action."""
    request, response = action.config.request, action.config.response
    return {
        "integrationId": action.integration_id,
        "name": action.name,
        "category": action.category,
        "state": str(action.state),
        "version": action.version,
        "secure": action.secure,
        "request": {
            "url": request.url_template,
            "type": request.request_type,
            "headers": dict(request.headers),
            "template": request.template,
        },
        "response": {
            "translationMap": dict(response.translation_map),
            "translationMapDefaults": dict(response.translation_map_defaults),
            "successTemplate": response.success_template,
        },
        "timeoutSeconds": action.config.timeout_seconds,
        "contract": {"input": action.contract.input_schema, "success": action.contract.success_schema},
    }
