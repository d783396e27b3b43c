"""The OpenAPI document."""

from __future__ import annotations

import json
from typing import Any

from jackfield.api.openapi import describe, read_models
from jackfield.api.routes import HANDLERS
from jackfield.catalog import load_catalog

ROUTES = load_catalog().routes
DOCUMENT: dict[str, Any] = json.loads(describe(ROUTES, "1.2.3"))


def test_exactly_what_is_implemented() -> None:
    """Every handler's route is described, and no other."""
    described = {
        operation["operationId"] for methods in DOCUMENT["paths"].values() for operation in methods.values()
    }
    assert described == set(HANDLERS)
    assert DOCUMENT["info"]["version"] == "1.2.3"


def test_every_handler_has_a_route() -> None:
    """A misspelled operation id would never be called."""
    assert set(HANDLERS) <= {route.operation_id for route in ROUTES}


def test_bodies_are_declared_where_they_are_read() -> None:
    """The handler that reads a body is the one whose route has a model for it."""
    for route in ROUTES:
        handler = HANDLERS.get(route.operation_id)
        assert handler is None or handler.takes_body == bool(route.request_model), route.operation_id


def test_references_lead_somewhere() -> None:
    """Every $ref names a schema that exists."""
    names = set(DOCUMENT["components"]["schemas"])
    text = json.dumps(DOCUMENT)
    wanted = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}
    assert wanted <= names
    assert {"ErrorBody", "Integration", "CredentialInfo", "Action"} <= wanted
    assert set(read_models()) == names


def test_path_parameters_are_declared() -> None:
    """Each name in braces is a required parameter."""
    for path, methods in DOCUMENT["paths"].items():
        for operation in methods.values():
            declared = [item["name"] for item in operation["parameters"] if item["in"] == "path"]
            assert declared == [part[1:-1] for part in path.split("/") if part.startswith("{")]
