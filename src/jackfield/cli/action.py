"""`jackfield action`: data actions of a server, and in files."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from jackfield.cli.action_publish import delete, named, publish
from jackfield.cli.connection import connected
from jackfield.cli.exit_codes import ExitCode
from jackfield.cli.files import read_text
from jackfield.cli.names import the_one
from jackfield.cli.output import Output
from jackfield.cli.verbs import Verbs, json_option
from jackfield.client.actions import Action, Actions
from jackfield.domain.catalogue import found
from jackfield.domain.errors import OperationRefused

if TYPE_CHECKING:
    from jackfield.client.http import Client

MODULES = {
    "new": ("jackfield.cli.action_new", "Write a new data action from a sample of the reply."),
    "convert": ("jackfield.cli.action_convert", "Convert data actions between their forms."),
    "test": ("jackfield.cli.action_test", "Test data actions without a server, or run their test files."),
    "lint": ("jackfield.cli.action_lint", "Find what is wrong with data actions, and mend it."),
    "render": ("jackfield.cli.action_render", "Render one template of a data action."),
    "repl": ("jackfield.cli.action_repl", "Try template text and paths, line by line."),
    "fuzz": ("jackfield.cli.action_fuzz", "Try inputs that break JSON, URL or headers."),
    "import": ("jackfield.cli.action_import", "Import data actions from files into a server."),
    "export": ("jackfield.cli.action_export", "Export data actions of a server into files."),
}
_LITERALS = ("integer", "number", "boolean", "null")


@click.group(cls=Verbs, modules=MODULES)
@json_option
def command() -> None:
    """Test data actions on your own machine; import, export, publish, show and execute those of a server."""


command.add_command(publish)
command.add_command(delete)


@command.command("list")
@click.option("--name", metavar="TEXT", help="Only with this in the name.")
@click.option("--category", metavar="TEXT", help="Only of this category.")
@click.option("--integration", "integration_id", metavar="ID", help="Only of this integration.")
@click.option("--secure/--not-secure", default=None, help="Only secure ones, or only the others.")
@click.option("--include-auth", is_flag=True, help="With the login actions of integrations.")
@click.option("--drafts", is_flag=True, help="Drafts instead of published actions.")
@connected
def list_(
    client: Client,
    output: Output,
    name: str | None,
    category: str | None,
    integration_id: str | None,
    secure: bool | None,
    include_auth: bool,
    drafts: bool,
) -> int:
    """List published data actions, or drafts."""
    listed = Actions(client).list(
        name=name, category=category, secure=secure, include_auth=include_auth, drafts=drafts
    )
    kept = [item for item in listed if integration_id in (None, item.get("integrationId"))]
    output.document({"actions": kept, "total": len(kept)})
    output.table(
        ("ID", "NAME", "CATEGORY", "VERSION", "SECURE"),
        [
            (
                item.get("id"),
                item.get("name"),
                item.get("category"),
                item.get("version"),
                "yes" if item.get("secure") else "no",
            )
            for item in kept
        ],
    )
    return ExitCode.OK


@command.command()
@click.argument("action", metavar="ID|NAME")
@click.option("--draft", is_flag=True, help="Its draft.")
@connected
def show(client: Client, output: Output, action: str, draft: bool) -> int:
    """Show one data action with its templates, maps and contracts."""
    calls = Actions(client)
    whole = calls.get(str(named(calls, action, draft=draft)["id"]), whole=True, draft=draft)
    output.document({"action": whole})
    output.text(json.dumps(whole, indent=2, ensure_ascii=False))
    return ExitCode.OK


@command.command()
@click.argument("action", metavar="ID|NAME")
@click.option("--input", "inputs", default="", metavar="FILE|-", help="Inputs as one JSON object.")
@click.option(
    "--set", "settings", multiple=True, metavar="NAME=VALUE", help="One input; its type is the contract's."
)
@click.option("--flatten", is_flag=True, help="Answer in the flat form that Architect reads.")
@connected
def execute(
    client: Client, output: Output, action: str, inputs: str, settings: tuple[str, ...], flatten: bool
) -> int:
    """Execute a published data action. This really calls the web service."""
    if inputs and settings:
        raise _usage("--input and --set do not go together.")
    calls = Actions(client)
    chosen = the_one("data action", action, calls.get, calls.list)
    action_id = str(chosen["id"])
    if inputs:
        body = read_text(inputs)
    else:
        body = json.dumps(_typed(calls, chosen, settings), ensure_ascii=False)
    output.sent = "" if chosen.get("secure") else body
    result = calls.execute(action_id, body.encode(), flatten=flatten)
    output.document({"action_id": action_id, "result": result})
    output.text(json.dumps(result, indent=2, ensure_ascii=False))
    return ExitCode.OK


def _typed(calls: Actions, action: Action, settings: Sequence[str]) -> dict[str, Any]:
    """Read `NAME=VALUE` as the input contract says; what does not fit goes out as text: the server judges it.

    Raises:
        OperationRefused: the action is secure, so its inputs may not stand on the command line.
    """
    if not settings:
        return {}
    if action.get("secure"):
        finding = found(
            "ARGUMENT_SECRET", field="Every input of a secure action", instead="--input FILE (or - )"
        )
        raise OperationRefused(finding, exit_code=ExitCode.USAGE)
    contract = calls.get(str(action["id"]), whole=True).get("contract") or {}
    properties = ((contract.get("input") or {}).get("inputSchema") or {}).get("properties") or {}
    return dict(_setting(text, properties) for text in settings)


def _setting(text: str, properties: Mapping[str, Any]) -> tuple[str, Any]:
    name, sign, value = text.partition("=")
    if not sign or not name:
        raise _usage("--set takes NAME=VALUE, with an equals sign.")
    described = properties.get(name)
    kind = described.get("type") if isinstance(described, dict) else None
    if kind not in _LITERALS:
        return name, value
    try:
        parsed = json.loads(value)
    except ValueError:
        return name, value
    return name, value if isinstance(parsed, str | list | dict) else parsed


def _usage(reason: str) -> OperationRefused:
    finding = found(
        "USAGE_REFUSED",
        reason=reason,
        usage="jackfield action execute ID|NAME [--input FILE|- | --set NAME=VALUE …]",
        command="jackfield action execute",
    )
    return OperationRefused(finding, exit_code=ExitCode.USAGE)
