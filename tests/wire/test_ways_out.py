"""The ways out of a real server: through a proxy, with a private authority, with faults, under the guard."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import httpx
import pytest
import trustme

from support.addresses import IPV4_NOTATIONS, IPV6_NOTATIONS, SPECIAL_IPV4, SPECIAL_IPV6
from support.connect_proxy import ConnectProxy
from support.installation import enable, execute, make_action, make_integration, simple_config, tried
from support.refusals import refusal
from support.sample_actions import exported
from support.server import Server
from support.web_service import WebService

ADDRESS, PASSWORD = "93.184.215.14", "pr0xy-passw0rd"
CONTRACT = {
    "input": {"inputSchema": {"type": "object", "properties": {"url": {"type": "string"}}}},
    "output": {"successSchema": {"type": "object", "properties": {}}},
}
# No name server is asked about these: numbers, in whatever notation, and names that are this machine's own.
NUMERIC = (
    "dotted",
    "decimal",
    "hex",
    "octal",
    "dotted hex",
    "dotted octal",
    "three parts",
    "two parts",
    "mixed",
)
TARGETS = (
    *(IPV4_NOTATIONS[name](IPv4Address(text)) for text in SPECIAL_IPV4 for name in NUMERIC),
    *(spell(IPv4Address(text)) for text in SPECIAL_IPV4 for spell in IPV6_NOTATIONS.values()),
    *(f"[{text}]" for text in SPECIAL_IPV6),
    "localhost",
)


def action_on(http: httpx.Client) -> str:
    """Create an action that POSTs to the URL that it is given; return its id."""
    integration = make_integration(http)["id"]
    enable(http, integration)
    config = simple_config("${input.url}", requestType="POST")
    return str(make_action(http, integration, config=config, contract=CONTRACT)["id"])


def codes_of(answer: httpx.Response) -> list[str]:
    """Return the codes of a refusal's findings."""
    return [error["code"] for error in answer.json()["errors"]]


def in_the_background(
    work: Callable[[WebService, ConnectProxy], Any], tls: ssl.SSLContext | None = None
) -> Any:
    """Do blocking work beside a service and a proxy that leads there."""

    async def scenario() -> Any:
        async with WebService().running(tls) as service, ConnectProxy(service.port).running() as proxy:
            return await asyncio.to_thread(work, service, proxy)

    return asyncio.run(scenario())


def test_a_server_behind_a_proxy(tmp_path: Path) -> None:
    """A public address is called through the tunnel, https with the private authority too; forbidden targets
    are not asked for; the proxy's password stands in no log, trace or error."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(ADDRESS).configure_cert(context)

    def work(service: WebService, proxy: ConnectProxy) -> tuple[list[str], str]:
        environment = {"JACKFIELD_EGRESS_PROXY": f"http://joe:{PASSWORD}@127.0.0.1:{proxy.port}"}
        options = ["--egress-ca", str(tmp_path / "authority.pem"), "--upstreams", "public"]
        server = Server(tmp_path / "data", options=options, environment=environment)
        with server, server.http() as http:
            action = action_on(http)
            assert execute(http, action, {"url": f"https://{ADDRESS}/a"}).json() == {"ok": True}
            trace = tried(http, action, {"url": f"https://{ADDRESS}/b"})
            assert trace["success"]
            blocked = execute(http, action, {"url": "https://10.0.0.1/"})
            assert refusal(blocked, 400, "bad.request")
            proxy.answer = b"HTTP/1.1 403 Forbidden\r\n\r\n"
            failed = execute(http, action, {"url": "https://8.8.8.8/"})
            assert "it answered 403 Forbidden" in failed.text
            shown = f"{json.dumps(trace)} {blocked.text} {failed.text} {server.first_line}"
        return proxy.heads, shown + server.log_file.read_text()

    heads, shown = in_the_background(work, context)
    assert [head.split(" ")[1] for head in heads] == [f"{ADDRESS}:443", "8.8.8.8:443"]
    assert all("Proxy-Authorization: Basic " in head for head in heads)
    secret = heads[0].partition("Basic ")[2].partition("\r\n")[0]
    assert PASSWORD not in shown
    assert secret not in shown


def test_live_tests_go_through_the_proxy_too(tmp_path: Path) -> None:
    """`action test --live` with the same variable; without a server."""
    action = exported(f"http://{ADDRESS}/me", name="Me", method="GET")
    (tmp_path / "me.custom.json").write_text(json.dumps(action), encoding="utf-8")

    def work(service: WebService, proxy: ConnectProxy) -> tuple[int, str, list[str]]:
        environment = {**os.environ, "JACKFIELD_EGRESS_PROXY": f"http://127.0.0.1:{proxy.port}"}
        command = [sys.executable, "-m", "jackfield.cli.main", "action", "test", "me.custom.json", "--live"]
        run = subprocess.run(
            [*command, "--input", "{}"],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return run.returncode, run.stdout + run.stderr, proxy.asked

    code, shown, asked = in_the_background(work)
    assert (code, asked) == (0, [f"{ADDRESS}:80"]), shown


def test_faults_that_a_file_switches_on(tmp_path: Path) -> None:
    """The first run meets 503, the second loses the answer of a service that acted, the third goes well; each
    fault is a line of the log, and the start says that they are on."""
    faults = {
        "faults": [
            {"status": 503, "headers": {"Retry-After": "7"}, "body": {"why": "switched on"}, "times": 1},
            {"fault": "reset-in-body", "service_acts": True, "times": 1, "method": "POST", "host": "127.*"},
        ]
    }
    (tmp_path / "faults.json").write_text(json.dumps(faults), encoding="utf-8")

    def work(service: WebService, _: ConnectProxy) -> tuple[str, int]:
        server = Server(tmp_path / "data", options=["--faults", str(tmp_path / "faults.json")])
        with server, server.http() as http:
            action, inputs = action_on(http), {"url": service.url}
            first, second, third = (execute(http, action, inputs) for _ in range(3))
        assert first.status_code == 503
        assert codes_of(second) == ["UPSTREAM_RESET"]
        assert third.json() == {"ok": True}
        return server.log_file.read_text(), len(service.received)

    log, received = in_the_background(work)
    assert received == 2
    seen = [json.loads(line) for line in log.splitlines() if '"message": "fault"' in line]
    assert [line["fault"] for line in seen] == ["status 503", "reset-in-body"]


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--faults", "faults.yaml"), "FAULTS_FILE_INVALID"),
        (("--egress-proxy", f"https://joe:{PASSWORD}@proxy:1"), "SETTING_REFUSED"),
    ],
)
def test_starts_that_are_refused(tmp_path: Path, options: tuple[str, ...], code: str) -> None:
    """Before anything listens, with what is wrong and where; exit code 3, and no password."""
    (tmp_path / "faults.yaml").write_text("faults:\n  - fault: rest\n", encoding="utf-8")
    command = [sys.executable, "-m", "jackfield.cli.main", "up", "--port", "0", "--ephemeral", "--json"]
    run = subprocess.run(
        [*command, *options], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    finding = json.loads(run.stdout)["error"]["findings"][0]
    assert (run.returncode, finding["code"]) == (3, code)
    assert PASSWORD not in run.stdout + run.stderr
    if code == "FAULTS_FILE_INVALID":
        assert "Did you mean `reset`?" in finding["message"]


@contextmanager
def counting() -> Iterator[tuple[int, list[int]]]:
    """Listen on a port of IPv4 and IPv6 loopback; yield it and what was accepted."""
    accepted: list[int] = []
    first = socket.create_server(("127.0.0.1", 0))
    port = int(first.getsockname()[1])
    second = socket.create_server(("::1", port), family=socket.AF_INET6)

    def accept(listener: socket.socket) -> None:
        while True:
            try:
                connection = listener.accept()[0]
            except OSError:
                return
            accepted.append(1)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
            connection.close()

    for listener in (first, second):
        threading.Thread(target=accept, args=(listener,), daemon=True).start()
    yield port, accepted
    for listener in (first, second):
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def test_the_guard_of_a_real_server(tmp_path: Path) -> None:
    """`--upstreams public`: hundreds of targets and not one accept; with `loopback` it is reached."""
    public, loopback = (
        Server(tmp_path / mode, options=["--upstreams", mode]) for mode in ("public", "loopback")
    )
    with counting() as (port, accepted):
        with public as server, server.http() as http:
            action = action_on(http)
            codes = set()
            for host in TARGETS:
                answer = execute(http, action, {"url": f"http://{host}:{port}/"})
                codes |= set(codes_of(answer))
        assert len(TARGETS) >= 600
        assert codes == {"UPSTREAM_ADDRESS_BLOCKED"}
        assert accepted == []
        with loopback as server, server.http() as http:
            action = action_on(http)
            assert execute(http, action, {"url": f"http://2130706433:{port}/"}).json() == {}
        assert accepted == [1]
