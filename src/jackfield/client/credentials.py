"""Typed calls about credentials and their types."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, TypedDict, cast
from urllib.parse import quote

from jackfield.client.paging import by_cursor
from jackfield.domain.credential import NewCredential

if TYPE_CHECKING:
    from jackfield.client.http import Client

ROOT = "/api/v2/integrations/credentials"


class FieldSpecification(TypedDict, total=False):
    """A field of a credential type."""

    type: str
    title: str
    description: str
    sensitive: bool
    confirm: bool


class CredentialType(TypedDict, total=False):
    """A kind of credential; `properties` maps field name to field."""

    id: str
    name: str
    properties: dict[str, FieldSpecification]
    displayOrder: list[str]
    required: list[str]


class CredentialInfo(TypedDict, total=False):
    """A stored credential without its values."""

    id: str
    name: str | None
    type: CredentialType
    createdDate: str
    modifiedDate: str
    selfUri: str


class Credentials:
    """Calls below `/api/v2/integrations/credentials`."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def types(self) -> list[CredentialType]:
        """Return every credential type; both forms that servers have answered with are understood."""
        answer = self._client.request("GET", f"{ROOT}/types").json()
        entities = answer.get("entities") if isinstance(answer, dict) else answer
        found = [item for item in entities if isinstance(item, dict)] if isinstance(entities, list) else []
        return cast("list[CredentialType]", found)

    def list(self) -> Iterator[CredentialInfo]:
        """Yield every credential, without its values."""
        return cast("Iterator[CredentialInfo]", by_cursor(self._client, f"{ROOT}/listing"))

    def get(self, credential_id: str) -> dict[str, Any]:
        """Return one credential; of its fields only those that are not sensitive, if any."""
        return self._client.request("GET", _path(credential_id)).object()

    def create(self, credential: NewCredential) -> CredentialInfo:
        """Store a credential."""
        return cast("CredentialInfo", self._client.request("POST", ROOT, body=_body(credential)).object())

    def replace(self, credential_id: str, credential: NewCredential) -> CredentialInfo:
        """Replace a stored credential with all its fields."""
        answer = self._client.request("PUT", _path(credential_id), body=_body(credential))
        return cast("CredentialInfo", answer.object())

    def delete(self, credential_id: str) -> None:
        """Delete a credential."""
        self._client.request("DELETE", _path(credential_id))


def _body(credential: NewCredential) -> dict[str, Any]:
    fields = {name: secret.reveal() for name, secret in credential.fields.items()}
    body: dict[str, Any] = {"type": {"name": credential.type_name}, "credentialFields": fields}
    if credential.name is not None:
        body["name"] = credential.name
    return body


def _path(credential_id: str) -> str:
    return f"{ROOT}/{quote(credential_id, safe='')}"
