"""Replies out of a folder of files: one file for each method and path.

`GET https://host/api/v2/users/me` is answered from `DIR/host/api/v2/users/me/GET.json`. The host's folder
may be left out, a folder called `_` stands for any one segment, and the query does not count. A file holds a
body, or a whole reply as `curl -i` prints it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from jackfield.domain.catalogue import found
from jackfield.domain.errors import ActionFailed
from jackfield.domain.finding import Finding
from jackfield.engine.failures import REMOTE
from jackfield.engine.upstream import Fault, InboundReply, OutboundRequest, UpstreamFailure

ANY: Final = "_"
"""A folder of this name stands for any one segment of a path."""

JSON_HEADERS: Final = (("content-type", "application/json"),)
_ENDINGS: Final = (".json", ".http", ".txt", ".xml")
_NO_FILE_NAME: Final = re.compile(r'[\x00-\x1f<>:"/\\|?*]')
_HEAD: Final = re.compile(rb"HTTP/[0-9.]+ ([0-9]{3})[^\r\n]*\r?\n")


class StubUpstream:
    """Answers every request from a folder of stubs.

    Args:
        folder: the stubs; looked through for each request, so that they may change.
        largest: bytes of a body; more fail as a service's do.
    """

    def __init__(self, folder: Path, largest: int) -> None:
        self._folder, self._largest = folder, largest

    async def send(self, request: OutboundRequest, *, deadline: float) -> InboundReply:  # noqa: ARG002 - port
        """Return what the stub says.

        Raises:
            ActionFailed: there is no stub for this request.
            UpstreamFailure: the file cannot be read, or is too large.
        """
        file = find_stub(self._folder, request)
        if file is None:
            finding = stub_missing(request, lambda text: text)
            raise ActionFailed(finding, status=502, code="bad.gateway", detail=REMOTE)
        try:
            reply = parse_reply(file.read_bytes())
        except OSError as error:
            reason = f"the stub cannot be read: {(error.strerror or str(error)).lower()}"
            raise UpstreamFailure(Fault.UNREACHABLE, reason) from None
        if len(reply.body) > self._largest:
            raise UpstreamFailure(Fault.TOO_LARGE)
        return reply

    async def aclose(self) -> None:
        """Nothing is open."""


def find_stub(folder: Path, request: OutboundRequest) -> Path | None:
    """Return the file that answers a request, None if there is none.

    Args:
        folder: the stubs; no request leads out of it.
    """
    segments = _segments(request)
    for root in (folder / request.target.host, folder):
        for file in _candidates(root, segments, request.method):
            return file
    return None


def stub_missing(request: OutboundRequest, mask: Callable[[str], str], folder: str = "") -> Finding:
    """Return the finding that a folder has no stub for a request.

    Args:
        request: the request.
        mask: masks secrets in its path.
        folder: what it is called; "" not to name it.
    """
    path = request.target.path.partition("?")[0]
    parts = [*([folder] if folder else []), *_segments(request), f"{request.method}.json"]
    wanted = "/".join(parts)
    with_host = "/".join([*parts[: 1 if folder else 0], request.target.host, *parts[1 if folder else 0 :]])
    return found(
        "STUB_MISSING",
        folder=f"`{folder}`" if folder else "The folder of stubs",
        method=request.method,
        path=mask(path),
        looked=mask(f"`{with_host}`, `{wanted}`"),
        wanted=mask(wanted),
    )


def parse_reply(data: bytes) -> InboundReply:
    """Return a reply from a body alone, or from a whole reply as `curl -i` prints it."""
    head = _HEAD.match(data)
    if head is None:
        return InboundReply(200, "", _headers_for(data), data)
    status, rest = int(head.group(1)), data[head.end() :]
    headers: list[tuple[str, str]] = []
    used = 0
    for line in rest.split(b"\n"):
        used += len(line) + 1
        name, colon, value = line.decode("latin-1").strip().partition(":")
        if not colon:
            break
        headers.append((name.strip().lower(), value.strip()))
    body = rest[used:]
    if 100 <= status < 200 and _HEAD.match(body):
        return parse_reply(body)
    return InboundReply(status, "", tuple(headers), body)


def _headers_for(body: bytes) -> Sequence[tuple[str, str]]:
    """Return the headers of a body that stands alone: markup is called so, everything else JSON."""
    if body.lstrip()[:1] == b"<":
        return (("content-type", "text/html" if b"<html" in body[:1000].lower() else "application/xml"),)
    return JSON_HEADERS


def _segments(request: OutboundRequest) -> list[str]:
    path = request.target.path.partition("?")[0]
    return [_file_name(segment) for segment in path.split("/") if segment]


def _candidates(folder: Path, segments: list[str], method: str) -> Iterator[Path]:
    """Yield the stubs for a path, those that name it before those that stand for any."""
    if not segments:
        for ending in _ENDINGS:
            file = folder / f"{method}{ending}"
            if file.is_file():
                yield file
        return
    for name in dict.fromkeys((segments[0], ANY)):
        if (folder / name).is_dir():
            yield from _candidates(folder / name, segments[1:], method)


def _file_name(segment: str) -> str:
    """Return a segment as the name of a folder; it can never lead out of the stubs."""
    name = _NO_FILE_NAME.sub("_", unquote(segment))
    return "_" * len(name) if name.strip(".") == "" else name
