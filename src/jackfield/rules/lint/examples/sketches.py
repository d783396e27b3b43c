"""Actions in a few words, for the examples of the rules."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

Overrides = Mapping[str, Any]

USUAL: Final[Overrides] = {
    "url": "https://api.example.com/orders/$esc.uriEncode(${input.orderId})",
    "inputs": {"orderId": "string"},
    "paths": {"state": "$.state"},
    "defaults": {"state": '""'},
    "success": '{"state": ${state}}',
    "outputs": {"state": "string"},
}
POST: Final[Overrides] = {
    "method": "POST",
    "url": "https://api.example.com/orders",
    "inputs": {"note": "string"},
}
BODY: Final = '{"note": "$esc.jsonEncode(${input.note})"}'
FORM: Final[Overrides] = {"Content-Type": "application/x-www-form-urlencoded"}
OPTIONAL: Final[Overrides] = {**POST, "required": []}
LOGIN: Final[Overrides] = {
    "login": True,
    "method": "POST",
    "url": "${credentials.loginUrl}",
    "inputs": {},
    "headers": FORM,
    "body": "grant_type=client_credentials",
    "paths": {},
    "defaults": {},
    "success": "${rawResult}",
    "outputs": {},
}
PLATFORM: Final[Overrides] = {
    "type": "purecloud-data-actions",
    "url": "/api/v2/users/$esc.uriEncode(${input.orderId})",
}
TEXTS: Final[Overrides] = {"type": "array", "items": {"type": "string"}}
PAIR: Final = "${credentials.user}:${credentials.password}"
LIST: Final[Overrides] = {
    "paths": {"state": "$.orders[*].state"},
    "defaults": {},
    "success": '{"state": ${successTemplateUtils.firstFromArray("${state}", "$esc.quote$esc.quote")}}',
}


@dataclass(frozen=True, slots=True)
class Example:
    """One rule's example.

    Args:
        code: of the finding that the wrong one gives.
        both: what both have besides the usual.
        bad: what the wrong one has.
        good: what the right one has in its place.
    """

    code: str
    both: Overrides
    bad: Overrides
    good: Overrides

    def bad_action(self) -> dict[str, Any]:
        """Return the wrong one as an exported file."""
        return exported({**USUAL, **self.both, **self.bad})

    def good_action(self) -> dict[str, Any]:
        """Return the right one as an exported file."""
        return exported({**USUAL, **self.both, **self.good})

    def shown(self) -> tuple[str, str]:
        """Return the parts in which the two differ, as text."""
        return _shown(self.bad), _shown(self.good)


def exported(sketch: Overrides) -> dict[str, Any]:
    """Return a sketch of an action as an exported file."""
    inputs = {name: _schema(one) for name, one in sketch["inputs"].items()}
    required = sketch.get("required", list(inputs))
    outputs = {name: _schema(one) for name, one in sketch["outputs"].items()}
    contract = {
        "input": {"inputSchema": {"type": "object", "properties": inputs, "required": required}},
        "output": {"successSchema": {"type": "object", "properties": outputs, **sketch.get("output", {})}},
    }
    if not required:
        del contract["input"]["inputSchema"]["required"]
    config: dict[str, Any] = {
        "request": {
            "requestUrlTemplate": sketch["url"],
            "requestType": sketch.get("method", "GET"),
            "headers": dict(sketch.get("headers", {})),
            "requestTemplate": sketch.get("body", "${input.rawRequest}"),
        },
        "response": {
            "translationMap": dict(sketch["paths"]),
            "translationMapDefaults": dict(sketch["defaults"]),
            "successTemplate": sketch["success"],
        },
    }
    if "timeout" in sketch:
        config["timeoutSeconds"] = sketch["timeout"]
    return {
        "name": sketch.get("name", "Get order"),
        "integrationType": sketch.get("type", "custom-rest-actions"),
        "actionType": "customAuth" if sketch.get("login") else "custom",
        "config": config,
        "contract": {**contract, "input": sketch.get("input", contract["input"])},
        "secure": sketch.get("secure", False),
    }


def _schema(given: Any) -> Any:
    return {"type": given} if isinstance(given, str) else given


def _shown(overrides: Overrides) -> str:
    parts = []
    for name, value in overrides.items():
        if name in ("url", "body", "success", "method", "name", "type") and isinstance(value, str):
            parts.append(value.replace("\n", "\\n"))
        else:
            parts.append(f"{name}: {json.dumps(value, ensure_ascii=False)}")
    return " ".join(parts)


def rows(given: Sequence[tuple[str, Overrides, Overrides, Overrides]]) -> tuple[Example, ...]:
    """Return examples, each given as code, what both have, what the wrong and what the right one has."""
    return tuple(Example(*row) for row in given)
