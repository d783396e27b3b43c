"""Logins over the wire, with Authlib's client as the oracle of what OAuth 2 means."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from support.authlib_client import OAuth2Client, create_s256_code_challenge
from support.logins import BACK, came_back_with, make_client, submit, told
from support.server import Server

VERIFIER = "v" * 64


@dataclass(frozen=True)
class Page:
    """A server with the implicit grant, and a client of a web page."""

    server: Server
    owner: httpx.Client
    client: dict[str, Any]

    def address(self, **changes: str) -> str:
        """Return the address of the login page."""
        query = {
            "client_id": self.client["id"],
            "redirect_uri": BACK,
            "response_type": "code",
            "state": "s p&ä",
            "code_challenge": create_s256_code_challenge(VERIFIER),
            "code_challenge_method": "S256",
        }
        return f"{self.server.url}/oauth/authorize?{urlencode(query | changes)}"

    def authlib(self, **settings: Any) -> OAuth2Client:
        """Return Authlib's client."""
        return OAuth2Client(
            client_id=self.client["id"],
            redirect_uri=BACK,
            token_endpoint=f"{self.server.url}/oauth/token",
            **settings,
        )


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """One server for all logins."""
    folder = tmp_path_factory.mktemp("login") / "data"
    with Server(folder, options=("--implicit-grant",)) as server, server.http() as owner:
        yield Page(server, owner, make_client(owner))


def me(page: Page, token: str) -> httpx.Response:
    """Ask who a token speaks for."""
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.get(f"{page.server.url}/api/v2/users/me", headers=headers)


@pytest.mark.parametrize("prefix", ["", "/login", "/"])
def test_code_with_pkce_and_renewal(page: Page, prefix: str) -> None:
    """Authlib logs in with PKCE and without a secret, and renews; also below a gateway's prefix."""
    with page.authlib(token_endpoint_auth_method="none", code_challenge_method="S256") as client:
        endpoint = f"{page.server.url}{prefix}/oauth/authorize"
        address, state = client.create_authorization_url(endpoint, code_verifier=VERIFIER)
        back = submit(page.server, address).headers["location"]
        token_endpoint = f"{page.server.url}{prefix}/oauth/token"
        token = client.fetch_token(
            token_endpoint, authorization_response=back, state=state, code_verifier=VERIFIER
        )
        assert token["token_type"].lower() == "bearer"
        assert set(token["scope"].split()) == set(page.client["scope"])
        assert client.get(f"{page.server.url}/api/v2/users/me").json()["email"] == "admin@jackfield.invalid"
        renewed = client.refresh_token(token_endpoint, refresh_token=token["refresh_token"])
        assert renewed["access_token"] != token["access_token"]
        assert renewed["refresh_token"] != token["refresh_token"]
        assert client.get(f"{page.server.url}/api/v2/users/me").status_code == 200


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
def test_code_with_a_secret(page: Page, method: str) -> None:
    """Authlib logs in without PKCE, with the secret in either place."""
    settings = {"client_secret": page.client["secret"], "token_endpoint_auth_method": method}
    with page.authlib(**settings) as client:
        address, state = client.create_authorization_url(f"{page.server.url}/oauth/authorize")
        back = submit(page.server, address).headers["location"]
        token = client.fetch_token(authorization_response=back, state=state)
        assert me(page, token["access_token"]).status_code == 200


def test_implicit_grant(page: Page) -> None:
    """The token comes in the fragment, and Authlib reads it."""
    implicit = make_client(page.owner, authorizedGrantType="TOKEN")
    with OAuth2Client(client_id=implicit["id"], redirect_uri=BACK) as client:
        endpoint = f"{page.server.url}/oauth/authorize"
        address, _ = client.create_authorization_url(endpoint, response_type="token")
        back = submit(page.server, address).headers["location"]
        token = client.token_from_fragment(back)
        assert int(token["expires_in"]) == 86400
        assert me(page, token["access_token"]).status_code == 200
        assert "refresh_token" not in token


def test_the_state_comes_back_as_it_was(page: Page) -> None:
    """Characters and all."""
    assert came_back_with(submit(page.server, page.address()))["state"] == "s p&ä"


def test_a_wrong_verifier_and_a_second_use(page: Page) -> None:
    """The error has OAuth's form; a second use ends the tokens of the first."""
    code = came_back_with(submit(page.server, page.address()))["code"]
    form = {"grant_type": "authorization_code", "client_id": page.client["id"], "redirect_uri": BACK}
    endpoint = f"{page.server.url}/oauth/token"
    wrong = httpx.post(endpoint, data=form | {"code": code, "code_verifier": "w" * 64})
    assert (wrong.status_code, wrong.json()["error"]) == (400, "invalid_grant")
    assert "code_verifier" in wrong.json()["error_description"]
    right = form | {"code": code, "code_verifier": VERIFIER}
    token = httpx.post(endpoint, data=right).json()["access_token"]
    assert me(page, token).status_code == 200
    again = httpx.post(endpoint, data=right)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert me(page, token).status_code == 401


@pytest.mark.parametrize(
    "missing", [{"code": "x"}, {"redirect_uri": "x"}, {"grant_type": "refresh_token"}], ids=str
)
def test_incomplete_token_requests(page: Page, missing: dict[str, str]) -> None:
    """What is missing is named."""
    form = {"grant_type": "authorization_code", "client_id": page.client["id"]} | missing
    answer = httpx.post(f"{page.server.url}/oauth/token", data=form)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_a_bad_redirect_uri_gets_a_page(page: Page) -> None:
    """Clear, closed to everything from elsewhere, and nothing is sent to the stranger."""
    answer = httpx.get(page.address(redirect_uri="https://evil.example/<script>"))
    assert answer.status_code == 400
    assert "location" not in answer.headers
    assert "https://evil.example/<script>" in told(answer.text)
    assert "<script>" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    posted = httpx.post(page.address(redirect_uri="https://evil.example/"), data={"username": "x"})
    assert (posted.status_code, "location" in posted.headers) == (400, False)


def test_an_unknown_client_gets_a_page(page: Page) -> None:
    """It is told which client was meant."""
    answer = httpx.get(page.address(client_id="nobody"))
    assert (answer.status_code, "nobody" in told(answer.text)) == (400, True)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "id_token"}, "unsupported_response_type"),
        ({"scope": "telephony"}, "invalid_scope"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
    ],
)
def test_other_faults_go_back(page: Page, changes: dict[str, str], error: str) -> None:
    """To the client, with its state."""
    back = came_back_with(httpx.get(page.address(**changes)))
    assert (back["error"], back["state"]) == (error, "s p&ä")
    assert back["error_description"]


def test_the_page_is_small_and_accessible(page: Page) -> None:
    """Each field has a label, nothing comes from elsewhere, the way back is named."""
    answer = httpx.get(page.address())
    assert answer.headers["content-type"].startswith("text/html")
    assert len(answer.content) < 6_000
    assert '<html lang="en">' in answer.text
    for field in ("username", "password"):
        assert f'<label for="{field}">' in answer.text
        assert re.search(rf'<input id="{field}" [^>]*required', answer.text)
    assert 'autocomplete="current-password"' in answer.text
    assert not re.search(r"<script|src=|url\(|@import|https?://(?!localhost)", answer.text)
    assert "form-action 'self' http://localhost:1" in answer.headers["content-security-policy"]
    assert "<title>Log in" in answer.text


def test_a_wrong_password(page: Page) -> None:
    """The page comes again, says so where screen readers hear it, and keeps the address, not the password."""
    answer = submit(page.server, page.address(), username='ada"<b>@example.com', password="wrong pass")
    assert answer.status_code == 401
    assert "do not belong together" in told(answer.text)
    assert 'aria-describedby="fault"' in answer.text
    assert 'value="ada&quot;&lt;b&gt;@example.com"' in answer.text
    assert "wrong pass" not in answer.text
    assert "<title>Log in refused" in answer.text


def test_guessing_is_slowed_down(page: Page) -> None:
    """After five wrong passwords the page asks to wait; the client's secret is guarded likewise."""
    answers = [submit(page.server, page.address(), "bob@example.com", "x") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [401] * 5 + [429]
    assert "Rate limit exceeded" in told(answers[-1].text)
    client = make_client(page.owner, authorizedGrantType="CLIENT-CREDENTIALS")
    endpoint, form = f"{page.server.url}/oauth/token", {"grant_type": "client_credentials"}
    wrong = [httpx.post(endpoint, data=form, auth=(client["id"], "x")).json() for _ in range(6)]
    assert [one["error"] for one in wrong] == ["invalid_client"] * 5 + ["invalid_request"]
    assert wrong[-1]["error_description"].startswith("rate limit exceeded;")


def test_a_form_of_another_site(page: Page) -> None:
    """A browser says where a form comes from; another site's is refused."""
    form = {
        "username": page.server.first_line["admin_user"],
        "password": page.server.first_line["admin_password"],
    }
    sent = {site: httpx.post(page.address(), data=form, headers={"Sec-Fetch-Site": site}) for site in SITES}
    assert {site: answer.status_code for site, answer in sent.items()} == SITES
    # LOGIN_FROM_ELSEWHERE, as a page
    assert told(sent["cross-site"].text) == "The login was sent by a page of another site."


SITES = {"same-origin": 303, "none": 303, "cross-site": 403, "same-site": 403}


def test_tokens_of_a_login_are_limited_by_scopes(page: Page) -> None:
    """Roles grant everything here, the scopes of the client do not; a read takes either scope."""
    reader = make_client(page.owner, scope=["integrations:readonly"])
    code = came_back_with(submit(page.server, page.address(client_id=reader["id"])))["code"]
    form = {"grant_type": "authorization_code", "client_id": reader["id"], "redirect_uri": BACK}
    answer = httpx.post(
        f"{page.server.url}/oauth/token", data=form | {"code": code, "code_verifier": VERIFIER}
    )
    with page.server.http(answer.json()["access_token"]) as http:
        assert http.get("/api/v2/integrations").status_code == 200
        refused = http.post("/api/v2/integrations", json={})
        assert (refused.status_code, refused.json()["code"]) == (403, "not.authorized")
        assert refused.json()["errors"][0]["code"] == "SCOPE_MISSING"
        assert "`integrations`" in refused.json()["message"]
        assert http.get("/api/v2/users/me").status_code == 403
        assert http.get("/api/v2/tokens/me").json()["authorizedScope"] == ["integrations:readonly"]


def test_ended_tokens(page: Page) -> None:
    """DELETE tokens/me ends the token, and the refresh token of its login."""
    code = came_back_with(submit(page.server, page.address()))["code"]
    endpoint = f"{page.server.url}/oauth/token"
    form = {"client_id": page.client["id"], "redirect_uri": BACK, "code_verifier": VERIFIER}
    token = httpx.post(endpoint, data=form | {"grant_type": "authorization_code", "code": code}).json()
    with page.server.http(token["access_token"]) as http:
        assert http.get("/api/v2/tokens/me").json()["OAuthClient"]["id"] == page.client["id"]
        assert http.delete("/api/v2/tokens/me").status_code == 204
        assert http.get("/api/v2/tokens/me").json()["code"] == "bad.credentials"
    again = httpx.post(
        endpoint,
        data={
            "grant_type": "refresh_token",
            "client_id": page.client["id"],
            "refresh_token": token["refresh_token"],
        },
    )
    assert again.json()["error"] == "invalid_grant"


def test_logout(page: Page) -> None:
    """It leads back to a registered address, and shows a page instead of going to any other."""
    for path in ("/logout", "/login/logout"):
        back = httpx.get(
            page.server.url + path, params={"client_id": page.client["id"], "redirect_uri": BACK}
        )
        assert (back.status_code, back.headers["location"]) == (303, BACK)
    stranger = {"client_id": page.client["id"], "redirect_uri": "https://evil.example/"}
    shown = httpx.get(f"{page.server.url}/logout", params=stranger)
    assert (shown.status_code, "location" in shown.headers) == (200, False)
    assert "signed out" in shown.text


def test_nothing_of_a_login_is_logged(page: Page) -> None:
    """The log has the login with its correlation id, and neither code nor password nor token."""
    back = came_back_with(submit(page.server, page.address()))
    log = page.server.log_file.read_text()
    assert '"message": "login"' in log
    assert back["code"] not in log
    assert page.server.first_line["admin_password"] not in log
