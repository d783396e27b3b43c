"""The forms in which data actions are kept, read into one kind of document and written again."""

from __future__ import annotations

from jackfield.workbench.forms.loading import load, load_each
from jackfield.workbench.forms.writing import write

__all__ = ["load", "load_each", "write"]
