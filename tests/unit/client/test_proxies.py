"""Proxy settings of the environment."""

from __future__ import annotations

import pytest

from jackfield.client.proxies import proxy_for
from jackfield.domain.errors import OperationRefused

API = "https://api.mypurecloud.ie"


def test_https_proxy_holds_for_https_only() -> None:
    """HTTPS_PROXY and HTTP_PROXY each hold for their own scheme, ALL_PROXY for both."""
    environment = {"HTTPS_PROXY": "http://proxy:3128"}
    assert proxy_for(API, environment) is not None
    assert proxy_for("http://example.com", environment) is None
    assert proxy_for("http://example.com", {"ALL_PROXY": "proxy:1"}) is not None


def test_name_and_password_are_taken_out_of_the_url() -> None:
    """Percent-encoded user information is decoded, and the password is a secret."""
    proxy = proxy_for(API, {"https_proxy": "http://me:p%40ss@proxy.example:3128"})
    assert proxy is not None
    assert (proxy.url, proxy.username) == ("http://proxy.example:3128", "me")
    assert proxy.password is not None
    assert proxy.password.reveal() == "p@ss"
    assert "p@ss" not in repr(proxy)


def test_genesys_names_win() -> None:
    """GENESYSCLOUD_PROXY_* is more special than HTTPS_PROXY."""
    proxy = proxy_for(
        API,
        {
            "HTTPS_PROXY": "http://other:1",
            "GENESYSCLOUD_PROXY_HOST": "proxy.example",
            "GENESYSCLOUD_PROXY_PORT": "8888",
            "GENESYSCLOUD_PROXY_PROTOCOL": "https",
            "GENESYSCLOUD_PROXY_AUTH_USERNAME": "me",
            "GENESYSCLOUD_PROXY_AUTH_PASSWORD": "secret",
        },
    )
    assert proxy is not None
    assert (proxy.url, proxy.username) == ("https://proxy.example:8888", "me")


@pytest.mark.parametrize(
    ("rule", "exempt"),
    [
        ("*", True),
        ("mypurecloud.ie", True),
        (".mypurecloud.ie", True),
        ("*.mypurecloud.ie", True),
        ("api.mypurecloud.ie:443", True),
        ("api.mypurecloud.ie:8443", False),
        ("purecloud.ie", False),
        ("other.example, mypurecloud.ie", True),
        ("10.0.0.0/8", False),
        ("", False),
    ],
)
def test_no_proxy_rules(rule: str, exempt: bool) -> None:
    """NO_PROXY takes domains, ports, networks and an asterisk."""
    assert (proxy_for(API, {"HTTPS_PROXY": "http://proxy:1", "NO_PROXY": rule}) is None) is exempt


def test_no_proxy_takes_networks() -> None:
    """A numeric host is compared with addresses and networks."""
    environment = {"HTTP_PROXY": "http://proxy:1", "NO_PROXY": "10.1.0.0/16"}
    assert proxy_for("http://10.1.2.3", environment) is None
    assert proxy_for("http://10.2.2.3", environment) is not None


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080", "http://localhost:8080", "http://[::1]:8080"])
def test_loopback_is_never_sent_through_a_proxy(url: str) -> None:
    """A local server stays reachable on a machine with a company proxy."""
    environment = {"HTTP_PROXY": "http://proxy:1", "GENESYSCLOUD_PROXY_HOST": "proxy"}
    assert proxy_for(url, environment) is None


@pytest.mark.parametrize(
    "environment",
    [
        {"HTTPS_PROXY": "socks5://me:hunter22@proxy:1"},
        {"HTTPS_PROXY": "http://me:hunter22@proxy:port"},
        {"GENESYSCLOUD_PROXY_HOST": "proxy", "GENESYSCLOUD_PROXY_PORT": "many"},
    ],
)
def test_a_setting_that_is_not_understood_is_refused_by_name(environment: dict[str, str]) -> None:
    """The refusal names the variable and never shows a password."""
    with pytest.raises(OperationRefused) as refusal:
        proxy_for(API, environment)
    finding = refusal.value.findings[0]
    assert finding.code == "CONNECTION_SETTING_REFUSED"
    assert finding.place.pointer in ("HTTPS_PROXY", "GENESYSCLOUD_PROXY_PORT")
    assert "hunter22" not in str(finding)
