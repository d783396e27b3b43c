"""The pipeline: its steps are the wire's operations."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from jackfield.domain.action import ActionState
from jackfield.domain.credential import CredentialValues
from jackfield.domain.errors import LimitReached, NotImplementedHere
from jackfield.domain.run import RunMode
from jackfield.engine.limits import EngineLimits
from jackfield.engine.pipeline import steps
from jackfield.engine.upstream import InboundReply, OutboundRequest
from support.runs import (
    CannedUpstream,
    basic_auth,
    codes,
    json_reply,
    make_action,
    make_engine,
    make_run,
    run_action,
    user_defined,
)

URL = "https://service.example/path"
DOCUMENTED = [
    "Validate request body contains simple json (key-value pairs)",
    "Validate draft definition",
    "Validate request body against simple input schema",
    "Perform authentication",
    "Resolve request URL template",
    "Resolve request header templates",
    "Resolve request body template",
    "Execute",
    "Resolve translation map",
    "Apply output transformation",
]


def test_the_first_ten_steps_of_a_draft_are_the_documented_ones() -> None:
    """Names and order as the cloud's test window shows them for a draft."""
    assert [step.name for step in steps(ActionState.DRAFT, False)][:10] == DOCUMENTED


def test_a_published_action_has_its_own_second_step() -> None:
    """Only step 2 differs; the names after step 10 are the same for both."""
    names = [step.name for step in steps(ActionState.PUBLISHED, True)]
    assert names[1] == "Validate action definition"
    assert names[:1] + names[2:10] == DOCUMENTED[:1] + DOCUMENTED[2:]
    assert names[10:] == ["Validate output against success schema", "Flatten output"]


@pytest.mark.parametrize(
    ("state", "second"), [(ActionState.DRAFT, "draft"), (ActionState.PUBLISHED, "action")]
)
def test_operations_are_numbered_and_named(state: ActionState, second: str) -> None:
    """A test run answers every step with number, name and success."""
    result = run_action(make_action(URL, state=state), flatten=True)
    assert [item.step for item in result.operations] == list(range(1, 13))
    assert second in result.operations[1].name
    assert all(item.success and item.error is None for item in result.operations)


def test_a_failing_step_ends_the_run() -> None:
    """The steps before it are green, it is red with the error, none follows; the run has the same error."""
    result = run_action(make_action(URL, success="${nothing}"))
    assert [item.success for item in result.operations] == [True] * 9 + [False]
    assert result.operations[-1].error is result.error
    assert (result.success, result.final_result) == (False, "")


def test_execute_answers_without_operations() -> None:
    """Execute gives the result's JSON text and nothing of the steps."""
    result = run_action(make_action(URL), {}, json_reply({"a": 1}), mode=RunMode.EXECUTE)
    assert (result.success, result.final_result, result.operations) == (True, '{"a":1}', ())
    assert result.remote_status == 200
    assert set(result.durations) == {"total", "upstream"}


def test_other_engines_are_not_implemented() -> None:
    """A run for an engine without code is answered 501 and names the ones there are."""
    run = replace(make_run(make_action(URL)), engine="aws-lambda")
    with pytest.raises(NotImplementedHere) as caught:
        asyncio.run(make_engine(CannedUpstream()).run(run))
    assert caught.value.findings[0].code == "ACTION_ENGINE_MISSING"
    assert "web-services" in caught.value.findings[0].accepted


def test_credentials_of_a_type_without_code_are_not_implemented() -> None:
    """A credential type that is only stored cannot be applied."""
    credentials = CredentialValues("c", "amazonWebServicesARN", {})
    with pytest.raises(NotImplementedHere) as caught:
        run_action(make_action(URL), credentials=credentials)
    assert caught.value.findings[0].code == "CREDENTIAL_TYPE_NOT_EXECUTED"


def test_runs_above_the_limit_are_refused_and_the_count_comes_back() -> None:
    """With two allowed the third is refused with key, namespace and value; afterwards runs work again."""

    async def scenario() -> tuple[list[object], int, bool]:
        release = asyncio.Event()

        class Waiting(CannedUpstream):
            async def send(self, request: OutboundRequest, *, deadline: float) -> InboundReply:
                await release.wait()
                return await super().send(request, deadline=deadline)

        engine = make_engine(Waiting(), EngineLimits(concurrency=2))
        run = make_run(make_action(URL))
        tasks = [asyncio.ensure_future(engine.run(run)) for _ in range(3)]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        release.set()
        results: list[object] = await asyncio.gather(*tasks, return_exceptions=True)
        return results, engine.running, (await engine.run(run)).success

    results, running, again = asyncio.run(scenario())
    refused = [item for item in results if isinstance(item, LimitReached)]
    assert (len(refused), running, again) == (1, 0, True)
    assert (refused[0].status, refused[0].key) == (429, "actions.concurrent.executions.max")
    assert (refused[0].namespace, refused[0].value) == ("dataactions", 2)
    assert refused[0].findings[0].code == "CONCURRENT_EXECUTIONS"


def test_a_failed_run_leaves_the_count_as_it_was() -> None:
    """Failures and refusals do not use up places."""

    async def scenario() -> int:
        engine = make_engine(CannedUpstream(), EngineLimits(concurrency=1))
        for credentials in (None, CredentialValues("c", "other", {})):
            for _ in range(3):
                run = make_run(make_action("no url"), credentials=credentials)
                await asyncio.gather(engine.run(run), return_exceptions=True)
        return engine.running

    assert asyncio.run(scenario()) == 0


def test_without_a_limit_any_number_runs() -> None:
    """`None` switches the bound off."""

    async def scenario() -> list[bool]:
        engine = make_engine(CannedUpstream(), EngineLimits(concurrency=None))
        run = make_run(make_action(URL))
        return [item.success for item in await asyncio.gather(*(engine.run(run) for _ in range(80)))]

    assert asyncio.run(scenario()) == [True] * 80


def test_closing_the_engine_closes_its_upstream() -> None:
    """Nothing stays open."""
    upstream = CannedUpstream()
    asyncio.run(make_engine(upstream).aclose())
    assert upstream.closed


def test_the_trace_shows_what_went_out_and_what_came_back() -> None:
    """URL, headers, body, reply, variables, output and result, with the secret masked."""
    action = make_action(
        URL + "/${input.id}",
        "POST",
        headers={"X-Id": "${input.id}"},
        body='{"id": "${input.id}"}',
        paths={"name": "$.name"},
        success='{"n": ${name}}',
    )
    result = run_action(
        action, {"id": "7"}, json_reply({"name": "Ann"}), credentials=basic_auth("u", "hidden-pass")
    )
    shown = [item.result for item in result.operations]
    assert shown[3] == {"type": "basicAuth", "fields": ["password", "userName"]}
    assert shown[4] == f"{URL}/7"
    assert shown[5]["X-Id"] == "7"
    assert shown[5]["Authorization"] == "Basic ********"
    assert shown[6] == '{"id": "7"}'
    assert shown[7]["status"] == 200
    assert shown[7]["body"] == {"name": "Ann"}
    assert shown[8] == {"name": '"Ann"'}
    assert shown[9] == '{"n": "Ann"}'
    assert shown[10] == {"n": "Ann"}
    assert result.final_result == '{"n": "Ann"}'


def test_failing_steps_show_what_they_got() -> None:
    """A URL that cannot be called and an output that is no JSON stand in the trace."""
    bad_url = run_action(make_action("ftp://${input.a}/"), {"a": "x"})
    assert bad_url.operations[-1].result == "ftp://x/"
    bad_output = run_action(make_action(URL, success='{"a": '))
    assert bad_output.operations[-1].result == '{"a": '


def test_masking_the_final_result_of_a_test_keeps_it_json() -> None:
    """A number or string that is the secret is replaced as a value."""
    result = run_action(
        make_action(URL),
        {},
        json_reply({"pin": 424242, "x": "a 424242"}),
        credentials=user_defined(pin="424242"),
    )
    assert result.final_result == '{"pin":"********","x":"a ********"}'


def test_warnings_come_with_results_and_with_failures() -> None:
    """What did not stop the run is told in both modes."""
    for mode in RunMode:
        result = run_action(make_action("http://service.example/"), mode=mode)
        assert [finding.code for finding in result.warnings] == ["PLAIN_HTTP"]
    failed = run_action(make_action("http://service.example/", success="${x}"))
    assert codes(failed) == ["TEMPLATE_VARIABLE_UNSET"]
    assert [finding.code for finding in failed.warnings] == ["PLAIN_HTTP"]
