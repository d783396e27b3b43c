"""A request as the bytes of HTTP/1.1."""

from __future__ import annotations

from jackfield.engine.upstream import OutboundRequest


def serialize(request: OutboundRequest) -> bytes:
    """Return head and body. Header values have been checked for control characters before.

    Bodies go out chunked, as the cloud sends them, unless the request asks for a length.
    """
    target, body = request.target, request.body
    lines = [f"{request.method} {target.path} HTTP/1.1\r\nHost: {target.authority}"]
    lines += [": ".join(header) for header in request.headers]
    if request.close:
        lines.append("Connection: close")
    if body is None:
        lines.append("\r\n")
        return "\r\n".join(lines).encode()
    if request.buffered or not body:
        lines.append(f"Content-Length: {len(body)}\r\n\r\n")
        return b"".join(("\r\n".join(lines).encode(), body))
    lines.append("Transfer-Encoding: chunked\r\n\r\n")
    return b"".join(("\r\n".join(lines).encode(), b"%x\r\n" % len(body), body, b"\r\n0\r\n\r\n"))
