"""What telephony systems told about people's presence."""

from __future__ import annotations

from jackfield.api.call import Call
from jackfield.api.exchange import Answer
from jackfield.api.json_bytes import dump


async def list_presences(call: Call) -> Answer:
    """Answer what was told last of each address."""
    warnings = call.settled()
    told = await call.services.presences.presences(call.caller, call.parameters["integrationId"])
    return Answer(dump({"entities": told, "total": len(told)}), warnings=warnings)
