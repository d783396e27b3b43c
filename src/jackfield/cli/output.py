"""Where a command's words go: data to standard output, everything else to standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from jackfield.cli import refusals
from jackfield.domain.errors import JackfieldError
from jackfield.domain.finding import Finding

SCHEMA_VERSION = 1


class Output:
    """What a command prints with.

    Args:
        json: one JSON document instead of text.

    `sent` is the text that the user asked to send; findings with a line and a column quote it.
    """

    def __init__(self, *, json: bool) -> None:
        self.json = json
        self.sent = ""
        self._warnings: list[Finding] = []

    def document(self, members: Mapping[str, Any]) -> None:
        """Print the command's one JSON document; in text mode nothing."""
        if self.json:
            whole = {"schema_version": SCHEMA_VERSION, "ok": True, **members}
            if self._warnings:
                whole["warnings"] = [refusals.finding_members(finding) for finding in self._warnings]
            print(json.dumps(whole, indent=2, ensure_ascii=False, default=str))

    def line(self, members: Mapping[str, Any]) -> None:
        """Print a JSON document on one line, at once; for commands that go on running."""
        print(json.dumps(members, ensure_ascii=False), flush=True)

    def text(self, line: str = "") -> None:
        """Print a line of data; in JSON mode nothing."""
        if not self.json:
            print(line, flush=True)

    def message(self, line: str) -> None:
        """Print a line that is not data."""
        print(line, file=sys.stderr)

    def table(self, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """Print rows: a table on a terminal, tab-separated lines with a head line elsewhere."""
        if self.json:
            return
        cells = [[_cell(value) for value in row] for row in rows]
        if sys.stdout.isatty():
            _rich_table(columns, cells)
            return
        for row in [list(columns), *cells]:
            print("\t".join(row))

    def warnings(self, findings: Sequence[Finding]) -> None:
        """Show what was accepted but looks wrong: on standard error, or in the JSON document."""
        self._warnings += findings
        if not self.json:
            for finding in findings:
                for line in refusals.finding_lines(finding, refusals.WIDEST):
                    self.message(line)

    def refusal(self, error: JackfieldError, exit_code: int) -> None:
        """Print why the command did not do it."""
        if self.json:
            self.document(refusals.document(error, exit_code, self.sent))
            return
        for line in refusals.lines(error, self.sent):
            self.message(line)


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _rich_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    Console().print(table)
