"""Findings about starting and operating the server, and the command line."""

from __future__ import annotations

from jackfield.domain.catalogue.entry import Entry

ENTRIES: tuple[Entry, ...] = ()
