"""Passwords of people: argon2id (RFC 9106, second recommended set: 64 MiB, 3 passes, 4 lanes)."""

from __future__ import annotations

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from jackfield.domain.secret import Secret

_HASHER = PasswordHasher(
    time_cost=3, memory_cost=65536, parallelism=4, hash_len=32, salt_len=16, type=Type.ID
)


def hash_password(password: Secret) -> str:
    """Return the hash with its parameters and salt; takes tens of milliseconds of CPU time on purpose."""
    return _HASHER.hash(_bytes(password))


def verify_password(password_hash: str, password: Secret) -> bool:
    """Tell if the password is the hashed one; a hash that is none matches nothing."""
    try:
        return _HASHER.verify(password_hash, _bytes(password))
    except (VerificationError, InvalidHashError):
        return False


def _bytes(password: Secret) -> bytes:
    return password.reveal().encode("utf-8", "surrogatepass")
