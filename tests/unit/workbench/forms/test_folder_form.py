"""The folder form: each file is read, each fault is shown in its own file."""

from __future__ import annotations

from pathlib import Path

import pytest

from jackfield.domain.errors import OperationRefused
from jackfield.domain.finding import Finding
from jackfield.workbench.documents import ActionDocument
from jackfield.workbench.forms import load

SETTINGS = """name: Get order
integrationType: custom-rest-actions
secure: yes
timeoutSeconds: 20
request:
  requestType: GET
  headers:
    X-Flag: yes
    X-Version: 1.10
response:
  translationMap:
    state: $.state
    'it''s': '$.a''b'
    long: |
      $.first
      .second
    escaped: "$.a\\tb\\u00e9c"
  translationMapDefaults:
    state: null
    count: 0
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A whole action."""
    for name, text in {
        "action.yaml": SETTINGS,
        "url.vm": "https://a.example.com/${input.id}\n",
        "request.vm": "${input.rawRequest}",
        "success.vm": '{\n  "state": ${state}\n}\n',
        "input.schema.json": '{"type": "object", "properties": {"id": {"type": "string"}}}\n',
        "output.schema.json": '{"type": "object"}\n',
    }.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def _one(folder: Path) -> ActionDocument:
    (document,) = load(folder)
    return document


def _refused(folder: Path) -> Finding:
    with pytest.raises(OperationRefused) as refusal:
        load(folder)
    return refusal.value.findings[0]


def _change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_every_file_has_its_part(folder: Path) -> None:
    """Templates lose the line break that ends their file; scalars are texts where texts are wanted."""
    document = _one(folder)
    assert document == _one(folder / "action.yaml")
    assert (document.origin.form, document.origin.path) == ("folder", folder)
    assert (document.name, document.secure, document.config.timeout_seconds) == ("Get order", True, 20)
    request, response = document.config.request, document.config.response
    assert request.url_template == "https://a.example.com/${input.id}"
    assert request.headers == {"X-Flag": "yes", "X-Version": "1.10"}
    assert response.success_template == '{\n  "state": ${state}\n}'
    assert response.translation_map_defaults == {"state": "null", "count": "0"}
    assert response.translation_map["escaped"] == "$.a\tbéc"
    assert not document.findings


@pytest.mark.parametrize(
    ("pointer", "offset", "file", "there"),
    [
        ("/config/request/requestUrlTemplate", 22, "url.vm", "${input.id}"),
        ("/config/response/successTemplate", 13, "success.vm", "${state}"),
        ("/contract/input/inputSchema/properties/id/type", 0, "input.schema.json", "string"),
        ("/contract/output/successSchema", 0, "output.schema.json", "{"),
        ("/config/response/translationMap/state", 2, "action.yaml", "state\n"),
        ("/config/response/translationMap/it's", 3, "action.yaml", "''b"),
        ("/config/response/translationMap/long", 9, "action.yaml", "second"),
        ("/config/response/translationMap/escaped", 5, "action.yaml", "\\u00e9"),
        ("/config/timeoutSeconds", 0, "action.yaml", "20"),
        ("/name", 4, "action.yaml", "order"),
        ("/config/request/headers/absent", 0, "action.yaml", "headers"),
    ],
)
def test_places_lead_into_the_right_file(
    folder: Path, pointer: str, offset: int, file: str, there: str
) -> None:
    """A pointer of the API form leads to file, line and column."""
    place = _one(folder).origin.place(pointer, offset)
    assert place.file == str(folder / file)
    assert place.pointer.startswith(pointer.rpartition("/")[0])
    lines = (folder / file).read_text(encoding="utf-8").splitlines(keepends=True)
    assert lines[(place.line or 0) - 1][(place.column or 0) - 1 :].startswith(there)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("name: Get order", "name: [", "YAML_UNREADABLE"),
        ("name: Get order", "name: a\nname: b", "YAML_UNREADABLE"),
        ("name: Get order", "? [a]\n: b", "YAML_UNREADABLE"),
        ("name: Get order", "name: \x07", "YAML_UNREADABLE"),
        ("name: Get order", "name: &a [*a]", "YAML_UNREADABLE"),
        ("name: Get order", "names: Get order", "MEMBER_MISSING"),
        ("secure: yes", "secure: perhaps", "MEMBER_WRONG_KIND"),
        ("timeoutSeconds: 20", "timeoutSeconds: soon", "MEMBER_WRONG_KIND"),
        ("X-Flag: yes", "X-Flag:", "MEMBER_WRONG_KIND"),
        ("  requestType: GET", "  requestType: GET\n  requestUrlTemplate: a", "ACTION_TEMPLATE_TWICE"),
        (SETTINGS, "", "JSON_EMPTY_BODY"),
        (SETTINGS, "just words", "BODY_NOT_OBJECT"),
    ],
)
def test_faults_of_the_settings_are_shown(folder: Path, old: str, new: str, code: str) -> None:
    """The finding names action.yaml."""
    _change(folder / "action.yaml", old, new)
    finding = _refused(folder)
    assert finding.code == code
    assert finding.place.file == str(folder / "action.yaml")


def test_a_template_may_stand_in_the_settings(folder: Path) -> None:
    """Without its own file, a template is taken from action.yaml, and its places lead there."""
    (folder / "url.vm").unlink()
    _change(
        folder / "action.yaml", "  requestType: GET", "  requestType: GET\n  requestUrlTemplate: https://b/"
    )
    document = _one(folder)
    assert document.config.request.url_template == "https://b/"
    assert document.origin.place("/config/request/requestUrlTemplate", 8).column == 31


def test_a_missing_contract_and_a_strange_file_warn(folder: Path) -> None:
    """A mistyped file is named with the nearest right one; without a contract everything is allowed."""
    (folder / "input.schema.json").rename(folder / "inputs.schema.json")
    document = _one(folder)
    assert document.contract.input_schema == "{}"
    codes = {finding.code: finding for finding in document.findings}
    assert set(codes) == {"ACTION_FOLDER_FILE_MISSING", "ACTION_FOLDER_FILE_UNKNOWN"}
    assert "`input.schema.json`" in codes["ACTION_FOLDER_FILE_UNKNOWN"].message


@pytest.mark.parametrize("text", ["[]", '{"type": "object",}', "", "type: object"])
def test_a_contract_that_is_none_is_shown_in_its_file(folder: Path, text: str) -> None:
    """Faults of a schema's JSON name the schema's file."""
    (folder / "output.schema.json").write_text(text, encoding="utf-8")
    assert _refused(folder).place.file == str(folder / "output.schema.json")


def test_a_file_that_is_no_text_is_refused(folder: Path) -> None:
    """Bytes that are not UTF-8 are said with their offset."""
    (folder / "success.vm").write_bytes(b"ab\xff")
    assert "byte 2 is not UTF-8" in _refused(folder).message
