"""The port to web services: what goes out, what comes back, how it fails."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, overload

from jackfield.engine.target import Target


# Its `__init__` is written out: a generated one stays interpreted in a compiled server.
@dataclass(slots=True, init=False)
class OutboundRequest:
    """One request to a web service.

    Args:
        method: upper case.
        target: where it goes.
        headers: all but Host and those of framing and connection.
        body: None for no body.
        buffered: send the body with its length instead of chunked.
        close: do not reuse the connection.
        integration_id: whose trust store counts; "" for what all trust.
        action_id: of the action that asks; "" for the server itself.
        action_name: likewise.
    """

    method: str
    target: Target
    headers: Sequence[tuple[str, str]]
    body: bytes | None
    buffered: bool
    close: bool
    integration_id: str
    action_id: str
    action_name: str

    def __init__(
        self,
        method: str,
        target: Target,
        headers: Sequence[tuple[str, str]],
        body: bytes | None = None,
        buffered: bool = False,
        close: bool = False,
        integration_id: str = "",
        action_id: str = "",
        action_name: str = "",
    ) -> None:
        self.method, self.target, self.headers, self.body = method, target, headers, body
        self.buffered, self.close = buffered, close
        self.integration_id, self.action_id, self.action_name = integration_id, action_id, action_name


class ReplyHeaders(Sequence[tuple[str, str]]):
    """Headers as they came, read as text when somebody wants to see them: most runs do not.

    Args:
        raw: name and value as bytes.
    """

    __slots__ = ("_raw",)

    def __init__(self, raw: list[tuple[bytes, bytes]]) -> None:
        self._raw = raw

    def first(self, name: str) -> str:
        """Return the first value of a header (lower-case name), "" if there is none."""
        wanted = name.encode("latin-1")
        for key, value in self._raw:
            if len(key) == len(wanted) and key.lower() == wanted:
                return value.decode("latin-1")
        return ""

    def __len__(self) -> int:
        return len(self._raw)

    @overload
    def __getitem__(self, index: int) -> tuple[str, str]: ...

    @overload
    def __getitem__(self, index: slice) -> list[tuple[str, str]]: ...

    def __getitem__(self, index: int | slice) -> tuple[str, str] | list[tuple[str, str]]:
        if isinstance(index, slice):
            return [_decoded(*header) for header in self._raw[index]]
        return _decoded(*self._raw[index])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return repr(list(self))


def _decoded(name: bytes, value: bytes) -> tuple[str, str]:
    return name.decode("latin-1").lower(), value.decode("latin-1")


# Its `__init__` is written out: a generated one stays interpreted in a compiled server.
@dataclass(slots=True, init=False)
class InboundReply:
    """A complete reply. `headers` have lower-case names; `body` is unpacked."""

    status: int
    phrase: str
    headers: Sequence[tuple[str, str]]
    body: bytes

    def __init__(self, status: int, phrase: str, headers: Sequence[tuple[str, str]], body: bytes) -> None:
        self.status, self.phrase, self.headers, self.body = status, phrase, headers, body

    def header(self, name: str) -> str:
        """Return the first value of a header (lower-case name), "" if there is none."""
        if isinstance(self.headers, ReplyHeaders):
            return self.headers.first(name)
        for key, value in self.headers:
            if key == name:
                return value
        return ""


class Fault(StrEnum):
    """What went wrong between here and the web service; each is a finding's code."""

    ADDRESS_BLOCKED = "UPSTREAM_ADDRESS_BLOCKED"
    OWN_PORT = "UPSTREAM_OWN_PORT"
    UNKNOWN_HOST = "UPSTREAM_UNKNOWN_HOST"
    REFUSED = "UPSTREAM_REFUSED"
    UNREACHABLE = "UPSTREAM_UNREACHABLE"
    CERTIFICATE_REFUSED = "UPSTREAM_CERTIFICATE_REFUSED"
    TLS_FAILED = "UPSTREAM_TLS_FAILED"
    TLS_UNUSABLE = "UPSTREAM_TLS_UNUSABLE"
    BUSY = "UPSTREAM_BUSY"
    PROXY = "UPSTREAM_PROXY_FAILED"
    TIMEOUT = "UPSTREAM_TIMEOUT"
    RESET = "UPSTREAM_RESET"
    MALFORMED = "UPSTREAM_MALFORMED"
    HEADERS_TOO_LARGE = "UPSTREAM_HEADERS_TOO_LARGE"
    TOO_LARGE = "UPSTREAM_TOO_LARGE"
    ENCODING = "UPSTREAM_ENCODING"


class UpstreamFailure(Exception):
    """No complete reply came.

    Args:
        fault: what went wrong.
        reason: a few words about this case.
        phase: during what time ran out, for timeouts.
        address: the address it was about, for blocked ones.
        unanswered: true if the connection ended before a single byte of a reply.
        unsent: true if it ended before a single byte of the request, too.
    """

    def __init__(
        self,
        fault: Fault,
        reason: str = "",
        *,
        phase: str = "",
        address: str = "",
        unanswered: bool = False,
        unsent: bool = False,
    ) -> None:
        super().__init__(f"{fault}: {reason or phase or address}")
        self.fault, self.reason, self.phase = fault, reason, phase
        self.address, self.unanswered, self.unsent = address, unanswered, unsent


class ReplyListener(Protocol):
    """Whoever waits for a reply without awaiting it. Told once, and never before it has asked."""

    def replied(self, reply: InboundReply) -> None:
        """Take the reply, of whatever status."""

    def failed(self, fault: Exception) -> None:
        """Hear that no complete reply came: an `UpstreamFailure`, or a fault of the program."""


class Sending(Protocol):
    """A request that is under way."""

    def cancel(self) -> None:
        """Give it up; its listener hears nothing more."""


class Upstream(Protocol):
    """Sends requests to web services: live, recorded or synthetic."""

    async def send(self, request: OutboundRequest, *, deadline: float) -> InboundReply:
        """Return the reply, of whatever status.

        Args:
            request: what to send.
            deadline: in the clock's monotonic seconds.

        Raises:
            UpstreamFailure: no complete reply came.
        """

    async def aclose(self) -> None:
        """Close all connections."""


class PromptUpstream(Upstream, Protocol):
    """An upstream that can send a request at once, where nothing has to be waited for."""

    def send_now(
        self, request: OutboundRequest, *, deadline: float, listener: ReplyListener
    ) -> Sending | None:
        """Send a request; the listener hears what became of it.

        Args:
            request: what to send.
            deadline: in the clock's monotonic seconds.

        Returns:
            None if it would have to wait, as for a connection: nothing was sent, `send` has to do it.
        """
