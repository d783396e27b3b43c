"""Which build of Jackfield runs: plain Python, or with its hot modules compiled by mypyc."""

from __future__ import annotations

from importlib.machinery import EXTENSION_SUFFIXES
from importlib.util import find_spec

_TELLING = "jackfield.engine.target"
"""A compiled module whose packages import nothing, so that to look for it costs nothing."""


def is_compiled() -> bool:
    """Tell if the running build is compiled."""
    spec = find_spec(_TELLING)
    return spec is not None and (spec.origin or "").endswith(tuple(EXTENSION_SUFFIXES))
