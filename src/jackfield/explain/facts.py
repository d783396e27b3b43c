"""What a text itself tells about the organization it comes from."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from jackfield.catalog import Catalog
from jackfield.domain.credential import Credential
from jackfield.domain.json_nodes import ArrayNode, Node, NumberNode, ObjectNode, StringNode
from jackfield.explain.answers import VERSIONS
from jackfield.explain.pieces import Piece, PieceKind
from jackfield.explain.routing import address_of, parameters

_LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)
_EMPTY_WORKS: Final = re.compile(
    r"credential[^.!?\n]{0,60}(?:empty|blank|without|omit|removed?|left out)[^.!?]{0,80}"
    r"(?:success|works?\b|accept|ok\b|200|no error|fine)"
    r"|(?:without|empty|omitting|no) [^.!?\n]{0,20}credential[^.!?]{0,80}"
    r"(?:success|works?\b|accept|ok\b|200|fine)",
    re.IGNORECASE,
)
_PROSE: Final = (
    (
        "custom-rest-actions",
        re.compile(r"web ?services?[ -]+data ?action|custom-rest-actions", re.IGNORECASE),
    ),
    (
        "purecloud-data-actions",
        re.compile(r"(?:genesys|pure) ?cloud[ -]+data ?action|purecloud-data-actions", re.I),
    ),
    ("function-data-actions", re.compile(r"function[ -]+data ?action|function-data-actions", re.IGNORECASE)),
    (
        "aws-lambda-data-actions",
        re.compile(r"lambda[ -]+data ?action|aws-lambda-data-actions", re.IGNORECASE),
    ),
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known from the text.

    Args:
        credentials: credentials by id.
        integration_types: integration id to type id.
        versions: id of an integration or action to the current version of its configuration, or its own.
        spoken_types: integration types that the prose names.
        empty_credentials_work: offset of the sentence that says that the request went through once its
            credentials were empty; None if nothing says so.
    """

    credentials: Mapping[str, Credential] = field(default_factory=dict)
    integration_types: Mapping[str, str] = field(default_factory=dict)
    versions: Mapping[str, int] = field(default_factory=dict)
    spoken_types: tuple[str, ...] = ()
    empty_credentials_work: int | None = None


def facts_of(text: str, pieces: Sequence[Piece], catalog: Catalog) -> Facts:
    """Collect what the answers and the prose of a text tell."""
    credentials: dict[str, Credential] = {}
    types: dict[str, str] = {}
    versions: dict[str, int] = {}
    path_id = ""
    for piece in pieces:
        if piece.is_request and piece.route is not None:
            path_id = entity_id(piece)
        elif piece.kind is PieceKind.ERROR and path_id:
            stale = VERSIONS.search(piece.message)
            if stale is not None and stale["current"] is not None:
                versions[path_id] = int(stale["current"])
        elif piece.kind is PieceKind.ANSWER and piece.root is not None:
            for root in _entities(piece.root):
                _learn(root, path_id, credentials, types, versions)
    spoken = tuple(type_id for type_id, pattern in _PROSE if pattern.search(text))
    evidence = _EMPTY_WORKS.search(text)
    return Facts(
        credentials,
        {key: value for key, value in types.items() if value in catalog.integration_types},
        versions,
        spoken,
        evidence.start() if evidence else None,
    )


def entity_id(piece: Piece) -> str:
    """Return the id of the integration or action that a request is about, "" if it is about none."""
    if piece.route is None:
        return ""
    values = parameters(piece.route, address_of(piece.url).path)
    return values.get("integrationId") or values.get("actionId") or ""


def _entities(root: ObjectNode) -> list[ObjectNode]:
    listed = root.get("entities")
    if isinstance(listed, ArrayNode):
        return [item for item in listed.items[:500] if isinstance(item, ObjectNode)]
    return [root]


def _learn(
    root: ObjectNode,
    path_id: str,
    credentials: dict[str, Credential],
    types: dict[str, str],
    versions: dict[str, int],
) -> None:
    identifier, uri = _text(root.get("id")), _text(root.get("selfUri"))
    kind = root.get("integrationType")
    if identifier and isinstance(kind, ObjectNode):
        types[identifier] = _text(kind.get("id"))
        config = root.get("config")
        current = config.get("current") if isinstance(config, ObjectNode) else None
        _learn_version(current, identifier, versions)
    elif "/credentials/" in uri and identifier:
        credentials[identifier] = _credential(root, identifier)
    elif "/actions/" in uri and identifier:
        _learn_version(root, identifier, versions)
    elif "credentials" in root.names:
        owner = parameters_of_uri(uri) or path_id
        _learn_version(root, owner, versions)


def _learn_version(node: Node | None, owner: str, versions: dict[str, int]) -> None:
    version = node.get("version") if isinstance(node, ObjectNode) else None
    if owner and isinstance(version, NumberNode) and version.is_integer:
        versions[owner] = int(version.value)


def parameters_of_uri(uri: str) -> str:
    """Return the integration's id out of the address of its configuration, "" if there is none."""
    match = re.search(r"/integrations/([^/]{1,100})/config/current", uri)
    return match[1] if match else ""


def _credential(root: ObjectNode, identifier: str) -> Credential:
    kind = root.get("type")
    type_name = _text(kind.get("name")) if isinstance(kind, ObjectNode) else _text(kind)
    name = root.get("name")
    return Credential(identifier, "", _text(name) or None, type_name, 1, _LONG_AGO, _LONG_AGO)


def _text(node: Node | None) -> str:
    return node.value if isinstance(node, StringNode) else ""
