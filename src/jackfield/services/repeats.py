"""Requests that are repeated with the same `Idempotency-Key`, where the effect is outside the store.

A change of the store keeps its answer in its own transaction (`mutations`). A call to a web service cannot:
its key is reserved before, and its answer kept after. If the server dies in between, nobody knows whether
the service was reached, and a repeat is told so instead of calling it twice.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from jackfield.domain.catalogue import found
from jackfield.domain.errors import ActionFailed, Conflict, JackfieldError, Replayed, StoredAnswer
from jackfield.domain.identity import Caller
from jackfield.domain.ports import Clock, Store, Transaction

T = TypeVar("T")


class Repeats:
    """Runs work at most once per key.

    Args:
        store: where keys and answers are kept.
        clock: when.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    async def once(self, caller: Caller, work: Callable[[], Awaitable[T]]) -> T:
        """Run `work`, or answer as the first time.

        A run that failed was begun, so its error is kept too. A request that was refused before anything was
        sent gives its key back.

        Raises:
            Replayed: the key was answered before.
            Conflict: the key was used for another request, or its first request has no answer yet.
        """
        wanted = caller.idempotency
        if wanted is None:
            return await work()
        await self._reserve(caller, wanted.key, wanted.digest)
        try:
            result = await work()
        except ActionFailed as failure:
            await self._keep(
                caller, StoredAnswer(wanted.digest, failure.status, wanted.present_error(failure))
            )
            raise
        except JackfieldError:
            await self._release(caller)
            raise
        await self._keep(caller, StoredAnswer(wanted.digest, 200, wanted.present(result)))
        return result

    async def _reserve(self, caller: Caller, key: str, digest: str) -> None:
        principal, now = caller.principal, self._clock.now()

        def work(transaction: Transaction) -> StoredAnswer | None:
            kept = transaction.idempotency.get(principal.organization_id, principal.client_id, key)
            if kept is None:
                started = StoredAnswer(digest, 0, b"")
                transaction.idempotency.put(principal.organization_id, principal.client_id, key, started, now)
            return kept

        kept = await self._store.write(work)
        if kept is not None:
            refuse_or_replay(kept, digest)

    async def _keep(self, caller: Caller, answer: StoredAnswer) -> None:
        principal, now = caller.principal, self._clock.now()
        key = caller.idempotency.key if caller.idempotency else ""
        await self._store.write(
            lambda transaction: transaction.idempotency.put(
                principal.organization_id, principal.client_id, key, answer, now
            )
        )

    async def _release(self, caller: Caller) -> None:
        principal = caller.principal
        key = caller.idempotency.key if caller.idempotency else ""

        def work(transaction: Transaction) -> None:
            transaction.idempotency.remove(principal.organization_id, principal.client_id, key)

        await self._store.write(work)


def refuse_or_replay(kept: StoredAnswer, digest: str) -> None:
    """Answer a repeated key.

    Raises:
        Replayed: the request is the same and was answered.
        Conflict: it is another request, or the first one has no answer yet.
    """
    if kept.digest != digest:
        raise Conflict(found("IDEMPOTENCY_KEY_REUSED"))
    if kept.status == 0:
        raise Conflict(found("IDEMPOTENCY_IN_PROGRESS"))
    raise Replayed(kept)
