"""`jackfield explain`: why did I get this, and what should I have sent?"""

from __future__ import annotations

import codecs
import sys
import textwrap
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jackfield.cli.exit_codes import ExitCode
from jackfield.cli.files import STANDARD_INPUT, read_text
from jackfield.cli.output import Output
from jackfield.cli.verbs import json_option, output_of
from jackfield.domain.catalogue import CATALOGUE, found
from jackfield.domain.catalogue.entry import Entry
from jackfield.domain.errors import OperationRefused

if TYPE_CHECKING:
    from jackfield.explain import ExplainOptions, Explanation

_FORMS = ("http", "curl", "python", "javascript")
_MARKS = ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@click.command()
@click.argument("source", required=False, metavar="[FILE|-|CODE]")
@click.option("--type", "type_id", default="", metavar="TYPE", help="Type of the integration it is about.")
@click.option("--method", default="", metavar="METHOD", help="HTTP method, where the text is a bare body.")
@click.option("--path", default="", metavar="PATH", help="Path or URL, where the text is a bare body.")
@click.option("--action", default="", metavar="FILE", help="The data action that a test result belongs to.")
@click.option(
    "--as", "form", type=click.Choice((*_FORMS, "all")), default="all", help="Form of the corrected request."
)
@click.option("--share", is_flag=True, help="Mask ids, hosts and names too, so that it can be posted.")
@click.option("--no-input", is_flag=True, help="Never ask.")
@json_option
@click.pass_context
def command(
    context: click.Context,
    source: str | None,
    type_id: str,
    method: str,
    path: str,
    action: str,
    form: str,
    share: bool,
    no_input: bool,
) -> int:
    """Explain a request, an answer or an error, and write the right request.

    The text may be a raw HTTP request, a curl command, a JSON body, a HAR file, an error, a test result, a
    provider's output, or prose that holds any of these. An argument that is no file is looked up as the code
    of a finding. Nothing leaves the machine.
    """
    output = output_of(context)
    entry = _entry(source)
    if entry is not None:
        _show_entry(entry, output)
        return ExitCode.OK
    from jackfield.explain import ExplainOptions, explain

    text = _text(source)
    options = ExplainOptions(
        type_id=type_id, method=method, path=path, action=read_text(action) if action else "", share=share
    )
    explanation = explain(text, options=options)
    if explanation.question is not None and not no_input and not output.json and _may_ask(source):
        explanation = explain(text, options=_answered(explanation, options))
    _show(explanation, form, output)
    return ExitCode.OK


def _entry(source: str | None) -> Entry | None:
    """Return the catalogue's entry for an argument; None if it is a file.

    Raises:
        OperationRefused: it is neither.
    """
    if source is None or source == STANDARD_INPUT or Path(source).exists():
        return None
    code = source.strip().upper().replace("-", "_").replace(" ", "_")
    if code in CATALOGUE:
        return CATALOGUE[code]
    from jackfield.rules.nearest import nearest

    near = nearest(code, CATALOGUE)
    advice = (
        f"Did you mean `jackfield explain {near}`?" if near else "Give a file, - or the code of a finding."
    )
    finding = found("EXPLAIN_WHAT", seen=source, argument=source, advice=advice)
    raise OperationRefused(finding, exit_code=ExitCode.USAGE)


def _text(source: str | None) -> str:
    """Return the text to explain, whatever its bytes are.

    Raises:
        OperationRefused: it cannot be read, or there is none.
    """
    if source is None and sys.stdin.isatty():
        advice = "Name a file, or paste into `jackfield explain -` and end with Ctrl-D."
        raise OperationRefused(
            found("EXPLAIN_WHAT", argument="(nothing)", advice=advice), exit_code=ExitCode.USAGE
        )
    if source is None or source == STANDARD_INPUT:
        return _decoded(sys.stdin.buffer.read())
    try:
        return _decoded(Path(source).read_bytes())
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise OperationRefused(
            found("FILE_UNREADABLE", path=source, reason=reason), exit_code=ExitCode.USAGE
        ) from error


def _decoded(data: bytes) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _may_ask(source: str | None) -> bool:
    """Tell if there is somebody to ask: a terminal, whose input is not the text itself."""
    return source not in (None, STANDARD_INPUT) and sys.stdin.isatty() and sys.stdout.isatty()


def _answered(explanation: Explanation, options: ExplainOptions) -> ExplainOptions:
    """Ask what the text cannot tell, and return the options with the answer."""
    question = explanation.question
    assert question is not None
    answer = click.prompt(
        question.text, type=click.Choice(question.answers), default=question.assumed, err=True
    )
    return replace(options, type_id=str(answer))


def _show(explanation: Explanation, form: str, output: Output) -> None:
    from jackfield.explain.report import members, report_lines

    output.document(members(explanation))
    for line in report_lines(explanation, forms=_FORMS if form == "all" else (form,)):
        output.text(line)


def _show_entry(entry: Entry, output: Output) -> None:
    from jackfield.rules.lint.examples import EXAMPLES

    wrong, right = EXAMPLES[entry.code].shown() if entry.code in EXAMPLES else ("", "")
    told = {
        "code": entry.code,
        "title": entry.title,
        "cause": entry.cause,
        "message": entry.message,
        "accepted": entry.accepted,
        "fix": entry.fix,
        "grade": str(entry.grade),
        "severity": str(entry.severity),
        "rank": str(entry.rank),
        "status": entry.status,
        "wire_code": entry.wire_code,
        "doc": f"docs/findings.md#{entry.code.lower()}",
        "example": {"wrong": wrong, "right": right} if wrong else None,
    }
    output.document({"entry": told})
    output.text(f"{entry.code}: {entry.title}")
    output.text(f"  {entry.severity}, {entry.grade}; {entry.rank}; HTTP {entry.status} {entry.wire_code}")
    for label, text in (
        ("why", entry.cause),
        ("says", entry.message),
        ("accepted", entry.accepted),
        ("do", entry.fix),
        ("more", told["doc"]),
    ):
        shown = str(text).replace("{{", "{").replace("}}", "}")
        for line in textwrap.wrap(shown, 96, initial_indent=f"  {label:<9} ", subsequent_indent=" " * 12):
            output.text(line)
    for label, text in (("wrong", wrong), ("right", right)):
        if text:
            output.text(f"  {label:<9} {text}")
