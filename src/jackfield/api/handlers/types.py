"""Integration types and their configuration schemas."""

from __future__ import annotations

from jackfield.api.call import Call
from jackfield.api.exchange import Answer
from jackfield.api.json_bytes import dump
from jackfield.api.paging import listing, page_of, page_request
from jackfield.api.shapes.integrations import TYPES, integration_type
from jackfield.domain.catalogue import found
from jackfield.domain.errors import NotFound
from jackfield.domain.finding import Place
from jackfield.domain.integration import IntegrationType


async def list_types(call: Call) -> Answer:
    """Answer one page of integration types, by id or by `sortBy`."""
    window = page_request(call.query, ("id", "name", "category", "provider"))
    warnings = call.settled()
    kinds = sorted(call.services.catalog.integration_types.values(), key=lambda kind: kind.id)
    if window.sort_by:
        kinds.sort(key=lambda kind: str(getattr(kind, window.sort_by)).casefold())
    page = page_of(kinds, window)
    sort = {"sortBy": window.sort_by} if window.sort_by else {}
    return Answer(dump(listing(page, integration_type, TYPES, sort)), warnings=warnings)


async def get_type(call: Call) -> Answer:
    """Answer one integration type."""
    kind = _type(call)
    return Answer(dump(integration_type(kind)), warnings=call.settled())


async def get_schema(call: Call) -> Answer:
    """Answer a configuration schema of a type, as it stands in the catalog."""
    kind = _type(call)
    schemas = {"properties": kind.properties_schema, "advanced": kind.advanced_schema}
    name = call.parameters["configType"]
    text = schemas.get(name.lower())
    if text is None:
        shown = name[:64]
        raise NotFound(found("CONFIG_SCHEMA_UNKNOWN", Place("path/configType"), seen=shown, name=shown))
    return Answer(text.encode(), warnings=call.settled())


def _type(call: Call) -> IntegrationType:
    type_id = call.parameters["typeId"]
    kind = call.services.catalog.integration_types.get(type_id)
    if kind is None:
        shown = type_id[:100]
        place = Place("path/typeId")
        raise NotFound(found("INTEGRATION_TYPE_NOT_FOUND", place, seen=shown, entity_id=shown))
    return kind
