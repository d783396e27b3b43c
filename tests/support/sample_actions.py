"""Data actions of our own with the constructs that published ones use, as exported files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jackfield.workbench.documents import ActionDocument
from jackfield.workbench.forms import load

TEXT = {"type": "string"}
WHOLE = {"type": "integer"}


def exported(
    url: str,
    method: str = "GET",
    *,
    name: str = "An action",
    kind: str = "custom-rest-actions",
    action_type: str = "custom",
    headers: Mapping[str, str] | None = None,
    body: str = "${input.rawRequest}",
    paths: Mapping[str, str] | None = None,
    defaults: Mapping[str, str] | None = None,
    success: str = "${rawResult}",
    inputs: Mapping[str, Any] | None = None,
    required: tuple[str, ...] = (),
    outputs: Mapping[str, Any] | None = None,
    secure: bool = False,
) -> dict[str, Any]:
    """Return an action as an integration's page exports it."""
    return {
        "name": name,
        "integrationType": kind,
        "actionType": action_type,
        "config": {
            "request": {
                "requestUrlTemplate": url,
                "requestType": method,
                "headers": dict(headers or {}),
                "requestTemplate": body,
            },
            "response": {
                "translationMap": dict(paths or {}),
                "translationMapDefaults": dict(defaults or {}),
                "successTemplate": success,
            },
        },
        "contract": {
            "input": {
                "inputSchema": {
                    "type": "object",
                    "properties": dict(inputs or {}),
                    **({"required": list(required)} if required else {}),
                }
            },
            "output": {"successSchema": {"type": "object", "properties": dict(outputs or {})}},
        },
        "secure": secure,
    }


def login(url: str = "https://login.example.com/token") -> dict[str, Any]:
    """Return the login of an integration."""
    return exported(
        url,
        "POST",
        name="Service (Auth)",
        action_type="customAuth",
        headers={
            "Authorization": 'Basic $encoding.base64("${credentials.clientId}:${credentials.clientSecret}")',
            "Content-Type": "application/x-www-form-urlencoded",
            "Transfer-Encoding": "buffered",
        },
        body="grant_type=client_credentials",
    )


_FILTER = "$.entities[?(@.kind != 'join' && @.kind != 'leave')]"
PLATFORM = "purecloud-data-actions"

WHOLE_ACTIONS: dict[str, dict[str, Any]] = {
    "login": login(),
    "login at a URL of the credential": login("${credentials.loginUrl}"),
    "passes everything through": exported("/api/v2/conversations/${input.conversationId}", kind=PLATFORM),
    "first of a filter": exported(
        "/api/v2/timezones?pageSize=500",
        kind=PLATFORM,
        paths={"offset": "$.entities[?(@.id == 'Europe/Berlin')].offset"},
        success='{"offset": ${successTemplateUtils.firstFromArray(${offset})}}',
        outputs={"offset": WHOLE},
    ),
    "lists out of filters": exported(
        "/api/v2/conversations/chats/${input.id}/messages?after=$!{input.after}",
        kind=PLATFORM,
        paths={"ids": f"{_FILTER}.id", "senders": f"{_FILTER}.sender.id"},
        success='{"ids": ${ids}, "senders": ${senders}}',
        inputs={"id": TEXT, "after": TEXT},
        outputs={"ids": {"type": "array", "items": TEXT}, "senders": {"type": "array", "items": TEXT}},
    ),
    "deep scan with defaults": exported(
        "/api/v2/users/${input.userId}/routingskills",
        kind=PLATFORM,
        paths={"names": "$.entities..name", "levels": "$.entities..proficiency", "pages": ".pageCount"},
        defaults={"names": "[]", "levels": "[]", "pages": "0"},
        success='{"names": ${names}, "levels": ${levels}, "pages": '
        '${successTemplateUtils.firstFromArray("${pages}", "0")}}',
        inputs={"userId": TEXT},
        outputs={
            "names": {"type": "array", "items": TEXT},
            "levels": {"type": "array", "items": {"type": "number"}},
            "pages": WHOLE,
        },
    ),
    "an object as text": exported(
        "/api/v2/conversations/${input.id}",
        kind=PLATFORM,
        paths={"attributes": '$.participants[?(@.purpose == "customer")].attributes'},
        success='{"text": "$esc.jsonEncode(${successTemplateUtils.firstFromArray("${attributes}")})"}',
        inputs={"id": TEXT},
        outputs={"text": TEXT},
    ),
    "optional members": exported(
        "/api/v2/flows/datatables/${input.table}/rows/${input.key.replace(' ','%20')}",
        "PUT",
        kind=PLATFORM,
        body='{"key": "${input.key}"\n#if("$!{input.note}" != "")\n, "note": "$!{input.note}"\n#end\n}',
        inputs={"table": TEXT, "key": TEXT, "note": TEXT},
        required=("table", "key"),
    ),
    "escaped body": exported(
        "https://service.example.com/messages",
        "POST",
        body='{"to": "$esc.jsonEncode(${input.to})", "text": "$esc.jsonString(${input.text})"}',
        paths={"count": "$.messages.length()", "first": "$.messages[0].id"},
        success='{"count": ${count}, "first": ${first}}',
        inputs={"to": TEXT, "text": TEXT},
        required=("to", "text"),
        outputs={"count": WHOLE, "first": TEXT},
    ),
    "a host from input": exported(
        "https://${input.domain}.example.com/api/user?phone=$esc.url($input.phone)",
        paths={"id": "$.result[0].sys_id", "length": "$.result.length()"},
        success='{"id": ${id}, "length": ${length}}',
        inputs={"domain": TEXT, "phone": TEXT},
        outputs={"id": TEXT, "length": WHOLE},
    ),
    "salesforce": exported(
        "/services/data/v58.0/query?q=SELECT+Id+FROM+Event+LIMIT+${input.limit}",
        kind="salesforce-datadip",
        inputs={"limit": WHOLE},
        outputs={"totalSize": WHOLE, "records": {"type": "array", "items": {"type": "object"}}},
    ),
    "dynamics": exported(
        "/api/data/v9.1/contacts?${esc.dollar}filter=$msdynamics.phoneNumberFilter(${input.phone}, "
        '["telephone1","telephone2"])',
        kind="microsoft-dynamics-data-actions",
        inputs={"phone": TEXT},
    ),
    "zendesk": exported(
        "/api/v2/tickets/${input.id}.json", kind="zendesk-data-actions", inputs={"id": WHOLE}
    ),
    "lambda": exported(
        "arn:aws:lambda:eu-west-1:123456789012:function:book",
        "POST",
        kind="aws-lambda-data-actions",
        body='{"start": "${input.start}"}',
        inputs={"start": TEXT},
        outputs={"id": TEXT},
    ),
    "function": exported(
        "book", "POST", kind="function-data-actions", headers={"x-key": "${credentials.key}"}
    ),
    "google": exported("book", "POST", kind="google-data-actions"),
    "with a login": exported(
        "https://service.example.com/users/${input.id}",
        headers={"Authorization": "Bearer ${authResponse.access_token}"},
        paths={"name": "$.name"},
        success='{"name": ${name}}',
        inputs={"id": TEXT},
        outputs={"name": TEXT},
    ),
}
"""Complete: every step succeeds with everything made up."""

DEFECTS: dict[str, tuple[dict[str, Any], str, int]] = {
    "a variable misspelt": (
        exported(
            "https://s.example.com/",
            paths={"Presence": "$.presence"},
            success='{"p": ${Presences}}',
        ),
        "TEMPLATE_VARIABLE_UNSET",
        10,
    ),
    "a placeholder for the URL": (exported("[YOUR SERVER]", "POST"), "RENDERED_URL_NOT_ABSOLUTE", 5),
    "no path at all": (
        exported("https://s.example.com/", paths={"a": "$.x[?("}, success='{"a": ${a}}'),
        "TRANSLATION_PATH_FAILED",
        9,
    ),
    "quotes around a text": (
        exported("https://s.example.com/", paths={"a": "$.x"}, success='{"a": "${a}"}', outputs={"a": TEXT}),
        "OUTPUT_NOT_JSON",
        10,
    ),
}
"""Genuine defects: the finding that names each, and the step in which it shows."""


def document(tmp_path: Path, action: Mapping[str, Any], name: str = "action") -> ActionDocument:
    """Write an action as an exported file, and read it."""
    path = tmp_path / f"{name}.{action['actionType']}.json"
    path.write_text(json.dumps(action, indent=2, ensure_ascii=False), encoding="utf-8")
    return load(path)[0]
