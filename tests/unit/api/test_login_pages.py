"""The pages of the login service."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest

from jackfield.api.login_pages import login_page, refused_page, signed_out_page
from jackfield.domain.catalogue import found
from jackfield.domain.errors import Refused
from jackfield.domain.identity import BEGINNING, OAuthClient
from jackfield.rules.authorization import Login

NASTY = "<img src=x onerror=alert(1)>\"'&"


def login(redirect_uri: str = "https://app.example.com/back", name: str = "App") -> Login:
    """A login of a client."""
    client = OAuthClient("id", "org", name, "digest", "CODE", (), 600, BEGINNING)
    return Login(client, redirect_uri, "state", False, "", ("users",))


def policy(headers: tuple[tuple[bytes, bytes], ...]) -> str:
    """The page's content security policy."""
    return dict(headers)[b"content-security-policy"].decode()


def test_nothing_that_was_sent_becomes_markup() -> None:
    """The client's name, what was typed, and what a refusal quotes."""
    fault = found("LOGIN_WRONG")
    refused = Refused(found("AUTHORIZE_CLIENT_UNKNOWN", seen=NASTY, value=NASTY))
    for answer in (login_page(login(name=NASTY), fault, NASTY), refused_page(refused)):
        assert b"<img" not in answer.body
        assert b"&lt;img src=x onerror=alert(1)&gt;&quot;&#x27;&amp;" in answer.body


def test_the_style_is_the_one_that_the_policy_names() -> None:
    """A browser compares its hash byte by byte."""
    for answer in (login_page(login()), signed_out_page()):
        style = re.search(rb"<style>(.*?)</style>", answer.body, re.DOTALL)
        assert style is not None
        digest = base64.b64encode(hashlib.sha256(style.group(1)).digest()).decode()
        assert f"style-src 'sha256-{digest}'" in policy(answer.headers)


@pytest.mark.parametrize(
    ("redirect_uri", "source"),
    [
        ("https://app.example.com/back?x=1", "https://app.example.com"),
        ("http://localhost:3000/", "http://localhost:3000"),
        ("com.example.app:/back", "com.example.app:"),
    ],
)
def test_the_way_back_is_the_only_way(redirect_uri: str, source: str) -> None:
    """The form goes here, and from here to the client's own place."""
    assert f"form-action 'self' {source};" in policy(login_page(login(redirect_uri)).headers)
    assert "form-action 'none'" in policy(signed_out_page().headers)


def test_the_focus_is_where_the_work_is() -> None:
    """On the address at first, on the password after a failure; never on both."""
    first, again = login_page(login()), login_page(login(), found("LOGIN_WRONG"), "ada@example.com")
    assert first.body.count(b"autofocus") == again.body.count(b"autofocus") == 1
    assert re.search(rb'id="username"[^>]*autofocus', first.body)
    assert re.search(rb'id="password"[^>]*autofocus', again.body)
    assert (first.status, again.status) == (200, 401)
    assert login_page(login(), found("LOGIN_SLOWED", seconds=3)).status == 429
