"""The web service that answers from recordings."""

from __future__ import annotations

import httpx
import pytest

from jackfield.workbench.recorded_service import RecordedService


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"])
def test_what_it_is_told(method: str) -> None:
    """Every method is answered with status, headers and body, and every request is kept."""
    with RecordedService() as service:
        service.answer(method, "/a?b=1", {"ok": True}, status=201, headers={"X-A": "b"})
        answer = httpx.request(method, f"{service.url}/a?b=1", headers={"X-Sent": "c"}, content=b'{"d": 1}')
    assert (answer.status_code, answer.headers["x-a"]) == (201, "b")
    assert answer.content == (b"" if method == "HEAD" else b'{"ok": true}')
    assert service.requests[0].headers["x-sent"] == "c"
    assert service.requests[0].json() == {"d": 1}


def test_chunked_bodies() -> None:
    """A body in pieces is put together, as the engine sends it."""
    with RecordedService() as service:
        service.answer("POST", "/a")
        assert httpx.post(f"{service.url}/a", content=iter([b"one ", b"two"])).status_code == 200
    assert service.requests[0].body == b"one two"


def test_what_is_not_known() -> None:
    """It is answered 501 with what there is."""
    with RecordedService() as service:
        service.answer("GET", "/a", 1)
        answer = httpx.get(f"{service.url}/b")
    assert answer.status_code == 501
    assert answer.json()["known"] == ["GET /a"]
