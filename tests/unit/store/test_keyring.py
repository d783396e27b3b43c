"""The vault's wrapped keys in the store, and the vault opened from them."""

from __future__ import annotations

from pathlib import Path

import pytest

from jackfield.domain.errors import Conflict
from jackfield.domain.ports import SealPlace, WrappedKey
from jackfield.domain.secret import Secret
from jackfield.store import SqlStore
from jackfield.vault import open_vault
from support.stores import NOON, add_all, read, write

KEYS = [WrappedKey(f"{number:016x}", "seal", bytes([number, 0, 255]), NOON) for number in (2, 1)]


def test_keys_come_back_oldest_first(store: SqlStore) -> None:
    """The order of adding is kept, because the newest key seals."""
    assert list(read(store, lambda transaction: transaction.keyring.all())) == []
    add_all(store, lambda transaction: transaction.keyring.add, *KEYS)
    assert list(read(store, lambda transaction: transaction.keyring.all())) == KEYS


def test_a_key_is_stored_once(store: SqlStore) -> None:
    """A second key under the same id is refused."""
    write(store, lambda transaction: transaction.keyring.add(KEYS[0]))
    with pytest.raises(Conflict):
        write(store, lambda transaction: transaction.keyring.add(KEYS[0]))


def test_a_vault_opens_from_what_was_stored(store: SqlStore, tmp_path: Path) -> None:
    """What a first start sealed, the next one opens with the key file and the stored keyring."""
    place = SealPlace("o", "c", "password", 1)
    first = open_vault(tmp_path / "master.key", (), now=NOON)
    add_all(store, lambda transaction: transaction.keyring.add, *first.new_keys)
    sealed = first.vault.seal(Secret("s3cret"), place)
    stored = read(store, lambda transaction: transaction.keyring.all())
    again = open_vault(tmp_path / "master.key", stored, now=NOON)
    assert again.new_keys == ()
    assert again.vault.open(sealed, place).reveal() == "s3cret"
