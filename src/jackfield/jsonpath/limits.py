"""Bounds on what one path may cost, so that a foreign path and a foreign document cannot do harm."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of compiling and reading.

    ``path_length`` characters, ``segments`` of one path and ``nesting`` of filters and parentheses are
    checked by ``compile_path`` (a ``PathSyntaxError``); ``depth`` levels of the document below a deep
    scan, ``results`` in one list, ``steps`` (values visited by one read) and ``regex_seconds`` of one
    match are checked by ``Path.read`` (a ``PathLimitExceeded``).
    """

    path_length: int = 16_384
    segments: int = 200
    nesting: int = 50
    depth: int = 200
    results: int = 100_000
    steps: int = 2_000_000
    regex_seconds: float = 0.25


DEFAULT_LIMITS = Limits()
