"""`jackfield action import`: data actions from files into a server."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from jackfield.cli.action_sources import usage, with_sources
from jackfield.cli.connection import connected
from jackfield.cli.exit_codes import ExitCode
from jackfield.cli.names import the_one
from jackfield.cli.output import Output
from jackfield.client.actions import Action, Actions
from jackfield.client.errors import ApiError
from jackfield.client.integrations import Integration, Integrations
from jackfield.workbench.documents import ActionDocument
from jackfield.workbench.server_actions import Import, check_type, fitting, integration_open, send

if TYPE_CHECKING:
    from jackfield.client.http import Client


@click.command("import")
@with_sources
@click.option(
    "--integration", metavar="ID|NAME", help="Where they go; asked for if the file does not tell it."
)
@click.option("--category", metavar="TEXT", help="Else the file's, else the integration's name.")
@click.option("--name", metavar="TEXT", help="Another name, for a single action.")
@click.option("--publish", is_flag=True, help="Publish at once, instead of making drafts.")
@connected
def command(
    client: Client,
    output: Output,
    documents: tuple[ActionDocument, ...],
    integration: str | None,
    category: str | None,
    name: str | None,
    publish: bool,
) -> int:
    """Import data actions from files: exported ones, bodies of the API, folders, Terraform.

    Each becomes a draft, as in the user interface, or with --publish a published action. A login
    (`*.customAuth.json`) becomes a draft of the login that its integration has. All are checked before the
    first one is sent.
    """
    if name is not None and len(documents) > 1:
        raise usage(f"--name is for one action; these are {len(documents)}.", "PATH --name TEXT")
    for document in documents:
        output.warnings(document.findings)
    wanted = _wanted(client, output, documents, integration)
    done: list[Action] = []
    for document, target in zip(documents, wanted, strict=True):
        renamed = document if name is None else replace(document, name=name)
        item = Import(renamed, target, category if category is not None else _category(document, target))
        done.append(_send(client, output, item, len(done), publish=publish))
    state = "published" if publish else "draft"
    output.document({"state": state, "actions": done, "total": len(done)})
    output.table(
        ("ID", "NAME", "STATE", "VERSION", "CATEGORY"),
        [(one.get("id"), one.get("name"), state, one.get("version"), one.get("category")) for one in done],
    )
    if not publish:
        output.message("Next: jackfield action publish ID|NAME")
    return ExitCode.OK


def _send(client: Client, output: Output, item: Import, before: int, *, publish: bool) -> Action:
    try:
        return send(Actions(client), item, publish=publish)
    except ApiError:
        output.message(f"`{item.document.name}` was refused; before it, {before} were imported.")
        raise


def _wanted(
    client: Client, output: Output, documents: Sequence[ActionDocument], word: str | None
) -> list[Integration]:
    """Return the integration of each action.

    Raises:
        OperationRefused: one is of another type than its action, or nothing tells which one is meant.
    """
    calls = Integrations(client)
    if word is not None:
        named = the_one("integration", word, calls.get, calls.list)
        for document in documents:
            check_type(document, named)
        return [named] * len(documents)
    known = list(calls.list())
    return [_chosen(output, document, known) for document in documents]


def _chosen(output: Output, document: ActionDocument, known: Sequence[Integration]) -> Integration:
    own = next(
        (one for one in known if document.integration_id and one["id"] == document.integration_id), None
    )
    if own is not None:
        check_type(document, own)
        return own
    candidates = fitting(document, known)
    if len(candidates) == 1:
        output.message(f"`{document.name}` goes to the integration `{candidates[0].get('name')}`.")
        return candidates[0]
    if not candidates or not sys.stdin.isatty():
        raise integration_open(document, candidates)
    for number, one in enumerate(candidates, 1):
        output.message(f"{number:>3}  {one.get('name')}  {one.get('id')}")
    number = click.prompt(
        f"Integration for `{document.name}`", type=click.IntRange(1, len(candidates)), err=True
    )
    return candidates[number - 1]


def _category(document: ActionDocument, target: Integration) -> str:
    """Return the file's category; where it has none, ask on a terminal."""
    if document.category or document.is_login or not sys.stdin.isatty():
        return document.category
    default = str(target.get("name") or "")
    return str(click.prompt(f"Category for `{document.name}`", default=default, err=True))
