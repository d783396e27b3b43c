"""Credentials of a test."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from jackfield.domain.errors import OperationRefused
from jackfield.workbench.credentials import (
    credentials_from,
    login_fields,
    made_up_credentials,
    needs_login,
    read_credentials,
)
from support.sample_actions import PLATFORM, WHOLE_ACTIONS, document, exported

SERVICE = exported("https://s.example.com/")


@pytest.mark.parametrize(
    ("whole", "kind"),
    [
        ({"userName": "a", "password": "b"}, "basicAuth"),
        ({"userName": "a"}, "basicAuth"),
        ({"password": "b"}, "userDefined"),
        ({"key": "k"}, "userDefined"),
        ({"type": "basicAuth", "fields": {"userName": "a"}}, "basicAuth"),
        ({"type": {"name": "userDefined"}, "credentialFields": {"userName": "a"}}, "userDefined"),
    ],
)
def test_the_type_is_said_or_told_by_the_fields(tmp_path: Path, whole: dict[str, Any], kind: str) -> None:
    """Both forms are read."""
    assert credentials_from(whole, document(tmp_path, SERVICE)).type_name == kind


@pytest.mark.parametrize(
    ("action", "kind"),
    [
        (exported("/api/v2/a", kind=PLATFORM), "pureCloudOAuthClient"),
        (WHOLE_ACTIONS["with a login"], "userDefinedOAuth"),
        (WHOLE_ACTIONS["salesforce"], "salesforce"),
        (WHOLE_ACTIONS["lambda"], "amazonWebServicesARN"),
    ],
)
def test_the_integration_tells_the_type(tmp_path: Path, action: dict[str, Any], kind: str) -> None:
    """Where it takes only one."""
    assert credentials_from({"a": "b"}, document(tmp_path, action)).type_name == kind


@pytest.mark.parametrize("text", ['{"key": "s3cret-value"}', "key: s3cret-value\n"])
def test_files_of_both_kinds(tmp_path: Path, text: str) -> None:
    """JSON and YAML are read; values stay texts."""
    path = tmp_path / "credentials"
    path.write_text(text)
    opened = read_credentials(path, document(tmp_path, SERVICE))
    assert opened.fields["key"].reveal() == "s3cret-value"
    assert "s3cret" not in repr(opened)


@pytest.mark.parametrize("text", ["[s3cret", "s3cret", '{"a": ["s3cret"]}', '{"fields": "s3cret"}', None])
def test_a_refusal_never_quotes_a_secret(tmp_path: Path, text: str | None) -> None:
    """The finding names the file and the reason only."""
    path = tmp_path / "credentials.yaml"
    if text is not None:
        path.write_text(text)
    with pytest.raises(OperationRefused) as refused:
        read_credentials(path, document(tmp_path, SERVICE))
    assert refused.value.findings[0].code == "CREDENTIALS_UNREADABLE"
    assert "s3cret" not in repr(refused.value.findings)


def test_what_templates_name_is_made_up(tmp_path: Path) -> None:
    """Every field is there; one that begins the URL is a URL; without any, nothing is made up."""
    assert made_up_credentials(document(tmp_path, SERVICE)) is None
    one = made_up_credentials(document(tmp_path, WHOLE_ACTIONS["login at a URL of the credential"]))
    assert one is not None
    values = {name: secret.reveal() for name, secret in one.fields.items()}
    assert values == {
        "loginUrl": "https://loginurl.example.com/login",
        "clientId": "made-up-clientId",
        "clientSecret": "made-up-clientSecret",
    }


def test_what_templates_name_of_a_login(tmp_path: Path) -> None:
    """The made-up answer of a login has it; an address that begins the URL is one."""
    action = exported("${authResponse.instance_url}/a", headers={"x": "$authResponse.token"})
    one = document(tmp_path, action)
    assert needs_login(one)
    assert login_fields(one) == {"instance_url": "https://instance.example.com", "token": "made-up-token"}
    assert json.dumps(login_fields(document(tmp_path, SERVICE))) == "{}"
