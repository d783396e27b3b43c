"""Checks of a request apart from its body: address, method, host, headers."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from typing import Final

from jackfield.client.regions import REGIONS
from jackfield.domain.catalogue import found
from jackfield.domain.finding import Finding, Place, Severity
from jackfield.explain.models import guess
from jackfield.explain.pieces import Piece, PieceKind
from jackfield.explain.routing import MISSPELT, Routes, address_of
from jackfield.explain.settling import ABOUT_INTEGRATIONS
from jackfield.rules.members import is_placeholder

_ROLES: Final = {
    "login": "gives tokens; the API answers at",
    "apps": "serves web pages; the API answers at",
    "developer": "is the documentation; the API answers at",
    "help": "is the documentation; the API answers at",
}
_VARIABLE: Final = re.compile(
    r"\{\{?[^{}/]{0,60}\}?\}|<[^<>/]{1,60}>|\$\{?\w{1,60}\}?|:[A-Za-z]\w{1,40}|%7B.{1,60}%7D"
)
_DOMAIN: Final = re.compile(r"[a-z]+-[a-z]+-\d")
_ANSWERS: Final = {
    "EntityListing": "the answer of a listing",
    "ErrorBody": "an error that the API answered",
    "AccessToken": "the answer of the login",
    "TestExecutionResult": "the result of a test",
}
_METHODS_WITH_BODY: Final = ("POST", "PUT", "PATCH")


def check_request(piece: Piece, routes: Routes) -> tuple[Finding, ...]:
    """Check everything of a request but its body."""
    guessed = (
        piece.kind is not PieceKind.REQUEST and piece.route is not None and piece.url == piece.route.path
    )
    if not piece.url or guessed:
        return ()
    return (
        *_host(piece),
        *_route(piece, routes),
        *_placeholders(piece),
        *_body(piece),
        *_headers(piece),
    )


def check_regions(pieces: Sequence[Piece]) -> tuple[Finding, ...]:
    """Check that all requests of a text go to one region."""
    seen: dict[str, Piece] = {}
    for piece in pieces:
        domain = _domain(address_of(piece.url).host) if piece.is_request else ""
        if domain in REGIONS.values():
            seen.setdefault(domain, piece)
    if len(seen) < 2:
        return ()
    first, other = list(seen)[:2]
    problem = (
        f"The text speaks of two regions, {first} and {other}; a token of one means nothing to the other,"
        " and the organization is in one of them."
    )
    advice = f"Use one region for all calls: login.{first} and api.{first}, or login.{other} and api.{other}."
    place = Place("host", seen[other].line, 1)
    accepted = f"login.{first} with api.{first}, or login.{other} with api.{other}"
    return (
        found("REGION_HOST", place, seen=f"{first}, {other}", problem=problem, host=accepted, advice=advice),
    )


def _host(piece: Piece) -> Iterator[Finding]:
    host = address_of(piece.url).host.lower().partition(":")[0]
    if (
        not host
        or _is_local(host)
        or _VARIABLE.search(host)
        or address_of(piece.url).path.startswith("/oauth/")
    ):
        return
    label, _, domain = host.partition(".")
    problem, right = "", ""
    if domain in REGIONS.values() and label != "api":
        right = f"api.{domain}"
        problem = f"`{host}` {_ROLES.get(label, 'is not the API; it answers at')} `{right}`."
    elif host in REGIONS.values():
        right = f"api.{host}"
        problem = f"`{host}` is the domain of the region; the API answers at `{right}`."
    elif domain not in REGIONS.values() and _is_of_the_cloud(host):
        right = _nearest_host(host)
        problem = f"`{host}` is the host of no region."
    if problem:
        place = Place("host", piece.line, 1)
        advice = f"Send the request to {right}."
        yield found("REGION_HOST", place, seen=host, problem=problem, host=right, advice=advice)


def right_host(url: str) -> str:
    """Return the API's host for an address, "" if it names none that is known."""
    host = address_of(url).host.lower()
    if not host or _VARIABLE.search(host):
        return ""
    bare = host.partition(":")[0]
    domain = _domain(bare)
    if domain in REGIONS.values():
        return f"api.{domain}"
    return _nearest_host(bare) if _is_of_the_cloud(bare) else host


def _domain(host: str) -> str:
    name = host.lower().partition(":")[0]
    return name if name in REGIONS.values() else name.partition(".")[2]


def _is_local(host: str) -> bool:
    return host in ("localhost", "[") or host.startswith("127.") or "." not in host


def _is_of_the_cloud(host: str) -> bool:
    return any(word in host for word in ("pure.cloud", "purecloud", "genesys"))


def _nearest_host(host: str) -> str:
    region = _DOMAIN.search(host)
    if region is not None and region[0] in REGIONS:
        return f"api.{REGIONS[region[0]]}"
    near = difflib.get_close_matches(_domain(host), REGIONS.values(), n=1, cutoff=0.6)
    return f"api.{near[0]}" if near else "api. and the domain of your region, such as api.mypurecloud.com"


def _route(piece: Piece, routes: Routes) -> Iterator[Finding]:
    path = address_of(piece.url).path
    if piece.route is not None or not path.startswith("/api/v2/"):
        return
    place = Place("path", piece.line, 1)
    there = routes.at(path)
    if there:
        allowed = ", ".join(route.method for route in there)
        yield found(
            "METHOD_NOT_ALLOWED",
            place,
            seen=piece.method,
            path=there[0].path,
            method=piece.method,
            allowed=allowed,
        )
        return
    known = path.startswith(ABOUT_INTEGRATIONS)
    near = routes.nearest(path) if known else routes.nearest(path, piece.method, likeness=MISSPELT)
    if not near and not known:
        # One of the cloud's many routes that are not known here.
        return
    shown = near or "/api/v2/integrations"
    yield found("PATH_UNKNOWN", place, seen=path[:200], path=path[:200], nearest=f"`{shown}`")


def _body(piece: Piece) -> Iterator[Finding]:
    """Find an answer of another call where the body belongs."""
    root = piece.body.root if piece.body is not None else None
    what = _ANSWERS.get(guessed.model) if root is not None and (guessed := guess(root)) is not None else None
    if what is not None and piece.model:
        place = Place("", piece.line, 1)
        advice = f"the {piece.model} itself, not what another call answered"
        yield found("RESPONSE_SENT_AS_BODY", place, seen=what, what=what, owner=piece.model, advice=advice)


def _placeholders(piece: Piece) -> Iterator[Finding]:
    path = address_of(piece.url).path
    for part in path.split("/"):
        if part and (_VARIABLE.fullmatch(part) or is_placeholder(part)) and not part.startswith("0"):
            place = Place("path", piece.line, 1)
            shell = part.startswith("$") and piece.form in ("curl", "PowerShell")
            severity = Severity.NOTE if shell else Severity.WARNING
            yield found("PATH_PLACEHOLDER", place, seen=part, severity=severity, placeholder=part)


def _headers(piece: Piece) -> Iterator[Finding]:
    if not piece.headers:
        return
    kind = piece.headers.get("content-type", "")
    place = Place("header/Content-Type", piece.line, 1)
    wants_json = piece.body is not None and piece.method in _METHODS_WITH_BODY
    if wants_json and kind and "json" not in kind.lower() and not _is_login(piece):
        yield found("CONTENT_TYPE_NOT_JSON", place, seen=kind[:80], value=kind[:80])
    authorization = piece.headers.get("authorization")
    if authorization is None or _is_login(piece):
        return
    scheme, _, token = authorization.partition(" ")
    what = _wrong_token(scheme.lower(), token.strip())
    if what:
        place = Place("header/Authorization", piece.line, 1)
        yield found("AUTHORIZATION_NOT_BEARER", place, seen=scheme[:10], what=what)


def _wrong_token(scheme: str, token: str) -> str:
    if scheme == "basic":
        return "name and password, or client id and secret, (Basic)"
    if scheme != "bearer":
        return "a token without the word Bearer in front of it" if not token else ""
    if token.lower().startswith("bearer"):
        return "the word Bearer twice"
    return "quotes around the token" if token[:1] in "\"'" and len(token) > 2 else ""


def _is_login(piece: Piece) -> bool:
    return "/oauth/" in piece.url
