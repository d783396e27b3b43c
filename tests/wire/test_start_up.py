"""Starts that must fail: one sentence that says why, and what to do; exit code 3."""

from __future__ import annotations

import json
import os
import shutil
import socket
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from support.installation import API, make_credential
from support.server import Server


def up(data_dir: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run `jackfield up`, expecting it to end by itself."""
    command = [sys.executable, "-m", "jackfield.cli.main", "up", "--data-dir", str(data_dir), *options]
    return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)


def refused(data_dir: Path, *options: str) -> dict[str, Any]:
    """Start, expect refusal for a person and for a program; return the finding."""
    options = options if "--port" in options else ("--port", "0", *options)
    shown = up(data_dir, *options)
    assert shown.returncode == 3, shown.stderr
    assert "Traceback" not in shown.stderr
    told = up(data_dir, *options, "--json")
    assert told.returncode == 3
    document = json.loads(told.stdout)
    assert document["schema_version"]
    finding: dict[str, Any] = document["error"]["findings"][0]
    assert finding["message"].count(". ") == 0
    assert finding["fix"]
    words = " ".join(shown.stderr.split())
    assert " ".join(finding["message"].split()[:6]) in words
    return finding


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data directory of a server that was used and stopped."""
    folder = tmp_path_factory.mktemp("used") / "data"
    with Server(folder) as server, server.http() as http:
        make_credential(http)
    return folder


@pytest.fixture
def data_dir(used: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(used, tmp_path / "data"))


def test_a_copy_starts(data_dir: Path) -> None:
    """The control: the copied data directory is good, and the second start shows no secret again."""
    with Server(data_dir) as server:
        assert server.first_line["client_secret"] is None
        assert server.first_line["admin_password"] is None
        assert server.first_line["pid"] == (server.process.pid if server.process else 0)


def test_the_files_are_private(used: Path) -> None:
    """Nobody else may read the key or the database."""
    for name in ("master.key", "jackfield.db"):
        assert stat.S_IMODE((used / name).stat().st_mode) & 0o077 == 0


def test_a_missing_key(data_dir: Path) -> None:
    """A database without its key is not opened with a new one."""
    (data_dir / "master.key").unlink()
    finding = refused(data_dir)
    assert finding["code"] == "KEY_MISSING"
    assert str(data_dir / "master.key") in finding["message"] + finding["fix"]
    assert not (data_dir / "master.key").exists()


def test_a_wrong_key(data_dir: Path, tmp_path: Path) -> None:
    """The key of another data directory is told apart before the first request."""
    with Server(tmp_path / "other"):
        pass
    shutil.copy2(tmp_path / "other" / "master.key", data_dir / "master.key")
    assert refused(data_dir)["code"] == "KEY_WRONG"


def test_a_damaged_key(data_dir: Path) -> None:
    """A key file that is none is refused as such, and not shown."""
    (data_dir / "master.key").write_text("this is not the key\n")
    finding = refused(data_dir)
    assert finding["code"] == "KEY_MALFORMED"
    assert "this is not the key" not in json.dumps(finding)


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
def test_a_key_that_others_can_read(data_dir: Path, mode: int) -> None:
    """A readable key is refused with the command that mends it; that command mends it."""
    key = data_dir / "master.key"
    key.chmod(mode)
    finding = refused(data_dir)
    assert finding["code"] == "KEY_READABLE"
    assert f"chmod 600 {key}" in finding["fix"]
    key.chmod(0o600)
    with Server(data_dir) as server:
        assert httpx.get(f"{server.url}/health").status_code == 200


def test_a_database_of_a_newer_version(data_dir: Path) -> None:
    """A database that a newer version wrote is left alone."""
    connection = sqlite3.connect(data_dir / "jackfield.db")
    changed = connection.execute("update jackfield_revision set version_num = '9999'")
    assert changed.rowcount == 1
    connection.commit()
    connection.close()
    finding = refused(data_dir)
    assert finding["code"] == "DATABASE_NEWER"
    assert "9999" in finding["message"]


def test_a_file_that_is_no_database(data_dir: Path) -> None:
    """A damaged file is refused, not replaced."""
    (data_dir / "jackfield.db").write_bytes(b"no database" * 1000)
    for name in ("jackfield.db-wal", "jackfield.db-shm"):
        (data_dir / name).unlink(missing_ok=True)
    assert refused(data_dir)["code"].startswith("DATABASE_")
    assert (data_dir / "jackfield.db").read_bytes().startswith(b"no database")


def test_a_second_server_on_the_same_data(data_dir: Path) -> None:
    """Two servers on one SQLite file are one too many."""
    with Server(data_dir):
        assert refused(data_dir)["code"] == "DATABASE_BUSY"


def test_a_busy_port(tmp_path: Path) -> None:
    """A port that somebody else listens on is named, with the option that takes another."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        finding = refused(tmp_path / "data", "--port", str(port))
    assert str(port) in finding["message"]
    assert "--port" in finding["fix"]


def test_a_busy_port_leaves_nothing_behind(tmp_path: Path) -> None:
    """A start that failed on its port must not eat the one showing of the secrets."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        up(tmp_path / "data", "--port", str(other.getsockname()[1]), "--json")
    with Server(tmp_path / "data") as server:
        assert server.first_line["client_secret"]
        assert server.token()


def test_a_wrong_catalog(tmp_path: Path) -> None:
    """A folder given with --catalog is checked before anything is served."""
    folder = tmp_path / "types" / "integration_types"
    folder.mkdir(parents=True)
    (folder / "mine.json").write_text('{"id": "mine", "nme": "Mine"}')
    finding = refused(tmp_path / "data", "--catalog", str(tmp_path / "types"))
    assert finding["code"] == "CATALOG_INVALID"
    assert "mine.json" in finding["message"]


def test_an_added_catalog(tmp_path: Path) -> None:
    """A good folder's types are there beside the shipped ones."""
    folder = tmp_path / "types" / "integration_types"
    folder.mkdir(parents=True)
    mine = {
        "id": "mine",
        "name": "Mine",
        "category": "c",
        "provider": "p",
        "grade": "assumed",
        "properties": {"type": "object"},
        "advanced": {"type": "object"},
    }
    (folder / "mine.json").write_text(json.dumps(mine))
    with Server(tmp_path / "data", ["--catalog", str(tmp_path / "types")]) as server, server.http() as http:
        assert http.get(f"{API}/types/mine").json()["name"] == "Mine"
        assert http.get(f"{API}/types/webhook").status_code == 200
        created = http.post(API, json={"integrationType": {"id": "mine"}})
        assert created.json()["name"] == "Mine"


def test_a_type_that_cannot_be_installed(tmp_path: Path) -> None:
    """What its file calls non-installable is created all the same, with a warning; --strict refuses it."""
    folder = tmp_path / "types" / "integration_types"
    folder.mkdir(parents=True)
    listed = {"id": "listed", "name": "Listed", "category": "c", "provider": "p", "grade": "assumed"}
    schemas = {"properties": {"type": "object"}, "advanced": {"type": "object"}}
    (folder / "listed.json").write_text(json.dumps(listed | schemas | {"nonInstallable": True}))
    body = {"integrationType": {"id": "listed"}}
    options = ["--catalog", str(tmp_path / "types")]
    with Server(tmp_path / "data", options) as server, server.http() as http:
        assert "TYPE_NOT_INSTALLABLE" in http.post(API, json=body).headers["Jackfield-Findings"]
    with Server(tmp_path / "strict", [*options, "--strict"]) as server, server.http() as http:
        refused = http.post(API, json=body)
    assert refused.status_code == 400
    assert [error["code"] for error in refused.json()["errors"]] == ["TYPE_NOT_INSTALLABLE"]


@pytest.mark.parametrize(
    "options",
    [
        ["--port", "70000"],
        ["--port", "x"],
        ["--upstreams", "all"],
        ["--no-such-option"],
        ["--limits", "some"],
    ],
    ids=" ".join,
)
def test_options_that_are_none(tmp_path: Path, options: list[str]) -> None:
    """A wrong option is exit code 3, and its refusal is a document too with --json."""
    told = up(tmp_path / "data", *options, "--json")
    assert told.returncode == 3
    assert json.loads(told.stdout)["schema_version"]
    assert not (tmp_path / "data" / "jackfield.db").exists()


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    """A data directory below a file is refused in words."""
    (tmp_path / "file").write_text("")
    told = up(tmp_path / "file" / "data", "--port", "0", "--json")
    assert told.returncode == 3
    document = json.loads(told.stdout)
    assert str(tmp_path / "file") in document["error"]["message"]
    assert document["error"]["findings"][0]["code"] == "DATA_DIR_UNUSABLE"


def test_stopping(tmp_path: Path) -> None:
    """SIGTERM ends the server with exit code 0 and frees its port and files."""
    server = Server(tmp_path / "data").start()
    pid = server.first_line["pid"]
    assert server.stop() == 0
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    with server:
        assert server.token()


def test_ephemeral_servers_keep_nothing(tmp_path: Path) -> None:
    """`--ephemeral` shows secrets on each start and leaves no file."""
    with Server(tmp_path / "data", ["--ephemeral"]) as server:
        assert server.first_line["client_secret"]
        assert server.token()
    assert not (tmp_path / "data" / "jackfield.db").exists()
