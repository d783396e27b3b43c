"""The vault as the services see it, and how it opens on the first start and on later ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from jackfield.domain.errors import OperationRefused, VaultError
from jackfield.domain.ports import SealPlace, WrappedKey
from jackfield.domain.secret import Secret
from jackfield.vault import EnvelopeVault, KeyFile, Keyring, OpenedVault, open_vault
from jackfield.vault.keyring import DIGEST, SEAL, DataKey, wrap

NOW = datetime(2026, 3, 1, tzinfo=UTC)
PLACE = SealPlace("organization-1", "credential-1", "password", 1)


@pytest.fixture
def key_path(tmp_path: Path) -> Path:
    """Where the key file is going to be."""
    return tmp_path / "master.key"


@pytest.fixture
def first(key_path: Path) -> OpenedVault:
    """The vault of a first start."""
    return open_vault(key_path, (), now=NOW)


def _code(key_path: Path, wrapped: tuple[WrappedKey, ...]) -> str:
    with pytest.raises(OperationRefused) as caught:
        open_vault(key_path, wrapped, now=NOW)
    assert str(key_path) in caught.value.message
    return caught.value.findings[0].code


@pytest.mark.parametrize("text", ["s3cret", "", "pä55\0wörd \ud800 🗝", "x" * 65_536])
def test_secrets_come_back(first: OpenedVault, text: str) -> None:
    """Any text that JSON can spell comes back as it was."""
    assert first.vault.open(first.vault.seal(Secret(text), PLACE), PLACE).reveal() == text


def test_equal_secrets_seal_differently(first: OpenedVault) -> None:
    """Ciphertexts do not tell that two secrets are equal."""
    assert first.vault.seal(Secret("same"), PLACE) != first.vault.seal(Secret("same"), PLACE)


@pytest.mark.parametrize(
    "change", [{"organization_id": "o2"}, {"credential_id": "c2"}, {"field": "f2"}, {"version": 2}]
)
def test_a_moved_secret_is_an_error_with_its_place(first: OpenedVault, change: dict[str, object]) -> None:
    """The error names credential and field, and shows nothing of the secret."""
    sealed = first.vault.seal(Secret("s3cret"), PLACE)
    elsewhere = replace(PLACE, **change)  # type: ignore[arg-type]
    with pytest.raises(VaultError) as caught:
        first.vault.open(sealed, elsewhere)
    finding = caught.value.findings[0]
    assert finding.code == "SEALED_VALUE_UNREADABLE"
    assert elsewhere.credential_id in finding.message
    assert elsewhere.field in finding.message
    assert "s3cret" not in str(finding)


@pytest.mark.parametrize("sealed", [b"", b"\x01", b"\x01" + bytes(40), b"\x02" + bytes(40)])
def test_rubbish_is_a_vault_error(first: OpenedVault, sealed: bytes) -> None:
    """Bytes that never were an envelope end in the same error as damaged ones."""
    with pytest.raises(VaultError):
        first.vault.open(sealed, PLACE)


def test_an_old_key_still_opens(key_path: Path, first: OpenedVault) -> None:
    """After a new sealing key was added, old values open, new ones are sealed with the new key."""
    old = first.vault.seal(Secret("old"), PLACE)
    added = DataKey.generate(SEAL)
    wrapped = (*first.new_keys, wrap(KeyFile(key_path).read(), added, NOW))
    rotated = open_vault(key_path, wrapped, now=NOW).vault
    new = rotated.seal(Secret("new"), PLACE)
    assert rotated.open(old, PLACE).reveal() == "old"
    assert new[1:9] == added.id != old[1:9]
    with pytest.raises(VaultError) as caught:
        first.vault.open(new, PLACE)
    assert added.id.hex() in caught.value.message


def test_a_retired_key_does_not_open(first: OpenedVault) -> None:
    """A keyring without the key that sealed a value says which key is missing."""
    sealed = first.vault.seal(Secret("x"), PLACE)
    other = EnvelopeVault(Keyring([DataKey.generate(SEAL), DataKey.generate(DIGEST)]))
    with pytest.raises(VaultError, match=sealed[1:9].hex()):
        other.open(sealed, PLACE)


def test_a_first_start_makes_key_file_and_keys(key_path: Path, first: OpenedVault) -> None:
    """There is one key of each purpose to store, made now."""
    assert key_path.exists()
    assert [key.purpose for key in first.new_keys] == [SEAL, DIGEST]
    assert {key.created for key in first.new_keys} == {NOW}


def test_a_later_start_opens_and_makes_nothing(key_path: Path, first: OpenedVault) -> None:
    """Fingerprints, digests and sealed values mean the same after a restart."""
    sealed = first.vault.seal(Secret("s"), PLACE)
    again = open_vault(key_path, first.new_keys, now=NOW)
    assert again.new_keys == ()
    assert again.vault.open(sealed, PLACE).reveal() == "s"
    assert again.vault.fingerprint(Secret("s")) == first.vault.fingerprint(Secret("s"))
    assert again.vault.digest_token("t") == first.vault.digest_token("t")


def test_a_first_start_that_was_killed_goes_on(key_path: Path, first: OpenedVault) -> None:
    """With a key file but no stored keys the file is used, not replaced."""
    content = key_path.read_bytes()
    again = open_vault(key_path, (), now=NOW)
    assert key_path.read_bytes() == content
    assert {key.id for key in again.new_keys}.isdisjoint(key.id for key in first.new_keys)


def test_a_lost_key_file_is_not_made_anew(key_path: Path, first: OpenedVault) -> None:
    """A database with keys and no key file is refused; a new key would only hide the loss."""
    key_path.unlink()
    assert _code(key_path, first.new_keys) == "KEY_MISSING"
    assert not key_path.exists()


def test_another_key_file_is_refused(key_path: Path, first: OpenedVault) -> None:
    """A well-formed key of another data directory is the wrong key."""
    key_path.unlink()
    KeyFile(key_path).create()
    assert _code(key_path, first.new_keys) == "KEY_WRONG"


def test_exchanged_or_missing_keys_are_refused(key_path: Path, first: OpenedVault) -> None:
    """A keyring that was changed in the database does not open."""
    sealing, digesting = first.new_keys
    assert _code(key_path, (replace(sealing, wrapped=digesting.wrapped), digesting)) == "KEY_WRONG"
    assert _code(key_path, (sealing,)) == "KEY_WRONG"


@pytest.mark.parametrize(
    ("content", "mode", "code"), [("x", 0o600, "KEY_MALFORMED"), ("x", 0o644, "KEY_READABLE")]
)
@pytest.mark.parametrize("with_keys", [True, False])
def test_a_bad_key_file_is_refused_on_every_start(
    key_path: Path, content: str, mode: int, code: str, with_keys: bool
) -> None:
    """A first start does not take a bad key file either."""
    keys = open_vault(key_path, (), now=NOW).new_keys if with_keys else ()
    key_path.write_text(content)
    key_path.chmod(mode)
    assert _code(key_path, keys) == code


def test_fingerprints_show_equality_only(first: OpenedVault) -> None:
    """Equal secrets have equal fingerprints under one keyring and different ones under another."""
    other = EnvelopeVault(Keyring([DataKey.generate(SEAL), DataKey.generate(DIGEST)]))
    prints = [first.vault.fingerprint(Secret(text)) for text in ("a", "a", "b", "a\ud800")]
    assert prints[0] == prints[1]
    assert len({*prints, other.fingerprint(Secret("a"))}) == 4
    assert all(len(one) == 16 for one in prints)


def test_token_digests_are_keyed_and_of_their_own(first: OpenedVault) -> None:
    """A digest is not the fingerprint of the same text, nor the same under another key."""
    other = EnvelopeVault(Keyring([DataKey.generate(SEAL), DataKey.generate(DIGEST)]))
    digest = first.vault.digest_token("token")
    assert digest == first.vault.digest_token("token")
    assert digest != first.vault.digest_token("token2")
    assert digest != other.digest_token("token")
    assert not digest.startswith(first.vault.fingerprint(Secret("token")))
    assert len(digest) == 64


def test_passwords_are_hashed_with_argon2id(first: OpenedVault) -> None:
    """The right password matches, others do not; equal passwords have different hashes."""
    password = Secret("correct horse 🗝\ud800")
    hashed = first.vault.hash_password(password)
    assert hashed.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert hashed != first.vault.hash_password(password)
    assert first.vault.verify_password(hashed, password)
    assert not first.vault.verify_password(hashed, Secret("correct horse"))


@pytest.mark.parametrize("stored", ["", "x", "$argon2id$v=19$m=1,t=1,p=1$eA$eA"])
def test_a_damaged_hash_matches_nothing(first: OpenedVault, stored: str) -> None:
    """A hash that is none is a password that does not match, not an error."""
    assert not first.vault.verify_password(stored, Secret("x"))


def test_a_vault_does_not_show_itself(first: OpenedVault) -> None:
    """The repr of a vault tells how many keys it holds and nothing else."""
    assert repr(first.vault) == "EnvelopeVault(Keyring(1 keys))"
    assert repr(first.vault._digests) == "Digests()"
