"""Typed calls about data actions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypedDict, cast
from urllib.parse import quote

from jackfield.client.errors import ApiError
from jackfield.client.paging import by_number

if TYPE_CHECKING:
    from jackfield.client.http import Client, Query

ROOT = "/api/v2/integrations/actions"
REQUEST_TEMPLATE = "requesttemplate.vm"
SUCCESS_TEMPLATE = "successtemplate.vm"


class RequestConfig(TypedDict, total=False):
    """How the outgoing request is made."""

    requestUrlTemplate: str
    requestTemplate: str
    requestTemplateUri: str
    requestType: str
    headers: dict[str, str]


class ResponseConfig(TypedDict, total=False):
    """How the reply becomes the result."""

    translationMap: dict[str, str]
    translationMapDefaults: dict[str, str]
    successTemplate: str
    successTemplateUri: str


class ActionConfig(TypedDict, total=False):
    """Configuration of an action."""

    request: RequestConfig
    response: ResponseConfig
    timeoutSeconds: int


class Action(TypedDict, total=False):
    """A data action; `config` and `contract` only if they were asked for."""

    id: str
    name: str
    integrationId: str
    category: str
    version: int
    secure: bool
    config: ActionConfig
    contract: dict[str, Any]
    selfUri: str


class Operation(TypedDict, total=False):
    """One step of a test."""

    step: int
    name: str
    success: bool
    result: Any
    error: dict[str, Any]


class TestExecutionResult(TypedDict, total=False):
    """What a test gave; `finalResult` is what execute would have answered."""

    success: bool
    operations: list[Operation]
    error: dict[str, Any]
    finalResult: Any


class Actions:
    """Calls below `/api/v2/integrations/actions`."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def list(
        self,
        *,
        name: str | None = None,
        category: str | None = None,
        secure: bool | None = None,
        include_auth: bool = False,
    ) -> Iterator[Action]:
        """Yield published actions.

        Args:
            name: part of the name.
            category: the whole category.
            secure: only secure ones, or only the others.
            include_auth: with the login actions of integrations.
        """
        query: Query = {
            "name": name,
            "category": category,
            "secure": secure,
            "includeAuthActions": True if include_auth else None,
            "sortBy": "name",
        }
        return cast("Iterator[Action]", by_number(self._client, ROOT, query))

    def get(self, action_id: str, *, whole: bool = False) -> Action:
        """Return one action, with contract, configuration and the text of both templates if `whole`.

        Servers keep templates apart and may name only their URIs, so the texts are read from there. A copy of
        an action that leaves this out silently gets the default templates.
        """
        query: Query = {"expand": "contract", "includeConfig": True} if whole else {}
        action = cast("Action", self._client.request("GET", _path(action_id), query=query).object())
        config = action.get("config")
        if not whole or not isinstance(config, dict):
            return action
        request, response = config.get("request"), config.get("response")
        if request is not None and "requestTemplate" not in request:
            self._fill(action_id, REQUEST_TEMPLATE, cast("dict[str, Any]", request), "requestTemplate")
        if response is not None and "successTemplate" not in response:
            self._fill(action_id, SUCCESS_TEMPLATE, cast("dict[str, Any]", response), "successTemplate")
        return action

    def template(self, action_id: str, file_name: str) -> str:
        """Return a template's text (`requesttemplate.vm` or `successtemplate.vm`)."""
        path = f"{_path(action_id)}/templates/{quote(file_name, safe='')}"
        return self._client.request("GET", path, accept="*/*").text

    def create(self, action: Mapping[str, Any] | bytes) -> Action:
        """Create a published action. Bytes go out unchanged."""
        body = action if isinstance(action, bytes) else dict(action)
        return cast("Action", self._client.request("POST", ROOT, body=body).object())

    def delete(self, action_id: str) -> None:
        """Delete an action."""
        self._client.request("DELETE", _path(action_id))

    def execute(self, action_id: str, inputs: Mapping[str, Any] | bytes, *, flatten: bool = False) -> Any:
        """Execute a published action and return its result.

        Raises:
            ApiError: the run failed.
        """
        return self._run(action_id, "execute", inputs, flatten=flatten)

    def test(
        self, action_id: str, inputs: Mapping[str, Any] | bytes, *, flatten: bool = False
    ) -> TestExecutionResult:
        """Run a published action in test mode; a failed run is a result too."""
        return cast("TestExecutionResult", self._run(action_id, "test", inputs, flatten=flatten))

    def _run(self, action_id: str, verb: str, inputs: Mapping[str, Any] | bytes, *, flatten: bool) -> Any:
        body = inputs if isinstance(inputs, bytes) else dict(inputs)
        query = {"flatten": True if flatten else None}
        return self._client.request("POST", f"{_path(action_id)}/{verb}", query=query, body=body).json()

    def _fill(self, action_id: str, file_name: str, target: dict[str, Any], member: str) -> None:
        try:
            target[member] = self.template(action_id, file_name)
        except ApiError as error:
            if error.status != 404:
                raise


def _path(action_id: str) -> str:
    return f"{ROOT}/{quote(action_id, safe='')}"
