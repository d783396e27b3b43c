"""Places in a file that holds one text alone, such as a template."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from jackfield.domain.finding import Place
from jackfield.domain.json_excerpts import Excerpts
from jackfield.workbench.documents import Scalar, in_file


@dataclass(frozen=True)
class TextPlaces:
    """Finds places in a text.

    Args:
        path: its file.
        text: what it says.
    """

    path: Path
    text: str

    def __call__(self, pointer: str, offset: int = 0, width: int = 1) -> Place:
        """Return the place of a character."""
        return in_file(self._lines.place(offset, offset + width, pointer), self.path)

    def scalar(self, pointer: str) -> Scalar | None:  # noqa: ARG002 - as ScalarOf has it
        """Return the whole text but for the line break that ends the file, to be changed."""
        value = self.text.removesuffix("\n")
        return Scalar(self.path, 0, len(value), value, value, "text")

    @cached_property
    def _lines(self) -> Excerpts:
        return Excerpts(self.text)
