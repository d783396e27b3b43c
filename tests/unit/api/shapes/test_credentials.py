"""Credentials on the wire."""

from __future__ import annotations

from dataclasses import replace

from jackfield.api.shapes.credentials import credential, credential_info, credential_type
from jackfield.services.credentials import CredentialView
from support.stand_ins import CATALOG, CREDENTIAL


def test_credential_info() -> None:
    """Exactly what the cloud answers; dates without fractions."""
    assert credential_info(CREDENTIAL) == {
        "id": "cred-1",
        "name": "login",
        "createdDate": "2026-11-23T18:05:04Z",
        "modifiedDate": "2026-11-23T19:05:04Z",
        "type": {"name": "basicAuth"},
        "selfUri": "/api/v2/integrations/credentials/cred-1",
    }


def test_a_credential_without_a_name() -> None:
    """A missing name is left out."""
    nameless = replace(CREDENTIAL, name=None)
    assert "name" not in credential_info(nameless)
    assert "name" not in credential(CredentialView(nameless, {}))


def test_one_credential() -> None:
    """Only the fields that the service gave out, never the sealed ones."""
    assert credential(CredentialView(CREDENTIAL, {"userName": "someone"})) == {
        "id": "cred-1",
        "name": "login",
        "type": {"name": "basicAuth"},
        "credentialFields": {"userName": "someone"},
        "selfUri": "/api/v2/integrations/credentials/cred-1",
    }


def test_credential_types() -> None:
    """Fields with their marks, order and required names."""
    shape = credential_type(CATALOG.credential_types["basicAuth"])
    assert (shape["name"], shape["displayOrder"]) == ("basicAuth", ["userName", "password"])
    assert shape["required"] == ["userName"]
    assert shape["properties"]["password"]["sensitive"] is True
    assert shape["properties"]["password"]["confirm"] is True
    assert "sensitive" not in shape["properties"]["userName"]
    assert credential_type(CATALOG.credential_types["userDefined"])["properties"] == {}
