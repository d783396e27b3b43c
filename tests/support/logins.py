"""Logging in the way a browser does, by requests."""

from __future__ import annotations

import html
import re
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx

from support.server import Server

BACK = "http://localhost:1/callback"


def make_client(http: httpx.Client, **changes: Any) -> dict[str, Any]:
    """Create an OAuth client for logins and return it with its secret."""
    body = {
        "name": "Page",
        "authorizedGrantType": "CODE",
        "registeredRedirectUri": [BACK],
        "scope": ["integrations", "users", "authorization", "groups", "oauth", "organization", "architect"],
    }
    made = http.post("/api/v2/oauth/clients", json=body | changes).raise_for_status()
    client: dict[str, Any] = made.json()
    return client


def submit(server: Server, address: str, username: str = "", password: str = "") -> httpx.Response:
    """Open the login page at an address and send its form; return the answer, redirects not followed."""
    page = httpx.get(address)
    assert page.status_code == 200, page.text
    assert '<form method="post">' in page.text
    form = {
        "username": username or server.first_line["admin_user"],
        "password": password or server.first_line["admin_password"],
    }
    return httpx.post(address, data=form)


def came_back_with(answer: httpx.Response) -> dict[str, str]:
    """Return the query or fragment of the address that a login led back to."""
    assert answer.status_code == 303, answer.text
    parts = urlsplit(answer.headers["location"])
    return dict(parse_qsl(parts.query or parts.fragment))


def person_token(server: Server, http: httpx.Client) -> str:
    """Log the administrator in through a new client and return the access token."""
    page = make_client(http)
    query = f"client_id={page['id']}&redirect_uri={BACK}&response_type=code"
    code = came_back_with(submit(server, f"{server.url}/oauth/authorize?{query}"))["code"]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK}
    answer = httpx.post(f"{server.url}/oauth/token", data=form, auth=(page["id"], page["secret"]))
    return str(answer.raise_for_status().json()["access_token"])


def told(page: str) -> str:
    """Return what a page announces as its alert."""
    found = re.search(r'role="alert"[^>]*>(.*?)</p>', page.partition("</head>")[2], re.DOTALL)
    return html.unescape(found.group(1)) if found else ""
