"""The official Python SDK: its declarations, and calls by operation id."""

from __future__ import annotations

import inspect
import json
import re
import warnings
from collections.abc import Mapping
from functools import cache
from typing import Any

import PureCloudPlatformClientV2 as sdk
from PureCloudPlatformClientV2.rest import ApiException

from support.sdk.shapes import Member
from support.server import Server

_VALUES = re.compile(r"allowed_values = (\[[^\]]*\])")
_RESULT = re.compile(r"response_type=(?:'([^']*)'|None)")
_CAMEL = re.compile(r"(?<=[a-z0-9])([A-Z])")


class PythonDeclarations:
    """What the SDK's models and methods declare."""

    def model(self, name: str) -> Mapping[str, Member] | None:
        """Return a model's members by JSON name."""
        return _model(name)

    def result(self, operation: str) -> str:
        """Return the shape of what an operation answers."""
        match = _RESULT.search(inspect.getsource(getattr(_api(operation), operation)))
        assert match is not None, operation
        return _shape(match[1]) if match[1] else ""


class PythonSdk:
    """Calls operations as a program does, and gives back the JSON that came.

    Args:
        server: logged in to with its first client.
        token: of somebody else, instead.
    """

    declarations = PythonDeclarations()

    def __init__(self, server: Server, token: str = "") -> None:
        self._client = sdk.ApiClient(host=server.url)
        if token:
            self._client.access_token = token
            return
        self._client.get_client_credentials_token(server.client_id, server.client_secret)

    def call(self, operation: str, arguments: Mapping[str, Any]) -> Any:
        """Call an operation; return its answer's JSON, None if it has no body.

        Args:
            arguments: by the names of the API's parameters, and `body`.
        """
        method = getattr(_api(operation)(self._client), operation)
        named = {_snake(name): value for name, value in arguments.items()}
        try:
            # The list of credentials by number is deprecated, and implemented all the same; the SDK sets the
            # filter itself, so that the warning can only be caught.
            with warnings.catch_warnings(record=True):
                method(**named)
        except ApiException as error:
            raise AssertionError(f"{operation}: {error.status} {error.body}") from error
        text = self._client.last_response.data
        if not text:
            return None
        declared = self.declarations.result(operation)
        return text if declared == "str" and not text.startswith('"') else json.loads(text)

    def close(self) -> None:
        """Nothing is open."""


@cache
def _api(operation: str) -> Any:
    for name in dir(sdk):
        candidate = getattr(sdk, name)
        if name.endswith("Api") and hasattr(candidate, operation):
            return candidate
    raise AssertionError(f"the Python SDK has no {operation}")


@cache
def _model(name: str) -> Mapping[str, Member] | None:
    model = getattr(sdk, name, None)
    if model is None:
        return None
    empty = model()
    return {
        empty.attribute_map[attribute]: Member(_shape(declared), values=_values(model, attribute))
        for attribute, declared in empty.swagger_types.items()
    }


def _values(model: Any, attribute: str) -> frozenset[str]:
    match = _VALUES.search(inspect.getsource(getattr(model, attribute).fset))
    return frozenset(json.loads(match[1])) if match else frozenset()


def _shape(declared: str) -> str:
    if declared.startswith("list["):
        return f"list[{_shape(declared[5:-1])}]"
    if declared.startswith("dict("):
        return f"dict[{_shape(declared[10:-1])}]"
    return "any" if declared == "object" else declared


def _snake(name: str) -> str:
    return _CAMEL.sub(lambda match: f"_{match[1].lower()}", name)
