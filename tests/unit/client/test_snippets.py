"""Configurations of other clients: for the cloud, without an id, and with odd values."""

from __future__ import annotations

import json
import shlex

import pytest

from jackfield.client.regions import Addresses, locate
from jackfield.client.snippets import SNIPPETS, Target
from jackfield.domain.secret import Secret

LOCAL = Addresses("http://127.0.0.1:8080", "http://127.0.0.1:8080")
ODD = 'odd "quoted" $HOME `x` \\ secret'


def text(client: str, target: Target) -> str:
    """All that is printed for a client."""
    return "".join(file.text for file in SNIPPETS[client](target))


@pytest.mark.parametrize("client", list(SNIPPETS))
def test_secrets_are_written_only_when_given(client: str) -> None:
    """Without a secret there is none to be found; with one every program would send exactly that."""
    assert "GENESYSCLOUD_OAUTHCLIENT_SECRET" in text(client, Target(LOCAL, "id")) or client in (
        "gc",
        "postman",
        "terraform",
    )
    if client != "gc":
        shown = text(client, Target(LOCAL, "id", Secret(ODD)))
        assert json.dumps(ODD)[1:-1] in shown or shlex.quote(ODD) in shown


@pytest.mark.parametrize(
    ("client", "wanted"),
    [
        ("python", "https://api.mypurecloud.ie"),
        ("js", 'setEnvironment("mypurecloud.ie")'),
        ("terraform", '"eu-west-1"'),
        ("gc", "GENESYSCLOUD_REGION=mypurecloud.ie"),
        ("curl", "https://login.mypurecloud.ie/oauth/token"),
        ("postman", "https://login.mypurecloud.ie"),
    ],
)
def test_the_cloud(client: str, wanted: str) -> None:
    """A region of the cloud needs no gateway."""
    shown = text(client, Target(locate("eu-west-1"), "id", Secret("s")))
    assert wanted in shown
    assert "gateway" not in shown.lower()


def test_https_without_a_port() -> None:
    """The scheme's own port is written out where a client wants one."""
    target = Target(locate("https://jackfield.example.com"), "id")
    assert target.gateway.port == 443
    assert json.loads(text("gc", target))["port"] == "443"
