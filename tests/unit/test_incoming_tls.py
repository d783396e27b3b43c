"""The files that https is served with, before anything else is started."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest
import trustme
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from jackfield.app import incoming_tls
from jackfield.domain.errors import OperationRefused
from jackfield.settings import ServerSettings


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate and its key."""
    folder = tmp_path_factory.mktemp("tls")
    made = trustme.CA().issue_cert("localhost")
    certificate, key = folder / "server.pem", folder / "server.key"
    made.private_key_pem.write_to_path(key)
    made.cert_chain_pems[0].write_to_path(certificate)
    return certificate, key


def test_plain_http_needs_no_files() -> None:
    """Neither file is no https."""
    assert incoming_tls(ServerSettings()) is None


def test_both_files(pair: tuple[Path, Path]) -> None:
    """Nothing older than TLS 1.2 is spoken."""
    context = incoming_tls(ServerSettings(tls_cert=pair[0], tls_key=pair[1]))
    assert context is not None
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2


def refusal_of(certificate: Path | None, key: Path | None) -> str:
    """Return what a refusal says, and what it has seen."""
    with pytest.raises(OperationRefused) as refused:
        incoming_tls(ServerSettings(tls_cert=certificate, tls_key=key))
    assert refused.value.exit_code == 3
    return f"{refused.value.message} {refused.value.findings[0].seen}"


def test_one_file_alone(pair: tuple[Path, Path]) -> None:
    """The missing one is named."""
    assert "--tls-key" in refusal_of(pair[0], None)
    assert "--tls-cert" in refusal_of(None, pair[1])


def test_files_that_cannot_be_used(pair: tuple[Path, Path], tmp_path: Path) -> None:
    """Not there, no key, no certificate, an encrypted key that nobody could open."""
    certificate, key = pair
    secret = load_pem_private_key(key.read_bytes(), None)
    locked = tmp_path / "locked.key"
    encryption = BestAvailableEncryption(b"password")
    locked.write_bytes(secret.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption))
    assert "encrypted" in refusal_of(certificate, locked)
    for wrong in ((tmp_path / "none", key), (certificate, tmp_path / "none"), (key, key)):
        assert "--tls-cert" in refusal_of(*wrong)
    assert "--tls-cert" in refusal_of(certificate, certificate)
