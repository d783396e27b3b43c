"""Folders of stubs."""

from __future__ import annotations

from pathlib import Path

import pytest

from jackfield.workbench.bench import BenchResult, Trial, run
from jackfield.workbench.replies import StubReplies
from support.sample_actions import PLATFORM, TEXT, document, exported


def tried(tmp_path: Path, url: str, **inputs: str) -> BenchResult:
    """Run an action against the stubs."""
    action = exported(url, kind=PLATFORM, inputs=dict.fromkeys(inputs, TEXT))
    return run(Trial(document(tmp_path, action), StubReplies(tmp_path / "stubs"), inputs))


def stub(tmp_path: Path, path: str, text: str) -> None:
    """Write one stub."""
    file = tmp_path / "stubs" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def test_a_stub_is_found_by_method_and_path(tmp_path: Path) -> None:
    """The query does not count; the named segment wins over the one for any."""
    stub(tmp_path, "api/v2/users/_/GET.json", '{"who": "any"}')
    stub(tmp_path, "api/v2/users/me/GET.json", '{"who": "me"}')
    assert tried(tmp_path, "/api/v2/users/me?expand=x").value == {"who": "me"}
    assert tried(tmp_path, "/api/v2/users/${input.id}", id="7").value == {"who": "any"}


def test_the_host_may_be_a_folder(tmp_path: Path) -> None:
    """The host's own stub wins."""
    stub(tmp_path, "api/v2/a/GET.json", '{"host": "no"}')
    stub(tmp_path, "api.mypurecloud.com/api/v2/a/GET.json", '{"host": "yes"}')
    assert tried(tmp_path, "/api/v2/a").value == {"host": "yes"}


def test_a_stub_may_be_a_whole_reply(tmp_path: Path) -> None:
    """Status and headers count."""
    stub(tmp_path, "api/v2/a/GET.http", "HTTP/1.1 404 Not Found\nContent-Type: application/json\n\n{}")
    result = tried(tmp_path, "/api/v2/a")
    assert (result.success, result.result.remote_status) == (False, 404)


@pytest.mark.parametrize("segment", ["7", "..", "../..", "%2e%2e", "a/b", "C:"])
def test_a_missing_stub_is_named(tmp_path: Path, segment: str) -> None:
    """The finding says which file to write; no input leads out of the folder."""
    (tmp_path / "GET.json").write_text('{"outside": true}')
    stub(tmp_path, "x/GET.json", "{}")
    result = tried(tmp_path, "/x/${input.id}", id=segment)
    assert result.findings[0].code == "STUB_MISSING"
    assert "GET.json" in result.findings[0].fix
