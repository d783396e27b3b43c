"""Things that do not exist are told by a code of their own; so are token requests that lack something."""

from __future__ import annotations

import httpx
import pytest

from support.installation import API, greet
from support.refusals import refusal


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/types/nope", "INTEGRATION_TYPE_NOT_FOUND"),
        ("/types/custom-rest-actions/configschemas/nope", "CONFIG_SCHEMA_UNKNOWN"),
        ("/credentials/nope", "CREDENTIAL_NOT_FOUND"),
        ("/actions/nope", "ACTION_NOT_FOUND"),
    ],
)
def test_each_kind_of_thing_has_its_code(http: httpx.Client, path: str, code: str) -> None:
    """404, and the code says which kind of thing is missing."""
    refused = refusal(http.get(API + path), 404, "not.found")
    assert [fault.code for fault in refused.faults] == [code]


def test_files_of_an_action_have_fixed_names(http: httpx.Client, connected: str) -> None:
    """A template or schema of another name is refused with the names that there are."""
    action_id = greet(http, connected, "https://example.com")
    for path, name in (("templates/x.vm", "successtemplate.vm"), ("schemas/x.json", "success.json")):
        refused = refusal(http.get(f"{API}/actions/{action_id}/{path}"), 404, "not.found")
        assert [fault.code for fault in refused.faults] == ["FILE_NAME_UNKNOWN"]
        assert name in refused.faults[0].accepted


def test_known_routes_without_code_have_their_code(http: httpx.Client) -> None:
    """501 is told by a finding as every other refusal."""
    refused = refusal(http.get(f"{API}/speech/tts/settings"), 501, "not.implemented")
    assert [fault.code for fault in refused.faults] == ["ROUTE_NOT_IMPLEMENTED"]
