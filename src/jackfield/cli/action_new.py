"""`jackfield action new`: a data action out of a sample of the reply."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from jackfield.cli.exit_codes import ExitCode
from jackfield.cli.files import STANDARD_INPUT, read_text
from jackfield.cli.verbs import json_option, output_of
from jackfield.workbench.authoring.new_action import NewAction, new_action, write_new
from jackfield.workbench.forms.file_text import read_file
from jackfield.workbench.forms.writing import file_name


@click.command()
@click.argument("name")
@click.option("--from-sample", "sample", required=True, metavar="FILE|-", help="A reply, as JSON.")
@click.option("--request", default="", metavar="TEXT|FILE", help="The request; {name} stands for an input.")
@click.option(
    "--integration-type", default="", metavar="ID", help="Instead of the one that the URL suggests."
)
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help="The new folder.")
@click.option("--force", is_flag=True, help="Overwrite what is there.")
@json_option
@click.pass_context
def command(
    context: click.Context,
    name: str,
    sample: str,
    request: str,
    integration_type: str,
    out: Path | None,
    force: bool,
) -> int:
    """Write a new data action with translation map, contracts, template and a first test.

    Every value of the sample becomes an output under a flat name. --request is `METHOD URL`, or a file with a
    whole HTTP request: the line `METHOD URL`, headers, an empty line and the body. In it {name} stands for an
    input that is a text, {name:integer} for one of another type.
    """
    output = output_of(context)
    source = sys.stdin.buffer.read() if sample == STANDARD_INPUT else read_file(Path(sample))
    if os.path.isfile(request):
        request = read_text(request)
    new = new_action(name, Path(sample), source, request=request, integration_type=integration_type)
    files = write_new(new, out or Path(file_name(new.document, "folder")), overwrite=force)
    output.warnings(new.notes)
    output.document(_members(new, files))
    for file in files:
        output.text(str(file))
    if not request:
        output.message(
            f"Next: write the URL into {files[1]}, then run `jackfield action test {files[0].parent}`."
        )
    else:
        output.message(f"Next: jackfield action test {files[0].parent}")
    return ExitCode.OK


def _members(new: NewAction, files: tuple[Path, ...]) -> dict[str, object]:
    rows = [
        {"name": one.name, "path": one.path, "type": one.kind, "list": one.is_list, "default": one.default}
        for one in new.outputs
    ]
    return {
        "name": new.document.name,
        "integration_type": new.document.integration_type,
        "inputs": list(new.inputs),
        "outputs": rows,
        "files": [str(file) for file in files],
    }
