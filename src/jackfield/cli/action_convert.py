"""`jackfield action convert`: from one form of data actions to another."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from jackfield.cli.action_sources import usage, with_sources
from jackfield.cli.exit_codes import ExitCode
from jackfield.cli.output import Output
from jackfield.cli.verbs import json_option, output_of
from jackfield.workbench.documents import ActionDocument
from jackfield.workbench.forms.writing import WRITTEN_FORMS, WrittenForm, json_of, notes, write_all


@click.command()
@with_sources
@click.option("--to", "form", type=click.Choice(WRITTEN_FORMS), required=True, help="The form to write.")
@click.option("--out", type=click.Path(path_type=Path), metavar="PATH", help="Where to write it.")
@click.option("--plain", is_flag=True, help="Only what the form has in the cloud.")
@click.option("--force", is_flag=True, help="Overwrite what is there.")
@click.option("--integration-type", default="", metavar="ID", help="Where the file does not say it.")
@click.option("--integration-id", default="", metavar="ID", help="Where the file does not say it.")
@click.option("--category", default="", metavar="TEXT", help="Where the file does not say it.")
@json_option
@click.pass_context
def command(
    context: click.Context,
    documents: tuple[ActionDocument, ...],
    form: WrittenForm,
    out: Path | None,
    plain: bool,
    force: bool,
    integration_type: str,
    integration_id: str,
    category: str,
) -> int:
    """Convert data actions between exported files, bodies of the API, and folders.

    Terraform and plans can be read, not written. Without --out a single action in one of the JSON forms goes
    to standard output. Of several, each gets a file or a folder of its own in --out.
    """
    output = output_of(context)
    completed = [
        replace(
            document,
            integration_type=document.integration_type or integration_type,
            integration_id=document.integration_id or integration_id,
            category=document.category or category,
        )
        for document in documents
    ]
    for document in completed:
        output.warnings((*document.findings, *notes(document, form, plain=plain)))
    if out is None:
        return _print_only(output, completed, form, plain=plain)
    written = write_all(completed, out, form, plain=plain, overwrite=force, several=len(completed) > 1)
    rows = [_row(document, files) for document, files in zip(completed, written, strict=True)]
    output.document({"form": form, "actions": rows})
    for files in written:
        for file in files:
            output.text(str(file))
    return ExitCode.OK


def _print_only(output: Output, documents: list[ActionDocument], form: WrittenForm, *, plain: bool) -> int:
    """Print the one action that needs no file.

    Raises:
        OperationRefused: there are several, or it takes several files.
    """
    if form == "folder" or len(documents) > 1:
        raise usage("Several files need a place.", f"PATH… --to {form} --out DIR")
    text = json_of(documents[0], form, plain=plain)
    output.document({"form": form, "actions": [_row(documents[0], ())], "content": json.loads(text)})
    output.text(text.rstrip("\n"))
    return ExitCode.OK


def _row(document: ActionDocument, files: tuple[Path, ...]) -> dict[str, Any]:
    origin = document.origin
    return {
        "name": document.name,
        "from": {"path": str(origin.path), "form": origin.form},
        "files": [str(file) for file in files],
    }
