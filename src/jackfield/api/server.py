"""The listening server: binds before anything else is built, serves, drains."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import signal
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from socket import AF_INET, AF_INET6, create_server
from ssl import PROTOCOL_TLS_SERVER, SSLContext, TLSVersion
from typing import Any, Final

import uvicorn

from jackfield.api.application import Application
from jackfield.api.protocol import ServerConfig
from jackfield.api.terse import TerseAnswers
from jackfield.domain.catalogue import found
from jackfield.domain.errors import OperationRefused
from jackfield.domain.finding import Finding, Place

BACKLOG: Final = 1024
# What cancelled requests get to send their 503.
LAST_WORDS_SECONDS: Final = 0.4
# How often a shutdown looks if everything has been answered.
LOOK_SECONDS: Final = 0.1
WILDCARDS: Final = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}
INTERRUPTED: Final = 130
LAST_PORT: Final = 65_535


@dataclass(frozen=True, slots=True)
class Listener:
    """A bound and listening socket; nothing is accepted before `run`.

    Args:
        host: as it was asked for.
        port: the real one, also where 0 was asked for.
        sockets: one socket.
        tls: what https is served with, None for plain HTTP.
    """

    host: str
    port: int
    sockets: tuple[Any, ...]
    tls: SSLContext | None = None

    @property
    def url(self) -> str:
        """Where clients on this machine reach the server."""
        host = WILDCARDS.get(self.host, self.host)
        scheme = "http" if self.tls is None else "https"
        return f"{scheme}://[{host}]:{self.port}" if ":" in host else f"{scheme}://{host}:{self.port}"

    def close(self) -> None:
        """Stop listening, where `run` was never reached."""
        for one in self.sockets:
            one.close()


def tls_context(certificate: Path, key: Path) -> SSLContext:
    """Return what https is served with: TLS 1.2 or newer.

    Args:
        certificate: PEM file, with the chain behind the certificate.
        key: PEM file; an encrypted one is refused, because nobody is there to type its password.

    Raises:
        OSError: a file cannot be read, or is not what it should be (`ssl.SSLError`).
        ValueError: the key is encrypted.
    """
    context = SSLContext(PROTOCOL_TLS_SERVER)
    context.minimum_version = TLSVersion.TLSv1_2
    context.load_cert_chain(certificate, key, password=_no_password)
    return context


def _no_password() -> str:
    raise ValueError("the key is encrypted")


def listen(host: str, port: int, tls: SSLContext | None = None) -> Listener:
    """Bind a port.

    Args:
        host: address or name to listen on.
        port: 0 picks a free one.
        tls: what https is served with, None for plain HTTP.

    Raises:
        OperationRefused: the port is taken, or the address is not this machine's.
    """
    if not 0 <= port <= LAST_PORT:
        raise OperationRefused(_not_bound(host, port, None))
    family = AF_INET6 if ":" in host else AF_INET
    try:
        bound = create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as fault:
        raise OperationRefused(_not_bound(host, port, fault)) from fault
    bound.setblocking(False)
    return Listener(host, bound.getsockname()[1], (bound,), tls)


async def run(application: Application, listener: Listener, accepting: Callable[[], None]) -> int:
    """Serve until SIGTERM or SIGINT, then drain.

    Running requests get `bounds.drain_seconds`; those still running then are cancelled and answer 503.

    Args:
        accepting: called once requests are accepted.

    Returns:
        The exit code: 0, or 130 after an interrupt from the keyboard.
    """
    answering = TerseAnswers(application) if application.options.terse else application
    server = DrainingServer(ServerConfig(answering, application.options, listener.tls), accepting)
    await server.serve(sockets=list(listener.sockets))
    return INTERRUPTED if server.interrupted else 0


class DrainingServer(uvicorn.Server):
    """uvicorn's server that says when it accepts, lets cancelled requests answer, and dies of no signal.

    Args:
        accepting: called once requests are accepted.
    """

    def __init__(self, config: ServerConfig, accepting: Callable[[], None]) -> None:
        super().__init__(config)
        self._accepting = accepting
        self._bounds, self._runs = config.options.bounds, config.runs

    @property
    def interrupted(self) -> bool:
        """True if the keyboard stopped it."""
        return signal.SIGINT in self._captured_signals

    async def startup(self, sockets: list[Any] | None = None) -> None:
        """Accept requests, then say so."""
        await super().startup(sockets)
        if self.started:
            self._accepting()

    async def shutdown(self, sockets: list[Any] | None = None) -> None:
        """Stop accepting, wait, cancel what is left, and wait for its last words."""
        for server in self.servers:
            server.close()
        for listening in sockets or ():
            listening.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        await self._wait_for_answers(self._bounds.drain_seconds)
        for task in self.server_state.tasks:
            task.cancel()
        for run in list(self._runs):
            run.interrupt()
        await self._wait_for_answers(LAST_WORDS_SECONDS)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take the stop signals while serving, and keep them: uvicorn would raise them again at the end."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {
            number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)
        }
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    async def _wait_for_answers(self, seconds: float) -> None:
        deadline = asyncio.get_running_loop().time() + seconds
        while (self.server_state.tasks or self._runs) and not self.force_exit:
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0:
                return
            if self.server_state.tasks:
                await asyncio.wait(self.server_state.tasks, timeout=min(left, LOOK_SECONDS))
            else:
                # Nobody tells when an execution without a task is over.
                await asyncio.sleep(min(left, LOOK_SECONDS))


def _not_bound(host: str, port: int, fault: OSError | None) -> Finding:
    codes = {errno.EADDRINUSE: "PORT_BUSY", errno.EACCES: "PORT_FORBIDDEN"}
    code = codes.get(fault.errno or 0, "ADDRESS_UNUSABLE") if fault else "ADDRESS_UNUSABLE"
    shown = f"{host}:{port}"
    return found(code, Place(shown), seen=shown, host=host, port=port)
