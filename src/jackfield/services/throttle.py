"""Slowing down whoever guesses: after some failures each attempt has to wait, longer each time."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from jackfield.domain.catalogue import found
from jackfield.domain.errors import Refused
from jackfield.domain.ports import Clock

FREE_PER_ACCOUNT: Final = 5
FREE_PER_ADDRESS: Final = 50
LONGEST_WAIT: Final = 60.0
FORGOTTEN_AFTER: Final = 900.0
REMEMBERED: Final = 10_000
# Account (None for all of them) and address.
_Key = tuple[str | None, str]


@dataclass(slots=True)
class _Failures:
    """What one account at one address, or one address, has failed."""

    count: int
    last: float
    free_at: float


class Throttle:
    """Counts failures per account and address, and per address alone.

    Somebody at another address is not held up by them, so that nobody can lock others out.

    Args:
        clock: for the waits.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._known: dict[_Key, _Failures] = {}

    def check(self, account: str, address: str) -> None:
        """Let an attempt pass.

        Args:
            account: client id or e-mail address, any case.
            address: where the attempt comes from.

        Raises:
            Refused: it comes too soon.
        """
        now = self._clock.monotonic()
        waits = [known.free_at - now for key in _keys(account, address) if (known := self._known.get(key))]
        if waits and max(waits) > 0:
            raise Refused(found("LOGIN_SLOWED", seconds=math.ceil(max(waits))))

    def failed(self, account: str, address: str) -> None:
        """Note a failure."""
        now = self._clock.monotonic()
        if len(self._known) >= REMEMBERED:
            self._forget_old(now)
        for key, free in zip(_keys(account, address), (FREE_PER_ACCOUNT, FREE_PER_ADDRESS), strict=True):
            known = self._known.get(key)
            if known is None or now - known.last > FORGOTTEN_AFTER:
                known = self._known[key] = _Failures(0, now, now)
            known.count, known.last = known.count + 1, now
            if known.count >= free:
                known.free_at = now + min(LONGEST_WAIT, 2.0 ** min(known.count - free, 10))

    def succeeded(self, account: str, address: str) -> None:
        """Forget the failures of an account at an address."""
        self._known.pop(_keys(account, address)[0], None)

    def _forget_old(self, now: float) -> None:
        self._known = {key: kept for key, kept in self._known.items() if now - kept.last < FORGOTTEN_AFTER}
        for key in _oldest(self._known, len(self._known) - REMEMBERED // 2):
            del self._known[key]


def _keys(account: str, address: str) -> tuple[_Key, _Key]:
    return (account.casefold()[:200], address), (None, address)


def _oldest(known: dict[_Key, _Failures], count: int) -> Iterable[_Key]:
    return sorted(known, key=lambda key: known[key].last)[: max(0, count)]
