"""Errors as the Terraform provider prints them."""

from __future__ import annotations

import re
from typing import Final

from jackfield.domain.json_nodes import ObjectNode
from jackfield.domain.json_reader import read_json
from jackfield.explain.errors_said import error_words
from jackfield.explain.pieces import Piece, PieceKind
from jackfield.explain.text_lines import Lines

MAX_ERRORS: Final = 20
_BOX: Final = re.compile(r"^[ \t]*[│╷╵|][ \t]?", re.MULTILINE)
_COLOUR: Final = re.compile(r"\x1b\[[0-9;]{0,12}m")
_ERROR: Final = re.compile(r"^[ \t]*[│|]?[ \t]*Error: ", re.MULTILINE)
_PROVIDER: Final = re.compile(r"genesyscloud_|\bon \S+\.tf line \d+|\bAPI Error: \d{3}")
_STATUS: Final = re.compile(
    r"(?:API Error: |status(?: code)?:? ?|\bError )(?P<status>[45]\d\d)\b", re.IGNORECASE
)
_ADDRESS: Final = re.compile(r"\bwith (?P<address>[\w.\[\]\"-]{1,200}),")


def provider_pieces(text: str) -> tuple[Piece, ...]:
    """Return one piece for each error of a provider's output; none if the text is no such output."""
    if not _ERROR.search(text) or not _PROVIDER.search(text):
        return ()
    lines = Lines(text)
    starts = [match.start() for match in _ERROR.finditer(text)][:MAX_ERRORS]
    ends = [*starts[1:], len(text)]
    return tuple(_piece(text, start, end, lines) for start, end in zip(starts, ends, strict=True))


def _piece(text: str, start: int, end: int, lines: Lines) -> Piece:
    plain = _BOX.sub("", _COLOUR.sub("", text[start:end])).strip()
    opening = plain.find('{"')
    reading = read_json(plain[opening:]) if opening >= 0 else None
    words = (
        error_words(reading.root) if reading is not None and isinstance(reading.root, ObjectNode) else None
    )
    status = _STATUS.search(plain)
    address = _ADDRESS.search(plain)
    message = " ".join(plain.removeprefix("Error: ").split())
    return Piece(
        PieceKind.PROVIDER_OUTPUT,
        "Terraform",
        start,
        end,
        *lines.span(start, end),
        url=address["address"] if address else "",
        status=int(status["status"]) if status else None,
        message=f"{message}\n{words.message}" if words else message,
        codes=words.codes if words else (),
    )
