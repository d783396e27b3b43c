"""One request outside of any data action, for checks of credentials; it leaves through the same guard."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from jackfield.domain.catalogue import CATALOGUE
from jackfield.domain.ports import Clock
from jackfield.engine.target import TargetRefused, parse_target
from jackfield.engine.upstream import InboundReply, OutboundRequest, Upstream, UpstreamFailure

SECONDS = 10.0


class ProbeFailed(Exception):
    """No reply came.

    Args:
        reason: why, without secrets.
    """


@dataclass(frozen=True, slots=True)
class Probe:
    """Sends single requests.

    Args:
        upstream: the way out.
        clock: for the deadline.
    """

    upstream: Upstream
    clock: Clock

    async def send(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None = None
    ) -> InboundReply:
        """Return the reply, of whatever status.

        Args:
            url: absolute, http or https.

        Raises:
            ProbeFailed: the URL cannot be called, the guard refuses it, or nothing came back in time.
        """
        try:
            target = parse_target(url)
            request = OutboundRequest(method, target, tuple(headers.items()), body, buffered=True, close=True)
            return await self.upstream.send(request, deadline=self.clock.monotonic() + SECONDS)
        except TargetRefused as refused:
            raise ProbeFailed(refused.finding.message) from refused
        except UpstreamFailure as failure:
            words = failure.reason or failure.phase or failure.address
            reason = (
                f"{CATALOGUE[failure.fault].title} ({words})" if words else CATALOGUE[failure.fault].title
            )
            raise ProbeFailed(f"{reason} [{failure.fault}]") from failure
