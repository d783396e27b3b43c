"""What answers and errors say."""

from __future__ import annotations

import json

import pytest

from jackfield.domain.finding import Rank
from jackfield.explain import ExplainOptions, Explanation, explain

API = "https://api.mypurecloud.com/api/v2/integrations"


def first_code(text: str) -> str:
    """Return the code of what is said first."""
    return explain(text).findings[0].finding.code


def error(status: int, code: str, message: str, **more: object) -> str:
    """Write an error body."""
    rest = {"details": [], "errors": [], **more}
    return json.dumps({"message": message, "code": code, "status": status, **rest})


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (error(409, "x", "Supplied version 2 does not match latest draft version 1"), "VERSION_STALE"),
        (error(400, "bad.request", "config.request must not be null"), "MEMBER_MISSING"),
        (error(403, "missing.permissions", "You lack [integrations:action:add]"), "PERMISSION_MISSING"),
        (error(401, "bad.credentials", "Invalid login credentials."), "TOKEN_UNKNOWN"),
        (error(401, "authentication.required", "No authentication bearer token"), "TOKEN_MISSING"),
        (error(429, "too.many.requests", "Retry in [12] seconds"), "REQUESTS_PER_MINUTE"),
        (error(409, "general.conflict", "A draft already exists"), "ANSWER_CONFLICT"),
        (error(404, "not.found", "Not found"), "ANSWER_NOT_FOUND"),
        (error(503, "service.unavailable", "x"), "ANSWER_OF_THE_SERVER"),
        (error(400, "bad.request", "Unknown credential type"), "CREDENTIAL_TYPE_UNKNOWN"),
        (error(400, "bad.request", "The request could not be understood"), "ANSWER_SAYS_LITTLE"),
        (error(400, "bad.request", "Something new went wrong"), "ANSWER_UNCATALOGUED"),
        ('{"error": "invalid_client", "description": "authentication failed"}', "CLIENT_UNKNOWN"),
    ],
)
def test_an_error_on_its_own(text: str, code: str) -> None:
    """Each known error is said in the catalogue's words; an unknown one is quoted."""
    assert first_code(text) == code


def test_jackfields_own_errors_are_taken_over() -> None:
    """The findings of an answer that Jackfield gave come back with code, place and fix."""
    nested = {
        "code": "SLOT_UNKNOWN",
        "message": "no such slot",
        "messageParams": {"seen": "a", "accepted": "b", "fix": "c", "line": "7", "column": "3"},
        "details": [{"fieldName": "/credentials/x"}],
    }
    finding = explain(error(400, "bad.request", "no such slot", errors=[nested])).findings[0].finding
    assert (finding.code, finding.fix, finding.place.pointer) == ("SLOT_UNKNOWN", "c", "/credentials/x")
    assert (finding.place.line, finding.place.column) == (7, 3)


@pytest.mark.parametrize("status", [401, 403, 429])
def test_what_the_caller_may_do_comes_before_the_body(status: int) -> None:
    """After a 401, 403 or 429 the faults of the body are not the reason."""
    text = f'POST {API} HTTP/1.1\n\n{{"name": 1}}\n\nHTTP/1.1 {status} No\n\n' + error(status, "x", "no")
    findings = explain(text).findings
    assert findings[0].finding.code in ("TOKEN_UNKNOWN", "PERMISSION_MISSING", "REQUESTS_PER_MINUTE")
    assert {one.rank for one in findings[1:]} == {Rank.DIFFERENCE}


def test_a_conflict_tells_the_version_to_send() -> None:
    """The current version of a 409 goes into the corrected request."""
    body = {"name": "n", "version": 1, "properties": {}, "advanced": {}, "notes": "", "credentials": {}}
    answer = error(409, "invalid.update.wrong.version", "version 1 does not match the current version 4")
    text = f"PUT {API}/abc/config/current HTTP/1.1\n\n{json.dumps(body)}\n\nHTTP/1.1 409 Conflict\n\n{answer}"
    explanation = explain(text, options=ExplainOptions(type_id="custom-rest-actions"))
    assert explanation.findings[0].finding.code == "VERSION_STALE"
    assert json.loads(explanation.corrections[0].body_text)["version"] == 4


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PATCH", "actions/custom_-_1", {"version": 1, "name": "n"}),
        ("PATCH", "actions/custom_-_1/draft", {"version": 1, "name": "n"}),
        ("POST", "actions/custom_-_1/draft/publish", {"version": 1}),
    ],
)
def test_changes_of_actions_are_checked_too(method: str, path: str, body: dict[str, object]) -> None:
    """Nothing is claimed of the action itself; the version of the conflict goes into the correction."""
    request = f"{method} {API}/{path} HTTP/1.1\n\n{json.dumps(body)}\n"
    assert explain(request).findings == ()
    answer = error(409, "x", "version 1 does not match the current version 4")
    explanation = explain(f"{request}\nHTTP/1.1 409 Conflict\n\n{answer}")
    assert [one.finding.code for one in explanation.findings] == ["ACTION_VERSION_STALE"]
    assert json.loads(explanation.corrections[0].body_text)["version"] == 4


TERRAFORM = """╷
│ Error: {title}
│
│   with genesyscloud_integration_action.lookup,
│   on main.tf line 3, in resource "genesyscloud_integration_action" "lookup":
│    3:   request_url_template = "https://crm.example/${{input.id}}"
╵
"""


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("Invalid reference", "HCL_INTERPOLATION"),
        ("API Error: 409 - version 2 does not match the current version 3", "VERSION_STALE"),
        ("API Error: 400 - requestType must be one of GET, PUT but was Get", "REQUEST_TYPE_UNKNOWN"),
        ("API Error: 403 - missing.permissions [integrations:action:edit]", "PERMISSION_MISSING"),
        ("API Error: 504 - gateway timeout", "ANSWER_OF_THE_SERVER"),
    ],
)
def test_errors_of_the_provider(title: str, code: str) -> None:
    """The box that Terraform draws is read like the error in it."""
    assert first_code(TERRAFORM.format(title=title)) == code


def run(message: str, code: str = "ACTION.PROCESSING") -> str:
    """Write a test result that failed."""
    failed = {"message": message, "code": "bad.request", "status": 400, "details": [{"errorCode": code}]}
    steps = [
        {
            "step": 5,
            "name": "Resolve request URL template",
            "success": True,
            "result": "[GET] https://a.example/x",
        },
        {"step": 10, "name": "Apply output transformation", "success": False, "error": failed},
    ]
    return json.dumps({"operations": steps, "success": False, "error": failed})


ACTION = """{
  "name": "Lookup",
  "config": {
    "request": {"requestUrlTemplate": "https://a.example/x", "requestType": "GET"},
    "response": {
      "translationMap": {"tierName": "$.tier"},
      "successTemplate": "{\\"tier\\": ${tiername}}"
    }
  }
}"""


def explained(message: str, code: str = "ACTION.PROCESSING") -> Explanation:
    """Explain a failed run of the action above."""
    return explain(run(message, code), options=ExplainOptions(action=ACTION))


def test_a_failed_run_points_into_the_actions_text() -> None:
    """Line and column of the message become line, column and caret in the action's file."""
    message = "Variable $tiername has not been set at successTemplate[line 1, column 10]"
    finding = explained(message).findings[0].finding
    assert finding.code == "TEMPLATE_VARIABLE_UNSET"
    assert finding.place.pointer == "/config/response/successTemplate"
    assert finding.place.line == 7
    excerpt, caret = finding.place.caret().split("\n")
    assert excerpt[caret.index("^") :].startswith("${tiername")
    assert "tierName" in finding.fix


@pytest.mark.parametrize(
    ("message", "code", "expected"),
    [
        ("REST call for action execute failed. status code 401", "ACTION.REMOTE_ENDPOINT", "UPSTREAM_STATUS"),
        ("REST call for action execute failed. timed out", "ACTION.REMOTE_ENDPOINT", "UPSTREAM_TIMEOUT"),
        ("Unexpected character. Template output was: {rawResult}", "ACTION.PROCESSING", "OUTPUT_NOT_JSON"),
        ("Encountered } at successTemplate[line 1, column 3]", "ACTION.PROCESSING", "TEMPLATE_NOT_RENDERED"),
    ],
)
def test_why_a_run_failed(message: str, code: str, expected: str) -> None:
    """The web service, the output or the template: each in its own words."""
    assert explained(message, code).findings[0].finding.code == expected
    assert explain(run(message, code)).findings[0].finding.code == expected


def test_a_run_that_went_well_is_not_explained_away() -> None:
    """Nothing is found in a test result without a failure."""
    assert explain('{"operations": [{"name": "Execute", "success": true}], "success": true}').findings == ()
