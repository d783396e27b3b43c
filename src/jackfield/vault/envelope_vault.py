"""The vault that the services use, and how it is opened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple

from cryptography.exceptions import InvalidTag

from jackfield.domain.catalogue import found
from jackfield.domain.errors import OperationRefused, VaultError
from jackfield.domain.finding import Place
from jackfield.domain.ports import SealPlace, WrappedKey
from jackfield.domain.secret import Secret
from jackfield.vault import envelope, passwords, pkce
from jackfield.vault.digests import Digests
from jackfield.vault.envelope import EnvelopeFault
from jackfield.vault.key_file import KeyFile
from jackfield.vault.keyring import DIGEST, SEAL, DataKey, Keyring, MasterKey, unwrap, wrap


class EnvelopeVault:
    """Seals secrets with the keyring's active key and opens them with the key that each names.

    Implements `domain.ports.Vault`. Safe to use from any thread.
    """

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring
        self._digests = Digests(keyring)

    def __repr__(self) -> str:
        return f"EnvelopeVault({self._keyring!r})"

    def seal(self, secret: Secret, place: SealPlace) -> bytes:
        """Encrypt a secret for one place."""
        key_id, cipher = self._keyring.active
        plain = secret.reveal().encode("utf-8", "surrogatepass")
        return envelope.encrypt(cipher, key_id, plain, envelope.place_data(place))

    def open(self, sealed: bytes, place: SealPlace) -> Secret:
        """Decrypt a secret.

        Raises:
            VaultError: it was changed, moved, cut, or sealed with a key that the keyring does not hold.
        """
        try:
            cipher = self._keyring.cipher(envelope.named_key(sealed))
            plain = envelope.decrypt(cipher, sealed, envelope.place_data(place))
        except EnvelopeFault as fault:
            raise VaultError(
                found(
                    "SEALED_VALUE_UNREADABLE",
                    field=place.field,
                    credential_id=place.credential_id,
                    reason=fault,
                )
            ) from fault
        return Secret(plain.decode("utf-8", "surrogatepass"))

    def opener(self, sealed: bytes, place: SealPlace) -> Callable[[], Secret]:
        """Return what decrypts a secret each time it is called; everything but that is done once.

        Raises nothing itself: what it returns raises VaultError, as `open` does.
        """
        try:
            cipher = self._keyring.cipher(envelope.named_key(sealed))
            nonce, text, authenticated = envelope.taken_apart(sealed, envelope.place_data(place))
        except EnvelopeFault:
            return partial(self.open, sealed, place)
        decrypt = cipher.decrypt

        def opened() -> Secret:
            try:
                return Secret(decrypt(nonce, text, authenticated).decode("utf-8", "surrogatepass"))
            except InvalidTag:
                # Said in the same words, wherever it is opened.
                return self.open(sealed, place)

        return opened

    def fingerprint(self, secret: Secret) -> str:
        """Return a keyed fingerprint: equal for equal secrets, useless without the key."""
        return self._digests.fingerprint(secret)

    def hash_password(self, password: Secret) -> str:
        """Return an argon2id hash."""
        return passwords.hash_password(password)

    def verify_password(self, password_hash: str, password: Secret) -> bool:
        """Tell if the password is the hashed one."""
        return passwords.verify_password(password_hash, password)

    def digest_token(self, token: str) -> str:
        """Return the keyed one-way digest under which a random token or client secret is stored."""
        return self._digests.token(token)

    def matches_challenge(self, challenge: str, verifier: str) -> bool:
        """Tell if a PKCE verifier belongs to an S256 challenge."""
        return pkce.matches(challenge, verifier)


class OpenedVault(NamedTuple):
    """An open vault, and the keys that the caller must store before anything sealed is stored."""

    vault: EnvelopeVault
    new_keys: tuple[WrappedKey, ...]


def open_vault(key_path: Path, wrapped: Sequence[WrappedKey], *, now: datetime) -> OpenedVault:
    """Open the vault of a database.

    With an empty keyring this is the first start: data keys are made, and the key file too unless it is there
    already (an earlier first start may have been killed in between). Otherwise the key file must be there and
    must open every key of the keyring; it is never made anew for a database that has keys.

    Args:
        key_path: the key file.
        wrapped: all keys of the database's keyring, oldest first.
        now: when the new keys are made.

    Raises:
        OperationRefused: KEY_MISSING, KEY_MALFORMED, KEY_READABLE, KEY_WRONG or KEY_UNUSABLE.
    """
    file = KeyFile(key_path)
    if wrapped:
        return OpenedVault(EnvelopeVault(_unwrapped(file, wrapped)), ())
    master = file.read() if file.exists() else file.create()
    keys = (DataKey.generate(SEAL), DataKey.generate(DIGEST))
    return OpenedVault(EnvelopeVault(Keyring(keys)), tuple(wrap(master, key, now) for key in keys))


def _unwrapped(file: KeyFile, wrapped: Sequence[WrappedKey]) -> Keyring:
    master: MasterKey = file.read()
    try:
        return Keyring([unwrap(master, record) for record in wrapped])
    except (EnvelopeFault, ValueError) as error:
        raise OperationRefused(found("KEY_WRONG", Place("key file"), path=file.path)) from error
