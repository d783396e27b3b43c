"""Undoes the compression of a reply's body, within a bound."""

from __future__ import annotations

import zlib

from jackfield.engine.upstream import Fault, UpstreamFailure

_LONGEST_NAME = 40
_GZIP = 16 + zlib.MAX_WBITS
_DEFLATE = zlib.MAX_WBITS
_BARE_DEFLATE = -zlib.MAX_WBITS


def unpack(body: bytes, encoding: str, limit: int) -> bytes:
    """Return the body without its `Content-Encoding`.

    Args:
        body: as received.
        encoding: value of the header, "" if there was none.
        limit: bytes the result may have.

    Raises:
        UpstreamFailure: unknown encoding, damaged or truncated data, or a result above the limit.
    """
    name = encoding.strip().lower()
    if name in ("", "identity") or not body:
        return body
    if name in ("gzip", "x-gzip"):
        return _inflate_members(body, limit)
    if name == "deflate":
        return _inflate_deflate(body, limit)
    shown = f"`{name}`" if len(name) <= _LONGEST_NAME else "with a long name"
    raise UpstreamFailure(Fault.ENCODING, f"its encoding {shown} is not understood")


def _inflate_members(body: bytes, limit: int) -> bytes:
    # RFC 1952: a gzip file may be several members one after the other.
    parts: list[bytes] = []
    left = limit
    while body:
        part, body = _inflate(body, _GZIP, left)
        parts.append(part)
        left -= len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _inflate_deflate(body: bytes, limit: int) -> bytes:
    # RFC 9110 means zlib's format, but many servers send the bare one.
    try:
        return _inflate(body, _DEFLATE, limit)[0]
    except UpstreamFailure as failure:
        if failure.fault is not Fault.ENCODING:
            raise
        return _inflate(body, _BARE_DEFLATE, limit)[0]


def _inflate(body: bytes, window: int, limit: int) -> tuple[bytes, bytes]:
    inflater = zlib.decompressobj(window)
    try:
        data = inflater.decompress(body, limit + 1)
    except zlib.error as error:
        raise UpstreamFailure(Fault.ENCODING, str(error)) from None
    if len(data) > limit:
        raise UpstreamFailure(Fault.TOO_LARGE)
    if not inflater.eof:
        raise UpstreamFailure(Fault.ENCODING, "its compressed data ends too early")
    return data, inflater.unused_data
