"""Replies from a folder of stubs, as `engine.stubs` finds them."""

from __future__ import annotations

from pathlib import Path

from jackfield.engine.stubs import find_stub, stub_missing
from jackfield.engine.upstream import InboundReply, OutboundRequest
from jackfield.workbench.replies.given import read_reply
from jackfield.workbench.replies.source import Occasion, Origin, Provenance, without_reply


class StubReplies:
    """Answers every request from a folder of stubs.

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
        file = find_stub(self._folder, request)
        if file is None:
            raise without_reply(stub_missing(request, self._occasion.mask, str(self._folder)))
        self._last = str(file)
        return read_reply(file).play(self._occasion, deadline)

    async def aclose(self) -> None:
        """Nothing is open."""
