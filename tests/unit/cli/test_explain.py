"""`jackfield explain`: files, standard input, codes; text and JSON; exit codes."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from support.command_line import Commands, in_a_process
from support.explain_post import PASSWORD, POST, TOKEN


@pytest.fixture
def post(tmp_path: Path) -> str:
    """The founding post as a file."""
    path = tmp_path / "post.txt"
    path.write_text(POST, encoding="utf-8")
    return str(path)


def test_a_file_is_explained(commands: Commands, post: str) -> None:
    """Pieces, causes, the corrected request in four forms, next steps, secrets."""
    outcome = commands("explain", post)
    assert (outcome.code, outcome.err) == (0, "")
    for words in ("Seen", "Cause: ", "Paste artefact: ", "CREDENTIALS_BARE_INFO", "curl -X PUT", "Next"):
        assert words in outcome.out
    for words in ("put_integration_config_current(", "putIntegrationConfigCurrent(", "Leaked "):
        assert words in outcome.out
    assert PASSWORD not in outcome.out
    assert TOKEN not in outcome.out


def test_json_is_one_document(commands: Commands, post: str) -> None:
    """Everything that the text says, as members; each form written out."""
    document = commands("explain", post, "--json").document
    assert document["ok"] is True
    assert document["findings"][0]["code"] == "CREDENTIALS_BARE_INFO"
    assert document["findings"][0]["rank"] == "cause"
    assert set(document["corrections"][0]["forms"]) == {"http", "curl", "python", "javascript"}
    assert document["question"]["assumed"] == "custom-rest-actions"
    assert [one["kind"] for one in document["secrets_seen"]] == ["password", "bearer token"]


def test_the_type_settles_the_question(commands: Commands, post: str) -> None:
    """`--type` leaves nothing open."""
    document = commands("explain", post, "--type", "premium-app-example", "--json").document
    assert document["question"] is None


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ("http", "PUT https://"),
        ("curl", "--data-raw"),
        ("python", "body = {"),
        ("javascript", "const body = {"),
    ],
)
def test_one_form_is_written_out(commands: Commands, post: str, form: str, words: str) -> None:
    """`--as` writes the whole program."""
    assert words in commands("explain", post, "--as", form).out


@pytest.mark.parametrize(
    ("typed", "arguments", "settled"),
    [("premium-app-example\n", (), True), ("\n", (), True), ("", ("--no-input",), False)],
)
def test_an_open_question_is_asked_on_a_terminal(
    commands: Commands,
    post: str,
    monkeypatch: pytest.MonkeyPatch,
    typed: str,
    arguments: tuple[str, ...],
    settled: bool,
) -> None:
    """On a terminal the type is asked for; the answer, or the default, leaves nothing open."""
    keyboard = io.StringIO(typed)
    monkeypatch.setattr(keyboard, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stdin", keyboard)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    outcome = commands("explain", post, *arguments)
    assert outcome.code == 0
    assert ("\nOpen " not in outcome.out) is settled
    assert ("Of which type" in outcome.err) is settled


def test_standard_input_is_read() -> None:
    """`-` and no argument read what is piped in."""
    text = "PUT https://api.mypurecloud.com/api/v2/integrations/1/config/current\n\n{}"
    for arguments in (["explain", "-"], ["explain"]):
        outcome = in_a_process(*arguments, stdin=text)
        assert outcome.code == 0
        assert "MEMBER_MISSING" in outcome.out


def test_method_and_path_name_the_request_of_a_body(
    commands: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bare body is checked as what the options say it is."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b'{"intendedState": "ON"}')))
    outcome = commands("explain", "-", "--method", "PATCH", "--path", "/api/v2/integrations/x", "--json")
    assert outcome.document["findings"][0]["code"] == "INTENDED_STATE_UNKNOWN"


def test_a_test_result_points_into_its_action(commands: Commands, tmp_path: Path) -> None:
    """`--action` gives the place in the action's file."""
    failed = {"message": "Variable $a has not been set at successTemplate[line 1, column 1]"}
    result = {"operations": [{"name": "x", "success": False, "error": failed}], "success": False}
    action = {"config": {"response": {"successTemplate": "${a}"}}}
    for name, value in (("result.json", result), ("action.json", action)):
        (tmp_path / name).write_text(json.dumps(value), encoding="utf-8")
    arguments = (
        "explain",
        str(tmp_path / "result.json"),
        "--action",
        str(tmp_path / "action.json"),
        "--json",
    )
    assert commands(*arguments).document["findings"][0]["pointer"] == "/config/response/successTemplate"


@pytest.mark.parametrize("spelling", ["CREDENTIALS_BARE_INFO", "credentials-bare-info"])
def test_a_code_prints_its_entry(commands: Commands, spelling: str) -> None:
    """What is no file is looked up in the catalogue, in any spelling."""
    outcome = commands("explain", spelling)
    assert outcome.code == 0
    assert outcome.out.startswith("CREDENTIALS_BARE_INFO: ")
    entry = commands("explain", spelling, "--json").document["entry"]
    assert (entry["code"], entry["doc"]) == (
        "CREDENTIALS_BARE_INFO",
        "docs/findings.md#credentials_bare_info",
    )


def test_a_file_comes_before_a_code(
    commands: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that is called like a code is a file."""
    (tmp_path / "SLOT_UNKNOWN").write_text(POST, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert "Seen " in commands("explain", "SLOT_UNKNOWN").out


def test_a_mistyped_code_leads_to_the_nearest(commands: Commands) -> None:
    """Neither a file nor a code: exit 3, and what was likely meant."""
    outcome = commands("explain", "SLOT_UNKNWON", "--json")
    assert outcome.code == 3
    assert outcome.finding["code"] == "EXPLAIN_WHAT"
    assert "SLOT_UNKNOWN" in outcome.finding["fix"]


def test_nothing_recognized_is_a_failure(commands: Commands, tmp_path: Path) -> None:
    """A text without anything of the API: exit 1, and what would be taken."""
    (tmp_path / "a.txt").write_text("good morning", encoding="utf-8")
    outcome = commands("explain", str(tmp_path / "a.txt"), "--json")
    assert (outcome.code, outcome.finding["code"]) == (1, "NOTHING_RECOGNIZED")


def test_an_unknown_type_is_a_usage_error(commands: Commands, post: str) -> None:
    """`--type` takes the id of an integration type."""
    outcome = commands("explain", post, "--type", "custom-rest-action", "--json")
    assert (outcome.code, outcome.finding["code"]) == (3, "INTEGRATION_TYPE_UNKNOWN")
    assert "custom-rest-actions" in outcome.finding["fix"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "cp1252", "latin-1"])
def test_any_encoding_is_read(commands: Commands, tmp_path: Path, encoding: str) -> None:
    """What Windows programs write is read too."""
    path = tmp_path / "a.txt"
    path.write_bytes(f"Grüße\n{POST}".encode(encoding))
    assert "CREDENTIALS_BARE_INFO" in commands("explain", str(path)).out


def test_an_unreadable_file_is_refused(commands: Commands, tmp_path: Path) -> None:
    """A folder is no text."""
    outcome = commands("explain", str(tmp_path), "--json")
    assert (outcome.code, outcome.finding["code"]) == (3, "FILE_UNREADABLE")


def test_sharing_hides_ids(commands: Commands, post: str) -> None:
    """`--share` leaves no id."""
    assert "5b0e7a52" not in commands("explain", post, "--share").out
    assert "5b0e7a52" in commands("explain", post).out
