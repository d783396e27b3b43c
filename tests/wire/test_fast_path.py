"""Execute on its ways – from the connection, by ASGI's messages, by the general handler – is one.

A request that is there as a whole, or whose body follows at once, takes the first: with a task where
something has to be looked up before, without one else. One whose body comes later takes the second; one with
a query the third, as every other operation. Callers cannot tell: status, headers and body are the same, byte
for byte, but for date and correlation id.
"""

from __future__ import annotations

import json
import re
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from support.faulty_service import free_port
from support.greeting_service import GreetingService
from support.installation import (
    API,
    OPEN_CONTRACT,
    greet,
    greeting_config,
    make_action,
    make_connected,
    simple_config,
)
from support.server import Server

OWN = ("date", "inin-correlation-id")
_ID = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
GOOD = json.dumps({"name": "Ada"}).encode()


@dataclass(frozen=True)
class Heard:
    """An answer as it came; `own` holds the headers that differ from answer to answer."""

    first_line: bytes
    headers: list[tuple[str, str]]
    own: dict[str, str]
    body: bytes


Say = Callable[..., Heard]


def say(
    http: httpx.Client,
    target: str,
    body: bytes = GOOD,
    *,
    method: str = "POST",
    headers: dict[str, str] | None = None,
    pieces: bool = False,
    pause: float = 0.02,
    version: str = "HTTP/1.1",
) -> Heard:
    """Send one request over a connection of its own and return what came back until its end.

    Args:
        headers: replace those that are usually sent; an empty value leaves one out.
        pieces: send the body so many seconds (`pause`) after the head.
    """
    usual = {
        "Host": "localhost",
        "Authorization": http.headers["Authorization"],
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        "Connection": "close",
    }
    sent = {**usual, **(headers or {})}
    lines = [f"{method} {target} {version}", *(f"{name}: {value}" for name, value in sent.items() if value)]
    head = "\r\n".join([*lines, "", ""]).encode()
    with socket.create_connection((http.base_url.host, http.base_url.port), timeout=10) as connection:
        if pieces:
            connection.sendall(head)
            time.sleep(pause)
            connection.sendall(body)
        else:
            connection.sendall(head + body)
        raw = b""
        while piece := connection.recv(65536):
            raw += piece
    first, _, rest = raw.partition(b"\r\n")
    named, _, content = rest.partition(b"\r\n\r\n")
    pairs = [line.decode("latin-1").partition(": ") for line in named.split(b"\r\n")]
    kept = [(name, value) for name, _, value in pairs if name not in OWN]
    own = {name: value for name, _, value in pairs if name in OWN}
    return Heard(first, kept, own, content)


def comparable(heard: Heard) -> tuple[bytes, list[tuple[str, str]], bytes]:
    """Return an answer without what differs each time; its correlation id stands in the body, too."""
    own = heard.own["inin-correlation-id"].encode()
    assert _ID.fullmatch(own)
    assert heard.own["date"]
    return heard.first_line, heard.headers, heard.body.replace(own, b"<correlation id>")


def the_same_three_ways(http: httpx.Client, action_id: str, body: bytes = GOOD, **more: object) -> Heard:
    """Execute on all ways, check that the answers are the same, and return the first."""
    path = f"{API}/actions/{action_id}/execute"
    ask: Say = say
    straight = ask(http, path, body, **more)
    # What had to be looked up for the first request is at hand now.
    assert comparable(straight) == comparable(ask(http, path, body, **more))
    assert comparable(straight) == comparable(ask(http, path, body, pieces=True, pause=0.001, **more))
    by_messages = ask(http, path, body, pieces=True, **more)
    by_handler = ask(http, f"{path}?flatten=false", body, **more)
    assert comparable(straight) == comparable(by_messages)
    assert comparable(straight) == comparable(by_handler)
    return straight


@pytest.fixture(scope="module")
def disabled(http: httpx.Client) -> str:
    """An integration that is not enabled, which runs are warned about."""
    made = make_connected(http)
    http.patch(f"{API}/{made}", json={"intendedState": "DISABLED"}).raise_for_status()
    return made


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://example.com"},
        {"Accept-Encoding": "gzip"},
        {"Content-Type": "application/json; charset=utf-8"},
        {"Content-Type": ""},
    ],
)
def test_a_success(
    http: httpx.Client, connected: str, greeter: GreetingService, headers: dict[str, str]
) -> None:
    """The result, with whatever headers the caller sends."""
    heard = the_same_three_ways(http, greet(http, connected, greeter.url), headers=headers)
    assert heard.first_line == b"HTTP/1.1 200 OK"
    assert json.loads(heard.body)["text"] == "Hello, Ada!"


def test_a_long_result(http: httpx.Client, connected: str, greeter: GreetingService) -> None:
    """A result that is worth packing is packed for those who ask for it, on every way."""
    action_id = greet(http, connected, greeter.url)
    body = json.dumps({"name": "A" * 3_000}).encode()
    plain = the_same_three_ways(http, action_id, body)
    packed = the_same_three_ways(http, action_id, body, headers={"Accept-Encoding": "gzip"})
    assert ("content-encoding", "gzip") in packed.headers
    assert len(packed.body) < len(plain.body)


def test_warnings(http: httpx.Client, disabled: str, greeter: GreetingService) -> None:
    """What is suspected goes out in the same header."""
    config = simple_config(f"{greeter.url}/slow?seconds=0")
    action = make_action(http, disabled, config=config, contract=OPEN_CONTRACT)
    heard = the_same_three_ways(http, action["id"])
    findings = json.loads(dict(heard.headers)["jackfield-findings"])
    assert [finding["code"] for finding in findings] == ["INTEGRATION_DISABLED"]


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (GOOD, {"Authorization": ""}, 401),
        (GOOD, {"Authorization": "Bearer nobody"}, 401),
        (GOOD, {"Authorization": "Basic bm9ib2R5"}, 401),
        (GOOD, {"Content-Type": "text/plain"}, 415),
        (GOOD, {"Content-Encoding": "gzip"}, 415),
        (GOOD, {"Idempotency-Key": "ü"}, 400),
        (b"", {}, 400),
        (b"[]", {}, 400),
        (b'{"name": }', {}, 400),
        (b'{"name": 3}', {}, 400),
        (b'{"name": "\xff"}', {}, 400),
        (b'{"name": {"first": "A"}}', {}, 400),
        (b'{"name": "A", "note": "x\\r\\nX-Forged: yes"}', {}, 400),
    ],
)
def test_refusals(
    http: httpx.Client,
    connected: str,
    greeter: GreetingService,
    body: bytes,
    headers: dict[str, str],
    status: int,
) -> None:
    """What the gate, the reader or a step refuses."""
    heard = the_same_three_ways(http, greet(http, connected, greeter.url), body, headers=headers)
    assert heard.first_line.split()[1] == str(status).encode()
    assert json.loads(heard.body)["status"] == status
    assert greeter.received == []


@pytest.mark.parametrize("path", ["/html", "/broken", "/nowhere"])
def test_failures_of_the_service(
    http: httpx.Client, connected: str, greeter: GreetingService, path: str
) -> None:
    """What the web service does wrong."""
    action_id = make_action(http, connected, config=simple_config(greeter.url + path))["id"]
    heard = the_same_three_ways(http, action_id)
    assert json.loads(heard.body)["details"] == [{"errorCode": "ACTION.REMOTE_ENDPOINT"}]


def test_a_service_that_takes_too_long(http: httpx.Client, connected: str, greeter: GreetingService) -> None:
    """The action's own time is over."""
    config = simple_config(f"{greeter.url}/slow?seconds=3") | {"timeoutSeconds": 1}
    heard = the_same_three_ways(http, make_action(http, connected, config=config)["id"])
    assert json.loads(heard.body)["errors"][0]["code"] == "UPSTREAM_TIMEOUT"


def test_nobody_listens(http: httpx.Client, connected: str) -> None:
    """No connection can be made."""
    config = simple_config(f"http://127.0.0.1:{free_port()}/")
    heard = the_same_three_ways(http, make_action(http, connected, config=config)["id"])
    assert json.loads(heard.body)["errors"][0]["code"] == "UPSTREAM_REFUSED"


def test_a_caller_that_may_not(
    server: Server, http: httpx.Client, connected: str, greeter: GreetingService
) -> None:
    """A token without the permission."""
    policy = {"domain": "integrations", "entityName": "integration", "actionSet": ["view"]}
    role = http.post(
        "/api/v2/authorization/roles", json={"name": "fast path", "permissionPolicies": [policy]}
    )
    wanted = {
        "name": "fast path",
        "authorizedGrantType": "CLIENT-CREDENTIALS",
        "roleIds": [role.raise_for_status().json()["id"]],
    }
    client = http.post("/api/v2/oauth/clients", json=wanted).raise_for_status().json()
    with server.http(server.token(client["id"], client["secret"])) as other:
        heard = the_same_three_ways(other, greet(http, connected, greeter.url))
    assert heard.first_line == b"HTTP/1.1 403 Forbidden"
    assert greeter.received == []


def test_too_many_at_once(tmp_path: Path, greeter: GreetingService) -> None:
    """One run more than may be under way."""
    options = ("--limit", "actions.concurrent.executions.max=1")
    with Server(tmp_path / "data", options) as server, server.http() as http, ThreadPoolExecutor(1) as pool:
        integration_id = make_connected(http)
        quick = greet(http, integration_id, greeter.url)
        config = simple_config(f"{greeter.url}/slow?seconds=1")
        slow = make_action(http, integration_id, config=config, contract=OPEN_CONTRACT)["id"]
        say(http, f"{API}/actions/{quick}/execute")
        greeter.received.clear()
        hanging = pool.submit(say, http, f"{API}/actions/{slow}/execute")
        while not greeter.received:
            time.sleep(0.01)
        heard = the_same_three_ways(http, quick)
        assert heard.first_line == b"HTTP/1.1 429 Too Many Requests"
        assert hanging.result().first_line == b"HTTP/1.1 200 OK"


def test_wrong_credentials(http: httpx.Client, greeter: GreetingService) -> None:
    """A 401 of the web service."""
    integration_id = make_connected(http, userName="loginname", password="not the password")
    heard = the_same_three_ways(http, greet(http, integration_id, greeter.url))
    assert json.loads(heard.body)["details"] == [{"errorCode": "ACTION.REMOTE_ENDPOINT"}]


def test_no_such_action(http: httpx.Client) -> None:
    """An id that nothing has."""
    heard = the_same_three_ways(http, "custom_-_5f0c5b1e-1111-4222-8333-444455556666")
    assert heard.first_line == b"HTTP/1.1 404 Not Found"


def test_an_auth_action(http: httpx.Client) -> None:
    """Auth actions are not executed by themselves."""
    heard = the_same_three_ways(http, "customAuth_-_5f0c5b1e-1111-4222-8333-444455556666")
    assert json.loads(heard.body)["errors"][0]["code"] == "AUTH_ACTION_NOT_EXECUTED"


def test_repeats(http: httpx.Client, connected: str, greeter: GreetingService) -> None:
    """A repeat gets the first answer again; the same key for another body is refused."""
    action_id = greet(http, connected, greeter.url)
    path = f"{API}/actions/{action_id}/execute"
    ways: tuple[tuple[str, bool], ...] = ((path, False), (path, True), (f"{path}?flatten=false", False))
    rounds = []
    for number, (target, pieces) in enumerate(ways):
        headers = {"Idempotency-Key": f"{action_id}-{number}"}
        other = json.dumps({"name": "Eve"}).encode()
        bodies = (GOOD, GOOD, other)
        rounds.append(
            [comparable(say(http, target, body, headers=headers, pieces=pieces)) for body in bodies]
        )
    assert [len(round_) for round_ in rounds] == [3, 3, 3]
    for first, again, reused in rounds:
        assert first[2] == again[2]
        assert ("idempotency-replayed", "true") in again[1]
        assert b"IDEMPOTENCY_KEY_REUSED" in reused[2]
        assert first == rounds[0][0]
        assert again == rounds[0][1]
    assert len(greeter.received) == 3


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "BREW"])
def test_other_methods(http: httpx.Client, connected: str, greeter: GreetingService, method: str) -> None:
    """Only POST executes; the rest is answered as on every route."""
    heard = the_same_three_ways(http, greet(http, connected, greeter.url), method=method)
    wanted = {"OPTIONS": b"204", "BREW": b"400"}.get(method, b"405")
    assert heard.first_line.split()[1] == wanted
    assert greeter.received == []


@pytest.mark.parametrize("prefix", ["/", "/gateway", "/a/b"])
def test_prefixes(http: httpx.Client, connected: str, greeter: GreetingService, prefix: str) -> None:
    """A doubled slash, or the path of a gateway, changes nothing."""
    path = f"{API}/actions/{greet(http, connected, greeter.url)}/execute"
    plain = comparable(say(http, path))
    assert plain[0] == b"HTTP/1.1 200 OK"
    for target in (f"{prefix}{path}", f"{prefix}{path}?flatten=false"):
        assert comparable(say(http, target)) == plain
    assert comparable(say(http, f"{prefix}{path}", pieces=True)) == plain


@pytest.mark.parametrize(
    "headers",
    [
        {"Connection": ""},
        {"Connection": "keep-alive"},
        {"Connection": "", "Proxy-Connection": "keep-alive"},
    ],
)
def test_http_1_0(
    http: httpx.Client, connected: str, greeter: GreetingService, headers: dict[str, str]
) -> None:
    """An old client gets the same answer and the end of the connection, whatever it asks for."""
    action_id = greet(http, connected, greeter.url)
    heard = the_same_three_ways(http, action_id, version="HTTP/1.0", headers=headers)
    assert ("connection", "close") in heard.headers


def test_a_chunked_body(http: httpx.Client, connected: str, greeter: GreetingService) -> None:
    """However the body is framed, the answer is that of the body."""
    action_id = greet(http, connected, greeter.url)
    half = len(GOOD) // 2
    framed = b"%x\r\n%b\r\n%x\r\n%b\r\n0\r\n\r\n" % (half, GOOD[:half], len(GOOD) - half, GOOD[half:])
    headers = {"Content-Length": "", "Transfer-Encoding": "chunked"}
    heard = the_same_three_ways(http, action_id, framed, headers=headers)
    assert comparable(heard) == comparable(say(http, f"{API}/actions/{action_id}/execute"))


def test_kept_connections(http: httpx.Client, connected: str, greeter: GreetingService) -> None:
    """Requests sent at once on one connection are answered in order, whichever ways they take."""
    path = f"{API}/actions/{greet(http, connected, greeter.url)}/execute"
    token = http.headers["Authorization"]
    names = [f"caller {number}" for number in range(6)]
    requests = b""
    for number, name in enumerate(names):
        body = json.dumps({"name": name}).encode()
        target = f"{path}?flatten=false" if number % 3 == 2 else path
        last = "close" if name == names[-1] else "keep-alive"
        requests += (
            f"POST {target} HTTP/1.1\r\nHost: localhost\r\nAuthorization: {token}\r\n"
            f"Connection: {last}\r\nContent-Length: {len(body)}\r\n\r\n"
        ).encode() + body
    with socket.create_connection((http.base_url.host, http.base_url.port), timeout=10) as connection:
        connection.sendall(requests)
        raw = b""
        while piece := connection.recv(65536):
            raw += piece
    assert re.findall(rb"Hello, (caller \d)!", raw) == [name.encode() for name in names]


def test_a_client_that_reads_late(http: httpx.Client, connected: str, greeter: GreetingService) -> None:
    """Answers that are more than the connection holds wait for the client, and all come, in order."""
    config = greeting_config(greeter.url)
    config["response"]["successTemplate"] = f'{{"all": [{", ".join(["${text}"] * 200)}]}}'
    path = (
        f"{API}/actions/{make_action(http, connected, config=config, contract=OPEN_CONTRACT)['id']}/execute"
    )
    http.post(path, json={"name": "the first one"}).raise_for_status()
    names = [f"caller {number:02} " + "x" * 4_000 for number in range(20)]
    requests = b""
    for name in names:
        body = json.dumps({"name": name}).encode()
        last = "close" if name == names[-1] else "keep-alive"
        requests += (
            f"POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: {http.headers['Authorization']}\r\n"
            f"Content-Type: application/json\r\nConnection: {last}\r\nContent-Length: {len(body)}\r\n\r\n"
        ).encode() + body
    with socket.create_connection((http.base_url.host, http.base_url.port), timeout=10) as connection:
        connection.sendall(requests)
        time.sleep(0.5)
        begun = len(greeter.received) - 1
        raw = bytearray()
        while piece := connection.recv(65536):
            raw += piece
    # The server did not go on executing for a client that takes nothing.
    assert begun < len(names)
    heard = re.findall(rb"Hello, (caller \d\d) ", raw)
    assert heard == [name[:9].encode() for name in names for _ in range(200)]
