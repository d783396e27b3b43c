"""Typed calls: what they send, how they walk through lists, how they change without overwriting."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from jackfield.client.actions import Actions
from jackfield.client.credentials import Credentials
from jackfield.client.errors import ApiError
from jackfield.client.http import Client
from jackfield.client.integrations import IntegrationConfiguration, Integrations
from jackfield.client.profiles import Flags, resolve
from jackfield.domain.credential import NewCredential
from jackfield.domain.secret import Secret
from support.fake_api import Asked, FakeApi, Reply


@pytest.fixture
def api() -> Iterator[FakeApi]:
    """A server that answers an empty object."""
    with FakeApi(lambda _: Reply(value={})) as server:
        yield server


@pytest.fixture
def client(api: FakeApi) -> Iterator[Client]:
    """A client of that server which never waits."""
    with Client(resolve(Flags(), api.environment()), sleep=lambda _: None) as opened:
        yield opened


def numbered(total: int, *, with_count: bool) -> Any:
    """Answer pages of 100 out of so many entities."""

    def respond(asked: Asked) -> Reply:
        size, number = int(asked.query["pageSize"]), int(asked.query["pageNumber"])
        start = (number - 1) * size
        page: dict[str, Any] = {"entities": [{"id": str(n)} for n in range(start, min(start + size, total))]}
        if with_count:
            page["pageCount"] = -(-total // size)
        elif start + size < total:
            page["nextUri"] = "/next"
        return Reply(value=page)

    return respond


@pytest.mark.parametrize("with_count", [True, False])
@pytest.mark.parametrize("total", [0, 1, 100, 101, 250])
def test_lists_are_walked_to_their_end(api: FakeApi, client: Client, total: int, with_count: bool) -> None:
    """Every entity comes once, with page counts and without, and no page is asked for in vain."""
    api.responder = numbered(total, with_count=with_count)
    assert [item["id"] for item in Integrations(client).list()] == [str(n) for n in range(total)]
    assert len(api.calls) == max(1, -(-total // 100))


def test_the_cursor_list_goes_on_after_the_last_id(api: FakeApi, client: Client) -> None:
    """Each page is asked for with the last credential's id; a short page without `nextUri` is the last."""
    ids = [f"c{n:03}" for n in range(450)]

    def respond(asked: Asked) -> Reply:
        after = asked.query.get("after")
        start = ids.index(after) + 1 if after else 0
        page = ids[start : start + int(asked.query["pageSize"])]
        return Reply(value={"entities": [{"id": name} for name in page]})

    api.responder = respond
    assert [item["id"] for item in Credentials(client).list()] == ids
    assert [item.query.get("after") for item in api.calls] == [None, "c199", "c399"]


def test_a_cursor_that_does_not_move_ends(api: FakeApi, client: Client) -> None:
    """A server that ignores `after` cannot keep the client for ever."""
    api.responder = lambda _: Reply(value={"entities": [{"id": "x"}], "nextUri": "/again"})
    assert len(list(Credentials(client).list())) == 2


def test_credential_types_in_both_forms(api: FakeApi, client: Client) -> None:
    """The bare array and the older wrapped form read alike."""
    for value in ([{"name": "basicAuth"}], {"entities": [{"name": "basicAuth"}]}):
        api.responder = lambda _, value=value: Reply(value=value)  # type: ignore[misc]
        assert [item["name"] for item in Credentials(client).types()] == ["basicAuth"]


def test_a_credential_goes_out_in_the_documented_form(api: FakeApi, client: Client) -> None:
    """The type goes by name, the fields in clear, a missing name not at all."""
    Credentials(client).create(NewCredential(None, "basicAuth", {"userName": Secret("me")}))
    Credentials(client).replace("a/b", NewCredential("n", "basicAuth", {}))
    assert json.loads(api.calls[0].body) == {
        "type": {"name": "basicAuth"},
        "credentialFields": {"userName": "me"},
    }
    assert (api.calls[1].method, api.calls[1].path) == ("PUT", "/api/v2/integrations/credentials/a%2Fb")


def test_integration_calls_send_what_the_api_wants(api: FakeApi, client: Client) -> None:
    """Create, enable, list with filters, show with configuration, delete."""
    calls = Integrations(client)
    calls.create("custom-rest-actions")
    calls.create("custom-rest-actions", "Mine")
    calls.set_state("i1", "ENABLED")
    list(calls.list(type_id="webhook", state="ACTIVE", credential_id="c1", configuration=True))
    calls.get("i1", configuration=True)
    calls.delete("i1")
    sent = [(item.method, item.path, item.body.decode()) for item in api.calls]
    assert sent[0] == ("POST", "/api/v2/integrations", '{"integrationType":{"id":"custom-rest-actions"}}')
    assert json.loads(sent[1][2])["name"] == "Mine"
    assert sent[2] == ("PATCH", "/api/v2/integrations/i1", '{"intendedState":"ENABLED"}')
    assert api.calls[3].query == {
        "integrationType": "webhook",
        "reportedState": "ACTIVE",
        "credentialId": "c1",
        "expand": "config.current",
        "pageSize": "100",
        "pageNumber": "1",
    }
    assert api.calls[4].query == {"expand": "config.current"}
    assert sent[5][:2] == ("DELETE", "/api/v2/integrations/i1")


class Versioned:
    """A configuration that somebody else changes before the first `moves` writes."""

    def __init__(self, moves: int, status: int = 409) -> None:
        self.stored: dict[str, Any] = {"name": "n", "version": 1, "notes": "", "credentials": {}}
        self.moves, self.status = moves, status

    def __call__(self, asked: Asked) -> Reply:
        """Answer GET and PUT."""
        if asked.method == "GET":
            return Reply(value=self.stored)
        if self.moves:
            self.moves -= 1
            version = self.stored["version"] + 1
            self.stored = {**self.stored, "version": version, "name": f"theirs {version}"}
        sent = json.loads(asked.body)
        if sent["version"] != self.stored["version"]:
            message = "1 does not match the current version 2"
            return Reply(self.status, {"code": "bad.request", "message": message})
        self.stored = {**sent, "version": sent["version"] + 1}
        return Reply(value=self.stored)


def _with_note(configuration: IntegrationConfiguration) -> IntegrationConfiguration:
    return {**configuration, "notes": "mine"}


@pytest.mark.parametrize("status", [400, 408, 409])
def test_a_change_is_made_again_on_what_others_wrote(api: FakeApi, client: Client, status: int) -> None:
    """After a version conflict of any form the change is repeated on the new state; theirs is kept."""
    api.responder = server = Versioned(3, status)
    changed = Integrations(client).change_configuration("i1", _with_note)
    assert (changed["name"], changed["notes"], changed["version"]) == ("theirs 4", "mine", 5)
    assert server.moves == 0


def test_a_change_gives_up_after_its_attempts(api: FakeApi, client: Client) -> None:
    """A server that moves for ever gets its conflict raised."""
    api.responder = Versioned(99)
    with pytest.raises(ApiError) as refusal:
        Integrations(client).change_configuration("i1", _with_note, attempts=3)
    assert refusal.value.is_version_conflict
    assert sum(item.method == "PUT" for item in api.calls) == 3


def test_another_fault_is_not_repeated(api: FakeApi, client: Client) -> None:
    """A refusal that is no conflict is raised at once."""
    api.responder = lambda asked: (
        Reply(value={"version": 1}) if asked.method == "GET" else Reply(400, {"message": "wrong"})
    )
    with pytest.raises(ApiError, match="wrong"):
        Integrations(client).change_configuration("i1", _with_note)
    assert sum(item.method == "PUT" for item in api.calls) == 1


def test_a_whole_action_has_its_templates_texts(api: FakeApi, client: Client) -> None:
    """Templates that come as URIs are read from there; one that is missing stays absent."""

    def respond(asked: Asked) -> Reply:
        if asked.path.endswith("requesttemplate.vm"):
            return Reply(value=b"${input.rawRequest}", headers={"Content-Type": "text/plain"})
        if asked.path.endswith("successtemplate.vm"):
            return Reply(404, {"code": "not.found"})
        return Reply(value={"id": "a1", "config": {"request": {"requestTemplateUri": "/x"}, "response": {}}})

    api.responder = respond
    action = Actions(client).get("a1", whole=True)
    assert action["config"]["request"]["requestTemplate"] == "${input.rawRequest}"
    assert "successTemplate" not in action["config"]["response"]
    assert api.calls[0].query == {"expand": "contract", "includeConfig": "true"}


def test_action_calls_send_what_the_api_wants(api: FakeApi, client: Client) -> None:
    """List with filters, create from bytes, execute and test with flatten, delete."""
    calls = Actions(client)
    list(calls.list(name="n", category="c", secure=False, include_auth=True))
    calls.create(b'{"name": "n"}')
    calls.execute("a1", {"x": 1}, flatten=True)
    calls.test("a1", b"{}")
    calls.delete("a1")
    assert api.calls[0].query["secure"] == "false"
    assert api.calls[0].query["includeAuthActions"] == "true"
    assert api.calls[1].body == b'{"name": "n"}'
    assert (api.calls[2].path, api.calls[2].query) == (
        "/api/v2/integrations/actions/a1/execute",
        {"flatten": "true"},
    )
    assert (api.calls[3].path, api.calls[3].query) == ("/api/v2/integrations/actions/a1/test", {})
    assert api.calls[4].method == "DELETE"
