"""Opening a database: what is refused, in which words, and what is left behind."""

from __future__ import annotations

import asyncio
import importlib.util
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from jackfield.domain.errors import OperationRefused
from jackfield.domain.finding import Finding
from jackfield.store import SqlStore, open_store
from support.postgresql import PostgresServer
from support.stores import integration, write


def _refusal(url: str) -> Finding:
    with pytest.raises(OperationRefused) as caught:
        open_store(url)
    return caught.value.findings[0]


@pytest.mark.parametrize(
    "url",
    [
        "mysql://user:s3cret@host/name",
        "postgresql+asyncpg://user:s3cret@host/name",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:////tmp/x.db?mode=ro",
        "not a url s3cret",
        "",
        "sqlite+aiosqlite:////tmp/x.db",
        "postgresql://user:s3cret@host:port/name",
    ],
)
def test_urls_of_something_else_are_refused(url: str) -> None:
    """Only SQLite files and PostgreSQL are taken, and a password in the URL is not repeated."""
    finding = _refusal(url)
    assert finding.code == "DATABASE_URL_REFUSED"
    assert "s3cret" not in str(finding)


def test_a_missing_driver_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without psycopg the refusal says what to install."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    finding = _refusal("postgresql://host/name")
    assert finding.code == "DATABASE_DRIVER_MISSING"
    assert "pip install 'jackfield[postgresql]'" in finding.fix


def test_an_unreachable_server_is_named_without_its_password() -> None:
    """Host and cause are told, the password is not."""
    finding = _refusal("postgresql+psycopg://user:s3cret@127.0.0.1:1/name")
    assert finding.code == "DATABASE_UNREACHABLE"
    assert "127.0.0.1" in finding.message
    assert "refused" in finding.message
    assert "s3cret" not in str(finding)


def test_a_missing_database_is_named(postgresql: PostgresServer) -> None:
    """The server's own words say which database does not exist."""
    finding = _refusal(f"postgresql+psycopg://jackfield@127.0.0.1:{postgresql.port}/nothing")
    assert finding.code == "DATABASE_UNREACHABLE"
    assert '"nothing" does not exist' in finding.message


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    """An SQLite file in a folder that does not exist is refused with its path."""
    finding = _refusal(f"sqlite:///{tmp_path}/none/store.db")
    assert finding.code == "DATABASE_UNREACHABLE"
    assert "no such file or directory" in finding.message
    assert str(tmp_path) in finding.message


def test_a_file_of_something_else_is_refused_untouched(tmp_path: Path) -> None:
    """A file that is no database keeps its content."""
    path = tmp_path / "store.db"
    path.write_bytes(b"these are not the pages of a database" * 100)
    finding = _refusal(f"sqlite:///{path}")
    assert finding.code == "DATABASE_UNREACHABLE"
    assert "not an SQLite database" in finding.message
    assert path.read_bytes().startswith(b"these are not")


def test_a_database_is_opened_once(database_url: str) -> None:
    """A second server is refused while the first runs, and welcome once it is closed."""
    first = open_store(database_url)
    finding = _refusal(database_url)
    assert finding.code == "DATABASE_BUSY"
    first.close()
    open_store(database_url).close()


def test_the_owner_of_a_file_is_named(tmp_path: Path) -> None:
    """For a file the refusal tells which process has it."""
    url = f"sqlite:///{tmp_path / 'store.db'}"
    store = open_store(url)
    assert f"(process {os.getpid()})" in _refusal(url).message
    store.close()


def test_a_refused_start_lets_go(database_url: str, tmp_path: Path) -> None:
    """After a start that was refused, a correct one succeeds in the same process."""
    blocker = tmp_path / "not-a-database"
    blocker.write_bytes(b"x" * 5000)
    assert _refusal(f"sqlite:///{blocker}").code == "DATABASE_UNREACHABLE"
    blocker.unlink()
    open_store(f"sqlite:///{blocker}").close()
    open_store(database_url).close()


def test_a_killed_server_does_not_keep_others_out(database_url: str) -> None:
    """The lock goes with its process, however that ends."""
    code = (
        "import sys; from jackfield.store import open_store; s = open_store(sys.argv[1]);"
        "print('open', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, database_url], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"open\n"
        assert _refusal(database_url).code == "DATABASE_BUSY"
        other.kill()
    open_store(database_url).close()


def test_files_are_for_their_owner_alone(tmp_path: Path) -> None:
    """Database, WAL and lock cannot be read by other users, whatever the umask is."""
    before = os.umask(0)
    try:
        store = open_store(f"sqlite:///{tmp_path / 'store.db'}")
        write(store, lambda transaction: transaction.integrations.add(integration()))
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
        store.close()
    finally:
        os.umask(before)
    assert modes == dict.fromkeys(("store.db", "store.db-wal", "store.db-shm", "store.db.lock"), 0o600)


def test_commits_are_made_durable(tmp_path: Path) -> None:
    """The writer commits into a WAL with synchronous=FULL, or a power loss could take answers back."""
    store = open_store(f"sqlite:///{tmp_path / 'store.db'}")
    seen: dict[str, object] = {}

    async def look() -> None:
        for engine in (store._writing, store._reading):
            with engine.connect() as connection:
                for name in ("journal_mode", "synchronous", "foreign_keys", "query_only"):
                    seen[name] = connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            if engine is store._writing:
                assert seen == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "query_only": 0}

    asyncio.run(look())
    store.close()
    assert seen["query_only"] == 1


def test_commits_are_made_durable_on_a_lax_server(postgresql: PostgresServer) -> None:
    """A server whose default is to answer before the disk did is overruled."""
    url = postgresql.create_database()
    name = url.rsplit("/", 1)[1]
    postgresql.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
    store = open_store(url)
    assert _setting(store, "synchronous_commit") == "on"
    store.close()


def test_a_schema_can_be_named_in_the_url(postgresql: PostgresServer) -> None:
    """Options of the URL reach the server, so two servers can share a database in two schemas."""
    url = postgresql.create_database()
    name = url.rsplit("/", 1)[1]
    postgresql.execute("CREATE SCHEMA second", name)
    first = open_store(url)
    second = open_store(f"{url}?options=-csearch_path%3Dsecond")
    write(second, lambda transaction: transaction.integrations.add(integration()))
    first.close()
    second.close()
    assert list(postgresql.execute("SELECT count(*) FROM second.integrations", name)) == [(1,)]
    assert list(postgresql.execute("SELECT count(*) FROM public.integrations", name)) == [(0,)]


def _setting(store: SqlStore, name: str) -> object:
    with store._writing.connect() as connection:
        return connection.exec_driver_sql(f"SHOW {name}").scalar_one()
