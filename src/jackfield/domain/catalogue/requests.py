"""Findings about requests as a whole: paths, queries, headers, bodies, tokens."""

from __future__ import annotations

from jackfield.domain.catalogue.entry import Entry
from jackfield.domain.finding import Grade, Severity

ROUTES: tuple[Entry, ...] = (
    Entry(
        code="PATH_UNKNOWN",
        title="No such path",
        cause="A typing mistake, a missing id between two slashes, a slash at the end, or a route of the"
        " cloud outside the integrations family.",
        message="There is no route with the path `{path}`; the nearest is {nearest}.",
        accepted="{nearest}.",
        fix="Send the request to {nearest}. GET /openapi.json lists every route.",
        grade=Grade.DOCUMENTED,
        status=404,
        wire_code="not.found",
    ),
    Entry(
        code="METHOD_NOT_ALLOWED",
        title="Path exists, method does not",
        cause="The right path with the wrong verb, often PUT where the API takes PATCH or the other way"
        " round.",
        message="The route `{path}` does not take {method}; it takes {allowed}.",
        accepted="{allowed}.",
        fix="Send {allowed} instead.",
        grade=Grade.ASSUMED,
        status=405,
        wire_code="method.not.allowed",
    ),
    Entry(
        code="ROUTE_NOT_IMPLEMENTED",
        title="Known route without code",
        cause="The route belongs to the cloud's API and its name and permissions are known here, but nothing"
        " answers it yet. It is refused rather than answered with something invented.",
        message="The route {method} `{path}` ({operation}) is known, but this server has no code for it.",
        accepted="A route that GET /openapi.json lists.",
        fix="Use the cloud for this call, or a route that /openapi.json lists.",
        grade=Grade.DOCUMENTED,
        status=501,
        wire_code="not.implemented",
    ),
    Entry(
        code="FILE_NAME_UNKNOWN",
        title="No such template or schema file",
        cause="Templates and schemas of an action have fixed file names; the URIs inside the action tell"
        " them.",
        message="An action has no {noun} with the file name `{name}`.",
        accepted="{names}.",
        fix="Ask for one of: {names}.",
        grade=Grade.OBSERVED,
        status=404,
        wire_code="not.found",
    ),
    Entry(
        code="CONFIG_SCHEMA_UNKNOWN",
        title="No such configuration schema",
        cause="An integration type has exactly two configuration schemas.",
        message="There is no configuration schema called `{name}`.",
        accepted="properties or advanced.",
        fix="Ask for configschemas/properties or configschemas/advanced.",
        grade=Grade.DOCUMENTED,
        status=404,
        wire_code="not.found",
    ),
)

QUERIES: tuple[Entry, ...] = (
    Entry(
        code="QUERY_NOT_A_NUMBER",
        title="Query parameter is no number",
        cause="A word, a sign, a fraction or an unfilled placeholder where a whole number belongs.",
        message="The query parameter `{name}` is `{value}`, which is not a whole number.",
        accepted="A whole number in digits, such as {example}.",
        fix="Send `{name}={example}` or leave the parameter out.",
        grade=Grade.DOCUMENTED,
        wire_code="invalid.value",
    ),
    Entry(
        code="QUERY_NOT_A_BOOLEAN",
        title="Query parameter is neither true nor false",
        cause="`1`, `yes` or an unfilled placeholder where a boolean belongs.",
        message="The query parameter `{name}` is `{value}`, which is neither true nor false.",
        accepted="true or false, in any case.",
        fix="Send `{name}=true` or `{name}=false`, or leave the parameter out.",
        grade=Grade.INFERRED,
        wire_code="invalid.value",
    ),
    Entry(
        code="QUERY_NOT_ONE_OF",
        title="Query parameter with an unknown value",
        cause="The API declares the values that this parameter takes, and this is none of them.",
        message="The query parameter `{name}` does not take `{value}`.",
        accepted="{values}.",
        fix="Send one of: {values}, or leave the parameter out.",
        grade=Grade.INFERRED,
        wire_code="invalid.value",
    ),
    Entry(
        code="QUERY_TOO_MANY_IDS",
        title="Too many ids in one request",
        cause="The API takes a limited number of ids at once.",
        message="The query parameter `{name}` holds {count} ids; at most {maximum} are taken.",
        accepted="At most {maximum} ids.",
        fix="Ask in portions of {maximum} ids.",
        grade=Grade.DOCUMENTED,
        wire_code="invalid.value",
    ),
    Entry(
        code="QUERY_TOO_LONG",
        title="Too many query parameters",
        cause="More parameters than any route has, usually a client that builds its query in a loop.",
        message="The query has more than {maximum} parameters.",
        accepted="At most {maximum} parameters.",
        fix="Send each parameter once; join the values of `expand` and `ids` with commas.",
        grade=Grade.ASSUMED,
    ),
    Entry(
        code="QUERY_UNKNOWN",
        title="Query parameter that the route does not have",
        cause="A typing mistake or a parameter of another route; the cloud ignores it without a word.",
        message="The route has no query parameter `{name}`; it was ignored.",
        accepted="{names}.",
        fix="Leave it out, or use one of: {names}.",
        grade=Grade.ASSUMED,
        severity=Severity.WARNING,
    ),
    Entry(
        code="SORT_FIELD_UNKNOWN",
        title="Unknown sort field",
        cause="`sortBy` takes a few field names only.",
        message="The list cannot be sorted by `{value}`; it comes in the order of creation.",
        accepted="{values}.",
        fix="Sort by one of: {values}.",
        grade=Grade.ASSUMED,
        severity=Severity.WARNING,
    ),
)

BODIES: tuple[Entry, ...] = (
    Entry(
        code="CONTENT_TYPE_NOT_JSON",
        title="Body is not declared as JSON",
        cause="curl's -d declares a form unless told otherwise; other clients default to text or multipart.",
        message="The body is declared as `{value}`; this route takes JSON.",
        accepted="Content-Type: application/json.",
        fix="Send the header `Content-Type: application/json` (curl: -H 'Content-Type: application/json').",
        grade=Grade.DOCUMENTED,
        status=415,
        wire_code="unsupported.media.type",
    ),
    Entry(
        code="BODY_TOO_LARGE",
        title="Body over the limit",
        cause="Something else than a configuration was sent, such as a file or a whole export.",
        message="The body is larger than this server takes. Maximum bytes: {maximum}.",
        accepted="A body of at most {maximum} bytes.",
        fix="Send less in one request.",
        grade=Grade.DOCUMENTED,
        status=413,
        wire_code="request.entity.too.large",
    ),
    Entry(
        code="BODY_TOO_SLOW",
        title="Body did not arrive in time",
        cause="Content-Length announces more bytes than the client sends, or the connection stalled.",
        message="The whole body did not arrive within {seconds} seconds.",
        accepted="A body of exactly Content-Length bytes, sent at once.",
        fix="Check Content-Length against what is sent, then send the request again.",
        grade=Grade.ASSUMED,
        status=408,
        wire_code="request.timeout",
    ),
    Entry(
        code="IDEMPOTENCY_KEY_INVALID",
        title="Idempotency-Key cannot be used",
        cause="The key is empty, longer than 255 characters or not printable ASCII.",
        message="The Idempotency-Key has {count} characters or holds some that cannot be printed.",
        accepted="1 to 255 printable ASCII characters, such as a UUID.",
        fix="Send a fresh UUID as the key, or leave the header out.",
        grade=Grade.ASSUMED,
    ),
)

CONNECTIONS: tuple[Entry, ...] = (
    Entry(
        code="HTTP_MALFORMED",
        title="Not an HTTP/1.1 request",
        cause="A wrong length or chunk size, control characters in a header, a TLS handshake or HTTP/2 on the"
        " plain port, or a request put together by hand.",
        message="What arrived is not a valid HTTP/1.1 request: {reason}.",
        accepted="HTTP/1.1 in plain text: request line, headers, empty line, then exactly the announced"
        " body.",
        fix="Use http:// (not https://) for this port and let an HTTP client write lengths and line ends.",
        grade=Grade.ASSUMED,
    ),
    Entry(
        code="HEAD_TOO_LARGE",
        title="Request line and headers too large",
        cause="A list of ids or a whole token cache in the URL or in a header.",
        message="Request line and headers together are larger than {maximum} bytes or {count} headers.",
        accepted="At most {maximum} bytes and {count} headers.",
        fix="Ask in portions and send only the headers that the API needs.",
        grade=Grade.ASSUMED,
        status=431,
    ),
    Entry(
        code="HEAD_TOO_SLOW",
        title="Headers did not arrive in time",
        cause="The connection stalled in the middle of the headers.",
        message="The headers did not arrive within {seconds} seconds.",
        accepted="A whole request, sent at once.",
        fix="Send the request again.",
        grade=Grade.ASSUMED,
        status=408,
        wire_code="request.timeout",
    ),
    Entry(
        code="CONNECTIONS_EXHAUSTED",
        title="Too many connections",
        cause="Clients open a connection per request and do not close it.",
        message="The server already holds {maximum} connections.",
        accepted="At most {maximum} connections at one time.",
        fix="Reuse connections (keep-alive), then try again.",
        grade=Grade.ASSUMED,
        status=503,
        wire_code="service.unavailable",
    ),
    Entry(
        code="SHUTTING_DOWN",
        title="Server is shutting down",
        cause="The server was told to stop, gave running requests some seconds, and this one took longer.",
        message="The server stopped {seconds} seconds after it was told to, before this request was done.",
        accepted="A request to a running server.",
        fix="Look whether the request had an effect, then send it again.",
        grade=Grade.ASSUMED,
        status=503,
        wire_code="service.unavailable",
    ),
    Entry(
        code="SERVER_FAULT",
        title="Fault of the server",
        cause="A fault in Jackfield itself; nothing in the request has to be changed.",
        message="The server failed on this request; its log has the reason under the correlation id"
        " {correlation_id}.",
        accepted="Any request: this is never the caller's fault.",
        fix="Report it with the lines that the log has for {correlation_id}.",
        grade=Grade.DOCUMENTED,
        status=500,
        wire_code="internal.server.error",
    ),
)

LOGINS: tuple[Entry, ...] = (
    Entry(
        code="GRANT_UNSUPPORTED",
        title="Grant type not supported",
        cause="The login was asked for another OAuth grant than this server has.",
        message="The grant type `{value}` is not supported here.",
        accepted="grant_type=client_credentials.",
        fix="Send `grant_type=client_credentials` with client id and secret as Basic credentials.",
        grade=Grade.DOCUMENTED,
        wire_code="unsupported_grant_type",
    ),
    Entry(
        code="TOKEN_REQUEST_INCOMPLETE",
        title="Token request incomplete",
        cause="The token route takes a form, not JSON, and client id and secret either as Basic credentials"
        " or as form fields.",
        message="The token request lacks {missing}.",
        accepted="A form (application/x-www-form-urlencoded) with grant_type, and the client's id and"
        " secret.",
        fix="curl -u ID:SECRET -d grant_type=client_credentials …/oauth/token",
        grade=Grade.DOCUMENTED,
        wire_code="invalid_request",
    ),
)

ENTRIES: tuple[Entry, ...] = (*ROUTES, *QUERIES, *BODIES, *CONNECTIONS, *LOGINS)
