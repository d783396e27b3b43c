"""Findings about integrations and their configuration."""

from __future__ import annotations

from jackfield.domain.catalogue.entry import Entry

ENTRIES: tuple[Entry, ...] = ()
