"""Data actions: configuration, contract, draft and published form, and the result of a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

DEFAULT_REQUEST_TEMPLATE = "${input.rawRequest}"
DEFAULT_SUCCESS_TEMPLATE = "${rawResult}"
AUTH_PREFIX = "customAuth_-_"


class ActionState(StrEnum):
    """A draft carries the same id as its published action; an action may have either form or both."""

    PUBLISHED = "published"
    DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class RequestConfig:
    """How the outgoing request is made; url, header values and body are Velocity templates."""

    url_template: str = ""
    request_type: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    template: str = DEFAULT_REQUEST_TEMPLATE


@dataclass(frozen=True, slots=True)
class ResponseConfig:
    """How the reply becomes the result.

    Args:
        translation_map: variable name to JSONPath.
        translation_map_defaults: variable name to raw JSON text, used only when the path fails to resolve.
        success_template: Velocity template whose output is the result's JSON text.
    """

    translation_map: Mapping[str, str] = field(default_factory=dict)
    translation_map_defaults: Mapping[str, str] = field(default_factory=dict)
    success_template: str = DEFAULT_SUCCESS_TEMPLATE


@dataclass(frozen=True, slots=True)
class ActionConfig:
    """Configuration of an action. `timeout_seconds` is 1-60; None means 60."""

    request: RequestConfig = field(default_factory=RequestConfig)
    response: ResponseConfig = field(default_factory=ResponseConfig)
    timeout_seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Contract:
    """Input and output contract: the caller's JSON text of two draft-04 schemas."""

    input_schema: str = "{}"
    success_schema: str = "{}"


@dataclass(frozen=True, slots=True)
class Action:
    """A data action of an integration.

    Args:
        id: `custom_-_<uuid>`, `static_-_…` or `customAuth_-_<integrationId>`.
        version: first 1, one more with each change.
        secure: takes sensitive data; nothing of its runs is stored.
    """

    id: str
    organization_id: str
    integration_id: str
    name: str
    category: str
    version: int
    secure: bool
    config: ActionConfig
    contract: Contract
    state: ActionState
    created: datetime
    modified: datetime

    @property
    def is_login(self) -> bool:
        """True for the auth action of an integration: its result is what other actions log in with."""
        return self.id.startswith(AUTH_PREFIX)


def auth_action_id(integration_id: str) -> str:
    """Return the id of an integration's auth action."""
    return f"{AUTH_PREFIX}{integration_id}"


@dataclass(frozen=True, slots=True)
class NewAction:
    """A checked request to create an action."""

    name: str
    category: str
    integration_id: str
    config: ActionConfig
    contract: Contract
    secure: bool = False


@dataclass(frozen=True, slots=True)
class ActionChange:
    """A checked request to change an action: what it becomes, all members that were not given kept."""

    name: str
    category: str
    config: ActionConfig
    contract: Contract
    secure: bool


@dataclass(frozen=True, slots=True)
class ActionQuery:
    """Filters of an action list; an empty one matches everything.

    Args:
        name: part of the name, any case.
        ids: up to 50 ids.
        sort_by: `name`, `category` or `id`; "" keeps creation order.
    """

    state: ActionState = ActionState.PUBLISHED
    category: str = ""
    name: str = ""
    ids: tuple[str, ...] = ()
    secure: bool | None = None
    include_auth: bool = False
    sort_by: str = ""
    descending: bool = False
    integration_id: str = ""
