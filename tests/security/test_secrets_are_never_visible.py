"""Planted secrets are looked for in the database, its write-ahead log, logs, answers and errors."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import httpx
import pytest

from support.byte_scan import files_below, forms, scan
from support.echo_service import EchoService, echo_service
from support.server import Server

BASE = "/api/v2/integrations"
SHAPES = (
    "canary-plain-7f3a9c51e2",
    'canary "quoted" \\back/ 8d21',
    "canary-ünï-çödé-€-4410",
    "canary a+b&c=d%20 5512",
    "canary\ttab\nline 9913",
    "canary$velocity#set(${x}) 7",
)


def canaries(count: int) -> list[str]:
    """Return as many different secrets, of all shapes, some of them long."""
    return [
        f"{SHAPES[number % len(SHAPES)]}-{number:04d}{'x' * (number % 7 * 40)}" for number in range(count)
    ]


class Story:
    """Drives every write and error path with planted secrets and keeps every answer's bytes."""

    def __init__(self, server: Server, service: EchoService, secrets: list[str]) -> None:
        self.http = server.http()
        self.service, self.secrets = service, iter(secrets)
        self.answers: dict[str, bytes] = {}

    def send(
        self, method: str, path: str, body: object = None, content: bytes | None = None
    ) -> httpx.Response:
        """Send one request and keep the answer."""
        data = content if content is not None else (json.dumps(body).encode() if body is not None else None)
        headers = {"Content-Type": "application/json"}
        answer = self.http.request(method, path, content=data, headers=headers)
        headers_text = repr(list(answer.headers.raw)).encode()
        self.answers[f"answer {len(self.answers)} {method} {path}"] = headers_text + answer.content
        return answer

    def credentials(self, count: int) -> list[str]:
        """Create and replace credentials of all types."""
        made = []
        for number in range(count):
            fields = {"userName": "someone", "password": next(self.secrets)}
            kind = "basicAuth"
            if number % 3 == 1:
                fields, kind = {"apiKey": next(self.secrets), "other": next(self.secrets)}, "userDefined"
            if number % 3 == 2:
                fields, kind = {"clientId": "id", "clientSecret": next(self.secrets)}, "pureCloudOAuthClient"
            body = {"name": f"c{number}", "type": kind, "credentialFields": fields}
            made.append(str(self.send("POST", f"{BASE}/credentials", body).raise_for_status().json()["id"]))
        for identifier in made[:6]:
            self.send("GET", f"{BASE}/credentials/{identifier}")
            body = {
                "name": "r",
                "type": "basicAuth",
                "credentialFields": {"userName": "u", "password": next(self.secrets)},
            }
            self.send("PUT", f"{BASE}/credentials/{identifier}", body)
        self.send("GET", f"{BASE}/credentials?pageSize=100")
        self.send("GET", f"{BASE}/credentials/listing?pageSize=100")
        return made

    def errors(self) -> None:
        """Send wrong bodies with secrets in them."""
        for damage in (
            "missing type",
            "unknown type",
            "field type",
            "syntax",
            "smart quotes",
            "not an object",
            "nested",
        ):
            secret = next(self.secrets)
            body: object = {
                "name": "x",
                "type": "basicAuth",
                "credentialFields": {"userName": 1, "password": secret},
            }
            if damage == "missing type":
                body = {"name": "x", "credentialFields": {"password": secret}}
            if damage == "unknown type":
                body = {"name": "x", "type": "basicOth", "credentialFields": {"password": secret}}
            if damage == "nested":
                body = {
                    "name": "x",
                    "type": "basicAuth",
                    "credentialFields": {"userName": "u", "password": [secret]},
                }
            text = json.dumps(body)
            if damage == "syntax":
                text = text.replace("}}", ',, "more": }')
            if damage == "smart quotes":
                text = text.replace('"', "\u201c")
            if damage == "not an object":
                text = json.dumps([body])
            assert self.send("POST", f"{BASE}/credentials", content=text.encode()).status_code == 400, damage
            self.send("POST", f"{BASE}/credentials", content=text.encode()[:-5])

    def actions(self) -> list[str]:
        """Attach the service's password, let actions carry a user-defined secret everywhere, run them."""
        hidden = next(self.secrets)
        used = [self.service.password, hidden]
        first = {"userName": "login", "password": self.service.password}
        basic = self._integration("basicAuth", first)
        for path in ("/ok", "/broken", "/text"):
            self._run(basic, path, {}, "")
        own = self._integration("userDefined", {"key": hidden})
        headers = {"X-Key": "$esc.url($credentials.key)"}
        body = '{"k": "$esc.jsonEncode($credentials.key)"}'
        for path in ("/ok", "/broken?k=$esc.uriEncode($credentials.key)", "/text"):
            self._run(own, path, headers, body)
        return used

    def _integration(self, kind: str, fields: dict[str, str]) -> str:
        body = {"name": "used", "type": kind, "credentialFields": fields}
        credential = self.send("POST", f"{BASE}/credentials", body).raise_for_status().json()["id"]
        created = self.send("POST", BASE, {"integrationType": {"id": "custom-rest-actions"}}).json()
        configuration = {
            "name": "n",
            "version": 1,
            "properties": {},
            "advanced": {},
            "notes": "",
            "credentials": {"basicAuth": {"id": credential}},
        }
        self.send("PUT", f"{BASE}/{created['id']}/config/current", configuration).raise_for_status()
        self.send("PATCH", f"{BASE}/{created['id']}", {"intendedState": "ENABLED"}).raise_for_status()
        return str(created["id"])

    def _run(self, integration: str, path: str, headers: dict[str, str], template: str) -> None:
        request = {
            "requestType": "POST",
            "requestUrlTemplate": self.service.url + path,
            "headers": headers,
            "requestTemplate": template or "{}",
        }
        schema = {"type": "object", "properties": {}}
        contract = {"input": {"inputSchema": schema}, "output": {"successSchema": {"type": "object"}}}
        response = {"translationMap": {"path": "$.path"}, "successTemplate": '{"path": "seen"}'}
        body = {
            "name": "a",
            "category": "c",
            "integrationId": integration,
            "contract": contract,
            "config": {"request": request, "response": response},
        }
        action = self.send("POST", f"{BASE}/actions", body).raise_for_status().json()["id"]
        self.send("POST", f"{BASE}/actions/{action}/execute", {})
        self.send("POST", f"{BASE}/actions/{action}/test", {}).raise_for_status()


def test_planted_secrets_are_nowhere(tmp_path: Path) -> None:
    """No form of a planted secret is in a file, log line, answer or error; yet the service got it."""
    secrets = canaries(400)
    password = "canary-service-password-55120987"
    server = Server(tmp_path / "data")
    with echo_service("login", password) as service:
        try:
            server.start()
            story = Story(server, service, [*secrets])
            story.credentials(120)
            story.errors()
            used = story.actions()
            story.http.close()
            live = {f"live {name}": data for name, data in files_below(tmp_path).items()}
        finally:
            server.stop()
        basic = base64.b64encode(f"login:{password}".encode()).decode()
        assert any(request.get("authorization") == f"Basic {basic}" for request in service.received)
        assert any("canary" in request["body"] for request in service.received)
    stopped = {f"stopped {name}": data for name, data in files_below(tmp_path).items()}
    places = {**live, **stopped, **story.answers}
    hits = scan(places, [*secrets, *used, server.client_secret])
    print(f"\n{len(secrets) + 1} secrets, {len(places)} places, {len(hits)} hits")
    assert any(name.endswith("jackfield.db") for name in places)
    assert any(name.endswith("jackfield.db-wal") for name in live)
    assert hits == []


@pytest.mark.parametrize("form", sorted(forms("canary")))
@pytest.mark.parametrize("place", ["jackfield.db", "jackfield.db-wal", "server.stderr", "answer"])
def test_the_scan_would_find_them(tmp_path: Path, form: str, place: str) -> None:
    """The control: the same scan finds a secret planted in any form in any kind of place."""
    secret = canaries(2)[1]
    (tmp_path / place).write_bytes(b"\x00page" * 100 + forms(secret)[form] + b"rest" * 100)
    assert scan(files_below(tmp_path), [secret])
