"""A wrong and a right example of each rule: actions that the tests lint, and text for the documentation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from jackfield.rules.lint.examples import requests, results
from jackfield.rules.lint.examples.sketches import Example

__all__ = ["EXAMPLES", "Example"]

EXAMPLES: Final[Mapping[str, Example]] = {one.code: one for one in (*requests.EXAMPLES, *results.EXAMPLES)}
"""By code: those of lint, and those of the server's checks that lint runs too."""
