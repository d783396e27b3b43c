"""`jackfield audit`: who changed what."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click

from jackfield.cli.connection import connected
from jackfield.cli.exit_codes import ExitCode
from jackfield.cli.output import Output
from jackfield.client.audit import AuditTrail

if TYPE_CHECKING:
    from jackfield.client.http import Client

COLUMNS = ("ID", "TIME", "ACTION", "ENTITY", "ACTOR", "CORRELATION ID")
MEMBERS = ("id", "date", "action", "entityId", "actor", "correlationId")


@click.command()
@click.argument("entry_id", metavar="[ID]", required=False)
@click.option("--action", default="", metavar="NOUN[.VERB]", help="Only such: credential.rotate, role.")
@click.option("--entity", default="", metavar="ID", help="Only changes of this entity.")
@click.option("--actor", default="", metavar="ID", help="Only changes by this user or OAuth client.")
@click.option("--correlation-id", default="", metavar="ID", help="Only what this request changed.")
@click.option("--since", default="", metavar="AGE|TIME", help="Only from then on: 10m, 2h, 7d or a time.")
@click.option("--limit", type=click.IntRange(1, 100_000), default=50, show_default=True, help="How many.")
@connected
def command(
    client: Client,
    output: Output,
    /,
    entry_id: str | None,
    action: str,
    entity: str,
    actor: str,
    correlation_id: str,
    since: str,
    limit: int,
) -> int:
    """List changes, newest first, or show one with what it changed.

    Secrets stand in the trail as fingerprints: equal ones are equal, nothing more can be seen.
    """
    trail = AuditTrail(client)
    if entry_id:
        return _show(output, trail.get(entry_id))
    filters = {
        "action": action or None,
        "entityId": entity or None,
        "actor": actor or None,
        "correlationId": correlation_id or None,
        "since": since or None,
    }
    entries = list(trail.newest(filters, limit))
    output.document({"entities": entries, "total": len(entries)})
    output.table(COLUMNS, [[entry[name] for name in MEMBERS] for entry in entries])
    if not entries:
        output.message("No changes that fit.")
    return ExitCode.OK


def _show(output: Output, entry: Mapping[str, Any]) -> int:
    output.document({"entry": entry})
    output.table(("WHAT", "VALUE"), [(name, entry[name]) for name in MEMBERS])
    output.text()
    output.table(("MEMBER", "BEFORE", "AFTER"), list(_changed(entry.get("before"), entry.get("after"))))
    return ExitCode.OK


def _changed(before: Any, after: Any, path: str = "") -> Iterator[tuple[str, str, str]]:
    """Yield each member that differs, with both values as JSON text; "" where there is none."""
    if before == after:
        return
    if isinstance(before, dict | None) and isinstance(after, dict | None) and (before or after):
        old, new = before or {}, after or {}
        for name in dict.fromkeys((*old, *new)):
            yield from _changed(old.get(name), new.get(name), f"{path}/{name}")
    else:
        yield path, _text(before), _text(after)


def _text(value: Any) -> str:
    return "" if value is None else json.dumps(value, ensure_ascii=False)
