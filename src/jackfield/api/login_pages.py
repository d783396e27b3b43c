"""The pages of the login service: small, without scripts or anything from elsewhere.

Each can be used with a keyboard and a screen reader alone: every field has its label, errors are announced
(`role="alert"`) and tied to their fields, and the title says what happened.
"""

from __future__ import annotations

import base64
import hashlib
import html
from functools import cache
from importlib.resources import files
from string import Template
from typing import Final
from urllib.parse import urlsplit

from jackfield.api.exchange import Answer
from jackfield.api.options import Headers
from jackfield.domain.errors import JackfieldError
from jackfield.domain.finding import Finding
from jackfield.rules.authorization import Login

MEDIA_TYPE: Final = b"text/html; charset=utf-8"
SLOWED: Final = 429


def login_page(login: Login, fault: Finding | None = None, username: str = "") -> Answer:
    """Return the page with the form.

    Args:
        login: what the client asked for.
        fault: why the last attempt failed, None before the first.
        username: what was typed at the last attempt.
    """
    text = _template("login.html").substitute(
        title="Log in refused – Jackfield" if fault else "Log in – Jackfield",
        style=_style(),
        client=html.escape(login.client.name),
        alert=_alert(fault),
        username=html.escape(username[:200]),
        username_state=_state(fault) or " autofocus",
        password_state=_state(fault) + (" autofocus" if fault else ""),
        scopes=html.escape(", ".join(login.scopes) or "nothing but your name"),
        target=html.escape(_origin(login.redirect_uri)),
    )
    status = 200 if fault is None else SLOWED if fault.code == "LOGIN_SLOWED" else 401
    # Chromium holds redirects after a form to `form-action` too, so the way back has to be named.
    return Answer(
        text.encode(), status, MEDIA_TYPE, headers=_headers(f"'self' {_origin(login.redirect_uri)}")
    )


def refused_page(error: JackfieldError) -> Answer:
    """Return the page that says why a login cannot begin; nothing is sent to anybody else."""
    finding = error.findings[0]
    content = (
        f'<p role="alert">{html.escape(finding.message)}</p>\n<dl>'
        f"<dt>Accepted</dt><dd>{html.escape(finding.accepted)}</dd>"
        f"<dt>What to do</dt><dd>{html.escape(finding.fix)}</dd></dl>"
    )
    return _notice("This login cannot go on", content, error.status)


def signed_out_page() -> Answer:
    """Return the page that a logout ends on."""
    content = (
        "<p>This server keeps no session in the browser, so there is nothing left to end here. Tokens of an"
        " application end with <code>DELETE /api/v2/tokens/me</code>, or when they expire.</p>"
    )
    return _notice("You are signed out", content, 200)


def _notice(heading: str, content: str, status: int) -> Answer:
    text = _template("notice.html").substitute(
        title=f"{heading} – Jackfield", style=_style(), heading=heading, content=content
    )
    return Answer(text.encode(), status, MEDIA_TYPE, headers=_headers("'none'"))


def _alert(fault: Finding | None) -> str:
    if fault is None:
        return ""
    message = fault.message[0].upper() + fault.message[1:]
    return f'<p role="alert" id="fault">{html.escape(message)}</p>\n'


def _state(fault: Finding | None) -> str:
    return ' aria-invalid="true" aria-describedby="fault"' if fault else ""


def _origin(address: str) -> str:
    """Return where an address leads to, as a policy and a person want to read it."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else f"{parts.scheme}:"


def _headers(form_action: str) -> Headers:
    policy = (
        f"default-src 'none'; style-src '{_style_hash()}'; form-action {form_action}; base-uri 'none';"
        " frame-ancestors 'none'"
    )
    return (
        (b"content-security-policy", policy.encode("ascii", "replace")),
        (b"x-frame-options", b"DENY"),
        (b"referrer-policy", b"no-referrer"),
    )


@cache
def _template(name: str) -> Template:
    return Template(_file(name))


@cache
def _style() -> str:
    return "\n" + _file("page.css")


@cache
def _style_hash() -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()


def _file(name: str) -> str:
    return files("jackfield.api").joinpath("html", name).read_text(encoding="utf-8")
