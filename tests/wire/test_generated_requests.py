"""Schemathesis makes requests out of `/openapi.json`: no 5xx, and every answer matches its schema."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from jackfield.api.routes import HANDLERS
from jackfield.catalog import load_catalog
from support.greeting_service import greeting_service
from support.installation import API, greet, make_connected, make_credential, make_integration, taken
from support.server import Server

EXAMPLES = 10
ROUTES = load_catalog().routes
# Of these at least one request must come through, so that it is not only refusals that are looked at.
READS = {
    route.operation_id
    for route in ROUTES
    if route.method == "GET"
    and "{" not in route.path
    and route.operation_id in HANDLERS
    # A client has no user.
    and route.operation_id != "get_users_me"
} | {"get_integration", "get_integration_config_current", "get_integrations_action", "get_integrations_type"}
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@dataclass(frozen=True)
class Described:
    """A server, what it says of itself, and how to get in.

    Args:
        server: where it all goes.
        operations: Schemathesis' operations by operation id.
        real: path parameters that name something that exists.
    """

    server: Server
    operations: dict[str, Any]
    real: dict[str, str]


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Described]:
    """A server of this module alone, with one of everything."""
    data_dir = tmp_path_factory.mktemp("generated") / "data"
    with Server(data_dir) as server, greeting_service() as service, server.http() as http:
        schema = schemathesis.openapi.from_url(f"{server.url}/openapi.json")
        found = [result.ok() for result in schema.get_all_operations() if isinstance(result, Ok)]
        operations = {one.definition.raw["operationId"]: one for one in found}
        yield Described(server, operations, real_ids(http, service.url))


def real_ids(http: httpx.Client, service: str) -> dict[str, str]:
    """Make one of everything; return what path parameters may name."""
    integration = make_connected(http)
    webhook = make_integration(http, "hook", "webhook")
    http.patch(webhook["selfUri"], json={"intendedState": "ENABLED"})
    action = greet(http, integration, service)
    taken(http.post(f"{API}/actions/{action}/draft"))
    return {
        "integrationId": integration,
        "credentialId": make_credential(http)["id"],
        "actionId": action,
        "typeId": "custom-rest-actions",
        "configType": "properties",
        "tokenId": webhook["attributes"]["webhookId"],
        "ucIntegrationId": integration,
        "fileName": "requesttemplate.vm",
    }


def send(described: Described, case: Any, token: str, *, real: bool) -> int:
    """Send a generated request, hold the answer against the description, and return its status.

    Args:
        real: name things that exist, but for deletions: what is gone would not be met again.
    """
    if real and case.method != "DELETE":
        case.path_parameters = {name: described.real.get(name, "x") for name in case.path_parameters or {}}
    # A generated token would be refused before anything else is looked at.
    case.headers = {**(case.headers or {}), "Authorization": f"Bearer {token}"}
    answer = case.call_and_validate(base_url=described.server.url, checks=CHECKS)
    return int(answer.status_code)


def sent(described: Described, operation_id: str, mode: GenerationMode) -> list[int]:
    """Send generated requests of one operation; return the statuses of the answers."""
    statuses: list[int] = []
    # One of the operations makes its token invalid.
    token = described.server.token()
    cases = described.operations[operation_id].as_strategy(generation_mode=mode)

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases)
    def run(case: Any) -> None:
        statuses.append(send(described, case, token, real=len(statuses) % 2 == 1))

    run()
    return statuses


@pytest.mark.parametrize("operation_id", sorted(HANDLERS))
def test_generated_requests(described: Described, operation_id: str) -> None:
    """Whatever the description allows is answered as the description says."""
    statuses = sent(described, operation_id, GenerationMode.POSITIVE)
    assert statuses
    if operation_id in READS:
        assert 200 in statuses


BODIES = [route.operation_id for route in ROUTES if route.request_model and route.operation_id in HANDLERS]


@pytest.mark.parametrize("operation_id", sorted(BODIES))
def test_what_the_description_forbids(described: Described, operation_id: str) -> None:
    """Other bodies are refused, or taken with what is known to be harmless; never a 5xx."""
    assert sent(described, operation_id, GenerationMode.NEGATIVE)


def test_a_wrong_answer_is_caught(described: Described) -> None:
    """The control: held against a description that is spoiled in one type, the same answer fails."""
    document = httpx.get(f"{described.server.url}/openapi.json").json()
    for spoiled in (False, True):
        if spoiled:
            total = document["components"]["schemas"]["IntegrationEntityListing"]["properties"]["total"]
            total["type"] = "string"
        schema = schemathesis.openapi.from_dict(document)
        case = schema[API]["GET"].Case(headers={"Authorization": f"Bearer {described.server.token()}"})
        answer = case.call(base_url=described.server.url)
        if spoiled:
            with pytest.raises(FailureGroup):
                case.validate_response(answer, checks=CHECKS)
        else:
            case.validate_response(answer, checks=CHECKS)
