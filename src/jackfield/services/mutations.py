"""The one way to change anything: one transaction holds the change, its audit row and the kept answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

import orjson

from jackfield.domain.audit import AuditEntry
from jackfield.domain.errors import StoredAnswer
from jackfield.domain.identity import Caller
from jackfield.domain.ports import Clock, Ids, Store, Transaction
from jackfield.services.repeats import refuse_or_replay

T = TypeVar("T")
State = Mapping[str, object] | None


@dataclass(slots=True)
class Change:
    """One running change: its transaction, and where it says what it did.

    Args:
        transaction: all repositories.
        records: what was done, to become audit rows.
    """

    transaction: Transaction
    records: list[tuple[str, str, str, State, State]] = field(default_factory=list)

    def record(self, action: str, entity_id: str, before: State, after: State) -> None:
        """Say what was done.

        Args:
            action: `<noun>.<verb>`, such as `credential.replace`.
            entity_id: what it was done to.
            before: state before, None for a creation; secrets only as fingerprints.
            after: state after, None for a removal.
        """
        self.records.append((action.partition(".")[0], action, entity_id, before, after))


class Mutations:
    """Runs changes.

    Args:
        store: where they are kept.
        clock: for audit rows.
        ids: for audit rows.
        changed: called after each durable change, to drop what is cached.
    """

    def __init__(self, store: Store, clock: Clock, ids: Ids, changed: Callable[[], None]) -> None:
        self._store, self._clock, self._ids, self._changed = store, clock, ids, changed

    async def run(self, caller: Caller, work: Callable[[Change], T]) -> T:
        """Run `work` in one transaction with its audit rows and, if the caller sent a key, the kept answer.

        Raises:
            Replayed: the caller's Idempotency-Key was answered before.
            Conflict: the key was used for another request, or its first request has no answer yet.
        """

        def inside(transaction: Transaction) -> T:
            self._replay(caller, transaction)
            change = Change(transaction)
            result = work(change)
            self._write_audit(caller, change)
            self._keep_answer(caller, transaction, result)
            return result

        result = await self._store.write(inside)
        self._changed()
        return result

    def _replay(self, caller: Caller, transaction: Transaction) -> None:
        wanted = caller.idempotency
        if wanted is None:
            return
        principal = caller.principal
        kept = transaction.idempotency.get(principal.organization_id, principal.client_id, wanted.key)
        if kept is not None:
            refuse_or_replay(kept, wanted.digest)

    def _write_audit(self, caller: Caller, change: Change) -> None:
        for kind, action, entity_id, before, after in change.records:
            change.transaction.audit.add(
                AuditEntry(
                    id=self._ids.uuid(),
                    organization_id=caller.organization_id,
                    at=self._clock.now(),
                    actor=caller.principal.user_id or caller.principal.client_id,
                    action=action,
                    entity_kind=kind,
                    entity_id=entity_id,
                    before=_text(before),
                    after=_text(after),
                    correlation_id=caller.correlation_id,
                )
            )

    def _keep_answer(self, caller: Caller, transaction: Transaction, result: object) -> None:
        wanted = caller.idempotency
        if wanted is None:
            return
        principal = caller.principal
        answer = StoredAnswer(wanted.digest, 200, wanted.present(result))
        transaction.idempotency.put(
            principal.organization_id, principal.client_id, wanted.key, answer, self._clock.now()
        )


def _text(state: State) -> str:
    return "" if state is None else orjson.dumps(state, option=orjson.OPT_SORT_KEYS).decode()
