"""`jackfield demo`: the founding story."""

from __future__ import annotations

from pathlib import Path

import click

from jackfield.cli.verbs import json_option, output_of


@click.command()
@click.option(
    "--keep",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Keep data and logs in this new folder instead of a temporary one.",
)
@click.option(
    "--pause",
    type=click.FloatRange(0, 60),
    default=0.0,
    show_default=True,
    metavar="SECONDS",
    help="Wait between the steps, for showing it to people.",
)
@json_option
@click.pass_context
def command(context: click.Context, /, *, keep: Path | None, pause: float) -> int:
    """Tell the founding story with a real server and a real web service.

    A forum post's request is refused, explained, corrected; a data action runs; the server is killed and
    everything is still there. Nothing outside this machine is contacted.
    """
    from jackfield.demo.telling import tell

    return tell(output_of(context), folder=keep, pause=pause)
