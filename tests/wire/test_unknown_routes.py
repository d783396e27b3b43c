"""What is not there: known routes without code, unknown paths, wrong methods."""

from __future__ import annotations

import httpx
import pytest

from support.installation import API
from support.refusals import refusal

KNOWN_WITHOUT_CODE = [
    ("GET", "/speech/tts/settings", "get_integrations_speech_tts_settings"),
    ("PUT", "/speech/tts/settings", "put_integrations_speech_tts_settings"),
    ("GET", "/actions/functions/runtimes", "get_integrations_actions_functions_runtimes"),
    ("POST", "/botconnectors/incoming/messages", "post_integrations_botconnectors_incoming_messages"),
]


@pytest.mark.parametrize(("method", "path", "operation"), KNOWN_WITHOUT_CODE)
def test_known_routes_without_code(http: httpx.Client, method: str, path: str, operation: str) -> None:
    """501 in the envelope, naming the operation, rather than an invented answer."""
    refused = refusal(http.request(method, API + path), 501, "not.implemented")
    assert operation in refused.message


NEAREST = [
    ("/api/v2/integration", "/api/v2/integrations"),
    ("/api/v2/integrations/x/config/curent", "/api/v2/integrations/{integrationId}/config/current"),
    ("/api/v2/integrations/action/x/execute", "/api/v2/integrations/actions/{actionId}/execute"),
    ("/integrations/types", "/api/v2/integrations/types"),
]


@pytest.mark.parametrize(("path", "nearest"), NEAREST)
def test_unknown_paths_name_the_nearest_route(http: httpx.Client, path: str, nearest: str) -> None:
    """404 with the route that was most likely meant."""
    refused = refusal(http.get(path), 404, "not.found")
    assert nearest in refused.faults[0].accepted + refused.faults[0].fix


@pytest.mark.parametrize(
    "path", ["/", "/api", "/api/v2", "/api/v2/users/me/nothing", "/%00", "/api/v2/integrations/"]
)
def test_other_paths(http: httpx.Client, path: str) -> None:
    """Whatever the path, 404 comes in the envelope."""
    refusal(http.get(path), 404, "not.found")


METHODS = [
    ("PUT", "", {"GET", "POST"}),
    ("POST", "/types", {"GET"}),
    ("DELETE", "/credentials", {"GET", "POST"}),
    ("PATCH", "/x/config/current", {"GET", "PUT"}),
    ("GET", "/actions/x/execute", {"POST"}),
]


@pytest.mark.parametrize(("method", "path", "allowed"), METHODS)
def test_wrong_methods(http: httpx.Client, method: str, path: str, allowed: set[str]) -> None:
    """405 with an Allow header, and the same methods in words."""
    answer = http.request(method, API + path)
    refused = refusal(answer, 405, "method.not.allowed")
    listed = {name.strip() for name in answer.headers["Allow"].split(",")}
    assert allowed <= listed
    assert method not in listed
    assert all(name in refused.faults[0].accepted for name in allowed)


def test_entities_that_do_not_exist(http: httpx.Client) -> None:
    """404 names what was looked for."""
    for path in (
        "/no-such-id",
        "/no-such-id/config/current",
        "/credentials/no-such-id",
        "/actions/no-such-id",
    ):
        refused = refusal(http.get(API + path), 404, "not.found")
        assert "no-such-id" in refused.message + refused.faults[0].seen


def test_prefixes_of_gateways(http: httpx.Client) -> None:
    """The API answers below a gateway's path prefix and with a doubled slash too."""
    for path in ("/gateway/api/v2/integrations/types", "//api/v2/integrations/types"):
        url = str(http.base_url).rstrip("/") + path
        assert http.get(url).status_code == 200


HEADERS = {
    "cache-control": "no-cache, no-store, must-revalidate",
    "pragma": "no-cache",
    "expires": "0",
}


@pytest.mark.parametrize("path", ["/types", "/no-such-id", "/a/b/c/d/e"])
def test_headers_of_every_answer(http: httpx.Client, path: str) -> None:
    """Nothing may be cached, and every answer has its correlation id."""
    answer = http.get(API + path)
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert len(answer.headers["ININ-Correlation-Id"]) == 36


def test_bodies_that_are_not_declared_as_json(http: httpx.Client) -> None:
    """curl's -d declares a form: 415 says which header to send."""
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = http.post(f"{API}/credentials", content="{}", headers=headers)
    refused = refusal(answer, 415, "unsupported.media.type")
    assert "application/json" in refused.faults[0].fix


def test_health_ready_metrics_and_description(http: httpx.Client) -> None:
    """Operators' routes need no token; /openapi.json lists what is implemented."""
    base = str(http.base_url).rstrip("/")
    assert httpx.get(f"{base}/health").status_code == 200
    assert httpx.get(f"{base}/ready").status_code == 200
    assert "# TYPE" in httpx.get(f"{base}/metrics").text
    paths = httpx.get(f"{base}/openapi.json").json()["paths"]
    assert set(paths["/api/v2/integrations/{integrationId}"]) >= {"get", "patch", "delete"}
    assert "/api/v2/integrations/speech/tts/settings" not in paths
