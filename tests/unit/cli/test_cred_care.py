"""`jackfield cred show|used-by|verify|rotate|prune` against servers that are none of ours."""

from __future__ import annotations

import pytest

from support.command_line import Commands
from support.fake_api import Asked, FakeApi, Reply

ID = "97f652b5-0000-4000-8000-9ed9d6cd5fed"
STORED = {"id": ID, "name": "mail", "type": {"name": "basicAuth"}, "credentialFields": {"userName": "ada"}}


def cloud(asked: Asked) -> Reply:
    """Answer as a server without our own routes does."""
    if asked.path == f"/api/v2/integrations/credentials/{ID}":
        return Reply(200, STORED)
    return Reply(404, {"code": "not.found", "message": "HTTP 404 Not Found", "status": 404})


@pytest.mark.parametrize(
    "command",
    [("used-by", ID), ("verify", ID), ("rotate", ID, "--undo"), ("rotate", ID, "--confirm"), ("prune",)],
)
def test_servers_without_our_routes(connected: Commands, api: FakeApi, command: tuple[str, ...]) -> None:
    """What only Jackfield can do says so, instead of a bare 404."""
    api.responder = cloud
    refused = connected("cred", *command, "--json")
    assert (refused.code, refused.finding["code"]) == (3, "SERVER_NOT_JACKFIELD")


def test_show_tells_what_there_is(connected: Commands, api: FakeApi) -> None:
    """A credential of such a server is shown without its users and checks."""
    api.responder = cloud
    shown = connected("cred", "show", ID)
    assert shown.code == 0
    assert "field userName\tada" in shown.out
    assert "used by" not in shown.out
    assert "does not tell who uses" in shown.err


def test_other_errors_stay_what_they_are(connected: Commands, api: FakeApi) -> None:
    """A missing permission is a missing permission."""
    api.responder = lambda _: Reply(403, {"code": "missing.permissions", "message": "no", "status": 403})
    assert connected("cred", "used-by", ID).code == 4
    assert connected("cred", "prune").code == 4
