"""Audio connectors: the integrations that stream audio to a service of one's own."""

from __future__ import annotations

from typing import Any

from jackfield.api.call import Call
from jackfield.api.exchange import Answer
from jackfield.api.json_bytes import dump
from jackfield.api.paging import listing, page_request
from jackfield.domain.catalogue import found
from jackfield.domain.errors import NotFound
from jackfield.domain.finding import Place
from jackfield.domain.integration import IntegrationQuery
from jackfield.services.integrations import IntegrationView

AUDIO_CONNECTORS = "/api/v2/integrations/speech/audioconnector"
TYPE_ID = "audio-connector"


async def list_audio_connectors(call: Call) -> Answer:
    """Answer one page of audio connectors."""
    window = page_request(call.query)
    warnings = call.settled()
    page = await call.services.integrations.list(call.caller, IntegrationQuery(type_id=TYPE_ID), window)
    return Answer(dump(listing(page, _audio_connector, AUDIO_CONNECTORS, {})), warnings=warnings)


async def get_audio_connector(call: Call) -> Answer:
    """Answer one audio connector."""
    warnings = call.settled()
    integration_id = call.parameters["integrationId"]
    view = await call.services.integrations.get(call.caller, integration_id)
    if view.type.id != TYPE_ID:
        place = Place("path/integrationId")
        fix = f"`{integration_id}` is of type `{view.type.id}`, not `{TYPE_ID}`."
        raise NotFound(
            found("INTEGRATION_NOT_FOUND", place, seen=integration_id, fix=fix, entity_id=integration_id)
        )
    return Answer(dump(_audio_connector(view)), warnings=warnings)


def _audio_connector(view: IntegrationView) -> dict[str, Any]:
    item = view.integration
    return {"id": item.id, "name": item.name, "selfUri": f"{AUDIO_CONNECTORS}/{item.id}"}
