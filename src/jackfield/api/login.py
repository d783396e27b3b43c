"""The login service: `/oauth/token`, the login page at `/oauth/authorize`, and `/logout`.

Errors of the token route have the login service's own form; those of the pages are pages, or go back to the
client that asked for the login.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl, quote, urlencode

import structlog

from jackfield.api.exchange import Answer, Exchange
from jackfield.api.json_bytes import dump
from jackfield.api.login_pages import login_page, refused_page, signed_out_page
from jackfield.api.options import Bounds
from jackfield.catalog import Route
from jackfield.domain.catalogue import found
from jackfield.domain.errors import JackfieldError, Refused, SentBack
from jackfield.domain.finding import Place
from jackfield.domain.secret import Secret
from jackfield.services.grants import ClientProof, Granted, GrantService
from jackfield.services.identity import IdentityService, IssuedToken

TOKEN_PATH: Final = "/oauth/token"
AUTHORIZE_PATH: Final = "/oauth/authorize"
LOGOUT_PATH: Final = "/logout"
# Paths without an API prefix that belong to the login service.
LOGIN_ROUTES: Final = (
    Route("POST", TOKEN_PATH, "post_oauth_token", (), 200, public=True),
    Route("GET", AUTHORIZE_PATH, "get_oauth_authorize", (), 200, public=True),
    Route("POST", AUTHORIZE_PATH, "post_oauth_authorize", (), 200, public=True),
    Route("GET", LOGOUT_PATH, "get_logout", (), 200, public=True),
)
LOGIN_PATHS: Final = frozenset(route.path for route in LOGIN_ROUTES)

CLIENT_CREDENTIALS: Final = "client_credentials"
CODE: Final = "authorization_code"
REFRESH: Final = "refresh_token"
GRANTS: Final = (CLIENT_CREDENTIALS, CODE, REFRESH)
# What the cloud's login service says whatever the reason, as clients have shown it.
AUTHENTICATION_FAILED: Final = "authentication failed"
MAXIMUM_FIELDS: Final = 50
# A form that another site sent says so, in every browser of today.
OTHER_SITES: Final = (b"cross-site", b"same-site")
log = structlog.get_logger("jackfield.login")


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """Who wants a token, and for what.

    Args:
        secret: None where the client sent none.
        form: all fields, the client's secret left out.
    """

    grant: str
    client_id: str
    secret: Secret | None
    form: Mapping[str, str]


class LoginService:
    """Answers the routes of the login service.

    Args:
        identity: tokens for client credentials.
        grants: logins of people.
        bounds: of bodies.
    """

    def __init__(self, identity: IdentityService, grants: GrantService, bounds: Bounds) -> None:
        self._identity, self._grants, self._bounds = identity, grants, bounds

    async def answer(self, exchange: Exchange, route: Route) -> Answer:
        """Answer one request to a route of `LOGIN_ROUTES`."""
        if route.path == TOKEN_PATH:
            return await self._token(exchange)
        asked = dict(_fields(exchange.query))
        if route.path == LOGOUT_PATH:
            return await self._sign_out(asked)
        try:
            if route.method == "GET":
                return login_page(await self._grants.offer(asked), username=asked.get("login_hint", ""))
            return await self._log_in(exchange, asked)
        except SentBack as error:
            return _redirect(error.redirect_uri, _error_fields(error), fragment=error.fragment)
        except Refused as error:
            return refused_page(error)

    async def _token(self, exchange: Exchange) -> Answer:
        try:
            body = await exchange.body(self._bounds)
            authorization = exchange.headers.get(b"authorization", b"")
            wanted = read_token_request(authorization, body)
            return _token_answer(await self._issue(wanted, exchange.address))
        except JackfieldError as error:
            return login_refusal(error)

    async def _issue(self, wanted: TokenRequest, address: str) -> IssuedToken:
        form = wanted.form
        if wanted.grant == CLIENT_CREDENTIALS:
            secret = wanted.secret or Secret("")
            return await self._identity.token_for_client(wanted.client_id, secret, address)
        proof = ClientProof(wanted.client_id, wanted.secret, address)
        if wanted.grant == REFRESH:
            return await self._grants.renew(proof, form["refresh_token"])
        redirect_uri, verifier = form.get("redirect_uri", ""), form.get("code_verifier", "")
        return await self._grants.exchange(proof, form["code"], redirect_uri, verifier)

    async def _log_in(self, exchange: Exchange, asked: Mapping[str, str]) -> Answer:
        if exchange.headers.get(b"sec-fetch-site") in OTHER_SITES:
            raise Refused(found("LOGIN_FROM_ELSEWHERE", Place("header/Sec-Fetch-Site")))
        form = dict(_fields(await exchange.body(self._bounds)))
        email, password = form.get("username", "").strip(), Secret(form.get("password", ""))
        try:
            granted = await self._grants.log_in(asked, email, password, exchange.address)
        except Refused as error:
            if error.findings[0].code not in ("LOGIN_WRONG", "LOGIN_SLOWED"):
                raise
            log.warning(
                "login refused", correlation_id=exchange.correlation_id, reason=error.findings[0].code
            )
            return login_page(await self._grants.offer(asked), error.findings[0], email)
        client_id = granted.login.client.id
        log.info("login", correlation_id=exchange.correlation_id, client=client_id)
        return _redirect(
            granted.login.redirect_uri, _granted_fields(granted), fragment=granted.token is not None
        )

    async def _sign_out(self, asked: Mapping[str, str]) -> Answer:
        wanted = asked.get("redirect_uri", "")
        if wanted and await self._grants.may_lead_to(asked.get("client_id", ""), wanted):
            return _redirect(wanted, {}, fragment=False)
        return signed_out_page()


def login_refusal(error: JackfieldError) -> Answer:
    """Return an error in the form of the login service: OAuth's members plus `description`."""
    description = AUTHENTICATION_FAILED if error.code == "invalid_client" else error.message
    body: dict[str, Any] = {
        "error": error.code,
        "description": description,
        "error_description": description,
    }
    if error.findings:
        body["fix"] = error.findings[0].fix
    return Answer(dump(body), error.status)


def read_token_request(authorization: bytes, body: bytes) -> TokenRequest:
    """Read a token request: Basic credentials or form fields.

    Raises:
        Refused: something is missing, or another grant is asked for.
    """
    try:
        form = dict(_fields(body))
    except ValueError as fault:
        raise _incomplete("a form that can be read") from fault
    grant = form.get("grant_type", "")
    if not grant:
        raise _incomplete("`grant_type`")
    if grant not in GRANTS:
        shown = grant[:60]
        raise Refused(found("GRANT_UNSUPPORTED", Place("form/grant_type"), seen=shown, value=shown))
    named, given = form.pop("client_id", ""), form.pop("client_secret", "")
    client_id, secret = _basic(authorization) or (named, given)
    if not client_id or (grant == CLIENT_CREDENTIALS and not secret):
        raise _incomplete("the client's id and secret")
    for name in {CODE: ("code", "redirect_uri"), REFRESH: ("refresh_token",)}.get(grant, ()):
        if not form.get(name):
            raise _incomplete(f"`{name}`")
    return TokenRequest(grant, client_id, Secret(secret) if secret else None, form)


def _fields(text: bytes) -> list[tuple[str, str]]:
    return parse_qsl(
        text.decode("latin-1"), keep_blank_values=True, max_num_fields=MAXIMUM_FIELDS, errors="replace"
    )


def _basic(authorization: bytes) -> tuple[str, str] | None:
    scheme, _, encoded = authorization.decode("latin-1").strip().partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        text = base64.b64decode(encoded.strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError) as fault:
        raise _incomplete("Basic credentials that can be read") from fault
    client_id, _, secret = text.partition(":")
    return client_id, secret


def _incomplete(missing: str) -> Refused:
    return Refused(found("TOKEN_REQUEST_INCOMPLETE", Place("form"), missing=missing))


def _token_answer(issued: IssuedToken) -> Answer:
    answer: dict[str, Any] = {
        "access_token": issued.access_token.reveal(),
        "token_type": "bearer",
        "expires_in": issued.expires_in,
    }
    if issued.refresh_token is not None:
        answer["refresh_token"] = issued.refresh_token.reveal()
    if issued.scopes is not None:
        answer["scope"] = " ".join(issued.scopes)
    return Answer(dump(answer))


def _granted_fields(granted: Granted) -> dict[str, str]:
    fields = {}
    if granted.code is not None:
        fields["code"] = granted.code.reveal()
    if granted.token is not None:
        fields["access_token"] = granted.token.access_token.reveal()
        fields["token_type"] = "bearer"
        fields["expires_in"] = str(granted.token.expires_in)
        fields["scope"] = " ".join(granted.token.scopes or ())
    return fields | ({"state": granted.login.state} if granted.login.state else {})


def _error_fields(error: SentBack) -> dict[str, str]:
    fields = {"error": error.code, "error_description": error.message}
    return fields | ({"state": error.state} if error.state else {})


def _redirect(address: str, fields: Mapping[str, str], *, fragment: bool) -> Answer:
    """Lead the browser back, as a GET whatever the method was."""
    added = urlencode(fields, quote_via=quote)
    joint = "#" if fragment else "&" if "?" in address else "?"
    location = f"{address}{joint}{added}" if added else address
    headers = ((b"location", location.encode()), (b"referrer-policy", b"no-referrer"))
    return Answer(status=303, media_type=b"text/plain; charset=utf-8", headers=headers)
