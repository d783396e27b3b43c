"""The cloud's limit on requests per token (`--limits cloud`)."""

from __future__ import annotations

import math
from dataclasses import dataclass

from jackfield.api.options import Headers
from jackfield.domain.catalogue import found
from jackfield.domain.errors import LimitReached
from jackfield.domain.identity import Principal
from jackfield.domain.ports import Clock

REQUESTS_KEY = "client.credentials.token.rate.per.minute"
NAMESPACE = "platform.api"
REQUESTS_PER_MINUTE = 300
WINDOW_SECONDS = 60
KNOWN_CALLERS = 10_000


@dataclass(slots=True)
class _Window:
    """A minute of one caller; it begins with its first request."""

    ends: float
    count: int = 0


class CloudLimiter:
    """Lets each client (and user) make a fixed number of requests a minute, and says so in headers.

    300 a minute is documented for the platform API's tokens; that the minute begins with the first request
    is inferred from the `inin-ratelimit-reset` header, which counts down from 61.

    Args:
        clock: for the windows.
        per_minute: requests.
    """

    def __init__(self, clock: Clock, per_minute: int = REQUESTS_PER_MINUTE) -> None:
        self._clock, self._per_minute = clock, per_minute
        self._windows: dict[tuple[str, str | None], _Window] = {}

    def admit(self, principal: Principal) -> Headers:
        """Count one request; return the rate headers of its answer.

        Raises:
            LimitReached: this one is over the limit.
        """
        now = self._clock.monotonic()
        window = self._window((principal.client_id, principal.user_id), now)
        window.count += 1
        left = max(1, math.ceil(window.ends - now))
        told: Headers = (
            (b"inin-ratelimit-allowed", str(self._per_minute).encode()),
            (b"inin-ratelimit-count", str(window.count).encode()),
            (b"inin-ratelimit-reset", str(left).encode()),
        )
        if window.count > self._per_minute:
            raise LimitReached(
                found("REQUESTS_PER_MINUTE", limit=self._per_minute, seconds=left),
                key=REQUESTS_KEY,
                namespace=NAMESPACE,
                value=self._per_minute,
                retry_after=left,
                headers=told,
            )
        return told

    def _window(self, caller: tuple[str, str | None], now: float) -> _Window:
        window = self._windows.get(caller)
        if window is None or window.ends <= now:
            if len(self._windows) >= KNOWN_CALLERS:
                self._windows = {key: kept for key, kept in self._windows.items() if kept.ends > now}
            window = self._windows[caller] = _Window(now + WINDOW_SECONDS)
        return window
