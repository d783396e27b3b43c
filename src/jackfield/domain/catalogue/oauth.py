"""Findings about logins: OAuth grants, the login page, scopes."""

from __future__ import annotations

from jackfield.domain.catalogue.entry import Entry
from jackfield.domain.finding import Grade

_AUTHORIZE: tuple[Entry, ...] = (
    Entry(
        code="AUTHORIZE_CLIENT_UNKNOWN",
        title="Login for an unknown client",
        cause="The link to the login page names a client id of another organization or region, or the client"
        " was deactivated.",
        message="The login was asked for by the client `{value}`, which is no active OAuth client of this"
        " server.",
        accepted="`client_id` of an active OAuth client of this server.",
        fix="Create the client here (POST /api/v2/oauth/clients) and use the id from the answer.",
        grade=Grade.INFERRED,
        wire_code="invalid_client",
    ),
    Entry(
        code="REDIRECT_URI_UNREGISTERED",
        title="Redirect URI not registered",
        cause="The address that the login would lead back to is not one of the client's, character by"
        " character: a missing slash, another port or http instead of https makes it another one. Nothing is"
        " sent to an address that nobody registered.",
        message="The login would lead back to `{value}`, which is not registered for the client `{client}`.",
        accepted="{registered}.",
        fix="Ask with one of the registered addresses, or add this one to the client's"
        " `registeredRedirectUri` (PUT /api/v2/oauth/clients/{client_id}).",
        grade=Grade.DOCUMENTED,
        wire_code="invalid_request",
    ),
    Entry(
        code="RESPONSE_TYPE_UNSUPPORTED",
        title="Response type not supported",
        cause="The login page answers with a code, or where that is switched on with a token.",
        message="The response type `{value}` is not supported here.",
        accepted="response_type=code.",
        fix="Send `response_type=code` with a PKCE challenge.",
        grade=Grade.DOCUMENTED,
        wire_code="unsupported_response_type",
    ),
    Entry(
        code="GRANT_NOT_OF_CLIENT",
        title="Grant of another kind of client",
        cause="An OAuth client has one grant type; this request is of another one.",
        message="The client `{client}` is a `{grant}` client; this request is for `{wanted}` clients.",
        accepted="A client with `authorizedGrantType` `{wanted}`.",
        fix="Create a `{wanted}` client for this, or change the client's `authorizedGrantType`.",
        grade=Grade.DOCUMENTED,
        wire_code="unauthorized_client",
    ),
    Entry(
        code="IMPLICIT_GRANT_OFF",
        title="Implicit grant is switched off",
        cause="The implicit grant hands the token over in an address, where histories and logs keep it;"
        " RFC 9700 advises against it, and it is off unless somebody switches it on.",
        message="The implicit grant (response_type=token) is switched off on this server.",
        accepted="response_type=code with PKCE.",
        fix="Use the code grant with PKCE, or start the server with `--implicit-grant`.",
        grade=Grade.ASSUMED,
        wire_code="unauthorized_client",
    ),
    Entry(
        code="PKCE_CHALLENGE_INVALID",
        title="PKCE challenge cannot be used",
        cause="The challenge was not made with S256, was cut, or is the verifier itself.",
        message="The PKCE challenge cannot be used: {reason}.",
        accepted="code_challenge_method=S256 and a challenge of 43 base64url characters.",
        fix="Send the SHA-256 of the verifier in base64url without padding, and code_challenge_method=S256.",
        grade=Grade.DOCUMENTED,
        wire_code="invalid_request",
    ),
    Entry(
        code="SCOPE_NOT_OF_CLIENT",
        title="Scope that the client does not have",
        cause="The login asked for more than the client was registered for.",
        message="The scope `{value}` is not one of the client's.",
        accepted="{scopes}.",
        fix="Ask for less, leave `scope` out, or add the scope to the client.",
        grade=Grade.INFERRED,
        wire_code="invalid_scope",
    ),
    Entry(
        code="LOGIN_WRONG",
        title="Login refused",
        cause="The address or the password is wrong, the account has no password, or it is inactive.",
        message="The e-mail address and the password do not belong together.",
        accepted="The address and password of an active user of this server.",
        fix="Type both again; the first start of `jackfield up` printed the administrator's password once.",
        grade=Grade.ASSUMED,
        status=401,
        wire_code="access_denied",
    ),
    Entry(
        code="LOGIN_SLOWED",
        title="Too many failed attempts",
        cause="Several attempts with a wrong password or secret came from the same place; the next one has to"
        " wait, longer each time.",
        message="rate limit exceeded; wait {seconds} seconds before the next attempt.",
        accepted="An attempt after {seconds} seconds.",
        fix="Wait {seconds} seconds, then try again with the right password or secret.",
        grade=Grade.OBSERVED,
        status=400,
        wire_code="invalid_request",
    ),
    Entry(
        code="LOGIN_FROM_ELSEWHERE",
        title="Login form sent by another site",
        cause="The form was not sent by the login page itself; another site could log somebody in under a"
        " stranger's name that way.",
        message="The login was sent by a page of another site.",
        accepted="A login from this server's own page.",
        fix="Open the login page and type the password there.",
        grade=Grade.ASSUMED,
        status=403,
        wire_code="access_denied",
    ),
)

_TOKENS: tuple[Entry, ...] = (
    Entry(
        code="CODE_UNKNOWN",
        title="Authorization code not valid",
        cause="The code was made up, cut, issued to another client, or is older than a few minutes.",
        message="The authorization code is not one that this client can exchange any more.",
        accepted="The code of the last login, within {seconds} seconds.",
        fix="Log in again and exchange the new code at once.",
        grade=Grade.DOCUMENTED,
        wire_code="invalid_grant",
    ),
    Entry(
        code="CODE_USED",
        title="Authorization code used twice",
        cause="A code works once. A second use is a reload, a retry, or somebody who got hold of the code, so"
        " the tokens from its first use have been ended.",
        message="The authorization code was exchanged before; its tokens have been ended.",
        accepted="A fresh code.",
        fix="Log in again, and exchange the code once only.",
        grade=Grade.DOCUMENTED,
        wire_code="invalid_grant",
    ),
    Entry(
        code="REDIRECT_URI_DIFFERS",
        title="Redirect URI differs from the login's",
        cause="The token request has to name the very redirect URI that the login named.",
        message="The token request names another `redirect_uri` than the login did.",
        accepted="The `redirect_uri` of the login, character by character.",
        fix="Send the same `redirect_uri` in both requests.",
        grade=Grade.DOCUMENTED,
        wire_code="invalid_grant",
    ),
    Entry(
        code="PKCE_VERIFIER_WRONG",
        title="PKCE verifier does not match",
        cause="The verifier is not the one whose challenge the login had, often because a second login"
        " overwrote it in the browser's storage.",
        message="The `code_verifier` does not belong to the login's `code_challenge`.",
        accepted="The verifier (43-128 characters) whose SHA-256 is the challenge.",
        fix="Keep the verifier from before the login and send it unchanged.",
        grade=Grade.DOCUMENTED,
        wire_code="invalid_grant",
    ),
    Entry(
        code="REFRESH_TOKEN_UNKNOWN",
        title="Refresh token not valid",
        cause="The refresh token was used before (each use gives a new one), has expired, was issued to"
        " another client, or its login was ended.",
        message="The refresh token is not one that this client can use any more.",
        accepted="The refresh token of the last token answer.",
        fix="Keep the refresh token of every answer in place of the one before, or log in again.",
        grade=Grade.INFERRED,
        wire_code="invalid_grant",
    ),
    Entry(
        code="CLIENT_PROOF_MISSING",
        title="Neither secret nor PKCE",
        cause="A client proves itself with its secret, or with PKCE if it cannot keep one.",
        message="The token request has neither the client's secret, nor did the login have a PKCE challenge.",
        accepted="Client id and secret as Basic credentials, or a login with PKCE.",
        fix="Send the client's secret as Basic credentials, or log in with `code_challenge`.",
        grade=Grade.INFERRED,
        wire_code="invalid_client",
    ),
)

_CALLERS: tuple[Entry, ...] = (
    Entry(
        code="SCOPE_MISSING",
        title="Scope missing",
        cause="Tokens of a login are limited to the scopes of their OAuth client, whatever the user's roles"
        " grant. Tokens of client credentials have no scopes; their roles decide.",
        message="The token's scopes allow none of what this route needs: {scopes}.",
        accepted="A token with one of the scopes: {scopes}.",
        fix="Add the scope to the OAuth client (PUT /api/v2/oauth/clients), then log in again.",
        grade=Grade.DOCUMENTED,
        status=403,
        wire_code="not.authorized",
    ),
    Entry(
        code="USER_CONTEXT_MISSING",
        title="Needs a user",
        cause="The route answers about the user behind the token; client credentials have none.",
        message="This route needs a token of a user; client credentials stand for none.",
        accepted="A token from a login (code or implicit grant).",
        fix="Log in as a user (code grant with PKCE), or use GET /api/v2/tokens/me and"
        " GET /api/v2/authorization/subjects/me, which answer for clients too.",
        grade=Grade.OBSERVED,
    ),
    Entry(
        code="GRANT_TOO_WIDE",
        title="Role that grants more than the caller has",
        cause="Nobody can hand out permissions that they do not hold themselves, or a caller that may edit"
        " roles could make itself an administrator.",
        message="The role `{role}` grants `{permission}`, which the caller does not have.",
        accepted="Roles whose permissions the caller holds too.",
        fix="Let somebody grant it who holds `{permission}`, or leave that permission out.",
        grade=Grade.DOCUMENTED,
        status=403,
        wire_code="not.authorized",
    ),
)

ENTRIES: tuple[Entry, ...] = (*_AUTHORIZE, *_TOKENS, *_CALLERS)
