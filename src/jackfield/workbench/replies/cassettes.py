"""Recordings of real calls: one file for each request, redacted, replayed only to the very same request."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from jackfield.domain.catalogue import found
from jackfield.domain.errors import OperationRefused
from jackfield.domain.finding import Place
from jackfield.domain.masking import Masker
from jackfield.engine.upstream import InboundReply, OutboundRequest
from jackfield.workbench.files import replace_text
from jackfield.workbench.replies.given import GivenReply
from jackfield.workbench.replies.redaction import (
    redacted_body,
    redacted_headers,
    restored_body,
    stored_body,
)
from jackfield.workbench.replies.source import (
    Occasion,
    Origin,
    Provenance,
    ReplySource,
    url_of,
    without_reply,
)

SCHEMA_VERSION: Final = 1
# What the client adds by itself says nothing about the action, and framing is not part of the meaning.
_UNCOMPARED: Final = frozenset({"user-agent", "accept-encoding"})
_UNKEPT: Final = frozenset({"content-encoding", "content-length", "transfer-encoding", "connection", "date"})
_NOT_IN_NAMES: Final = re.compile(r"[^a-z0-9]+")
_EXCERPT: Final = 60


@dataclass(frozen=True, slots=True)
class RecordedRequest:
    """A request as recordings keep and compare it, with every secret masked."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str | None = None

    def differences(self, other: RecordedRequest) -> dict[str, tuple[str, str]]:
        """Return the parts that differ, with their texts in both."""
        parts = {
            "method": (self.method, other.method),
            "URL": (self.url, other.url),
            **{
                f"header {name}": (self.headers.get(name, "(none)"), other.headers.get(name, "(none)"))
                for name in dict.fromkeys((*self.headers, *other.headers))
            },
            "body": (self.body or "(none)", other.body or "(none)"),
        }
        return {name: pair for name, pair in parts.items() if pair[0] != pair[1]}


@dataclass(frozen=True, slots=True)
class Exchange:
    """One recorded request and its reply."""

    path: Path
    request: RecordedRequest
    reply: GivenReply


def redacted(request: OutboundRequest, mask: Masker) -> RecordedRequest:
    """Return a request as recordings keep it."""
    headers = {
        name: value
        for name, value in redacted_headers(request.headers, mask).items()
        if name not in _UNCOMPARED
    }
    return RecordedRequest(request.method, mask(url_of(request)), headers, redacted_body(request.body, mask))


class RecordingReplies:
    """Passes on the replies of another source and keeps them.

    Args:
        source: usually the live one.
        folder: gets a folder for each action, with a file for each request.
    """

    def __init__(self, source: ReplySource, folder: Path) -> None:
        self._source, self._folder = source, folder
        self._occasion: Occasion | None = None

    @property
    def provenance(self) -> Provenance:
        """Where the last reply came from."""
        return self._source.provenance

    def begin(self, occasion: Occasion) -> None:
        """Get ready for the next run.

        Raises:
            OperationRefused: the action is secure.
        """
        document = occasion.document
        if document.secure:
            raise OperationRefused(found("CASSETTE_OF_SECURE_ACTION", name=document.name))
        self._occasion = occasion
        self._source.begin(occasion)

    async def send(self, request: OutboundRequest, *, deadline: float) -> InboundReply:
        """Return the other source's reply, recorded.

        Raises:
            UpstreamFailure: no complete reply came; nothing is recorded.
        """
        assert self._occasion is not None, "a run begins with `begin`"
        reply = await self._source.send(request, deadline=deadline)
        kept = redacted(request, self._occasion.mask)
        folder = folder_of(self._folder, self._occasion.document.name)
        # One file for each request: two that record at the same time never write the same one.
        file = folder / f"{kept.method.lower()}-{_digest(kept)}.json"
        whole = json.dumps(
            _exchange_members(kept, reply, self._occasion.mask, self._occasion.document.name),
            indent=2,
            ensure_ascii=False,
        )
        replace_text(file, f"{whole}\n")
        return reply

    async def aclose(self) -> None:
        """Close the other source."""
        await self._source.aclose()


class ReplayedReplies:
    """Answers from recordings; a request that was not recorded gets none.

    Args:
        folder: as given to RecordingReplies.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._occasion: Occasion | None = None
        self._last = ""

    @property
    def provenance(self) -> Provenance:
        """Where the last reply came from."""
        return Provenance(Origin.RECORDED, self._last)

    def begin(self, occasion: Occasion) -> None:
        """Get ready for the next run."""
        self._occasion = occasion

    async def send(self, request: OutboundRequest, *, deadline: float) -> InboundReply:
        """Return the recorded reply.

        Raises:
            ActionFailed: nothing was recorded, or nothing like this.
        """
        assert self._occasion is not None, "a run begins with `begin`"
        folder = folder_of(self._folder, self._occasion.document.name)
        sent = redacted(request, self._occasion.mask)
        exchanges = read_exchanges(folder)
        for exchange in exchanges:
            if not exchange.request.differences(sent):
                self._last = str(exchange.path)
                return exchange.reply.play(self._occasion, deadline)
        raise _unmatched(self._folder, folder, sent, exchanges)

    async def aclose(self) -> None:
        """Nothing is open."""


def folder_of(folder: Path, name: str) -> Path:
    """Return the folder of one action's recordings."""
    return folder / (_NOT_IN_NAMES.sub("-", name.lower()).strip("-") or "action")


def read_exchanges(folder: Path) -> tuple[Exchange, ...]:
    """Return all recordings of a folder, none if it does not exist.

    Raises:
        OperationRefused: one of them is not what was recorded.
    """
    return tuple(_read(path) for path in sorted(folder.glob("*.json")))


def _read(path: Path) -> Exchange:
    try:
        whole = json.loads(path.read_bytes())
        request, reply = whole["request"], whole["reply"]
        body = restored_body(reply) or ""
        headers = tuple((str(name), str(value)) for name, value in reply["headers"].items())
        return Exchange(
            path,
            RecordedRequest(
                request["method"], request["url"], dict(request["headers"]), restored_body(request)
            ),
            GivenReply(int(reply["status"]), headers, body.encode(), detail=str(path)),
        )
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        reason = f"it is no recording ({type(error).__name__})"
    raise OperationRefused(
        found("REPLY_UNREADABLE", Place(file=str(path)), path=path, reason=reason, fix="Record it anew.")
    )


def _exchange_members(
    request: RecordedRequest, reply: InboundReply, mask: Masker, name: str
) -> dict[str, Any]:
    headers = [(key, value) for key, value in reply.headers if key not in _UNKEPT]
    return {
        "schema_version": SCHEMA_VERSION,
        "action": name,
        "request": {
            "method": request.method,
            "url": request.url,
            "headers": dict(request.headers),
            **stored_body(request.body),
        },
        "reply": {
            "status": reply.status,
            "headers": redacted_headers(headers, mask),
            **stored_body(redacted_body(reply.body, mask)),
        },
    }


def _digest(request: RecordedRequest) -> str:
    parts = [request.method, request.url, json.dumps(request.headers, sort_keys=True), request.body or ""]
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _unmatched(tapes: Path, folder: Path, sent: RecordedRequest, exchanges: Sequence[Exchange]) -> Exception:
    if not exchanges:
        return without_reply(found("CASSETTE_EMPTY", folder=folder))
    nearest = min(exchanges, key=lambda exchange: _distance(exchange.request.differences(sent)))
    differences = nearest.request.differences(sent)
    recorded, rendered = zip(*(_apart(*pair) for pair in differences.values()), strict=True)
    return without_reply(
        found(
            "CASSETTE_NO_MATCH",
            Place(file=str(nearest.path)),
            seen=_told(differences, rendered),
            accepted=_told(differences, recorded),
            count=len(exchanges),
            folder=folder,
            tapes=tapes,
            differs=", ".join(differences),
        )
    )


def _distance(differences: Mapping[str, tuple[str, str]]) -> tuple[int, int]:
    """Return how far two requests are apart: by parts, then by what the parts do not share."""
    rest = sum(max(len(one), len(other)) - _shared(one, other) for one, other in differences.values())
    return len(differences), rest


def _shared(one: str, other: str) -> int:
    shortest = min(len(one), len(other))
    start = next((index for index in range(shortest) if one[index] != other[index]), shortest)
    end = next(
        (index for index in range(shortest - start) if one[-1 - index] != other[-1 - index]), shortest - start
    )
    return start + end


def _apart(one: str, other: str) -> tuple[str, str]:
    """Return two texts cut to the part in which they differ, with some of what is before it."""
    start = next(
        (index for index, (left, right) in enumerate(zip(one, other, strict=False)) if left != right),
        min(len(one), len(other)),
    )
    begin = max(0, start - _EXCERPT // 2)
    return _excerpt(one, begin), _excerpt(other, begin)


def _excerpt(text: str, begin: int) -> str:
    end = begin + _EXCERPT
    return f"{'…' if begin else ''}{text[begin:end]}{'…' if end < len(text) else ''}"


def _told(differences: Mapping[str, tuple[str, str]], texts: Sequence[str]) -> str:
    return "; ".join(f"{name}: `{text}`" for name, text in zip(differences, texts, strict=True))
