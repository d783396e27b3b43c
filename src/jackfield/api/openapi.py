"""`/openapi.json`: what this server implements, made from the route table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from jackfield.api.json_bytes import dump
from jackfield.api.routes import HANDLERS
from jackfield.catalog import QueryParameter, Route


def describe(routes: Iterable[Route], version: str) -> bytes:
    """Return the OpenAPI 3.0 document of the implemented routes."""
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        if route.operation_id in HANDLERS:
            paths.setdefault(route.path, {})[route.method.lower()] = _operation(route)
    return dump({"openapi": "3.0.3", "info": {"title": "Jackfield", "version": version}, "paths": paths})


def _operation(route: Route) -> dict[str, Any]:
    return {
        "operationId": route.operation_id,
        "parameters": [_query(parameter) for parameter in route.query],
        "responses": {str(route.success): {"description": route.response_model or "No content"}},
    }


def _query(parameter: QueryParameter) -> dict[str, Any]:
    return {"name": parameter.name, "in": "query", "schema": {"type": "string"}}
