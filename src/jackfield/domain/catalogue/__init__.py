"""The one catalogue of findings: every code, its cause, its fix, its evidence grade.

Each module holds the entries of one area as data; `CATALOGUE` is their union. `found` makes a finding out of
an entry, so no other module writes a code together with a grade or a severity.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from jackfield.domain.catalogue import (
    actions,
    bench,
    bodies,
    clipboard,
    command_line,
    configurations,
    credentials,
    directory,
    entities,
    execution,
    json_text,
    lint_requests,
    lint_results,
    oauth,
    operation,
    persistence,
    requests,
    workbench,
)
from jackfield.domain.catalogue.entry import Entry
from jackfield.domain.finding import Edit, Finding, Place, Severity

AREAS = (
    json_text,
    requests,
    bodies,
    credentials,
    configurations,
    entities,
    oauth,
    directory,
    actions,
    execution,
    operation,
    persistence,
    command_line,
    clipboard,
    workbench,
    bench,
    lint_requests,
    lint_results,
)


def _union() -> Mapping[str, Entry]:
    entries: dict[str, Entry] = {}
    for area in AREAS:
        for entry in area.ENTRIES:
            if entry.code in entries:
                raise ValueError(f"finding code {entry.code} stands twice in the catalogue")
            entries[entry.code] = entry
    return MappingProxyType(entries)


CATALOGUE: Mapping[str, Entry] = _union()


def found(
    code: str,
    place: Place | None = None,
    *,
    seen: str = "",
    accepted: str = "",
    fix: str = "",
    severity: Severity | None = None,
    after_repair: bool = False,
    edits: tuple[Edit, ...] = (),
    **words: object,
) -> Finding:
    """Make the finding `code` for one place.

    Args:
        code: a code of the catalogue.
        place: where it is; None for the request as a whole.
        seen: what was sent, already masked.
        accepted: what would be accepted here; the entry's general text if "".
        fix: what to do here; the entry's general text if "".
        severity: the entry's own if None.
        after_repair: true if the text had to be repaired first.
        edits: what to change in the body, where that is known.
        words: values for the `{name}` places of the entry's message, `accepted` and `fix`.

    Raises:
        KeyError: the code is not in the catalogue, or a word of its message is missing.
    """
    entry = CATALOGUE[code]
    return Finding(
        code=code,
        message=entry.message.format_map(words),
        place=place or Place(),
        seen=seen,
        accepted=accepted or entry.accepted.format_map(words),
        fix=fix or entry.fix.format_map(words),
        grade=entry.grade,
        severity=severity or entry.severity,
        after_repair=after_repair,
        edits=edits,
    )
