"""Certificates of outgoing calls: what they present and what they trust."""

from __future__ import annotations

from typing import Any

from jackfield.api.call import Call
from jackfield.api.exchange import Answer
from jackfield.api.json_bytes import dump
from jackfield.api.paging import listing, page_of
from jackfield.api.shapes.actions import ACTIONS
from jackfield.domain.page import PageRequest

STATUSES = ("Current", "Upcoming")
TYPES = ("Client",)


async def list_certificates(call: Call) -> Answer:
    """Answer the client certificate that outgoing calls present, if the server was given one."""
    filters = {
        name: word
        for name, words in (("status", STATUSES), ("type", TYPES))
        if (word := call.query.choice(name, words))
    }
    warnings = call.settled()
    now = filters.get("status", "Current") == "Current"
    presented = await call.services.certificates.presented() if now else ()
    page = page_of(presented, PageRequest())
    return Answer(dump(listing(page, _certificate, f"{ACTIONS}/certificates", filters)), warnings=warnings)


async def list_truststore(call: Call) -> Answer:
    """Answer every certificate authority that outgoing calls trust."""
    warnings = call.settled()
    trusted = await call.services.certificates.trusted()
    entities = [
        {"description": one.description, "serialNumber": one.serial_number, "signature": one.signature}
        for one in trusted
    ]
    return Answer(dump({"entities": entities, "total": len(entities)}), warnings=warnings)


def _certificate(text: str) -> dict[str, Any]:
    """Return an ActionCertificate. Its authority is neither of the two that the model can name."""
    return {"certificate": text, "status": "Current", "type": "Client"}
