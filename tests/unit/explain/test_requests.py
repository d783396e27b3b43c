"""Requests in every form: what they are, what is wrong apart from the body, what to send."""

from __future__ import annotations

import ast
import json
import shlex

import pytest

from jackfield.explain import ExplainOptions, Explanation, explain
from jackfield.explain.as_code import as_curl, as_http, as_javascript, as_python, camel_case
from jackfield.explain.explanation import CorrectedRequest

PATH = "/api/v2/integrations/credentials"
URL = f"https://api.mypurecloud.com{PATH}"
FIELDS = '{"userName": "u", "password": "pw-1"}'
BODY = f'{{"name": "it\'s", "type": {{"name": "basicAuth"}}, "credentialFields": {FIELDS}}}'
POWERSHELL = f"Invoke-RestMethod -Method Post -Uri '{URL}' -ContentType 'application/json' -Body "
JSON_HEADER = "-H 'Content-Type: application/json'"


def codes(explanation: Explanation) -> list[str]:
    """Return the codes of the findings."""
    return [one.finding.code for one in explanation.findings]


@pytest.mark.parametrize(
    "text",
    [
        f"POST {PATH} HTTP/1.1\nHost: api.mypurecloud.com\n\n{BODY}",
        f"> POST {PATH} HTTP/1.1\n> Host: api.mypurecloud.com\n>\n{BODY}",
        f"curl {URL} {JSON_HEADER} -d {shlex.quote(BODY)}",
        f"curl -XPOST {JSON_HEADER} --data-raw={shlex.quote(BODY)} {URL}",
        POWERSHELL + "'" + BODY.replace("'", "''") + "'",
        f"integrationsApi.postIntegrationsCredentials({BODY})",
        f"I send this to POST {PATH}:\n{BODY}",
        json.dumps(
            {"log": {"entries": [{"request": {"method": "POST", "url": URL, "postData": {"text": BODY}}}]}}
        ),
        BODY,
    ],
    ids=["HTTP", "curl -v", "curl", "curl glued", "PowerShell", "JavaScript", "prose", "HAR", "bare"],
)
def test_every_form_is_recognized(text: str) -> None:
    """Operation and model are named, the body is read, and nothing is wrong with it."""
    explanation = explain(text)
    piece = explanation.pieces[0]
    assert piece.route is not None
    assert (piece.route.operation_id, piece.model) == ("post_integrations_credentials", "Credential")
    assert piece.root is not None
    assert piece.root.names == ("name", "type", "credentialFields")
    assert codes(explanation) == []


def test_method_and_path_make_the_whole_text_a_body() -> None:
    """With `--method` and `--path` nothing is guessed."""
    explanation = explain("{}", options=ExplainOptions(method="put", path=f"{URL}/x"))
    route = explanation.pieces[0].route
    assert route is not None
    assert route.operation_id == "put_integrations_credential"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"curl -d '{{}}' {URL}", "CONTENT_TYPE_NOT_JSON"),
        (f"curl {JSON_HEADER} -d @body.json {URL}", "BODY_IN_A_FILE"),
        (f"curl -X GET {JSON_HEADER} -d '{{\"a\": 1}}' {URL}", "BODY_OF_A_GET"),
        (
            f"curl {JSON_HEADER} -H 'Authorization: Basic abcdefgh1234' -d '{{}}' {URL}",
            "AUTHORIZATION_NOT_BEARER",
        ),
        (f'curl {JSON_HEADER} -d "{{\\"name\\": \\"${{input.x}}\\"}}" {URL}', "SHELL_EXPANDS"),
        (f'C:\\>curl {JSON_HEADER.replace(chr(39), chr(34))} -d \'{{"name": "x y"}}\' {URL}', "CURL_QUOTING"),
        ("GET https://api.mypurecloud.com/api/v2/integrations/{{id}}", "PATH_PLACEHOLDER"),
        ("GET https://login.mypurecloud.com/api/v2/integrations", "REGION_HOST"),
        ("GET https://api.eu-west-1.purecloud.com/api/v2/integrations", "REGION_HOST"),
        ("DELETE https://api.mypurecloud.com/api/v2/integrations", "METHOD_NOT_ALLOWED"),
        ("GET https://api.mypurecloud.com/api/v2/integrations/x/configs/current", "PATH_UNKNOWN"),
    ],
)
def test_what_is_wrong_apart_from_the_body(text: str, code: str) -> None:
    """Address, host, headers and the shell."""
    assert code in codes(explain(text))


def test_literals_of_python_are_right_in_python() -> None:
    """True, None, single quotes and a comma at the end are no faults in a call of the Python SDK."""
    text = (
        "body = {'name': None, 'integrationType': {'id': 'webhook'}, 'attributes': {'live': True},}\n"
        "api.post_integrations(body=body)"
    )
    explanation = explain(text)
    assert explanation.pieces[0].form == "Python SDK"
    assert codes(explanation) == []


def test_requests_to_two_regions_are_noticed() -> None:
    """A token of one region means nothing to another."""
    text = "\n".join(
        f"GET https://{host}/api/v2/integrations" for host in ("api.mypurecloud.de", "api.mypurecloud.ie")
    )
    assert "REGION_HOST" in codes(explain(text))


def test_an_answer_sent_as_body_is_told_so() -> None:
    """A listing that was sent on is not checked member by member."""
    text = f'PUT {URL}/x HTTP/1.1\n\n{{"entities": [{{"id": "x"}}], "pageSize": 25}}'
    assert codes(explain(text))[0] == "RESPONSE_SENT_AS_BODY"


REQUEST = CorrectedRequest(
    "PUT",
    "/api/v2/integrations/5b0e7a52-93cf-4d0c-8f55-60b6a1f7a3d4/config/current",
    json.dumps({"name": 'it\'s, "so"', "flag": True, "none": None, "list": list(range(40))}, indent=2),
    operation_id="put_integration_config_current",
    route_path="/api/v2/integrations/{integrationId}/config/current",
)


def test_curl_sends_the_very_body() -> None:
    """What a POSIX shell makes of the command is method, URL and body."""
    words = shlex.split("\n".join(as_curl(REQUEST)))
    assert words[words.index("-X") + 1] == "PUT"
    assert f"https://{REQUEST.host}{REQUEST.path}" in words
    assert json.loads(words[words.index("--data-raw") + 1]) == json.loads(REQUEST.body_text)


def test_python_is_python() -> None:
    """The lines are a program that makes the same body and calls the operation with the id."""
    tree = ast.parse("\n".join(as_python(REQUEST)))
    assignment = tree.body[0]
    assert isinstance(assignment, ast.Assign)
    assert ast.literal_eval(assignment.value) == json.loads(REQUEST.body_text)
    call = ast.unparse(tree.body[-1])
    assert call == "api.put_integration_config_current('5b0e7a52-93cf-4d0c-8f55-60b6a1f7a3d4', body=body)"


def test_javascript_is_called_in_its_own_form() -> None:
    """Optional bodies go into an object of options, those of actions stand alone."""
    assert as_javascript(REQUEST)[-1] == (
        'api.putIntegrationConfigCurrent("5b0e7a52-93cf-4d0c-8f55-60b6a1f7a3d4", { body });'
    )
    action = CorrectedRequest(
        "POST", "/api/v2/integrations/actions", "{}", operation_id="post_integrations_actions"
    )
    assert as_javascript(action)[-1] == "api.postIntegrationsActions(body);"


def test_http_shows_the_body_as_it_is() -> None:
    """Method and address, then the JSON."""
    lines = as_http(REQUEST)
    assert lines[0] == f"PUT https://api.mypurecloud.com{REQUEST.path}"
    assert json.loads("\n".join(lines[1:])) == json.loads(REQUEST.body_text)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("post_integrations", "postIntegrations"),
        ("get_integration_config_current", "getIntegrationConfigCurrent"),
    ],
)
def test_camel_case(name: str, expected: str) -> None:
    """The JavaScript SDK's spelling."""
    assert camel_case(name) == expected
