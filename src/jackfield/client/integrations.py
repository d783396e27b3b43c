"""Typed calls about integrations and their types."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, TypedDict, cast
from urllib.parse import quote

from jackfield.client.errors import ApiError
from jackfield.client.paging import by_number

if TYPE_CHECKING:
    from jackfield.client.http import Client

ROOT = "/api/v2/integrations"
CHANGE_ATTEMPTS = 10


class SlotSpecification(TypedDict, total=False):
    """A credential slot of an integration type."""

    title: str
    required: bool
    credentialTypes: list[str]


class IntegrationType(TypedDict, total=False):
    """A kind of integration; `credentials` maps slot name to what the slot takes."""

    id: str
    name: str
    description: str
    provider: str
    category: str
    maxInstances: int
    nonInstallable: bool
    credentials: dict[str, SlotSpecification]
    configPropertiesSchemaUri: str
    configAdvancedSchemaUri: str
    selfUri: str


class CredentialReference(TypedDict, total=False):
    """What stands in a slot; only `id` counts when it is sent."""

    id: str
    name: str | None
    type: dict[str, Any]
    selfUri: str


class IntegrationConfiguration(TypedDict, total=False):
    """The versioned configuration; `credentials` maps slot name to credential."""

    id: str
    name: str
    version: int
    properties: dict[str, Any]
    advanced: dict[str, Any]
    notes: str
    credentials: dict[str, CredentialReference]
    selfUri: str


class ReportedState(TypedDict, total=False):
    """What an integration is, as far as the server knows."""

    code: str
    effective: str
    detail: dict[str, Any]
    lastUpdated: str


class Integration(TypedDict, total=False):
    """An instance of an integration type."""

    id: str
    name: str
    integrationType: IntegrationType
    intendedState: str
    reportedState: ReportedState
    notes: str
    attributes: dict[str, str]
    config: dict[str, IntegrationConfiguration]
    selfUri: str


class Integrations:
    """Calls below `/api/v2/integrations`."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def types(self) -> Iterator[IntegrationType]:
        """Yield every integration type."""
        return cast("Iterator[IntegrationType]", by_number(self._client, f"{ROOT}/types"))

    def type(self, type_id: str) -> IntegrationType:
        """Return one integration type."""
        path = f"{ROOT}/types/{quote(type_id, safe='')}"
        return cast("IntegrationType", self._client.request("GET", path).object())

    def list(
        self,
        *,
        type_id: str | None = None,
        state: str | None = None,
        credential_id: str | None = None,
        configuration: bool = False,
    ) -> Iterator[Integration]:
        """Yield integrations.

        Args:
            type_id: only of this type.
            state: only with this reported state.
            credential_id: only those that use this credential.
            configuration: with `config.current` in each.
        """
        query = {
            "integrationType": type_id,
            "reportedState": state,
            "credentialId": credential_id,
            "expand": "config.current" if configuration else None,
        }
        return cast("Iterator[Integration]", by_number(self._client, ROOT, query))

    def get(self, integration_id: str, *, configuration: bool = False) -> Integration:
        """Return one integration, with `config.current` if asked for."""
        query = {"expand": "config.current" if configuration else None}
        return cast("Integration", self._client.request("GET", _path(integration_id), query=query).object())

    def create(self, type_id: str, name: str | None = None) -> Integration:
        """Create an integration; without a name it gets its type's."""
        body: dict[str, Any] = {"integrationType": {"id": type_id}}
        if name is not None:
            body["name"] = name
        return cast("Integration", self._client.request("POST", ROOT, body=body).object())

    def set_state(self, integration_id: str, state: str) -> Integration:
        """Set the intended state (`ENABLED` or `DISABLED`)."""
        body = {"intendedState": state}
        return cast(
            "Integration", self._client.request("PATCH", _path(integration_id), body=dict(body)).object()
        )

    def delete(self, integration_id: str) -> Integration:
        """Delete an integration and its data actions; its credentials stay."""
        return cast("Integration", self._client.request("DELETE", _path(integration_id)).object())

    def configuration(self, integration_id: str) -> IntegrationConfiguration:
        """Return the current configuration."""
        return cast("IntegrationConfiguration", self._client.request("GET", _config(integration_id)).object())

    def replace_configuration(
        self, integration_id: str, configuration: IntegrationConfiguration | bytes
    ) -> IntegrationConfiguration:
        """Replace the configuration; its `version` must be the current one. Bytes go out unchanged.

        Raises:
            ApiError: refused; `is_version_conflict` tells if somebody else was faster.
        """
        body = configuration if isinstance(configuration, bytes) else cast("dict[str, Any]", configuration)
        return cast(
            "IntegrationConfiguration",
            self._client.request("PUT", _config(integration_id), body=body).object(),
        )

    def change_configuration(
        self,
        integration_id: str,
        change: Callable[[IntegrationConfiguration], IntegrationConfiguration],
        *,
        attempts: int = CHANGE_ATTEMPTS,
    ) -> IntegrationConfiguration:
        """Read the configuration, change it, write it back; start again if somebody else was faster.

        Args:
            change: makes the new configuration out of the one just read. It is called again on what it finds
                then, so nobody's change is overwritten. The version is taken care of.
            attempts: how often at most.
        """
        while True:
            current = self.configuration(integration_id)
            wanted = change(current.copy())
            wanted["version"] = current["version"]
            try:
                return self.replace_configuration(integration_id, wanted)
            except ApiError as error:
                attempts -= 1
                if not error.is_version_conflict or attempts <= 0:
                    raise


def _path(integration_id: str) -> str:
    return f"{ROOT}/{quote(integration_id, safe='')}"


def _config(integration_id: str) -> str:
    return f"{_path(integration_id)}/config/current"
