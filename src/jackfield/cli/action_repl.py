"""`jackfield action repl`: a prompt for template text and paths."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import click

from jackfield.cli import refusals
from jackfield.cli.action_sources import usage
from jackfield.cli.exit_codes import ExitCode
from jackfield.cli.files import STANDARD_INPUT, read_text
from jackfield.cli.output import Output
from jackfield.cli.verbs import json_option, output_of
from jackfield.domain.errors import JackfieldError
from jackfield.domain.finding import Finding
from jackfield.workbench.credentials import read_credentials
from jackfield.workbench.forms import load
from jackfield.workbench.inputs import parse_inputs
from jackfield.workbench.replies.given import GivenReply, parse_reply, read_reply
from jackfield.workbench.scratchpad import Scratchpad, Tried

_WIDE: Final = 100
_PROMPT: Final = "> "
_MORE: Final = ". "
_HELP: Final = """\
$.path, $[…]       read the reply
anything else      render it; a backslash at the end goes on in the next line
:vars              what templates see
:map NAME PATH     add a variable of the translation map
:input JSON|FILE   another input
:reply JSON|FILE   another reply
:quit"""


@click.command("repl")
@click.argument("path", metavar="[PATH]", required=False, type=click.Path(path_type=Path))
@click.option("--input", "inputs", metavar="JSON|FILE", help="Input as a JSON object; made up if not given.")
@click.option("--credentials", metavar="FILE", type=click.Path(path_type=Path), help="Made up if not given.")
@click.option("--response", metavar="FILE", help="The reply; made up if not given.")
@json_option
@click.pass_context
def command(
    context: click.Context,
    /,
    path: Path | None,
    inputs: str | None,
    credentials: Path | None,
    response: str | None,
) -> int:
    """Try template text and paths against an input and a reply, line by line; works on piped lines, too.

    With a PATH the lines see what that action's templates see, those of the request and the success template
    together.
    """
    output = output_of(context)
    pad = _pad(path, inputs, credentials, response)
    terminal = sys.stdin.isatty()
    if terminal and not output.json:
        output.message(":help says what can be typed; Ctrl-D ends.")
    session = _Session(output, pad)
    for line in _lines(_typed if terminal else _piped):
        if not session.takes(line):
            break
    output.document({"ok": not session.failed, "lines": session.lines})
    return ExitCode.ASSERTIONS if session.failed and not terminal else ExitCode.OK


def _pad(path: Path | None, inputs: str | None, credentials: Path | None, response: str | None) -> Scratchpad:
    if STANDARD_INPUT in (inputs, response):
        raise usage("The lines come from standard input; input and reply cannot.", "[PATH] --input JSON|FILE")
    documents = load(path) if path is not None else ()
    if len(documents) > 1:
        raise usage(f"`{path}` holds {len(documents)} actions.", "PATH of one action")
    document = documents[0] if documents else None
    if credentials is not None and document is None:
        raise usage("Credentials belong to an action.", "PATH --credentials FILE")
    return Scratchpad(
        document,
        inputs=parse_inputs(_json_or_file(inputs)) if inputs is not None else None,
        credentials=read_credentials(credentials, document) if credentials and document else None,
        reply=_reply(response) if response is not None else None,
    )


class _Session:
    """One line after the other.

    `lines` is what came of each, for the document; `failed` tells if one of them could not be done.
    """

    def __init__(self, output: Output, pad: Scratchpad) -> None:
        self._output, self._pad = output, pad
        self.lines: list[dict[str, Any]] = []
        self.failed = False

    def takes(self, line: str) -> bool:
        """Do a line; return False if it was the last one."""
        if not line.strip():
            return True
        word, _, rest = line.strip().partition(" ")
        if word in (":quit", ":q", ":exit"):
            return False
        try:
            if word.startswith(":"):
                self._command(word, rest.strip())
            else:
                self._show(line, self._pad.tried(line))
        except JackfieldError as error:
            self.failed = True
            self.lines.append({"line": line, "findings": _members(error)})
            for finding in error.findings:
                self._finding_lines(finding)
        return True

    def _command(self, word: str, rest: str) -> None:
        does: dict[str, Callable[[str], None]] = {
            ":help": lambda _: self._output.text(_HELP),
            ":vars": lambda _: self._variables(),
            ":map": self._map,
            ":input": self._input,
            ":reply": self._reply,
        }
        if word not in does:
            raise usage(f"`{word}` means nothing here.", f"{', '.join(does)}, :quit")
        does[word](rest)

    def _show(self, line: str, tried: Tried) -> None:
        findings = [refusals.finding_members(tried.error)] if tried.error is not None else []
        self.lines.append(
            {"line": line, "kind": tried.kind.value, "text": tried.text, "findings": findings}
            | ({"type": tried.type or None} if tried.kind == "path" else {})
        )
        if tried.error is not None:
            self.failed = True
            self._finding_lines(tried.error)
        elif tried.text is None:
            self._output.text(f"nothing there: {tried.note}")
        else:
            for shown in tried.text.split("\n"):
                self._output.text(_visible(shown))

    def _variables(self) -> None:
        seen = self._pad.seen()
        self.lines.append({"line": ":vars", "variables": seen})
        for name, value in seen.items():
            self._output.text(f"${name} = {_visible(value)}")

    def _map(self, rest: str) -> None:
        name, _, path = rest.partition(" ")
        if not path.strip():
            raise usage(":map needs a name and a path.", ":map NAME PATH")
        self._pad.map(name, path.strip())

    def _input(self, rest: str) -> None:
        value = parse_inputs(_json_or_file(rest))
        if value is None:
            raise usage("The input is no object.", ':input {"name": "value"}')
        self._pad.inputs = value

    def _reply(self, rest: str) -> None:
        self._pad.reply = _reply(rest)

    def _finding_lines(self, finding: Finding) -> None:
        for shown in refusals.finding_lines(finding, _WIDE):
            self._output.text(shown)


def _lines(read: Callable[[str], str]) -> Iterator[str]:
    """Yield whole lines: those that end with a backslash go on in the next."""
    held: list[str] = []
    # Ctrl-D ends the session as `:quit` does, and so does the end of a pipe.
    with contextlib.suppress(EOFError):
        while True:
            line = read(_MORE if held else _PROMPT)
            if line.endswith("\\"):
                held.append(line[:-1])
                continue
            yield "\n".join([*held, line])
            held = []
    if held:
        yield "\n".join(held)


def _typed(prompt: str) -> str:
    # Importing it gives `input` its history and editing.
    with contextlib.suppress(ImportError):
        import readline  # noqa: F401
    return input(prompt)


def _piped(_: str) -> str:
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    return line.rstrip("\r\n")


def _reply(text: str) -> GivenReply:
    if text.lstrip()[:1] in ("{", "["):
        return parse_reply(text.encode("utf-8", "replace"), "the command line")
    return read_reply(Path(text))


def _json_or_file(text: str) -> str:
    return text if text.lstrip()[:1] in ("{", "[") else read_text(text)


def _members(error: JackfieldError) -> list[dict[str, Any]]:
    return [refusals.finding_members(one) for one in error.findings]


def _visible(line: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in line)
