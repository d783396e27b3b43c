"""Valid requests of every write operation, damaged in twenty ways: is the damage found, is it mended?"""

from __future__ import annotations

import random
from collections import Counter

import httpx
import pytest

from support.damages import WAYS, Damaged, damaged_requests
from support.explain_corpus import make
from support.mutations import Outcome, errors_of_undamaged, figures, judge_damaged, send_as_damaged
from support.valid_requests import Request, Requests, body_text

SEED, COUNT = 20260411, 300
OPERATIONS = {
    "postIntegrationsCredentials",
    "putIntegrationsCredential",
    "postIntegrations",
    "patchIntegration",
    "putIntegrationConfigCurrent",
    "postIntegrationsActions",
    "postIntegrationsActionsDrafts",
    "patchIntegrationsAction",
    "patchIntegrationsActionDraft",
    "postIntegrationsActionDraftPublish",
}


@pytest.fixture(scope="module")
def damaged() -> list[Damaged]:
    """The damaged requests."""
    return list(damaged_requests(SEED, COUNT))


@pytest.fixture(scope="module")
def outcomes(http: httpx.Client, damaged: list[Damaged]) -> list[Outcome]:
    """What came of each."""
    return [judge_damaged(http, one) for one in damaged]


def valid_requests() -> list[Request]:
    """The same number of requests, undamaged."""
    requests = Requests(SEED)
    return [requests.makers[number % len(requests.makers)]() for number in range(COUNT)]


def test_every_operation_and_every_way(damaged: list[Damaged]) -> None:
    """Each of the twenty ways is used at least ten times, each write operation at least thirty."""
    ways, operations = (
        Counter(one.way for one in damaged),
        Counter(one.request.operation for one in damaged),
    )
    assert len(ways) == len(WAYS) == 20
    assert min(ways.values()) >= 10
    assert set(operations) == OPERATIONS
    assert min(operations.values()) >= 30


def test_undamaged_requests_are_valid(http: httpx.Client) -> None:
    """Control: the server takes every request before it is damaged."""
    for request in valid_requests():
        text, path = body_text(random.Random(1), request.body), request.path
        for need in request.needs:
            made = make(http, need)
            text, path = text.replace(need["id"], made), path.replace(need["id"], made)
        answer = http.request(request.method, path, content=text.encode())
        assert answer.status_code == 200, (request, answer.text)


def test_undamaged_requests_are_not_blamed() -> None:
    """A valid request is told no error, in whatever form it is written."""
    chance = random.Random(SEED)
    blamed = {
        (request.operation, request.form): codes
        for request in valid_requests()
        if (codes := errors_of_undamaged(request, body_text(chance, request.body)))
    }
    assert not blamed


def test_damages_are_damages(http: httpx.Client, damaged: list[Damaged]) -> None:
    """Control: sent as they stand, at least 80 % are refused; the rest only warn, or went to another host."""
    refused = 0
    for one in damaged[:120]:
        made = one.with_ids({need["id"]: make(http, need) for need in one.request.needs})
        refused += send_as_damaged(http, made).status_code >= 400
    assert refused >= 0.8 * 120


def test_a_finding_points_at_the_damage(outcomes: list[Outcome], capsys: pytest.CaptureFixture[str]) -> None:
    """In at least 95 % a finding has the right code, pointer and line."""
    with capsys.disabled():
        print(f"\n{figures(outcomes)}")
    assert sum(outcome.pointed for outcome in outcomes) >= 0.95 * COUNT, figures(outcomes)


def test_the_correction_is_accepted_as_it_stands(outcomes: list[Outcome]) -> None:
    """In at least 90 % the server takes the first correction unchanged."""
    assert sum(outcome.accepted for outcome in outcomes) >= 0.90 * COUNT, figures(outcomes)


def test_the_correction_is_what_was_meant(outcomes: list[Outcome]) -> None:
    """In at least 85 % the correction is, but for its secrets, the very request that was damaged."""
    assert sum(outcome.restored for outcome in outcomes) >= 0.85 * COUNT, figures(outcomes)


def test_no_secret_is_repeated(outcomes: list[Outcome]) -> None:
    """No secret of a request stands in findings or corrections, however it was damaged."""
    repeated = {(one.damaged.way, one.damaged.request.operation) for one in outcomes if one.repeated}
    assert not repeated
