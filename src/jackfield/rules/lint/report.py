"""What a rule says: a finding, and the splices that mend it where that is safe."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from jackfield.domain.catalogue import found
from jackfield.domain.finding import Finding, Place
from jackfield.rules.lint.parts import ActionParts, TemplateText


@dataclass(frozen=True, slots=True)
class Splice:
    """One change to a text of an action.

    Args:
        pointer: the text's JSON pointer in the API form.
        start: 0-based index into the text's value where the change begins.
        end: index behind it.
        text: what stands there afterwards.
    """

    pointer: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A finding of lint.

    Args:
        finding: with its place.
        splices: what mends it without changing what the action does where it worked; none if a person has
            to decide.
    """

    finding: Finding
    splices: tuple[Splice, ...] = ()


Rule: TypeAlias = Callable[[ActionParts], Iterator[Suspicion]]


def suspect(
    parts: ActionParts,
    code: str,
    pointer: str,
    *,
    offset: int = 0,
    width: int = 1,
    splices: tuple[Splice, ...] = (),
    **words: Any,
) -> Suspicion:
    """Make a finding about a part of an action.

    Args:
        code: of the catalogue.
        pointer: JSON pointer into the API form.
        offset: 0-based index into the text at the pointer.
        width: how many characters of it are meant.
        splices: what mends it.
        words: the entry's words, and `seen`, `accepted`, `fix`, `severity`.
    """
    return Suspicion(found(code, parts.place(pointer, offset, width), **words), splices)


def suspect_text(
    parts: ActionParts,
    code: str,
    template: TemplateText,
    start: int,
    text: str,
    *,
    right: str | None = None,
    **words: Any,
) -> Suspicion:
    """Make a finding about a stretch of a template.

    Args:
        start: where the stretch begins.
        text: the stretch.
        right: what mends it in its place; None if a person has to decide. It is only offered where the
            template really has the stretch there.
        words: the entry's words; `seen` is the stretch if it is not among them.
    """
    safe = right is not None and template.text.startswith(text, start)
    splices = (Splice(template.pointer, start, start + len(text), right or ""),) if safe else ()
    words.setdefault("seen", text if len(text) <= 60 else f"{text[:59]}…")
    width = max(1, len(text.partition("\n")[0]))
    return suspect(parts, code, template.pointer, offset=start, width=width, splices=splices, **words)


def offset_of(text: str, place: Place) -> int:
    """Return the index into a template of a place that counts its lines and columns."""
    lines = text.split("\n")
    return sum(len(line) + 1 for line in lines[: (place.line or 1) - 1]) + (place.column or 1) - 1
