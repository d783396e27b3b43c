"""Bot connectors: bots as they were set, and in the forms of the newer routes."""

from __future__ import annotations

from typing import Any

from jackfield.api.call import Call
from jackfield.api.exchange import Answer
from jackfield.api.json_bytes import dump
from jackfield.api.paging import listing, page_of, page_request

OLD = "/api/v2/integrations/botconnector"
NEW = "/api/v2/integrations/botconnectors"
ENTITY_TYPES = (
    "String",
    "Integer",
    "Decimal",
    "Duration",
    "Boolean",
    "Currency",
    "Datetime",
    "StringCollection",
    "IntegerCollection",
    "DecimalCollection",
    "DurationCollection",
    "BooleanCollection",
    "CurrencyCollection",
    "DatetimeCollection",
)
"""What the SDK declares for the entities of an intent."""
Bot = dict[str, Any]


async def put_bots(call: Call) -> Answer:
    """Set the whole list of bots."""
    warnings = call.settled()
    outcome = await call.services.bots.replace(call.caller, call.parameters["integrationId"], call.reading())
    return Answer(status=204, warnings=(*warnings, *outcome.warnings))


async def get_bots(call: Call) -> Answer:
    """Answer the list as it was set."""
    warnings = call.settled()
    bots = await call.services.bots.bots(call.caller, call.parameters["integrationId"])
    return Answer(dump({"chatBots": [_addressed(call, OLD, bot) for bot in bots]}), warnings=warnings)


async def list_summaries(call: Call) -> Answer:
    """Answer one page of bots without their versions."""
    return await _page(call, OLD, "bots/summaries", _summary)


async def get_bot(call: Call) -> Answer:
    """Answer one bot, of its versions the one that `version` names, or all."""
    bot, warnings = await _one(call)
    return Answer(dump(_addressed(call, OLD, bot)), warnings=warnings)


async def list_versions(call: Call) -> Answer:
    """Answer one page of a bot's versions."""
    window = page_request(call.query)
    bot, warnings = await _one(call)
    versions = [_summary(bot) | {"version": one["version"]} for one in bot["versions"]]
    path = f"{OLD}/{call.parameters['integrationId']}/bots/{bot['id']}/versions"
    return Answer(dump(listing(page_of(versions, window), _itself, path, {})), warnings=warnings)


async def list_bots(call: Call) -> Answer:
    """Answer one page of bots in the newer form."""
    return await _page(call, NEW, "bots", lambda bot: _newer(call, bot))


async def list_newer_summaries(call: Call) -> Answer:
    """Answer one page of bots with the names of their versions."""
    return await _page(call, NEW, "bots/summaries", _newer_summary)


async def get_newer_bot(call: Call) -> Answer:
    """Answer one bot in the newer form."""
    bot, warnings = await _one(call)
    return Answer(dump(_newer(call, bot)), warnings=warnings)


async def _page(call: Call, root: str, what: str, shape: Any) -> Answer:
    window = page_request(call.query)
    warnings = call.settled()
    integration_id = call.parameters["integrationId"]
    bots = await call.services.bots.bots(call.caller, integration_id)
    body = listing(page_of(bots, window), shape, f"{root}/{integration_id}/{what}", {})
    return Answer(dump(body), warnings=warnings)


async def _one(call: Call) -> tuple[Bot, Any]:
    version = call.query.text("version")
    warnings = call.settled()
    parameters = call.parameters
    bot = await call.services.bots.bot(call.caller, parameters["integrationId"], parameters["botId"], version)
    return bot, warnings


def _itself(value: Bot) -> Bot:
    return value


def _addressed(call: Call, root: str, bot: Bot) -> Bot:
    return bot | {"selfUri": f"{root}/{call.parameters['integrationId']}/bots/{bot['id']}"}


def _newer(call: Call, bot: Bot) -> Bot:
    versions = [
        one | {"intents": [_newer_intent(intent) for intent in one["intents"]]} for one in bot["versions"]
    ]
    return _addressed(call, NEW, bot | {"versions": versions})


def _newer_intent(intent: Bot) -> Bot:
    """Return an intent whose slots are a list of entities."""
    slots = intent.get("slots", {}).values()
    entities = [{"name": one["name"], "type": _entity_type(one["type"])} for one in slots]
    return {"name": intent["name"], "entities": entities}


def _entity_type(slot_type: str) -> str:
    """Return the type of the newer form; a slot's type is any word, and all values can be texts."""
    return next((name for name in ENTITY_TYPES if name.lower() == slot_type.lower()), "String")


def _summary(bot: Bot) -> Bot:
    shown = {"id": bot["id"], "name": bot.get("name", bot["id"])}
    return shown | {name: bot[name] for name in ("description", "botCompositeTag") if name in bot}


def _newer_summary(bot: Bot) -> Bot:
    return _summary(bot) | {"versions": [{"version": one["version"]} for one in bot["versions"]]}
