"""The keyring: data keys, each wrapped with the master key.

The master key wraps data keys and nothing else. Data keys have a purpose: `seal` keys encrypt values, the
newest one seals and all of them open; the `digest` key makes fingerprints and token digests, which must stay
equal for as long as they are compared, so it is never replaced by a rotation of the others.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from jackfield.domain.ports import WrappedKey
from jackfield.vault import envelope
from jackfield.vault.derivation import KEY_BYTES, derive
from jackfield.vault.envelope import EnvelopeFault

SEAL: Final = "seal"
DIGEST: Final = "digest"


@dataclass(frozen=True, slots=True)
class MasterKey:
    """The key that wraps data keys: 32 random bytes that never enter the database."""

    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.secret) != KEY_BYTES:
            raise ValueError(f"a master key has {KEY_BYTES} bytes, not {len(self.secret)}")

    @classmethod
    def generate(cls) -> MasterKey:
        """Return a new random key."""
        return cls(os.urandom(KEY_BYTES))


class KeyProvider(Protocol):
    """Where a master key comes from: the key file, later other places."""

    def read(self) -> MasterKey:
        """Return the master key; raise OperationRefused if it cannot be had."""


@dataclass(frozen=True, slots=True)
class DataKey:
    """A data key in clear. Its id follows from the key, so a key cannot be stored under another's id."""

    purpose: str
    secret: bytes = field(repr=False)

    @classmethod
    def generate(cls, purpose: str) -> DataKey:
        """Return a new random key."""
        return cls(purpose, os.urandom(KEY_BYTES))

    @property
    def id(self) -> bytes:
        """Eight bytes that name the key."""
        return derive(self.secret, f"{self.purpose} id", envelope.KEY_ID_BYTES)


def wrap(master: MasterKey, key: DataKey, created: datetime) -> WrappedKey:
    """Encrypt a data key with the master key."""
    wrapped = envelope.encrypt(_wrapping(master), key.id, key.secret, key.purpose.encode())
    return WrappedKey(key.id.hex(), key.purpose, wrapped, created)


def unwrap(master: MasterKey, record: WrappedKey) -> DataKey:
    """Decrypt a data key.

    Raises:
        EnvelopeFault: the master key is another one, or the record was changed.
    """
    secret = envelope.decrypt(_wrapping(master), record.wrapped, record.purpose.encode())
    key = DataKey(record.purpose, secret)
    if key.id.hex() != record.id or key.id != envelope.named_key(record.wrapped):
        raise EnvelopeFault("it is stored under the id of another key")
    return key


def _wrapping(master: MasterKey) -> AESGCM:
    return AESGCM(derive(master.secret, "wrap"))


class Keyring:
    """The unwrapped data keys of one database.

    Args:
        keys: oldest first; at least one of each purpose.

    Raises:
        ValueError: a purpose has no key.
    """

    def __init__(self, keys: Sequence[DataKey]) -> None:
        sealing = [key for key in keys if key.purpose == SEAL]
        digesting = [key for key in keys if key.purpose == DIGEST]
        if not sealing or not digesting:
            raise ValueError("a keyring needs a key to seal with and a key to make digests with")
        self._ciphers = {key.id: AESGCM(derive(key.secret, SEAL)) for key in sealing}
        self._active = sealing[-1].id
        self._digest_root = digesting[0].secret

    def __repr__(self) -> str:
        return f"Keyring({len(self._ciphers)} keys)"

    @property
    def active(self) -> tuple[bytes, AESGCM]:
        """Id and cipher of the key that seals."""
        return self._active, self._ciphers[self._active]

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of all sealing keys, oldest first, the active one last."""
        return tuple(key_id.hex() for key_id in self._ciphers)

    def cipher(self, key_id: bytes) -> AESGCM:
        """Return the cipher of one key.

        Raises:
            EnvelopeFault: the keyring does not hold the key.
        """
        if key_id not in self._ciphers:
            raise EnvelopeFault(f"the keyring has no key {key_id.hex()}")
        return self._ciphers[key_id]

    def digest_key(self, use: str) -> bytes:
        """Return the key of one use of digests."""
        return derive(self._digest_root, use)
