"""Real calls, to a service on this machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from jackfield.workbench.bench import Bench, Trial
from jackfield.workbench.recorded_service import RecordedService
from jackfield.workbench.replies import LiveReplies, RecordingReplies, ReplayedReplies
from support.sample_actions import TEXT, document, exported


@pytest.mark.parametrize("buffered", [True, False])
def test_a_real_call_is_recorded_and_replayed(tmp_path: Path, buffered: bool) -> None:
    """The service is asked once; the replay gives the same result, and so does a service made of it."""
    headers = {"Transfer-Encoding": "buffered"} if buffered else {}
    with RecordedService() as service, Bench() as bench:
        service.answer("POST", "/orders?x=1", {"id": "o-1"}, headers={"X-Note": "n"})
        body = '{"item": "${input.item}"}'
        action = exported(
            f"{service.url}/orders?x=1", "POST", body=body, headers=headers, inputs={"item": TEXT}
        )
        one = document(tmp_path, action)
        recording = RecordingReplies(LiveReplies(bench.clock), tmp_path / "tapes")
        live = bench.run(Trial(one, recording, {"item": "tea"}))
        bench.finish(recording)
        assert (live.success, live.value) == (True, {"id": "o-1"})
        assert live.provenance is not None
        assert live.provenance.origin == "live"
        assert [request.json() for request in service.requests] == [{"item": "tea"}]
        replayed = bench.run(Trial(one, ReplayedReplies(tmp_path / "tapes"), {"item": "tea"}))
        assert replayed.value == live.value
        assert len(service.requests) == 1
    with RecordedService() as again, Bench() as bench:
        again.replay(tmp_path / "tapes")
        source = LiveReplies(bench.clock)
        changed = document(tmp_path, {**action, "config": _moved(action, again.url)})
        assert bench.run(Trial(changed, source, {"item": "tea"})).value == {"id": "o-1"}
        missing = bench.run(Trial(document(tmp_path, exported(f"{again.url}/other")), source, {}))
        bench.finish(source)
        assert missing.result.remote_status == 501


def test_nobody_listens(tmp_path: Path) -> None:
    """The run fails as on the server, and nothing is left open."""
    with RecordedService() as service:
        url = service.url
    with Bench() as bench:
        source = LiveReplies(bench.clock)
        result = bench.run(Trial(document(tmp_path, exported(f"{url}/")), source, {}))
        bench.finish(source)
    assert [one.code for one in result.findings] == ["UPSTREAM_REFUSED"]


def _moved(action: dict[str, dict[str, dict[str, str]]], url: str) -> dict[str, dict[str, str]]:
    config = action["config"]
    return {**config, "request": {**config["request"], "requestUrlTemplate": f"{url}/orders?x=1"}}
