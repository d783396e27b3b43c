"""Writing the forms: what exported files look like, and what is not overwritten."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from jackfield.domain.action import ActionConfig, Contract, RequestConfig, ResponseConfig
from jackfield.domain.errors import OperationRefused
from jackfield.workbench.documents import ActionDocument, Origin
from jackfield.workbench.forms.writing import file_name, json_of, notes, write
from support.action_documents import nowhere

DOCUMENT = ActionDocument(
    name="Get order / état",
    integration_type="custom-rest-actions",
    action_type="custom",
    category="Orders",
    config=ActionConfig(RequestConfig("https://a/", "GET"), ResponseConfig(), 20),
    contract=Contract('{\n  "maximum": 1.00\n}', "{}"),
    secure=True,
    origin=Origin(Path("a.json"), "api", nowhere),
    integration_id="i-1",
)


def test_an_exported_file_has_the_members_of_one_in_their_order() -> None:
    """Plain exports have what the user interface writes, and numbers keep their digits."""
    text = json_of(DOCUMENT, "export", plain=True)
    whole = json.loads(text)
    assert list(whole) == ["name", "integrationType", "actionType", "config", "contract", "secure"]
    assert list(whole["config"]["request"]) == [
        "requestUrlTemplate",
        "requestType",
        "headers",
        "requestTemplate",
    ]
    assert "1.00" in text
    assert text.endswith("}\n")


def test_a_plain_body_of_the_api_can_be_posted() -> None:
    """Plain bodies have what the API takes and nothing else."""
    whole = json.loads(json_of(DOCUMENT, "api", plain=True))
    assert list(whole) == ["name", "category", "integrationId", "config", "contract", "secure"]


@pytest.mark.parametrize(
    ("form", "action_type", "name"),
    [
        ("export", "custom", "Get-order-état.custom.json"),
        ("export", "customAuth", "Get-order-état.customAuth.json"),
        ("api", "custom", "Get-order-état.json"),
        ("folder", "custom", "Get-order-état"),
    ],
)
def test_files_are_named_as_exports_are(form: str, action_type: str, name: str) -> None:
    """Blanks and slashes become dashes; the ending tells the form."""
    document = replace(DOCUMENT, action_type=action_type)  # type: ignore[arg-type]
    assert file_name(document, form) == name  # type: ignore[arg-type]


def test_a_name_without_letters_gives_a_file_all_the_same() -> None:
    """Nothing but signs is called action."""
    assert file_name(replace(DOCUMENT, name="../.."), "api") == "action.json"


def test_nothing_is_overwritten_unasked(tmp_path: Path) -> None:
    """A second writing is refused before any file is touched, unless it is forced."""
    write(DOCUMENT, tmp_path / "a", "folder")
    (tmp_path / "a" / "action.yaml").unlink()
    with pytest.raises(OperationRefused) as refusal:
        write(replace(DOCUMENT, name="Other"), tmp_path / "a", "folder")
    assert refusal.value.findings[0].code == "ACTION_FILE_EXISTS"
    assert not (tmp_path / "a" / "action.yaml").exists()
    assert len(write(DOCUMENT, tmp_path / "a", "folder", overwrite=True)) == 6


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """A file where a folder should be is said."""
    (tmp_path / "a").write_text("", encoding="utf-8")
    with pytest.raises(OperationRefused) as refusal:
        write(DOCUMENT, tmp_path / "a" / "b.json", "api")
    assert refusal.value.findings[0].code == "ACTION_FILE_UNWRITABLE"


def test_the_writer_tells_what_is_more_and_what_is_less_than_the_form() -> None:
    """Exports have no category; bodies of the API need an integration's id."""
    bare = replace(DOCUMENT, integration_id="", category="", integration_type="")
    assert [one.code for one in notes(DOCUMENT, "export")] == ["ACTION_FORM_BEYOND"]
    assert notes(DOCUMENT, "export", plain=True) == ()
    assert notes(DOCUMENT, "folder") == ()
    assert [one.code for one in notes(bare, "api")] == ["ACTION_FORM_LACKS", "ACTION_FORM_LACKS"]
    assert [one.code for one in notes(bare, "export")] == ["ACTION_FORM_LACKS"]
