"""Findings about requests as a whole: paths, queries, headers, bodies, tokens."""

from __future__ import annotations

from jackfield.domain.catalogue.entry import Entry

ENTRIES: tuple[Entry, ...] = ()
