"""Bot connectors and audio connectors."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from support.installation import API, make_integration, taken
from support.refusals import refusal
from support.server import Server

CONNECTOR = {
    "id": "acme-bots",
    "name": "Acme Bots",
    "category": "Bots",
    "provider": "acme",
    "grade": "assumed",
    "botConnector": True,
    "slots": {},
    "properties": {"type": "object"},
    "advanced": {"type": "object"},
}
VERSIONS: list[dict[str, Any]] = [
    {"version": str(number), "supportedLanguages": ["en-us"], "intents": []} for number in (1, 2)
]
BOT: dict[str, Any] = {"id": "travel", "name": "Travel", "versions": VERSIONS}


@pytest.fixture(scope="module")
def bots(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A server whose catalog has a bot connector."""
    folder = tmp_path_factory.mktemp("catalog")
    (folder / "integration_types").mkdir()
    (folder / "integration_types" / "acme-bots.json").write_text(json.dumps(CONNECTOR))
    options = ["--catalog", str(folder)]
    with Server(tmp_path_factory.mktemp("bots") / "data", options) as server, server.http() as client:
        yield client


def connector(bots: httpx.Client) -> str:
    """Create a bot connector; return the path of its bots."""
    return f"{API}/botconnector/{make_integration(bots, 'Bots', 'acme-bots')['id']}/bots"


def test_bots_come_back_as_they_were_set(bots: httpx.Client) -> None:
    """The whole list is replaced, and read whole, in pages, one by one and by version."""
    path = connector(bots)
    assert taken(bots.get(path)) == {"chatBots": []}
    other = BOT | {"id": "other", "name": "Other"}
    assert bots.put(path, json={"chatBots": [BOT, other]}).status_code == 204
    assert [bot["id"] for bot in taken(bots.get(path))["chatBots"]] == ["travel", "other"]
    page = taken(bots.get(f"{path}/summaries", params={"pageSize": 1, "pageNumber": 2}))
    assert (page["entities"], page["total"]) == ([{"id": "other", "name": "Other"}], 2)
    assert len(taken(bots.get(f"{path}/travel"))["versions"]) == 2
    assert taken(bots.get(f"{path}/travel", params={"version": "2"}))["versions"] == VERSIONS[1:]
    assert taken(bots.get(f"{path}/travel/versions"))["entities"][0]["version"] == "1"
    newer = path.replace("/botconnector/", "/botconnectors/")
    assert taken(bots.get(newer))["entities"][0]["versions"] == VERSIONS
    assert taken(bots.get(f"{newer}/summaries"))["entities"][0]["versions"] == [
        {"version": "1"},
        {"version": "2"},
    ]
    assert bots.put(path, json={"chatBots": [other]}).status_code == 204
    fault = refusal(bots.get(f"{newer}/travel"), 404, "not.found").faults[0]
    assert fault.code == "BOT_NOT_FOUND"
    refusal(bots.get(f"{path}/other", params={"version": "9"}), 404, "not.found")


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        ({}, "MEMBER_MISSING", "/chatBots"),
        ({"chatBots": {}}, "MEMBER_WRONG_KIND", "/chatBots"),
        ({"chatBots": [1]}, "MEMBER_WRONG_KIND", "/chatBots/0"),
        ({"chatBots": [{"id": "a"}]}, "MEMBER_MISSING", "/chatBots/0/versions"),
        (
            {"chatBots": [{"id": "a", "versions": [VERSIONS[0] | {"supportedLanguages": [1]}]}]},
            "MEMBER_WRONG_KIND",
            "/chatBots/0/versions/0/supportedLanguages/0",
        ),
        (
            {
                "chatBots": [
                    {"id": "a", "versions": [VERSIONS[0] | {"intents": [{"name": "n", "slots": {"s": 1}}]}]}
                ]
            },
            "MEMBER_WRONG_KIND",
            "/chatBots/0/versions/0/intents/0/slots/s",
        ),
    ],
)
def test_lists_that_are_none(bots: httpx.Client, body: dict[str, Any], code: str, pointer: str) -> None:
    """The place that is wrong is named, however deep."""
    faults = refusal(bots.put(connector(bots), json=body), 400).faults
    assert (code, pointer) in [(fault.code, fault.pointer) for fault in faults]


def test_other_integrations_have_no_bots(bots: httpx.Client) -> None:
    """A type that is no bot connector has none, and the answer says of which type it is."""
    other = make_integration(bots)["id"]
    fault = refusal(bots.get(f"{API}/botconnector/{other}/bots"), 404, "not.found").faults[0]
    assert "custom-rest-actions" in fault.fix


def test_audio_connectors(bots: httpx.Client) -> None:
    """They are the integrations of that type, by name and id."""
    made = make_integration(bots, "Streams", "audio-connector")
    path = f"{API}/speech/audioconnector"
    assert [one["name"] for one in taken(bots.get(path))["entities"]] == ["Streams"]
    assert taken(bots.get(f"{path}/{made['id']}"))["name"] == "Streams"
    refusal(bots.get(f"{path}/{make_integration(bots)['id']}"), 404, "not.found")
