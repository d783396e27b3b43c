"""Published data actions: create, read, change, delete. Their drafts are in `services.drafts`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from jackfield.catalog import Catalog
from jackfield.domain.action import Action, ActionChange, ActionQuery, ActionState, NewAction
from jackfield.domain.catalogue import found
from jackfield.domain.errors import NotFound, Refused, VersionConflict
from jackfield.domain.finding import Finding, Place
from jackfield.domain.identity import Caller
from jackfield.domain.integration import Integration, IntegrationType
from jackfield.domain.json_reader import Reading
from jackfield.domain.limits import OrganizationLimits
from jackfield.domain.page import Page, PageRequest
from jackfield.domain.ports import Clock, Ids, Store, Transaction
from jackfield.rules.action_hosts import check_host
from jackfield.rules.action_updates import check_update
from jackfield.rules.actions import ActionFacts, check_new_action
from jackfield.services.limits import check_room
from jackfield.services.manners import PROMPT, Manners
from jackfield.services.mutations import Change, Mutations
from jackfield.services.outcome import Outcome, accepted, admit


class ActionService:
    """What can be done with data actions.

    Args:
        store: durable store for reads.
        mutations: the way to change it.
        catalog: integration types and limits.
        limits: how many actions there may be.
    """

    def __init__(
        self,
        store: Store,
        mutations: Mutations,
        catalog: Catalog,
        clock: Clock,
        ids: Ids,
        manners: Manners = PROMPT,
        limits: OrganizationLimits | None = None,
    ) -> None:
        self._limits = limits or OrganizationLimits()
        self._store, self._mutations, self._catalog = store, mutations, catalog
        self._clock, self._ids, self._manners = clock, ids, manners

    async def create(self, caller: Caller, body: Reading) -> Outcome[Action]:
        """Store a new published action of an integration.

        Raises:
            Refused: the body is wrong, or its integration does not exist or has no data actions.
            LimitExhausted: there are as many actions as there may be.
        """

        def work(change: Change) -> Outcome[Action]:
            facts = facts_for(change.transaction, caller, self._catalog, self._manners)
            wanted = accepted(check_new_action(body, facts, strict=caller.strict))
            action = new_action(wanted.value, caller, ActionState.PUBLISHED, self._ids, self._clock)
            hosts = suspected_host(change.transaction, action, strict=caller.strict)
            check_room(change.transaction, caller.organization_id, action.integration_id, self._limits)
            change.transaction.actions.add(action)
            change.record("action.create", action.id, None, state_of(action))
            return Outcome(action, wanted.warnings + hosts)

        return await self._mutations.run(caller, work)

    async def get(self, caller: Caller, action_id: str, state: ActionState = ActionState.PUBLISHED) -> Action:
        """Return one action.

        Raises:
            NotFound: there is no such action in this state.
        """
        return await self._store.read(
            lambda transaction: visible(transaction, caller, action_id, state, self._manners)
        )

    async def list(self, caller: Caller, query: ActionQuery, window: PageRequest) -> Page[Action]:
        """Return one page of actions."""
        shown = replace(window, until=self._manners.listed_until())
        return await self._store.read(
            lambda transaction: transaction.actions.page(caller.organization_id, query, shown)
        )

    async def categories(self, caller: Caller, secure: bool | None, window: PageRequest) -> Page[str]:
        """Return one page of the categories in use."""
        return await self._store.read(
            lambda transaction: transaction.actions.categories(caller.organization_id, secure, window)
        )

    async def patch(self, caller: Caller, action_id: str, body: Reading) -> Outcome[Action]:
        """Change name, category and configuration of a published action; its version goes up by one.

        Raises:
            NotFound: there is no such published action.
            VersionConflict: the version is stale and nothing else is wrong.
            Refused: anything else is wrong, a changed contract included.
        """

        def work(change: Change) -> Outcome[Action]:
            old = visible(change.transaction, caller, action_id, ActionState.PUBLISHED, self._manners)
            kind = kind_of(change.transaction, old, self._catalog)
            wanted = accepted(check_update(body, old, kind, frozen=True, strict=caller.strict))
            new = changed_action(old, wanted.value, self._clock)
            hosts = suspected_host(change.transaction, new, strict=caller.strict)
            store_changed(change, new, old)
            change.record("action.update", action_id, state_of(old), state_of(new))
            return Outcome(new, wanted.warnings + hosts)

        return await self._mutations.run(caller, work)

    async def delete(self, caller: Caller, action_id: str) -> Outcome[None]:
        """Delete an action, and its draft if it has one; a draft that was never published goes too.

        Raises:
            NotFound: there is no such action in either form.
            Refused: it is an integration's auth action, which goes with the credential or the integration.
        """

        def work(change: Change) -> Outcome[None]:
            actions = change.transaction.actions
            draft = actions.get(caller.organization_id, action_id, ActionState.DRAFT)
            published = actions.get(caller.organization_id, action_id, ActionState.PUBLISHED)
            old = published or draft
            if old is None:
                raise _unknown(action_id)
            if old.is_login:
                raise Refused(
                    found("AUTH_ACTION_KEPT", Place("path/actionId"), seen=action_id, action_id=action_id)
                )
            actions.remove(caller.organization_id, action_id)
            change.record("action.delete", action_id, state_of(old), None)
            return Outcome(None)

        return await self._mutations.run(caller, work)


def facts_for(transaction: Transaction, caller: Caller, catalog: Catalog, manners: Manners) -> ActionFacts:
    """Return what a new action is judged by.

    Raises:
        Refused: when it looks up an integration that takes no actions yet.
    """

    def integration(wanted: str) -> Integration | None:
        known = transaction.integrations.get(caller.organization_id, wanted)
        if known is not None and not manners.takes_actions(known):
            raise Refused(found("INTEGRATION_NOT_READY", Place("/integrationId"), seen=wanted))
        return known

    return ActionFacts(integration=integration, catalog=catalog)


def new_action(wanted: NewAction, caller: Caller, state: ActionState, ids: Ids, clock: Clock) -> Action:
    """Return a new custom action, at version 1."""
    now = clock.now()
    return Action(
        id=f"custom_-_{ids.uuid()}",
        organization_id=caller.organization_id,
        integration_id=wanted.integration_id,
        name=wanted.name,
        category=wanted.category,
        version=1,
        secure=wanted.secure,
        config=wanted.config,
        contract=wanted.contract,
        state=state,
        created=now,
        modified=now,
    )


def changed_action(old: Action, wanted: ActionChange, clock: Clock) -> Action:
    """Return an action with its change, one version further."""
    return replace(
        old,
        name=wanted.name,
        category=wanted.category,
        config=wanted.config,
        contract=wanted.contract,
        secure=wanted.secure,
        version=old.version + 1,
        modified=clock.now(),
    )


def suspected_host(transaction: Transaction, action: Action, *, strict: bool) -> tuple[Finding, ...]:
    """Return a warning if an action lets its callers choose where the integration's credential goes.

    Raises:
        Refused: strict makes it an error.
    """
    return admit(host_findings(transaction, action), strict=strict)


def host_findings(transaction: Transaction, action: Action) -> tuple[Finding, ...]:
    """Return a warning if an action lets its callers choose where the integration's credential goes."""
    integration = transaction.integrations.get(action.organization_id, action.integration_id)
    attached = integration is not None and bool(integration.configuration.credentials)
    return check_host(action.config, attached=attached)


def kind_of(transaction: Transaction, action: Action, catalog: Catalog) -> IntegrationType | None:
    """Return the type of an action's integration; None if the catalog no longer has it."""
    integration = transaction.integrations.get(action.organization_id, action.integration_id)
    return catalog.integration_types.get(integration.type_id) if integration else None


def store_changed(change: Change, new: Action, old: Action) -> None:
    """Store a changed action.

    Raises:
        VersionConflict: another request changed it between check and commit.
    """
    if not change.transaction.actions.replace(new, expected_version=old.version):
        raise VersionConflict(found("VERSION_MOVED", noun="action", sent=old.version))


def existing(transaction: Transaction, caller: Caller, action_id: str, state: ActionState) -> Action:
    """Return an action in one of its forms.

    Raises:
        NotFound: there is no such action in this state; says if there is one in the other.
    """
    action = transaction.actions.get(caller.organization_id, action_id, state)
    if action is not None:
        return action
    place, draft = Place("path/actionId"), state is ActionState.DRAFT
    sibling = ActionState.PUBLISHED if draft else ActionState.DRAFT
    other = transaction.actions.get(caller.organization_id, action_id, sibling)
    if other is None:
        raise _unknown(action_id)
    if draft:
        raise NotFound(found("DRAFT_NOT_FOUND", place, seen=action_id))
    raise NotFound(found("ACTION_NOT_PUBLISHED", place, seen=action_id, version=other.version))


def visible(
    transaction: Transaction, caller: Caller, action_id: str, state: ActionState, manners: Manners
) -> Action:
    """Return an action in one of its forms, an auth action once it can be seen.

    Raises:
        NotFound: there is no such action in this state, or it cannot be seen yet.
    """
    action = existing(transaction, caller, action_id, state)
    is_new = action.is_login and state is ActionState.PUBLISHED
    if is_new and not manners.shows_auth_action(action.created, action.integration_id):
        raise _unknown(action_id)
    return action


def _unknown(action_id: str) -> NotFound:
    place = Place("path/actionId")
    return NotFound(found("ACTION_NOT_FOUND", place, seen=action_id, entity_id=action_id))


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
