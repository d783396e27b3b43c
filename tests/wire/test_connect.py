"""What `jackfield connect` prints is pasted and run, as a user would."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import hcl2
import pytest

from jackfield.client.http import Client
from jackfield.client.profiles import Flags, resolve
from support.command_line import Outcome, in_a_process
from support.server import Server

NODE_MODULES = Path(__file__).parents[1] / "js" / "node_modules"
ID, SECRET = "GENESYSCLOUD_OAUTHCLIENT_ID", "GENESYSCLOUD_OAUTHCLIENT_SECRET"


def variables(server: Server) -> dict[str, str]:
    """What `up` tells to export."""
    return {"GENESYSCLOUD_REGION": server.url, ID: server.client_id, SECRET: server.client_secret}


def connect(server: Server, client: str, *options: str) -> Outcome:
    """Print the configuration of a client."""
    done = in_a_process("connect", "--for", client, *options, **variables(server))
    assert done.code == 0, done.err
    return done


def run(command: list[str], text: str, environment: Mapping[str, str], folder: Path) -> str:
    """Run a pasted text with nothing but these variables beside the usual ones."""
    usual = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    done = subprocess.run(
        command,
        input=text,
        capture_output=True,
        text=True,
        env=usual | dict(environment),
        cwd=folder,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


COMMANDS = {
    "python": [sys.executable, "-"],
    "js": ["node", "-"],
    "curl": ["sh"],
}


@pytest.mark.parametrize("with_secret", [False, True], ids=["environment", "written out"])
@pytest.mark.parametrize("client", list(COMMANDS))
def test_programs_run(server: Server, tmp_path: Path, client: str, with_secret: bool) -> None:
    """Pasted into its interpreter each one logs in and lists the integration types."""
    if client == "js":
        assert NODE_MODULES.is_dir(), "scripts/test-tools installs the SDK"
        (tmp_path / "node_modules").symlink_to(NODE_MODULES)
    options = ["--with-secret"] if with_secret else []
    text = connect(server, client, *options).out
    assert (server.client_secret in text) is with_secret
    environment = {} if with_secret else {SECRET: server.client_secret}
    printed = run(COMMANDS[client], text, environment, tmp_path)
    assert "custom-rest-actions" in printed


@pytest.mark.parametrize("client", list(COMMANDS))
def test_programs_behind_a_prefix(server: Server, tmp_path: Path, client: str) -> None:
    """A server below a gateway's path is reached too."""
    if client == "js":
        (tmp_path / "node_modules").symlink_to(NODE_MODULES)
    text = connect(server, client, "--region", f"{server.url}/some/gateway").out
    assert "custom-rest-actions" in run(COMMANDS[client], text, {SECRET: server.client_secret}, tmp_path)


def test_terraform(server: Server) -> None:
    """The block is HCL, has the gateway that the provider wants, and the warning about function uploads."""
    done = connect(server, "terraform", "--region", f"{server.url}/gw", "--with-secret")
    read: dict[str, Any] = hcl2.load(io.StringIO(done.out))
    block = plain(read)["provider"][0]["genesyscloud"]
    assert block["oauthclient_id"] == server.client_id
    assert block["oauthclient_secret"] == server.client_secret
    assert block["aws_region"] == "us-east-1"
    gateway = block["gateway"][0]
    port = server.url.rpartition(":")[2]
    assert (gateway["host"], gateway["port"], gateway["protocol"]) == ("127.0.0.1", port, "http")
    paths = [(one["path_name"], one["path_value"]) for one in gateway["path_params"]]
    assert paths == [("login", "gw"), ("api", "gw")]
    assert "zip of a function action" in done.err
    bare = plain(hcl2.load(io.StringIO(connect(server, "terraform").out)))
    assert "oauthclient_secret" not in bare["provider"][0]["genesyscloud"]


def plain(value: Any) -> Any:
    """Return what the parser gives without the quotes and marks that it keeps."""
    if isinstance(value, dict):
        return {plain(name): plain(part) for name, part in value.items() if name != "__is_block__"}
    if isinstance(value, list):
        return [plain(part) for part in value]
    return value.strip('"') if isinstance(value, str) else value


def test_gc(server: Server) -> None:
    """The gateway file has the members that gc reads, the port as a text."""
    value = json.loads(connect(server, "gc").out)
    port = server.url.rpartition(":")[2]
    assert value == {
        "host": "127.0.0.1",
        "protocol": "http",
        "port": port,
        "pathParams": {"login": "", "api": ""},
    }


def test_postman(server: Server, tmp_path: Path) -> None:
    """Collection and environment have Postman's shape, and the requests, sent as they stand, succeed."""
    connect(server, "postman", "--with-secret", "--dir", str(tmp_path))
    collection = json.loads((tmp_path / "jackfield.postman_collection.json").read_text())
    kept = json.loads((tmp_path / "jackfield.postman_environment.json").read_text())
    assert (tmp_path / "jackfield.postman_environment.json").stat().st_mode & 0o077 == 0
    assert collection["info"]["schema"].endswith("/v2.1.0/collection.json")
    values = {one["key"]: one["value"] for one in kept["values"]}
    assert values["clientSecret"] == server.client_secret
    assert collection["event"][0]["listen"] == "prerequest"
    with Client(resolve(Flags(), variables(server))) as client:
        for item in collection["item"]:
            request = item["request"]
            assert request["url"]["host"] == ["{{baseUrl}}"]
            assert "/".join(request["url"]["path"]) in request["url"]["raw"]
            path = filled(request["url"]["raw"], values).removeprefix(server.url)
            body = json.loads(filled(request["body"]["raw"], values)) if "body" in request else None
            answer = client.request(request["method"], path, body=body)
            for event in item.get("event", ()):
                name = event["script"]["exec"][0].split('"')[1]
                values[name] = answer.object()["id"]
    assert values["integrationId"]


def filled(text: str, values: Mapping[str, str]) -> str:
    """Put variables in, as Postman does."""
    for name, value in values.items():
        text = text.replace(f"{{{{{name}}}}}", value)
    assert "{{" not in text
    return text


def test_node_is_there() -> None:
    """The test of the JavaScript program runs the real thing."""
    assert shutil.which("node")
