"""Reading files: what is an action is read, what is none is told kindly."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from jackfield.domain.errors import OperationRefused
from jackfield.domain.finding import Finding
from jackfield.workbench.forms import load

CONFIG: dict[str, Any] = {
    "request": {
        "requestUrlTemplate": "/api/v2/users/${input.id}",
        "requestType": "GET",
        "headers": {"Accept": "application/json"},
        "requestTemplate": "${input.rawRequest}",
    },
    "response": {
        "translationMap": {"name": "$.name"},
        "translationMapDefaults": {"name": '""'},
        "successTemplate": '{"name": ${name}}',
    },
}
CONTRACT: dict[str, Any] = {
    "input": {"inputSchema": {"type": "object", "properties": {"id": {"type": "string"}}}},
    "output": {"successSchema": {"type": "object"}},
}
EXPORT: dict[str, Any] = {
    "name": "Get user",
    "integrationType": "purecloud-data-actions",
    "actionType": "custom",
    "config": CONFIG,
    "contract": CONTRACT,
    "secure": False,
}
API: dict[str, Any] = {
    "name": "Get user",
    "category": "Users",
    "integrationId": "11111111-1111-4111-8111-111111111111",
    "config": CONFIG,
    "contract": CONTRACT,
}


def _file(folder: Path, value: Any, name: str = "a.json") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(value if isinstance(value, str) else json.dumps(value, indent=2), encoding="utf-8")
    return path


def _refused(path: Path) -> Finding:
    with pytest.raises(OperationRefused) as refusal:
        load(path)
    assert all(finding.place.file for finding in refusal.value.findings)
    return refusal.value.findings[0]


def test_an_exported_file_is_read_whole(tmp_path: Path) -> None:
    """Name, type, templates, maps and contracts arrive as they stand."""
    (document,) = load(_file(tmp_path, EXPORT))
    assert document.origin.form == "export"
    assert (document.name, document.integration_type) == ("Get user", "purecloud-data-actions")
    assert document.config.request.url_template == "/api/v2/users/${input.id}"
    assert document.config.response.translation_map_defaults == {"name": '""'}
    assert json.loads(document.contract.input_schema) == CONTRACT["input"]["inputSchema"]
    assert not document.findings
    assert not document.is_login


def test_a_body_of_the_api_is_read_whole(tmp_path: Path) -> None:
    """Category and integration's id arrive; what an answer has more is no fault."""
    answered = {**API, "id": "custom_-_1", "version": 3, "selfUri": "/x", "secure": True}
    (document,) = load(_file(tmp_path, answered))
    assert document.origin.form == "api"
    assert (document.category, document.integration_id) == ("Users", API["integrationId"])
    assert document.secure
    assert not document.findings


def test_an_answered_login_is_known_by_its_id(tmp_path: Path) -> None:
    """The id of a custom auth action tells its type."""
    (document,) = load(_file(tmp_path, {**API, "id": "customAuth_-_1"}))
    assert document.is_login


@pytest.mark.parametrize("wrapped", [[API, EXPORT], {"entities": [API, EXPORT], "pageSize": 25}])
def test_a_listing_gives_all_its_actions(tmp_path: Path, wrapped: Any) -> None:
    """A list of actions, as the API answers it, is read action by action, each with its own places."""
    path = _file(tmp_path, {"extra": 1, **wrapped} if isinstance(wrapped, dict) else wrapped)
    first, second = load(path)
    assert (first.origin.form, second.origin.form) == ("api", "export")
    places = [one.origin.place("/config/response/successTemplate", 1, 6) for one in (first, second)]
    lines = path.read_text(encoding="utf-8").splitlines()
    for place in places:
        assert lines[(place.line or 0) - 1].strip().startswith('"successTemplate"')
    assert places[0].line != places[1].line


def test_absent_templates_have_their_defaults(tmp_path: Path) -> None:
    """Without templates and maps the request carries the input, and the result is the reply."""
    (document,) = load(
        _file(tmp_path, {**EXPORT, "config": {"request": {"requestUrlTemplate": "/api/v2/users/me"}}})
    )
    assert document.config.request.template == "${input.rawRequest}"
    assert document.config.request.request_type == "GET"
    assert document.config.response.success_template == "${rawResult}"


def test_what_lint_judges_is_kept_as_it_stands(tmp_path: Path) -> None:
    """An unknown method and a timeout out of range are no reason not to read a file."""
    request = {**CONFIG["request"], "requestType": "FETCH"}
    (document,) = load(
        _file(tmp_path, {**EXPORT, "config": {**CONFIG, "request": request, "timeoutSeconds": 90}})
    )
    assert document.config.request.request_type == "FETCH"
    assert document.config.timeout_seconds == 90


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"colour": "red"}, "MEMBER_UNKNOWN"),
        ({"actionType": "static"}, "ACTION_TYPE_UNKNOWN"),
        ({"contract": None}, "MEMBER_MISSING"),
        ({"contract": {"input": {}, "output": CONTRACT["output"]}}, "MEMBER_MISSING"),
        ({"contract": {"output": CONTRACT["output"]}}, "MEMBER_MISSING"),
    ],
)
def test_what_can_be_done_without_warns(tmp_path: Path, change: dict[str, Any], code: str) -> None:
    """The action is read, and the document carries the warning with its place."""
    (document,) = load(_file(tmp_path, {**EXPORT, **change}))
    (finding,) = document.findings
    assert (finding.code, finding.place.file) == (code, str(tmp_path / "a.json"))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": None}, "MEMBER_MISSING"),
        ({"config": None}, "ACTION_FILE_WITHOUT_CONFIG"),
        ({"config": []}, "MEMBER_WRONG_KIND"),
        ({"config": {"request": {"headers": {"A": 1}}}}, "MEMBER_WRONG_KIND"),
        ({"config": {"request": {}, "timeoutSeconds": "20"}}, "MEMBER_WRONG_KIND"),
        ({"config": {"response": {}}}, "MEMBER_MISSING"),
        ({"contract": {"input": {"inputSchema": []}, "output": {}}}, "MEMBER_WRONG_KIND"),
        ({"contract": {"input": {"inputSchemaFlattened": {}}, "output": {}}}, "ACTION_CONTRACT_FLAT"),
    ],
)
def test_what_is_no_action_is_refused_with_its_place(
    tmp_path: Path, change: dict[str, Any], code: str
) -> None:
    """The finding names the file and the line."""
    finding = _refused(_file(tmp_path, {**EXPORT, **change}))
    assert finding.code == code
    assert finding.place.line


def test_faults_of_the_json_are_shown_in_the_file(tmp_path: Path) -> None:
    """A missing comma is said with line and column."""
    text = json.dumps(EXPORT, indent=2).replace('"Get user",', '"Get user"')
    finding = _refused(_file(tmp_path, text))
    assert finding.code == "JSON_COMMA_MISSING"
    assert finding.place.line in (2, 3)


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("main.tf", 'resource "a" "b" {}', "a Terraform configuration"),
        ("plan.tfplan", "PK\x03\x04", "a zip archive"),
        ("export.zip", "PK\x03\x04", "a zip archive"),
        ("plan.json", '{"planned_values": {}}', "a Terraform plan"),
        ("state.json", '{"terraform_version": "1", "values": {}}', "a Terraform state"),
        ("api.json", '{"openapi": "3.0.0"}', "an OpenAPI description"),
        ("c.json", '{"info": {}, "item": []}', "a Postman collection"),
        ("a.har", '{"log": {}}', "a recording of a browser (HAR)"),
        ("s.json", '{"$schema": "x", "properties": {}}', "a JSON schema"),
        ("cred.json", '{"name": "a", "credentialFields": {}}', "a credential"),
        ("success.vm", "${rawResult}", "a single template"),
        ("notes.md", "# Notes", "a text that is not JSON"),
        ("empty.txt", " \n", "an empty file"),
        ("page.json", "<html></html>", "XML or HTML"),
    ],
)
def test_other_files_are_told_what_they_are(tmp_path: Path, name: str, content: str, what: str) -> None:
    """The refusal says what the file is and what would be read instead."""
    finding = _refused(_file(tmp_path, content, name))
    assert finding.code == "ACTION_FILE_UNKNOWN"
    assert what in finding.message
    assert finding.fix


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    """A path of nothing is said with the path."""
    finding = _refused(tmp_path / "absent.json")
    assert finding.code == "FILE_UNREADABLE"
    assert "absent.json" in finding.message


def test_a_folder_gives_its_actions_and_nothing_else(tmp_path: Path) -> None:
    """Exports of any name and folders with action.yaml; no other JSON, nothing hidden, no action's tests."""
    _file(tmp_path, EXPORT, "b.custom.json")
    _file(tmp_path, API, "a.json")
    _file(tmp_path, {"name": "package"}, "package.json")
    _file(tmp_path, "{", "broken.json")
    _file(tmp_path, EXPORT, ".git/a.json")
    _file(tmp_path, EXPORT, "node_modules/a.json")
    _file(tmp_path, "name: In a folder\n", "c/action.yaml")
    _file(tmp_path, EXPORT, "c/tests/reply.json")
    assert [document.name for document in load(tmp_path)] == ["Get user", "Get user", "In a folder"]


@pytest.mark.parametrize(("name", "advice"), [("a.txt", "Name a file"), ("main.tf", "--terraform")])
def test_a_folder_without_actions_is_told(tmp_path: Path, name: str, advice: str) -> None:
    """An empty folder says so, and where Terraform lies there, how to read it."""
    _file(tmp_path, "x", name)
    finding = _refused(tmp_path)
    assert finding.code == "ACTION_FOLDER_EMPTY"
    assert advice in finding.fix


def test_places_reach_into_contracts_and_names(tmp_path: Path) -> None:
    """A pointer of the API form leads to the line; what is not there, to what is around it."""
    path = _file(tmp_path, EXPORT)
    lines = path.read_text(encoding="utf-8").splitlines()
    (document,) = load(path)

    def line(pointer: str) -> str:
        return lines[(document.origin.place(pointer).line or 0) - 1].strip()

    assert line("/contract/input/inputSchema/properties/id/type") == '"type": "string"'
    assert line("/contract/input/inputSchema/properties/absent") == '"properties": {'
    assert line("/config/request/headers/Accept") == '"Accept": "application/json"'
    assert line("") == "{"
    exact = document.origin.place("/config/response/successTemplate", 9, 7)
    assert lines[(exact.line or 0) - 1][(exact.column or 0) - 1 :].startswith("${name}")
    assert (exact.width, exact.pointer) == (7, "/config/response/successTemplate")
