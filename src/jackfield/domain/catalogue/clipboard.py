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
        code="CURL_QUOTING",
        title="The shell changed the quotes",
        cause="The Windows command prompt does not know single quotes: it hands them on and splits the body at its"
        " blanks. Windows PowerShell takes the double quotes out of what it hands to curl.exe.",
        message="{problem}",
        accepted='A body in a file (--data-binary @body.json), or double quotes around it and \\" inside.',
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
        code="REGION_HOST",
        title="Wrong host",
        cause="Each region has hosts of its own: login. for tokens, api. for the API, apps. for web pages. Tokens,"
        " ids and organizations belong to one region; another one does not know them.",
        message="{problem}",
        accepted="{host}",
        fix="{advice}",
        grade=Grade.DOCUMENTED,
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
        code="HCL_INTERPOLATION",
        title="Terraform takes the template's references for its own",
        cause="`${{…}}` belongs to Terraform's language too. It looks for a resource or variable of that name and stops,"
        " or puts something else in.",
        message="Terraform reads `{reference}` as its own; the template never gets it.",
        accepted="`$${{…}}` in HCL, which arrives as `${{…}}`.",
        fix="Write `${reference}`, or keep the template in a file and use file().",
        grade=Grade.DOCUMENTED,
    ),
)

ANSWERS: tuple[Entry, ...] = (
    Entry(
        code="ANSWER_SAYS_LITTLE",
        title="An answer that does not say what is wrong",
        cause="The API answers so when the body is no JSON or cannot be turned into the model: before any member is"
        " looked at, so nothing in the answer can tell which one it is.",
        message="The answer says only that the body could not be read or turned into the model.",
        accepted="The request that got this answer.",
        fix="Paste the request too: method, path and body.",
        grade=Grade.INFERRED,
        severity=Severity.NOTE,
        ranked=Rank.CAUSE,
    ),
    Entry(
        code="ANSWER_NOT_FOUND",
        title="Nothing of that id",
        cause="The id is of another organization or region, the entity was deleted, or the id of one kind of entity"
        " stands where another's belongs.",
        message="The address is right, but there is nothing with this id.",
        accepted="The id of an entity of the organization that the token belongs to.",
        fix="List what there is ({listing}), and check that the token is of the same organization.",
        grade=Grade.DOCUMENTED,
    ),
    Entry(
        code="ANSWER_CONFLICT",
        title="Something is in the way",
        cause="The entity is used by others, or a draft of it exists already.",
        message="The state of the target stands in the way: {reason}",
        accepted="A target that nothing else depends on.",
        fix="Remove what depends on it first; a draft that exists can be used as it is.",
        grade=Grade.INFERRED,
    ),
    Entry(
        code="ANSWER_OF_THE_SERVER",
        title="The server's own trouble",
        cause="The request reached the API, but it could not answer in time or failed itself.",
        message="The API answered {status}: that is not about the request.",
        accepted="The same request, later.",
        fix="Look whether it had an effect, then send it again; if it stays, give {context} to Customer Care.",
        grade=Grade.DOCUMENTED,
    ),
    Entry(
        code="ANSWER_UNCATALOGUED",
        title="An error that is not in the catalogue",
        cause="The API said something that is not known here.",
        message="The API said: {said}",
        accepted="What the message asks for.",
        fix="Go by the message; paste the request too, so that it can be checked.",
        grade=Grade.ASSUMED,
        severity=Severity.NOTE,
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
        code="EXPLAIN_WHAT",
        title="Neither a file nor a finding",
        cause="The argument of `jackfield explain` is a file first and the code of a finding second.",
        message="`{argument}` is neither a file nor the code of a finding.",
        accepted="A file, - for standard input, or a code such as CREDENTIALS_BARE_INFO.",
        fix="{advice}",
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

ENTRIES: tuple[Entry, ...] = (*SHELLS, *REQUESTS, *ANSWERS, *READING)
