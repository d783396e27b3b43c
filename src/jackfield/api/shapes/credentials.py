"""Credentials and their types on the wire. No function here ever sees a sensitive value."""

from __future__ import annotations

from typing import Any

from jackfield.api.shapes.times import stamp
from jackfield.domain.credential import Credential, CredentialField, CredentialType
from jackfield.services.credentials import CredentialView

CREDENTIALS = "/api/v2/integrations/credentials"


def credential_info(credential: Credential) -> dict[str, Any]:
    """Return a CredentialInfo: what a credential is called, never what it holds."""
    info: dict[str, Any] = {"id": credential.id}
    if credential.name is not None:
        info["name"] = credential.name
    return info | {
        "createdDate": stamp(credential.created),
        "modifiedDate": stamp(credential.modified),
        "type": {"name": credential.type_name},
        "selfUri": f"{CREDENTIALS}/{credential.id}",
    }


def credential(view: CredentialView) -> dict[str, Any]:
    """Return a Credential whose `credentialFields` hold the fields that are not sensitive."""
    entity: dict[str, Any] = {"id": view.credential.id}
    if view.credential.name is not None:
        entity["name"] = view.credential.name
    return entity | {
        "type": {"name": view.credential.type_name},
        "credentialFields": dict(view.visible),
        "selfUri": f"{CREDENTIALS}/{view.credential.id}",
    }


def credential_type(kind: CredentialType) -> dict[str, Any]:
    """Return a CredentialType in its full form."""
    return {
        "name": kind.name,
        "properties": {field.name: _field(field) for field in kind.fields},
        "displayOrder": [field.name for field in kind.fields],
        "required": list(kind.required),
    }


def _field(field: CredentialField) -> dict[str, Any]:
    shape: dict[str, Any] = {"type": "string", "title": field.title}
    if field.description:
        shape["description"] = field.description
    if field.sensitive:
        shape["sensitive"] = True
    if field.confirm:
        shape["confirm"] = True
    return shape
