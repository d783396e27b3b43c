"""`jackfield logs`: what ran, how it ended, how long it took."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

import click

from jackfield.cli.connection import connected
from jackfield.cli.exit_codes import ExitCode
from jackfield.cli.output import Output
from jackfield.client.executions import Executions
from jackfield.domain.catalogue import found
from jackfield.domain.errors import OperationRefused
from jackfield.domain.finding import Place

if TYPE_CHECKING:
    from jackfield.client.http import Client

COLUMNS: Final = ("ID", "TIME", "OUTCOME", "STATUS", "MS", "UPSTREAM MS", "ACTION", "MODE", "ERROR")
POLL_SECONDS: Final = 0.5
PAGE: Final = 1_000


@click.command()
@click.argument("execution_id", required=False, metavar="[ID]")
@click.option("--action", "action_id", default="", metavar="ID", help="Only runs of this action.")
@click.option("--integration", "integration_id", default="", metavar="ID", help="Only runs of its actions.")
@click.option("--correlation-id", default="", metavar="ID", help="Only the run that got this answer header.")
@click.option(
    "--since", default="", metavar="AGE|TIME", help="Only runs from then on: 10m, 2h, 7d or a time."
)
@click.option("--failed", is_flag=True, help="Only runs that did not succeed.")
@click.option(
    "--outcome",
    type=click.Choice(["succeeded", "failed", "interrupted"]),
    help="Only runs that ended so.",
)
@click.option("--status", type=click.IntRange(0, 999), help="Only runs with this HTTP status, such as 429.")
@click.option(
    "--limit", type=click.IntRange(1, PAGE), default=20, show_default=True, help="How many at most."
)
@click.option("--follow", is_flag=True, help="Go on with what comes, until interrupted.")
@click.option("--replay", is_flag=True, help="Run the inputs of run ID again and compare the results.")
@click.option("--published", is_flag=True, help="Replay against the published action, not against its draft.")
@connected
def command(
    client: Client,
    output: Output,
    /,
    execution_id: str | None,
    *,
    follow: bool,
    replay: bool,
    published: bool,
    **wanted: Any,
) -> int:
    """List what ran, the newest last; with ID, show one run with its steps.

    Inputs and results are kept only by a server started with `--log-bodies`, and never for secure actions.
    """
    executions = Executions(client)
    if execution_id is None:
        if replay or published:
            raise _refused("--replay", "the ID of a run before it", "no ID")
        return _list(executions, output, follow=follow, **wanted)
    if replay:
        return _replay(executions, output, execution_id, "published" if published else "draft")
    _show(executions.get(execution_id), output)
    return ExitCode.OK


def _list(
    executions: Executions,
    output: Output,
    *,
    follow: bool,
    failed: bool,
    status: int | None,
    outcome: str | None,
    limit: int,
    **ids: str,
) -> int:
    query: dict[str, Any] = {
        "actionId": ids["action_id"] or None,
        "integrationId": ids["integration_id"] or None,
        "correlationId": ids["correlation_id"] or None,
        "since": ids["since"] or None,
        "outcome": outcome,
        "status": status,
        "problems": "true" if failed else None,
    }
    newest, dropped = executions.page({**query, "pageSize": limit})
    runs = newest[::-1]
    _print(output, runs, head=True)
    if dropped:
        output.message(f"{dropped} runs came too fast to be kept.")
    if not runs and not follow:
        output.message("Nothing ran yet, or nothing that the filters let through.")
    if follow:
        last = runs[-1]["id"] if runs else "0"
        for more in _following(executions, query, last):
            _print(output, more, head=False)
    return ExitCode.OK


def _following(executions: Executions, query: dict[str, Any], last: str) -> Iterator[list[dict[str, Any]]]:
    """Yield what comes, until somebody interrupts."""
    while True:
        runs, _ = executions.page({**query, "after": last, "pageSize": PAGE})
        if runs:
            last = runs[-1]["id"]
            yield runs
        else:
            time.sleep(POLL_SECONDS)


def _print(output: Output, runs: Sequence[dict[str, Any]], *, head: bool) -> None:
    if output.json:
        for run in runs:
            output.line(run)
        return
    rows = [_row(run) for run in runs]
    if head:
        output.table(COLUMNS, rows)
        return
    for row in rows:
        output.text("\t".join(str(cell) for cell in row))


def _row(run: dict[str, Any]) -> tuple[object, ...]:
    action, error = run.get("action") or {}, run.get("error") or {}
    return (
        run.get("id"),
        run.get("date"),
        run.get("outcome"),
        run.get("status"),
        run.get("milliseconds"),
        run.get("upstreamMilliseconds"),
        action.get("name"),
        f"{run.get('mode')} {action.get('state')}",
        error.get("code", ""),
    )


def _show(run: dict[str, Any], output: Output) -> None:
    if output.json:
        output.line(run)
        return
    action, error = run.get("action") or {}, run.get("error") or {}
    rows: list[tuple[str, object]] = [
        ("id", run.get("id")),
        ("time", run.get("date")),
        ("outcome", f"{run.get('outcome')}, status {run.get('status')}"),
        ("action", f"{action.get('name')} ({action.get('id')})"),
        ("form", f"{action.get('state')}, version {action.get('version')}"),
        ("caller", (run.get("caller") or {}).get("userId") or (run.get("caller") or {}).get("clientId")),
        ("took", f"{run.get('milliseconds')} ms, of which upstream {run.get('upstreamMilliseconds')} ms"),
        ("sizes", f"{run.get('requestBytes')} bytes in, {run.get('responseBytes')} bytes out"),
        ("remote status", run.get("remoteStatus", "none")),
        ("correlation id", run.get("correlationId")),
    ]
    if error:
        rows.append(("error", f"{error.get('code')} {error.get('errorCode')}".strip()))
    rows += [
        ("step" if step.get("success") else "failed step", step.get("name"))
        for step in run.get("steps") or ()
    ]
    rows += [(name, run[name]) for name in ("inputs", "result") if run.get(name)]
    output.table(("WHAT", "VALUE"), rows)
    if run.get("replayable"):
        output.message(
            f"`jackfield logs {run.get('id')} --replay` runs these inputs against the action's draft."
        )


def _replay(executions: Executions, output: Output, execution_id: str, state: str) -> int:
    """Replay a run; exit 7 where it gives something else now."""
    replayed = executions.replay(execution_id, state)
    if output.json:
        output.line(replayed)
    else:
        _show_replay(replayed, output)
    return ExitCode.OK if replayed.get("same") else ExitCode.ASSERTIONS


def _show_replay(replayed: dict[str, Any], output: Output) -> None:
    before, after = replayed.get("before") or {}, replayed.get("after") or {}
    output.text(f"then  {before.get('outcome')}, version {(before.get('action') or {}).get('version')}")
    output.text(f"now   {'succeeded' if after.get('success') else 'failed'}, {replayed.get('state')}")
    differences = replayed.get("differences") or []
    if differences:
        rows = [
            tuple(one[name] or "(none)" for name in ("pointer", "before", "after")) for one in differences
        ]
        output.table(("WHERE", "THEN", "NOW"), rows)
    elif replayed.get("same"):
        output.text("The results are the same.")
    failed = next((one for one in after.get("operations") or () if not one.get("success")), None)
    if failed is not None:
        reason = (failed.get("error") or {}).get("message", "")
        output.text(f"failed step: {failed.get('name')}: {reason}")


def _refused(name: str, wanted: str, seen: str) -> OperationRefused:
    finding = found("SETTING_REFUSED", Place(name), name=name, seen=seen, wanted=wanted)
    return OperationRefused(finding, exit_code=ExitCode.USAGE)
