"""Findings about running a data action."""

from __future__ import annotations

from jackfield.domain.catalogue.entry import Entry

ENTRIES: tuple[Entry, ...] = ()
