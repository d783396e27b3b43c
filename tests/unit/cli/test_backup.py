"""`jackfield backup` and `jackfield upgrade`, on real data directories."""

from __future__ import annotations

import shutil
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from jackfield.store import open_store
from jackfield.store.backup import schema_state
from jackfield.store.migrations import HEAD, REVISIONS
from support.command_line import Commands
from support.stores import ORGANIZATION, add_all, integration, read


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Commands:
    """Runs commands."""
    return Commands(monkeypatch, capsys)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data directory with one integration."""
    folder = tmp_path / "data"
    folder.mkdir()
    store = open_store(f"sqlite:///{folder / 'jackfield.db'}")
    add_all(store, lambda transaction: transaction.integrations.add, integration(1))
    store.close()
    return folder


def test_a_backup_of_a_database_in_use(commands: Commands, data: Path, tmp_path: Path) -> None:
    """The copy is one file that opens as a database of its own, with what was there; the owner's alone."""
    target = tmp_path / "backup.db"
    using = open_store(f"sqlite:///{data / 'jackfield.db'}")
    done = commands("backup", str(target), "--data-dir", str(data), "--json")
    using.close()
    assert (done.code, done.document["bytes"]) == (0, target.stat().st_size)
    assert done.document["key_file"] == str(data / "master.key")
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("backup")] == ["backup.db"]
    restored = open_store(f"sqlite:///{target}")
    wanted = integration(1)
    kept = read(restored, lambda transaction: transaction.integrations.get(ORGANIZATION, wanted.id))
    restored.close()
    assert kept == wanted
    assert "master.key" in commands("backup", str(tmp_path / "b2.db"), "--data-dir", str(data)).err


def test_backups_that_cannot_be_made(commands: Commands, data: Path, tmp_path: Path) -> None:
    """Nothing is overwritten, and what is missing is named; a damaged database leaves no copy."""
    target = tmp_path / "there.db"
    target.write_text("mine")
    taken = commands("backup", str(target), "--data-dir", str(data), "--json")
    assert (taken.code, taken.finding["code"], target.read_text()) == (1, "BACKUP_FAILED", "mine")
    missing = commands("backup", str(tmp_path / "new.db"), "--data-dir", str(tmp_path), "--json")
    assert (missing.code, missing.finding["code"]) == (1, "BACKUP_FAILED")
    assert not (tmp_path / "new.db").exists()
    (data / "jackfield.db").write_bytes(b"no database at all " * 400)
    damaged = commands("backup", str(tmp_path / "new.db"), "--data-dir", str(data), "--json")
    assert (damaged.code, damaged.finding["code"]) == (1, "BACKUP_FAILED")
    assert not (tmp_path / "new.db").exists()


def test_postgresql_is_told_what_to_use(commands: Commands, tmp_path: Path) -> None:
    """Another database's own tool is named, and its password is not."""
    url = "postgresql://jack:geheim@127.0.0.1:1/field"
    refused = commands("backup", str(tmp_path / "b.db"), "--database", url, "--json")
    assert (refused.code, refused.finding["code"]) == (3, "BACKUP_ELSEWHERE")
    assert "pg_dump -Fc -f backup.dump field" in refused.finding["fix"]
    assert "geheim" not in refused.out


def test_upgrade_says_what_it_would_do(commands: Commands, data: Path, tmp_path: Path) -> None:
    """0 where there is nothing to do, 2 where there is; a check changes nothing."""
    database = data / "jackfield.db"
    current = commands("upgrade", "--check", "--data-dir", str(data), "--json")
    assert (current.code, current.document["found"], current.document["pending"]) == (0, HEAD, [])
    empty = commands("upgrade", "--check", "--data-dir", str(tmp_path / "none"), "--json")
    assert (empty.code, empty.document["found"]) == (0, "")
    assert not (tmp_path / "none").exists()
    first = next(iter(REVISIONS))
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("UPDATE jackfield_revision SET version_num = ?", (first,))
    before = database.read_bytes()
    pending = commands("upgrade", "--check", "--data-dir", str(data), "--json")
    assert pending.code == 2
    assert pending.document["pending"] == list(REVISIONS)[1:]
    assert (database.read_bytes(), pending.document["migrated"]) == (before, False)
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("UPDATE jackfield_revision SET version_num = 'v9999'")
    newer = commands("upgrade", "--check", "--data-dir", str(data), "--json")
    assert (newer.code, newer.finding["code"]) == (3, "DATABASE_NEWER")


def test_upgrade_migrates(commands: Commands, tmp_path: Path) -> None:
    """An old database is brought to this version, and then there is nothing more to do."""
    from jackfield.store.engines import sqlite_engines
    from jackfield.store.migrations.running import migrate
    from jackfield.store.opening import parsed_url

    folder = tmp_path / "old"
    folder.mkdir()
    url = f"sqlite:///{folder / 'jackfield.db'}"
    writing, reading = sqlite_engines(parsed_url(url))
    with writing.begin() as connection:
        migrate(connection, next(iter(REVISIONS)))
    writing.dispose()
    reading.dispose()
    shutil.copytree(folder, tmp_path / "copy")
    done = commands("upgrade", "--data-dir", str(folder), "--json")
    assert (done.code, done.document["migrated"], done.document["wanted"]) == (0, True, HEAD)
    assert schema_state(url).pending == ()
    assert "Would go" in commands("upgrade", "--check", "--data-dir", str(tmp_path / "copy")).out
