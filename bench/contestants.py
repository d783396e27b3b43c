"""Who executes the data action: Jackfield, and everybody it is compared with, in front of one web service."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx

from bench import action_under_load as bench_action
from bench.processes import Target, children, free_port, running, wait_for

JACKFIELD, NGINX, ECHO = "jackfield execute", "nginx proxy_pass", "raw ASGI echo"
HOP, NODE_RED, NODE_RED_KEPT = "Node + undici hop", "Node-RED flow", "Node-RED, keep-alive"
NAIVE = "naive Python stack"
PATIENCE = 100
PEERS = Path(__file__).parent / "peers"
NAIVE_PYTHON = PEERS / ".venv/bin/python"

# The least that a server of this kind does: reads JSON and writes JSON.
_ECHO = """
import orjson

async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    message = await receive()
    body = orjson.dumps(orjson.loads(message["body"]))
    length = b"%d" % len(body)
    headers = [(b"content-type", b"application/json"), (b"content-length", length)]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
"""

_NGINX = """
worker_processes 1; daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 512; }}
http {{
  access_log off; keepalive_requests 10000000; client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u;
  scgi_temp_path {folder}/s;
{servers}
}}
"""
_SERVICE = """
  server {{ listen 127.0.0.1:{upstream}; location / {{
    if ($http_authorization !~ ^Basic) {{ return 401; }}
    default_type application/json; return 200 '{reply}'; }} }}
"""
_PROXY = """
  upstream service {{ server 127.0.0.1:{upstream}; keepalive 64; keepalive_requests 10000000; }}
  server {{ listen 127.0.0.1:{proxy}; location / {{
    proxy_pass http://service; proxy_http_version 1.1; proxy_set_header Connection "";
    proxy_set_header Authorization "Basic bG9naW46cGFzc3dvcmQ="; }} }}
"""


@contextmanager
def upstream_service(folder: Path) -> Iterator[str]:
    """Start the web service; yield its origin."""
    port = free_port()
    with _nginx(
        folder / "service", port, _SERVICE.format(upstream=port, reply=json.dumps(bench_action.REPLY))
    ):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def proxy(folder: Path, origin: str) -> Iterator[tuple[int, int]]:
    """Start nginx before the web service, in a process of its own as all are; yield its id and port."""
    port = free_port()
    servers = _PROXY.format(upstream=origin.rpartition(":")[2], proxy=port)
    with _nginx(folder / "proxy", port, servers) as process:
        yield process, port


@contextmanager
def _nginx(folder: Path, port: int, servers: str) -> Iterator[int]:
    folder.mkdir()
    (folder / "nginx.conf").write_text(_NGINX.format(folder=folder, servers=servers))
    with running(["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")], folder) as process:
        wait_for(port)
        yield process.pid


@contextmanager
def contestants(folder: Path) -> Iterator[dict[str, Target]]:
    """Start everybody; each has answered rightly once before the first load."""
    with ExitStack() as stack:
        origin = stack.enter_context(upstream_service(folder))
        edge, port = stack.enter_context(proxy(folder, origin))
        process, started = stack.enter_context(bench_action.server(folder, "--ephemeral"))
        http = bench_action.client(started["url"], started["client_id"], started["client_secret"])
        stack.callback(http.close)
        token = bench_action.token_of(http)
        execute = bench_action.prepare(http, origin)
        found = {
            JACKFIELD: Target(f"{started['url']}{execute}", (process.pid,), token),
            NGINX: Target(f"http://127.0.0.1:{port}/", children(edge), token),
            ECHO: _echo(stack, folder, token),
        }
        found.update(_peers(stack, folder, origin, token))
        for name, target in found.items():
            _check(name, target)
        yield found


def _echo(stack: ExitStack, folder: Path, token: str) -> Target:
    (folder / "echo.py").write_text(_ECHO)
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "echo:app", "--port", str(port), "--no-access-log"]
    process = stack.enter_context(running(command, folder))
    wait_for(port)
    return Target(f"http://127.0.0.1:{port}/", (process.pid,), token)


def _peers(stack: ExitStack, folder: Path, origin: str, token: str) -> dict[str, Target]:
    found: dict[str, Target] = {}
    if (PEERS / "node_modules").is_dir():
        (folder / "node-red").mkdir()
        red = ["node", str(PEERS / "node_red.js")]
        port, process = _start(stack, red, folder, origin, token, str(folder / "node-red"))
        found[NODE_RED] = Target(f"http://127.0.0.1:{port}/execute", (process,), token)
        found[NODE_RED_KEPT] = Target(f"http://127.0.0.1:{port}/keepalive", (process,), token)
        port, process = _start(stack, ["node", str(PEERS / "hop.js")], folder, origin, token)
        found[HOP] = Target(f"http://127.0.0.1:{port}/execute", (process,), token)
    if NAIVE_PYTHON.exists():
        command = [str(NAIVE_PYTHON), str(PEERS / "naive.py")]
        port, process = _start(stack, command, folder, origin, token)
        found[NAIVE] = Target(f"http://127.0.0.1:{port}/execute", (process,), token)
    return found


def _start(
    stack: ExitStack, command: list[str], folder: Path, origin: str, token: str, *more: str
) -> tuple[int, int]:
    port = free_port()
    process = stack.enter_context(running([*command, str(port), origin, token, *more], folder))
    wait_for(port)
    return port, process.pid


def _check(name: str, target: Target) -> None:
    """Let a contestant do its work once, so that nobody is fast at doing something else."""
    headers = {"Authorization": f"Bearer {target.token}"}
    answer = httpx.post(target.url, json=bench_action.INPUT, headers=headers, timeout=10)
    for _ in range(PATIENCE):
        if answer.status_code != 404:
            break
        # Node-RED listens before its flows have started.
        time.sleep(0.1)
        answer = httpx.post(target.url, json=bench_action.INPUT, headers=headers, timeout=10)
    expected = {ECHO: bench_action.INPUT, NGINX: bench_action.REPLY}.get(name, bench_action.RESULT)
    assert answer.status_code == 200, (name, answer.status_code, answer.text)
    assert answer.json() == expected, (name, answer.text)
    if name not in (ECHO, NGINX):
        refused = httpx.post(target.url, json=bench_action.INPUT, headers={"Authorization": "Bearer x"})
        assert refused.status_code == 401, (name, refused.status_code)
        wrong = httpx.post(target.url, json={"phone": "1"}, headers=headers)
        assert wrong.status_code in (400, 422), (name, wrong.status_code)
