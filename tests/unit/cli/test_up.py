"""`jackfield up`: options become settings, the announcement tells how to connect, refusals exit 3."""

from __future__ import annotations

import json
import signal
import socket
from pathlib import Path
from typing import Any

import pytest

import jackfield.app
from jackfield.app import Started
from jackfield.cli.output import Output
from jackfield.cli.up import announce
from jackfield.domain.secret import Secret
from jackfield.settings import ServerSettings
from support.command_line import Commands, in_a_process
from support.server import Server


@pytest.fixture
def served(commands: Commands, monkeypatch: pytest.MonkeyPatch) -> list[ServerSettings]:
    """Catches the settings in place of serving."""
    caught: list[ServerSettings] = []

    def catch(settings: ServerSettings, _: object) -> int:
        caught.append(settings)
        return 0

    monkeypatch.setattr(jackfield.app, "serve", catch)
    return caught


def started(**changes: Any) -> Started:
    """Make what the server tells when it accepts requests."""
    settings = ServerSettings(**{"data_dir": Path("/data"), **changes.pop("settings", {})})
    told: dict[str, Any] = {
        "url": "http://127.0.0.1:8080",
        "client_id": "the-client",
        "client_secret": Secret("the-secret"),
        "admin_user": "admin@x",
        "admin_password": Secret("the-password"),
        "pid": 7,
    }
    return Started(**{**told, **changes}, settings=settings)


def test_without_options_the_defaults_hold(commands: Commands, served: list[ServerSettings]) -> None:
    """The command line's defaults are those of the settings."""
    assert commands("up").code == 0
    assert served == [ServerSettings()]


def test_every_option_reaches_the_settings(
    commands: Commands, served: list[ServerSettings], tmp_path: Path
) -> None:
    """Each option sets its own setting."""
    commands(
        *("up", "--host", "::1", "--port", "0", "--data-dir", str(tmp_path), "--database", "sqlite://"),
        *("--ephemeral", "--limits", "cloud", "--upstreams", "public", "--allow-upstream", "10.0.0.0/8"),
        *("--allow-upstream", "crm.example", "--catalog", str(tmp_path), "--seed", "7", "--no-console"),
        *("--strict", "--log-level", "debug", "--workers", "1", "--json"),
    )
    assert served == [
        ServerSettings(
            host="::1",
            port=0,
            data_dir=tmp_path,
            database="sqlite://",
            ephemeral=True,
            limits="cloud",
            upstreams="public",
            allow_upstream=("10.0.0.0/8", "crm.example"),
            catalog=tmp_path,
            seed=7,
            console=False,
            strict=True,
            log_level="debug",
        )
    ]


def test_variables_stand_in_for_options(commands: Commands, served: list[ServerSettings]) -> None:
    """JACKFIELD_* set what no option says; an option wins."""
    commands.set(
        {
            "JACKFIELD_PORT": "9000",
            "JACKFIELD_HOST": "127.0.0.2",
            "JACKFIELD_EPHEMERAL": "1",
            "JACKFIELD_ALLOW_UPSTREAM": "a.example b.example",
            "JACKFIELD_BOOTSTRAP_CLIENT_SECRET": "preset-secret",
        }
    )
    commands("up", "--host", "127.0.0.1")
    settings = served[0]
    assert (settings.port, settings.host, settings.ephemeral) == (9000, "127.0.0.1", True)
    assert settings.allow_upstream == ("a.example", "b.example")
    assert settings.bootstrap.client_secret is not None


@pytest.mark.parametrize(
    ("arguments", "variables", "code"),
    [
        (("--workers", "2"), {}, "WORKERS_REFUSED"),
        ((), {"JACKFIELD_PORT": "many"}, "USAGE_REFUSED"),
        ((), {"JACKFIELD_BOOTSTRAP_CLIENT_SECRET": "short"}, "SETTING_REFUSED"),
    ],
)
def test_wrong_settings_exit_3(
    commands: Commands,
    served: list[ServerSettings],
    arguments: tuple[str, ...],
    variables: dict[str, str],
    code: str,
) -> None:
    """Nothing is started when a setting is wrong."""
    commands.set(variables)
    outcome = commands("up", *arguments, "--json")
    assert (outcome.code, outcome.finding["code"], served) == (3, code, [])


def test_the_line_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    """One JSON object on one line, with exactly the fixed members."""
    announce(Output(json=True), started())
    printed = capsys.readouterr().out
    assert printed.count("\n") == 1
    assert json.loads(printed) == {
        "schema_version": 1,
        "url": "http://127.0.0.1:8080",
        "login_url": "http://127.0.0.1:8080",
        "client_id": "the-client",
        "client_secret": "the-secret",
        "admin_user": "admin@x",
        "admin_password": "the-password",
        "pid": 7,
    }


def test_the_words_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    """The first start shows variables that can be copied, both secrets, and what data actions may call."""
    announce(Output(json=False), started(settings={"allow_upstream": ("crm.example",)}))
    printed = capsys.readouterr().out
    assert "export GENESYSCLOUD_REGION=http://127.0.0.1:8080\n" in printed
    assert "export GENESYSCLOUD_OAUTHCLIENT_SECRET=the-secret\n" in printed
    assert "password the-password" in printed
    assert "shown this once" in printed
    assert "this machine's loopback, and crm.example" in printed


def test_an_allowed_range_that_stays_closed_is_not_promised(capsys: pytest.CaptureFixture[str]) -> None:
    """Link-local addresses are never called, so the first lines must not say that they may be."""
    announce(Output(json=False), started(settings={"allow_upstream": ("169.254.0.0/16", "10.0.0.0/8")}))
    printed = capsys.readouterr().out
    assert "this machine's loopback, and 10.0.0.0/8; 169.254.0.0/16 stays closed, being link-local" in printed


def test_a_later_start_shows_no_secret(capsys: pytest.CaptureFixture[str]) -> None:
    """Secrets that are not kept in clear cannot be shown again, and the words say so."""
    settings = {"host": "0.0.0.0", "ephemeral": True}
    announce(Output(json=False), started(client_secret=None, admin_password=None, settings=settings))
    printed = capsys.readouterr().out
    assert "as shown on the first start" in printed
    assert "administrator" not in printed
    assert "public addresses only" in printed
    assert "Nothing is kept" in printed


def test_a_real_server_announces_itself_and_refuses_a_twin(tmp_path: Path) -> None:
    """The first line is the announcement; a second server on its port or its data is refused."""
    with Server(tmp_path / "data") as server:
        assert server.process is not None
        assert server.first_line["pid"] == server.process.pid
        assert server.first_line["client_secret"]
        port = server.url.rpartition(":")[2]
        other = str(tmp_path / "other")
        busy = in_a_process("up", "--port", port, "--data-dir", other, "--json")
        twin = in_a_process("up", "--port", "0", "--data-dir", str(tmp_path / "data"))
        assert (busy.code, busy.finding["code"]) == (3, "PORT_BUSY")
        assert (twin.code, twin.out) == (3, "")
        assert "[DATABASE_BUSY]" in twin.err
        assert server.stop() == 0
        assert server.start().first_line["client_secret"] is None
        assert server._signal(signal.SIGINT) == 130
    with socket.create_server(("127.0.0.1", int(port))):
        assert not (tmp_path / "other" / "jackfield.db").exists()
