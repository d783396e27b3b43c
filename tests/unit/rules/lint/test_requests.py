"""Addresses, headers, bodies, secrets."""

from __future__ import annotations

from typing import Any

import pytest

from jackfield.rules.lint import LintOptions
from support.lint_actions import codes, found, posted, sketched, the

NO_INPUTS: dict[str, Any] = {"inputs": {}}


@pytest.mark.parametrize("host", ["localhost:8080", "127.0.0.1", "[::1]:9000", "localhost"])
def test_plain_http_on_this_machine_is_fine(host: str) -> None:
    """Nobody is on the way."""
    assert codes(sketched(url=f"http://{host}/orders", **NO_INPUTS)) == []


@pytest.mark.parametrize(
    "url",
    [
        "https://api.example.com/orders?q=a%20b&c=d",
        "https://api.example.com/$esc.uriEncode('a b? #c')",
        "https://api.example.com/${credentials.path.replace(' ', '?')}?a=b",
        "https://api.example.com/a#if($credentials.x)?b=c#end",
        "https://api.example.com:8443/odata?${esc.dollar}filter=x",
    ],
)
def test_urls_that_are_right(url: str) -> None:
    """Signs inside of macros and conditions are not the URL's own."""
    assert codes(sketched(url=url, **NO_INPUTS)) == []


@pytest.mark.parametrize(
    ("headers", "what"),
    [
        ({"Authorization": "Bearer 9f8e7d6c5b4a3f2e1d0c"}, "a credential"),
        ({"Authorization": "Basic dXNlcjpwYXNzd29yZA=="}, "a credential"),
        ({"X-Auth-Token": "abcdef0123456789"}, "a credential"),
        ({"Ocp-Apim-Subscription-Key": "0123456789abcdef"}, "a credential"),
        ({"X-Other": "AKIAABCDEFGHIJKLMNOP"}, "key or token"),
    ],
)
def test_secrets_in_headers(headers: dict[str, str], what: str) -> None:
    """They are named by what they are, and never shown."""
    finding = the(sketched(headers=headers), "SECRET_IN_LITERAL")
    assert what in finding.message
    secret = next(iter(headers.values())).split()[-1]
    assert secret not in repr(finding)


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Bearer ${authResponse.access_token}"},
        {"Authorization": "Bearer ${credentials.token}"},
        {"X-Api-Key": "<your key>"},
        {"X-Api-Version": "2024-01-01"},
        {"UserAgent": "PureCloudIntegrations/1.0"},
        {"Token-Type": "application/json"},
    ],
)
def test_what_is_no_secret(headers: dict[str, str]) -> None:
    """References, placeholders and versions are none."""
    assert "SECRET_IN_LITERAL" not in codes(sketched(headers=headers))


@pytest.mark.parametrize(
    ("body", "headers", "is_secret"),
    [
        ('{"password": "s3cr3t-pass", "note": "$esc.jsonEncode(${input.note})"}', {}, True),
        ('{"password": "${credentials.password}"}', {}, False),
        ('{"password": "[YOUR PASSWORD]"}', {}, False),
        ("client_secret=0123456789abcdef&x=1", {"Content-Type": "application/x-www-form-urlencoded"}, True),
        ("client_secret=${credentials.s}&x=1", {"Content-Type": "application/x-www-form-urlencoded"}, False),
    ],
)
def test_secrets_in_bodies(body: str, headers: dict[str, str], is_secret: bool) -> None:
    """Judged by the member's name."""
    assert ("SECRET_IN_LITERAL" in codes(posted(body, headers=headers))) is is_secret


def test_a_secret_in_the_url() -> None:
    """A key in the query is found, and masked."""
    finding = the(
        sketched(url="https://x.example.com/?api_key=0123456789abcdef", **NO_INPUTS), "SECRET_IN_LITERAL"
    )
    assert "0123456789abcdef" not in repr(finding)


def test_hosts_of_credentials_are_fine() -> None:
    """The integration's own administrator wrote them."""
    assert codes(sketched(url="https://${credentials.host}/orders", **NO_INPUTS)) == []


def test_directives_can_be_denied_and_allowed() -> None:
    """What nobody knows is the user's choice."""
    of = sketched(success='{"state": #foreach($x in [1])${state}#end}')
    levels = {}
    for choice in ("deny", "warn", "allow"):
        matching = [
            one for one in found(of, LintOptions(directives=choice)) if one.code == "DIRECTIVE_UNPROVEN"
        ]
        levels[choice] = [one.severity.value for one in matching]
    assert levels == {"deny": ["error"], "warn": ["warning"], "allow": []}


def test_a_line_break_at_the_end_of_the_url_can_be_mended() -> None:
    """It came with pasting."""
    of = sketched(url="https://api.example.com/orders\n", **NO_INPUTS)
    assert codes(of) == ["URL_BLANK"]


@pytest.mark.parametrize(
    ("kind", "url", "code"),
    [
        ("purecloud-data-actions", "https://api.mypurecloud.com/api/v2/users", "URL_TEMPLATE_SUSPECT"),
        ("custom-rest-actions", "/api/v2/users", "URL_TEMPLATE_SUSPECT"),
        ("purecloud-data-actions", "/v2/users", "PLATFORM_PATH_UNKNOWN"),
    ],
)
def test_addresses_by_type(kind: str, url: str, code: str) -> None:
    """Each type of integration has its own form of address."""
    assert code in codes(sketched(type=kind, url=url, **NO_INPUTS))


PIECES = (
    "a=&", "a=b&", "$a(", "${input.note}", " ", "?", '"', "{", '{"a": ', "[", "\\", "eyJ", "a.", "<a ", "{{",
    "#if($input.note)", "x=1234567&", '"password": ', ".replace('", "$esc.jsonEncode(", "YOUR_",
    "-----BEGIN ",
)  # fmt: skip


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.parametrize("where", ["url", "body", "success"])
def test_long_texts_come_to_an_end(piece: str, where: str) -> None:
    """No pattern takes for ever on texts made to make it: the time limit of tests would end this one."""
    of = posted(**{"body": "{}", where: piece * (8_000 // len(piece))})
    assert isinstance(found(of), tuple)
