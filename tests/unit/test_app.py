"""The composition root: ids, clock, data directories."""

from __future__ import annotations

from pathlib import Path

import pytest
import trustme

from jackfield.app import (
    SystemClock,
    SystemIds,
    build_engine,
    data_directory,
    outgoing_proxy,
    outgoing_tls,
)
from jackfield.domain.errors import OperationRefused
from jackfield.domain.secret import Secret
from jackfield.settings import ServerSettings


def test_a_seed_repeats_ids_but_not_tokens() -> None:
    """Two generators with one seed give the same UUIDs; their tokens differ."""
    first, second = SystemIds(seed=7), SystemIds(seed=7)
    assert [first.uuid() for _ in range(5)] == [second.uuid() for _ in range(5)]
    assert first.token(16) != second.token(16)
    assert SystemIds().uuid() != SystemIds().uuid()


def test_a_seeded_sequence_goes_on_after_a_restart() -> None:
    """On a database that holds changes, the sequence does not begin anew, and is repeatable all the same."""
    first, second, third = SystemIds(seed=7), SystemIds(seed=7), SystemIds(seed=7)
    third.move_on(0)
    assert first.uuid() == third.uuid()
    first.move_on(12)
    second.move_on(12)
    after = second.uuid()
    assert first.uuid() == after
    assert after != SystemIds(seed=7).uuid()


def test_the_clock_knows_its_zone() -> None:
    """Times carry UTC."""
    assert str(SystemClock().now().tzinfo) == "UTC"


def test_an_ephemeral_directory_is_removed() -> None:
    """With `--ephemeral` nothing is left behind."""
    with data_directory(ServerSettings(ephemeral=True)) as settings:
        folder = settings.data_dir
        assert folder.is_dir()
        (folder / "x").write_text("x")
    assert not folder.exists()


def test_a_new_data_directory_is_private(tmp_path: Path) -> None:
    """Only its owner may enter the data directory."""
    with data_directory(ServerSettings(data_dir=tmp_path / "a" / "b")) as settings:
        assert settings.data_dir.stat().st_mode & 0o077 == 0


def test_outgoing_tls_files_are_checked_at_start(tmp_path: Path) -> None:
    """A certificate without its key, files that do not hold any and a folder that is missing are refused."""
    issued = trustme.CA().issue_cert("jackfield.example")
    certificate, key = tmp_path / "client.pem", tmp_path / "client.key"
    issued.cert_chain_pems[0].write_to_path(certificate)
    issued.private_key_pem.write_to_path(key)
    assert outgoing_tls(ServerSettings(client_cert=certificate, client_key=key, trust_dir=tmp_path))
    wrong = {
        "--client-key": ServerSettings(client_cert=certificate),
        "--client-cert": ServerSettings(client_key=key),
        "PEM": ServerSettings(client_cert=key, client_key=certificate),
        "--trust-dir": ServerSettings(trust_dir=tmp_path / "none"),
        "--egress-ca": ServerSettings(egress_ca=key),
    }
    for name, settings in wrong.items():
        with pytest.raises(OperationRefused) as caught:
            outgoing_tls(settings)
        assert caught.value.findings[0].code == "SETTING_REFUSED"
        assert name in f"{caught.value.findings[0].place.pointer} {caught.value.findings[0].accepted}"


def test_the_proxy_of_outgoing_calls_is_checked_at_start() -> None:
    """A URL that names none is refused, and neither it nor the settings show the password in it."""
    good = ServerSettings(egress_proxy=Secret("http://joe:topsecret@proxy:3128"), egress_proxy_resolves=True)
    proxy = outgoing_proxy(good)
    assert proxy is not None
    assert (proxy.host, proxy.port, proxy.resolves) == ("proxy", 3128, True)
    assert outgoing_proxy(ServerSettings()) is None
    bad = ServerSettings(egress_proxy=Secret("socks5://joe:topsecret@proxy:3128"))
    with pytest.raises(OperationRefused) as caught:
        outgoing_proxy(bad)
    assert caught.value.exit_code == 3
    assert caught.value.findings[0].place.pointer == "--egress-proxy"
    assert "topsecret" not in f"{good!r} {bad!r} {caught.value.findings!r}"


@pytest.mark.parametrize("wanted", ["stub:/no/such/folder", "mypurecloud.om", "ftp://example.com", "stub"])
def test_a_platform_that_is_none(wanted: str) -> None:
    """The server does not start and says what is accepted."""
    with pytest.raises(OperationRefused) as caught:
        build_engine(ServerSettings(platform=wanted), SystemClock(), 8080, "http://127.0.0.1:8080")
    finding = caught.value.findings[0]
    assert finding.code in ("SETTING_REFUSED", "REGION_UNKNOWN")
    assert finding.accepted
