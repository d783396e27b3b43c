"""A request as the bytes of HTTP/1.1."""

from __future__ import annotations

from jackfield.engine.upstream import OutboundRequest


def serialize(request: OutboundRequest) -> bytes:
    """Return head and body. Header values have been checked for control characters before.

    Bodies go out chunked, as the cloud sends them, unless the request asks for a length.
    """
    method, target, headers, body, buffered, close = request[:6]
    lines = [f"{method} {target.path} HTTP/1.1\r\nHost: {target.authority}\r\n"]
    lines.extend([f"{name}: {value}\r\n" for name, value in headers])
    if close:
        lines.append("Connection: close\r\n")
    if body is None:
        lines.append("\r\n")
        return "".join(lines).encode()
    if buffered or not body:
        lines.append(f"Content-Length: {len(body)}\r\n\r\n")
        return b"".join(("".join(lines).encode(), body))
    lines.append(f"Transfer-Encoding: chunked\r\n\r\n{len(body):x}\r\n")
    return b"".join(("".join(lines).encode(), body, b"\r\n0\r\n\r\n"))
