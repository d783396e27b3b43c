"""Telephony systems beside the cloud's own: their client apps, and the presences they tell."""

from __future__ import annotations

import json

from jackfield.domain.catalogue import found
from jackfield.domain.errors import NotFound
from jackfield.domain.finding import Place
from jackfield.domain.identity import Caller
from jackfield.domain.json_reader import Reading
from jackfield.domain.ports import Clock, Store, Transaction
from jackfield.rules.presences import check_presences
from jackfield.services.integrations import IntegrationService, IntegrationView
from jackfield.services.mutations import Change, Mutations
from jackfield.services.outcome import Outcome, accepted

KIND = "presences"


class PresenceService:
    """What can be done with integrations that are telephony systems.

    Args:
        integrations: finds them.
    """

    def __init__(
        self, store: Store, mutations: Mutations, clock: Clock, integrations: IntegrationService
    ) -> None:
        self._store, self._mutations, self._clock = store, mutations, clock
        self._integrations = integrations

    async def integration(self, caller: Caller, integration_id: str) -> IntegrationView:
        """Return one telephony system.

        Raises:
            NotFound: there is no such integration, or it is of another type.
        """
        view = await self._integrations.get(caller, integration_id)
        if view.type.unified_communications is None:
            place = Place("path/ucIntegrationId")
            fix = f"`{integration_id}` is of type `{view.type.id}`, which is no telephony system."
            raise NotFound(
                found("INTEGRATION_NOT_FOUND", place, seen=integration_id, fix=fix, entity_id=integration_id)
            )
        return view

    async def put(self, caller: Caller, integration_id: str, body: Reading) -> Outcome[int]:
        """Keep presences; each replaces what was told of that address before. Return how many came.

        Raises:
            NotFound: there is no such telephony system.
            Refused: the body is no list of presences.
        """
        wanted = accepted(check_presences(body, strict=caller.strict))
        view = await self.integration(caller, integration_id)

        def work(change: Change) -> Outcome[int]:
            known = _known(change.transaction, caller, view.integration.id)
            before = _told(known)
            now = self._clock.now()
            for one in wanted.value:
                known[one.email.casefold()] = {
                    "email": one.email,
                    "presence": one.presence,
                    "message": one.message,
                    "dateModified": now.isoformat(),
                }
            text = json.dumps(known, ensure_ascii=False)
            change.transaction.documents.put(caller.organization_id, view.integration.id, KIND, text, now)
            count = len(wanted.value)
            change.record("presences.put", view.integration.id, before, _told(known))
            return Outcome(count, wanted.warnings)

        return await self._mutations.run(caller, work)

    async def presences(self, caller: Caller, integration_id: str) -> list[dict[str, str]]:
        """Return what was told last of each address, by address.

        Raises:
            NotFound: there is no such telephony system.
        """
        view = await self.integration(caller, integration_id)
        known = await self._store.read(lambda transaction: _known(transaction, caller, view.integration.id))
        return [known[email] for email in sorted(known)]


def _known(transaction: Transaction, caller: Caller, integration_id: str) -> dict[str, dict[str, str]]:
    text = transaction.documents.get(caller.organization_id, integration_id, KIND)
    known: dict[str, dict[str, str]] = json.loads(text) if text else {}
    return known


def _told(known: dict[str, dict[str, str]]) -> dict[str, object]:
    """Return what an audit row shows: each address with its presence."""
    return {"presences": {one["email"]: one["presence"] for one in known.values()}}
