"""Names that tell secrets."""

from __future__ import annotations

import pytest

from jackfield.domain.sensitive import holds_only_secrets, holds_secret, is_of_reference, is_template


@pytest.mark.parametrize(
    "name",
    [
        "password",
        "Password",
        "client_secret",
        "clientSecret",
        "securityToken",
        "Authorization",
        "x-api-key",
        "PWD",
    ],
)
def test_names_of_secrets(name: str) -> None:
    """Case and separators do not matter."""
    assert holds_secret(name)


@pytest.mark.parametrize(
    "name", ["userName", "url", "tokenUrl", "token_type", "clientId", "secretName", "title"]
)
def test_names_of_no_secrets(name: str) -> None:
    """What is only about a secret, such as the address of a token, may be shown."""
    assert not holds_secret(name)


def test_containers_of_secrets() -> None:
    """Everything in credentialFields is hidden, whatever its name is."""
    assert holds_only_secrets("credentialFields")
    assert holds_only_secrets("credential_fields")
    assert not holds_only_secrets("credentials")


def test_members_of_references() -> None:
    """The members of a CredentialInfo are harmless."""
    assert all(is_of_reference(name) for name in ("id", "name", "type", "selfUri", "createdDate"))
    assert not is_of_reference("userName")


@pytest.mark.parametrize(
    ("value", "harmless"),
    [
        ("Bearer ${authResponse.access_token}", True),
        ('Basic $encoding.base64("${credentials.a}:${credentials.b}")', True),
        ("$!input.token", True),
        ("Basic dXNlcjpwYXNzd29yZA==", False),
        ("Basic dXNlcjpwYXNzd29yZA==${input.x}", False),
        ("", False),
    ],
)
def test_templates_that_only_refer(value: str, harmless: bool) -> None:
    """A template may be shown if no long word stands in it beside its references."""
    assert is_template(value) is harmless
