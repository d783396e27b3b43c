"""`jackfield action render`: one template of a data action, rendered."""

from __future__ import annotations

from pathlib import Path

import click

from jackfield.cli import refusals
from jackfield.cli.exit_codes import ExitCode
from jackfield.cli.files import read_text
from jackfield.cli.output import Output
from jackfield.cli.verbs import json_option, output_of
from jackfield.domain.finding import Finding
from jackfield.workbench.credentials import read_credentials
from jackfield.workbench.forms import load
from jackfield.workbench.inputs import parse_inputs
from jackfield.workbench.rendering import Rendered, rendered_parts
from jackfield.workbench.replies.given import read_reply

_WIDE = 100


@click.command("render")
@click.argument("path", metavar="PATH", type=click.Path(path_type=Path))
@click.argument("parts", nargs=-1, metavar="[url|body|success|HEADER]…")
@click.option(
    "--input", "inputs", metavar="JSON|FILE|-", help="Input as a JSON object; made up if not given."
)
@click.option("--credentials", metavar="FILE", type=click.Path(path_type=Path), help="Made up if not given.")
@click.option(
    "--response", metavar="FILE", type=click.Path(path_type=Path), help="The reply; made up if not given."
)
@json_option
@click.pass_context
def command(
    context: click.Context,
    /,
    path: Path,
    parts: tuple[str, ...],
    inputs: str | None,
    credentials: Path | None,
    response: Path | None,
) -> int:
    """Render the templates of a data action, each by itself, also where another one is broken."""
    output = output_of(context)
    text = inputs if inputs is None or inputs.lstrip()[:1] in ("{", "[") else read_text(inputs)
    shown: list[Rendered] = []
    for document in load(path):
        shown += rendered_parts(
            document,
            parts,
            inputs=parse_inputs(text) if text is not None else None,
            raw_request=text,
            credentials=read_credentials(credentials, document) if credentials else None,
            reply=read_reply(response) if response else None,
        )
    output.document(
        {"ok": all(one.error is None for one in shown), "templates": [_members(one) for one in shown]}
    )
    for one in shown:
        _show(output, one)
    return ExitCode.OK if all(one.error is None for one in shown) else ExitCode.ASSERTIONS


def _show(output: Output, one: Rendered) -> None:
    output.text(f"{one.name}:")
    if one.error is None:
        for line in (one.text or "").split("\n"):
            output.text(f"  {_visible(line)}")
    for finding in _findings(one):
        for line in refusals.finding_lines(finding, _WIDE):
            output.text(f"  {line}")


def _members(one: Rendered) -> dict[str, object]:
    return {
        "name": one.name,
        "text": one.text,
        "findings": [refusals.finding_members(finding) for finding in _findings(one)],
    }


def _findings(one: Rendered) -> tuple[Finding, ...]:
    return (*((one.error,) if one.error is not None else ()), *one.warnings)


def _visible(line: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in line)
