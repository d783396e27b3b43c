"""`jackfield action export`: data actions of a server into files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from jackfield.cli.action_sources import usage
from jackfield.cli.connection import connected
from jackfield.cli.exit_codes import ExitCode
from jackfield.cli.names import the_one
from jackfield.cli.output import Output
from jackfield.client.actions import Action, Actions
from jackfield.client.integrations import Integrations
from jackfield.domain.catalogue import found
from jackfield.domain.errors import OperationRefused
from jackfield.workbench.documents import ActionDocument
from jackfield.workbench.forms.writing import WRITTEN_FORMS, WrittenForm, json_of, write_all
from jackfield.workbench.server_actions import BUILT_IN_PREFIX, document_of, type_of

if TYPE_CHECKING:
    from jackfield.client.http import Client


@click.command("export")
@click.argument("actions", nargs=-1, metavar="[ID|NAME]…")
@click.option("--all", "everything", is_flag=True, help="Every action that is not built in.")
@click.option("--integration", metavar="ID|NAME", help="All of this integration.")
@click.option("--category", metavar="TEXT", help="All of this category.")
@click.option("--draft", "drafts", is_flag=True, help="Drafts instead of published actions.")
@click.option("--to", "form", type=click.Choice(WRITTEN_FORMS), default="export", help="The form to write.")
@click.option("--out", type=click.Path(path_type=Path), metavar="PATH", help="Where to write it.")
@click.option("--plain", is_flag=True, help="Only what the form has in the cloud.")
@click.option("--force", is_flag=True, help="Overwrite what is there.")
@connected
def command(
    client: Client,
    output: Output,
    actions: tuple[str, ...],
    everything: bool,
    integration: str | None,
    category: str | None,
    drafts: bool,
    form: WrittenForm,
    out: Path | None,
    plain: bool,
    force: bool,
) -> int:
    """Export data actions: as the user interface does, as bodies of the API, or as folders.

    Without --out a single action in one of the JSON forms goes to standard output. Of several, each gets a
    file or a folder of its own in --out. Importing what was exported gives the same action again.
    """
    filtered = everything or integration is not None or category is not None
    if bool(actions) == filtered:
        raise usage("Either name actions, or say which.", "ID|NAME… | --all | --integration … | --category …")
    calls = Actions(client)
    if actions:
        chosen = [_named(calls, word, drafts=drafts) for word in actions]
    else:
        chosen = list(_filtered(client, integration, category, drafts=drafts))
    documents = [*_read(client, chosen, drafts=drafts)]
    if out is None:
        return _print(output, documents, form, plain=plain)
    several = filtered or len(actions) > 1
    marks = [str(one["id"]).rpartition("_")[2][:8] for one in chosen] if several else []
    written = write_all(documents, out, form, plain=plain, overwrite=force, several=several, marks=marks)
    rows = [
        {"id": one.get("id"), "name": one.get("name"), "files": [str(file) for file in files]}
        for one, files in zip(chosen, written, strict=True)
    ]
    output.document({"form": form, "actions": rows, "total": len(rows)})
    for files in written:
        for file in files:
            output.text(str(file))
    return ExitCode.OK


def _named(calls: Actions, word: str, *, drafts: bool) -> Action:
    return the_one(
        "draft" if drafts else "data action",
        word,
        lambda one: calls.get(one, draft=drafts),
        lambda: calls.list(drafts=drafts, include_auth=True),
    )


def _filtered(
    client: Client, integration: str | None, category: str | None, *, drafts: bool
) -> Iterator[Action]:
    """Yield what the filters let through.

    Raises:
        OperationRefused: that is nothing at all.
    """
    home = None
    if integration is not None:
        calls = Integrations(client)
        home = the_one("integration", integration, calls.get, calls.list)
    any_yet = False
    for one in Actions(client).list(category=category, drafts=drafts, include_auth=True):
        built_in = str(one.get("id")).startswith(BUILT_IN_PREFIX)
        if not built_in and (home is None or one.get("integrationId") == home["id"]):
            any_yet = True
            yield one
    if not any_yet:
        filters = [f"in the category `{category}`"] if category is not None else []
        filters += [f"of the integration `{integration}`"] if integration is not None else []
        words = " ".join(filters) or "besides built-in ones"
        raise OperationRefused(found("EXPORT_NOTHING_FOUND", words=words), exit_code=ExitCode.FAILED)


def _read(client: Client, chosen: list[Action], *, drafts: bool) -> Iterator[ActionDocument]:
    calls, integrations = Actions(client), Integrations(client)
    types: dict[str, str] = {}
    for one in chosen:
        home = str(one.get("integrationId") or "")
        if home and home not in types:
            types[home] = type_of(integrations.get(home))
        yield document_of(calls.whole(str(one["id"]), draft=drafts), types.get(home, ""))


def _print(output: Output, documents: list[ActionDocument], form: WrittenForm, *, plain: bool) -> int:
    if form == "folder" or len(documents) > 1:
        raise usage("Several files need a place.", f"… --to {form} --out DIR")
    text = json_of(documents[0], form, plain=plain)
    content: Any = json.loads(text)
    output.document({"form": form, "name": documents[0].name, "content": content})
    output.text(text.rstrip("\n"))
    return ExitCode.OK
