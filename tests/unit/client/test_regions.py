"""Regions, hosts and URLs become addresses."""

from __future__ import annotations

import pytest

from jackfield.client.regions import REGIONS, Addresses, locate
from jackfield.domain.errors import OperationRefused

IRELAND = Addresses("https://api.mypurecloud.ie", "https://login.mypurecloud.ie")


@pytest.mark.parametrize(
    "text",
    [
        "eu-west-1",
        "EU_WEST_1",
        "mypurecloud.ie",
        "api.mypurecloud.ie",
        "login.mypurecloud.ie",
        "https://api.mypurecloud.ie",
        "https://login.mypurecloud.ie/",
        "https://apps.mypurecloud.ie",
        " eu-west-1 ",
    ],
)
def test_every_name_of_a_cloud_region_means_its_two_hosts(text: str) -> None:
    """Region name, domain, host and URL all lead to the API's and the login's host."""
    assert locate(text) == IRELAND


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("localhost:8080", "http://localhost:8080"),
        ("localhost", "http://localhost"),
        ("[::1]:8080", "http://[::1]:8080"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://127.0.0.1:8080/", "http://127.0.0.1:8080"),
        ("http://127.0.0.1:8080/api/v2/", "http://127.0.0.1:8080"),
        ("https://gateway.example.com/below/this", "https://gateway.example.com/below/this"),
        ("jackfield.example.com", "https://jackfield.example.com"),
    ],
)
def test_another_server_has_one_address_for_both(text: str, url: str) -> None:
    """Hosts that are not the cloud's serve login and API alike; loopback is plain HTTP."""
    assert locate(text) == Addresses(url, url)


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("eu-west-9", "Did you mean `eu-west-"),
        ("mypurecloud.con", "`mypurecloud.com`"),
        ("api.mypurecloud.iee", "`mypurecloud.ie`"),
        ("ireland", "a whole URL"),
        ("ftp://127.0.0.1", ""),
        ("http://host:99999999", ""),
        ("http://", ""),
        ("http://host/?a=b", ""),
    ],
)
def test_a_doubtful_region_is_refused_with_the_nearest(text: str, advice: str) -> None:
    """A misspelt region or host of the cloud is never guessed, since secrets would go there."""
    with pytest.raises(OperationRefused) as refusal:
        locate(text)
    finding = refusal.value.findings[0]
    assert finding.code == "REGION_UNKNOWN"
    assert advice in finding.fix
    assert refusal.value.exit_code == 3


def test_user_information_in_a_url_is_refused_and_not_repeated() -> None:
    """A password in the URL is not accepted, and the refusal does not show it."""
    with pytest.raises(OperationRefused) as refusal:
        locate("https://name:hunter22@example.com")
    assert "hunter22" not in str(refusal.value.findings)


def test_no_two_regions_share_a_domain() -> None:
    """The table names each domain once."""
    assert len(set(REGIONS.values())) == len(REGIONS)
