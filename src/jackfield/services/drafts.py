"""Drafts of data actions: made, or copied from an action; changed, judged, published, deleted."""

from __future__ import annotations

from dataclasses import replace

from jackfield.catalog import Catalog
from jackfield.domain.action import Action, ActionState
from jackfield.domain.catalogue import found
from jackfield.domain.errors import Conflict
from jackfield.domain.finding import Finding
from jackfield.domain.identity import Caller
from jackfield.domain.json_reader import Reading
from jackfield.domain.limits import OrganizationLimits
from jackfield.domain.ports import Clock, Ids, Store, Transaction
from jackfield.rules.action_updates import check_draft, check_publish, check_update, suspect_draft
from jackfield.rules.actions import check_new_action
from jackfield.services.actions import (
    changed_action,
    existing,
    facts_for,
    host_findings,
    kind_of,
    new_action,
    state_of,
    store_changed,
    suspected_host,
    visible,
)
from jackfield.services.limits import check_room
from jackfield.services.manners import PROMPT, Manners
from jackfield.services.mutations import Change, Mutations
from jackfield.services.outcome import Outcome, accepted


class DraftService:
    """What can be done with drafts; a draft has the id of its action.

    Args:
        store: durable store for reads.
        mutations: the way to change it.
        catalog: integration types.
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
        """Store the draft of a new action; `name` and `integrationId` are enough.

        Raises:
            Refused: the body is wrong, or its integration does not exist or has no data actions.
            LimitExhausted: there are as many actions as there may be.
        """

        def work(change: Change) -> Outcome[Action]:
            facts = facts_for(change.transaction, caller, self._catalog, self._manners)
            wanted = accepted(check_new_action(body, facts, strict=caller.strict, draft=True))
            draft = new_action(wanted.value, caller, ActionState.DRAFT, self._ids, self._clock)
            hosts = suspected_host(change.transaction, draft, strict=caller.strict)
            check_room(change.transaction, caller.organization_id, draft.integration_id, self._limits)
            change.transaction.actions.add(draft)
            change.record("draft.create", draft.id, None, state_of(draft))
            return Outcome(draft, wanted.warnings + hosts)

        return await self._mutations.run(caller, work)

    async def copy(self, caller: Caller, action_id: str) -> Outcome[Action]:
        """Make a draft of a published action; it begins at the action's version.

        Raises:
            NotFound: there is no such published action.
            Conflict: it has a draft already, or is nothing but one.
        """

        def work(change: Change) -> Outcome[Action]:
            actions = change.transaction.actions
            old = actions.get(caller.organization_id, action_id, ActionState.DRAFT)
            if old is not None:
                raise Conflict(found("DRAFT_EXISTS", seen=action_id, version=old.version))
            published = visible(change.transaction, caller, action_id, ActionState.PUBLISHED, self._manners)
            now = self._clock.now()
            draft = replace(published, state=ActionState.DRAFT, created=now, modified=now)
            actions.add(draft)
            change.record("draft.create", action_id, None, state_of(draft))
            return Outcome(draft)

        return await self._mutations.run(caller, work)

    async def patch(self, caller: Caller, action_id: str, body: Reading) -> Outcome[Action]:
        """Change a draft; its version goes up by one.

        Raises:
            NotFound: there is no such draft.
            VersionConflict: the version is stale and nothing else is wrong.
            Refused: anything else is wrong; a changed contract, if the action is published.
        """

        def work(change: Change) -> Outcome[Action]:
            old = existing(change.transaction, caller, action_id, ActionState.DRAFT)
            frozen = self._published(change.transaction, old) is not None
            kind = kind_of(change.transaction, old, self._catalog)
            wanted = accepted(check_update(body, old, kind, frozen=frozen, strict=caller.strict))
            new = changed_action(old, wanted.value, self._clock)
            hosts = suspected_host(change.transaction, new, strict=caller.strict)
            store_changed(change, new, old)
            change.record("draft.update", action_id, state_of(old), state_of(new))
            return Outcome(new, wanted.warnings + hosts)

        return await self._mutations.run(caller, work)

    async def validate(self, caller: Caller, action_id: str) -> tuple[Finding, ...]:
        """Return what is wrong with a draft and what lint suspects; publishing refuses the errors.

        Raises:
            NotFound: there is no such draft.
        """

        def work(transaction: Transaction) -> tuple[Finding, ...]:
            draft = existing(transaction, caller, action_id, ActionState.DRAFT)
            kind, published = kind_of(transaction, draft, self._catalog), self._published(transaction, draft)
            judged = check_draft(draft, kind, published=published, strict=caller.strict)
            hosts = host_findings(transaction, draft)
            hosts = tuple(one.strict() if caller.strict else one for one in hosts)
            return (*judged, *hosts, *suspect_draft(draft, kind))

        return await self._store.read(work)

    async def publish(self, caller: Caller, action_id: str, body: Reading) -> Outcome[Action]:
        """Turn a draft into the published action, in one step; the draft is gone afterwards.

        Raises:
            NotFound: there is no such draft.
            VersionConflict: the version is not the draft's and nothing else is wrong.
            Refused: body or draft are wrong.
        """

        def work(change: Change) -> Outcome[Action]:
            draft = existing(change.transaction, caller, action_id, ActionState.DRAFT)
            kind = kind_of(change.transaction, draft, self._catalog)
            old = self._published(change.transaction, draft)
            checked = accepted(check_publish(body, draft, kind, published=old, strict=caller.strict))
            new = self._public(draft, old)
            change.transaction.actions.remove(caller.organization_id, action_id, ActionState.DRAFT)
            if old is None:
                change.transaction.actions.add(new)
            else:
                store_changed(change, new, old)
            hosts = suspected_host(change.transaction, new, strict=caller.strict)
            change.record("draft.publish", action_id, state_of(old or draft), state_of(new))
            return Outcome(new, checked.warnings + hosts)

        return await self._mutations.run(caller, work)

    async def delete(self, caller: Caller, action_id: str) -> Outcome[None]:
        """Delete a draft; the published action, if there is one, stays.

        Raises:
            NotFound: there is no such draft.
        """

        def work(change: Change) -> Outcome[None]:
            old = existing(change.transaction, caller, action_id, ActionState.DRAFT)
            change.transaction.actions.remove(caller.organization_id, action_id, ActionState.DRAFT)
            change.record("draft.delete", action_id, state_of(old), None)
            return Outcome(None)

        return await self._mutations.run(caller, work)

    def _published(self, transaction: Transaction, draft: Action) -> Action | None:
        return transaction.actions.get(draft.organization_id, draft.id, ActionState.PUBLISHED)

    def _public(self, draft: Action, old: Action | None) -> Action:
        """Return the action that a draft becomes: at a version that neither of the two has had."""
        now = self._clock.now()
        return replace(
            draft,
            state=ActionState.PUBLISHED,
            version=max(draft.version, old.version if old else 0) + 1,
            created=old.created if old else now,
            modified=now,
        )
