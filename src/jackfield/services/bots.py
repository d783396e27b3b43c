"""Bots that a bot connector of one's own offers: a list that is set as a whole and read in parts."""

from __future__ import annotations

import json
from typing import Any

from jackfield.domain.catalogue import found
from jackfield.domain.errors import NotFound
from jackfield.domain.finding import Place
from jackfield.domain.identity import Caller
from jackfield.domain.json_reader import Reading
from jackfield.domain.ports import Clock, Store
from jackfield.rules.bots import check_bots
from jackfield.services.integrations import IntegrationService
from jackfield.services.mutations import Change, Mutations
from jackfield.services.outcome import Outcome, accepted

KIND = "bots"
Bot = dict[str, Any]


class BotService:
    """What can be done with the bots of integrations whose type is a bot connector.

    Args:
        integrations: finds them.
    """

    def __init__(
        self, store: Store, mutations: Mutations, clock: Clock, integrations: IntegrationService
    ) -> None:
        self._store, self._mutations, self._clock = store, mutations, clock
        self._integrations = integrations

    async def replace(self, caller: Caller, integration_id: str, body: Reading) -> Outcome[None]:
        """Set the whole list of a bot connector.

        Raises:
            NotFound: there is no such bot connector.
            Refused: the body is no list of bots.
        """
        wanted = accepted(check_bots(body, strict=caller.strict))
        await self._check(caller, integration_id)

        def work(change: Change) -> Outcome[None]:
            text = json.dumps(wanted.value, ensure_ascii=False)
            now = self._clock.now()
            old = change.transaction.documents.get(caller.organization_id, integration_id, KIND)
            change.transaction.documents.put(caller.organization_id, integration_id, KIND, text, now)
            change.record("bots.replace", integration_id, _names(old), _names(text))
            return Outcome(None, wanted.warnings)

        return await self._mutations.run(caller, work)

    async def bots(self, caller: Caller, integration_id: str) -> list[Bot]:
        """Return the bots of a bot connector in the order in which they were set.

        Raises:
            NotFound: there is no such bot connector.
        """
        await self._check(caller, integration_id)
        text = await self._store.read(
            lambda transaction: transaction.documents.get(caller.organization_id, integration_id, KIND)
        )
        known: list[Bot] = json.loads(text) if text else []
        return known

    async def bot(self, caller: Caller, integration_id: str, bot_id: str, version: str) -> Bot:
        """Return one bot, of its versions only the named one, or all with "".

        Raises:
            NotFound: there is no such bot connector, bot or version.
        """
        for bot in await self.bots(caller, integration_id):
            if bot["id"] != bot_id:
                continue
            versions = [one for one in bot["versions"] if version in ("", one["version"])]
            if versions or not version:
                return bot | {"versions": versions}
        raise NotFound(found("BOT_NOT_FOUND", Place("path/botId"), seen=bot_id[:100], entity_id=bot_id[:100]))

    async def _check(self, caller: Caller, integration_id: str) -> None:
        view = await self._integrations.get(caller, integration_id)
        if not view.type.bot_connector:
            place = Place("path/integrationId")
            fix = f"`{integration_id}` is of type `{view.type.id}`, which is no bot connector."
            raise NotFound(
                found("INTEGRATION_NOT_FOUND", place, seen=integration_id, fix=fix, entity_id=integration_id)
            )


def _names(text: str | None) -> dict[str, object]:
    """Return what an audit row shows of a kept list."""
    return {"bots": [bot.get("id") for bot in json.loads(text)] if text else []}
