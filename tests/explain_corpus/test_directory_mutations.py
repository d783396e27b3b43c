"""Valid requests of the write operations beside the integrations, damaged: is the damage found and mended?"""

from __future__ import annotations

import random
from collections import Counter

import httpx
import pytest

from jackfield.api.routes import HANDLERS
from jackfield.catalog import load_catalog
from support.damages import Damaged, damaged_requests
from support.directory_requests import DirectoryRequests
from support.explain_corpus import make
from support.mutations import Outcome, errors_of_undamaged, figures, judge_damaged
from support.valid_requests import Requests, body_text

SEED, COUNT = 20261128, 300
# Bodies that are bare lists or may hold anything: none of the damages fits them.
WITHOUT_MEMBERS = {
    "put_authorization_role_users_add",
    "put_authorization_role_users_remove",
    "put_integrations_unifiedcommunication_thirdpartypresences",
    "post_integrations_webhook_events",
    # No shipped type has bots, so that no server of these tests takes the list.
    "put_integrations_botconnector_integration_id_bots",
    "post_integrations_action_execute",
    "post_integrations_action_test",
    "post_integrations_action_draft_test",
}


@pytest.fixture(scope="module")
def damaged() -> list[Damaged]:
    """The damaged requests."""
    return list(damaged_requests(SEED, COUNT, DirectoryRequests(SEED)))


@pytest.fixture(scope="module")
def outcomes(http: httpx.Client, damaged: list[Damaged]) -> list[Outcome]:
    """What came of each."""
    return [judge_damaged(http, one) for one in damaged]


def test_every_write_operation_is_damaged() -> None:
    """Between them, the two families make requests of every operation whose body has members."""
    made = {
        maker().operation.lower()
        for family in (Requests(SEED), DirectoryRequests(SEED))
        for maker in family.makers
    }
    writing = {
        route.operation_id.replace("_", "")
        for route in load_catalog(None).routes
        if route.method in ("POST", "PUT", "PATCH")
        and route.operation_id not in WITHOUT_MEMBERS
        and (handler := HANDLERS.get(route.operation_id)) is not None
        and handler.takes_body
    }
    assert writing == made


def test_each_operation_often_enough(damaged: list[Damaged]) -> None:
    """Each operation is damaged at least thirty times, in at least fifteen ways in all."""
    operations = Counter(one.request.operation for one in damaged)
    assert len(operations) == 9
    assert min(operations.values()) >= 30
    assert len({one.way for one in damaged}) >= 15


def test_undamaged_requests_are_taken_and_not_blamed(http: httpx.Client) -> None:
    """Control: the server takes every request before it is damaged, and explain finds no error in it."""
    family, chance = DirectoryRequests(SEED + 1), random.Random(SEED)
    for number in range(90):
        request = family.makers[number % len(family.makers)]()
        assert errors_of_undamaged(request, body_text(chance, request.body)) == (), request
        text, path = body_text(chance, request.body), request.path
        for need in request.needs:
            made = make(http, need)
            text, path = text.replace(need["id"], made), path.replace(need["id"], made)
        answer = http.request(request.method, path, content=text.encode())
        assert answer.status_code == 200, (request, answer.text)


def test_damages_are_found_and_mended(outcomes: list[Outcome], capsys: pytest.CaptureFixture[str]) -> None:
    """In at least 95 % a finding points at the damage, in 90 % the correction is accepted as it stands."""
    with capsys.disabled():
        print(f"\nbeside the integrations: {figures(outcomes)}")
    assert sum(outcome.pointed for outcome in outcomes) >= 0.95 * COUNT, figures(outcomes)
    assert sum(outcome.accepted for outcome in outcomes) >= 0.90 * COUNT, figures(outcomes)
