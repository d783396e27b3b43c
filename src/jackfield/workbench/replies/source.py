"""Where the replies of a test come from: the port that the engine's upstream is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from jackfield.domain.errors import ActionFailed
from jackfield.domain.finding import Finding
from jackfield.domain.masking import Masker
from jackfield.engine.failures import REMOTE
from jackfield.engine.upstream import InboundReply, OutboundRequest
from jackfield.workbench.clock import BenchClock
from jackfield.workbench.documents import ActionDocument


class Origin(StrEnum):
    """How a reply came to be."""

    GIVEN = "given"
    RECORDED = "recorded"
    STUB = "stub"
    LIVE = "live"
    SYNTHESIZED = "synthesized"


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where one reply came from.

    Args:
        origin: how it came to be.
        detail: the file, or what is to be known about it.
    """

    origin: Origin
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a source of replies is told before a run.

    Args:
        document: the action that is run; its integration's login is run before it, on an occasion of its own.
        mask: masks all secrets of the run.
        clock: to be put forward instead of waiting.
        inputs: what the action is called with.
    """

    document: ActionDocument
    mask: Masker
    clock: BenchClock
    inputs: Mapping[str, Any] = field(default_factory=dict)


class ReplySource(Protocol):
    """An upstream that can say where its replies come from. Serves one run after the other."""

    @property
    def provenance(self) -> Provenance:
        """Where the last reply came from."""

    def begin(self, occasion: Occasion) -> None:
        """Get ready for the next run."""

    async def send(self, request: OutboundRequest, *, deadline: float) -> InboundReply:
        """Return the reply.

        Raises:
            UpstreamFailure: no complete reply came.
            ActionFailed: the source has no reply to this request.
        """

    async def aclose(self) -> None:
        """Close what is open."""


def url_of(request: OutboundRequest) -> str:
    """Return the URL of a request."""
    return f"{request.target.scheme}://{request.target.authority}{request.target.path}"


def without_reply(finding: Finding) -> ActionFailed:
    """Return the error of a run whose source has no reply, so that the trace ends with the call."""
    return ActionFailed(finding, status=502, code="bad.gateway", detail=REMOTE)
