"""The demo's web service, as a process."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from jackfield.demo.processes import Process
from jackfield.domain.errors import OperationRefused


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Process]:
    """The running service, which lets `me` with `pass` in."""
    with Process(
        "jackfield.demo.web_service",
        (),
        environment=os.environ,
        log=tmp_path / "log",
        first_input=json.dumps({"userName": "me", "password": "pass"}),
    ) as process:
        yield process


def test_only_the_right_basic_header_gets_in(service: Process) -> None:
    """No header, another scheme, a wrong password and a right one, counted one by one."""
    url = f"{service.first_line['url']}/parcels/search"
    body = {"parcel": "JF-1042"}
    refused = [
        httpx.post(url, json=body),
        httpx.post(url, json=body, auth=("me", "wrong")),
        httpx.post(url, json=body, headers={"Authorization": "Bearer pass"}),
    ]
    assert [answer.status_code for answer in refused] == [401, 401, 401]
    right = httpx.post(url, json=body, auth=("me", "pass"))
    assert right.json()["parcel"]["status"] == "on its way"
    assert httpx.get(f"{service.first_line['url']}/calls").json() == {"accepted": 1, "refused": 3}


def test_chunked_bodies_are_read(service: Process) -> None:
    """Data actions send chunked bodies unless told otherwise."""
    url = f"{service.first_line['url']}/parcels/search"
    answer = httpx.post(url, content=iter([b'{"parcel":', b' "JF-1042"}']), auth=("me", "pass"))
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("body", "status"), [(b"{", 400), (b"[]", 400), (b'{"parcel": "X"}', 404), (b'{"parcel": []}', 404)]
)
def test_wrong_questions_are_answered(service: Process, body: bytes, status: int) -> None:
    """Bodies that are no question get a status, not a broken connection."""
    url = f"{service.first_line['url']}/parcels/search"
    assert httpx.post(url, content=body, auth=("me", "pass")).status_code == status
    assert httpx.get(url, auth=("me", "pass")).status_code == 404


def test_a_stopped_process_is_gone(service: Process) -> None:
    """Stop and kill end the process, twice as well."""
    assert service.runs()
    service.stop()
    assert not service.runs()
    service.stop()
    service.kill()


def test_a_process_that_does_not_start_says_what_it_logged(tmp_path: Path) -> None:
    """The refusal carries the end of the log."""
    with pytest.raises(OperationRefused) as refusal:
        Process("jackfield.no_such_module", (), environment=os.environ, log=tmp_path / "log")
    finding = refusal.value.findings[0]
    assert finding.code == "STORY_DIFFERS"
    assert "no_such_module" in finding.seen
