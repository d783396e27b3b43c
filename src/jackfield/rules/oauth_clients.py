"""Checks of an OAuth client's body."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeVar
from urllib.parse import urlsplit

from jackfield.domain.finding import Checked
from jackfield.domain.identity import OAuthClient
from jackfield.domain.json_nodes import NumberNode, ObjectNode
from jackfield.domain.json_reader import Reading
from jackfield.rules import mending
from jackfield.rules.authorization import CLIENT_CREDENTIALS, CODE, IMPLICIT
from jackfield.rules.members import KINDS, FindingLog, Members, open_body

T = TypeVar("T")

MEMBERS: Final = (
    "name",
    "authorizedGrantType",
    "accessTokenValiditySeconds",
    "description",
    "registeredRedirectUri",
    "roleIds",
    "roleDivisions",
    "scope",
    "state",
    "dateToDelete",
    "id",
    "secret",
    "dateCreated",
    "dateModified",
    "createdBy",
    "modifiedBy",
    "selfUri",
)
GRANTS: Final = (CLIENT_CREDENTIALS, CODE, IMPLICIT, "SAML2-BEARER", "PASSWORD")
ANSWERED: Final = (CLIENT_CREDENTIALS, CODE, IMPLICIT)
STATES: Final = ("active", "inactive", "disabled")
SHORTEST: Final = 300
LONGEST: Final = 172_800
DEFAULT_SECONDS: Final = 86_400
RUNS_CODE: Final = ("javascript", "data", "vbscript", "file", "about", "blob")
LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class NewClient:
    """An OAuth client as it was written."""

    name: str
    grant: str
    token_seconds: int
    description: str
    redirect_uris: tuple[str, ...]
    role_ids: tuple[str, ...]
    scopes: tuple[str, ...]
    active: bool


def check_oauth_client(body: Reading, old: OAuthClient | None, *, strict: bool = False) -> Checked[NewClient]:
    """Check the body of POST or PUT of an OAuth client.

    Args:
        body: as it was sent; read-only members of a whole client are ignored.
        old: the stored one, whose members stay where the body does not give them; None for a new one.
        strict: warnings refuse.
    """
    log = FindingLog(body, strict=strict)
    example = (
        '{"name": "…", "authorizedGrantType": "CODE", "registeredRedirectUri": ["https://…"], "scope": []}'
    )
    members = open_body(log, "OAuth client", example, MEMBERS)
    if members is None:
        return log.checked(None)
    members.unknown(MEMBERS)
    name = members.text("name", example='"name": "…"', required=True, longest=256) or ""
    grant = members.choice("authorizedGrantType", GRANTS, required=True) or ""
    description, state = members.text("description"), members.choice("state", STATES)
    redirect_uris, scopes, role_ids = _redirect_uris(members), members.strings("scope"), _role_ids(members)
    wanted = NewClient(
        name=name,
        grant=grant,
        token_seconds=_seconds(members, old),
        description=_kept(description, old.description if old else ""),
        redirect_uris=_kept(redirect_uris, old.redirect_uris if old else ()),
        role_ids=_kept(role_ids, old.role_ids if old else ()),
        scopes=_kept(scopes, old.scopes if old else ()),
        active=(old is None or old.active) if state is None else state == "active",
    )
    _warn(members, wanted)
    return log.checked(wanted)


def _kept(given: T | None, old: T) -> T:
    return old if given is None else given


def _seconds(members: Members, old: OAuthClient | None) -> int:
    node = members.get("accessTokenValiditySeconds")
    if node is None:
        return old.token_seconds if old else DEFAULT_SECONDS
    if isinstance(node, NumberNode) and node.is_integer and SHORTEST <= node.value <= LONGEST:
        return int(node.value)
    pointer, seen = members.at("accessTokenValiditySeconds"), members.log.reading.seen(node)
    edits = mending.replaced(pointer, DEFAULT_SECONDS)
    members.log.add("TOKEN_SECONDS_OUTSIDE", node, pointer, seen=seen, value=seen, edits=edits)
    return DEFAULT_SECONDS


def _redirect_uris(members: Members) -> tuple[str, ...] | None:
    uris = members.strings("registeredRedirectUri", example='"registeredRedirectUri": ["https://…"]')
    node = members.get("registeredRedirectUri")
    for uri in uris or ():
        reason = _unusable(uri)
        if reason:
            members.log.add(
                "REDIRECT_URI_INVALID",
                node,
                members.at("registeredRedirectUri"),
                seen=uri[:200],
                value=uri[:200],
                reason=reason,
            )
        elif urlsplit(uri).scheme == "http" and (urlsplit(uri).hostname or "") not in LOOPBACK:
            members.log.add(
                "REDIRECT_URI_PLAIN",
                node,
                members.at("registeredRedirectUri"),
                seen=uri[:200],
                value=uri[:200],
            )
    return uris


def _unusable(uri: str) -> str:
    try:
        parts = urlsplit(uri)
        host = parts.hostname
    except ValueError:
        return "it cannot be read as an address"
    if not uri.isascii() or any(letter.isspace() or not letter.isprintable() for letter in uri):
        return "it has characters that have to be percent-encoded"
    if any(letter in uri for letter in "'\";,<>\\"):
        return "it has quotes, commas, semicolons or brackets in it"
    if not parts.scheme:
        return "it has no scheme"
    if parts.scheme.lower() in RUNS_CODE:
        return f"the scheme `{parts.scheme}` runs code or reads files"
    if parts.scheme in ("http", "https") and not host:
        return "it names no host"
    if "#" in uri:
        return "it has a fragment"
    return "it holds a user name or password" if "@" in parts.netloc else ""


def _role_ids(members: Members) -> tuple[str, ...] | None:
    """Return the roles of `roleIds` and `roleDivisions`, each once; None if neither is given."""
    plain = members.strings("roleIds")
    divided = members.list("roleDivisions", example='"roleDivisions": [{"roleId": "…"}]')
    if plain is None and divided is None:
        return None
    ids = list(plain or ())
    for node, pointer in divided or ():
        if isinstance(node, ObjectNode):
            inner = Members(members.log, node, pointer, "role in a division")
            inner.unknown(("roleId", "divisionId"))
            ids.append(inner.text("roleId", example='"roleId": "…"', required=True) or "")
        else:
            kind, seen = KINDS.get(node.kind, node.kind), members.log.reading.seen(node)
            members.log.add(
                "LIST_ENTRY_INVALID",
                node,
                pointer,
                seen=seen,
                name="roleDivisions",
                kind=kind,
                wanted="an object with roleId",
            )
    return tuple(dict.fromkeys(one for one in ids if one))


def _warn(members: Members, wanted: NewClient) -> None:
    node = members.get("authorizedGrantType")
    pointer = members.at("authorizedGrantType")
    if wanted.grant and wanted.grant not in ANSWERED:
        members.log.add("GRANT_NOT_ANSWERED", node, pointer, seen=wanted.grant, value=wanted.grant)
    elif wanted.grant == CLIENT_CREDENTIALS and not wanted.role_ids:
        example = '"roleIds": ["<role id>"]'
        members.log.add(
            "CLIENT_CANNOT_DO_ANYTHING",
            node,
            pointer,
            grant=wanted.grant,
            member="roleIds",
            example=example,
        )
    elif wanted.grant in (CODE, IMPLICIT) and not wanted.scopes:
        members.log.add(
            "CLIENT_CANNOT_DO_ANYTHING",
            node,
            pointer,
            grant=wanted.grant,
            member="scope",
            example='"scope": ["integrations"]',
        )
