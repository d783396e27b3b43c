"""What outgoing TLS connections trust and present, against real TLS services."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import replace
from pathlib import Path

import pytest
import trustme

from jackfield.domain.run import RunResult
from jackfield.engine.egress import HttpUpstream
from jackfield.engine.egress.tls import ClientCertificate, TlsFiles, TlsUnusable
from jackfield.engine.guard import UpstreamPolicy
from jackfield.engine.pipeline import Engine
from support.runs import WallClock, codes, make_action, make_run
from support.web_service import WebService

AUTHORITY = trustme.CA()


def server_context(*, asks: bool = False) -> ssl.SSLContext:
    """Return the context of a service with a certificate of a private authority."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    AUTHORITY.issue_cert("127.0.0.1").configure_cert(context)
    if asks:
        context.verify_mode = ssl.CERT_REQUIRED
        AUTHORITY.configure_trust(context)
    return context


async def run_as(engine: Engine, service: WebService, integration_id: str) -> RunResult:
    """Run an action of an integration against a service."""
    action = make_action(f"https://127.0.0.1:{service.port}/", timeout=5)
    return await engine.run(make_run(replace(action, integration_id=integration_id)))


def engine_with(tls: TlsFiles) -> Engine:
    """Return an engine whose connections use these files."""
    return Engine(HttpUpstream(UpstreamPolicy("loopback"), WallClock(), tls=tls), WallClock())


def test_a_trust_store_counts_for_its_integration_alone(tmp_path: Path) -> None:
    """The integration with the store reaches the service; another one does not, kept connection or not."""
    AUTHORITY.cert_pem.write_to_path(tmp_path / "int-1.pem")

    async def scenario() -> tuple[RunResult, RunResult, RunResult]:
        engine = engine_with(TlsFiles(tmp_path))
        async with WebService().running(server_context()) as service:
            trusted = await run_as(engine, service, "int-1")
            other = await run_as(engine, service, "int-2")
            again = await run_as(engine, service, "int-1")
            await engine.aclose()
        return trusted, other, again

    trusted, other, again = asyncio.run(scenario())
    assert trusted.success
    assert codes(other) == ["UPSTREAM_CERTIFICATE_REFUSED"]
    assert again.success


def test_a_changed_trust_store_counts_at_once(tmp_path: Path) -> None:
    """A damaged store is named; mended, it is used without a restart; taken away, it no longer counts."""
    store = tmp_path / "int-1.pem"
    store.write_text("no certificate")

    async def scenario() -> list[RunResult]:
        engine = engine_with(TlsFiles(tmp_path))
        results = []
        async with WebService().running(server_context()) as service:
            results.append(await run_as(engine, service, "int-1"))
            AUTHORITY.cert_pem.write_to_path(store)
            results.append(await run_as(engine, service, "int-1"))
            await engine.aclose()
        store.unlink()
        engine = engine_with(TlsFiles(tmp_path))
        async with WebService().running(server_context()) as service:
            results.append(await run_as(engine, service, "int-1"))
            await engine.aclose()
        return results

    damaged, mended, gone = asyncio.run(scenario())
    assert codes(damaged) == ["UPSTREAM_TLS_UNUSABLE"]
    assert "no certificate in PEM form" in damaged.error.findings[0].message if damaged.error else False
    assert mended.success
    assert codes(gone) == ["UPSTREAM_CERTIFICATE_REFUSED"]


def test_ids_lead_nowhere_else(tmp_path: Path) -> None:
    """An id that is no plain name finds no file, whatever stands there."""
    (tmp_path / "inner").mkdir()
    (tmp_path / "outside.pem").write_text("damaged")
    tls = TlsFiles(tmp_path / "inner")
    assert tls.context("../outside") is tls.context("")


def client_certificate(folder: Path) -> ClientCertificate:
    """Return the files of a client certificate."""
    issued = AUTHORITY.issue_cert("jackfield.example")
    issued.private_key_pem.write_to_path(folder / "client.key")
    issued.cert_chain_pems[0].write_to_path(folder / "client.pem")
    return ClientCertificate(folder / "client.pem", folder / "client.key")


@pytest.mark.parametrize("presented", [True, False])
def test_a_client_certificate(tmp_path: Path, presented: bool) -> None:
    """A service that asks for a certificate gets it; without one it ends the connection."""
    AUTHORITY.cert_pem.write_to_path(tmp_path / "authorities.pem")
    own = client_certificate(tmp_path) if presented else None
    tls = TlsFiles(client_certificate=own, authorities=tmp_path / "authorities.pem")

    async def scenario() -> RunResult:
        engine = engine_with(tls)
        async with WebService().running(server_context(asks=True)) as service:
            result = await run_as(engine, service, "int-1")
            await engine.aclose()
        return result

    result = asyncio.run(scenario())
    assert result.success is presented
    if not presented:
        assert codes(result)[0] in ("UPSTREAM_TLS_FAILED", "UPSTREAM_RESET", "UPSTREAM_MALFORMED")


def test_files_are_checked_at_start(tmp_path: Path) -> None:
    """A key of another certificate, a missing file and a locked key are refused before any connection."""
    own = client_certificate(tmp_path)
    TlsFiles(client_certificate=own).check()
    AUTHORITY.issue_cert("other.example").private_key_pem.write_to_path(tmp_path / "other.key")
    with pytest.raises(TlsUnusable, match="belong together"):
        TlsFiles(client_certificate=replace(own, key=tmp_path / "other.key")).check()
    with pytest.raises(TlsUnusable, match="no such file"):
        TlsFiles(client_certificate=replace(own, key=tmp_path / "none.key")).check()
