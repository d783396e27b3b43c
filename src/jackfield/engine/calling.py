"""Step 8: the call, and what counts as success."""

from __future__ import annotations

import codecs
from http import HTTPStatus
from typing import Any, Final

from jackfield.domain.catalogue import found
from jackfield.domain.errors import ActionFailed
from jackfield.domain.ports import Clock
from jackfield.domain.secret import MASK
from jackfield.engine.failures import HIDDEN, SHOWN, remote_failed
from jackfield.engine.json_text import NotJson, read_json_text
from jackfield.engine.limits import DEPTH, EngineLimits, is_deeper
from jackfield.engine.passage import Passage
from jackfield.engine.upstream import (
    Fault,
    InboundReply,
    OutboundRequest,
    Upstream,
    UpstreamFailure,
)

_SHOWN: Final = 2_000
_SEEN: Final = 500
_WIRE_CODES = {
    400: "bad.request",
    401: "invalid.credentials",
    403: "not.authorized",
    404: "not.found",
    405: "method.not.allowed",
    408: "request.timeout",
    409: "general.conflict",
    429: "too.many.requests",
    503: "service.unavailable",
    504: "gateway.timeout",
}
_ADVICE = {
    401: "Check the credential attached to the integration and the action's Authorization header.",
    403: "The credential is known to the service but may not do this: give it the permission it lacks.",
    404: "Check the rendered URL in test mode: often an input is empty or not escaped.",
    415: "Check the Content-Type header; some services refuse chunked bodies: add "
    "`Transfer-Encoding: buffered`.",
    411: "The service wants a length: add the header `Transfer-Encoding: buffered`.",
    429: "The service limits its callers: call it less often.",
}
_TEST_IT = "Run the action in test mode to see what the service answered."
_LOOK = "See above what the service answered: it refuses this request, or is out of order."
_BOM: Final = codecs.BOM_UTF8
# UTF-8 is what JSON is written in; these are what older services declare instead.
_OTHER_CHARSETS = frozenset({"iso8859-1", "cp1252", "utf-16", "utf-16-le", "utf-16-be"})


async def call(passage: Passage, upstream: Upstream, clock: Clock, limits: EngineLimits) -> None:
    """Step 8: send the request; a 2xx reply with a JSON body or none is a success.

    Raises:
        ActionFailed: no reply in time, a status other than 2xx, or a body that is not JSON.
    """
    request, begun = outbound(passage), clock.monotonic()
    try:
        reply = await upstream.send(request, deadline=passage.deadline)
    except UpstreamFailure as failure:
        raise unanswered(passage, failure, limits) from None
    finally:
        passage.upstream_seconds = clock.monotonic() - begun
    take_reply(passage, reply)


def outbound(passage: Passage) -> OutboundRequest:
    """Return the request that the steps before have made."""
    target = passage.target
    assert target is not None, "step 5 comes first"
    action = passage.run.action
    return OutboundRequest(
        passage.compiled.method,
        target,
        passage.headers,
        passage.body,
        passage.buffered,
        passage.close,
        action.integration_id,
        action.id,
        action.name,
    )


def take_reply(passage: Passage, reply: InboundReply) -> None:
    """Judge the reply, and read its body.

    Raises:
        ActionFailed: a status other than 2xx, or a body that is not JSON.
    """
    passage.reply = reply
    if not 200 <= reply.status < 300:
        raise _refused(passage, reply)
    _read_body(passage, reply)


def shown_body(passage: Passage, reply: InboundReply, size: int = _SHOWN) -> str:
    """Return the beginning of a reply's body as text, masked before it is cut."""
    if passage.run.action.is_login and 200 <= reply.status < 300:
        # Whatever form it has, it is what other actions log in with.
        return f"({len(reply.body)} bytes that may be a token)"
    return passage.masker.cut(reply.body.decode("utf-8", "replace"), size)


def _read_body(passage: Passage, reply: InboundReply) -> None:
    body = _as_utf8(reply)
    if not body.strip():
        # 202 and 204 replies have none, and published actions pass them through.
        passage.result_text, passage.document = "{}", {}
        return
    try:
        passage.document = document = read_json_text(body)
    except NotJson as error:
        raise _too_deep(passage) if error.deep else _not_json(passage, reply, error) from None
    # Few brackets cannot nest deeply: most replies need no closer look.
    if len(body) > 2 * DEPTH and body.count(b"[") + body.count(b"{") > DEPTH and is_deeper(document):
        raise _too_deep(passage)
    passage.result_text = body.decode()


def _as_utf8(reply: InboundReply) -> bytes:
    body = reply.body
    content_type = reply.header("content-type").lower()
    if "charset=" in content_type and "utf-8" not in content_type:
        body = _transcoded(body, content_type.partition("charset=")[2].partition(";")[0].strip(' "'))
    return body[3:] if body[:3] == _BOM else body


def _transcoded(body: bytes, charset: str) -> bytes:
    try:
        name = codecs.lookup(charset).name
        return body.decode(name).encode() if name in _OTHER_CHARSETS else body
    except (LookupError, UnicodeDecodeError):
        # Declared wrongly: what is not UTF-8 either fails as not being JSON.
        return body


def unanswered(passage: Passage, failure: UpstreamFailure, limits: EngineLimits) -> ActionFailed:
    """Return the error of a run whose request got no complete reply."""
    target = passage.target
    fault = failure.fault
    limit = limits.header_bytes if fault is Fault.HEADERS_TOO_LARGE else limits.response_bytes
    finding = found(
        fault.value,
        host=passage.host,
        port=target.port if target is not None else 0,
        reason=failure.reason,
        phase=failure.phase,
        seconds=passage.compiled.timeout,
        address=failure.address,
        range=failure.reason,
        also="",
        limit=_size(limit),
    )
    return remote_failed(finding, passage.run.correlation_id, failure.reason or finding.message)


def _refused(passage: Passage, reply: InboundReply) -> ActionFailed:
    status = reply.status
    if status < 400:
        finding = found("UPSTREAM_REDIRECT", host=passage.host, status=status, seen=_seen(passage, reply))
        return remote_failed(finding, passage.run.correlation_id, _reason(passage, reply))
    finding = found(
        "UPSTREAM_STATUS",
        host=passage.host,
        status=status,
        phrase=_phrase(reply),
        advice=_ADVICE.get(status, _LOOK if passage.testing else _TEST_IT),
        seen=_seen(passage, reply),
    )
    shown = min(status, 599)
    code = _WIRE_CODES.get(shown, "bad.request" if shown < 500 else "internal.server.error")
    return remote_failed(
        finding, passage.run.correlation_id, _reason(passage, reply), status=shown, code=code
    )


def _not_json(passage: Passage, reply: InboundReply, error: NotJson) -> ActionFailed:
    finding = found(
        "UPSTREAM_NOT_JSON",
        host=passage.host,
        status=reply.status,
        content_type=passage.masker.cut(reply.header("content-type"), 100) or "no content type",
        # The parser's words may quote the body.
        reason=error.reason if passage.testing else "see test mode",
        seen=_seen(passage, reply),
    )
    return remote_failed(finding, passage.run.correlation_id, _reason(passage, reply))


def _too_deep(passage: Passage) -> ActionFailed:
    finding = found("UPSTREAM_TOO_DEEP", host=passage.host, limit=DEPTH)
    return remote_failed(finding, passage.run.correlation_id, finding.message)


def _reason(passage: Passage, reply: InboundReply) -> str:
    """Return the nested message's core: the reply's body in test mode, nothing of it in execute mode."""
    if not passage.testing:
        return HIDDEN
    return f"{SHOWN}{shown_body(passage, reply)}"


def _seen(passage: Passage, reply: InboundReply) -> str:
    return shown_body(passage, reply, _SEEN) if passage.testing else ""


def _phrase(reply: InboundReply) -> str:
    try:
        return HTTPStatus(reply.status).phrase
    except ValueError:
        return "(no standard status)"


def _size(count: int) -> str:
    return f"{count / (1024 * 1024):g} MB" if count >= 1024 * 1024 else f"{count / 1024:g} kB"


def call_result(passage: Passage) -> Any:
    """Return what a trace shows of the reply, None if none came."""
    reply = passage.reply
    if reply is None:
        return None
    shown = {
        "status": reply.status,
        "headers": {name: value if name != "set-cookie" else MASK for name, value in reply.headers},
        "body": passage.document if passage.result_text else shown_body(passage, reply),
        "milliseconds": round(passage.upstream_seconds * 1000, 3),
    }
    return {**shown, "loggedInAgain": True} if passage.login_renewed else shown
