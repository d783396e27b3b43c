"""The request as it should have been sent: what was sent, with the edits that the rules know."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import Final

from jackfield.domain.json_reader import read_json
from jackfield.domain.sensitive import holds_only_secrets, holds_secret, is_template
from jackfield.explain.diagnosis import Bench, diagnose
from jackfield.explain.explanation import CorrectedRequest
from jackfield.explain.json_edits import Document
from jackfield.explain.pieces import Piece
from jackfield.explain.request_checks import right_host
from jackfield.explain.routing import address_of
from jackfield.rules.members import is_placeholder

_PLACEHOLDER: Final = re.compile(r"<[^<>\"]{1,60}>|\{[A-Za-z]\w{1,40}\}")
_PUBLIC: Final = frozenset(("username", "loginurl", "clientid", "granttype", "scope"))
ROUNDS: Final = 6
NO_BODY: Final = ("GET", "DELETE", "HEAD")


def corrected(piece: Piece, bench: Bench, purpose: str = "") -> CorrectedRequest | None:
    """Return a request with all edits of its findings applied; None if it cannot be told what it is.

    What an edit brings to light, such as the members of an object that was serialized twice, is checked and
    mended in turn.

    Args:
        piece: the request.
        bench: what it is judged by.
        purpose: which request this is.
    """
    route = piece.route
    if route is None:
        return None
    address = address_of(piece.url)
    path = address.path if address.path.startswith("/api/v2") else route.path
    body_text = _mended(piece, bench) if piece.method not in NO_BODY else ""
    query = f"?{address.query}" if address.query else ""
    return CorrectedRequest(
        method=route.method,
        path=path + query,
        body_text=body_text,
        purpose=purpose,
        operation_id=route.operation_id,
        route_path=route.path,
        host=right_host(piece.url) or "api.<your region>",
        placeholders=tuple(dict.fromkeys(_PLACEHOLDER.findall(path + body_text))),
    )


def _mended(piece: Piece, bench: Bench) -> str:
    """Return the JSON text of a body once nothing is left that can be mended."""
    if piece.body is None or piece.body.root is None:
        return ""
    current = piece
    document = Document(piece.body)
    for _ in range(ROUNDS):
        edits = [edit for finding in diagnose(current, bench).findings for edit in finding.edits]
        if not edits:
            break
        document.apply(edits)
        body = read_json(document.text())
        current, document = replace(current, body=body), Document(body)
    return document.text(conceal)


def conceal(pointer: str, name: str, text: str) -> str:
    """Return a scalar's JSON text, or a placeholder where it may be a secret."""
    if not text.startswith('"') or text == '""':
        return text
    # Items of a list have no name in these pointers.
    inside = any(
        holds_only_secrets(part, is_list=not following) for part, following in pairwise(pointer.split("/"))
    )
    hidden = holds_secret(name) or (inside and name.lower() not in _PUBLIC)
    if not hidden or is_placeholder(text[1:-1]) or is_template(text[1:-1]):
        return text
    return f'"<{name}>"'
