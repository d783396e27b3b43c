"""Trust stores of integrations and the client certificate, with a real server and a real TLS service."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
import trustme

from support.installation import (
    API,
    OPEN_CONTRACT,
    enable,
    execute,
    make_action,
    make_integration,
    simple_config,
    taken,
)
from support.refusals import refusal
from support.server import Server

AUTHORITY = trustme.CA()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Say whose certificate the caller presented."""
        connection = self.connection
        assert isinstance(connection, ssl.SSLSocket)
        peer = connection.getpeercert() or {}
        presented = "jackfield.example" if "jackfield.example" in str(peer.get("subjectAltName")) else ""
        data = json.dumps({"presented": presented}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's signature
        """Say nothing."""


@pytest.fixture(scope="module")
def service() -> Iterator[str]:
    """A service of a private authority that asks for a client certificate; its URL."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    AUTHORITY.issue_cert("127.0.0.1").configure_cert(context)
    AUTHORITY.configure_trust(context)
    context.verify_mode = ssl.CERT_REQUIRED
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield f"https://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def armed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Path]]:
    """A server with a folder of trust stores and a client certificate; and the folder."""
    folder = tmp_path_factory.mktemp("tls")
    issued = AUTHORITY.issue_cert("jackfield.example")
    issued.private_key_pem.write_to_path(folder / "client.key")
    issued.cert_chain_pems[0].write_to_path(folder / "client.pem")
    (folder / "trust").mkdir()
    environment = {
        "JACKFIELD_TRUST_DIR": str(folder / "trust"),
        "JACKFIELD_CLIENT_CERT": str(folder / "client.pem"),
        "JACKFIELD_CLIENT_KEY": str(folder / "client.key"),
    }
    with Server(folder / "data", environment=environment) as server:
        yield server, folder / "trust"


def action_of(http: httpx.Client, url: str) -> tuple[str, str]:
    """Create an integration and its action; return both ids."""
    integration = make_integration(http)["id"]
    enable(http, integration)
    action = make_action(http, integration, config=simple_config(url), contract=OPEN_CONTRACT)
    return integration, action["id"]


def test_an_integration_with_its_own_trust_store(armed: tuple[Server, Path], service: str) -> None:
    """Untrusted at first; trusted with the store, the client certificate presented; others stay out."""
    server, trust = armed
    with server.http() as http:
        integration, action = action_of(http, service)
        _, other = action_of(http, service)
        seen = refusal(execute(http, action, {}), 500, "internal.server.error")
        assert seen.faults[0].code == "UPSTREAM_CERTIFICATE_REFUSED"
        AUTHORITY.cert_pem.write_to_path(trust / f"{integration}.pem")
        assert taken(execute(http, action, {})) == {"presented": "jackfield.example"}
        seen = refusal(execute(http, other, {}), 500, "internal.server.error")
        assert seen.faults[0].code == "UPSTREAM_CERTIFICATE_REFUSED"


def test_the_client_certificate_is_listed(armed: tuple[Server, Path]) -> None:
    """The certificate and nothing else of its file, never the key; none is upcoming."""
    server, _ = armed
    with server.http() as http:
        listing = taken(http.get(f"{API}/actions/certificates"))
        (entity,) = listing["entities"]
        assert (entity["status"], entity["type"]) == ("Current", "Client")
        assert ssl.PEM_cert_to_DER_cert(entity["certificate"])
        assert "PRIVATE" not in entity["certificate"]
        assert taken(http.get(f"{API}/actions/certificates?status=Upcoming"))["entities"] == []
