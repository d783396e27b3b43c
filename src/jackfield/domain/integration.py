"""Integrations: types, instances, states and their versioned configuration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from jackfield.domain.finding import Grade


class IntendedState(StrEnum):
    """What the owner wants an integration to be."""

    ENABLED = "ENABLED"
    DISABLED = "DISABLED"
    DELETED = "DELETED"
    RESTORED = "RESTORED"


class ReportedState(StrEnum):
    """What an integration is, as far as the server knows."""

    ACTIVE = "ACTIVE"
    ACTIVATING = "ACTIVATING"
    INACTIVE = "INACTIVE"
    DEACTIVATING = "DEACTIVATING"
    ERROR = "ERROR"


@dataclass(frozen=True, slots=True)
class Slot:
    """A place of an integration type's configuration where credentials go.

    Args:
        name: the key in `config/current`'s `credentials` (the slot name is not the credential's type).
        title: what people read.
        credential_types: names of the credential types it takes.
        required: true only where evidence shows that the integration needs it.
    """

    name: str
    title: str
    credential_types: tuple[str, ...]
    required: bool = False


@dataclass(frozen=True, slots=True)
class UnifiedCommunications:
    """What the client application of a telephony system needs to know.

    Args:
        presence_source: `MicrosoftTeams`, `ZoomPhone`, `EightByEight` or `RingCentral`.
        permission: that a user needs to use it.
        polled: true if presences are fetched, false if they are pushed.
    """

    presence_source: str
    permission: str
    polled: bool = False


@dataclass(frozen=True, slots=True)
class IntegrationType:
    """A kind of integration, as data of the catalog.

    Args:
        id: such as `custom-rest-actions`.
        name: display name; the default name of new instances.
        slots: credential slots by name.
        properties_schema: JSON text of the draft-04 schema of `properties`.
        advanced_schema: JSON text of the draft-04 schema of `advanced`.
        grade: how well the type's facts are known.
        max_instances: how many an organization may have; None if unlimited.
        engine: the engine that executes this type's data actions; "" if it has none.
        drafts_only: data actions of this type are created as drafts only.
        webhook: instances take events in over HTTP.
        bot_connector: instances offer bots of a service of one's own.
        client_app: instances are apps that the user interface embeds.
        unified_communications: what a telephony system of its own tells about itself; None for other types.
    """

    id: str
    name: str
    description: str
    category: str
    provider: str
    slots: Mapping[str, Slot]
    properties_schema: str
    advanced_schema: str
    grade: Grade
    max_instances: int | None = None
    non_installable: bool = False
    engine: str = ""
    vendor_name: str = ""
    help_uri: str = ""
    data_actions: bool = False
    drafts_only: bool = False
    user_permissions: tuple[str, ...] = ()
    webhook: bool = False
    client_app: bool = False
    bot_connector: bool = False
    unified_communications: UnifiedCommunications | None = None


@dataclass(frozen=True, slots=True)
class Configuration:
    """The versioned configuration of an integration.

    Args:
        name: the integration's name (a PUT of it renames the integration).
        version: first 1, one more with each successful PUT.
        properties: the caller's JSON text, unchanged.
        advanced: the caller's JSON text, unchanged.
        notes: free text.
        credentials: slot name to credential id.
    """

    name: str
    version: int = 1
    properties: str = "{}"
    advanced: str = "{}"
    notes: str = ""
    credentials: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Integration:
    """An instance of an integration type in an organization."""

    id: str
    organization_id: str
    type_id: str
    intended_state: IntendedState
    reported_state: ReportedState
    configuration: Configuration
    created: datetime
    modified: datetime

    @property
    def name(self) -> str:
        """The name that lists show."""
        return self.configuration.name


@dataclass(frozen=True, slots=True)
class NewIntegration:
    """A checked request to create an integration. `name` is None if it was not given."""

    type_id: str
    name: str | None = None


@dataclass(frozen=True, slots=True)
class IntegrationQuery:
    """Filters of an integration list; an empty one matches everything.

    Args:
        ids: up to 100 ids.
        type_id: an integration type's id.
        reported_state: upper-case name.
        credential_id: only integrations whose configuration uses this credential.
        type_ids: ids of which the type must be one; None for any.
        intended_state: None for any.
    """

    ids: tuple[str, ...] = ()
    type_id: str = ""
    reported_state: ReportedState | None = None
    credential_id: str = ""
    type_ids: tuple[str, ...] | None = None
    intended_state: IntendedState | None = None
