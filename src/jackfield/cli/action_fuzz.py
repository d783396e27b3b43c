"""`jackfield action fuzz`: inputs that break JSON, URL or headers."""

from __future__ import annotations

from pathlib import Path

import click

from jackfield.cli import refusals
from jackfield.cli.action_sources import with_sources
from jackfield.cli.exit_codes import ExitCode
from jackfield.cli.files import read_text
from jackfield.cli.verbs import json_option, output_of
from jackfield.workbench.bench import Bench
from jackfield.workbench.credentials import read_credentials
from jackfield.workbench.documents import ActionDocument
from jackfield.workbench.fuzzing import fuzz
from jackfield.workbench.inputs import parse_inputs

_WIDE = 100


@click.command("fuzz")
@with_sources
@click.option("--input", "inputs", metavar="JSON|FILE|-", help="The usual input; made up if not given.")
@click.option("--credentials", metavar="FILE", type=click.Path(path_type=Path), help="Made up if not given.")
@json_option
@click.pass_context
def command(
    context: click.Context,
    documents: tuple[ActionDocument, ...],
    inputs: str | None,
    credentials: Path | None,
) -> int:
    """Try quotes, line ends, other scripts, long and missing inputs, and say what they break."""
    output = output_of(context)
    text = inputs if inputs is None or inputs.lstrip()[:1] in ("{", "[") else read_text(inputs)
    usual = parse_inputs(text) if text is not None else None
    rows = []
    with Bench() as bench:
        for document in documents:
            opened = read_credentials(credentials, document) if credentials else None
            rows.append((document, fuzz(bench, document, usual, opened)))
    passed = all(outcome.passed for _, outcome in rows)
    output.document(
        {
            "ok": passed,
            "actions": [
                {
                    "action": document.name,
                    "file": str(document.origin.path),
                    "runs": outcome.runs,
                    "passed": outcome.passed,
                    "findings": [refusals.finding_members(one) for one in outcome.findings],
                }
                for document, outcome in rows
            ],
        }
    )
    for document, outcome in rows:
        output.text(f"{document.name}  ({document.origin.path}): {outcome.runs} inputs")
        for finding in outcome.findings:
            for line in refusals.finding_lines(finding, _WIDE):
                output.text(f"  {line}")
    return ExitCode.OK if passed else ExitCode.ASSERTIONS
