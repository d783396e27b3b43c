"""No code of the catalogue is a dead letter."""

from __future__ import annotations

import re
from pathlib import Path

import jackfield.domain
from jackfield.domain.catalogue import CATALOGUE

PACKAGE = Path(jackfield.domain.__file__).parent.parent
ENTRIES = PACKAGE / "domain" / "catalogue"


def test_every_code_is_used() -> None:
    """Each code of the catalogue is made somewhere; an entry that nothing makes would be a promise."""
    sources = (path for path in PACKAGE.rglob("*.py") if not path.is_relative_to(ENTRIES))
    words = {word for path in sources for word in re.findall(r"\b[A-Z][A-Z0-9_]+\b", path.read_text("utf-8"))}
    assert sorted(set(CATALOGUE) - words) == []
