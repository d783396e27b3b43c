"""The server of a test."""

from __future__ import annotations

import httpx
import pytest

from jackfield.domain.errors import OperationRefused
from jackfield.workbench.ephemeral import EphemeralServer


def test_it_runs_and_ends() -> None:
    """It answers while it runs, shows no secret, and is gone afterwards."""
    server = EphemeralServer()
    with server as access:
        assert httpx.get(f"{access.url}/api/v2/integrations").status_code == 401
        assert access.client_secret.reveal() not in repr(access)
    with pytest.raises(httpx.ConnectError):
        httpx.get(access.url)
    assert server.stop() == 0


def test_a_server_that_does_not_start() -> None:
    """The refusal has what it said."""
    with pytest.raises(OperationRefused) as refused:
        EphemeralServer(("--no-such-option",)).start()
    assert refused.value.findings[0].code == "EPHEMERAL_SERVER_FAILED"
    assert "no-such-option" in refused.value.findings[0].message
