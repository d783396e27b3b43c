"""Logins that are kept: made once, used by all runs of an integration until they are refused or go stale.

However many runs begin at once, one login goes out and all wait for it. It is a task of its own: the run that
began it may end early without taking it away from the others.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from jackfield.domain.login import Login
from jackfield.domain.ports import Clock

Key = tuple[str, str]
"""Organization and integration."""

_KEPT: Final = 2_000


class LoginTimeout(Exception):
    """The run's time was over before the login was."""


@dataclass(slots=True)
class _Entry:
    """One integration's login, under way or made."""

    revision: str
    task: asyncio.Task[Login] | None = None
    login: Login | None = None

    def usable(self, revision: str, now: float) -> bool:
        if self.revision != revision:
            return False
        login = self.login
        return login is None or login.expires is None or now < login.expires


class Sessions:
    """The logins of all integrations; the least recently used go first.

    Args:
        clock: for what expires, and for deadlines.
        size: how many are kept.
    """

    def __init__(self, clock: Clock, size: int = _KEPT) -> None:
        self._clock, self._size = clock, size
        self._entries: OrderedDict[Key, _Entry] = OrderedDict()
        self._tasks: set[asyncio.Task[Login]] = set()

    async def get(
        self, key: Key, revision: str, log_in: Callable[[], Awaitable[Login]], deadline: float
    ) -> tuple[Login, bool]:
        """Return a login, and whether it was there before.

        Args:
            key: whose.
            revision: a login of another one is not used.
            log_in: makes one.
            deadline: in the clock's monotonic seconds; the login itself goes on beyond it for others.

        Raises:
            LoginTimeout: the deadline came first.
        """
        entry = self._entries.get(key)
        if entry is None or not entry.usable(revision, self._clock.monotonic()):
            entry = self._begin(key, revision, log_in)
        self._entries.move_to_end(key)
        if entry.login is not None:
            return entry.login, True
        assert entry.task is not None, "an entry without a login has one under way"
        try:
            async with asyncio.timeout(max(deadline - self._clock.monotonic(), 0.0)):
                return await asyncio.shield(entry.task), False
        except TimeoutError:
            raise LoginTimeout from None

    def drop(self, key: Key, login: Login) -> None:
        """Forget a login that was refused, unless there is another one by now."""
        entry = self._entries.get(key)
        if entry is not None and entry.login is login:
            del self._entries[key]

    def forget(self) -> None:
        """Forget all logins; those under way are still given to whoever waits for them."""
        self._entries.clear()

    async def aclose(self) -> None:
        """End logins that are under way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._entries.clear()

    def _begin(self, key: Key, revision: str, log_in: Callable[[], Awaitable[Login]]) -> _Entry:
        entry = self._entries[key] = _Entry(revision)
        entry.task = asyncio.ensure_future(self._fill(key, entry, log_in))
        self._tasks.add(entry.task)
        entry.task.add_done_callback(self._done)
        if len(self._entries) > self._size:
            self._entries.popitem(last=False)
        return entry

    async def _fill(self, key: Key, entry: _Entry, log_in: Callable[[], Awaitable[Login]]) -> Login:
        try:
            entry.login = await log_in()
        except BaseException:
            if self._entries.get(key) is entry:
                del self._entries[key]
            raise
        return entry.login

    def _done(self, task: asyncio.Task[Login]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            # Whoever still waits gets it; if nobody does, it is no fault of the program.
            task.exception()
