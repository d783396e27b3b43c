"""What a JSON document is, judged by its members."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from jackfield.domain.json_nodes import ArrayNode, Node, NumberNode, ObjectNode, StringNode
from jackfield.explain.pieces import PieceKind

WRAPPERS: Final = ("body", "data", "payload", "json", "requestBody")
_ERROR_MEMBERS: Final = frozenset({"message", "code", "status", "contextId", "details", "errors", "entityId"})
_CONFIGURATION: Final = frozenset({"properties", "advanced", "credentials", "notes", "version", "name"})
_ACTION: Final = frozenset({"config", "contract", "integrationId", "category", "secure"})
ROUTE_OF_MODEL: Final = {
    "IntegrationConfiguration": ("PUT", "/api/v2/integrations/{integrationId}/config/current"),
    "Credential": ("POST", "/api/v2/integrations/credentials"),
    "CreateIntegrationRequest": ("POST", "/api/v2/integrations"),
    "Integration": ("PATCH", "/api/v2/integrations/{integrationId}"),
    "PostActionInput": ("POST", "/api/v2/integrations/actions"),
    "UpdateActionInput": ("PATCH", "/api/v2/integrations/actions/{actionId}"),
    "PublishDraftInput": ("POST", "/api/v2/integrations/actions/{actionId}/draft/publish"),
}


@dataclass(frozen=True, slots=True)
class Guess:
    """What a document is taken for.

    Args:
        model: name of the API's model, "" if it is none that is known.
        kind: what it would be by itself.
    """

    model: str
    kind: PieceKind


def guess(root: Node) -> Guess | None:
    """Tell what a document is; None if it is nothing of the API."""
    if isinstance(root, ArrayNode):
        first = root.items[0] if len(root.items) == 1 else None
        return guess(first) if isinstance(first, ObjectNode) else None
    if not isinstance(root, ObjectNode):
        return None
    return _answer(root) or _body(root) or _wrapped(root)


def _wrapped(root: ObjectNode) -> Guess | None:
    for name in WRAPPERS:
        inner = root.get(name)
        if isinstance(inner, ObjectNode):
            return guess(inner)
    return None


def _answer(root: ObjectNode) -> Guess | None:
    names = set(root.names)
    if isinstance(root.get("operations"), ArrayNode) and "success" in names:
        return Guess("TestExecutionResult", PieceKind.TEST_RESULT)
    if _is_error(root, names):
        return Guess("ErrorBody", PieceKind.ERROR)
    if isinstance(root.get("entities"), ArrayNode):
        return Guess("EntityListing", PieceKind.ANSWER)
    if {"access_token", "token_type"} <= names:
        return Guess("AccessToken", PieceKind.ANSWER)
    if "id" not in names or "selfUri" not in names:
        return None
    return Guess(_entity(root, names), PieceKind.ANSWER)


def _is_error(root: ObjectNode, names: set[str]) -> bool:
    if "error" in names and ("error_description" in names or "description" in names):
        return True
    status = root.get("status")
    is_status = isinstance(status, NumberNode) and 400 <= status.value < 600
    return "message" in names and (is_status or len(names & _ERROR_MEMBERS) > 2)


def _entity(root: ObjectNode, names: set[str]) -> str:
    uri = root.get("selfUri")
    path = uri.value if isinstance(uri, StringNode) else ""
    if "/credentials/" in path:
        return "Credential" if "credentialFields" in names else "CredentialInfo"
    if "/actions/" in path or len(names & _ACTION) > 1:
        return "Action"
    if path.endswith("/config/current") or {"properties", "version"} <= names:
        return "IntegrationConfiguration"
    return "Integration" if "integrationType" in names else ""


def _body(root: ObjectNode) -> Guess | None:
    names = set(root.names)
    if {"properties", "type"} <= names and isinstance(root.get("type"), StringNode) and "name" not in names:
        return None
    if len(names & _ACTION) > 1 or ("config" in names and _is_action_config(root.get("config"))):
        return Guess("PostActionInput", PieceKind.BODY)
    if "credentialFields" in names or ("type" in names and "name" in names and "properties" not in names):
        return Guess("Credential", PieceKind.BODY)
    if len(names & _CONFIGURATION) > 2 or "credentials" in names:
        return Guess("IntegrationConfiguration", PieceKind.BODY)
    if "integrationType" in names:
        return Guess(
            "Integration" if "intendedState" in names else "CreateIntegrationRequest", PieceKind.BODY
        )
    if "intendedState" in names:
        return Guess("Integration", PieceKind.BODY)
    if names == {"version"}:
        return Guess("PublishDraftInput", PieceKind.BODY)
    return None


def _is_action_config(node: Node | None) -> bool:
    return isinstance(node, ObjectNode) and bool({"request", "response"} & set(node.names))
