"""The log of executions over the wire, from the command line, and replays."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from support.greeting_service import PASSWORD, GreetingService
from support.installation import API, execute, greet, make_action, make_connected, simple_config, taken
from support.server import Server

LOG = "/jackfield/v1/executions"


@pytest.fixture(scope="module")
def logging(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that keeps bodies."""
    with Server(tmp_path_factory.mktemp("log") / "data", options=("--log-bodies",)) as running:
        yield running


@pytest.fixture(scope="module")
def client(logging: Server) -> Iterator[httpx.Client]:
    """A client of it."""
    with logging.http() as opened:
        yield opened


def wait_until(told: Callable[[], bool]) -> None:
    """Wait until something is so."""
    end = time.monotonic() + 10
    while not told():
        assert time.monotonic() < end
        time.sleep(0.02)


def logged(client: httpx.Client, count: int, **filters: str) -> list[dict[str, Any]]:
    """Return the runs, newest first, once there are so many."""
    end = time.monotonic() + 10
    while True:
        runs: list[dict[str, Any]] = taken(client.get(LOG, params=filters))["entities"]
        if len(runs) >= count or time.monotonic() > end:
            return runs
        time.sleep(0.05)


def test_a_run_stands_in_the_log(client: httpx.Client, greeter: GreetingService) -> None:
    """Who, what, how it ended, how long it took, how much; found by its correlation id, with its steps."""
    action = greet(client, make_connected(client), greeter.url)
    answer = execute(client, action, {"name": "Ada"})
    correlation = answer.headers["ININ-Correlation-Id"]
    (run,) = logged(client, 1, correlationId=correlation)
    assert (run["outcome"], run["status"], run["remoteStatus"], run["mode"]) == (
        "succeeded",
        200,
        200,
        "execute",
    )
    assert (run["action"]["id"], run["action"]["version"], run["action"]["state"]) == (action, 1, "published")
    assert run["caller"]["clientId"]
    assert run["responseBytes"] == len(answer.content)
    assert 0 < run["upstreamMilliseconds"] < run["milliseconds"]
    whole = taken(client.get(f"{LOG}/{run['id']}"))
    assert [step["success"] for step in whole["steps"]] == [True] * 11
    assert json.loads(whole["inputs"]) == {"name": "Ada"}
    assert json.loads(whole["result"]) == answer.json()


def test_a_failure_names_its_step(client: httpx.Client, greeter: GreetingService) -> None:
    """The failing step, the finding's code and the class of the failure."""
    action = make_action(client, make_connected(client), config=simple_config(f"{greeter.url}/nowhere"))["id"]
    answer = execute(client, action, {"name": "Ada"})
    assert answer.status_code >= 400
    (run,) = logged(client, 1, actionId=action, problems="true")
    assert logged(client, 1, actionId=action, status=str(run["status"]), outcome="failed") == [run]
    assert (run["outcome"], run["status"]) == ("failed", answer.status_code)
    assert run["error"]["errorCode"] == "ACTION.REMOTE_ENDPOINT"
    steps = taken(client.get(f"{LOG}/{run['id']}"))["steps"]
    assert (steps[-1]["name"], steps[-1]["success"]) == (run["error"]["step"], False)


def test_secrets_and_secure_actions_are_not_kept(
    client: httpx.Client, logging: Server, greeter: GreetingService
) -> None:
    """No password in the log's bytes; of a secure action no body at all, of inputs with secrets a mask."""
    integration = make_connected(client)
    secure = greet(client, integration, greeter.url, secure=True)
    execute(client, secure, {"name": "canary-5f2e"})
    (run,) = logged(client, 1, actionId=secure)
    assert run["replayable"] is False
    assert not {"inputs", "result"} & set(taken(client.get(f"{LOG}/{run['id']}")))
    action = greet(client, integration, greeter.url)
    execute(client, action, {"name": "Ada", "note": f"it is {PASSWORD}", "apiToken": "canary-77aa"})
    (run,) = logged(client, 1, actionId=action)
    assert run["replayable"] is False
    stored = b"".join(path.read_bytes() for path in logging.data_dir.glob("executions.db*"))
    assert b"Ada" in stored
    for secret in (PASSWORD, "canary-5f2e", "canary-77aa"):
        assert secret.encode() not in stored


def test_a_run_is_replayed_against_the_draft(client: httpx.Client, greeter: GreetingService) -> None:
    """The same action gives the same; a changed draft shows where its result differs."""
    action = greet(client, make_connected(client), greeter.url)
    execute(client, action, {"name": "Ada"})
    (run,) = logged(client, 1, actionId=action)
    assert run["replayable"] is True
    missing = client.post(f"{LOG}/{run['id']}/replay")
    assert missing.status_code == 404
    same = taken(client.post(f"{LOG}/{run['id']}/replay", params={"state": "published"}))
    assert (same["same"], same["differences"]) == (True, [])
    draft = taken(client.post(f"{API}/actions/{action}/draft"))
    config = taken(client.get(f"{API}/actions/{action}", params={"includeConfig": "true"}))["config"]
    config["response"]["successTemplate"] = '{"text": ${text}, "tags": ["new"], "nickname": ${nickname}}'
    config["request"]["requestTemplate"] = client.get(
        f"{API}/actions/{action}/templates/requesttemplate.vm"
    ).text
    taken(client.patch(f"{API}/actions/{action}/draft", json={"version": draft["version"], "config": config}))
    other = taken(client.post(f"{LOG}/{run['id']}/replay"))
    assert other["after"]["success"] is True
    assert other["same"] is False
    assert {one["pointer"].split("/")[1] for one in other["differences"]} == {"tags"}


def test_what_cannot_be_found_or_replayed(http: httpx.Client, greeter: GreetingService) -> None:
    """Unknown ids are 404; without --log-bodies a replay says what to do; a wrong time is refused."""
    for wrong in ("0", "999999999", "x", "9" * 30):
        assert http.get(f"{LOG}/{wrong}").json()["errors"][0]["code"] == "EXECUTION_NOT_FOUND"
    action = greet(http, make_connected(http), greeter.url)
    execute(http, action, {"name": "Ada"})
    (run,) = logged(http, 1, actionId=action)
    refused = http.post(f"{LOG}/{run['id']}/replay")
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (400, "EXECUTION_NOT_REPLAYABLE")
    assert http.get(LOG, params={"since": "yesterday"}).json()["errors"][0]["code"] == "QUERY_NOT_A_TIME"
    assert taken(http.get(LOG, params={"since": "10m", "actionId": action}))["entities"]


def _logs(server: Server, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "jackfield.cli.main", "logs", *arguments]
    environment = server.client_environment()
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment, timeout=60)


def test_the_command(logging: Server, client: httpx.Client, greeter: GreetingService) -> None:
    """A table for people, JSON lines for programs, one run by its id, a replay with exit 0 or 7."""
    action = greet(client, make_connected(client), greeter.url)
    execute(client, action, {"name": "Grace"})
    (run,) = logged(client, 1, actionId=action)
    table = _logs(logging, "--action", action)
    assert table.returncode == 0, table.stderr
    assert "OUTCOME" in table.stdout
    assert "succeeded" in table.stdout
    lines = _logs(logging, "--action", action, "--json").stdout.splitlines()
    assert [json.loads(line)["id"] for line in lines] == [run["id"]]
    shown = _logs(logging, run["id"])
    assert "Apply output transformation" in shown.stdout
    assert "Grace" in shown.stdout
    same = _logs(logging, run["id"], "--replay", "--published")
    assert (same.returncode, "The results are the same." in same.stdout) == (0, True)
    assert _logs(logging, "--replay").returncode == 3
    assert _logs(logging, "--since", "soon").returncode != 0


def test_following(logging: Server, client: httpx.Client, greeter: GreetingService) -> None:
    """`--follow` prints what comes, as it comes."""
    action = greet(client, make_connected(client), greeter.url)
    command = [sys.executable, "-m", "jackfield.cli.main", "logs", "--follow", "--json", "--action", action]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=logging.client_environment())
    assert process.stdout is not None
    try:
        for name in ("one", "two"):
            answer = execute(client, action, {"name": name})
            line = json.loads(process.stdout.readline())
            assert line["correlationId"] == answer.headers["ININ-Correlation-Id"]
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()


@pytest.mark.parametrize("warm", [False, True], ids=["first run", "later run"])
def test_a_stopped_server_logs_what_it_interrupted(
    tmp_path: Path, greeter: GreetingService, *, warm: bool
) -> None:
    """SIGTERM ends a run that hangs, with a task or without; its row says `interrupted`."""
    with Server(tmp_path / "data") as server, ThreadPoolExecutor(1) as pool:
        with server.http() as http:
            config = simple_config(f"{greeter.url}/slow?seconds=$input.seconds")
            contract = {
                "input": {"inputSchema": {"type": "object", "properties": {"seconds": {"type": "string"}}}},
                "output": {"successSchema": {"type": "object", "properties": {}}},
            }
            action = make_action(http, make_connected(http), config=config, contract=contract)["id"]
            if warm:
                execute(http, action, {"seconds": "0"}).raise_for_status()
                greeter.received.clear()
        hanging = pool.submit(_execute_apart, server, action)
        wait_until(lambda: any("/slow" in one.path for one in greeter.received))
        assert server.stop() == 0
        assert hanging.result().status_code == 503
        server.start()
        with server.http() as http:
            run, *_ = logged(http, 1 + warm, actionId=action)
    assert (run["outcome"], run["status"]) == ("interrupted", 0)


def _execute_apart(server: Server, action: str) -> httpx.Response:
    with server.http() as http:
        return execute(http, action, {"seconds": "8"})


def test_the_counter_of_drops_is_shown(http: httpx.Client) -> None:
    """`/metrics` has it; nothing was dropped here."""
    assert "jackfield_execution_log_dropped 0.0" in http.get("/metrics").text
