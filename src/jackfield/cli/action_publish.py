"""`jackfield action publish` and `delete`: the ends of a draft, and of an action."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from jackfield.cli.action_sources import usage
from jackfield.cli.connection import connected
from jackfield.cli.exit_codes import ExitCode
from jackfield.cli.names import the_one
from jackfield.cli.output import Output
from jackfield.client.actions import Action, Actions

if TYPE_CHECKING:
    from jackfield.client.http import Client


@click.command("publish")
@click.argument("action", metavar="ID|NAME")
@connected
def publish(client: Client, output: Output, action: str) -> int:
    """Publish the draft of a data action.

    The draft's version is read first. A contract is frozen once it is published.
    """
    calls = Actions(client)
    draft = named(calls, action, draft=True)
    published = calls.publish(str(draft["id"]), int(draft.get("version") or 0))
    output.document({"action": published})
    output.text(f"{published.get('id')}  {published.get('name')}  version {published.get('version')}")
    return ExitCode.OK


@click.command("delete")
@click.argument("action", metavar="ID|NAME")
@click.option("--draft", is_flag=True, help="The draft alone; the published action stays.")
@click.option("--yes", is_flag=True, help="Delete without asking.")
@connected
def delete(client: Client, output: Output, action: str, draft: bool, yes: bool) -> int:
    """Delete a data action with its draft, or its draft alone."""
    calls = Actions(client)
    chosen = named(calls, action, draft=draft)
    what = f"{'the draft of ' if draft else ''}`{chosen.get('name')}` ({chosen.get('id')})"
    if not yes:
        if not sys.stdin.isatty():
            raise usage("Nobody can be asked here.", "ID|NAME --yes")
        if not click.confirm(f"Delete {what}?", err=True):
            output.document({"deleted": None})
            return ExitCode.OK
    calls.delete(str(chosen["id"]), draft=draft)
    output.document({"deleted": {"id": chosen.get("id"), "name": chosen.get("name"), "draft": draft}})
    output.text(f"deleted {what}")
    return ExitCode.OK


def named(calls: Actions, word: str, *, draft: bool) -> Action:
    """Return the action, or the draft, that a word means.

    Raises:
        ApiError: there is none with this id.
        OperationRefused: no name fits, or several do.
    """
    return the_one(
        "draft" if draft else "data action",
        word,
        lambda one: calls.get(one, draft=draft),
        lambda: calls.list(drafts=draft, include_auth=True),
    )
