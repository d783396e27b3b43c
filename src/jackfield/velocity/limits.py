"""Bounds on what one render may cost."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of one render. Crossing one raises a :class:`~jackfield.velocity.errors.LimitError`.

    steps: nodes rendered inside loops, macros and evaluated text.
    output: characters of the result, and of any text value made on the way.
    nesting: depth of directives, brackets and interpolated strings in the source.
    range_size: elements of one ``[a..b]`` range that is walked or printed.
    seconds: wall-clock seconds of one render, checked every thousand steps.
    regex_seconds: wall-clock seconds for all regular expressions of one render together.
    macro_depth: macro calls inside macro calls (Velocity's own default is 20).
    """

    steps: int = 200_000
    output: int = 10_000_000
    nesting: int = 100
    range_size: int = 100_000
    seconds: float = 2.0
    regex_seconds: float = 0.1
    macro_depth: int = 20


DEFAULT_LIMITS = Limits()
