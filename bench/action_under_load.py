"""The data action that the benchmarks execute, its web service, and a server that has it."""

from __future__ import annotations

import json
import platform
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from bench.options import OPTIONS
from bench.processes import running

ROOT = Path(__file__).parents[1]
COMPILED = ROOT / "build" / "compiled"

NOTE = (
    'said "hello" and would like to be called back about the order of last week, which came without a lid; '
    * 2
)
INPUT = {"customerId": "4711", "phone": "+49 30 1234", "note": NOTE}
BODY = json.dumps(INPUT)
REPLY = {"customer": {"name": "Ada", "tier": "gold", "orders": [{"id": 1}, {"id": 2}]}, "ok": True}
RESULT = {"name": "Ada", "tier": "gold", "ids": [1, 2], "note": "none"}
BASE = "/api/v2/integrations"


def build() -> dict[str, str]:
    """Return the environment in which Python finds the build that is measured.

    Raises:
        FileNotFoundError: it has not been made.
    """
    if OPTIONS.pure:
        return {"PYTHONPATH": str(ROOT / "src")}
    if not (COMPILED / "jackfield").is_dir():
        raise FileNotFoundError("there is no compiled build: run `make compiled`, or measure with --pure")
    return {"PYTHONPATH": str(COMPILED)}


def described() -> str:
    """Return in words what is measured."""
    kind = "plain Python" if OPTIONS.pure else "the compiled build"
    return f"Jackfield: {kind}, on Python {platform.python_version()}"


@contextmanager
def server(folder: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    """Run a server of the build that is measured; yield its process and what it says once it accepts.

    Raises:
        RuntimeError: it is of the other build; figures of it would carry the wrong name.
    """
    command = [sys.executable, "-m", "jackfield.cli.main", "up", "--port", "0", "--json", *options]
    with running(command, folder, build()) as process:
        assert process.stdout is not None
        started = json.loads(process.stdout.readline())
        meant = f'kind="{"pure" if OPTIONS.pure else "compiled"}"'
        if meant not in httpx.get(f"{started['url']}/metrics").text:
            raise RuntimeError(f"the server is not of the build that is measured: {meant}")
        yield process, started


def client(url: str, client_id: str, secret: str) -> httpx.Client:
    """Return a client with a token."""
    http = httpx.Client(base_url=url, timeout=10)
    grant = {"grant_type": "client_credentials"}
    answer = http.post("/oauth/token", data=grant, auth=(client_id, secret)).raise_for_status()
    http.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
    return http


def token_of(http: httpx.Client) -> str:
    """Return the token that a client sends."""
    return http.headers["Authorization"].removeprefix("Bearer ")


def prepare(http: httpx.Client, upstream: str) -> str:
    """Create credential, integration and action; return the path that executes it."""
    fields = {"userName": "login", "password": "password"}
    body = {"name": "bench", "type": {"name": "basicAuth"}, "credentialFields": fields}
    credential = http.post(f"{BASE}/credentials", json=body).raise_for_status().json()["id"]
    made = http.post(BASE, json={"integrationType": {"id": "custom-rest-actions"}}).raise_for_status()
    integration = made.json()["id"]
    configuration = {
        "name": "bench",
        "version": 1,
        "properties": {},
        "advanced": {},
        "notes": "",
        "credentials": {"basicAuth": {"id": credential}},
    }
    http.put(f"{BASE}/{integration}/config/current", json=configuration).raise_for_status()
    http.patch(f"{BASE}/{integration}", json={"intendedState": "ENABLED"}).raise_for_status()
    created = http.post(f"{BASE}/actions", json=action(integration, upstream)).raise_for_status()
    execute = f"{BASE}/actions/{created.json()['id']}/execute"
    answer = http.post(execute, json=INPUT).raise_for_status().json()
    assert answer == RESULT, answer
    return execute


def action(integration: str, upstream: str) -> dict[str, object]:
    """Return a data action with contracts both ways, four templates and four translated values."""
    texts = {name: {"type": "string"} for name in INPUT}
    return {
        "name": "bench",
        "category": "bench",
        "integrationId": integration,
        "contract": {
            "input": {"inputSchema": {"type": "object", "properties": texts, "required": ["customerId"]}},
            "output": {"successSchema": {"type": "object", "properties": {"name": {"type": "string"}}}},
        },
        "config": {
            "request": {
                "requestType": "POST",
                "requestUrlTemplate": f"{upstream}/customers/$esc.uriEncode(${{input.customerId}})",
                "headers": {"Content-Type": "application/json", "X-Phone": "${input.phone}"},
                "requestTemplate": '{"note": "$esc.jsonEncode(${input.note})"#if("$!{input.phone}" != ""),'
                ' "phone": "${input.phone}"#end}',
            },
            "response": {
                "translationMap": {
                    "name": "$.customer.name",
                    "tier": "$.customer.tier",
                    "ids": "$.customer.orders[*].id",
                    "note": "$.customer.note",
                },
                "translationMapDefaults": {"note": '"none"'},
                "successTemplate": '{"name": ${name}, "tier": ${tier}, "ids": ${ids}, "note": ${note}}',
            },
        },
    }
