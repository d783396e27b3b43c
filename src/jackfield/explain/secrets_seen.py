"""Secrets that stand in a text: found, so that their owner can be warned and nothing of them is printed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from jackfield.domain.json_nodes import ArrayNode, Node, ObjectNode, StringNode
from jackfield.domain.masking import Masker
from jackfield.domain.secret import MASK, Secret
from jackfield.domain.sensitive import holds_only_secrets, holds_secret, is_template
from jackfield.explain.explanation import SecretSeen
from jackfield.explain.pieces import Piece
from jackfield.explain.text_lines import Lines
from jackfield.rules.members import is_placeholder

MAX_SECRETS: Final = 50
_SCHEME: Final = re.compile(r"\b(?P<scheme>Bearer|Basic)\s+(?P<value>[A-Za-z0-9+/=._~-]{8,})", re.IGNORECASE)
_NAMED: Final = re.compile(
    r"(?P<quote>[\"'“]?)(?P<name>[A-Za-z][\w-]{1,60})\\?[\"'”]?[ \t]*(?::=|=>|[:=])[ \t]*"
    r"(?:\\?[\"'“`](?P<quoted>[^\"'\r\n“”`\\]{1,400})|(?P<bare>[^\s\"'{}\[\],;&|<>]{6,400}))"
)
_KNOWN_FORMS: Final = (
    ("JSON web token", re.compile(r"\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{5,}")),
    ("AWS access key", re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b")),
    ("private key", re.compile(r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[^-]{20,8000}")),
)
_WORDS: Final = frozenset(
    ("password", "passwd", "secret", "token", "string", "basic", "bearer", "authorization", "apikey", "none")
)
_PUBLIC: Final = frozenset(
    ("username", "loginurl", "clientid", "granttype", "scope", "name", "key", "header", "type", "title")
)
_ADVICE: Final = {
    "bearer token": "revoke it (DELETE /api/v2/tokens/me): it works for whoever reads it",
    "Basic credentials": "they are name and password, only encoded: change the password",
    "client secret": "make a new secret for the OAuth client, and keep it where only the server reads it",
    "password": "change it if it is real, and PUT the new one to …/credentials/{id}",
}
_GENERAL: Final = "if it is a real one, revoke it where it was issued"


@dataclass(frozen=True, slots=True)
class Hidden:
    """One secret with its place."""

    kind: str
    value: Secret
    offset: int


def hidden_in(text: str, pieces: Sequence[Piece]) -> tuple[Hidden, ...]:
    """Return the secrets of a text, each value once, in its order."""
    seen: dict[str, Hidden] = {}
    for one in sorted((*_by_form(text), *_by_name(text), *_in_bodies(pieces)), key=lambda one: one.offset):
        seen.setdefault(one.value.reveal(), one)
    return tuple(seen.values())


def report(hidden: Iterable[Hidden], lines: Lines) -> tuple[SecretSeen, ...]:
    """Return what is said about secrets: kind, line and advice, nothing of their values."""
    said = (SecretSeen(one.kind, lines.line(one.offset), _ADVICE.get(one.kind, _GENERAL)) for one in hidden)
    return tuple(dict.fromkeys(said))[:MAX_SECRETS]


def masker_of(hidden: Iterable[Hidden]) -> Masker:
    """Return what takes the secrets out of text; words that merely name secrets stay."""
    values = (one.value.reveal() for one in hidden)
    return Masker(value for value in values if value.lower() not in _WORDS)


def _by_form(text: str) -> Iterator[Hidden]:
    for match in _SCHEME.finditer(text):
        kind = "bearer token" if match["scheme"].lower() == "bearer" else "Basic credentials"
        if _is_secret(match["value"]) and any(letter.isdigit() for letter in match["value"]):
            yield Hidden(kind, Secret(match["value"]), match.start("value"))
    for kind, pattern in _KNOWN_FORMS:
        for match in pattern.finditer(text):
            yield Hidden(kind, Secret(match[0]), match.start())


def _by_name(text: str) -> Iterator[Hidden]:
    for match in _NAMED.finditer(text):
        value = match["quoted"] or match["bare"]
        if (
            not holds_secret(match["name"])
            or _is_harmless(match["name"])
            or not _is_secret(value)
            or _SCHEME.match(value)
        ):
            continue
        if match["bare"] is not None and (match["quote"] or not _looks_random(value)):
            continue
        yield Hidden(
            _kind(match["name"]), Secret(value), match.start("quoted" if match["quoted"] else "bare")
        )


def _in_bodies(pieces: Sequence[Piece]) -> Iterator[Hidden]:
    for piece in pieces:
        if piece.body is not None and piece.body.root is not None:
            at = piece.body_at if piece.body_at is not None else None
            for name, node in _texts(piece.body.root, "", inside=False):
                offset = at + node.start if at is not None else piece.start
                if _is_secret(node.value):
                    yield Hidden(_kind(name), Secret(node.value), offset)


def _texts(root: Node, name: str, *, inside: bool) -> Iterator[tuple[str, StringNode]]:
    stack: list[tuple[Node, str, bool]] = [(root, name, inside)]
    while stack:
        node, called, within = stack.pop()
        if isinstance(node, StringNode):
            if (within and not _is_public(called)) or holds_secret(called):
                yield called, node
        elif isinstance(node, ArrayNode):
            stack.extend((item, called, within) for item in node.items)
        elif isinstance(node, ObjectNode):
            for member in node.members:
                below = within or holds_only_secrets(member.name, is_list=isinstance(member.value, ArrayNode))
                stack.append((member.value, member.name, below))


def _is_public(name: str) -> bool:
    """Tell if a field of a credential is not sensitive by its type, such as a user name."""
    return name.lower().replace("_", "") in _PUBLIC


def _is_harmless(name: str) -> bool:
    """Tell if a name only sounds like a secret's, such as the one that Postman numbers requests with."""
    return name.lower() in ("postman-token", "cancellationtoken", "tokentype", "displayorder")


def _is_secret(value: str) -> bool:
    return bool(value.strip()) and value != MASK and not is_placeholder(value) and not is_template(value)


def _looks_random(value: str) -> bool:
    return (
        len(value) >= 8
        and any(letter.isdigit() for letter in value)
        and any(letter.isalpha() for letter in value)
    )


def _kind(name: str) -> str:
    folded = name.lower().replace("_", "").replace("-", "")
    if "clientsecret" in folded:
        return "client secret"
    if "token" in folded:
        return "bearer token" if "access" in folded else "token"
    if any(word in folded for word in ("password", "passwd", "pwd", "passphrase")):
        return "password"
    if "authorization" in folded:
        return "Authorization header"
    return "credential field" if not holds_secret(name) else name[:40]
