"""One black-holed service of ten: what it does to the other nine, against their own runs without it.

Ten data actions call ten services. Nine answer (nginx, on ten ports), the tenth never takes a connection: its
port's queue is full. Rounds without and with the load on the tenth take turns; the ratio of the nine's p99 is
taken inside a round.
"""

from __future__ import annotations

import json
import re
import socket
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from bench import action_under_load as bench_action
from bench.measure import table
from bench.processes import running

SERVICES, ROUNDS, SECONDS = 10, 15, 2
CONNECTIONS, TIMEOUT = 9, 2
"""One connection for each of the nine, and as many again for the tenth alone; the action's timeout."""

BASE = "/api/v2/integrations"
NGINX = """
worker_processes 1; daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
  access_log off; keepalive_requests 1000000; client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u;
  scgi_temp_path {folder}/s;
  server {{ {listen} location / {{ default_type application/json; return 200 '{{"ok": true}}'; }} }}
}}
"""
DONE = (
    "done = function(s, l, r) io.write(string.format('RESULT %d %d %d %d', s.requests, l:percentile(50),"
    " l:percentile(99), s.errors.status + s.errors.read + s.errors.timeout)) end"
)


@dataclass(frozen=True)
class Load:
    """What one run of the load generator measured; times in microseconds."""

    requests: int
    p50: int
    p99: int
    errors: int


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _black_hole() -> Iterator[int]:
    """Yield a port whose queue is full: connections to it are neither taken nor refused."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        port = int(listener.getsockname()[1])
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", port))
        yield port
        for filler in fillers:
            filler.close()


def _actions(started: dict[str, str], ports: list[int]) -> tuple[str, list[str]]:
    """Make one action for each port; return a token and the paths."""
    with httpx.Client(base_url=started["url"], timeout=10) as http:
        login = (started["client_id"], started["client_secret"])
        grant = {"grant_type": "client_credentials"}
        token = http.post("/oauth/token", data=grant, auth=login).json()["access_token"]
        http.headers["Authorization"] = f"Bearer {token}"
        integration = http.post(BASE, json={"integrationType": {"id": "custom-rest-actions"}}).json()["id"]
        http.patch(f"{BASE}/{integration}", json={"intendedState": "ENABLED"}).raise_for_status()
        paths = []
        for number, port in enumerate(ports):
            answer = http.post(f"{BASE}/actions", json=_action(integration, number, port)).raise_for_status()
            paths.append(f"{BASE}/actions/{answer.json()['id']}/execute")
        return token, paths


def _action(integration: str, number: int, port: int) -> dict[str, object]:
    schema = {"type": "object", "properties": {}}
    return {
        "name": f"service {number}",
        "category": "bench",
        "integrationId": integration,
        "contract": {"input": {"inputSchema": schema}, "output": {"successSchema": schema}},
        "config": {
            "timeoutSeconds": TIMEOUT,
            "request": {
                "requestType": "POST",
                "requestUrlTemplate": f"http://127.0.0.1:{port}/",
                "headers": {},
                "requestTemplate": "${input.rawRequest}",
            },
            "response": {"translationMap": {}, "successTemplate": "${rawResult}"},
        },
    }


def _script(folder: Path, name: str, token: str, paths: list[str]) -> Path:
    """Write what wrk does: the paths in turn."""
    lines = ['wrk.method = "POST"', 'wrk.body = "{}"', 'wrk.headers["Content-Type"] = "application/json"']
    lines.append(f'wrk.headers["Authorization"] = "Bearer {token}"')
    lines.append(f"local paths = {{{', '.join(json.dumps(path) for path in paths)}}}")
    lines.append("local turn = 0")
    lines.append("request = function() turn = turn % #paths + 1 return wrk.format(nil, paths[turn]) end")
    path = folder / f"{name}.lua"
    path.write_text("\n".join([*lines, DONE]), encoding="utf-8")
    return path


def _wrk(url: str, script: Path, seconds: int) -> list[str]:
    options = [f"-c{CONNECTIONS}", f"-d{seconds}s", "-t1", "--timeout", "10s", "-s", str(script)]
    return ["wrk", *options, url]


def _measure(url: str, script: Path) -> Load:
    output = subprocess.run(_wrk(url, script, SECONDS), capture_output=True, text=True, check=True).stdout
    match = re.search(r"RESULT (\d+) (\d+) (\d+) (\d+)", output)
    if match is None:
        raise RuntimeError(f"the load failed:\n{output}")
    return Load(*(int(number) for number in match.groups()))


def main() -> None:
    """Print the nine's times without and with the tenth, and the ratio of their p99."""
    with tempfile.TemporaryDirectory() as name, _black_hole() as hole:
        folder = Path(name)
        ports = [_free_port() for _ in range(SERVICES - 1)]
        listen = " ".join(f"listen 127.0.0.1:{port};" for port in ports)
        (folder / "nginx.conf").write_text(NGINX.format(folder=folder, listen=listen), encoding="utf-8")
        nginx = ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")]
        with running(nginx, folder), bench_action.server(folder, "--ephemeral") as (_, started):
            token, paths = _actions(started, [*ports, hole])
            nine = _script(folder, "nine", token, paths[:-1])
            tenth = _script(folder, "tenth", token, paths[-1:])
            _measure(started["url"], nine)
            alone, beside = _rounds(started["url"], nine, tenth, folder)
    _report(alone, beside)


def _rounds(url: str, nine: Path, tenth: Path, folder: Path) -> tuple[list[Load], list[Load]]:
    alone, beside = [], []
    for _ in range(ROUNDS):
        alone.append(_measure(url, nine))
        with running(_wrk(url, tenth, SECONDS + 30), folder):
            time.sleep(0.5)
            beside.append(_measure(url, nine))
        # What waits for the tenth ends with its timeout.
        time.sleep(TIMEOUT + 0.5)
    return alone, beside


def _report(alone: list[Load], beside: list[Load]) -> None:
    rows = []
    for label, loads in (("nine services alone", alone), ("beside a black-holed tenth", beside)):
        median = [statistics.median(getattr(load, field) for load in loads) for field in ("p50", "p99")]
        rate = statistics.median(load.requests for load in loads) / SECONDS
        errors = sum(load.errors for load in loads)
        rows.append((label, f"{rate:.0f}", f"{median[0]:.0f}", f"{median[1]:.0f}", str(errors)))
    print(f"{CONNECTIONS} connections to the nine, as many to the tenth, timeout {TIMEOUT} s")
    print(f"{ROUNDS} interleaved rounds of {SECONDS} s, medians")
    print(table(rows, ("", "req/s", "p50 us", "p99 us", "errors")))
    ratios = sorted(other.p99 / own.p99 for own, other in zip(alone, beside, strict=True))
    middle = statistics.median(ratios)
    print(f"p99 beside the tenth against alone: {middle:.2f} ({ratios[0]:.2f}-{ratios[-1]:.2f})")
