"""The bench and a running server are one engine: the same steps, results and findings."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from jackfield.domain.action import ActionState
from jackfield.workbench.bench import Bench, BenchResult, Trial
from jackfield.workbench.recorded_service import ReceivedRequest, RecordedService
from jackfield.workbench.replies import GivenReplies, GivenReply, json_reply
from jackfield.workbench.trace import CALL, failed_step
from support.generated_actions import Generated, generated
from support.installation import API, enable, make_integration, taken, tried
from support.sample_actions import document

COUNT = 120


class Fixed(RecordedService):
    """Answers every request as the test says."""

    fixed = GivenReply()

    def reply_to(self, request: ReceivedRequest) -> GivenReply:
        """Note the request and answer."""
        self.requests.append(request)
        return self.fixed


@pytest.fixture(scope="module")
def service() -> Iterator[Fixed]:
    """The web service of all actions here."""
    with Fixed() as running:
        yield running


@pytest.fixture(scope="module")
def integration(http: httpx.Client) -> str:
    """An enabled integration without credentials."""
    made = make_integration(http, "Identity")
    enable(http, made["id"])
    return str(made["id"])


def on_the_server(http: httpx.Client, integration: str, one: Generated) -> dict[str, Any]:
    """Make the action, test it, and remove it."""
    body = {name: one.action[name] for name in ("name", "config", "contract", "secure")}
    answer = http.post(
        f"{API}/actions/drafts", json={**body, "category": "Generated", "integrationId": integration}
    )
    action_id = taken(answer)["id"]
    try:
        answer = http.post(f"{API}/actions/{action_id}/draft/test", json=one.inputs)
        return taken(answer)
    finally:
        http.delete(f"{API}/actions/{action_id}/draft")


def on_the_bench(tmp_path: Path, bench: Bench, one: Generated) -> BenchResult:
    """Test the action offline."""
    reply = json_reply(one.reply, one.status) if one.reply is not None else GivenReply(one.status, ())
    raw = json.dumps(one.inputs, ensure_ascii=False, separators=(",", ":"))
    trial = Trial(document(tmp_path, one.action), GivenReplies(reply), one.inputs, raw_request=raw)
    return bench.run(trial)


def wire_steps(result: dict[str, Any]) -> list[tuple[int, str, bool, Any]]:
    """Return the steps of a server's answer, without what only a real call has."""
    return [(one["step"], one["name"], one["success"], _steady(one)) for one in result["operations"]]


def bench_steps(result: BenchResult) -> list[tuple[int, str, bool, Any]]:
    """Return the steps of an offline test in the same form."""
    rows = [
        {"step": one.step, "name": one.name, "success": one.success, "result": one.result}
        for one in result.result.operations
    ]
    return wire_steps({"operations": json.loads(json.dumps(rows))})


def _steady(row: dict[str, Any]) -> Any:
    value = row.get("result")
    if row["name"] == CALL and isinstance(value, dict):
        return {name: item for name, item in value.items() if name in ("status", "body")}
    return value


def test_an_offline_test_is_what_a_server_does(
    http: httpx.Client, integration: str, service: Fixed, tmp_path: Path
) -> None:
    """For generated actions both give the same steps, the same result, and the same first finding."""
    outcomes: dict[int, int] = {}
    with Bench() as bench:
        for one in generated(COUNT, service.url, seed=5):
            service.fixed = (
                json_reply(one.reply, one.status) if one.reply is not None else GivenReply(one.status, ())
            )
            server, offline = on_the_server(http, integration, one), on_the_bench(tmp_path, bench, one)
            assert bench_steps(offline) == wire_steps(server), one
            assert offline.success is server["success"]
            assert offline.value == server.get("finalResult")
            failed = failed_step(offline.result)
            outcomes[failed.step if failed else 0] = outcomes.get(failed.step if failed else 0, 0) + 1
            if failed is not None:
                assert server["error"]["message"] == offline.findings[0].message
    # The comparison means something only where runs end everywhere.
    assert outcomes[0] > COUNT // 20, outcomes
    assert {5, 8, 10} <= outcomes.keys(), outcomes


def test_published_actions_too(http: httpx.Client, integration: str, service: Fixed, tmp_path: Path) -> None:
    """The step of a published action has its own name in both."""
    one = next(item for item in generated(COUNT, service.url, seed=6) if "#if(" not in str(item.action))
    body = {name: one.action[name] for name in ("name", "config", "contract", "secure")}
    action = taken(
        http.post(f"{API}/actions", json={**body, "category": "Generated", "integrationId": integration})
    )
    service.fixed = json_reply({})
    server = tried(http, action["id"], one.inputs)
    with Bench() as bench:
        raw = json.dumps(one.inputs, ensure_ascii=False, separators=(",", ":"))
        offline = bench.run(
            Trial(
                document(tmp_path, one.action),
                GivenReplies(json_reply({})),
                one.inputs,
                raw_request=raw,
                state=ActionState.PUBLISHED,
            )
        )
    assert bench_steps(offline) == wire_steps(server)
