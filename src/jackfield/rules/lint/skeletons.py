"""What a template prints as JSON, with marks in the place of its values.

A value outside of a string becomes a string that is a mark; inside of a string a mark stands for it. So the
form of the JSON can be judged before any value is known, as long as each value is one JSON value.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from jackfield.domain.json_reader import read_json
from jackfield.rules.lint.pieces import Fork, Hole, Piece, Printed, forks

_MARK: Final = "\ue000"
_IS_MARK: Final = re.compile(f"{_MARK}([0-9]+){_MARK}")
_DECODER: Final = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class Skeleton:
    """One way in which a template may print.

    Args:
        text: with marks.
        origins: (index into the text, offset in the template) where each stretch begins.
        holes: by the numbers of their marks.
    """

    text: str
    origins: tuple[tuple[int, int], ...]
    holes: tuple[Hole, ...]

    def offset(self, index: int) -> int:
        """Return where in the template a character of the skeleton stands."""
        begun = [pair for pair in self.origins if pair[0] <= index]
        if not begun:
            return 0
        start, origin = begun[-1]
        return origin + index - start

    def the_hole(self, value: Any) -> Hole | None:
        """Return the one hole that a value of the parsed skeleton is; None if it is something else."""
        match = _IS_MARK.fullmatch(value) if isinstance(value, str) else None
        if match is None:
            return None
        index = int(match[1])
        return self.holes[index // 2] if index % 2 == 0 else None

    def has_holes(self, value: Any) -> bool:
        """Tell if a string of the parsed skeleton has values in it."""
        return isinstance(value, str) and _MARK in value


@dataclass(frozen=True, slots=True)
class Fault:
    """What keeps a skeleton from being JSON."""

    offset: int
    reason: str


@dataclass(frozen=True, slots=True)
class Form:
    """What a skeleton is.

    Args:
        value: parsed; None with a fault.
        fault: what is wrong.
        rest: offset in the template and text of what follows the value; None if nothing does.
    """

    skeleton: Skeleton
    value: Any = None
    fault: Fault | None = None
    rest: tuple[int, str] | None = None


def skeletons(pieces: tuple[Piece, ...]) -> tuple[Skeleton, ...]:
    """Return the ways in which a template may print that are looked at: each first branch, and each last one.

    There are none where values stand so that nothing can be said: two side by side, or beside a word.
    """
    taken = (0, -1) if any(True for _ in forks(pieces)) else (0,)
    made = [_Builder(branch).build(pieces) for branch in taken]
    return tuple(one for one in made if one is not None)


def form_of(skeleton: Skeleton) -> Form:
    """Return what a skeleton is as JSON; text after the first value is told, not refused."""
    text = skeleton.text
    start = len(text) - len(text.lstrip(" \t\r\n"))
    try:
        value, end = _DECODER.raw_decode(text, start)
    except json.JSONDecodeError as error:
        return Form(skeleton, fault=_fault(skeleton, error))
    except RecursionError:
        return Form(skeleton, fault=Fault(0, "it is nested too deeply"))
    rest = text[end:]
    if not rest.strip():
        return Form(skeleton, value)
    behind = end + len(rest) - len(rest.lstrip())
    return Form(skeleton, value, rest=(skeleton.offset(behind), rest.strip()))


def _fault(skeleton: Skeleton, error: json.JSONDecodeError) -> Fault:
    """Return the fault in the words of the tolerant reader, which tells likely causes, if it has some."""
    for finding in read_json(skeleton.text).faults:
        place = finding.place
        if place.line is not None and place.column is not None and _MARK not in finding.message:
            lines = skeleton.text.split("\n")
            index = sum(len(line) + 1 for line in lines[: place.line - 1]) + place.column - 1
            return Fault(skeleton.offset(index), finding.message.rstrip("."))
    reason = error.msg[0].lower() + error.msg[1:]
    return Fault(skeleton.offset(min(error.pos, max(0, len(skeleton.text) - 1))), reason)


class _Builder:
    """Builds one skeleton.

    Args:
        branch: index of the branch that is taken in every fork.
    """

    def __init__(self, branch: int) -> None:
        self._branch = branch
        self._text: list[str] = []
        self._length = 0
        self._origins: list[tuple[int, int]] = []
        self._holes: list[Hole] = []
        self._inside = self._skipped = self._after_value = False
        self._clear = True

    def build(self, pieces: Sequence[Piece]) -> Skeleton | None:
        """Return the skeleton; None if nothing can be said about the template."""
        self._add(pieces)
        if not self._clear:
            return None
        return Skeleton("".join(self._text), tuple(self._origins), tuple(self._holes))

    def _add(self, pieces: Sequence[Piece]) -> None:
        for piece in pieces:
            if isinstance(piece, Printed):
                self._print(piece)
            elif isinstance(piece, Hole):
                self._fill(piece)
            elif isinstance(piece, Fork):
                self._add(piece.branches[self._branch])
            else:
                self._clear = False

    def _print(self, piece: Printed) -> None:
        if not piece.text:
            return
        first = piece.text[0]
        if self._after_value and not self._inside and (first.isalnum() or first in '"-.{[_'):
            self._clear = False
        self._append(piece.text, piece.offset)
        for letter in piece.text:
            if self._skipped:
                self._skipped = False
            elif self._inside and letter == "\\":
                self._skipped = True
            elif letter == '"':
                self._inside = not self._inside
        self._after_value = False

    def _fill(self, hole: Hole) -> None:
        # Values that are whole have even numbers, parts of strings odd ones.
        number = 2 * len(self._holes) + self._inside
        self._holes.append(hole)
        mark = f"{_MARK}{number}{_MARK}"
        if not self._inside:
            before = self._text[-1][-1:] if self._text else ""
            if self._after_value or before.isalnum() or before in ('"', "-", ".", "_"):
                self._clear = False
            mark = f'"{mark}"'
        self._append(mark, hole.offset)
        self._after_value = True

    def _append(self, text: str, offset: int) -> None:
        self._origins.append((self._length, offset))
        self._text.append(text)
        self._length += len(text)
