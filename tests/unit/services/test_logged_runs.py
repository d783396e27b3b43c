"""What the log is told of a run that ended one way or the other."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from jackfield.domain.catalogue import found
from jackfield.domain.errors import ActionFailed
from jackfield.domain.execution_log import BODY_CHARACTERS, SUCCESS, RunOutcome
from jackfield.domain.identity import Caller, Principal
from jackfield.domain.run import KeptBodies, Run, RunMode, RunResult
from jackfield.services.logged_runs import finished, unfinished
from support.stand_ins import ACTION

AT = datetime(2026, 11, 23, 18, 5, 4, 321000, tzinfo=UTC)
CALLER = Caller(Principal("org", "client", "user", frozenset()), "correlation")
RUN = Run(ACTION, "web-services", {}, "{}", None, "correlation", RunMode.TEST, flatten=True)


def test_a_success_is_told_whole() -> None:
    """Who, what, when, how much, how long upstream; no error and no bodies."""
    result = RunResult(True, '{"a":1}', remote_status=201, durations={"total": 2.0, "upstream": 1.5})
    entry = finished(CALLER, RUN, AT, 17, result)
    assert (entry.organization_id, entry.client_id, entry.user_id) == ("org", "client", "user")
    assert (entry.action_id, entry.action_name, entry.integration_id) == (
        ACTION.id,
        ACTION.name,
        ACTION.integration_id,
    )
    assert (entry.version, entry.state, entry.mode, entry.flatten) == (2, "published", "test", True)
    assert (entry.at, entry.correlation_id, entry.remote_status) == (AT, "correlation", 201)
    assert (entry.request_bytes, entry.response_bytes, entry.upstream_seconds) == (17, 7, 1.5)
    assert entry.ending == SUCCESS
    assert (entry.outcome, entry.status, entry.error_code) == (RunOutcome.SUCCEEDED, 200, "")
    assert (entry.inputs, entry.result, entry.whole) == (None, None, False)


def test_a_failure_names_step_and_finding() -> None:
    """Status, finding, class and step of the failure; nothing was answered."""
    finding = found("REQUESTS_PER_MINUTE", limit=1, seconds=1)
    error = ActionFailed(finding, status=502, code="bad.gateway", detail="ACTION.REMOTE_ENDPOINT")
    entry = finished(CALLER, RUN, AT, 2, RunResult(False, "", error=error, failed_step="Execute"))
    assert (entry.outcome, entry.status, entry.response_bytes) == (RunOutcome.FAILED, 502, 0)
    assert (entry.error_code, entry.error_class, entry.failed_step) == (
        "REQUESTS_PER_MINUTE",
        "ACTION.REMOTE_ENDPOINT",
        "Execute",
    )


@pytest.mark.parametrize("longer", [0, 1])
def test_long_bodies_are_cut(longer: int) -> None:
    """Inputs that were cut are not whole any more; those of just the kept length are."""
    kept = KeptBodies("i" * (BODY_CHARACTERS + longer), "r" * (BODY_CHARACTERS + longer), whole=True)
    entry = finished(CALLER, RUN, AT, 2, RunResult(True, "{}", kept=kept))
    assert (entry.inputs, entry.result) == ("i" * BODY_CHARACTERS, "r" * BODY_CHARACTERS)
    assert entry.whole is (longer == 0)


def test_a_long_result_leaves_the_inputs_whole() -> None:
    """Only what was cut of the inputs hinders a replay."""
    kept = KeptBodies("{}", "r" * (BODY_CHARACTERS + 1), whole=True)
    entry = finished(CALLER, RUN, AT, 2, RunResult(True, "{}", kept=kept))
    assert (entry.inputs, entry.whole, len(entry.result or "")) == ("{}", True, BODY_CHARACTERS)


def test_an_interrupted_run_has_no_status() -> None:
    """Nobody got an answer."""
    entry = unfinished(CALLER, RUN, AT, 2, RunOutcome.INTERRUPTED)
    assert (entry.outcome, entry.status, entry.error_code) == (RunOutcome.INTERRUPTED, 0, "")
