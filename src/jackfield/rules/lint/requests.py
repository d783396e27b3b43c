"""The request: its address, its headers, and whether its body is what the headers say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from jackfield.rules.action_hosts import check_host
from jackfield.rules.lint.parts import BODY, PLATFORM, URL, ActionParts, TemplateText
from jackfield.rules.lint.pieces import Printed, holes, leaves
from jackfield.rules.lint.report import Suspicion, offset_of, suspect, suspect_text

_HOST: Final = re.compile(r"\s*(https?)://([^/?#\s$]*)", re.IGNORECASE)
_LOCAL: Final = re.compile(r"(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?\Z", re.IGNORECASE)
_PLATFORM_HOST: Final = re.compile(r"api\.(?:[\w-]+\.)?(?:mypurecloud\.|pure\.cloud)", re.IGNORECASE)
_PLACEHOLDER: Final = re.compile(
    r"\{\{\s*[\w.-]+\s*\}\}|<[A-Za-z][\w -]*>|\[[A-Z][A-Z _-]{2,}\]|\b(?:[Yy]our|YOUR)[_-][\w-]+"
)
# Bodies hold brackets and names of their own.
_IN_BODIES: Final = re.compile(
    r"\[YOUR[A-Z _-]*\]|\{\{\s*[\w.-]+\s*\}\}|\bYOUR[_-][A-Z_]+|<your[ _-][\w -]+>"
)
_EXPORTED: Final = re.compile(r" - Exported \d{4}-\d\d-\d\d @ \d{1,2}:\d\d\Z")
_FORM_BODY: Final = re.compile(r"\s*[\w.-]+=[^\s{&]*(?:&[\w.-]+=[^\s&]*)*\s*\Z")
_REFERENCE: Final = re.compile(r"\$!?\{[^{}]*\}|\$[\w.!]+\([^()]*\)")
# How a body begins tells its kind.
_BEGINNING: Final = 2000
_BASIC: Final = re.compile(r"\s*Basic\s+\S", re.IGNORECASE)


def address(parts: ActionParts) -> Iterator[Suspicion]:
    """Who is called, and over what."""
    text = parts.url.text
    match = _HOST.match(text)
    if match is not None:
        scheme, host = match[1].lower(), match[2]
        if "@" in host:
            at = match.start(2)
            width = host.index("@") + 1
            yield suspect(parts, "URL_CARRIES_USER", URL, offset=at, width=width, seen="…@")
        elif scheme == "http" and host and not _LOCAL.match(host):
            yield suspect(parts, "PLAIN_HTTP", URL, offset=match.start(1), width=4, host=host, seen="http://")
        if parts.is_web_service and _PLATFORM_HOST.match(host):
            yield suspect(
                parts,
                "PLATFORM_CALLED_AS_WEB_SERVICE",
                URL,
                offset=match.start(2),
                width=len(host),
                host=host,
            )
    if parts.integration_type == PLATFORM and text.startswith("/") and not text.startswith(("/api/", "/$")):
        yield suspect(parts, "PLATFORM_PATH_UNKNOWN", URL, seen=text[:60])
    yield from _host_from_input(parts)


def _host_from_input(parts: ActionParts) -> Iterator[Suspicion]:
    """Whether a credential is attached is not known of a file; nearly all integrations have one."""
    for finding in check_host(parts.config, attached=True):
        offset = offset_of(parts.url.text, finding.place)
        yield Suspicion(replace(finding, place=parts.place(URL, offset, finding.place.width)))


def url_text(parts: ActionParts) -> Iterator[Suspicion]:
    """Characters that do not belong into a URL."""
    text = parts.url.text
    if text != text.strip() and text.strip():
        start = len(text.rstrip()) if text != text.rstrip() else 0
        around = text[start:] if start else text[: len(text) - len(text.lstrip())]
        words = {"what": "around it", "seen": "a blank or line end"}
        # Behind such a sign the template reads otherwise what comes next.
        safe = not text[:start].endswith(("$", "!", "#", "\\"))
        yield suspect_text(parts, "URL_BLANK", parts.url, start, around, right="" if safe else None, **words)
    first, end = len(text) - len(text.lstrip()), len(text.rstrip())
    left = _PLACEHOLDER.search(text) is not None
    marks: list[int] = []
    told: set[str] = set()
    for piece in parts.url.pieces:
        if not (isinstance(piece, Printed) and piece.fixed):
            continue
        for at, letter in enumerate(piece.text, piece.offset):
            if letter.isspace() and "blank" not in told and first < at < end and not left:
                told.add("blank")
                yield suspect(parts, "URL_BLANK", URL, offset=at, what="inside of it", seen="a blank")
            elif letter == "#" and "fragment" not in told:
                told.add("fragment")
                yield suspect(parts, "URL_FRAGMENT", URL, offset=at, seen="#")
            elif letter == "?":
                marks.append(at)
    if len(marks) > 1:
        yield suspect(parts, "URL_TWO_QUESTION_MARKS", URL, offset=marks[1], seen="?")


def placeholders(parts: ActionParts) -> Iterator[Suspicion]:
    """What somebody was meant to replace before the action is used."""
    for template in (parts.url, *parts.headers, *((parts.body,) if parts.sends_body else ())):
        pattern = _IN_BODIES if template is parts.body else _PLACEHOLDER
        match = pattern.search(template.text)
        if match is not None:
            yield suspect_text(
                parts, "PLACEHOLDER_LEFT", template, match.start(), match[0], name=template.name
            )


def headers(parts: ActionParts) -> Iterator[Suspicion]:
    """Headers that stand twice, cannot be sent, or are somebody else's."""
    first: dict[str, str] = {}
    for header in parts.headers:
        name = header.name.lower()
        other = first.setdefault(name, header.name)
        if other != header.name:
            yield suspect(
                parts, "HEADER_TWICE", header.pointer, name=header.name, other=other, seen=header.name
            )
        control = re.search(r"[\r\n]", header.text)
        if control is not None:
            yield from _line_break(parts, header, control.start())
        if (
            name == "transfer-encoding"
            and "$" not in header.text
            and header.text.strip().lower() != "buffered"
        ):
            yield suspect(parts, "TRANSFER_ENCODING_UNKNOWN", header.pointer, seen=header.text[:60])
        if name == "authorization":
            yield from _authorization(parts, header)


def _line_break(parts: ActionParts, header: TemplateText, at: int) -> Iterator[Suspicion]:
    text = header.text
    ending = text[len(text.rstrip()) :]
    behind = (bool(text.strip()) and at >= len(text.rstrip()) and "$" in text) or at >= len(text.rstrip())
    yield suspect_text(
        parts,
        "HEADER_LINE_BREAK",
        header,
        len(text.rstrip()) if behind else at,
        ending if behind else text[at],
        right="" if behind else None,
        name=header.name,
        seen="a line break",
    )


def _authorization(parts: ActionParts, header: TemplateText) -> Iterator[Suspicion]:
    if parts.integration_type == PLATFORM:
        yield suspect(parts, "AUTHORIZATION_OF_PLATFORM", header.pointer)
    if not _BASIC.match(header.text):
        return
    for hole in holes(header.pieces):
        if hole.node.root in ("credentials", "input"):
            yield suspect_text(parts, "BASIC_NOT_ENCODED", header, hole.offset, hole.text)
            return


def bodies(parts: ActionParts) -> Iterator[Suspicion]:
    """Bodies that are not sent, or are of another kind than the headers say."""
    method = parts.config.request.request_type.upper()
    if method == "GET" and parts.body.text.strip() not in ("{}", "null") and not parts.has_usual_body:
        yield suspect(parts, "BODY_OF_GET", BODY)
    if method == "DELETE" and not parts.has_usual_body:
        yield suspect(parts, "BODY_OF_DELETE", BODY)
    if not parts.sends_body or not parts.body.text.strip():
        return
    text, declared = parts.body.text, parts.header("content-type")
    is_form = _FORM_BODY.match(_REFERENCE.sub("x", text[:_BEGINNING])) is not None
    if parts.body_kind == "form" and (text.lstrip().startswith(("{", "[")) or parts.has_usual_body):
        yield _kind_differs(parts, declared, "JSON", "$esc.uriEncode(…) in name=value pairs")
    elif parts.body_kind == "json" and is_form:
        yield _kind_differs(
            parts, declared or "application/json", "a form", "application/x-www-form-urlencoded"
        )
    elif parts.body_kind == "json" and text.lstrip().startswith("<"):
        yield _kind_differs(parts, declared or "application/json", "XML", "text/xml")


def _kind_differs(parts: ActionParts, declared: str, kind: str, right: str) -> Suspicion:
    return suspect(parts, "BODY_OF_ANOTHER_KIND", BODY, declared=declared[:60], kind=kind, right=right)


def availability(parts: ActionParts) -> Iterator[Suspicion]:
    """Values that this kind of action does not get, and timeouts that it cannot have."""
    told: set[str] = set()
    for template in parts.request_templates:
        for hole in holes(template.pieces):
            for leaf in leaves(hole):
                code = _missing(parts, leaf.root)
                if code and code not in told:
                    told.add(code)
                    yield suspect_text(
                        parts, code, template, leaf.offset, leaf.node.source, type_id=parts.integration_type
                    )
    seconds = parts.config.timeout_seconds
    where = "/config/timeoutSeconds"
    if parts.integration_type == "function-data-actions" and (seconds or 0) > 15:
        yield suspect(parts, "TIMEOUT_OF_FUNCTION", where, seconds=seconds, seen=str(seconds))
    if _EXPORTED.search(parts.name):
        yield suspect(parts, "NAME_OF_AN_EXPORT", "/name", seen=parts.name[:60])


def _missing(parts: ActionParts, root: str) -> str:
    if root == "credentials" and parts.integration_type in (PLATFORM, "salesforce-datadip"):
        return "CREDENTIALS_NOT_AVAILABLE"
    if root == "authResponse" and parts.is_login:
        return "AUTH_RESPONSE_IN_LOGIN"
    if root == "authResponse" and not parts.is_web_service:
        return "CREDENTIALS_NOT_AVAILABLE"
    return "LOGIN_WITH_INPUTS" if root == "input" and parts.is_login and not _is_raw(parts) else ""


def _is_raw(parts: ActionParts) -> bool:
    """Tell if the body is what the user interface writes by itself, which logins keep without harm."""
    return parts.has_usual_body and not any("input" in one.text for one in (parts.url, *parts.headers))
