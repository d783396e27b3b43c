"""Steps 5 to 7: URL, headers and body of the request."""

from __future__ import annotations

import re

from jackfield.domain.catalogue import found
from jackfield.domain.errors import ActionFailed
from jackfield.domain.finding import Place
from jackfield.engine.context import variable_names
from jackfield.engine.failures import authentication_failed, processing_failed, template_failed
from jackfield.engine.header_plan import CONTROL, DEFAULTS, OWNED, HeaderPlan
from jackfield.engine.passage import Passage
from jackfield.engine.platform import API_PREFIX, HOPS_HEADER, MOST_HOPS
from jackfield.engine.target import URL_POINTER, TargetRefused, control_name, parse_target
from jackfield.engine.templates import TemplatePart
from jackfield.rules.leniency import unfilled
from jackfield.velocity import VelocityError

_JSON_CONTENT = ("Content-Type", "application/json")
_LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")


def resolve_url(passage: Passage) -> None:
    """Step 5: render the URL and check where it leads.

    Raises:
        ActionFailed: the template fails, or the URL cannot be called.
    """
    url = _rendered(passage, passage.compiled.url)
    passage.url = url = _on_platform(passage, url) if passage.base else url
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
    plan = passage.compiled.header_plan
    headers, typed = _planned(passage, plan) if plan is not None else _looked_at(passage)
    if passage.authorization is not None:
        headers.append(("Authorization", passage.authorization))
    if passage.base:
        headers.append((HOPS_HEADER, str(passage.run.hops + 1)))
    passage.headers = headers
    if passage.compiled.body is not None and not typed:
        headers.append(_JSON_CONTENT)


def _planned(passage: Passage, plan: HeaderPlan) -> tuple[list[tuple[str, str]], bool]:
    """Return headers whose names say all there is to know about them; tell if Content-Type is among them."""
    headers = list(plan.fixed)
    for place in plan.rendered:
        name, part = passage.compiled.headers[place]
        text = _rendered(passage, part)
        if not text.isprintable():
            control = CONTROL.search(text)
            if control is not None:
                raise _control_refused(part, control)
        headers[place] = (name, text.strip())
    return headers, plan.content_type


def _looked_at(passage: Passage) -> tuple[list[tuple[str, str]], bool]:
    """Return headers after a look at each, instructions to the engine among them; tell of Content-Type."""
    headers: list[tuple[str, str]] = []
    given: set[str] = set()
    for name, part in passage.compiled.headers:
        key = name.lower()
        value = part.text if part.plain else _rendered(passage, part)
        control = CONTROL.search(value)
        if control is not None:
            raise _control_refused(part, control)
        if _is_sent(passage, name, key, value):
            headers.append((name, value.strip()))
            given.add(key)
    headers.extend(default for key, default in DEFAULTS if key not in given)
    return headers, "content-type" in given


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


def _on_platform(passage: Passage, rendered: str) -> str:
    """Return the absolute URL of a call to the platform; its token goes nowhere else."""
    path, place = rendered.strip(), Place(pointer=URL_POINTER)
    if not path.startswith(API_PREFIX):
        raise processing_failed(found("PLATFORM_URL_REFUSED", place, seen=path[:200]))
    if passage.run.hops >= MOST_HOPS:
        raise processing_failed(found("PLATFORM_HOPS", hops=MOST_HOPS))
    return f"{passage.base}{path}"


def _rendered(passage: Passage, part: TemplatePart) -> str:
    if part.fields:
        _check_fields(passage, part)
    try:
        text = part.render(passage.context)
    except VelocityError as error:
        raise template_failed(part, error, variable_names(passage.context)) from None
    if "$" in text:
        passage.warnings.extend(unfilled(part.pointer, part.unfilled(text)))
    return text


def _check_fields(passage: Passage, part: TemplatePart) -> None:
    """Refuse references to fields that credential or login do not have: they would go out as written."""
    for root, name in part.fields:
        fields = passage.context.get(root)
        if fields is None or name in fields:
            continue
        code = "CREDENTIAL_FIELD_UNSET" if root == "credentials" else "AUTH_RESPONSE_FIELD_UNSET"
        names = ", ".join(f"`{one}`" for one in sorted(fields)) or "none"
        finding = found(code, Place(pointer=part.pointer), seen=f"${{{root}.{name}}}", name=name, names=names)
        raise processing_failed(finding) if root == "credentials" else authentication_failed(finding)


def _is_sent(passage: Passage, name: str, key: str, value: str) -> bool:
    """Tell if a header goes out as written; take instructions to the engine."""
    if key == "transfer-encoding" and value.strip().lower() == "buffered":
        passage.buffered = True
        return False
    if key == "connection" and value.strip().lower() == "close":
        passage.close = True
        return False
    if key == "authorization" and passage.authorization is not None:
        credentials = passage.run.credentials
        kind = credentials.type_name if credentials is not None else "given"
        passage.warnings.append(found("AUTHORIZATION_REPLACED", type_name=kind))
        return False
    if key == "connection" and value.strip().lower() == "keep-alive":
        return False
    if key in OWNED or key in ("transfer-encoding", "connection"):
        place = Place(pointer=f"/config/request/headers/{name}")
        passage.warnings.append(found("HEADER_LEFT_OUT", place, name=name))
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
