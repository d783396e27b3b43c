"""A backup as the manual describes it: taken from a running server, opened with the same key file."""

from __future__ import annotations

import asyncio
import sqlite3
from functools import partial
from pathlib import Path

import pytest

from jackfield.domain.errors import OperationRefused
from jackfield.domain.ports import SealPlace, Transaction
from jackfield.domain.secret import Secret
from jackfield.store import open_store
from jackfield.vault import KeyFile, open_vault
from support.stores import NOON, ORGANIZATION, add_all, audit_entry, credential, integration, read

PLACE = SealPlace(ORGANIZATION, "credential-1", "password", 1)
BEFORE, DURING = 20, 200


def _add(number: int, transaction: Transaction) -> None:
    transaction.integrations.add(integration(number))
    transaction.audit.add(audit_entry(number))


def _copy(source: Path, target: Path) -> None:
    """Do what the shell's `.backup` does."""
    with sqlite3.connect(source) as from_there, sqlite3.connect(target) as to_here:
        from_there.backup(to_here, pages=5)
    from_there.close()
    to_here.close()


def test_a_backup_of_a_running_server_is_whole(tmp_path: Path) -> None:
    """All that was answered before the backup is in it, nothing by halves, and its secrets open."""
    source, target = tmp_path / "jackfield.db", tmp_path / "backup.db"
    key_path = tmp_path / "master.key"
    store = open_store(f"sqlite:///{source}")
    vault, new_keys = open_vault(key_path, (), now=NOON)
    add_all(store, lambda transaction: transaction.keyring.add, *new_keys)
    sealed = {"password": vault.seal(Secret("s3cret"), PLACE)}
    add_all(store, lambda transaction: transaction.credentials.add, credential(1, sealed=sealed))

    async def write_and_copy() -> None:
        for number in range(BEFORE):
            await store.write(partial(_add, number))
        going_on = [store.write(partial(_add, number)) for number in range(BEFORE, DURING)]
        await asyncio.gather(asyncio.to_thread(_copy, source, target), *going_on)

    asyncio.run(write_and_copy())
    store.close()
    restored = open_store(f"sqlite:///{target}")
    again = open_vault(
        key_path, read(restored, lambda transaction: transaction.keyring.all()), now=NOON
    ).vault
    stored = read(restored, lambda transaction: transaction.credentials.get(ORGANIZATION, "credential-1"))
    restored.close()
    assert stored is not None
    assert again.open(stored.sealed["password"], PLACE).reveal() == "s3cret"
    with sqlite3.connect(target) as connection:
        changes, rows = (
            {int(row[0].rpartition("-")[2]) for row in connection.execute(f"SELECT id FROM {table}")}
            for table in ("integrations", "audit_entries")
        )
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
    assert changes == rows >= set(range(BEFORE))


def test_a_backup_with_another_key_is_refused(tmp_path: Path) -> None:
    """A restored database beside the key of another data directory does not open."""
    store = open_store(f"sqlite:///{tmp_path / 'jackfield.db'}")
    _, new_keys = open_vault(tmp_path / "master.key", (), now=NOON)
    add_all(store, lambda transaction: transaction.keyring.add, *new_keys)
    stored = read(store, lambda transaction: transaction.keyring.all())
    store.close()
    other = KeyFile(tmp_path / "other.key")
    other.create()
    with pytest.raises(OperationRefused) as caught:
        open_vault(other.path, stored, now=NOON)
    assert caught.value.findings[0].code == "KEY_WRONG"
