"""Findings about what somebody has on the clipboard: damage done on the way, and what an answer says."""

from __future__ import annotations

from jackfield.domain.catalogue.entry import Entry
from jackfield.domain.finding import Grade, Rank, Severity

SHELLS: tuple[Entry, ...] = (
    Entry(
        code="SHELL_EXPANDS",
        title="The shell replaces part of the body",
        cause="Inside double quotes a shell puts the values of its own variables in, so `${input.id}` and other"
        " references of templates never reach the API: they arrive empty, or the command fails.",
        message="The body stands between double quotes, so {shell} replaces `{first}` before it is sent.",
        accepted="The body between single quotes, or in a file: --data-binary @body.json.",
        fix="Put the body between single quotes, or into a file.",
        grade=Grade.DOCUMENTED,
    ),
    Entry(
        code="SHELL_ATE_QUOTES",
        title="The shell took the quotes away",
        cause="Windows PowerShell and cmd take the double quotes out of what they hand to curl.exe, so names and"
        " texts arrive bare.",
        message="The body has no quotes left: {shell} took them before it was sent.",
        accepted='A body in a file, or quotes written as \\".',
        fix="Write the body into a file and send --data-binary @body.json.",
        grade=Grade.DOCUMENTED,
    ),
    Entry(
        code="SHELL_SINGLE_QUOTES",
        title="Single quotes in cmd",
        cause="The Windows command prompt does not know single quotes: it hands them on, and splits at blanks.",
        message="The single quotes are sent along: the Windows command prompt does not take them as quotes.",
        accepted='Double quotes around the body and \\" inside, or a file: --data-binary @body.json.',
        fix="Write the body into a file and send --data-binary @body.json.",
        grade=Grade.DOCUMENTED,
    ),
    Entry(
        code="BODY_IN_A_FILE",
        title="Body in a file",
        cause="curl reads what follows an @ from a file; the text at hand does not hold it.",
        message="The body stands in the file `{file}`, which is not looked at.",
        accepted="The text of that file.",
        fix="Run `jackfield explain {file}` with --method and --path, or paste the body.",
        grade=Grade.DOCUMENTED,
        severity=Severity.NOTE,
    ),
    Entry(
        code="BODY_OF_A_GET",
        title="Body with a method that takes none",
        cause="-X GET together with -d, or a client that sends a body with every request.",
        message="A body is sent with {method}, which takes none.",
        accepted="POST, PUT or PATCH with a body.",
        fix="Use the method that changes something, or leave the body out.",
        grade=Grade.DOCUMENTED,
    ),
)

REQUESTS: tuple[Entry, ...] = (
    Entry(
        code="RESPONSE_SENT_AS_BODY",
        title="An answer sent as the body",
        cause="What another call answered was handed on whole, with status, links and all.",
        message="The body is {what}, not a {owner}.",
        accepted="A {owner} alone.",
        fix="Send {advice}.",
        grade=Grade.DOCUMENTED,
    ),
    Entry(
        code="PATH_PLACEHOLDER",
        title="Placeholder in the address",
        cause="An address was copied from the documentation, or a variable of the tool was not set.",
        message="`{placeholder}` still stands in the address instead of an id.",
        accepted="The id itself.",
        fix="Put the real id in its place; GET /api/v2/integrations lists the ids of integrations.",
        grade=Grade.DOCUMENTED,
    ),
    Entry(
        code="HOST_NOT_API",
        title="Not the host of the API",
        cause="The address of the login page, of the application or of the documentation was taken.",
        message="`{host}` is not the host of the API; it {role}.",
        accepted="{accepted_host}",
        fix="Send the request to {accepted_host}.",
        grade=Grade.DOCUMENTED,
    ),
    Entry(
        code="HOST_UNKNOWN",
        title="Host of no region",
        cause="A mistyped host, or one that a page on the web invented.",
        message="`{host}` is the host of no region.{hint}",
        accepted="api. and the domain of your region, such as api.mypurecloud.com or api.usw2.pure.cloud.",
        fix="Take the host from the address of your organization's own pages: apps.<region> becomes api.<region>.",
        grade=Grade.DOCUMENTED,
    ),
    Entry(
        code="REGION_MISMATCH",
        title="Two regions",
        cause="Tokens, ids and organizations belong to one region; another one does not know them.",
        message="The text speaks of two regions, {one} and {other}; a token of one means nothing to the other.",
        accepted="login. and api. of the same region.",
        fix="Use one region for the login and for the request: that of the organization.",
        grade=Grade.DOCUMENTED,
    ),
    Entry(
        code="AUTHORIZATION_MISSING",
        title="No token",
        cause="The request has no Authorization header; the copy may have left it out on purpose.",
        message="The request carries no Authorization header.",
        accepted="Authorization: Bearer <token>",
        fix="Send `Authorization: Bearer <token>` with a token of the region's login host.",
        grade=Grade.DOCUMENTED,
        severity=Severity.WARNING,
    ),
    Entry(
        code="AUTHORIZATION_NOT_BEARER",
        title="Not a bearer token",
        cause="Client id and secret go to the login host, which gives a token for them; the API takes only that.",
        message="The Authorization header holds {what} instead of a bearer token.",
        accepted="Authorization: Bearer <token>",
        fix="Get a token first: POST /oauth/token at the login host with grant_type=client_credentials.",
        grade=Grade.DOCUMENTED,
    ),
    Entry(
        code="SDK_CALLING_FORM",
        title="Calling form of the JavaScript SDK",
        cause="The JavaScript SDK's methods take their arguments as one object, in which the body is a member.",
        message="`{{{name}: …}}` is how the JavaScript SDK is called, and right there; over HTTP, in Postman and in"
        " other SDKs the inner object alone is the body.",
        accepted="The inner object.",
        fix="Keep it in JavaScript; send the inner object everywhere else.",
        grade=Grade.OBSERVED,
        severity=Severity.NOTE,
    ),
    Entry(
        code="TEMPLATE_EATEN",
        title="A template lost its references",
        cause="`${{…}}` was replaced by nothing on the way: HCL wants `$${{…}}`, shells want single quotes, Postman and"
        " scripts have placeholders of their own.",
        message="`{name}` has lost its references on the way: {trace}.",
        accepted="`${{input.name}}` in the text that the API gets.",
        fix="In Terraform write `$${{`, in a shell use single quotes; or keep templates in files.",
        grade=Grade.INFERRED,
        severity=Severity.WARNING,
        ranked=Rank.CAUSE,
    ),
)

READING: tuple[Entry, ...] = (
    Entry(
        code="NOTHING_RECOGNIZED",
        title="Nothing to explain",
        cause="The text holds no request, body, answer or error of the integrations API that could be recognized.",
        message="Nothing in this text could be recognized: {reason}.",
        accepted="A raw HTTP request, a curl command, a JSON body with --method and --path, a HAR file, an error body,"
        " a test result, a provider's error, or a text that contains one of these.",
        fix="Paste the request together with its answer, or name the body's request with --method and --path.",
        grade=Grade.DOCUMENTED,
    ),
    Entry(
        code="TEXT_OVER_LIMIT",
        title="Text too long to explain",
        cause="A whole log or export was given instead of the request in question.",
        message="The text has {size} bytes; at most {maximum} are read.",
        accepted="At most {maximum} bytes.",
        fix="Cut out the request and its answer; of a HAR file save only the failed entries.",
        grade=Grade.ASSUMED,
    ),
)

ENTRIES: tuple[Entry, ...] = (*SHELLS, *REQUESTS, *READING)
