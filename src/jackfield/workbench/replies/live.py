"""Real replies: the engine's own way out, with its guard."""

from __future__ import annotations

from jackfield.engine.egress import HttpUpstream
from jackfield.engine.egress.proxy import EgressProxy
from jackfield.engine.egress.tls import Tls
from jackfield.engine.guard import UpstreamPolicy
from jackfield.engine.upstream import InboundReply, OutboundRequest
from jackfield.workbench.clock import BenchClock
from jackfield.workbench.replies.source import Occasion, Origin, Provenance


class LiveReplies:
    """Calls the real web service; addresses of this machine are allowed, as on a server of one's own.

    Args:
        clock: the one by which the engine sets deadlines.
        allowed: networks, addresses or hosts that may be called besides.
        proxy: calls are made through it.
        tls: what calls trust; the system's authorities if None.

    Raises:
        ValueError: an entry of `allowed` cannot be read.
    """

    def __init__(
        self,
        clock: BenchClock,
        allowed: tuple[str, ...] = (),
        proxy: EgressProxy | None = None,
        tls: Tls | None = None,
    ) -> None:
        self._upstream = HttpUpstream(UpstreamPolicy("loopback", allowed), clock, proxy=proxy, tls=tls)
        self._host = ""

    @property
    def provenance(self) -> Provenance:
        """Where the last reply came from."""
        return Provenance(Origin.LIVE, self._host)

    def begin(self, occasion: Occasion) -> None:
        """Nothing has to be got ready."""

    async def send(self, request: OutboundRequest, *, deadline: float) -> InboundReply:
        """Call the service.

        Raises:
            UpstreamFailure: no complete reply came.
        """
        self._host = request.target.authority
        return await self._upstream.send(request, deadline=deadline)

    async def aclose(self) -> None:
        """Close kept connections."""
        await self._upstream.aclose()
