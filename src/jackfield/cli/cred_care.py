"""`jackfield cred show|used-by|verify|rotate|prune`: looking after credentials."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from jackfield.cli.connection import connected
from jackfield.cli.exit_codes import ExitCode
from jackfield.cli.field_values import Sources, gather_given
from jackfield.cli.output import Output
from jackfield.client.credential_care import CredentialCare
from jackfield.client.credentials import Credentials, CredentialType
from jackfield.client.errors import ApiError
from jackfield.domain.catalogue import found
from jackfield.domain.errors import OperationRefused
from jackfield.domain.secret import MASK
from jackfield.settings import read_environment

if TYPE_CHECKING:
    from jackfield.client.http import Client

url_option = click.option("--url", default="", metavar="URL", help="Address to try the credential on.")
identifier = click.argument("credential_id", metavar="ID")


@click.command()
@identifier
@connected
def show(client: Client, output: Output, credential_id: str) -> int:
    """Show a credential: its fields without secrets, who uses it, whether it works."""
    stored = Credentials(client).get(credential_id)
    care, uses, health = CredentialCare(client), None, {}
    try:
        uses, health = care.uses(credential_id), care.health(credential_id)
    except OperationRefused:
        # The cloud has no such routes; what it does tell is shown.
        output.message("This server does not tell who uses a credential, nor whether it works.")
    output.document({"credential": stored, "used_by": uses, **health})
    rows = [
        ("id", stored.get("id")),
        ("name", stored.get("name")),
        ("type", (stored.get("type") or {}).get("name")),
        *((f"field {name}", value) for name, value in (stored.get("credentialFields") or {}).items()),
        ("secrets", MASK),
    ]
    if uses is not None:
        rows += [("used by", _in_words(uses)), ("last check", _check_in_words(health.get("check")))]
    if health.get("undoUntil"):
        rows.append(("rotation", f"can be undone until {health['undoUntil']}"))
    output.table(("WHAT", "VALUE"), rows)
    return ExitCode.OK


@click.command("used-by")
@identifier
@connected
def used_by(client: Client, output: Output, credential_id: str) -> int:
    """List what a credential is used by: integrations, slots, data actions."""
    uses = CredentialCare(client).uses(credential_id)
    output.document(uses)
    rows = []
    for one in uses["integrations"]:
        line = (one["name"], one["id"], ", ".join(one["slots"]), one["intendedState"])
        names = [f"{action['name']} ({action['state']})" for action in one["actions"]]
        rows += [(*line, name) for name in names or [""]]
    output.table(("INTEGRATION", "ID", "SLOT", "STATE", "ACTION"), rows)
    if not rows:
        output.message("Nothing uses it; `jackfield cred prune` lists all such credentials.")
    return ExitCode.OK


@click.command()
@identifier
@url_option
@connected
def verify(client: Client, output: Output, credential_id: str, url: str) -> int:
    """Try a credential with the most harmless request that its type allows.

    Exit code 0 if it works, 1 if it is refused or nothing can be said.
    """
    check = CredentialCare(client).verify(credential_id, url)
    output.document({"check": check})
    output.text(_check_in_words(check))
    return ExitCode.OK if check["outcome"] == "verified" else ExitCode.FAILED


@click.command()
@identifier
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
@click.option("--fields", "whole", default="", metavar="FILE|-", help="Values as one JSON object.")
@url_option
@click.option("--untested", is_flag=True, help="Swap also if the new values cannot be tried.")
@click.option("--keep-hours", type=click.IntRange(1, 720), help="How long the old values are kept (24).")
@click.option("--undo", is_flag=True, help="Put the old values back.")
@click.option("--confirm", is_flag=True, help="Forget the old values.")
@click.option("--no-input", is_flag=True, help="Never ask.")
@connected
def rotate(
    client: Client,
    output: Output,
    /,
    credential_id: str,
    url: str,
    untested: bool,
    keep_hours: int | None,
    undo: bool,
    confirm: bool,
    no_input: bool,
    **sources: Any,
) -> int:
    """Give a credential new values: they are tried first, and the old ones can be put back for a while.

    Fields that are not named stay. On a terminal, the secrets are asked for if none are named.
    """
    care = CredentialCare(client)
    if undo or confirm:
        return _end_rotation(care, output, credential_id, undo=undo)
    kind = _kind_of(client, credential_id)
    fields = gather_given(kind, Sources(may_ask=not no_input, **sources), read_environment())
    done = care.rotate(credential_id, fields, url=url, untested=untested, keep_hours=keep_hours)
    output.document(done)
    output.text(f"rotated; {_check_in_words(done['check'])}")
    output.message(f"Until {done['undoUntil']}: `jackfield cred rotate {credential_id} --undo`.")
    return ExitCode.OK


@click.command()
@click.option("--yes", is_flag=True, help="Delete without asking.")
@click.option("--dry-run", is_flag=True, help="Only list them.")
@connected
def prune(client: Client, output: Output, yes: bool, dry_run: bool) -> int:
    """List the credentials that no integration uses, and delete them once that is agreed to."""
    orphans = list(CredentialCare(client).orphans())
    rows = [(one.get("id"), one.get("name"), one["type"]["name"], one.get("modifiedDate")) for one in orphans]
    output.table(("ID", "NAME", "TYPE", "MODIFIED"), rows)
    wanted = bool(orphans) and not dry_run and (yes or _agreed(len(orphans)))
    deleted = [str(one["id"]) for one in orphans if wanted and _delete(client, str(one["id"]))]
    output.document({"orphans": orphans, "total": len(orphans), "deleted": deleted})
    output.message(f"{len(orphans)} unused, {len(deleted)} deleted.")
    return ExitCode.OK


def _delete(client: Client, credential_id: str) -> bool:
    try:
        Credentials(client).delete(credential_id)
    except ApiError as error:
        if error.status != 404:
            raise
        return False
    return True


def _agreed(count: int) -> bool:
    """Ask on a terminal; elsewhere nothing is deleted without --yes."""
    return sys.stdin.isatty() and click.confirm(f"Delete {count} credential(s)?", err=True)


def _end_rotation(care: CredentialCare, output: Output, credential_id: str, *, undo: bool) -> int:
    if undo:
        output.document({"credential": care.undo(credential_id), "undone": True})
        output.text("the old values are back")
    else:
        care.confirm(credential_id)
        output.document({"credential_id": credential_id, "confirmed": True})
        output.text("the old values are forgotten")
    return ExitCode.OK


def _kind_of(client: Client, credential_id: str) -> CredentialType:
    credentials = Credentials(client)
    name = str((credentials.get(credential_id).get("type") or {}).get("name"))
    for kind in credentials.types():
        if kind.get("name") == name:
            return kind
    raise OperationRefused(found("CREDENTIAL_TYPE_UNKNOWN_HERE", type=name, types="", nearest="", seen=name))


def _in_words(uses: Mapping[str, Any]) -> str:
    names = [f"{one['name']} ({', '.join(one['slots'])})" for one in uses["integrations"]]
    return ", ".join(names) or "nothing"


def _check_in_words(check: Mapping[str, Any] | None) -> str:
    if not check:
        return "never checked"
    request = f"{check['request']}: " if check["request"] else ""
    since = f", failing since {check['failingSince']}" if check.get("failingSince") else ""
    return f"{check['outcome']} ({request}{check['reason']}), {check['checkedDate']}{since}"
