"""`/openapi.json`: what this server implements, made from the route table and the models of the API."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from importlib.resources import files
from typing import Any, Final

from jackfield.api.json_bytes import dump
from jackfield.api.routes import HANDLERS
from jackfield.catalog import QueryParameter, Route

VERSION: Final = "3.0.3"
SCHEMAS: Final = "#/components/schemas/"
JSON: Final = "application/json"
# Answers that are no JSON although their model is a string.
PLAIN_TEXT: Final = frozenset(("get_integrations_action_template", "get_integrations_action_draft_template"))
KINDS: Final = {"integer": "integer", "boolean": "boolean"}


def describe(routes: Iterable[Route], version: str) -> bytes:
    """Return the OpenAPI document of the implemented routes.

    Args:
        routes: of the catalog; those without a handler are left out.
        version: of the product.
    """
    models = read_models()
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        if route.operation_id in HANDLERS:
            paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, models)
    return dump(
        {
            "openapi": VERSION,
            "info": {
                "title": "Jackfield",
                "version": version,
                "description": "The implemented part of the integrations family of the platform API v2.",
            },
            "paths": paths,
            "components": {
                "schemas": models,
                "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
            },
            "security": [{"bearer": []}],
        }
    )


def read_models() -> dict[str, Any]:
    """Return the API's models as schemas, by name."""
    text = files("jackfield.api").joinpath("models.json").read_text(encoding="utf-8")
    models: dict[str, Any] = json.loads(text)
    return models


def _operation(route: Route, models: Mapping[str, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": route.operation_id,
        "parameters": [*_path_parameters(route.path), *(_query(parameter) for parameter in route.query)],
        "responses": {str(route.success): _answer(route, models), "default": _error()},
    }
    if route.permissions:
        operation["description"] = f"Needs any of: {', '.join(route.permissions)}."
    if route.request_model:
        content = {JSON: {"schema": _schema(route.request_model, models)}}
        operation["requestBody"] = {"required": True, "content": content}
    return operation


def _path_parameters(path: str) -> list[dict[str, Any]]:
    names = [segment[1:-1] for segment in path.split("/") if segment.startswith("{")]
    return [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]


def _query(parameter: QueryParameter) -> dict[str, Any]:
    shape: dict[str, Any] = {"name": parameter.name, "in": "query"}
    if parameter.kind == "list":
        return shape | {"schema": {"type": "array", "items": {"type": "string"}}, "explode": False}
    schema: dict[str, Any] = {"type": KINDS.get(parameter.kind, "string")}
    if parameter.default is not None:
        schema["default"] = parameter.default
    if parameter.values:
        schema["enum"] = list(parameter.values)
    return shape | {"schema": schema}


def _answer(route: Route, models: Mapping[str, Any]) -> dict[str, Any]:
    if not route.response_model:
        return {"description": "Done; no body."}
    media_type = "text/plain" if route.operation_id in PLAIN_TEXT else JSON
    schema = _schema(route.response_model, models)
    return {"description": route.response_model, "content": {media_type: {"schema": schema}}}


def _error() -> dict[str, Any]:
    schema = {"$ref": f"{SCHEMAS}ErrorBody"}
    return {"description": "A refusal.", "content": {JSON: {"schema": schema}}}


def _schema(model: str, models: Mapping[str, Any]) -> dict[str, Any]:
    if model.startswith("list["):
        return {"type": "array", "items": _schema(model[5:-1], models)}
    if model in models:
        return {"$ref": f"{SCHEMAS}{model}"}
    return {"type": "string"} if model == "str" else {"type": "object"}
