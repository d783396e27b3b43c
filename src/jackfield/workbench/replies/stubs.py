"""Replies from a folder of stubs: one file for each method and path."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from jackfield.domain.catalogue import found
from jackfield.engine.upstream import InboundReply, OutboundRequest
from jackfield.workbench.replies.given import read_reply
from jackfield.workbench.replies.source import Occasion, Origin, Provenance, without_reply

ANY: Final = "_"
"""A folder of this name stands for any one segment of a path."""

_ENDINGS: Final = (".json", ".http", ".txt", ".xml")
_NO_FILE_NAME: Final = re.compile(r'[\x00-\x1f<>:"/\\|?*]')


class StubReplies:
    """Answers `GET https://host/api/v2/users/me` from `DIR/host/api/v2/users/me/GET.json`.

    The folder of the host may be left out. A folder called `_` stands for any segment. The query does not
    count. A file holds a body, or a whole reply as `curl -i` prints it.

    Args:
        folder: the stubs.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._occasion: Occasion | None = None
        self._last = ""

    @property
    def provenance(self) -> Provenance:
        """Where the last reply came from."""
        return Provenance(Origin.STUB, self._last)

    def begin(self, occasion: Occasion) -> None:
        """Get ready for the next run."""
        self._occasion = occasion

    async def send(self, request: OutboundRequest, *, deadline: float) -> InboundReply:
        """Return what the stub says.

        Raises:
            ActionFailed: there is no stub for this request.
        """
        assert self._occasion is not None, "a run begins with `begin`"
        path = request.target.path.partition("?")[0]
        segments = [_file_name(segment) for segment in path.split("/") if segment]
        roots = [self._folder / request.target.host, self._folder]
        for root in roots:
            for file in _candidates(root, segments, request.method):
                self._last = str(file)
                return read_reply(file).play(self._occasion, deadline)
        raise self._missing(request, path, segments)

    async def aclose(self) -> None:
        """Nothing is open."""

    def _missing(self, request: OutboundRequest, path: str, segments: list[str]) -> Exception:
        assert self._occasion is not None, "a run begins with `begin`"
        mask = self._occasion.mask
        wanted = "/".join([str(self._folder), *segments, f"{request.method}.json"])
        with_host = "/".join([str(self._folder), request.target.host, *segments, f"{request.method}.json"])
        return without_reply(
            found(
                "STUB_MISSING",
                folder=self._folder,
                method=request.method,
                path=mask(path),
                looked=mask(f"`{with_host}`, `{wanted}`"),
                wanted=mask(wanted),
            )
        )


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
