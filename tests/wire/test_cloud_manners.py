"""`jackfield up --as cloud`: a server with the cloud's manners, for those who test clients."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from support.installation import (
    API,
    CONTRACT,
    configure,
    enable,
    make_credential,
    make_integration,
    simple_config,
    taken,
)
from support.server import Server
from wire.test_forum_post import CONFIGURATION_AS_POSTED, put

# Longer than the longest delay (auth actions aside), shorter than a test's patience.
PATIENCE = 10.0


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of a server with the cloud's manners."""
    folder = tmp_path_factory.mktemp("cloud") / "data"
    with Server(folder, options=("--as", "cloud:42")) as running, running.http() as client:
        yield client


def eventually(told: Callable[[], bool]) -> bool:
    """Ask again until it is so, as a patient client does; tell if it became so."""
    end = time.monotonic() + PATIENCE
    while not told():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


def test_the_400_of_the_post(cloud: httpx.Client) -> None:
    """Word for word but for the ids; every finding in a header."""
    integration = make_integration(cloud)
    credential = make_credential(cloud)
    body = CONFIGURATION_AS_POSTED.replace("CREDENTIAL", credential["id"])
    answer = put(cloud, integration["id"], body)
    told = answer.json()
    assert told == {
        "status": 400,
        "code": "bad.request",
        "message": "The request could not be understood by the server due to malformed syntax.",
        "contextId": answer.headers["ININ-Correlation-Id"],
        "details": [],
        "errors": [],
    }
    codes = [one["code"] for one in json.loads(answer.headers["Jackfield-Findings"])]
    assert "CREDENTIALS_BARE_INFO" in codes


def test_what_is_new_appears_in_lists_later(cloud: httpx.Client) -> None:
    """By its id it is there at once; the lists show it within seconds."""
    integration = make_integration(cloud, name="Late")

    def listed() -> bool:
        page = taken(cloud.get(API, params={"pageSize": 100}))
        return any(one["id"] == integration["id"] for one in page["entities"])

    assert taken(cloud.get(f"{API}/{integration['id']}"))["name"] == "Late"
    assert not listed()
    assert eventually(listed)


def test_activating_comes_before_active(cloud: httpx.Client) -> None:
    """The PATCH answers ACTIVATING, a later GET ACTIVE."""
    integration = make_integration(cloud)

    def reported() -> str:
        return str(taken(cloud.get(f"{API}/{integration['id']}"))["reportedState"]["code"])

    assert enable(cloud, integration["id"])["reportedState"]["code"] == "ACTIVATING"
    assert reported() == "ACTIVATING"
    assert eventually(lambda: reported() == "ACTIVE")


def test_an_action_is_refused_right_after_its_integration_was_created(cloud: httpx.Client) -> None:
    """A terse 400 at first, as CX as Code expects it; the same request is taken a little later."""
    integration = make_integration(cloud)
    configure(cloud, integration["id"])
    action: dict[str, Any] = {
        "name": "Early",
        "category": "Early",
        "integrationId": integration["id"],
        "contract": CONTRACT,
        "config": simple_config("https://example.com/${input.name}"),
    }
    first = cloud.post(f"{API}/actions", json=action)
    assert (first.status_code, first.json()["errors"]) == (400, [])
    assert json.loads(first.headers["Jackfield-Findings"])[0]["code"] == "INTEGRATION_NOT_READY"
    assert eventually(lambda: cloud.post(f"{API}/actions", json=action).status_code == 200)


def test_limits_are_on(cloud: httpx.Client) -> None:
    """Every answer counts down."""
    headers = cloud.get(API).headers
    assert headers["inin-ratelimit-allowed"] == "300"
    assert int(headers["inin-ratelimit-count"]) >= 1


def test_our_own_manners_are_prompt(http: httpx.Client) -> None:
    """Control: without the option lists, states and actions are there at once, and a 400 explains itself."""
    integration = make_integration(http)
    assert enable(http, integration["id"])["reportedState"]["code"] == "ACTIVE"
    assert put(http, integration["id"], "{").json()["errors"]
    last = taken(http.get(API, params={"ids": integration["id"]}))
    assert [one["id"] for one in last["entities"]] == [integration["id"]]
