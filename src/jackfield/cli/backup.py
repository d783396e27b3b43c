"""`jackfield backup`: a copy of the database, also of a running server's."""

from __future__ import annotations

from pathlib import Path

import click

from jackfield.cli.exit_codes import ExitCode
from jackfield.cli.server_option import ServerOption
from jackfield.cli.verbs import json_option, output_of

data_dir_option = click.option(
    "--data-dir",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(".jackfield"),
    show_default=True,
    cls=ServerOption,
    help="Data directory of the server.",
)
database_option = click.option(
    "--database",
    default="",
    metavar="URL",
    cls=ServerOption,
    help="Its database, if not the SQLite file.",
)


@click.command()
@click.argument("target", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@data_dir_option
@database_option
@json_option
@click.pass_context
def command(context: click.Context, target: Path, data_dir: Path, database: str) -> int:
    """Copy the database to FILE, whole and consistent, while the server goes on.

    The copy holds credentials sealed: without the key file nobody can read them, you neither. Keep a copy of
    the key file, but in another place. FILE must not exist.
    """
    from jackfield.settings import ServerSettings
    from jackfield.store.backup import back_up

    settings = ServerSettings(data_dir=data_dir, database=database)
    size = back_up(settings.database_url, target)
    output = output_of(context)
    output.document({"file": str(target), "bytes": size, "key_file": str(settings.key_file)})
    output.text(f"{target}: {size} bytes")
    output.message(f"Keep a copy of {settings.key_file} elsewhere, too: it alone opens the credentials.")
    return ExitCode.OK
