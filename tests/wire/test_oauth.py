"""Tokens: how to get one, and what is said when there is none."""

from __future__ import annotations

import base64
from collections.abc import Mapping

import httpx
import pytest

from support.installation import API
from support.refusals import refusal
from support.server import Server

FORM = {"grant_type": "client_credentials"}


def ask(server: Server, form: Mapping[str, str], **headers: str) -> httpx.Response:
    """POST a form to the token route."""
    return httpx.post(f"{server.url}/oauth/token", data=dict(form), headers=headers)


def basic(user: str, password: str) -> str:
    """Return a Basic header."""
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def test_basic_form(server: Server) -> None:
    """Client id and secret as Basic credentials get a bearer token that works."""
    answer = ask(server, FORM, Authorization=basic(server.client_id, server.client_secret))
    assert answer.status_code == 200
    body = answer.json()
    assert body["token_type"].lower() == "bearer"
    assert 300 <= body["expires_in"] <= 172800
    headers = {"Authorization": f"Bearer {body['access_token']}"}
    assert httpx.get(f"{server.url}{API}", headers=headers).status_code == 200


def test_body_form(server: Server) -> None:
    """Client id and secret as form fields do as well."""
    client = {"client_id": server.client_id, "client_secret": server.client_secret}
    assert ask(server, FORM | client).json()["access_token"]


def test_prefix_and_doubled_slash(server: Server) -> None:
    """Gateways put a prefix before the login path, some clients double its slash."""
    auth = (server.client_id, server.client_secret)
    for path in ("/login/oauth/token", "//oauth/token"):
        assert httpx.post(f"{server.url}{path}", data=FORM, auth=auth).status_code == 200


@pytest.mark.parametrize("part", ["id", "secret"])
def test_wrong_client(server: Server, part: str) -> None:
    """Unknown id and wrong secret are told alike, in the login service's own form."""
    pair = (server.client_id, "wrong") if part == "secret" else ("wrong", server.client_secret)
    answer = ask(server, FORM, Authorization=basic(*pair))
    assert answer.status_code in (400, 401)
    body = answer.json()
    assert body["error"] == "invalid_client"
    assert body["description"] == body["error_description"] == "authentication failed"


REFUSED_FORMS = [
    ({}, "invalid_request"),
    ({"grant_type": "password"}, "unsupported_grant_type"),
    ({"grant_type": "client_credentials"}, "invalid_request"),
]


@pytest.mark.parametrize(("form", "error"), REFUSED_FORMS)
def test_forms_that_are_refused(server: Server, form: dict[str, str], error: str) -> None:
    """OAuth's error codes, with words that say what is missing."""
    answer = ask(server, form)
    assert answer.status_code == 400
    assert answer.json()["error"] == error
    assert answer.json()["error_description"]


def test_a_login_in_json(server: Server) -> None:
    """The token route takes a form; JSON is refused with how to do it."""
    answer = httpx.post(f"{server.url}/oauth/token", json=FORM)
    assert answer.status_code in (400, 415)
    assert "grant_type" in answer.text


def test_no_token(server: Server) -> None:
    """Without a token: 401 authentication.required, and where to get one."""
    refused = refusal(httpx.get(f"{server.url}{API}"), 401, "authentication.required")
    assert "/oauth/token" in refused.faults[0].fix


@pytest.mark.parametrize("header", ["Bearer nonsense", "Bearer", "Basic YTpi", "nonsense"])
def test_tokens_that_are_none(server: Server, header: str) -> None:
    """A token that is not one of ours, and headers without one."""
    answer = httpx.get(f"{server.url}{API}", headers={"Authorization": header})
    code = "bad.credentials" if header == "Bearer nonsense" else "authentication.required"
    refusal(answer, 401, code)
    assert "nonsense" not in answer.text


def test_secrets_are_shown_once(server: Server) -> None:
    """The first line of the first start has both secrets; no answer shows the client's secret."""
    assert server.first_line["schema_version"]
    assert server.first_line["client_secret"]
    assert server.first_line["admin_password"]
    assert server.first_line["login_url"].startswith("http://127.0.0.1:")
