"""Findings about data actions, contracts and templates."""

from __future__ import annotations

from jackfield.domain.catalogue.entry import Entry

ENTRIES: tuple[Entry, ...] = ()
