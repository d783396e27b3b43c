"""`jackfield integration`: what there is, what it is configured with, and which credentials go where."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from jackfield.cli.connection import connected
from jackfield.cli.exit_codes import ExitCode
from jackfield.cli.names import nearest, the_one
from jackfield.cli.output import Output
from jackfield.cli.verbs import Verbs, json_option
from jackfield.client.credential_care import own_list
from jackfield.client.errors import ApiError
from jackfield.client.integrations import Integration, Integrations, IntegrationType, SlotSpecification
from jackfield.domain.catalogue import found
from jackfield.domain.errors import OperationRefused

if TYPE_CHECKING:
    from jackfield.client.http import Client

STATES = ("ACTIVE", "ACTIVATING", "INACTIVE", "DEACTIVATING", "ERROR")


@click.group(cls=Verbs)
@json_option
def command() -> None:
    """List and show integrations, their types, slots and events."""


@command.command("list")
@click.option("--type", "type_id", metavar="ID", help="Only of this integration type.")
@click.option(
    "--state", type=click.Choice(STATES, case_sensitive=False), help="Only with this reported state."
)
@click.option("--credential", metavar="ID", help="Only those that use this credential.")
@connected
def list_(
    client: Client, output: Output, type_id: str | None, state: str | None, credential: str | None
) -> int:
    """List integrations."""
    found_here = list(Integrations(client).list(type_id=type_id, state=state, credential_id=credential))
    output.document({"integrations": found_here, "total": len(found_here)})
    output.table(
        ("ID", "NAME", "TYPE", "WANTED", "IS"),
        [
            (item.get("id"), item.get("name"), _type_id(item), item.get("intendedState"), _reported(item))
            for item in found_here
        ],
    )
    return ExitCode.OK


@command.command()
@click.argument("integration", metavar="ID|NAME")
@connected
def show(client: Client, output: Output, integration: str) -> int:
    """Show one integration with its configuration and slots."""
    calls = Integrations(client)
    whole = _one(calls, integration)
    configuration = calls.configuration(str(whole["id"]))
    slots = calls.type(_type_id(whole)).get("credentials") or {}
    output.document({"integration": whole, "configuration": configuration, "slots": slots})
    for label, value in (
        ("id", whole.get("id")),
        ("name", whole.get("name")),
        ("type", _type_id(whole)),
        ("wanted state", whole.get("intendedState")),
        ("state", _reported(whole)),
        *_attributes(whole),
        ("configuration version", configuration.get("version")),
        ("notes", configuration.get("notes")),
        ("properties", json.dumps(configuration.get("properties"), ensure_ascii=False)),
        ("advanced", json.dumps(configuration.get("advanced"), ensure_ascii=False)),
    ):
        output.text(f"{label:<22} {value if value is not None else ''}")
    output.text()
    _slot_table(output, slots, configuration.get("credentials") or {})
    return ExitCode.OK


@command.command()
@click.argument("integration", required=False, metavar="[ID|NAME]")
@connected
def events(client: Client, output: Output, integration: str | None) -> int:
    """List the events that came in through webhooks, newest first."""
    wanted = {"integrationId": str(_one(Integrations(client), integration)["id"])} if integration else {}
    came = list(own_list(client, "/jackfield/v1/webhook-events", wanted))
    output.document({"events": came, "total": len(came)})
    output.table(
        ("RECEIVED", "INTEGRATION", "EVENT", "BODY"),
        [
            (
                one["receivedDate"],
                one["integrationId"],
                one["id"],
                json.dumps(one["body"], ensure_ascii=False),
            )
            for one in came
        ],
    )
    return ExitCode.OK


@command.command()
@connected
def types(client: Client, output: Output) -> int:
    """List integration types with their credential slots."""
    known = list(Integrations(client).types())
    output.document({"types": known, "total": len(known)})
    output.table(
        ("ID", "NAME", "SLOTS"),
        [(item.get("id"), item.get("name"), ", ".join(item.get("credentials") or {})) for item in known],
    )
    return ExitCode.OK


@command.command()
@click.argument("target", metavar="TYPE|ID|NAME")
@connected
def slots(client: Client, output: Output, target: str) -> int:
    """Show which credentials an integration type (or an integration) takes, and where.

    The slot's name is the key under `credentials` in `config/current`. It is not the credential's type.
    """
    calls = Integrations(client)
    kind, integration = _type_or_integration(calls, target)
    takes = kind.get("credentials") or {}
    attached: Mapping[str, Any] = {}
    if integration is not None:
        attached = calls.configuration(str(integration["id"])).get("credentials") or {}
    example = {"credentials": {name: {"id": "<id of a credential>"} for name in takes}}
    output.document({"type": kind.get("id"), "slots": takes, "attached": attached, "send": example})
    _slot_table(output, takes, attached)
    if takes:
        output.message(f"In PUT …/config/current: {json.dumps(example)}")
    return ExitCode.OK


def _slot_table(output: Output, takes: Mapping[str, SlotSpecification], attached: Mapping[str, Any]) -> None:
    if not takes and not attached:
        output.text("This type has no credential slots.")
        return
    output.table(
        ("SLOT", "TAKES", "REQUIRED", "ATTACHED"),
        [
            (
                name,
                " | ".join((takes.get(name) or {}).get("credentialTypes") or []),
                "yes" if (takes.get(name) or {}).get("required") else "no",
                (attached.get(name) or {}).get("id"),
            )
            for name in {**takes, **attached}
        ],
    )


def _attributes(whole: Integration) -> list[tuple[str, Any]]:
    """Return why an integration is in error, and where a webhook's events go."""
    detail = (whole.get("reportedState") or {}).get("detail") or {}
    lines: list[tuple[str, Any]] = [("why", detail["message"])] if detail.get("message") else []
    address = (whole.get("attributes") or {}).get("invocationUrl")
    return [*lines, ("events go to", address)] if address else lines


def _one(calls: Integrations, word: str) -> Integration:
    return the_one("integration", word, calls.get, calls.list)


def _type_or_integration(calls: Integrations, word: str) -> tuple[IntegrationType, Integration | None]:
    """A type's id wins over an integration of that name."""
    try:
        return calls.type(word), None
    except ApiError as error:
        if error.status != 404:
            raise
    try:
        integration = _one(calls, word)
    except OperationRefused as refusal:
        raise _neither(calls, word, refusal) from refusal
    return calls.type(_type_id(integration)), integration


def _neither(calls: Integrations, word: str, refusal: OperationRefused) -> OperationRefused:
    if refusal.findings[0].code != "NAME_UNKNOWN":
        return refusal
    ids = [str(item.get("id")) for item in calls.types()]
    advice = nearest(word, ids) or "List the types with `jackfield integration types`."
    finding = found(
        "NAME_UNKNOWN", noun="integration type or integration", name=word, seen=word, nearest=advice
    )
    return OperationRefused(finding, exit_code=ExitCode.FAILED)


def _type_id(item: Integration) -> str:
    return str((item.get("integrationType") or {}).get("id") or "")


def _reported(item: Integration) -> str:
    return str((item.get("reportedState") or {}).get("code") or "")
