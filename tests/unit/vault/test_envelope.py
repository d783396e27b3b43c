"""The envelope: any change, any move and any other key is noticed."""

from __future__ import annotations

import dataclasses

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from jackfield.domain.ports import SealPlace
from jackfield.vault.envelope import (
    FORMAT,
    HEADER_BYTES,
    NONCE_BYTES,
    SHORTEST,
    EnvelopeFault,
    decrypt,
    encrypt,
    named_key,
    place_data,
)

KEY_ID = b"key-id-1"
CIPHER = AESGCM(bytes(range(32)))
PLACE = SealPlace("organization-1", "credential-1", "password", 1)
ASSOCIATED = place_data(PLACE)
PLAIN = b"correct horse battery staple"
NONCE_SAMPLE = 200_000


def test_what_was_sealed_opens() -> None:
    """The same key and place give the text back, for empty and for long texts."""
    for plain in (b"", b"x", PLAIN, b"\x00" * 65_536):
        assert decrypt(CIPHER, encrypt(CIPHER, KEY_ID, plain, ASSOCIATED), ASSOCIATED) == plain


def test_an_envelope_names_format_and_key() -> None:
    """Both can be read without a key, and nothing of the text can."""
    sealed = encrypt(CIPHER, KEY_ID, PLAIN, ASSOCIATED)
    assert (sealed[0], named_key(sealed)) == (FORMAT, KEY_ID)
    assert len(sealed) == SHORTEST + len(PLAIN)
    assert not any(PLAIN[start : start + 4] in sealed for start in range(len(PLAIN) - 4))


def test_every_byte_is_guarded() -> None:
    """Flipping any bit of any byte, header included, is noticed."""
    sealed = encrypt(CIPHER, KEY_ID, PLAIN, ASSOCIATED)
    for position in range(len(sealed)):
        for bit in range(8):
            changed = bytearray(sealed)
            changed[position] ^= 1 << bit
            with pytest.raises(EnvelopeFault):
                decrypt(CIPHER, bytes(changed), ASSOCIATED)


def test_every_truncation_is_noticed() -> None:
    """An envelope cut anywhere, at either end, does not open; neither does a longer one."""
    sealed = encrypt(CIPHER, KEY_ID, PLAIN, ASSOCIATED)
    for length in range(len(sealed)):
        with pytest.raises(EnvelopeFault):
            decrypt(CIPHER, sealed[:length], ASSOCIATED)
        if length:
            with pytest.raises(EnvelopeFault):
                decrypt(CIPHER, sealed[length:], ASSOCIATED)
    with pytest.raises(EnvelopeFault):
        decrypt(CIPHER, sealed + b"\x00", ASSOCIATED)


@pytest.mark.parametrize(
    "change",
    [
        {"organization_id": "organization-2"},
        {"credential_id": "credential-2"},
        {"field": "userName"},
        {"version": 2},
        {"version": 0},
    ],
)
def test_an_envelope_opens_in_its_place_only(change: dict[str, object]) -> None:
    """Moved to another organization, credential, field or version, it does not open."""
    sealed = encrypt(CIPHER, KEY_ID, PLAIN, ASSOCIATED)
    with pytest.raises(EnvelopeFault):
        decrypt(CIPHER, sealed, place_data(dataclasses.replace(PLACE, **change)))  # type: ignore[arg-type]


def test_another_key_does_not_open() -> None:
    """The right place does not help without the right key."""
    sealed = encrypt(CIPHER, KEY_ID, PLAIN, ASSOCIATED)
    with pytest.raises(EnvelopeFault):
        decrypt(AESGCM(bytes(32)), sealed, ASSOCIATED)


def test_an_unknown_format_is_named() -> None:
    """A format of a later version is told apart from damage."""
    sealed = bytes([FORMAT + 1]) + encrypt(CIPHER, KEY_ID, PLAIN, ASSOCIATED)[1:]
    with pytest.raises(EnvelopeFault, match="format 2 is unknown"):
        named_key(sealed)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (SealPlace("ab", "c", "f", 1), SealPlace("a", "bc", "f", 1)),
        (SealPlace("a", "b", "f1", 1), SealPlace("a", "b", "f", 11)),
        (SealPlace("", "ab", "f", 1), SealPlace("ab", "", "f", 1)),
    ],
)
def test_places_cannot_be_confused(one: SealPlace, other: SealPlace) -> None:
    """Parts that run together the same way are still different places."""
    assert place_data(one) != place_data(other)


def test_a_place_may_hold_any_text() -> None:
    """Field names with lone surrogates or NUL have associated data too."""
    odd = place_data(dataclasses.replace(PLACE, field="\ud800\0"))
    assert odd != place_data(dataclasses.replace(PLACE, field="\ud801\0"))


def test_nonces_do_not_repeat() -> None:
    """In a large sample of one key every nonce is another one, and so is every envelope."""
    start, end = HEADER_BYTES, HEADER_BYTES + NONCE_BYTES
    nonces = {encrypt(CIPHER, KEY_ID, b"", b"")[start:end] for _ in range(NONCE_SAMPLE)}
    assert len(nonces) == NONCE_SAMPLE
