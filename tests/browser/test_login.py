"""A page of another origin logs in through PKCE and calls the API with the official JavaScript SDK."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from support.logins import make_client
from support.server import Server
from support.web_page import WebPage


def prepare(server: Server, site: WebPage) -> None:
    """Register the page with the server and tell the page of it."""
    with server.http() as owner:
        scopes = ["integrations", "users", "organization"]
        client = make_client(owner, registeredRedirectUri=[site.url], scope=scopes)
    site.client_id, site.port = client["id"], urlsplit(server.url).port or 0


def said(page: Page) -> dict[str, Any]:
    """Wait for what the page has to say."""
    expect(page.locator("#out")).not_to_be_empty()
    value: dict[str, Any] = json.loads(page.locator("#out").inner_text())
    return value


def log_in(server: Server, page: Page, password: str = "") -> None:
    """Fill in the form with the keyboard alone: the first field has the focus."""
    page.keyboard.type(server.first_line["admin_user"])
    page.keyboard.press("Tab")
    page.keyboard.type(password or server.first_line["admin_password"])
    page.keyboard.press("Enter")


def test_a_page_logs_in_and_works(server: Server, site: WebPage, page: Page) -> None:
    """Login, reads, writes, a refusal with its correlation id, and the end of the token, all cross-origin."""
    prepare(server, site)
    page.goto(site.url)
    page.wait_for_url(f"{server.url}/login/oauth/authorize**")
    expect(page.get_by_label("E-mail address")).to_be_focused()
    log_in(server, page)
    page.wait_for_url(f"{site.url}**")
    told = said(page)
    assert told.pop("correlation")
    assert told.pop("permissions") > 30
    assert told == {
        "state": "kept",
        "email": "admin@jackfield.invalid",
        "country": "US",
        "notes": "written by a page",
        "version": 2,
        "refused": 404,
        "ended": 401,
    }


def test_only_the_servers_own_cors_lets_it(site: WebPage, page: Page, tmp_path: Path) -> None:
    """The control: a server that allows another origin only logs in as before, but the page gets nothing."""
    with Server(tmp_path / "data", options=("--allow-origin", "https://other.example")) as strict:
        prepare(strict, site)
        errors: list[str] = []
        page.on("console", lambda message: errors.append(message.text))
        page.goto(site.url)
        page.wait_for_url(f"{strict.url}/login/oauth/authorize**")
        log_in(strict, page)
        page.wait_for_url(f"{site.url}**")
        assert set(said(page)) == {"failed"}
        assert any("CORS policy" in error for error in errors)


def test_a_named_origin_is_let_in(site: WebPage, page: Page, tmp_path: Path) -> None:
    """With its own origin named, the page works as with all of them."""
    origin = site.url.rstrip("/")
    with Server(tmp_path / "data", options=("--allow-origin", origin)) as strict:
        prepare(strict, site)
        page.goto(site.url)
        page.wait_for_url(f"{strict.url}/login/oauth/authorize**")
        log_in(strict, page)
        page.wait_for_url(f"{site.url}**")
        assert said(page)["notes"] == "written by a page"


def test_a_wrong_password_is_announced(server: Server, site: WebPage, page: Page) -> None:
    """The alert has the words, both fields are tied to it, the password has the focus; a second try works."""
    prepare(server, site)
    page.goto(site.url)
    page.wait_for_url(f"{server.url}/login/oauth/authorize**")
    log_in(server, page, "wrong password")
    expect(page.get_by_role("alert")).to_contain_text("do not belong together")
    expect(page).to_have_title("Log in refused – Jackfield")
    password = page.get_by_label("Password")
    expect(password).to_be_focused()
    expect(password).to_have_value("")
    expect(password).to_have_accessible_description(
        "The e-mail address and the password do not belong together."
    )
    expect(page.get_by_label("E-mail address")).to_have_value(server.first_line["admin_user"])
    page.keyboard.type(server.first_line["admin_password"])
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site.url}**")
    assert said(page)["email"] == "admin@jackfield.invalid"


def test_a_strangers_address_shows_a_page(server: Server, site: WebPage, page: Page) -> None:
    """The browser stays here, and the page says what to do."""
    prepare(server, site)
    strange = "https%3A%2F%2Fevil.example%2F"
    page.goto(
        f"{server.url}/oauth/authorize?client_id={site.client_id}&redirect_uri={strange}&response_type=code"
    )
    expect(page.get_by_role("heading")).to_have_text("This login cannot go on")
    expect(page.get_by_role("alert")).to_contain_text("https://evil.example/")
    assert page.url.startswith(server.url)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_readable(server: Server, site: WebPage, page: Page, scheme: Any) -> None:
    """Text stands out from its ground by 4.5 to 1 or more (WCAG AA), in both schemes; no style is blocked."""
    prepare(server, site)
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text))
    page.emulate_media(color_scheme=scheme)
    page.goto(site.url)
    page.wait_for_url(f"{server.url}/login/oauth/authorize**")
    worst = page.evaluate(CONTRAST)
    assert worst >= 4.5
    assert [error for error in errors if "Content Security Policy" in error] == []


CONTRAST = """() => {
  const parse = (text) => text.match(/[\\d.]+/g).slice(0, 3).map(Number);
  const light = (color) => {
    const linear = (c) => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    const [r, g, b] = color.map((c) => linear(c / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const color = getComputedStyle(one).backgroundColor;
      if (!/, 0\\)$/.test(color)) return parse(color);
    }
    return [255, 255, 255];
  };
  const texts = [...document.querySelectorAll('h1, p, label, dt, dd, button, small')];
  return Math.min(...texts.map((one) => {
    const [a, b] = [light(parse(getComputedStyle(one).color)), light(ground(one))];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  }));
}"""
