"""Requests and answers out of a HAR file, which browsers and proxies write."""

from __future__ import annotations

from jackfield.domain.json_nodes import ArrayNode, Node, NumberNode, ObjectNode, StringNode
from jackfield.domain.json_reader import read_json
from jackfield.explain.errors_said import error_words
from jackfield.explain.models import guess
from jackfield.explain.pieces import Piece, PieceKind
from jackfield.explain.routing import Routes, address_of
from jackfield.explain.text_lines import Lines

MAX_ENTRIES = 30


def har_pieces(root: ObjectNode, routes: Routes, lines: Lines) -> tuple[Piece, ...]:
    """Return requests and answers of the API; none if the document is no HAR.

    Of more than MAX_ENTRIES entries those are taken that failed, then the others that change something.
    """
    log = root.get("log")
    entries = log.get("entries") if isinstance(log, ObjectNode) else None
    if not isinstance(entries, ArrayNode):
        return ()
    calls = [entry for entry in entries.items if isinstance(entry, ObjectNode) and "/api/v2/" in _url(entry)]
    calls.sort(key=_urgency)
    taken = sorted(calls[:MAX_ENTRIES], key=lambda entry: entry.start)
    return tuple(piece for entry in taken for piece in _entry(entry, routes, lines))


def _entry(entry: ObjectNode, routes: Routes, lines: Lines) -> list[Piece]:
    request, response = entry.get("request"), entry.get("response")
    pieces: list[Piece] = []
    if isinstance(request, ObjectNode):
        method, url = _text(request.get("method")).upper(), _text(request.get("url"))
        route = routes.find(method, address_of(url).path)
        post = request.get("postData")
        body = _text(post.get("text")) if isinstance(post, ObjectNode) else ""
        pieces.append(
            Piece(
                PieceKind.REQUEST,
                "HAR",
                request.start,
                request.end,
                *lines.span(request.start, request.end),
                method=method,
                url=url,
                headers=_headers(request.get("headers")),
                route=route,
                model=route.request_model if route else "",
                body=read_json(body) if body else None,
            )
        )
    if isinstance(response, ObjectNode):
        pieces.append(_answer(response, lines))
    return pieces


def _answer(response: ObjectNode, lines: Lines) -> Piece:
    content = response.get("content")
    text = _text(content.get("text")) if isinstance(content, ObjectNode) else ""
    body = read_json(text) if text else None
    root = body.root if body is not None else None
    guessed = guess(root) if root is not None else None
    status = _status(response)
    words = error_words(root) if isinstance(root, ObjectNode) and status >= 400 else None
    return Piece(
        PieceKind.ERROR if status >= 400 else PieceKind.ANSWER,
        "HAR",
        response.start,
        response.end,
        *lines.span(response.start, response.end),
        status=status,
        headers=_headers(response.get("headers")),
        model=guessed.model if guessed else "",
        body=body,
        message=words.message if words else "",
        codes=words.codes if words else (),
    )


def _urgency(entry: ObjectNode) -> tuple[bool, bool, int]:
    request, response = entry.get("request"), entry.get("response")
    failed = isinstance(response, ObjectNode) and _status(response) >= 400
    reads = isinstance(request, ObjectNode) and _text(request.get("method")).upper() in ("GET", "OPTIONS")
    return not failed, reads, entry.start


def _status(response: ObjectNode) -> int:
    node = response.get("status")
    return int(node.value) if isinstance(node, NumberNode) and node.is_integer else 0


def _url(entry: ObjectNode) -> str:
    request = entry.get("request")
    return _text(request.get("url")) if isinstance(request, ObjectNode) else ""


def _headers(node: Node | None) -> dict[str, str]:
    if not isinstance(node, ArrayNode):
        return {}
    pairs = (item for item in node.items if isinstance(item, ObjectNode))
    return {_text(pair.get("name")).lower(): _text(pair.get("value")) for pair in pairs}


def _text(node: Node | None) -> str:
    return node.value if isinstance(node, StringNode) else ""
