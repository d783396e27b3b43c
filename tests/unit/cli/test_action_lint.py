"""`jackfield action lint`: what it prints, what it writes, how it ends."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from jackfield.rules.lint.examples import EXAMPLES
from jackfield.rules.lint.examples.sketches import USUAL, exported
from jackfield.workbench.forms import load, write
from support.command_line import Commands
from support.lint_actions import document

ROOT = Path(__file__).parents[3]
BAD = EXAMPLES["JSON_INPUT_UNESCAPED"].bad_action()
REFUSED = EXAMPLES["INPUT_NAME_RESERVED"].bad_action()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a right action and one that could break."""
    monkeypatch.chdir(tmp_path)
    save("right.custom.json", exported(USUAL))
    save("wrong.custom.json", BAD)
    return tmp_path


def save(name: str, action: dict[str, Any]) -> None:
    """Write an exported file into the working folder."""
    Path(name).write_text(json.dumps(action, indent=2) + "\n", encoding="utf-8")


def test_findings_stand_on_lines_that_editors_read(commands: Commands, folder: Path) -> None:
    """File, line, column, severity, sentence, code; below it the caret and what to do; counts elsewhere."""
    outcome = commands("action", "lint", ".")
    assert outcome.code == 0
    lines = outcome.out.splitlines()
    assert re.fullmatch(r"wrong\.custom\.json:\d+:\d+: warning: `note` .* \[JSON_INPUT_UNESCAPED\]", lines[0])
    assert lines[2].strip() == "^" * len("${input.note}")
    assert lines[3].strip().endswith("(--fix does it)")
    assert "0 errors, 1 warning, 0 notes in 2 actions" in outcome.err
    assert "1 finding can be mended with --fix" in outcome.err


def test_errors_end_with_seven(commands: Commands, folder: Path) -> None:
    """So do warnings with --strict, unless they are left out."""
    assert commands("action", "lint", ".", "--strict").code == 7
    assert commands("action", "lint", ".", "--strict", "--ignore", "json_input_unescaped").code == 0
    save("refused.custom.json", REFUSED)
    assert commands("action", "lint", "refused.custom.json").code == 7


def test_a_dry_run_shows_and_does_not_write(commands: Commands, folder: Path) -> None:
    """A unified diff on standard output, and the findings as they are."""
    before = Path("wrong.custom.json").read_bytes()
    outcome = commands("action", "lint", ".", "--dry-run")
    assert outcome.out.startswith("--- wrong.custom.json\n+++ ")
    assert "JSON_INPUT_UNESCAPED" in outcome.out
    assert "1 finding would be mended in 1 file" in outcome.err
    assert Path("wrong.custom.json").read_bytes() == before
    assert commands("action", "lint", ".", "--fix", "--dry-run").out == outcome.out


def test_fix_writes_and_shows(commands: Commands, folder: Path) -> None:
    """Afterwards the finding is gone; the right file was not touched; again there is nothing to do."""
    right = Path("right.custom.json")
    stamp = right.stat().st_mtime_ns
    outcome = commands("action", "lint", ".", "--fix")
    assert outcome.code == 0
    assert "+++ wrong.custom.json (mended)" in outcome.out
    assert "[JSON_INPUT_UNESCAPED]" not in outcome.out
    assert right.stat().st_mtime_ns == stamp
    again = commands("action", "lint", ".", "--fix")
    assert (again.code, again.out) == (0, "")
    assert "nothing to mend" in again.err


def test_json(commands: Commands, folder: Path) -> None:
    """--json and --format json print the same one document."""
    document_ = commands("action", "lint", ".", "--json").document
    assert document_ == commands("action", "lint", ".", "--format", "json").document
    assert document_["schema_version"] == 1
    assert (document_["ok"], document_["actions"], document_["warnings"]) == (True, 2, 1)
    (finding,) = document_["findings"]
    assert finding["fixable"] is True
    assert finding["file"] == "wrong.custom.json"
    mended = commands("action", "lint", ".", "--fix", "--json").document
    assert (mended["mended"], mended["written"], mended["findings"]) == (1, True, [])
    assert mended["changes"][0]["diff"].startswith("---")


def test_sarif(commands: Commands, folder: Path) -> None:
    """Standard output is the log and nothing else, also where files are mended."""
    log = json.loads(commands("action", "lint", ".", "--format", "sarif").out)
    (result,) = log["runs"][0]["results"]
    artifact = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert artifact == {"uri": "wrong.custom.json", "uriBaseId": "%SRCROOT%"}
    fixed = commands("action", "lint", ".", "--format", "sarif", "--fix")
    assert json.loads(fixed.out)["runs"][0]["results"] == []
    assert "+++ wrong.custom.json" in fixed.err


def test_sarif_is_not_the_one_document(commands: Commands, folder: Path) -> None:
    """Both cannot stand on standard output."""
    outcome = commands("action", "lint", ".", "--format", "sarif", "--json")
    assert outcome.code == 3
    assert outcome.finding["code"] == "USAGE_REFUSED"


def test_files_that_are_no_whole_action_are_findings(commands: Commands, folder: Path) -> None:
    """A broken file does not hide the others; it is an error with its place."""
    Path("broken.custom.json").write_text('{"name": "x", "config": {"request": 5}}', encoding="utf-8")
    outcome = commands("action", "lint", ".")
    assert outcome.code == 7
    assert "broken.custom.json:1:" in outcome.out
    assert "JSON_INPUT_UNESCAPED" in outcome.out
    assert commands("action", "lint", ".", "--fix").code == 7
    assert "jsonEncode" in Path("wrong.custom.json").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((), 3),
        (("nowhere.json",), 3),
        (("empty",), 3),
        ((".", "--ignore", "NO_SUCH_CODE"), 3),
        ((".", "--directives", "perhaps"), 3),
        ((".", "--var", "x"), 3),
    ],
)
def test_nothing_to_look_at(commands: Commands, folder: Path, arguments: tuple[str, ...], code: int) -> None:
    """It says so, with or without --json."""
    Path("empty").mkdir()
    assert commands("action", "lint", *arguments).code == code
    failed = commands("action", "lint", *arguments, "--format", "json")
    assert failed.code == code
    assert commands("action", "lint", *arguments, "--json").document["ok"] is False


def test_a_mistyped_code_names_the_nearest(commands: Commands, folder: Path) -> None:
    """The code that was meant is named."""
    assert "JSON_INPUT_UNESCAPED" in commands("action", "lint", ".", "--ignore", "JSON_INPUT_UNESCAPE").err


def test_a_part_of_a_folder_stands_for_the_action(commands: Commands, folder: Path) -> None:
    """Hooks name the files that changed: the action is looked at once."""
    write(document(BAD), Path("order"), "folder")
    outcome = commands("action", "lint", "order/request.vm", "order/action.yaml", "order", "--json")
    assert (outcome.document["actions"], outcome.document["warnings"]) == (1, 1)


def test_terraform_is_reported_not_rewritten(commands: Commands, folder: Path) -> None:
    """It says how many could be mended and why they are not."""
    Path("tf").mkdir()
    text = """resource "genesyscloud_integration_action" "x" {
  name = "x"
  category = "y"
  integration_id = "z"
  contract_input = jsonencode({type = "object", properties = {q = {type = "string"}}, required = ["q"]})
  contract_output = jsonencode({type = "object", properties = {a = {type = "string"}}})
  config_request {
    request_url_template = "https://api.example.com/?q=$${input.q}"
    request_type = "GET"
  }
}
"""
    Path("tf/main.tf").write_text(text, encoding="utf-8")
    outcome = commands("action", "lint", "--terraform", "tf", "--fix")
    assert re.search(r"main\.tf:8:\d+: warning", outcome.out)
    assert "reported, not rewritten" in outcome.err
    assert Path("tf/main.tf").read_text(encoding="utf-8") == text


def test_switches_reach_the_rules(commands: Commands, folder: Path) -> None:
    """What is not known of the cloud is the user's choice."""
    save("loop.custom.json", EXAMPLES["DIRECTIVE_UNPROVEN"].bad_action())
    save("null.custom.json", EXAMPLES["OPTIONAL_INPUT_PRINTED"].bad_action())
    assert commands("action", "lint", "loop.custom.json", "--directives", "deny").code == 7
    allowed = commands("action", "lint", "loop.custom.json", "--directives", "allow")
    assert "DIRECTIVE_UNPROVEN" not in allowed.out
    assert commands("action", "lint", "null.custom.json", "--null-formal", "error").code == 7
    assert commands("action", "lint", "null.custom.json").code == 0


def test_rules_can_be_listed(commands: Commands) -> None:
    """Each with severity, grade, and whether it can be mended."""
    rules = commands("action", "lint", "--rules", "--json").document["rules"]
    assert commands("action", "lint", "--rules", "--format", "json").document["rules"] == rules
    assert len(commands("action", "lint", "--rules").out.splitlines()) == len(rules) + 1
    assert [rule["code"] for rule in rules] == list(EXAMPLES)
    assert {"code": "URL_FRAGMENT", "severity": "warning", "grade": "inferred", "fixable": False,
            "title": "Fragment in the URL"} in rules  # fmt: skip


def test_the_hooks_name_commands_that_there_are(commands: Commands, folder: Path) -> None:
    """Each hook's entry runs on what its pattern matches, and on nothing else."""
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert [hook["id"] for hook in hooks] == ["jackfield-action-lint", "jackfield-action-lint-fix"]
    write(document(exported(USUAL)), Path("order"), "folder")
    wanted = [str(path.relative_to(folder)) for path in Path("order").resolve().iterdir()]
    for hook in hooks:
        pattern = re.compile(hook["files"])
        assert all(pattern.search(name) for name in [*wanted, "right.custom.json", "x.customAuth.json"])
        assert not any(pattern.search(name) for name in ["order/tests/first.yaml", "package.json", "x.vm"])
        program, *arguments = hook["entry"].split()
        assert program == "jackfield"
        assert commands(*arguments, *wanted, "right.custom.json").code == 0
    assert load(Path("order"))
