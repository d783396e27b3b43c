"""Actions of Genesys Cloud integrations: this server's own API, another platform, or files."""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import trustme

from support.byte_scan import files_below, scan
from support.installation import (
    API,
    configure,
    contract,
    enable,
    execute,
    make_action,
    make_integration,
    steps,
    taken,
    tried,
)
from support.refusals import refusal
from support.server import Server

TYPE = "purecloud-data-actions"


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that is its own platform."""
    folder = tmp_path_factory.mktemp("platform") / "data"
    with Server(folder, options=("--platform", "self")) as running:
        yield running


def connected(http: httpx.Client, client_id: str, client_secret: str) -> str:
    """Create an enabled integration with an OAuth client attached; return its id."""
    body = {
        "name": "client",
        "type": "pureCloudOAuthClient",
        "credentialFields": {"clientId": client_id, "clientSecret": client_secret},
    }
    made = taken(http.post(f"{API}/credentials", json=body))
    integration = make_integration(http, type_id=TYPE)["id"]
    configure(http, integration, credentials={"pureCloudOAuthClient": {"id": made["id"]}})
    enable(http, integration)
    return str(integration)


def calling(
    url: str, method: str = "GET", body: str = "${input.rawRequest}", **headers: str
) -> dict[str, Any]:
    """Return the configuration of an action on the platform."""
    request = {
        "requestUrlTemplate": url,
        "requestType": method,
        "requestTemplate": body,
        "headers": headers,
    }
    return {"request": request, "response": {}}


def action_on(http: httpx.Client, integration: str, config: dict[str, Any]) -> str:
    """Create an action with one input; return its id."""
    inputs = contract({"id": {"type": "string"}})
    return str(make_action(http, integration, config=config, contract=inputs)["id"])


def test_an_action_reads_this_server_s_own_api(own: Server) -> None:
    """A relative URL, a token of the client credentials grant: the answer is this server's."""
    with own.http() as http:
        integration = connected(http, own.client_id, own.client_secret)
        action = action_on(http, integration, calling("/api/v2/integrations/${input.id}"))
        answer = execute(http, action, {"id": integration})
        assert taken(answer)["id"] == integration
        result = tried(http, action, {"id": integration})
        assert steps(result)["Resolve request URL template"]["result"].startswith(own.url)
        assert steps(result)["Perform authentication"]["result"]["login"] == "kept"
        headers = steps(result)["Resolve request header templates"]["result"]
        assert headers["Authorization"] == "Bearer ********"
        assert headers["Jackfield-Hops"] == "1"


def test_a_client_that_the_platform_does_not_know(own: Server) -> None:
    """The login is refused: ACTION.AUTHENTICATION, the reply shown in test mode alone."""
    with own.http() as http:
        integration = connected(http, own.client_id, "a-wrong-secret")
        action = action_on(http, integration, calling("/api/v2/integrations/types"))
        answer = execute(http, action, {})
        assert answer.json()["details"] == [{"errorCode": "ACTION.AUTHENTICATION"}]
        assert refusal(answer, 400, "invalid.credentials").faults[0].code == "ACTION_LOGIN_REFUSED"
        assert "invalid_client" not in answer.text
        assert "invalid_client" in json.dumps(tried(http, action, {}))


def test_an_action_that_executes_itself_ends(own: Server) -> None:
    """The chain is cut after five calls of the server to itself, whatever the caller pretends."""
    with own.http() as http:
        integration = connected(http, own.client_id, own.client_secret)
        config = calling("/api/v2/integrations/actions/${input.id}/test", "POST", '{"id": "${input.id}"}')
        action = action_on(http, integration, config)
        result, depth = tried(http, action, {"id": action}), 0
        while result.get("finalResult"):
            result, depth = result["finalResult"], depth + 1
        assert depth == 5
        assert result["error"]["errors"][0]["code"] == "PLATFORM_HOPS"
        headers = {"Jackfield-Hops": "5"}
        late = http.post(f"{API}/actions/{action}/execute", json={"id": action}, headers=headers)
        assert refusal(late, 400).faults[0].code == "PLATFORM_HOPS"


def test_web_services_actions_do_not_reach_this_server(own: Server) -> None:
    """The platform opens its own way alone; an action of another type is refused at the same port."""
    with own.http() as http:
        integration = make_integration(http)["id"]
        action = action_on(http, integration, calling(f"{own.url}/health"))
        assert refusal(execute(http, action, {}), 400).faults[0].code == "UPSTREAM_OWN_PORT"


def test_the_token_is_renewed_when_the_server_forgets_it(own: Server) -> None:
    """A client with another secret: the kept token is dropped with the credential's change."""
    with own.http() as http:
        integration = connected(http, own.client_id, own.client_secret)
        action = action_on(http, integration, calling("/api/v2/integrations/types?pageSize=1"))
        assert execute(http, action, {}).status_code == 200
        attached = taken(http.get(f"{API}/{integration}/config/current"))
        credential = attached["credentials"]["pureCloudOAuthClient"]["id"]
        body = {
            "name": "client",
            "type": "pureCloudOAuthClient",
            "credentialFields": {"clientId": own.client_id, "clientSecret": "not-any-more"},
        }
        taken(http.put(f"{API}/credentials/{credential}", json=body))
        assert refusal(execute(http, action, {}), 400, "invalid.credentials")


def test_nothing_of_the_platform_s_token_stays(own: Server) -> None:
    """Neither the client's secret nor a token is in the server's files or logs."""
    places = files_below(own.data_dir) | {"log": own.log_file.read_bytes()}
    assert scan(places, [own.client_secret]) == []
    assert b"Bearer " not in b"".join(places.values())


def test_without_a_platform(http: httpx.Client) -> None:
    """The server says that it has none, and what to start it with."""
    integration = make_integration(http, type_id=TYPE)["id"]
    action = action_on(http, integration, calling("/api/v2/users/me"))
    seen = refusal(execute(http, action, {}), 501, "not.implemented")
    assert seen.faults[0].code == "PLATFORM_UNSET"
    assert "--platform self" in seen.faults[0].fix


def test_another_server_is_the_platform(own: Server, tmp_path: Path) -> None:
    """`--platform URL`: token and call go there, also where other actions may not go."""
    options = ("--platform", own.url, "--upstreams", "public")
    with Server(tmp_path / "data", options=options) as other, other.http() as http:
        integration = connected(http, own.client_id, own.client_secret)
        action = action_on(http, integration, calling("/api/v2/integrations/types/${input.id}"))
        assert taken(execute(http, action, {"id": TYPE}))["id"] == TYPE


def test_stubs(tmp_path: Path) -> None:
    """`--platform stub:DIR`: replies are files, found anew for each run; a missing one is named."""
    folder = tmp_path / "stubs"
    (folder / "api/v2/users/_").mkdir(parents=True)
    (folder / "api/v2/users/_/GET.json").write_text('{"name": "any"}')
    with Server(tmp_path / "data", options=("--platform", f"stub:{folder}")) as server, server.http() as http:
        integration = connected(http, "a-client", "a-secret-of-it")
        action = action_on(http, integration, calling("/api/v2/users/${input.id}"))
        assert taken(execute(http, action, {"id": "7"})) == {"name": "any"}
        (folder / "api/v2/users/me").mkdir()
        (folder / "api/v2/users/me/GET.http").write_text("HTTP/1.1 403 Forbidden\n\n{}")
        assert refusal(execute(http, action, {"id": "me"}), 403, "not.authorized")
        missing = action_on(http, integration, calling("/api/v2/none"))
        seen = refusal(execute(http, missing, {}), 502, "bad.gateway")
        assert seen.faults[0].code == "STUB_MISSING"
        assert "api/v2/none/GET.json" in seen.faults[0].fix
        assert str(folder) not in seen.message


def test_a_server_with_https_is_its_own_platform(tmp_path: Path) -> None:
    """It trusts its own certificate, whatever name that is for, and nothing else."""
    authority = trustme.CA()
    issued = authority.issue_cert("jackfield.example", "127.0.0.1")
    issued.private_key_pem.write_to_path(tmp_path / "server.key")
    issued.cert_chain_pems[0].write_to_path(tmp_path / "server.pem")
    options = ["--platform", "self", "--tls-cert", str(tmp_path / "server.pem")]
    options += ["--tls-key", str(tmp_path / "server.key")]
    trust = ssl.create_default_context()
    authority.configure_trust(trust)
    server = Server(tmp_path / "data", options=options).start()
    try:
        with httpx.Client(base_url=server.url, verify=trust, timeout=30) as http:
            client = (server.client_id, server.client_secret)
            form = {"grant_type": "client_credentials"}
            token = taken(http.post("/oauth/token", data=form, auth=client))["access_token"]
            http.headers["Authorization"] = f"Bearer {token}"
            integration = connected(http, *client)
            action = action_on(http, integration, calling("/api/v2/integrations/types/${input.id}"))
            assert taken(execute(http, action, {"id": TYPE}))["id"] == TYPE
    finally:
        server.stop()
