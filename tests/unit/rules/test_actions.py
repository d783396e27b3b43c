"""Checks of data actions: the body, its integration, its configuration."""

from __future__ import annotations

import json
from typing import Any

import pytest

from jackfield.domain.action import DEFAULT_REQUEST_TEMPLATE, DEFAULT_SUCCESS_TEMPLATE, NewAction
from jackfield.domain.finding import Checked
from jackfield.domain.integration import Integration
from jackfield.rules.actions import ActionFacts, check_new_action
from support.checks import CATALOG, INTEGRATION_ID, codes, integration, reading, the

REQUEST: dict[str, Any] = {
    "requestUrlTemplate": "https://api.example.com/tickets/${input.id}",
    "requestType": "POST",
    "headers": {"Content-Type": "application/json", "Accept": "application/vnd.example+json; q=1"},
    "requestTemplate": '{"note": "$esc.jsonEncode($!input.note)"}',
}
RESPONSE: dict[str, Any] = {
    "translationMap": {"state": "$.ticket.state"},
    "translationMapDefaults": {"state": '"unknown"'},
    "successTemplate": '{"state": ${state}}',
}
CONTRACT: dict[str, Any] = {
    "input": {
        "inputSchema": {
            "type": "object",
            "properties": {"id": {"type": "string"}, "note": {"type": "string"}},
            "required": ["id"],
            "additionalProperties": True,
        }
    },
    "output": {"successSchema": {"type": "object", "properties": {"state": {"type": "string"}}}},
}
RIGHT: dict[str, Any] = {
    "name": "Close ticket",
    "category": "Tickets",
    "integrationId": INTEGRATION_ID,
    "secure": False,
    "config": {"request": REQUEST, "response": RESPONSE, "timeoutSeconds": 20},
    "contract": CONTRACT,
}


def check(
    body: Any,
    type_id: str = "custom-rest-actions",
    *,
    draft: bool = False,
    strict: bool = False,
) -> Checked[NewAction]:
    """Check a body; there is one integration, of a type."""

    def find(identifier: str) -> Integration | None:
        return integration(type_id) if identifier == INTEGRATION_ID else None

    return check_new_action(reading(body), ActionFacts(find, CATALOG), strict=strict, draft=draft)


def with_request(**changes: Any) -> dict[str, Any]:
    """The right body with another request; None takes a member away."""
    request = {name: value for name, value in {**REQUEST, **changes}.items() if value is not None}
    return {**RIGHT, "config": {"request": request, "response": RESPONSE}}


def with_response(**changes: Any) -> dict[str, Any]:
    """The right body with another response."""
    return {**RIGHT, "config": {"request": REQUEST, "response": {**RESPONSE, **changes}}}


def test_the_right_action() -> None:
    """A whole action is taken without a word, and the contracts keep their text."""
    checked = check(RIGHT)

    assert checked.findings == ()
    action = checked.value
    assert action is not None
    assert (action.name, action.category, action.integration_id) == (
        "Close ticket",
        "Tickets",
        INTEGRATION_ID,
    )
    assert action.config.request.headers["Content-Type"] == "application/json"
    assert action.config.timeout_seconds == 20
    assert json.loads(action.contract.input_schema) == CONTRACT["input"]["inputSchema"]


def test_defaults() -> None:
    """What may be left out has the documented defaults."""
    body = {**RIGHT, "config": {"request": {"requestUrlTemplate": "https://x", "requestType": "GET"}}}
    del body["secure"]
    checked = check(body)

    assert checked.findings == ()
    assert checked.value is not None
    config = checked.value.config
    assert config.request.template == DEFAULT_REQUEST_TEMPLATE
    assert config.response.success_template == DEFAULT_SUCCESS_TEMPLATE
    assert (config.timeout_seconds, checked.value.secure) == (None, False)


def test_a_draft_needs_only_a_name_and_an_integration() -> None:
    """As the wizard sends it; the category is then the integration's name."""
    checked = check({"name": "Close ticket", "integrationId": INTEGRATION_ID}, draft=True)

    assert checked.findings == ()
    assert checked.value is not None
    assert checked.value.category == "Web services"


def test_all_that_is_missing_at_once() -> None:
    """An empty body misses five members; a published action needs all of them."""
    assert codes(check({})) == ["MEMBER_MISSING"] * 5


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        ({**RIGHT, "name": "x" * 257}, "TEXT_TOO_LONG", "/name"),
        ({**RIGHT, "category": "x" * 257}, "TEXT_TOO_LONG", "/category"),
        ({**RIGHT, "secure": "yes"}, "MEMBER_WRONG_KIND", "/secure"),
        ({**RIGHT, "integrationId": "gone"}, "ACTION_INTEGRATION_UNKNOWN", "/integrationId"),
        ({**RIGHT, "integrationId": "not an id"}, "ACTION_INTEGRATION_UNKNOWN", "/integrationId"),
        ({**RIGHT, "integrationId": "<integrationId>"}, "MEMBER_PLACEHOLDER", "/integrationId"),
        ({**RIGHT, "config": {"response": RESPONSE}}, "MEMBER_MISSING", "/config/request"),
        (with_request(requestUrlTemplate=None), "MEMBER_MISSING", "/config/request/requestUrlTemplate"),
        (with_request(requestType=None), "MEMBER_MISSING", "/config/request/requestType"),
        (with_request(requestType="HEAD"), "REQUEST_TYPE_UNKNOWN", "/config/request/requestType"),
        (with_request(requestType="post"), "REQUEST_TYPE_UNKNOWN", "/config/request/requestType"),
        (with_request(headers={"X": 3}), "MEMBER_WRONG_KIND", "/config/request/headers/X"),
        (with_request(headers=["X: 3"]), "MEMBER_WRONG_KIND", "/config/request/headers"),
        (with_request(headers={"accept": "text/xml"}), "ACCEPT_NOT_JSON", "/config/request/headers/accept"),
        (with_response(translationMap={"a": 3}), "MEMBER_WRONG_KIND", "/config/response/translationMap/a"),
        ({**RIGHT, "contract": {"output": CONTRACT["output"]}}, "MEMBER_MISSING", "/contract/input"),
        (
            {**RIGHT, "contract": {"input": {"inputSchema": "{}"}, "output": CONTRACT["output"]}},
            "MEMBER_ENCODED_TWICE",
            "/contract/input/inputSchema",
        ),
    ],
)
def test_what_is_refused(body: dict[str, Any], code: str, pointer: str) -> None:
    """What is documented to be refused is refused at its place."""
    checked = check(body)
    fault = checked.errors[0]

    assert checked.value is None
    assert (fault.code, fault.place.pointer) == (code, pointer)
    assert [finding.code for finding in checked.errors] == [code]


@pytest.mark.parametrize("seconds", [0, 61, 1.5, "20", True])
def test_a_timeout_out_of_range(seconds: Any) -> None:
    """1 to 60 whole seconds."""
    body = {**RIGHT, "config": {"request": REQUEST, "response": RESPONSE, "timeoutSeconds": seconds}}
    fault = the(check(body), "TIMEOUT_OUT_OF_RANGE")

    assert fault.place.pointer == "/config/timeoutSeconds"
    assert "1 to 60" in fault.accepted


def test_an_integration_without_data_actions() -> None:
    """Only data-action integrations own actions."""
    assert "ACTION_INTEGRATION_WITHOUT_ACTIONS" in codes(check(RIGHT, "webhook"))


def test_function_actions_begin_as_drafts() -> None:
    """A published function action is refused; as a draft it needs no URL."""
    assert "ACTION_DRAFTS_ONLY" in codes(check(RIGHT, "function-data-actions"))
    draft = {"name": "f", "integrationId": INTEGRATION_ID, "config": {"request": {"requestType": "POST"}}}
    assert check(draft, "function-data-actions", draft=True).findings == ()


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        (with_request(headers={"Host": "x"}), "HEADER_NOT_SETTABLE", "/config/request/headers/Host"),
        (with_request(headers={"X Y": "x"}), "HEADER_NAME_INVALID", "/config/request/headers/X Y"),
        (
            with_request(requestUrlTemplate="/tickets"),
            "URL_TEMPLATE_SUSPECT",
            "/config/request/requestUrlTemplate",
        ),
        (
            with_response(translationMapDefaults={"state": "unknown"}),
            "DEFAULT_NOT_JSON",
            "/config/response/translationMapDefaults/state",
        ),
        (
            with_response(translationMapDefaults={"stat": '""'}),
            "DEFAULT_WITHOUT_PATH",
            "/config/response/translationMapDefaults/stat",
        ),
        ({**RIGHT, "zebra": 1}, "MEMBER_UNKNOWN", "/zebra"),
        (
            {**RIGHT, "integrationType": "custom-rest-actions", "actionType": "custom"},
            "ACTION_EXPORT_SENT",
            "/integrationType",
        ),
    ],
)
def test_what_is_only_suspected(body: dict[str, Any], code: str, pointer: str) -> None:
    """What may work elsewhere is taken with a warning, and refused in strict mode."""
    checked = check(body)

    assert codes(checked) == [code]
    assert checked.findings[0].place.pointer == pointer
    assert checked.value is not None
    assert check(body, strict=True).value is None


def test_the_default_that_would_be_right_is_told() -> None:
    """A default that is no JSON text is answered with its right form, quotes and all."""
    fault = the(check(with_response(translationMapDefaults={"state": 'say "x"'})), "DEFAULT_NOT_JSON")

    assert fault.fix == r'Send "state": "\"say \\\"x\\\"\"".'


@pytest.mark.parametrize(
    ("type_id", "url", "suspect"),
    [
        ("custom-rest-actions", "https://x/y", False),
        ("custom-rest-actions", "${credentials.baseUrl}/y", False),
        ("custom-rest-actions", "#if(1 == 1)https://x#end", False),
        ("custom-rest-actions", "x/y", True),
        ("purecloud-data-actions", "/api/v2/users/me", False),
        ("purecloud-data-actions", "https://api.mypurecloud.com/api/v2/users/me", True),
        ("salesforce-datadip", "/services/data", False),
    ],
)
def test_urls_by_kind_of_integration(type_id: str, url: str, suspect: bool) -> None:
    """Web services take whole URLs, the platform's own API takes paths; other types are not judged."""
    assert ("URL_TEMPLATE_SUSPECT" in codes(check(with_request(requestUrlTemplate=url), type_id))) is suspect


def test_an_unknown_integration_is_not_looked_for_without_a_store() -> None:
    """Without integrations to compare with, the id is taken as it is."""
    checked = check_new_action(reading(RIGHT), ActionFacts(None, CATALOG))

    assert checked.findings == ()
