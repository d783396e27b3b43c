"""Executing a data action, against nginx `proxy_pass` to the same upstream and a raw-ASGI echo.

Everything runs on the loopback interface, for a few seconds, and is stopped by its process id. The measured
path does all of it: token and permission check, contract, three templates, guard, Basic authentication,
translation, output check.
"""

from __future__ import annotations

import json
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from bench.measure import table

SECONDS, ROUNDS, CONNECTIONS = 2, 5, (32, 1)
INPUT = {"customerId": "4711", "phone": "+49 30 1234", "note": 'said "hello"'}
REPLY = json.dumps(
    {"customer": {"name": "Ada", "tier": "gold", "orders": [{"id": 1}, {"id": 2}]}, "ok": True}
)
TICKS = os.sysconf("SC_CLK_TCK")

ECHO = """
async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    message = await receive()
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": message["body"]})
"""

NGINX = """
worker_processes 1; daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 512; }}
http {{
  access_log off; keepalive_requests 1000000; client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u;
  scgi_temp_path {folder}/s;
  upstream service {{ server 127.0.0.1:{upstream}; keepalive 64; }}
  server {{ listen 127.0.0.1:{upstream}; location / {{
    if ($http_authorization !~ ^Basic) {{ return 401; }}
    default_type application/json; return 200 '{reply}'; }} }}
  server {{ listen 127.0.0.1:{proxy}; location / {{
    proxy_pass http://service; proxy_http_version 1.1; proxy_set_header Connection "";
    proxy_set_header Authorization "Basic bG9naW46cGFzc3dvcmQ="; }} }}
}}
"""


@dataclass(frozen=True)
class Target:
    """One contestant: where to send the load, and whose CPU time to count."""

    url: str
    pids: tuple[int, ...]
    token: str = ""


@dataclass(frozen=True)
class Load:
    """What one run of the load generator measured. Times in microseconds."""

    rate: float
    p50: float
    p99: float
    cpu: float


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _running(arguments: list[str], cwd: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        arguments, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(port: int) -> None:
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise TimeoutError(f"nothing listens on port {port}")


def _children(pid: int) -> tuple[int, ...]:
    path = Path(f"/proc/{pid}/task/{pid}/children")
    return tuple(int(child) for child in path.read_text().split())


def _cpu(pids: tuple[int, ...]) -> float:
    total = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total / TICKS


def _script(folder: Path, token: str) -> Path:
    path = folder / f"post-{'auth' if token else 'plain'}.lua"
    lines = ['wrk.method = "POST"', f"wrk.body = [[{json.dumps(INPUT)}]]"]
    lines.append('wrk.headers["Content-Type"] = "application/json"')
    if token:
        lines.append(f'wrk.headers["Authorization"] = "Bearer {token}"')
    lines.append(
        "done = function(s, l, r) io.write(string.format('RESULT %d %d %d %d %d', s.requests, s.duration,"
        " l:percentile(50), l:percentile(99), s.errors.status + s.errors.read + s.errors.timeout)) end"
    )
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def _load(target: Target, connections: int, folder: Path) -> Load:
    before = _cpu(target.pids)
    command = [
        "wrk",
        "-t1",
        f"-c{connections}",
        f"-d{SECONDS}s",
        "-s",
        str(_script(folder, target.token)),
        target.url,
    ]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    match = re.search(r"RESULT (\d+) (\d+) (\d+) (\d+) (\d+)", output)
    if match is None or int(match[5]):
        raise RuntimeError(f"the load on {target.url} failed:\n{output}")
    requests, duration, p50, p99 = (int(match[index]) for index in range(1, 5))
    return Load(requests / duration * 1e6, p50, p99, (_cpu(target.pids) - before) / requests * 1e6)


def _prepare(url: str, client_id: str, secret: str, upstream: int) -> tuple[str, str]:
    with httpx.Client(base_url=url, timeout=10) as http:
        grant = {"grant_type": "client_credentials"}
        token = http.post("/oauth/token", data=grant, auth=(client_id, secret)).json()["access_token"]
        http.headers["Authorization"] = f"Bearer {token}"
        base = "/api/v2/integrations"
        fields = {"userName": "login", "password": "password"}
        body = {"name": "bench", "type": {"name": "basicAuth"}, "credentialFields": fields}
        credential = http.post(f"{base}/credentials", json=body).raise_for_status().json()["id"]
        integration = http.post(base, json={"integrationType": {"id": "custom-rest-actions"}}).json()["id"]
        configuration = {
            "name": "bench",
            "version": 1,
            "properties": {},
            "advanced": {},
            "notes": "",
            "credentials": {"basicAuth": {"id": credential}},
        }
        http.put(f"{base}/{integration}/config/current", json=configuration).raise_for_status()
        http.patch(f"{base}/{integration}", json={"intendedState": "ENABLED"}).raise_for_status()
        action = (
            http.post(f"{base}/actions", json=_action(integration, upstream)).raise_for_status().json()["id"]
        )
        execute = f"{base}/actions/{action}/execute"
        answer = http.post(execute, json=INPUT).raise_for_status().json()
        assert answer == {"name": "Ada", "tier": "gold", "ids": [1, 2], "note": "none"}, answer
        return f"{url}{execute}", token


def _action(integration: str, upstream: int) -> dict[str, object]:
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
                "requestUrlTemplate": f"http://127.0.0.1:{upstream}/customers/$esc.uriEncode(${{input.customerId}})",
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


@contextmanager
def _contestants(folder: Path) -> Iterator[dict[str, Target]]:
    upstream, proxy, echo = _free_port(), _free_port(), _free_port()
    (folder / "nginx.conf").write_text(
        NGINX.format(folder=folder, upstream=upstream, proxy=proxy, reply=REPLY)
    )
    (folder / "echo.py").write_text(ECHO)
    nginx = ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")]
    uvicorn = [sys.executable, "-m", "uvicorn", "echo:app", "--port", str(echo), "--no-access-log"]
    serve = [sys.executable, "-m", "jackfield.cli.main", "up", "--port", "0", "--json", "--ephemeral"]
    with (
        _running(nginx, folder) as edge,
        _running(uvicorn, folder) as plain,
        _running(serve, folder) as server,
    ):
        assert server.stdout is not None
        started = json.loads(server.stdout.readline())
        _wait_for(proxy)
        _wait_for(echo)
        url, token = _prepare(started["url"], started["client_id"], started["client_secret"], upstream)
        yield {
            "jackfield execute": Target(url, (server.pid,), token),
            "nginx proxy_pass": Target(f"http://127.0.0.1:{proxy}/", _children(edge.pid)),
            "raw ASGI echo": Target(f"http://127.0.0.1:{echo}/", (plain.pid,)),
        }


def main() -> None:
    """Print rates, times and ratios for 32 connections and for one."""
    with tempfile.TemporaryDirectory() as name, _contestants(Path(name)) as targets:
        for target in targets.values():
            _load(target, 32, Path(name))
        for connections in CONNECTIONS:
            runs: dict[str, list[Load]] = {target: [] for target in targets}
            for _ in range(ROUNDS):
                for label, target in targets.items():
                    runs[label].append(_load(target, connections, Path(name)))
            _report(connections, runs)


def _report(connections: int, runs: dict[str, list[Load]]) -> None:
    def median(label: str, field: str) -> float:
        return float(statistics.median(getattr(load, field) for load in runs[label]))

    def against(control: str, field: str) -> float:
        pairs = zip(runs["jackfield execute"], runs[control], strict=True)
        ratios = [getattr(mine, field) / max(getattr(other, field), 1e-9) for mine, other in pairs]
        return float(statistics.median(ratios))

    rows = [
        (label, *(f"{median(label, field):.0f}" for field in ("rate", "p50", "p99", "cpu"))) for label in runs
    ]
    print(f"\n{connections} connection(s), {ROUNDS} interleaved rounds of {SECONDS} s, medians")
    print(table(rows, ("contestant", "req/s", "p50 us", "p99 us", "CPU us/req")))
    print(f"rate against nginx proxy_pass: {against('nginx proxy_pass', 'rate'):.2f}")
    print(f"p50 against nginx proxy_pass: {against('nginx proxy_pass', 'p50'):.2f}")
    print(f"CPU per request against raw ASGI echo: {against('raw ASGI echo', 'cpu'):.2f}")
    print(f"p99 / p50: {median('jackfield execute', 'p99') / median('jackfield execute', 'p50'):.2f}")
