"""What an error says, in the catalogue's words."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from jackfield.catalog import Catalog
from jackfield.domain.catalogue import CATALOGUE, found
from jackfield.domain.finding import Edit, Finding, Grade, Operation, Place, Severity
from jackfield.domain.json_nodes import ArrayNode, Node, ObjectNode, StringNode
from jackfield.domain.json_reader import read_json
from jackfield.explain.pieces import Piece, PieceKind
from jackfield.rules.credentials import check_credential
from jackfield.rules.nearest import nearest

VERSIONS: Final = re.compile(
    r"version \[?(?P<sent>\d{1,9})\]?[^.\n]{0,40}?does not match"
    r" (?:the )?(?:latest draft |current |latest )?version"
    r"(?: (?:is )?\[?(?P<current>\d{1,9})\]?)?",
    re.IGNORECASE,
)
_STALE: Final = re.compile(
    r"does not match (?:the )?(?:latest|current)|wrong\.version|version mismatch", re.IGNORECASE
)
_NULL: Final = re.compile(
    r"['\"`\[]?(?P<name>[A-Za-z][\w.]{0,60})['\"`\]]? (?:must|may|can|should) ?not be (?:null|empty|blank)"
    r"|(?:missing|required)(?: required)?(?: property| field| member)? ['\"`\[](?P<named>[\w.]{1,60})",
    re.IGNORECASE,
)
_PERMISSIONS: Final = re.compile(r"[a-z]\w{1,40}:\w{1,60}:\w{1,40}")
_RETRY: Final = re.compile(r"(?:in|after) \[?(?P<seconds>\d{1,4})\]? ?s", re.IGNORECASE)
_UNKNOWN_TYPE: Final = re.compile(r"(?:unknown|invalid|no such|unsupported) credential ?type", re.IGNORECASE)
_TYPE_GIVEN: Final = re.compile(
    r"credential_type_name\s*=\s*\"(?P<name>[^\"\n]{1,80})\"|credential ?type:? ['\"`](?P<said>[\w.]{1,80})"
)
_FIELD_SAID: Final = re.compile(r"credential ?fields?\b", re.IGNORECASE)
_FIELDS_GIVEN: Final = re.compile(r"\bfields\s*=\s*\{(?P<inner>[^{}]{0,2000})\}")
_FIELD_NAME: Final = re.compile(r"[\"']?(?P<name>[A-Za-z_]\w{0,60})[\"']?\s*=(?!=)")
_REQUEST_TYPE: Final = re.compile(
    r"requestType must be one of|request_type.{0,80}(?:expected|must be|one of)", re.IGNORECASE
)
_METHOD_GIVEN: Final = re.compile(
    r"but was ['\"`]?(?P<said>\w{1,10})|request_type\s*=\s*\"(?P<name>\w{1,10})\""
)
_HCL: Final = re.compile(
    r"Invalid reference|Reference to undeclared|Unsupported attribute|Extra characters after interpolation"
    r"|Invalid character|no variable named",
    re.IGNORECASE,
)
_HCL_REFERENCE: Final = re.compile(
    r"(?<!\$)\$\{(?:input|credentials|authResponse|rawResult|esc|successTemplate)[^}\n]{0,80}\}?"
)
_MALFORMED: Final = re.compile(
    r"malformed syntax|could not be understood|unable to parse|JSON parse error", re.IGNORECASE
)
_CONFLICT: Final = re.compile(r"general\.conflict|already exists|in use|depend", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Error:
    """An error with what stands around it.

    Args:
        piece: the error.
        request: the request that got it, None if it is not in the text.
        text: the whole text, for what stands in it besides.
        catalog: credential types and routes.
    """

    piece: Piece
    request: Piece | None
    text: str
    catalog: Catalog

    @property
    def said(self) -> str:
        """Messages and codes in one text."""
        return "\n".join((self.piece.message, *self.piece.codes))

    @property
    def place(self) -> Place:
        """Where the error stands."""
        return Place("", self.piece.line, 1)


def read_error(error: Error) -> tuple[Finding, ...]:
    """Return what an error says; nothing if the request tells more than the answer."""
    own = _own_findings(error.piece)
    if own:
        return own
    for read in _READERS:
        finding = read(error)
        if finding is not None:
            return (finding,)
    return ()


def _own_findings(piece: Piece) -> tuple[Finding, ...]:
    """Return the findings of an answer that Jackfield itself gave."""
    errors = piece.root.get("errors") if piece.root is not None else None
    items = errors.items[:50] if isinstance(errors, ArrayNode) else ()
    findings = (_own_finding(item) for item in items if isinstance(item, ObjectNode))
    return tuple(finding for finding in findings if finding is not None)


def _own_finding(node: ObjectNode) -> Finding | None:
    entry = CATALOGUE.get(_text(node.get("code")))
    words = node.get("messageParams")
    if entry is None or not isinstance(words, ObjectNode):
        return None
    details = node.get("details")
    first = details.items[0] if isinstance(details, ArrayNode) and details.items else None
    pointer = _text(first.get("fieldName")) if isinstance(first, ObjectNode) else ""
    line, column = _text(words.get("line")), _text(words.get("column"))
    severity = _text(words.get("severity"))
    return Finding(
        code=entry.code,
        message=_text(node.get("message")),
        place=Place(
            pointer, int(line) if line.isdigit() else None, int(column) if column.isdigit() else None
        ),
        seen=_text(words.get("seen")),
        accepted=_text(words.get("accepted")),
        fix=_text(words.get("fix")),
        grade=Grade(entry.grade),
        severity=Severity(severity) if severity in ("error", "warning", "note") else entry.severity,
        after_repair=_text(words.get("afterRepair")) == "true",
    )


def _hcl(error: Error) -> Finding | None:
    if error.piece.kind is not PieceKind.PROVIDER_OUTPUT or not _HCL.search(error.piece.message):
        return None
    reference = _HCL_REFERENCE.search(error.text)
    if reference is None:
        return None
    line = error.text.count("\n", 0, reference.start()) + 1
    shown = reference[0]
    return found("HCL_INTERPOLATION", Place("", line, 1), seen=shown, reference=shown)


def _version(error: Error) -> Finding | None:
    if not _STALE.search(error.said):
        return None
    match = VERSIONS.search(error.said)
    sent = match["sent"] if match else "the one in the body"
    current = (match["current"] if match else None) or "another one"
    edits = (Edit(Operation.REPLACE, "/version", current),) if current.isdigit() else ()
    fix = (
        f'Read it again (GET), apply the change to what comes back, and send "version": {current}.'
        if current.isdigit()
        else "Read it again (GET) and send the version that it shows."
    )
    if error.piece.kind is PieceKind.PROVIDER_OUTPUT:
        fix = "Run terraform plan with a refresh, so that the state learns the current version; then apply."
    return found(
        "VERSION_STALE",
        error.place,
        seen=sent,
        fix=fix,
        edits=edits,
        sent=sent,
        current=current,
        phrase="it does not match the current version,",
    )


def _null(error: Error) -> Finding | None:
    match = _NULL.search(error.said)
    if match is None:
        return None
    name = (match["name"] or match["named"]).rpartition(".")[2]
    value = "1" if name == "version" else '"…"'
    owner = _owner(error.request)
    fix = f'Add "{name}" to the body.'
    if name == "version":
        fix = 'Send {"version": n}, with the version that GET …/draft shows.' if "draft" in owner else fix
    return found("MEMBER_MISSING", error.place, name=name, owner=owner, example=f'"{name}": {value}', fix=fix)


def _owner(request: Piece | None) -> str:
    if request is None or request.route is None:
        return "body"
    if request.route.path.endswith("/draft/publish"):
        return "body of a draft's publishing"
    return request.route.request_model or "body"


def _permission(error: Error) -> Finding | None:
    if "missing.permissions" not in error.said and error.piece.status != 403:
        return None
    named = _PERMISSIONS.findall(error.said)
    route = error.request.route if error.request is not None else None
    permissions = ", ".join(dict.fromkeys(named)) or ", ".join(route.permissions if route else ())
    if not permissions:
        permissions = "the one that the API's documentation names for this call"
    return found(
        "PERMISSION_MISSING", error.place, seen=f"{error.piece.status or 403}", permissions=permissions
    )


def _client(error: Error) -> Finding | None:
    if "invalid_client" not in error.said:
        return None
    fix = (
        "Check that the login host is that of the organization's region, then for a cut or swapped id or"
        " secret; a secret is shown only once, so make a new one if it is lost."
    )
    return replace(
        found("CLIENT_UNKNOWN", error.place, seen="invalid_client", fix=fix),
        message="The login host does not know this client id and secret: they are of another region, cut,"
        " swapped or deactivated.",
    )


def _token(error: Error) -> Finding | None:
    if any(code.startswith("ACTION.") or code == "invalid.credentials" for code in error.piece.codes):
        return None
    if "authentication.required" in error.said:
        return found("TOKEN_MISSING", error.place, seen="authentication.required")
    if "bad.credentials" not in error.said and error.piece.status != 401:
        return None
    fix = "Get a new token from the login host of the organization's region; send it to its api host."
    return replace(
        found("TOKEN_UNKNOWN", error.place, seen="401", fix=fix),
        message="The token is not known there: it expired, was cut, or was issued by another region.",
    )


def _rate(error: Error) -> Finding | None:
    if "too.many.requests" not in error.said and error.piece.status != 429:
        return None
    match = _RETRY.search(error.said)
    seconds = match["seconds"] if match else "as many as Retry-After says"
    return found("REQUESTS_PER_MINUTE", error.place, seen="429", limit="its share of", seconds=seconds)


def _credential_type(error: Error) -> Finding | None:
    if not _UNKNOWN_TYPE.search(error.said):
        return None
    given = _TYPE_GIVEN.search(error.text)
    word = (given["name"] or given["said"]) if given else ""
    near = nearest(word, error.catalog.credential_types) if word else ""
    line = error.text.count("\n", 0, given.start()) + 1 if given else error.piece.line
    return found(
        "CREDENTIAL_TYPE_UNKNOWN",
        Place("", line, 1),
        seen=word,
        accepted=", ".join(error.catalog.credential_types),
        fix=f"Write `{near}`." if near else "",
    )


def _credential_field(error: Error) -> Finding | None:
    """Judge the fields of the provider's resource by the rules, without their values."""
    type_given, fields = _TYPE_GIVEN.search(error.text), _FIELDS_GIVEN.search(error.text)
    if not _FIELD_SAID.search(error.said) or type_given is None or fields is None:
        return None
    names = [match["name"] for match in _FIELD_NAME.finditer(fields["inner"])]
    body = {"type": type_given["name"] or type_given["said"], "credentialFields": dict.fromkeys(names, "…")}
    checked = check_credential(read_json(json.dumps(body)), error.catalog)
    missing = next((one for one in checked.findings if one.code == "CREDENTIAL_FIELD_MISSING"), None)
    if missing is None:
        return None
    line = error.text.count("\n", 0, fields.start()) + 1
    return replace(missing, place=Place("/credentialFields", line, 1), edits=())


def _request_type(error: Error) -> Finding | None:
    if not _REQUEST_TYPE.search(error.said):
        return None
    given = _METHOD_GIVEN.search(error.said) or _METHOD_GIVEN.search(error.text)
    word = (given["said"] or given["name"]) if given else ""
    right = word.upper() if word.upper() in ("GET", "PUT", "POST", "PATCH", "DELETE") else "GET"
    fix = f'Write `request_type = "{right}"`.' if error.piece.kind is PieceKind.PROVIDER_OUTPUT else ""
    return found("REQUEST_TYPE_UNKNOWN", error.place, seen=word, right=right, fix=fix)


def _not_found(error: Error) -> Finding | None:
    route = error.request.route if error.request is not None else None
    if error.piece.status != 404 or (error.request is not None and route is None):
        return None
    listing = route.path.partition("/{")[0] if route is not None else "/api/v2/integrations"
    return found("ANSWER_NOT_FOUND", error.place, seen="404", listing=f"GET {listing}")


def _conflict(error: Error) -> Finding | None:
    if error.piece.status != 409 and not _CONFLICT.search("\n".join(error.piece.codes)):
        return None
    reason = error.piece.message.split("\n")[0][:200] or "409 Conflict"
    return found("ANSWER_CONFLICT", error.place, seen="409", reason=reason)


def _server(error: Error) -> Finding | None:
    status = error.piece.status
    is_run = any(code.startswith("ACTION.") for code in error.piece.codes)
    if status is None or is_run or not (status >= 500 or status == 408):
        return None
    return found(
        "ANSWER_OF_THE_SERVER", error.place, seen=str(status), status=status, context="the contextId"
    )


_READERS: Final[tuple[Callable[[Error], Finding | None], ...]] = (
    _hcl,
    _version,
    _client,
    _permission,
    _rate,
    _credential_type,
    _credential_field,
    _request_type,
    _null,
    _token,
    _not_found,
    _conflict,
    _server,
)


def unexplained(error: Error) -> Finding:
    """Return what to say about an error that nothing else explains."""
    if _MALFORMED.search(error.said) or not error.piece.message:
        return found("ANSWER_SAYS_LITTLE", error.place, seen=", ".join(error.piece.codes[:2]))
    said = error.piece.message.split("\n")[0][:240]
    return found("ANSWER_UNCATALOGUED", error.place, seen=", ".join(error.piece.codes[:2]), said=said)


def _text(node: Node | None) -> str:
    return node.value if isinstance(node, StringNode) else ""
