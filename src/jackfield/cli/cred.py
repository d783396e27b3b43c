"""`jackfield cred`: credentials, which go in and never come out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from jackfield.cli import cred_care
from jackfield.cli.connection import connected
from jackfield.cli.exit_codes import ExitCode
from jackfield.cli.field_values import Sources, gather, is_sensitive
from jackfield.cli.names import nearest
from jackfield.cli.output import Output
from jackfield.cli.verbs import Verbs, json_option
from jackfield.client.credentials import Credentials, CredentialType
from jackfield.domain.catalogue import found
from jackfield.domain.credential import NewCredential
from jackfield.domain.errors import OperationRefused
from jackfield.domain.secret import MASK, Secret
from jackfield.settings import read_environment

if TYPE_CHECKING:
    from jackfield.client.http import Client


@click.group(cls=Verbs)
@json_option
def command() -> None:
    """List, add, show, check, rotate and prune credentials."""


@command.command("list")
@connected
def list_(client: Client, output: Output) -> int:
    """List credentials, without their values."""
    stored = list(Credentials(client).list())
    output.document({"credentials": stored, "total": len(stored)})
    output.table(
        ("ID", "NAME", "TYPE", "MODIFIED"),
        [
            (item.get("id"), item.get("name"), (item.get("type") or {}).get("name"), item.get("modifiedDate"))
            for item in stored
        ],
    )
    return ExitCode.OK


@command.command()
@click.argument("name", required=False, metavar="[TYPE]")
@connected
def types(client: Client, output: Output, name: str | None) -> int:
    """List credential types, or show the fields of one."""
    known = Credentials(client).types()
    if name is not None:
        known = [_kind(known, name)]
    output.document({"types": known, "total": len(known)})
    if name is None:
        rows = [
            (item.get("name"), ", ".join(item.get("required") or []), ", ".join(_fields(item)))
            for item in known
        ]
        output.table(("TYPE", "REQUIRED", "FIELDS"), rows)
        return ExitCode.OK
    kind = known[0]
    described = kind.get("properties") or {}
    output.table(
        ("FIELD", "TITLE", "REQUIRED", "SECRET", "MEANING"),
        [
            (
                field,
                (described.get(field) or {}).get("title"),
                "yes" if field in (kind.get("required") or []) else "no",
                "yes" if is_sensitive(kind, field) else "no",
                (described.get(field) or {}).get("description"),
            )
            for field in _fields(kind)
        ],
    )
    if not described:
        output.message(f"`{name}` takes any fields; all of them are secrets.")
    return ExitCode.OK


@command.command()
@click.argument("type_name", metavar="TYPE")
@click.option("--name", help="Name of the credential; by custom Integration-<id of the integration>.")
@click.option("--field", "plain", multiple=True, metavar="FIELD=VALUE", help="Value that is no secret.")
@click.option(
    "--from-env", "variables", multiple=True, metavar="FIELD=VARIABLE", help="Value from the environment."
)
@click.option(
    "--from-file", "files", multiple=True, metavar="FIELD=PATH", help="Value from a file, without line end."
)
@click.option(
    "--from-stdin", "standard_input", default="", metavar="FIELD", help="Value from standard input."
)
@click.option("--fields", "whole", default="", metavar="FILE|-", help="All values as one JSON object.")
@click.option("--no-input", is_flag=True, help="Never ask.")
@click.option("--dry-run", is_flag=True, help="Show what would be sent, secrets masked, and send nothing.")
@connected
def add(
    client: Client,
    output: Output,
    /,
    type_name: str,
    name: str | None,
    no_input: bool,
    dry_run: bool,
    **sources: Any,
) -> int:
    """Store a credential. On a terminal, missing values are asked for.

    Secrets come from a prompt, a file, standard input or the environment, never from the command line, where
    every process could see them.
    """
    kind = _kind(Credentials(client).types(), type_name)
    # A prompt on standard error does not disturb the one document on standard output.
    fields = gather(kind, Sources(may_ask=not no_input, **sources), read_environment())
    wanted = NewCredential(name, type_name, fields)
    if dry_run:
        return _show_plan(output, kind, wanted)
    stored = Credentials(client).create(wanted)
    output.document({"credential": stored})
    output.text(str(stored.get("id")))
    output.message(
        f"Stored. It goes into a slot of an integration's config/current:"
        f' "credentials": {{"<slot>": {{"id": "{stored.get("id")}"}}}}'
    )
    output.message("`jackfield integration slots TYPE|ID` shows the slots.")
    return ExitCode.OK


for _verb in (cred_care.show, cred_care.used_by, cred_care.verify, cred_care.rotate, cred_care.prune):
    command.add_command(_verb)


def _show_plan(output: Output, kind: CredentialType, wanted: NewCredential) -> int:
    shown = {name: _shown(kind, name, secret) for name, secret in wanted.fields.items()}
    body = {"name": wanted.name, "type": {"name": wanted.type_name}, "credentialFields": shown}
    output.document({"dry_run": True, "would_send": body})
    output.text("POST /api/v2/integrations/credentials")
    output.table(("FIELD", "VALUE"), list(shown.items()))
    return ExitCode.OK


def _shown(kind: CredentialType, field: str, secret: Secret) -> str:
    return MASK if is_sensitive(kind, field) else secret.reveal()


def _fields(kind: CredentialType) -> list[str]:
    described = kind.get("properties") or {}
    return list(kind.get("displayOrder") or described)


def _kind(known: list[CredentialType], name: str) -> CredentialType:
    for item in known:
        if item.get("name") == name:
            return item
    names = [str(item.get("name")) for item in known]
    finding = found(
        "CREDENTIAL_TYPE_UNKNOWN_HERE",
        seen=name,
        type=name,
        types=", ".join(names),
        nearest=nearest(name, names) or "`jackfield cred types` lists them with their fields.",
    )
    raise OperationRefused(finding)
