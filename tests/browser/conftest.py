"""A real browser, a real server, and a page of another origin between them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from support.server import Server
from support.web_page import WebPage, web_page

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; fails, and says what to install, if it is not there.

    For one module only: while it is open, an event loop runs in this thread, and no other test can run one.
    """
    path = shutil.which("chromium")
    assert path, "The browser tests need Chromium: scripts/test-tools installs it."
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A tab of its own, without anything of other tests."""
    context = browser.new_context()
    opened = context.new_page()
    opened.set_default_timeout(15_000)
    yield opened
    context.close()


@pytest.fixture(scope="module")
def site() -> Iterator[WebPage]:
    """The other origin."""
    with web_page() as served:
        yield served


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that lets pages of every origin call."""
    with Server(tmp_path_factory.mktemp("browser") / "data") as running:
        yield running
