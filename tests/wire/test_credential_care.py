"""`jackfield cred` and its routes against a real server and a real web service."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from support.byte_scan import files_below, scan
from support.command_line import Commands, in_a_process
from support.greeting_service import PASSWORD, USER, GreetingService
from support.installation import API, configure, make_credential, make_integration, taken
from support.refusals import refusal
from support.server import Server

OWN = "/jackfield/v1/credentials"


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], server: Server) -> Commands:
    """Runs commands against the server."""
    commands = Commands(monkeypatch, capsys)
    commands.set(
        {
            "GENESYSCLOUD_REGION": server.url,
            "GENESYSCLOUD_OAUTHCLIENT_ID": server.client_id,
            "GENESYSCLOUD_OAUTHCLIENT_SECRET": server.client_secret,
        }
    )
    return commands


def test_verify(commands: Commands, http: httpx.Client, greeter: GreetingService) -> None:
    """The service is really asked: 0 if it takes the credential, 1 if it refuses; `show` tells it later."""
    right, wrong = make_credential(http)["id"], make_credential(http, userName="x", password="y")["id"]
    done = commands("cred", "verify", right, "--url", f"{greeter.url}/html", "--json")
    assert (done.code, done.document["check"]["outcome"]) == (0, "verified")
    assert greeter.received[-1].headers["authorization"] == greeter.basic
    failed = commands("cred", "verify", wrong, "--url", f"{greeter.url}/html")
    assert (failed.code, failed.out.split()[0]) == (1, "failing")
    assert commands("cred", "verify", right).code == 1
    shown = commands("cred", "show", wrong, "--json").document
    assert shown["check"]["outcome"] == "failing"
    assert shown["check"]["failingSince"]
    assert "never checked" in commands("cred", "show", make_credential(http)["id"]).out


def test_the_guard_judges_checks(tmp_path: Path) -> None:
    """A check goes nowhere that a data action could not go."""
    with Server(tmp_path / "data", ["--upstreams", "public"]) as guarded, guarded.http() as http:
        made = make_credential(http)["id"]
        check = taken(http.post(f"{OWN}/{made}/verify", json={"url": f"{guarded.url}/health"}))
        assert check["outcome"] == "undecided"
        assert "UPSTREAM_ADDRESS_BLOCKED" in check["reason"]


def test_used_by(commands: Commands, http: httpx.Client) -> None:
    """Integrations, slots and actions, as text and as JSON."""
    credential, made = make_credential(http), make_integration(http)
    configure(http, made["id"], name="Parcels", credentials={"basicAuth": {"id": credential["id"]}})
    taken(http.post(f"{API}/actions/drafts", json={"name": "Track", "integrationId": made["id"]}))
    document = commands("cred", "used-by", credential["id"], "--json").document
    assert document["integrations"][0]["slots"] == ["basicAuth"]
    assert document["integrations"][0]["actions"][0]["name"] == "Track"
    assert "Track (draft)" in commands("cred", "used-by", credential["id"]).out
    assert "Parcels (basicAuth)" in commands("cred", "show", credential["id"]).out
    assert commands("cred", "used-by", "nothing").code == 1


def test_rotate(commands: Commands, http: httpx.Client, greeter: GreetingService, server: Server) -> None:
    """The new password is tried first; a wrong one changes nothing; the old one can be put back."""
    made = make_credential(http, userName=USER, password="before-the-rotation")["id"]
    url = f"{greeter.url}/html"
    commands.set({"NEW": PASSWORD, "WRONG": "neither-old-nor-new"})
    refused = commands("cred", "rotate", made, "--from-env", "password=WRONG", "--url", url, "--json")
    assert (refused.code, refused.finding["code"]) == (5, "ROTATION_FAILED")
    done = commands("cred", "rotate", made, "--from-env", "password=NEW", "--url", url, "--json")
    assert (done.code, done.document["check"]["outcome"]) == (0, "verified")
    assert commands("cred", "verify", made, "--url", url).code == 0
    assert "can be undone" in commands("cred", "show", made).out
    assert commands("cred", "rotate", made, "--undo").code == 0
    assert commands("cred", "verify", made, "--url", url).code == 1
    assert commands("cred", "rotate", made, "--confirm").code == 5
    places = files_below(server.data_dir) | {"log": server.log_file.read_bytes()}
    places["printed"] = (refused.out + refused.err + done.out + done.err).encode()
    assert scan(places, ["neither-old-nor-new", "before-the-rotation"]) == []


def test_secrets_come_from_anywhere_but_arguments(server: Server, http: httpx.Client) -> None:
    """Standard input is taken, an argument is refused, and without a terminal nothing is asked."""
    made = make_credential(http)["id"]
    variables = {
        "GENESYSCLOUD_REGION": server.url,
        "GENESYSCLOUD_OAUTHCLIENT_ID": server.client_id,
        "GENESYSCLOUD_OAUTHCLIENT_SECRET": server.client_secret,
    }
    rotate = ("cred", "rotate", made, "--untested", "--json")
    assert in_a_process(*rotate, "--from-stdin", "password", stdin="piped\n", **variables).code == 0
    argument = in_a_process(*rotate, "--field", "password=x", **variables)
    assert (argument.code, argument.finding["code"]) == (3, "ARGUMENT_SECRET")
    nothing = in_a_process(*rotate, **variables)
    assert (nothing.code, nothing.finding["code"]) == (3, "CREDENTIAL_VALUES_MISSING")


def test_prune(commands: Commands, http: httpx.Client) -> None:
    """Unused credentials are listed, and deleted only with --yes; used ones stay."""
    used, made, orphan = make_credential(http), make_integration(http), make_credential(http, "left over")
    configure(http, made["id"], credentials={"basicAuth": {"id": used["id"]}})
    listed = commands("cred", "prune", "--json").document
    ids = [one["id"] for one in listed["orphans"]]
    assert orphan["id"] in ids
    assert used["id"] not in ids
    assert listed["deleted"] == []
    assert commands("cred", "prune", "--yes", "--dry-run", "--json").document["deleted"] == []
    assert orphan["id"] in commands("cred", "prune", "--yes", "--json").document["deleted"]
    refusal(http.get(orphan["selfUri"]), 404, "not.found")
    taken(http.get(used["selfUri"]))


def test_bodies_of_checks(http: httpx.Client) -> None:
    """A check takes a URL or nothing."""
    made = make_credential(http)["id"]
    assert taken(http.post(f"{OWN}/{made}/verify"))["outcome"] == "undecided"
    fault = refusal(http.post(f"{OWN}/{made}/verify", json={"url": 3}), 400).faults[0]
    assert (fault.code, fault.pointer) == ("MEMBER_WRONG_KIND", "/url")
    refusal(http.post(f"{OWN}/nothing/verify", json={}), 404, "not.found")
