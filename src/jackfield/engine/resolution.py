"""Steps 5 to 7: URL, headers and body of the request."""

from __future__ import annotations

import re

from jackfield.domain.catalogue import found
from jackfield.domain.errors import ActionFailed
from jackfield.domain.finding import Place
from jackfield.engine.context import variable_names
from jackfield.engine.failures import processing_failed, template_failed
from jackfield.engine.leniency import unfilled
from jackfield.engine.passage import Passage
from jackfield.engine.target import URL_POINTER, TargetRefused, control_name, parse_target
from jackfield.engine.templates import TemplatePart
from jackfield.velocity import VelocityError

_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
# Made by the client itself from URL, body and connection.
_OWNED = frozenset(
    {"host", "content-length", "keep-alive", "upgrade", "expect", "te", "trailer", "proxy-connection"}
)
_DEFAULTS = (
    ("accept", ("Accept", "*/*")),
    ("accept-encoding", ("Accept-Encoding", "gzip, deflate")),
    ("user-agent", ("User-Agent", "Jackfield")),
)
_JSON_CONTENT = ("Content-Type", "application/json")
_LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")


def resolve_url(passage: Passage) -> None:
    """Step 5: render the URL and check where it leads.

    Raises:
        ActionFailed: the template fails, or the URL cannot be called.
    """
    passage.url = url = _rendered(passage, passage.compiled.url)
    try:
        target = passage.target = parse_target(url)
    except TargetRefused as refused:
        raise processing_failed(refused.finding) from None
    if target.encoded:
        place = Place(pointer=URL_POINTER)
        passage.warnings.append(found("RENDERED_URL_ENCODED", place, characters=target.encoded))
    if target.scheme == "http" and target.host not in _LOOPBACK_NAMES:
        passage.warnings.append(found("PLAIN_HTTP", Place(pointer=URL_POINTER), host=target.host))


def resolve_headers(passage: Passage) -> None:
    """Step 6: render the headers; names are literal, values are templates.

    `Transfer-Encoding: buffered` and `Connection: close` are instructions to the engine and not sent as
    written. The header of a `basicAuth` credential replaces an author's own Authorization.

    Raises:
        ActionFailed: a template fails, or a value has control characters.
    """
    headers: list[tuple[str, str]] = []
    given: set[str] = set()
    for name, part in passage.compiled.headers:
        key = name.lower()
        value = part.text if part.plain else _rendered(passage, part)
        control = _CONTROL.search(value)
        if control is not None:
            raise _control_refused(part, control)
        if _is_sent(passage, name, key, value):
            headers.append((name, value.strip()))
            given.add(key)
    headers.extend(default for key, default in _DEFAULTS if key not in given)
    if passage.authorization is not None:
        headers.append(("Authorization", passage.authorization))
    passage.headers = headers
    if passage.compiled.body is not None and "content-type" not in given:
        headers.append(_JSON_CONTENT)


def resolve_body(passage: Passage) -> None:
    """Step 7: render the body, for methods that have one.

    Raises:
        ActionFailed: the template fails.
    """
    part = passage.compiled.body
    if part is None:
        return
    text = passage.run.raw_request if passage.compiled.passes_input else _rendered(passage, part)
    passage.body = text.encode("utf-8", "replace")


def _rendered(passage: Passage, part: TemplatePart) -> str:
    try:
        text = part.render(passage.context)
    except VelocityError as error:
        raise template_failed(part, error, variable_names(passage.context)) from None
    if "$" in text:
        passage.warnings.extend(unfilled(part.pointer, part.unfilled(text)))
    return text


def _is_sent(passage: Passage, name: str, key: str, value: str) -> bool:
    """Tell if a header goes out as written; take instructions to the engine."""
    if key == "transfer-encoding" and value.strip().lower() == "buffered":
        passage.buffered = True
        return False
    if key == "connection" and value.strip().lower() == "close":
        passage.close = True
        return False
    if key == "authorization" and passage.authorization is not None:
        passage.warnings.append(found("AUTHORIZATION_REPLACED"))
        return False
    if key == "connection" and value.strip().lower() == "keep-alive":
        return False
    if key in _OWNED or key in ("transfer-encoding", "connection"):
        passage.warnings.append(found("HEADER_LEFT_OUT", name=name))
        return False
    return True


def _control_refused(part: TemplatePart, control: re.Match[str]) -> ActionFailed:
    return processing_failed(
        found(
            "RENDERED_HEADER_CONTROL_CHARACTER",
            Place(pointer=part.pointer),
            name=part.name,
            character=control_name(control.group()),
            position=control.start() + 1,
        )
    )
