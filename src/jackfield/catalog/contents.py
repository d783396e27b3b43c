"""What a loaded catalog holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from jackfield.domain.credential import CredentialType
from jackfield.domain.finding import Grade
from jackfield.domain.integration import IntegrationType


class ParameterKind(StrEnum):
    """What a query parameter is. A list comes comma-joined, repeated, or both."""

    STRING = "string"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class QueryParameter:
    """A query parameter of a route.

    Args:
        default: what leaving it out means; None if nothing is said.
        values: the values it takes, compared in any case; empty if it takes any.
    """

    name: str
    kind: ParameterKind = ParameterKind.STRING
    default: str | int | bool | None = None
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Route:
    """One operation of the API: a method on a path.

    Args:
        path: with names in braces, such as `/api/v2/integrations/{integrationId}`.
        operation_id: the method name that the official Python SDK gives it.
        permissions: any one of them is enough; none means that every authenticated caller may.
        success: HTTP status of a success, 200 or 204.
        request_model: name of the body's model, "" without a body.
        response_model: name of the answer's model, "" without one.
        group: `core`, `actions`, `apps`, `bots`, `speech`, `webhooks`, or `identity` for what clients touch
            beside the integrations family.
        public: true if no token is asked for.
        scopes: any one of them is enough for tokens that have scopes.
    """

    method: str
    path: str
    operation_id: str
    permissions: tuple[str, ...]
    success: int
    request_model: str = ""
    response_model: str = ""
    query: tuple[QueryParameter, ...] = ()
    group: str = "core"
    public: bool = False
    scopes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Permission:
    """A permission, `domain:entity:action`, and what it lets its holder do."""

    name: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit of an organization, as the cloud sets it."""

    namespace: str
    key: str
    value: int
    meaning: str
    grade: Grade


@dataclass(frozen=True, slots=True)
class Catalog:
    """Everything the catalog's files say.

    Args:
        integration_types: by id, in the order in which lists show them.
        credential_types: by name.
        routes: every operation below `/api/v2/integrations`, implemented or not, and those of the group
            `identity`.
        limit_table: every limit of every namespace.
        permission_table: every permission that a route asks for.
    """

    integration_types: Mapping[str, IntegrationType]
    credential_types: Mapping[str, CredentialType]
    routes: tuple[Route, ...]
    limit_table: tuple[Limit, ...]
    permission_table: tuple[Permission, ...]

    @property
    def limits(self) -> Mapping[str, int]:
        """The limits of the namespace `dataactions`, by key."""
        return {limit.key: limit.value for limit in self.limit_table if limit.namespace == "dataactions"}

    @property
    def client_app_types(self) -> tuple[str, ...]:
        """The ids of the types whose instances are apps that the user interface embeds."""
        return tuple(kind.id for kind in self.integration_types.values() if kind.client_app)

    @property
    def unified_communications_types(self) -> tuple[str, ...]:
        """The ids of the types that are telephony systems of their own."""
        return tuple(kind.id for kind in self.integration_types.values() if kind.unified_communications)

    @property
    def permissions(self) -> tuple[str, ...]:
        """The names of all permissions."""
        return tuple(permission.name for permission in self.permission_table)

    def schema_text(self, type_id: str, config_type: str) -> str:
        """Return the JSON text of a type's draft-04 schema.

        Args:
            type_id: id of an integration type.
            config_type: `properties` or `advanced`.

        Raises:
            KeyError: there is no such type, or no such schema.
        """
        integration_type = self.integration_types[type_id]
        schemas = {
            "properties": integration_type.properties_schema,
            "advanced": integration_type.advanced_schema,
        }
        return schemas[config_type]
