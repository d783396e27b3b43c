"""Typed calls about data actions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypedDict, cast
from urllib.parse import quote

from jackfield.client.errors import ApiError
from jackfield.client.paging import by_number

if TYPE_CHECKING:
    from jackfield.client.http import Client, Query

ROOT = "/api/v2/integrations/actions"
DRAFTS = f"{ROOT}/drafts"
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


@dataclass(frozen=True, slots=True)
class WholeAction:
    """An action with everything that it says.

    Args:
        text: the answer's own text, in which numbers of contracts keep their digits.
        members: what it says.
        templates: file name to text, of templates that the answer names by their URI only.
    """

    text: str
    members: Action
    templates: Mapping[str, str]


class Actions:
    """Calls below `/api/v2/integrations/actions`; `draft` means an action's draft instead of itself."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def list(
        self,
        *,
        name: str | None = None,
        category: str | None = None,
        secure: bool | None = None,
        include_auth: bool = False,
        drafts: bool = False,
    ) -> Iterator[Action]:
        """Yield published actions, or drafts.

        Args:
            name: part of the name.
            category: the whole category.
            secure: only secure ones, or only the others.
            include_auth: with the login actions of integrations.
            drafts: drafts instead of published actions.
        """
        query: Query = {
            "name": name,
            "category": category,
            "secure": secure,
            "includeAuthActions": True if include_auth else None,
            "sortBy": "name",
        }
        return cast("Iterator[Action]", by_number(self._client, DRAFTS if drafts else ROOT, query))

    def get(self, action_id: str, *, whole: bool = False, draft: bool = False) -> Action:
        """Return one action, with contract, configuration and the text of both templates if `whole`."""
        if not whole:
            return cast("Action", self._client.request("GET", _path(action_id, draft=draft)).object())
        read = self.whole(action_id, draft=draft)
        action = read.members
        config = action.get("config")
        if isinstance(config, dict):
            request, response = config.get("request"), config.get("response")
            if request is not None and REQUEST_TEMPLATE in read.templates:
                request["requestTemplate"] = read.templates[REQUEST_TEMPLATE]
            if response is not None and SUCCESS_TEMPLATE in read.templates:
                response["successTemplate"] = read.templates[SUCCESS_TEMPLATE]
        return action

    def whole(self, action_id: str, *, draft: bool = False) -> WholeAction:
        """Return an action with contract, configuration, and the texts of its templates.

        Servers keep templates apart and may name only their URIs, so the texts are read from there. A copy of
        an action that leaves this out silently gets the default templates.
        """
        query: Query = {"expand": "contract", "includeConfig": True}
        answer = self._client.request("GET", _path(action_id, draft=draft), query=query)
        action = cast("Action", answer.object())
        config = action.get("config")
        request, response = (config.get("request"), config.get("response")) if config else (None, None)
        wanted = [REQUEST_TEMPLATE] if request is not None and "requestTemplate" not in request else []
        wanted += [SUCCESS_TEMPLATE] if response is not None and "successTemplate" not in response else []
        templates = {}
        for name in wanted:
            text = self._template_if_any(action_id, name, draft=draft)
            if text is not None:
                templates[name] = text
        return WholeAction(answer.text, action, templates)

    def template(self, action_id: str, file_name: str, *, draft: bool = False) -> str:
        """Return a template's text (`requesttemplate.vm` or `successtemplate.vm`)."""
        path = f"{_path(action_id, draft=draft)}/templates/{quote(file_name, safe='')}"
        return self._client.request("GET", path, accept="*/*").text

    def create(self, action: Mapping[str, Any] | bytes) -> Action:
        """Create a published action. Bytes go out unchanged."""
        body = action if isinstance(action, bytes) else dict(action)
        return cast("Action", self._client.request("POST", ROOT, body=body).object())

    def create_draft(self, action: Mapping[str, Any] | bytes) -> Action:
        """Create the draft of a new action; name and integration are enough. Bytes go out unchanged."""
        body = action if isinstance(action, bytes) else dict(action)
        return cast("Action", self._client.request("POST", DRAFTS, body=body).object())

    def copy_to_draft(self, action_id: str) -> Action:
        """Make a draft of a published action.

        Raises:
            ApiError: among others, the action has a draft already.
        """
        path = _path(action_id, draft=True)
        return cast("Action", self._client.request("POST", path).object())

    def change(self, action_id: str, change: Mapping[str, Any] | bytes, *, draft: bool = False) -> Action:
        """Change an action or its draft; the body holds the current `version`. Bytes go out unchanged."""
        body = change if isinstance(change, bytes) else dict(change)
        answer = self._client.request("PATCH", _path(action_id, draft=draft), body=body)
        return cast("Action", answer.object())

    def publish(self, action_id: str, version: int) -> Action:
        """Turn a draft into the published action.

        Args:
            version: the draft's own, as it was read.

        Raises:
            ApiError: the draft is not complete, or it is at another version.
        """
        path = f"{_path(action_id, draft=True)}/publish"
        return cast("Action", self._client.request("POST", path, body={"version": version}).object())

    def delete(self, action_id: str, *, draft: bool = False) -> None:
        """Delete an action with its draft, or its draft alone."""
        self._client.request("DELETE", _path(action_id, draft=draft))

    def execute(self, action_id: str, inputs: Mapping[str, Any] | bytes, *, flatten: bool = False) -> Any:
        """Execute a published action and return its result.

        Raises:
            ApiError: the run failed.
        """
        return self._run(action_id, "execute", inputs, flatten=flatten)

    def test(
        self,
        action_id: str,
        inputs: Mapping[str, Any] | bytes,
        *,
        flatten: bool = False,
        draft: bool = False,
    ) -> TestExecutionResult:
        """Run an action or its draft in test mode; a failed run is a result too."""
        result = self._run(action_id, "test", inputs, flatten=flatten, draft=draft)
        return cast("TestExecutionResult", result)

    def _run(
        self,
        action_id: str,
        verb: str,
        inputs: Mapping[str, Any] | bytes,
        *,
        flatten: bool,
        draft: bool = False,
    ) -> Any:
        body = inputs if isinstance(inputs, bytes) else dict(inputs)
        query = {"flatten": True if flatten else None}
        path = f"{_path(action_id, draft=draft)}/{verb}"
        return self._client.request("POST", path, query=query, body=body).json()

    def _template_if_any(self, action_id: str, file_name: str, *, draft: bool) -> str | None:
        try:
            return self.template(action_id, file_name, draft=draft)
        except ApiError as error:
            if error.status != 404:
                raise
            return None


def _path(action_id: str, *, draft: bool = False) -> str:
    return f"{ROOT}/{quote(action_id, safe='')}{'/draft' if draft else ''}"
