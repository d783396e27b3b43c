"""The forms in which data actions are kept, read into one kind of document and written again."""

from __future__ import annotations

from jackfield.workbench.forms.loading import load
from jackfield.workbench.forms.writing import write

__all__ = ["load", "write"]
