"""`jackfield action new` and `jackfield action convert`: files in, files out, no server."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from support.command_line import Commands

REPLY = {"order": {"id": 17, "state": "open", "note": None}}
TERRAFORM = """variable "host" {}
resource "genesyscloud_integration_action" "get" {
  name            = "Get order"
  category        = "Orders"
  integration_id  = "i-1"
  contract_input  = jsonencode({ type = "object" })
  contract_output = jsonencode({ type = "object" })
  config_request {
    request_url_template = "https://${var.host}/$${input.id}"
    request_type         = "GET"
  }
}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a sample of a reply."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "reply.json").write_text(json.dumps(REPLY), encoding="utf-8")
    (tmp_path / "tf").mkdir()
    (tmp_path / "tf" / "main.tf").write_text(TERRAFORM, encoding="utf-8")
    return tmp_path


def test_new_writes_an_action_and_says_what_comes_next(commands: Commands, folder: Path) -> None:
    """Files are listed on standard output; notes and the next command stand on standard error."""
    outcome = commands(
        "action", "new", "Get order", "--from-sample", "reply.json", "--request", "GET https://a/{id}"
    )
    assert outcome.code == 0
    assert outcome.out.splitlines()[0] == "Get-order/action.yaml"
    assert "NEW_VALUE_LEFT_OUT" in outcome.err
    assert "Next: jackfield action test Get-order" in outcome.err
    assert (folder / "Get-order" / "url.vm").read_text(
        encoding="utf-8"
    ) == "https://a/$esc.uriEncode(${input.id})\n"
    assert commands("action", "test", "Get-order").code == 0


def test_new_without_a_request_says_where_the_url_belongs(commands: Commands, folder: Path) -> None:
    """The URL is a placeholder, and the message names its file."""
    outcome = commands("action", "new", "x", "--from-sample", "reply.json", "--out", "made")
    assert "Next: write the URL into made/url.vm" in outcome.err
    assert (folder / "made" / "tests" / "first.yaml").is_file()


def test_new_takes_a_request_from_a_file(commands: Commands, folder: Path) -> None:
    """A whole HTTP request in a file is read; the document lists inputs and outputs."""
    (folder / "request.http").write_text('POST https://a/\n\n{"id": "{id:integer}"}', encoding="utf-8")
    arguments = [
        "--from-sample",
        "reply.json",
        "--request",
        "request.http",
        "--integration-type",
        "zendesk-data-actions",
    ]
    outcome = commands("action", "new", "x", *arguments, "--json")
    assert outcome.document["inputs"] == ["id"]
    assert outcome.document["integration_type"] == "zendesk-data-actions"
    assert [one["name"] for one in outcome.document["outputs"]] == ["orderId", "orderState"]


def test_new_reads_the_sample_from_standard_input(
    commands: Commands, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`-` takes what is piped in."""
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b'{"a": 1}')))
    assert commands("action", "new", "x", "--from-sample", "-").code == 0
    assert (folder / "x" / "success.vm").read_text(encoding="utf-8") == '{\n  "a": ${a}\n}\n'


def test_convert_prints_one_action(commands: Commands, folder: Path) -> None:
    """Without --out the text goes to standard output, what the form lacks to standard error."""
    commands("action", "new", "Get order", "--from-sample", "reply.json")
    outcome = commands("action", "convert", "Get-order", "--to", "api", "--category", "Orders")
    whole = json.loads(outcome.out)
    assert (whole["name"], whole["category"]) == ("Get order", "Orders")
    assert "ACTION_FORM_LACKS" in outcome.err


def test_convert_goes_round_without_loss(commands: Commands, folder: Path) -> None:
    """Folder to export to API form and back: the same files."""
    commands("action", "new", "Get order", "--from-sample", "reply.json")
    for source, form, out in (
        ("Get-order", "export", "a.custom.json"),
        ("a.custom.json", "api", "a.json"),
        ("a.json", "folder", "back"),
    ):
        assert commands("action", "convert", source, "--to", form, "--out", out).code == 0
    for name in (
        "url.vm",
        "request.vm",
        "success.vm",
        "input.schema.json",
        "output.schema.json",
        "action.yaml",
    ):
        assert (folder / "back" / name).read_bytes() == (folder / "Get-order" / name).read_bytes()


def test_convert_gives_each_of_several_a_file(commands: Commands, folder: Path) -> None:
    """A folder of actions becomes a folder of exports, and the document tells from where to where."""
    for name in ("One", "Two"):
        commands("action", "new", name, "--from-sample", "reply.json", "--out", f"all/{name}")
    outcome = commands("action", "convert", "all", "--to", "export", "--out", "exports", "--json")
    assert [row["files"] for row in outcome.document["actions"]] == [
        ["exports/One.custom.json"],
        ["exports/Two.custom.json"],
    ]
    again = commands("action", "convert", "all", "--to", "export", "--out", "exports", "--json")
    assert (again.code, again.finding["code"]) == (3, "ACTION_FILE_EXISTS")
    assert commands("action", "convert", "all", "--to", "export", "--out", "exports", "--force").code == 0


def test_convert_reads_terraform(commands: Commands, folder: Path) -> None:
    """Terraform's configuration is read with the variables that are given."""
    outcome = commands("action", "convert", "--terraform", "tf", "--var", "host=b", "--to", "api", "--json")
    assert outcome.document["content"]["config"]["request"]["requestUrlTemplate"] == "https://b/${input.id}"
    refused = commands("action", "convert", "--terraform", "tf", "--to", "api", "--json")
    assert refused.code == 3
    assert (refused.finding["code"], refused.finding["line"]) == ("TERRAFORM_UNRESOLVED", 9)
    assert refused.finding["file"] == "tf/main.tf"


def test_convert_reads_a_plan(commands: Commands, folder: Path) -> None:
    """A file that is no plan is refused with what makes one."""
    refused = commands("action", "convert", "--plan", "reply.json", "--to", "api", "--json")
    assert (refused.code, refused.finding["code"]) == (3, "PLAN_UNREADABLE")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--to", "api"], "Nothing is named"),
        (["--terraform", "tf", "--var", "host", "--to", "api"], "--var takes NAME=VALUE"),
        (["--terraform", "tf", "--var", "host=b", "--to", "folder"], "need a place"),
        (["twins", "--to", "export", "--out", "o"], "exists already"),
        (["reply.json", "absent.json", "--to", "api"], "absent.json"),
    ],
)
def test_convert_says_what_is_wrong_with_the_command(
    commands: Commands, folder: Path, arguments: list[str], words: str
) -> None:
    """Exit code 3 and a finding; all unreadable paths are named in one go."""
    for place in ("a", "b"):
        commands("action", "new", "Same", "--from-sample", "reply.json", "--out", f"twins/{place}")
    outcome = commands("action", "convert", *arguments)
    assert outcome.code == 3
    assert words in " ".join(outcome.err.split())
