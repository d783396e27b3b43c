"""The test state: everything back to an earlier state, for those whose tests begin with a known server."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from jackfield.domain.catalogue import found
from jackfield.domain.contents import Contents
from jackfield.domain.errors import Conflict, NotFound
from jackfield.domain.finding import Place
from jackfield.domain.identity import Caller
from jackfield.domain.ports import RepeatableIds, Store
from jackfield.services.mutations import Change, Mutations

START: Final = "start"
"""The state in which the server started; it cannot be overwritten."""

MOST: Final = 20
MOST_ROWS: Final = 200_000


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A state that can be come back to.

    Args:
        mark: where the sequence of ids was.
    """

    name: str
    contents: Contents
    mark: object


class SnapshotService:
    """Takes states and brings them back. They live in memory, as long as the server.

    Args:
        store: whose contents they are.
        mutations: writes the audit row of what was brought back.
        ids: go back with the contents, so that the same requests get the same ids again.
        forget: drops whatever is cached about anything.
        allowed: whether the operator has allowed it; it destroys data.
    """

    def __init__(
        self,
        store: Store,
        mutations: Mutations,
        ids: RepeatableIds,
        forget: Callable[[], None],
        *,
        allowed: bool,
    ) -> None:
        self._store, self._mutations, self._ids, self._forget = store, mutations, ids, forget
        self._allowed = allowed
        self._kept: dict[str, Snapshot] = {}

    async def begin(self) -> None:
        """Take the state that the server starts in, if states are taken at all."""
        if self._allowed:
            self._kept[START] = await self._take(START)

    async def take(self, caller: Caller, name: str) -> Snapshot:
        """Keep the present state under a name; one of the same name is replaced.

        Raises:
            Conflict: it is not allowed, the name is taken for good, or there is too much to keep.
        """
        del caller
        self._require_allowed()
        if name == START or (name not in self._kept and len(self._kept) >= MOST):
            raise Conflict(found("SNAPSHOT_REFUSED", reason=_why(name), limit=MOST))
        taken = await self._take(name)
        if taken.contents.size > MOST_ROWS:
            raise Conflict(
                found("SNAPSHOT_REFUSED", reason=f"there are more than {MOST_ROWS} rows", limit=MOST)
            )
        self._kept[name] = taken
        return taken

    async def restore(self, caller: Caller, name: str) -> Snapshot:
        """Bring a state back: everything that was made or changed since is gone, tokens and keys aside.

        Raises:
            Conflict: it is not allowed.
            NotFound: no state of this name was taken since the server started.
        """
        self._require_allowed()
        snapshot = self._kept.get(name)
        if snapshot is None:
            known = ", ".join(self._kept)
            shown = name[:100]
            raise NotFound(found("SNAPSHOT_NOT_FOUND", Place("/name"), seen=shown, name=shown, known=known))

        def work(change: Change) -> None:
            change.transaction.contents.put(snapshot.contents)
            change.record("state.restore", name, None, {"rows": snapshot.contents.size})
            self._ids.rewind(snapshot.mark)

        await self._mutations.run(caller, work)
        self._forget()
        return snapshot

    async def _take(self, name: str) -> Snapshot:
        # On the writer's thread, so that no id is drawn between the contents and the mark.
        return await self._store.write(
            lambda transaction: Snapshot(name, transaction.contents.take(), self._ids.mark())
        )

    def _require_allowed(self) -> None:
        if not self._allowed:
            raise Conflict(found("TEST_STATE_CLOSED"))


def _why(name: str) -> str:
    return f"`{START}` is the state in which the server started" if name == START else "there are too many"
