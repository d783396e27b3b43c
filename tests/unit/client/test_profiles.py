"""Connections settled from flags and environment."""

from __future__ import annotations

import pytest

from jackfield.client.profiles import Flags, resolve
from jackfield.client.regions import Addresses
from jackfield.domain.errors import OperationRefused
from jackfield.domain.secret import Secret

BASICS = {
    "GENESYSCLOUD_REGION": "eu-west-1",
    "GENESYSCLOUD_OAUTHCLIENT_ID": "me",
    "GENESYSCLOUD_OAUTHCLIENT_SECRET": "hunter22",
}


def test_the_environment_alone_is_enough() -> None:
    """Region, client id and secret of the environment make a connection that can log in."""
    connection = resolve(Flags(), BASICS)
    assert connection.addresses.api == "https://api.mypurecloud.ie"
    assert connection.can_log_in
    assert connection.notices == ()
    assert "hunter22" not in repr(connection)


def test_flags_win_over_the_environment() -> None:
    """A flag replaces the variable; a client id given by flag also sets an old token aside."""
    flags = Flags(region="http://127.0.0.1:9", client_id="other", client_secret=Secret("x"), timeout=3)
    connection = resolve(flags, {**BASICS, "GENESYSCLOUD_ACCESS_TOKEN": "old"})
    assert connection.addresses.api == "http://127.0.0.1:9"
    assert (connection.client_id, connection.timeout) == ("other", 3)
    assert connection.client_secret is flags.client_secret
    assert connection.access_token is None


def test_a_token_needs_no_client() -> None:
    """GENESYSCLOUD_ACCESS_TOKEN alone is a way in."""
    environment = {"GENESYSCLOUD_REGION": "eu-west-1", "GENESYSCLOUD_ACCESS_TOKEN": "abc"}
    connection = resolve(Flags(), environment)
    assert connection.access_token is not None
    assert not connection.can_log_in


def test_older_names_are_understood_with_a_notice() -> None:
    """The other two families of names work, and the user is told which one was used."""
    environment = {
        "GENESYS_REGION": "eu-west-1",
        "GENESYS_CLOUD_CLIENT_ID": "me",
        "GENESYS_CLIENT_SECRET": "hunter22",
    }
    connection = resolve(Flags(), environment)
    assert connection.can_log_in
    assert len(connection.notices) == 3
    assert "hunter22" not in str(connection.notices)


@pytest.mark.parametrize(
    ("extra", "addresses"),
    [
        ({}, Addresses("https://gate.example", "https://gate.example")),
        (
            {"PROTOCOL": "http", "PORT": "8080"},
            Addresses("http://gate.example:8080", "http://gate.example:8080"),
        ),
        ({"PORT": "443"}, Addresses("https://gate.example", "https://gate.example")),
        (
            {"PATH_NAME": "login", "PATH_VALUE": "/in/"},
            Addresses("https://gate.example", "https://gate.example/in"),
        ),
        (
            {"PATH_NAME": "api", "PATH_VALUE": "below"},
            Addresses("https://gate.example/below", "https://gate.example"),
        ),
    ],
)
def test_gateway_settings_build_the_addresses(extra: dict[str, str], addresses: Addresses) -> None:
    """Protocol, host, port and path make the addresses as in the official clients."""
    gateway = {
        f"GENESYSCLOUD_GATEWAY_{name}": value for name, value in {"HOST": "gate.example", **extra}.items()
    }
    assert resolve(Flags(), {**BASICS, **gateway}).addresses == addresses


@pytest.mark.parametrize(
    ("name", "value"), [("PROTOCOL", "gopher"), ("PORT", "0"), ("PORT", "x"), ("PATH_NAME", "apis")]
)
def test_a_wrong_gateway_setting_is_refused_by_name(name: str, value: str) -> None:
    """The finding points at the variable."""
    environment = {"GENESYSCLOUD_GATEWAY_HOST": "gate.example", f"GENESYSCLOUD_GATEWAY_{name}": value}
    with pytest.raises(OperationRefused) as refusal:
        resolve(Flags(), environment)
    assert refusal.value.findings[0].place.pointer == f"GENESYSCLOUD_GATEWAY_{name}"


def test_gateway_user_names_are_told_to_be_unused() -> None:
    """The official clients take them and send nothing; we say so."""
    environment = {"GENESYSCLOUD_GATEWAY_HOST": "gate.example", "GENESYSCLOUD_GATEWAY_AUTH_USERNAME": "me"}
    assert "not sent" in resolve(Flags(), environment).notices[0]


def test_no_server_at_all_is_refused() -> None:
    """Without any address the refusal says how to get one."""
    with pytest.raises(OperationRefused) as refusal:
        resolve(Flags(), {})
    assert refusal.value.findings[0].code == "REGION_UNSET"
    assert "jackfield up" in refusal.value.findings[0].fix


@pytest.mark.parametrize(
    ("region", "warned"),
    [
        ("http://jackfield.example.com", True),
        ("http://127.0.0.1:8080", False),
        ("http://[::1]:8080", False),
        ("eu-west-1", False),
    ],
)
def test_secrets_in_clear_text_over_a_network_are_warned_about(region: str, warned: bool) -> None:
    """Plain HTTP is silent on loopback only."""
    notices = resolve(Flags(region=region), {}).notices
    assert any("not encrypted" in notice for notice in notices) is warned
