"""The keyring: wrapping, several keys, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from jackfield.vault import Keyring, MasterKey
from jackfield.vault.envelope import EnvelopeFault
from jackfield.vault.keyring import DIGEST, SEAL, DataKey, unwrap, wrap

NOW = datetime(2026, 3, 1, tzinfo=UTC)
MASTER = MasterKey(bytes(range(32)))
FIRST, SECOND = DataKey(SEAL, b"1" * 32), DataKey(SEAL, b"2" * 32)
DIGESTING = DataKey(DIGEST, b"3" * 32)


def test_a_wrapped_key_unwraps_with_its_master_key() -> None:
    """What comes back is the same key; the record shows its id and purpose, not the key."""
    record = wrap(MASTER, FIRST, NOW)
    assert unwrap(MASTER, record) == FIRST
    assert (record.id, record.purpose, record.created) == (FIRST.id.hex(), SEAL, NOW)
    assert FIRST.secret not in record.wrapped


def test_another_master_key_does_not_unwrap() -> None:
    """That is how a wrong key file is noticed."""
    with pytest.raises(EnvelopeFault):
        unwrap(MasterKey(bytes(32)), wrap(MASTER, FIRST, NOW))


@pytest.mark.parametrize(
    "change", [{"purpose": DIGEST}, {"id": SECOND.id.hex()}, {"wrapped": wrap(MASTER, SECOND, NOW).wrapped}]
)
def test_a_changed_record_does_not_unwrap(change: dict[str, object]) -> None:
    """Neither purpose nor id nor ciphertext of a record can be exchanged."""
    with pytest.raises(EnvelopeFault):
        unwrap(MASTER, replace(wrap(MASTER, FIRST, NOW), **change))  # type: ignore[arg-type]


def test_the_newest_key_seals_and_all_open() -> None:
    """With two sealing keys the later one is active, and the older one is still there."""
    keyring = Keyring([FIRST, DIGESTING, SECOND])
    assert keyring.active[0] == SECOND.id
    assert keyring.ids == (FIRST.id.hex(), SECOND.id.hex())
    assert keyring.cipher(FIRST.id) is not keyring.cipher(SECOND.id)


def test_an_unknown_key_is_named() -> None:
    """A value sealed with a key that is gone says which one."""
    with pytest.raises(EnvelopeFault, match=SECOND.id.hex()):
        Keyring([FIRST, DIGESTING]).cipher(SECOND.id)


@pytest.mark.parametrize("keys", [[], [FIRST], [DIGESTING]])
def test_a_keyring_needs_both_purposes(keys: list[DataKey]) -> None:
    """A keyring that could not seal, or not digest, is not made."""
    with pytest.raises(ValueError, match="keyring needs"):
        Keyring(keys)


def test_uses_have_keys_of_their_own() -> None:
    """The key of one use says nothing about the key of another, nor about the data key."""
    keyring = Keyring([FIRST, DIGESTING])
    keys = {keyring.digest_key("fingerprint"), keyring.digest_key("token digest"), DIGESTING.secret}
    assert len(keys) == 3


def test_generated_keys_differ() -> None:
    """Keys come from the operating system's randomness, never twice the same."""
    assert MasterKey.generate() != MasterKey.generate()
    assert DataKey.generate(SEAL).id != DataKey.generate(SEAL).id


def test_keys_do_not_show_themselves() -> None:
    """No repr of a key or keyring has the key in it, in any notation that could be read back."""
    for shown in (repr(MASTER), repr(FIRST), repr(Keyring([FIRST, DIGESTING]))):
        assert not any(form in shown for form in ("\\x01", "111", "secret=", "0001"))


def test_a_master_key_has_its_length() -> None:
    """A short key is refused before it wraps anything."""
    with pytest.raises(ValueError, match="32 bytes, not 31"):
        MasterKey(bytes(31))
