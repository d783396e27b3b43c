"""Certificates of outgoing calls: what they present and what they trust."""

from __future__ import annotations

from typing import Any

from jackfield.api.call import Call
from jackfield.api.exchange import Answer
from jackfield.api.json_bytes import dump
from jackfield.api.paging import listing, page_of
from jackfield.api.shapes.actions import ACTIONS
from jackfield.domain.page import PageRequest
from jackfield.services.certificates import read_truststore

STATUSES = ("Current", "Upcoming")
TYPES = ("Client",)


async def list_certificates(call: Call) -> Answer:
    """Answer the client certificates that outgoing calls present: there are none, calls are made without."""
    filters = {
        name: word
        for name, words in (("status", STATUSES), ("type", TYPES))
        if (word := call.query.choice(name, words))
    }
    warnings = call.settled()
    presented: list[dict[str, Any]] = []
    page = page_of(presented, PageRequest())
    return Answer(dump(listing(page, dict, f"{ACTIONS}/certificates", filters)), warnings=warnings)


async def list_truststore(call: Call) -> Answer:
    """Answer every certificate authority that outgoing calls trust."""
    warnings = call.settled()
    trusted = await read_truststore()
    entities = [
        {"description": one.description, "serialNumber": one.serial_number, "signature": one.signature}
        for one in trusted
    ]
    return Answer(dump({"entities": entities, "total": len(entities)}), warnings=warnings)
