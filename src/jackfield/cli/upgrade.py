"""`jackfield upgrade`: what a newer version does to the database, before it does it."""

from __future__ import annotations

from pathlib import Path

import click

from jackfield.cli.backup import data_dir_option, database_option
from jackfield.cli.exit_codes import ExitCode
from jackfield.cli.verbs import json_option, output_of


@click.command()
@click.option("--check", is_flag=True, help="Only say what would be done; exit code 2 if there is something.")
@data_dir_option
@database_option
@json_option
@click.pass_context
def command(context: click.Context, check: bool, data_dir: Path, database: str) -> int:
    """Bring the database to this version's schema, which the next start of the server does as well.

    Make a backup first (`jackfield backup`): there is no other way back to an older version.
    """
    from jackfield.settings import ServerSettings
    from jackfield.store.backup import schema_state

    url = ServerSettings(data_dir=data_dir, database=database).database_url
    state = schema_state(url)
    output = output_of(context)
    done = bool(state.pending) and not check
    if done:
        from jackfield.store import open_store

        open_store(url).close()
    output.document(
        {"found": state.found, "wanted": state.wanted, "pending": list(state.pending), "migrated": done}
    )
    if not state.found:
        output.text(f"There is no database yet; the first start makes one with schema {state.wanted}.")
    elif not state.pending:
        output.text(f"Schema {state.found} is this version's; there is nothing to do.")
    else:
        verb = "Went" if done else "Would go"
        output.text(f"{verb} from schema {state.found} to {state.wanted}: {', '.join(state.pending)}.")
    return ExitCode.DRIFT if state.pending and check else ExitCode.OK
