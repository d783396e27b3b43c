"""`/oauth/token`: client credentials for a bearer token, with the login service's own error form."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from jackfield.api.exchange import Answer
from jackfield.api.json_bytes import dump
from jackfield.domain.catalogue import found
from jackfield.domain.errors import JackfieldError, Refused
from jackfield.domain.finding import Place
from jackfield.domain.secret import Secret
from jackfield.services.identity import IdentityService

TOKEN_PATH = "/oauth/token"
GRANT = "client_credentials"
# What the cloud's login service says whatever the reason, as clients have shown it.
AUTHENTICATION_FAILED = "authentication failed"
MAXIMUM_FIELDS = 50


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """Who wants a token."""

    client_id: str
    secret: Secret


async def issue_token(identity: IdentityService, authorization: bytes, body: bytes) -> Answer:
    """Answer a token request.

    Args:
        authorization: the header's value, b"" if there is none.
        body: the form.

    Raises:
        Refused: the form is incomplete, the grant is not supported, or the client is not known.
    """
    wanted = read_token_request(authorization, body)
    issued = await identity.token_for_client(wanted.client_id, wanted.secret)
    answer = {
        "access_token": issued.access_token.reveal(),
        "token_type": "bearer",
        "expires_in": issued.expires_in,
    }
    return Answer(dump(answer))


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
        form = dict(parse_qsl(body.decode("latin-1"), keep_blank_values=True, max_num_fields=MAXIMUM_FIELDS))
    except ValueError as fault:
        raise _incomplete("a form that can be read") from fault
    grant = form.get("grant_type", "")
    if not grant:
        raise _incomplete("`grant_type`")
    if grant != GRANT:
        shown = grant[:60]
        raise Refused(found("GRANT_UNSUPPORTED", Place("form/grant_type"), seen=shown, value=shown))
    client_id, secret = _basic(authorization) or (form.get("client_id", ""), form.get("client_secret", ""))
    if not client_id or not secret:
        raise _incomplete("the client's id and secret")
    return TokenRequest(client_id, Secret(secret))


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
