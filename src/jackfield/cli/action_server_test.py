"""`jackfield action test --server`: a server's own test of an action, shown like those of the bench."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from jackfield.cli import refusals, traces
from jackfield.cli.action_publish import named
from jackfield.cli.exit_codes import ExitCode
from jackfield.cli.output import Output
from jackfield.client.actions import Action, Actions, TestExecutionResult
from jackfield.client.errors import read_error
from jackfield.client.integrations import Integrations
from jackfield.domain.errors import OperationRefused
from jackfield.domain.finding import Finding
from jackfield.domain.masking import Masker
from jackfield.domain.run import Operation
from jackfield.workbench.documents import ActionDocument
from jackfield.workbench.server_actions import document_of, type_of
from jackfield.workbench.trace import CALL, TRANSLATION, TranslationRow, rows_of

if TYPE_CHECKING:
    from jackfield.client.http import Client


def run_on_server(
    client: Client, output: Output, word: str, inputs: str, *, draft: bool, flatten: bool
) -> int:
    """Let a server test an action, show its steps, and return the exit code. This really calls the service.

    Args:
        word: id or name of the action.
        inputs: JSON text of the input.
        draft: its draft instead.
        flatten: ask for the flat form.
    """
    calls = Actions(client)
    chosen = named(calls, word, draft=draft)
    identity = str(chosen["id"])
    document = _document(client, chosen, draft=draft)
    output.sent = "" if chosen.get("secure") else inputs
    answer = calls.test(identity, inputs.encode("utf-8", "replace"), flatten=flatten, draft=draft)
    operations = [_operation(one) for one in answer.get("operations") or []]
    findings = _findings(answer)
    success = bool(answer.get("success"))
    rows = _translation(document, operations)
    where = f"{client.connection.addresses.api}, {'draft' if draft else 'version'} {chosen.get('version')}"
    run = traces.Shown(
        title=f"{chosen.get('name')}  ({where})",
        inputs=_value(inputs),
        operations=operations,
        findings=findings,
        translation=rows,
        success=success,
        value=answer.get("finalResult"),
    )
    output.document(_members(chosen, answer, rows, findings))
    if not output.json:
        traces.show_run(output, run)
        output.text()
        output.text("passed" if success else "failed")
    return ExitCode.OK if success else ExitCode.ASSERTIONS


def _document(client: Client, chosen: Action, *, draft: bool) -> ActionDocument | None:
    """Return the action with its translation map; None where a server shows no configuration."""
    home = str(chosen.get("integrationId") or "")
    kind = type_of(Integrations(client).get(home)) if home else ""
    try:
        return document_of(Actions(client).whole(str(chosen["id"]), draft=draft), kind)
    except OperationRefused:
        return None


def _operation(said: Mapping[str, Any]) -> Operation:
    return Operation(
        step=int(said.get("step") or 0),
        name=str(said.get("name") or ""),
        success=bool(said.get("success")),
        result=said.get("result"),
    )


def _findings(answer: TestExecutionResult) -> tuple[Finding, ...]:
    """Return why a run failed; the failing step has the fullest error."""
    failed = (one.get("error") for one in answer.get("operations") or [] if not one.get("success"))
    error = next((one for one in failed if one), answer.get("error"))
    if answer.get("success") or not error:
        return ()
    status = error.get("status")
    return read_error(status if isinstance(status, int) else 400, {}, json.dumps(error).encode()).findings


def _translation(document: ActionDocument | None, steps: Sequence[Operation]) -> tuple[TranslationRow, ...]:
    step = next((one for one in steps if one.name == TRANSLATION), None)
    if document is None or step is None or not isinstance(step.result, Mapping):
        return ()
    call = next((one.result for one in steps if one.name == CALL), None)
    body = call.get("body") if isinstance(call, Mapping) else None
    return rows_of(document, step.result, body if isinstance(body, dict | list) else {}, Masker([]))


def _members(
    chosen: Action,
    answer: TestExecutionResult,
    rows: Sequence[TranslationRow],
    findings: Sequence[Finding],
) -> dict[str, Any]:
    return {
        "ok": bool(answer.get("success")),
        "action_id": chosen.get("id"),
        "action": chosen.get("name"),
        "version": chosen.get("version"),
        "success": bool(answer.get("success")),
        "operations": answer.get("operations") or [],
        "translation": [row.members() for row in rows],
        "final_result": answer.get("finalResult"),
        "findings": [refusals.finding_members(one) for one in findings],
    }


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
