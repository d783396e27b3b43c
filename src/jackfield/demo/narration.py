"""How the story is shown: to people with Rich, to programs as one JSON document."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.padding import Padding
from rich.rule import Rule
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from jackfield.cli import refusals
from jackfield.cli.output import Output
from jackfield.client.errors import ApiError

WIDEST = 100
STATUS_STYLES = {2: "bold green", 4: "bold red", 5: "bold red"}


class Narrator(Protocol):
    """Tells what happens."""

    def step(self, title: str, text: str) -> None:
        """Begin a step."""

    def sent(self, method: str, path: str, body: str = "", *, numbered: bool = False) -> None:
        """Show a request as it goes out."""

    def answered(self, status: int, words: str, body: str = "") -> None:
        """Show an answer."""

    def refused(self, error: ApiError, sent: str) -> None:
        """Show a refusal with all its findings."""

    def table(self, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Show a table."""

    def say(self, text: str) -> None:
        """Say a sentence."""

    def end(self, commands: Sequence[tuple[str, str]]) -> None:
        """End the story with what to try next: command and what it does."""


class Teller:
    """Tells the story to people, at most 100 columns wide.

    Args:
        pause: seconds before each step but the first.
    """

    def __init__(self, pause: float) -> None:
        console = Console(highlight=False)
        width = min(WIDEST, console.width) if console.is_terminal else WIDEST
        self._console = Console(highlight=False, width=width)
        self._width, self._pause, self._steps = width, pause, 0

    def _show(self, shown: RenderableType = "") -> None:
        """Print without the blanks that Rich fills lines with: they end up in logs and copies."""
        with self._console.capture() as capture:
            self._console.print(shown)
        for line in capture.get().splitlines():
            print(line.rstrip(), flush=True)

    def step(self, title: str, text: str) -> None:
        """Begin a step with a rule across the screen."""
        if self._steps and self._pause:
            time.sleep(self._pause)
        self._steps += 1
        self._show()
        self._show(Rule(f"[bold cyan]{self._steps}. {escape(title)}[/]", align="left"))
        self._show(Text(text))

    def sent(self, method: str, path: str, body: str = "", *, numbered: bool = False) -> None:
        """Show the request line, and the body if it helps."""
        self._show()
        self._show(Text.assemble(("→ ", "bold"), (method, "bold"), f" {path}"))
        if body:
            self._body(body, numbered=numbered)

    def answered(self, status: int, words: str, body: str = "") -> None:
        """Show status and meaning, and the body if it helps."""
        style = STATUS_STYLES.get(status // 100, "bold")
        self._show(Text.assemble(("← ", "bold"), (str(status), style), f" {words}"))
        if body:
            self._body(body)

    def refused(self, error: ApiError, sent: str) -> None:
        """Show every finding with its caret."""
        self.answered(error.status, f"{error.code}: {error.message}")
        for finding in refusals.located(error.findings, sent):
            style = "yellow" if finding.severity == "warning" else "red"
            lines = refusals.finding_lines(finding, self._width - 4)
            shown = [Text(lines[0], style=style), *(Text(line) for line in lines[1:])]
            self._show(Padding(Group(*shown), (1, 2, 0, 2), expand=False))

    def table(self, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Show a table with folded cells."""
        table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
        for column in columns:
            table.add_column(column, overflow="fold")
        for row in rows:
            table.add_row(*(Text(cell) for cell in row))
        self._show(Padding(table, (1, 0, 0, 2), expand=False))

    def say(self, text: str) -> None:
        """Say a sentence in its own paragraph."""
        self._show()
        self._show(Text(text))

    def end(self, commands: Sequence[tuple[str, str]]) -> None:
        """Print the commands to try next."""
        self._show()
        self._show(Rule("[bold cyan]Try next[/]", align="left"))
        for command, meaning in commands:
            self._show(Text.assemble("  ", (command, "bold"), "\n      ", meaning))

    def _body(self, body: str, *, numbered: bool = False) -> None:
        shown = Syntax(
            body.rstrip("\n"),
            "json",
            theme="ansi_dark",
            background_color="default",
            line_numbers=numbered,
            word_wrap=True,
        )
        self._show(Padding(shown, (0, 0, 0, 2), expand=False))


class Recorder:
    """Collects the story for one JSON document; progress goes to standard error."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self.steps: list[dict[str, Any]] = []
        self.next: list[Mapping[str, str]] = []

    def step(self, title: str, text: str) -> None:
        """Begin a step."""
        self.steps.append({"title": title, "text": text, "events": []})
        self._output.message(f"{len(self.steps)}. {title}")

    def sent(self, method: str, path: str, body: str = "", *, numbered: bool = False) -> None:
        """Record a request."""
        del numbered
        self._event({"sent": {"method": method, "path": path, "body": body}})

    def answered(self, status: int, words: str, body: str = "") -> None:
        """Record an answer."""
        self._event({"answered": {"status": status, "text": words, "body": body}})

    def refused(self, error: ApiError, sent: str) -> None:
        """Record a refusal."""
        findings = [refusals.finding_members(item) for item in refusals.located(error.findings, sent)]
        self._event({"refused": {"status": error.status, "code": error.code, "findings": findings}})

    def table(self, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Record a table."""
        self._event({"table": [dict(zip(columns, row, strict=True)) for row in rows]})

    def say(self, text: str) -> None:
        """Record a sentence."""
        self._event({"text": text})

    def end(self, commands: Sequence[tuple[str, str]]) -> None:
        """Record the commands to try next."""
        self.next = [{"command": command, "text": meaning} for command, meaning in commands]

    def _event(self, event: Mapping[str, Any]) -> None:
        self.steps[-1]["events"].append(event)
