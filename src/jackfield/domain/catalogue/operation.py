"""Findings about starting and operating the server, and the command line."""

from __future__ import annotations

from jackfield.domain.catalogue.entry import Entry
from jackfield.domain.finding import Grade

_CATALOG: tuple[Entry, ...] = (
    Entry(
        code="CATALOG_INVALID",
        title="A catalog file is wrong",
        cause="A file of the folder given with --catalog is misspelled, incomplete or in the wrong place.",
        message="The catalog file `{file}`{where} {problem}.",
        accepted="{accepted}",
        fix="Mend {file} and start again, or start without --catalog.",
        grade=Grade.DOCUMENTED,
    ),
)

ENTRIES: tuple[Entry, ...] = (*_CATALOG,)
