"""The ways out of the server, as its settings say."""

from __future__ import annotations

from pathlib import Path

import pytest
import trustme

from jackfield.app import SystemClock
from jackfield.domain.errors import OperationRefused
from jackfield.domain.secret import Secret
from jackfield.settings import ServerSettings
from jackfield.ways_out import build_engine, live_upstream, outgoing_proxy, outgoing_tls, switched_on


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


def test_faults_are_switched_on_by_a_file(tmp_path: Path) -> None:
    """The file's seed goes before the server's; a file that says nothing sensible ends the start."""
    path = tmp_path / "faults.yaml"
    path.write_text("faults: [{fault: reset}]", encoding="utf-8")
    assert switched_on(ServerSettings(), SystemClock()) is None
    assert switched_on(ServerSettings(faults=path), SystemClock()) is not None
    path.write_text("faults: [{fault: rest}]", encoding="utf-8")
    with pytest.raises(OperationRefused) as caught:
        switched_on(ServerSettings(faults=path), SystemClock())
    assert caught.value.findings[0].code == "FAULTS_FILE_INVALID"


def test_bounds_of_the_way_out_follow_the_limit_of_runs() -> None:
    """With room for 400 runs 300 may wait for a silent service; with room for 8, 6."""
    for runs, share in ((400, 300), (8, 6), (None, 192)):
        upstream = live_upstream(ServerSettings(), 8080, SystemClock(), concurrency=runs)
        assert upstream._limits.silent_per_origin == share
