"""Routes of Jackfield's own, below `/jackfield/v1`: what the cloud has no route for.

They pass the same gate as the API. `docs/wire.md` lists them; a test holds that.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from jackfield.api.handlers import audit, credential_care, executions, presences, snapshots, webhooks
from jackfield.api.routes import Handler
from jackfield.catalog import QueryParameter, Route
from jackfield.catalog.contents import ParameterKind
from jackfield.domain.execution_log import RunOutcome

ROOT: Final = "/jackfield/v1"
VIEW: Final = ("integrations:integration:view",)
PAGES: Final = (
    QueryParameter("pageNumber", ParameterKind.INTEGER, 1),
    QueryParameter("pageSize", ParameterKind.INTEGER, 25),
)

EDIT: Final = ("integrations:integration:edit",)
CREDENTIALS: Final = f"{ROOT}/credentials"
ONE: Final = f"{CREDENTIALS}/{{credentialId}}"

READ_RUNS: Final = ("integrations:action:view", "bridge:actions:view")
RUN: Final = ("integrations:action:execute",)
EXECUTIONS: Final = f"{ROOT}/executions"
RUNS_WANTED: Final = (
    QueryParameter("pageSize", ParameterKind.INTEGER, 25),
    QueryParameter("before", ParameterKind.INTEGER),
    QueryParameter("after", ParameterKind.INTEGER),
    QueryParameter("actionId"),
    QueryParameter("integrationId"),
    QueryParameter("correlationId"),
    QueryParameter("since"),
    QueryParameter("problems", ParameterKind.BOOLEAN),
    QueryParameter("outcome", values=tuple(outcome.value for outcome in RunOutcome)),
    QueryParameter("status", ParameterKind.INTEGER),
)

READ_AUDIT: Final = ("audits:audit:view",)
AUDIT: Final = f"{ROOT}/audit"
CHANGES_WANTED: Final = (
    QueryParameter("pageSize", ParameterKind.INTEGER, 25),
    QueryParameter("after"),
    QueryParameter("action"),
    QueryParameter("entityId"),
    QueryParameter("actor"),
    QueryParameter("correlationId"),
    QueryParameter("since"),
)

STATE: Final = ("jackfield:state:edit",)

OWN_ROUTES: Final = (
    Route("POST", f"{ROOT}/reset", "post_jackfield_reset", STATE, 200),
    Route("POST", f"{ROOT}/snapshot", "post_jackfield_snapshot", STATE, 200, request_model="object"),
    Route("POST", f"{ROOT}/restore", "post_jackfield_restore", STATE, 200, request_model="object"),
    Route("GET", AUDIT, "get_jackfield_audit", READ_AUDIT, 200, query=CHANGES_WANTED),
    Route("GET", f"{AUDIT}/{{auditId}}", "get_jackfield_audit_entry", READ_AUDIT, 200),
    Route("GET", EXECUTIONS, "get_jackfield_executions", READ_RUNS, 200, query=RUNS_WANTED),
    Route("GET", f"{EXECUTIONS}/{{executionId}}", "get_jackfield_execution", READ_RUNS, 200),
    Route(
        "POST",
        f"{EXECUTIONS}/{{executionId}}/replay",
        "post_jackfield_execution_replay",
        RUN,
        200,
        query=(QueryParameter("state"),),
    ),
    Route("GET", f"{CREDENTIALS}/orphans", "get_jackfield_credential_orphans", VIEW, 200, query=PAGES),
    Route("GET", f"{ONE}/used-by", "get_jackfield_credential_used_by", VIEW, 200),
    Route("GET", f"{ONE}/health", "get_jackfield_credential_health", VIEW, 200),
    Route("POST", f"{ONE}/verify", "post_jackfield_credential_verify", EDIT, 200, request_model="object"),
    Route("POST", f"{ONE}/rotate", "post_jackfield_credential_rotate", EDIT, 200, request_model="object"),
    Route("POST", f"{ONE}/rotation/undo", "post_jackfield_credential_rotation_undo", EDIT, 200),
    Route("POST", f"{ONE}/rotation/confirm", "post_jackfield_credential_rotation_confirm", EDIT, 204),
    Route(
        "GET",
        f"{ROOT}/webhook-events",
        "get_jackfield_webhook_events",
        VIEW,
        200,
        query=(*PAGES, QueryParameter("integrationId")),
    ),
    Route(
        "GET",
        f"{ROOT}/integrations/{{integrationId}}/presences",
        "get_jackfield_presences",
        ("integration:unifiedCommunications:view",),
        200,
    ),
)

OWN_HANDLERS: Final[Mapping[str, Handler]] = MappingProxyType(
    {
        "post_jackfield_reset": Handler(snapshots.reset),
        "post_jackfield_snapshot": Handler(snapshots.take, takes_body=True),
        "post_jackfield_restore": Handler(snapshots.restore, takes_body=True),
        "get_jackfield_audit": Handler(audit.list_entries),
        "get_jackfield_audit_entry": Handler(audit.get_entry),
        "get_jackfield_executions": Handler(executions.list_executions),
        "get_jackfield_execution": Handler(executions.get_execution),
        "post_jackfield_execution_replay": Handler(executions.replay_execution),
        "get_jackfield_credential_orphans": Handler(credential_care.list_orphans),
        "get_jackfield_credential_used_by": Handler(credential_care.get_uses),
        "get_jackfield_credential_health": Handler(credential_care.get_health),
        "post_jackfield_credential_verify": Handler(credential_care.verify, takes_body=True),
        "post_jackfield_credential_rotate": Handler(credential_care.rotate, takes_body=True),
        "post_jackfield_credential_rotation_undo": Handler(credential_care.undo),
        "post_jackfield_credential_rotation_confirm": Handler(credential_care.confirm),
        "get_jackfield_webhook_events": Handler(webhooks.list_events),
        "get_jackfield_presences": Handler(presences.list_presences),
    }
)
