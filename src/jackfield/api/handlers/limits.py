"""The limits of the organization."""

from __future__ import annotations

from jackfield.api.call import Call
from jackfield.api.exchange import Answer
from jackfield.api.json_bytes import dump


async def list_limits(call: Call) -> Answer:
    """Answer the limits of one namespace, a LimitsEntityListing."""
    warnings = call.settled()
    namespace = call.parameters["namespaceName"]
    entities = [
        {"key": key, "namespace": namespace, "value": value}
        for key, value in call.services.limits.of(namespace).items()
    ]
    return Answer(dump({"entities": entities}), warnings=warnings)
