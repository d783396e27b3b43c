"""Calls of Jackfield's own routes for credentials; the cloud has no such routes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from jackfield.client.errors import ApiError
from jackfield.client.paging import by_number
from jackfield.domain.catalogue import found
from jackfield.domain.errors import OperationRefused
from jackfield.domain.secret import Secret

if TYPE_CHECKING:
    from jackfield.client.http import Client, JsonValue

ROOT = "/jackfield/v1/credentials"


class CredentialCare:
    """Calls below `/jackfield/v1/credentials`.

    Raises:
        OperationRefused: the server is none of ours.
    """

    def __init__(self, client: Client) -> None:
        self._client = client

    def uses(self, credential_id: str) -> dict[str, Any]:
        """Return who uses a credential: integrations, slots, data actions."""
        return self._call("GET", credential_id, "used-by")

    def health(self, credential_id: str) -> dict[str, Any]:
        """Return the last check and until when the last rotation can be undone."""
        return self._call("GET", credential_id, "health")

    def verify(self, credential_id: str, url: str = "") -> dict[str, Any]:
        """Check a credential now."""
        return self._call("POST", credential_id, "verify", {"url": url} if url else {})

    def rotate(
        self,
        credential_id: str,
        fields: Mapping[str, Secret],
        *,
        url: str = "",
        untested: bool = False,
        keep_hours: int | None = None,
    ) -> dict[str, Any]:
        """Try new values of some fields and swap them in."""
        values = {name: secret.reveal() for name, secret in fields.items()}
        body: dict[str, Any] = {"credentialFields": values, "untested": untested}
        if url:
            body["url"] = url
        if keep_hours is not None:
            body["keepHours"] = keep_hours
        return self._call("POST", credential_id, "rotate", body)

    def undo(self, credential_id: str) -> dict[str, Any]:
        """Put the values before the last rotation back."""
        return self._call("POST", credential_id, "rotation/undo")

    def confirm(self, credential_id: str) -> None:
        """Forget the values before the last rotation."""
        self._send("POST", _path(credential_id, "rotation/confirm"))

    def orphans(self) -> Iterator[dict[str, Any]]:
        """Yield the credentials that nothing uses."""
        yield from own_list(self._client, f"{ROOT}/orphans", {})

    def _call(self, method: str, credential_id: str, what: str, body: JsonValue = None) -> dict[str, Any]:
        answer = self._send(method, _path(credential_id, what), body)
        parsed = answer.json()
        return dict(parsed)

    def _send(self, method: str, path: str, body: JsonValue = None) -> Any:
        try:
            return self._client.request(method, path, body=body)
        except ApiError as error:
            raise _translated(error) from error


def own_list(client: Client, path: str, query: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Yield every entity of a list below `/jackfield/v1`.

    Raises:
        OperationRefused: the server is none of ours.
    """
    try:
        yield from by_number(client, path, query)
    except ApiError as error:
        raise _translated(error) from error


def _path(credential_id: str, what: str) -> str:
    return f"{ROOT}/{quote(credential_id, safe='')}/{what}"


def _translated(error: ApiError) -> Exception:
    """Return the error; that of a server without these routes in words of its own."""
    known = any(finding.code == "CREDENTIAL_NOT_FOUND" for finding in error.findings)
    if error.status == 404 and not known:
        return OperationRefused(found("SERVER_NOT_JACKFIELD"))
    return error
