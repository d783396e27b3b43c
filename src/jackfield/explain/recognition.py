"""Finds requests, bodies and answers in a text: raw HTTP, command lines, JSON, JavaScript, prose."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from jackfield.catalog import Catalog, Route
from jackfield.domain.json_faults import FaultLog
from jackfield.domain.json_nodes import NumberNode, ObjectNode, StringNode
from jackfield.domain.json_parser import Parser
from jackfield.domain.json_reader import Dialect, Reading, read_json
from jackfield.explain.command_lines import curl_piece, invoke_piece
from jackfield.explain.errors_said import error_words
from jackfield.explain.explanation import ExplainOptions
from jackfield.explain.har import har_pieces
from jackfield.explain.http_text import HttpHead, read_head
from jackfield.explain.models import ROUTE_OF_MODEL, Guess, guess
from jackfield.explain.pieces import Piece, PieceKind
from jackfield.explain.program_text import CallOptions, call_options, string_literal
from jackfield.explain.provider_output import provider_pieces
from jackfield.explain.quoted_lines import unmarked
from jackfield.explain.routing import Routes, address_of
from jackfield.explain.text_lines import Lines

PYTHON_SDK: Final = "Python SDK"
MAX_PIECES: Final = 60
MAX_SEARCHED: Final = 1_000_000
"""So many characters of documents that are nothing of the API are looked through for one inside of them."""
MAX_MARKERS: Final = 3_000
"""How many places are looked at that may begin something; a text with more is rubbish or a log."""
_MARKER: Final = re.compile(
    r"^[ \t]*(?:[>$*][ \t]*)?(?P<method>GET|POST|PUT|PATCH|DELETE)[ \t]+"
    r"(?P<target>(?:https?://|/|\{\{|<)\S*|\S*/api/v2\S*)[ \t]*(?P<version>HTTP/[\d.]+)?[ \t]*$"
    r"|^[ \t]*<?[ \t]*HTTP/\d(?:\.\d)?[ \t]+(?P<status>\d{3})\b[^\r\n]*$"
    r"|(?:^|(?<=[\s>$%#`(]))(?P<curl>curl(?:\.exe)?)(?=[ \t]+[-'\"$h\\^`{<])"
    r"|\b(?P<invoke>Invoke-(?:RestMethod|WebRequest))\b"
    r"|\b(?P<verb>GET|POST|PUT|PATCH|DELETE)[ \t]+"
    r"(?P<where>(?:https?://[^\s/]{1,100})?/?(?:api/v2/)?integrations?\b[^\s\"'`,;)]*)"
    r"|[\"'`](?P<quoted>[^\s\"'`]{0,120}/api/v2/integrations[^\s\"'`]{0,300})[\"'`]"
    r"|\b(?P<name>(?:get|post|put|patch|delete)_?[iI]ntegrations?\w{0,80})"
    r"|(?:(?<=[(=,+])|(?<=[(=,+] ))(?P<literal>\"(?=[{\[]\s{0,20}(?:\{\s{0,20})?\\\"))"
    r"|(?P<json>(?<![@$])\{(?!\{)(?=\s{0,200}(?:[\"'“”‘}]|[\w$-]{1,80}\s{0,20}[:=]))|\[(?=\s{0,200}\{))",
    re.MULTILINE,
)
_DEBRIS: Final = re.compile(r"\s*(?:[}\]]|,?\s*\"[\w-]{1,80}\"\s*:)")
_PARAGRAPH: Final = re.compile(r"\n[ \t]*\r?\n")
_ASSIGNED: Final = re.compile(r"(?:[\w.$\]]\s*=|\breturn|\(|=>|\bbody:|\w\([^(){}\n]{1,200},|[\"'`],)\s*$")
_CALLED: Final = re.compile(
    r"\.(?P<called>get|post|put|patch|delete)\(\s*f?$|[\"'](?P<named>GET|POST|PUT|PATCH|DELETE)[\"'],\s*f?$",
    re.IGNORECASE,
)
_METHOD_OPTION: Final = re.compile(r"\bmethod[\"']?\s*[:=]\s*[\"'`](?P<method>[A-Za-z]{3,6})\b")
_ARGUMENT: Final = re.compile(r"\(\s*[\"'`](?P<id>[\w{}<>-]{1,120})[\"'`]\s*,\s*$")
_UUID: Final = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", re.IGNORECASE)
_FIRST_ARGUMENT: Final = re.compile(r"\(\s*[\"'`](?P<id>[\w{}<>-]{1,120})[\"'`]")
_ANSWERED: Final = re.compile(r"respon[sd]|answer|return(?:s|ed)|result|get back|receiv|reply", re.IGNORECASE)
_SENT: Final = re.compile(r"request|body|payload|send|sent|post(?:ing|ed)?\b|put\b|patch", re.IGNORECASE)
_BEFORE: Final = 160


def recognize(text: str, catalog: Catalog, options: ExplainOptions) -> tuple[Piece, ...]:
    """Return the pieces of a text in its order.

    Args:
        text: anything.
        catalog: knows the routes.
        options: method and path make the whole text a body.
    """
    return Recognizer(text, catalog, options).pieces()


@dataclass(frozen=True, slots=True)
class Mention:
    """A request that the prose speaks of, or a method of an SDK.

    Args:
        sdk: `JavaScript SDK` or `Python SDK`, "" if it is spoken of as HTTP.
    """

    method: str
    url: str
    route: Route | None
    sdk: str = ""


class Recognizer:
    """Finds the pieces of one text."""

    def __init__(self, text: str, catalog: Catalog, options: ExplainOptions) -> None:
        self.text, self.options = unmarked(text), options
        self.routes = Routes(catalog.routes)
        self.lines = Lines(text)
        self._mention: Mention | None = None
        # From where a stop was looked for, and where it is: each part of the text is searched once.
        self._stops = (1, 0)
        self._searched = 0

    def pieces(self) -> tuple[Piece, ...]:
        """Return what was found."""
        first = _MARKER.search(self.text)
        headed = first is not None and bool(first["method"] or first["curl"] or first["invoke"])
        if (self.options.path or self.options.method) and not headed:
            return (self._bare_body(),)
        provider = provider_pieces(self.text)
        if provider:
            return provider
        whole = self._whole()
        if whole is not None:
            return whole
        found = [piece for piece, _ in zip(self._scan(), range(MAX_PIECES), strict=False)]
        return tuple(self._with_spoken_id(piece, found) for piece in found)

    def _with_spoken_id(self, piece: Piece, found: Sequence[Piece]) -> Piece:
        """Return a request with the id that is only spoken of, if the prose names exactly one."""
        if piece.route is None or piece.url != piece.route.path or piece.url.count("{") != 1:
            return piece
        spans = [(one.start, one.end) for one in found]
        matches = (match for match in _UUID.finditer(self.text) if not _is_inside(match.start(), spans))
        spoken = {match[0] for match in matches}
        return replace(piece, url=_filled(piece.url, spoken.pop())) if len(spoken) == 1 else piece

    def _bare_body(self) -> Piece:
        """Return the text as the body of the request that the options name."""
        address = address_of(self.options.path or "/")
        route = self.routes.find(self.options.method or "PUT", address.path)
        if route is None and not self.options.method:
            writing = [one for one in self.routes.at(address.path) if one.request_model]
            route = writing[0] if writing else None
        method = self.options.method.upper() or (route.method if route else "PUT")
        return self._whole_piece(
            PieceKind.REQUEST, method, self.options.path, route, route.request_model if route else ""
        )

    def _whole_piece(self, kind: PieceKind, method: str, url: str, route: Route | None, model: str) -> Piece:
        return Piece(
            kind,
            "JSON",
            0,
            len(self.text),
            last_line=self.lines.last,
            method=method,
            url=url,
            route=route,
            model=model,
            body=read_json(self.text),
            body_at=0,
        )

    def _whole(self) -> tuple[Piece, ...] | None:
        """Return the pieces of a text that is one JSON document, None if it is not."""
        start = len(self.text) - len(self.text.lstrip("\ufeff \t\r\n"))
        if self.text[start : start + 1] not in ("{", "["):
            return None
        root = Parser(self.text, FaultLog(), whole=False).value(start)
        behind = self.text[root.end :].strip()
        if behind and not (_DEBRIS.match(self.text, root.end) or len(behind) < 40):
            return None
        if isinstance(root, ObjectNode):
            entries = har_pieces(root, self.routes, self.lines)
            if entries:
                return entries
        guessed = guess(root)
        if guessed is None:
            guessed = Guess("", PieceKind.BODY)
        return (self._document(guessed),)

    def _document(self, guessed: Guess) -> Piece:
        method, path = (
            ROUTE_OF_MODEL.get(guessed.model, ("", "")) if guessed.kind is PieceKind.BODY else ("", "")
        )
        route = self.routes.find(method, path) if method else None
        piece = self._whole_piece(guessed.kind, method, path, route, guessed.model)
        return with_error(piece)

    def _scan(self) -> Iterator[Piece]:
        position = 0
        for _ in range(MAX_MARKERS):
            marker = _MARKER.search(self.text, position)
            if marker is None:
                return
            piece, behind = self._at(marker)
            position = max(behind, marker.start() + 1)
            if piece is not None:
                yield piece

    def _at(self, marker: re.Match[str]) -> tuple[Piece | None, int]:
        """Return the piece at a marker, if it is one, and the offset behind it."""
        if marker["method"] is not None:
            return self._http(marker, marker["method"], marker["target"], None)
        if marker["status"] is not None:
            return self._http(marker, "", "", int(marker["status"]))
        if marker["curl"] is not None:
            piece = curl_piece(
                self.text, marker.start("curl"), self._stop(marker.end()), self.routes, self.lines
            )
            return piece, piece.end
        if marker["invoke"] is not None:
            piece = invoke_piece(
                self.text, marker.start("invoke"), self._stop(marker.end()), self.routes, self.lines
            )
            return (piece if piece.url or piece.body else None), piece.end
        if marker["literal"] is not None:
            return self._in_a_string(marker.start("literal"))
        if marker["json"] is not None:
            return self._json(marker.start("json"))
        self._note(marker)
        return None, marker.end()

    def _note(self, marker: re.Match[str]) -> None:
        """Remember a request that the prose speaks of."""
        if marker["name"] is not None:
            self._mention = self._named(marker) or self._mention
            return
        if marker["quoted"] is not None:
            self._mention = self._in_code(marker)
            return
        url = marker["where"].rstrip(".:")
        path = address_of(url).path
        path = path if path.startswith("/api/v2") else "/api/v2/" + path.lstrip("/")
        self._mention = Mention(marker["verb"], path, self.routes.find(marker["verb"], path))

    def _in_code(self, marker: re.Match[str]) -> Mention:
        """Return the request whose address stands between quotes in a program."""
        url = marker["quoted"]
        call = _CALLED.search(self.text, max(0, marker.start() - 40), marker.start())
        option = _METHOD_OPTION.search(self.text, marker.end(), marker.end() + 200)
        method = (call["called"] or call["named"]) if call else option["method"] if option else ""
        path = address_of(url).path
        return Mention(method.upper(), url, self.routes.find(method, path) if method else None)

    def _named(self, marker: re.Match[str]) -> Mention | None:
        """Return the request of an SDK's method, with the id that it is called with."""
        name = marker["name"]
        route = self.routes.of_operation(name)
        if route is None:
            return None
        called = _FIRST_ARGUMENT.match(self.text, marker.end())
        url = _filled(route.path, called["id"]) if called is not None else route.path
        return Mention(route.method, url, route, PYTHON_SDK if "_" in name else "JavaScript SDK")

    def _stop(self, position: int) -> int:
        """Return where the next request or answer begins at the start of a line."""
        looked_from, found = self._stops
        if not looked_from <= position <= found:
            found = self._next_stop(position)
            self._stops = (position, found)
        return found

    def _next_stop(self, position: int) -> int:
        for marker in _MARKER.finditer(self.text, position):
            at_line = marker["curl"] is not None and self.text.endswith("\n", 0, marker.start())
            if marker["method"] is not None or marker["status"] is not None or at_line:
                return marker.start()
        return len(self.text)

    def _http(
        self, marker: re.Match[str], method: str, target: str, status: int | None
    ) -> tuple[Piece | None, int]:
        head = read_head(self.text, marker.end())
        stop = self._stop(marker.end())
        start, end = self._http_body(head, stop, strict=not head.headers and not marker["version"])
        body = read_json(self.text[start:end]) if end > start else None
        if method and body is not None and _is_answer(body):
            body, end = None, head.end
        address = address_of(target)
        route = self.routes.find(method, address.path) if method else None
        behind = max(end, head.end)
        kind = PieceKind.REQUEST if method else PieceKind.ANSWER
        guessed = guess(body.root) if body is not None and body.root is not None else None
        piece = Piece(
            kind,
            "HTTP",
            marker.start(),
            behind,
            *self.lines.span(marker.start(), behind),
            method=method,
            url=self._full_url(target, head),
            headers=head.headers,
            status=status,
            route=route,
            model=(route.request_model if route else "") if method else (guessed.model if guessed else ""),
            body=body,
            body_at=start if body is not None else None,
        )
        if status is not None and status >= 400:
            return with_error(piece, PieceKind.ERROR), behind
        return piece, behind

    def _full_url(self, target: str, head: HttpHead) -> str:
        host = head.headers.get("host", "")
        return f"https://{host}{target}" if host and target.startswith("/") else target

    def _http_body(self, head: HttpHead, stop: int, *, strict: bool) -> tuple[int, int]:
        """Return the span of a message's body; with `strict` it has to begin like JSON."""
        start = head.end
        while start < stop and self.text[start] in " \t\r\n":
            start += 1
        if start >= stop:
            return start, start
        if self.text[start] in "{[":
            return start, self._extent(start, stop, Dialect.JSON)
        if strict or not head.ended:
            return start, start
        paragraph = _PARAGRAPH.search(self.text, start, stop)
        return start, paragraph.start() if paragraph else stop

    def _extent(self, start: int, stop: int, dialect: Dialect) -> int:
        """Return where the JSON that begins at an offset ends, with the debris that belongs to it."""
        text = self.text if stop == len(self.text) else self.text[:stop]
        end = Parser(text, FaultLog(dialect.value), whole=False).value(start).end
        if _DEBRIS.match(self.text, end, stop):
            paragraph = _PARAGRAPH.search(self.text, end, stop)
            return paragraph.start() if paragraph else stop
        return end

    def _json(self, start: int) -> tuple[Piece | None, int]:
        before = self.text[max(0, start - _BEFORE) : start]
        assigned = _ASSIGNED.search(before) is not None
        spoken = assigned or (self._mention is not None and bool(self._mention.sdk))
        dialect = Dialect.JAVASCRIPT if spoken else Dialect.JSON
        end = self._extent(start, self._stop(start), dialect)
        reading = read_json(self.text[start:end], dialect=dialect)
        options = call_options(reading)
        if options is not None:
            return self._called(options, start, end)
        guessed = guess(reading.root) if reading.root is not None else None
        if guessed is None:
            # A document that is nothing of the API may still hold one, such as the options of fetch.
            self._searched += end - start
            deeper = (assigned or end - start > 4000) and self._searched < MAX_SEARCHED
            return None, start + 1 if deeper else end
        return self._literal(start, end, reading, guessed, assigned=assigned), end

    def _called(self, options: CallOptions, start: int, end: int) -> tuple[Piece | None, int]:
        """Return the request that an HTTP client is told to send; its body may stand deeper in the text."""
        before = self._mention or Mention("", "", None)
        method, url = options.method or before.method, options.url or before.url
        if url:
            route = self.routes.find(method, address_of(url).path) if method else None
            self._mention = Mention(method, url, route)
        if isinstance(options.body, StringNode):
            body, at = read_json(options.body.value), None
        elif options.body is not None:
            at = start + options.body.start
            body = read_json(self.text[at : start + options.body.end], dialect=Dialect.JAVASCRIPT)
        guessed = guess(body.root) if options.body is not None and body.root is not None else None
        if guessed is None:
            return None, start + 1
        return replace(self._literal(start, end, body, guessed, assigned=True), body_at=at), end

    def _in_a_string(self, start: int) -> tuple[Piece | None, int]:
        """Return the body that stands in a string of a program."""
        literal = string_literal(self.text, start)
        if literal is None:
            return None, start + 1
        value, end = literal
        body = read_json(value)
        guessed = guess(body.root) if body.root is not None else None
        if guessed is None:
            return None, start + 1
        return replace(self._literal(start, end, body, guessed, assigned=True), body_at=None), end

    def _literal(self, start: int, end: int, reading: Reading, guessed: Guess, *, assigned: bool) -> Piece:
        before = self.text[max(0, start - _BEFORE) : start]
        said = before.rpartition("\n\n")[2].rstrip().rpartition("\n")[2]
        kind, mention = guessed.kind, Mention("", "", None)
        if kind is PieceKind.ANSWER and _SENT.search(said) and not _ANSWERED.search(said):
            kind = PieceKind.BODY
        if kind is PieceKind.BODY:
            mention = self._meant(end, guessed)
            argument = _ARGUMENT.search(before)
            if argument is not None and mention.route is not None:
                mention = replace(mention, url=_filled(mention.url, argument["id"]))
            kind = PieceKind.SDK_CALL if mention.sdk else kind
        if mention.sdk == PYTHON_SDK:
            reading = read_json(self.text[start:end], dialect=Dialect.PYTHON)
        piece = Piece(
            kind,
            mention.sdk or ("JavaScript" if assigned else "JSON"),
            start,
            end,
            *self.lines.span(start, end),
            method=mention.method,
            url=mention.url,
            route=mention.route,
            model=guessed.model,
            body=reading,
            body_at=start,
        )
        return with_error(piece)

    def _meant(self, end: int, guessed: Guess) -> Mention:
        """Return the request that a body belongs to: the one spoken of, else the usual one of its model."""
        mention, self._mention = self._mention, None
        if mention is None:
            following = _MARKER.search(self.text, end, end + 200)
            named = following is not None and following["name"] is not None
            mention = self._named(following) if following is not None and named else None
        if mention is not None and not mention.method:
            at_path = self.routes.at(address_of(mention.url).path)
            fitting = next((one for one in at_path if one.request_model == guessed.model), None)
            mention = replace(mention, method=fitting.method, route=fitting) if fitting else None
        if mention is not None and (mention.route is None or mention.route.request_model):
            return mention
        method, path = ROUTE_OF_MODEL.get(guessed.model, ("", ""))
        return Mention(method, path, self.routes.find(method, path) if method else None)


def _is_inside(offset: int, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start <= offset < end for start, end in spans)


def _filled(path: str, identifier: str) -> str:
    """Return a path with its first parameter filled in."""
    return re.sub(r"\{\w+\}", lambda _: identifier, path, count=1)


def _is_answer(body: Reading) -> bool:
    """Tell an answer that stands right behind a request from the request's body."""
    guessed = guess(body.root) if body.root is not None else None
    return guessed is not None and guessed.kind in (PieceKind.ERROR, PieceKind.TEST_RESULT)


def with_error(piece: Piece, kind: PieceKind | None = None) -> Piece:
    """Return a piece with what an error's body says."""
    root = piece.root
    if kind is None and piece.kind not in (PieceKind.ERROR, PieceKind.TEST_RESULT):
        return piece
    words = error_words(root) if root is not None else None
    status = root.get("status") if root is not None else None
    number = int(status.value) if isinstance(status, NumberNode) and status.is_integer else piece.status
    return replace(
        piece,
        kind=kind or piece.kind,
        status=number if piece.status is None else piece.status,
        message=words.message if words else "",
        codes=words.codes if words else (),
    )
