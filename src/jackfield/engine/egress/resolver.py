"""Names to numeric addresses."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from ipaddress import ip_address
from threading import Thread
from typing import Protocol

from jackfield.engine.upstream import Fault, UpstreamFailure

Lookup = Callable[[str, int], list[str]]


class Resolver(Protocol):
    """Turns a host into numeric addresses, once per connection."""

    async def resolve(self, host: str, port: int) -> tuple[str, ...]:
        """Return numeric addresses in order of preference.

        Raises:
            UpstreamFailure: the name does not resolve, or too many look-ups are under way.
        """


def system_lookup(host: str, port: int) -> list[str]:
    """Ask the system's resolver; blocks. Raises OSError if it knows no address."""
    answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(answer[4][0]) for answer in answers))


class SystemResolver:
    """Asks the system's resolver in a bounded number of threads.

    The threads are daemons: a name server that never answers must not keep the process from ending.

    Args:
        threads: look-ups at the same time.
        waiting: look-ups that may wait for a thread.
        lookup: the blocking look-up.
    """

    def __init__(self, threads: int = 8, waiting: int = 64, lookup: Lookup = system_lookup) -> None:
        self._free = asyncio.Semaphore(threads)
        self._most = threads + waiting
        self._under_way = 0
        self._lookup = lookup

    async def resolve(self, host: str, port: int) -> tuple[str, ...]:
        """Return the system's answers; an address in plain notation is its own answer."""
        if _is_plain_address(host):
            return (host,)
        if self._under_way >= self._most:
            raise UpstreamFailure(Fault.BUSY, "too many name look-ups are under way")
        self._under_way += 1
        try:
            await self._free.acquire()
        except BaseException:
            self._under_way -= 1
            raise
        return tuple(await self._start(host, port))

    def _start(self, host: str, port: int) -> asyncio.Future[list[str]]:
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[list[str]] = loop.create_future()

        def finish(addresses: list[str], failure: UpstreamFailure | None) -> None:
            self._under_way -= 1
            self._free.release()
            if answer.done():
                return
            if failure is None:
                answer.set_result(addresses)
            else:
                answer.set_exception(failure)

        def work() -> None:
            addresses: list[str] = []
            failure: UpstreamFailure | None = None
            try:
                addresses = self._lookup(host, port)
            except (OSError, UnicodeError) as error:
                reason = str(getattr(error, "strerror", None) or error)
                failure = UpstreamFailure(Fault.UNKNOWN_HOST, reason)
            if not loop.is_closed():
                loop.call_soon_threadsafe(finish, addresses, failure)

        Thread(target=work, name="jackfield-resolve", daemon=True).start()
        return answer


def _is_plain_address(host: str) -> bool:
    try:
        return str(ip_address(host)) == host
    except ValueError:
        return False
