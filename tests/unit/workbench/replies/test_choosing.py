"""Which replies the command line asks for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from jackfield.domain.credential import CredentialValues
from jackfield.domain.errors import OperationRefused
from jackfield.workbench.clock import BenchClock
from jackfield.workbench.replies import (
    GivenReplies,
    LiveReplies,
    RecordingReplies,
    ReplayedReplies,
    StubReplies,
    SynthesizedReplies,
    json_reply,
)
from jackfield.workbench.replies.choosing import Wanted, check_live, check_platform, source_for
from support.sample_actions import PLATFORM, TEXT, WHOLE_ACTIONS, document, exported

FOLDER = Path("folder")


@pytest.mark.parametrize(
    ("wanted", "kind"),
    [
        (Wanted(), SynthesizedReplies),
        (Wanted(response=json_reply(1)), GivenReplies),
        (Wanted(live=True), LiveReplies),
        (Wanted(record=FOLDER), RecordingReplies),
        (Wanted(replay=FOLDER), ReplayedReplies),
        (Wanted(stubs=FOLDER), StubReplies),
        (Wanted(platform="stub:folder"), StubReplies),
    ],
)
def test_each_option_has_its_source(tmp_path: Path, wanted: Wanted, kind: type) -> None:
    """Nothing asked for makes replies up."""
    action = document(tmp_path, exported("/api/v2/a", kind=PLATFORM))
    assert isinstance(source_for(action, wanted, BenchClock()), kind)


def test_stubs_of_the_platform_are_for_its_actions(tmp_path: Path) -> None:
    """An action of a web service does not get them."""
    action = document(tmp_path, exported("https://s.example.com/"))
    source = source_for(action, Wanted(platform="stub:folder"), BenchClock())
    assert isinstance(source, SynthesizedReplies)


@pytest.mark.parametrize("platform", ["", "stub:x", "http://127.0.0.1:8080", "https://api.example.com"])
def test_platforms(platform: str) -> None:
    """A folder of stubs and an address are accepted."""
    check_platform(platform)
    assert Wanted(platform=platform).address == (platform if "://" in platform else "")


def test_another_platform_is_refused() -> None:
    """A region's name is no address here."""
    with pytest.raises(OperationRefused) as refused:
        check_platform("mypurecloud.ie")
    assert refused.value.findings[0].code == "PLATFORM_UNREADABLE"


CREDENTIALS = CredentialValues("c", "userDefined", {})


@pytest.mark.parametrize(
    ("action", "settings", "code"),
    [
        (exported("https://s.example.com/", inputs={"a": TEXT}), {}, "LIVE_WITHOUT_VALUES"),
        (exported("https://s.example.com/?${credentials.k}"), {}, "LIVE_WITHOUT_VALUES"),
        (exported("/api/v2/a", kind=PLATFORM), {"credentials": CREDENTIALS}, "LIVE_ADDRESS_REFUSED"),
        (WHOLE_ACTIONS["salesforce"], {"has_input": True}, "LIVE_ADDRESS_REFUSED"),
        (WHOLE_ACTIONS["lambda"], {"has_input": True}, "LIVE_ADDRESS_REFUSED"),
    ],
)
def test_nothing_made_up_goes_out(
    tmp_path: Path, action: dict[str, Any], settings: dict[str, Any], code: str
) -> None:
    """A live call without real values, or without an address, is refused before anything is sent."""
    asked: dict[str, Any] = {"has_input": False, "credentials": None, **settings}
    with pytest.raises(OperationRefused) as refused:
        check_live(document(tmp_path, action), Wanted(live=True), **asked)
    assert refused.value.findings[0].code == code
    check_live(document(tmp_path, action), Wanted(), **asked)


def test_a_live_call_with_everything(tmp_path: Path) -> None:
    """With input, credentials and address it may go out."""
    action = document(tmp_path, exported("/api/v2/a", kind=PLATFORM, inputs={"a": TEXT}))
    wanted = Wanted(live=True, platform="https://api.example.com")
    check_live(action, wanted, has_input=True, credentials=CREDENTIALS)
    assert wanted.is_real
