"""Where in a rendered text the values of a template land: in a JSON string, in a path, in a query."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from jackfield.rules.lint.parts import ActionParts, TemplateText
from jackfield.rules.lint.pieces import Fork, Hole, Piece, Printed, Unknown


class Position(Enum):
    """Where a value lands."""

    JSON_STRING = auto()
    JSON_VALUE = auto()
    START = auto()
    HOST = auto()
    PATH = auto()
    QUERY = auto()
    FRAGMENT = auto()
    FORM = auto()
    HEADER = auto()
    UNKNOWN = auto()


@dataclass(frozen=True, slots=True)
class Landing:
    """A value of a template and where it lands.

    Args:
        alone: nothing else stands in the same JSON string.
    """

    hole: Hole
    position: Position
    alone: bool = False


Step = Callable[[Position, str], Position]


def landings(parts: ActionParts, template: TemplateText) -> tuple[Landing, ...]:
    """Return where each hole of a template lands."""
    if template.kind == "url":
        return tuple(_walk(template.pieces, Position.START, _in_url))
    if template.kind == "success" or (template.kind == "body" and parts.body_kind == "json"):
        return tuple(_walk(template.pieces, Position.JSON_VALUE, _in_json))
    if template.kind == "body" and parts.body_kind == "form":
        return tuple(_walk(template.pieces, Position.FORM, _same))
    position = Position.HEADER if template.kind == "header" else Position.UNKNOWN
    return tuple(_walk(template.pieces, position, _same))


def _walk(pieces: Sequence[Piece], start: Position, step: Step) -> Iterator[Landing]:
    walker = _Walker(step)
    walker.follow(pieces, start)
    yield from walker.landings


class _Walker:
    """Follows what a template prints."""

    def __init__(self, step: Step) -> None:
        self._step = step
        self.landings: list[Landing] = []

    def follow(self, pieces: Sequence[Piece], position: Position) -> Position:
        """Note the landings of some pieces; return where the text behind them lands."""
        text = ""
        for index, piece in enumerate(pieces):
            if isinstance(piece, Printed):
                # A backslash may end one stretch of text, and what it escapes begin the next.
                text += piece.text
                continue
            position, text = self._step(position, text), ""
            if isinstance(piece, Hole):
                alone = position is Position.JSON_STRING and _is_alone(pieces, index)
                self.landings.append(Landing(piece, position, alone))
            elif isinstance(piece, Fork):
                ends = {self.follow(branch, position) for branch in piece.branches}
                position = ends.pop() if len(ends) == 1 else Position.UNKNOWN
            elif isinstance(piece, Unknown):
                position = Position.UNKNOWN
        return self._step(position, text)


def _is_alone(pieces: Sequence[Piece], index: int) -> bool:
    before = pieces[index - 1] if index else None
    behind = pieces[index + 1] if index + 1 < len(pieces) else None
    return (
        isinstance(before, Printed)
        and isinstance(behind, Printed)
        and before.fixed
        and behind.fixed
        and before.text.endswith('"')
        and not before.text.endswith('\\"')
        and behind.text.startswith('"')
    )


def _in_json(position: Position, text: str) -> Position:
    if position is Position.UNKNOWN:
        return position
    inside, skipped = position is Position.JSON_STRING, False
    for letter in text:
        if skipped:
            skipped = False
        elif inside and letter == "\\":
            skipped = True
        elif letter == '"':
            inside = not inside
    return Position.JSON_STRING if inside else Position.JSON_VALUE


def _in_url(position: Position, text: str) -> Position:
    if position is Position.START:
        if "://" in text:
            return _in_url(Position.HOST, text.partition("://")[2])
        return _in_url(Position.PATH, text) if text.strip() else position
    if position is Position.HOST:
        cut = min((at for at in map(text.find, "/?#") if at >= 0), default=-1)
        return position if cut < 0 else _in_url(Position.PATH, text[cut:])
    if position is Position.PATH and "?" in text.partition("#")[0]:
        return _in_url(Position.QUERY, text.partition("?")[2])
    if position in (Position.PATH, Position.QUERY) and "#" in text:
        return Position.FRAGMENT
    return position


def _same(position: Position, _: str) -> Position:
    return position
