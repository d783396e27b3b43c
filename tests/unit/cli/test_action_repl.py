"""`jackfield action repl`."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from support.command_line import Commands, Outcome, in_a_process
from support.sample_actions import TEXT, exported

ACTION = exported(
    "https://s.example.com/${input.id}",
    headers={"X-Key": "${credentials.key}"},
    paths={"state": "$.state"},
    success='{"state": ${state}}',
    inputs={"id": TEXT},
)
REPLY = '{"state": "open", "items": [{"sku": "a"}, {"sku": "b"}]}'
Repl = Callable[..., Outcome]


@pytest.fixture
def repl(commands: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repl:
    """Runs lines against the action above."""
    monkeypatch.chdir(tmp_path)
    Path("a.custom.json").write_text(json.dumps(ACTION))
    Path("reply.json").write_text(REPLY)

    def run(*lines: str, options: tuple[str, ...] = ("a.custom.json", "--response", "reply.json")) -> Outcome:
        monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
        return commands("action", "repl", *options)

    return run


@pytest.mark.parametrize(
    ("line", "out"),
    [
        ("$.state", '"open"'),
        ("$.items[*].sku", '["a","b"]'),
        ("$['state']", '"open"'),
        ("$", REPLY.replace(": ", ":").replace(", ", ",")),
        ("${state}", '"open"'),
        ('{"x": ${state}}', '{"x": "open"}'),
        ("$math.add(1, 2)", "3"),
        ("Key ${credentials.key}", "Key ********"),
        ("plain text", "plain text"),
    ],
)
def test_a_line_is_a_path_or_template_text(repl: Repl, line: str, out: str) -> None:
    """Paths read the reply, templates see input, credentials and variables; secrets are masked."""
    outcome = repl(line)
    assert (outcome.code, outcome.out) == (0, f"{out}\n")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("${stat}", "Write `$state`"),
        ("#if(", "TEMPLATE_NOT_RENDERED"),
        ("$.items[?(", "The filter is not closed"),
        (":nope", ":help, :vars"),
        (":map x", ":map NAME PATH"),
        (":input [1]", "The input is no object"),
        (":input {", "JSON_"),
        (":reply no.json", "REPLY_UNREADABLE"),
        (":input no.json", "FILE_UNREADABLE"),
    ],
)
def test_what_cannot_be_done_is_told_and_the_session_goes_on(repl: Repl, line: str, words: str) -> None:
    """The finding has its caret where it has a place; piped lines end with exit code 7."""
    outcome = repl(line, "after")
    assert words in outcome.out
    assert outcome.out.endswith("after\n")
    assert outcome.code == 7


def test_what_lines_see_can_be_changed(repl: Repl) -> None:
    """Another input, another reply, another variable; a path that finds nothing is no fault."""
    outcome = repl(
        ':input {"id": "7 8"}',
        "$esc.uriEncode($input.id)",
        ":map first $.items[0].sku",
        "${first}",
        ':reply {"state": "new"}',
        "${state}",
        "$.items",
        ":quit",
        "never",
    )
    assert outcome.code == 0
    shown = outcome.out.splitlines()
    assert shown[:3] == ["7%208", '"a"', '"new"']
    assert shown[3].startswith("nothing there:")
    assert "never" not in outcome.out


def test_lines_go_on_behind_a_backslash(repl: Repl) -> None:
    """A template of several lines is one template, also where the end is missing."""
    assert repl("#if(1 == 1)\\", "yes\\", "#end").out == "yes\n\n"
    assert repl("a\\").out == "a\n"


def test_variables_are_listed(repl: Repl) -> None:
    """With their values, tools left out, secrets masked; help says what there is."""
    outcome = repl(":vars", ":help")
    assert '$state = "open"' in outcome.out
    assert '$credentials = {"key":"********"}' in outcome.out
    assert "$esc" not in outcome.out
    assert ":map NAME PATH" in outcome.out


def test_a_broken_map_is_told(repl: Repl) -> None:
    """Templates need the whole translation map; paths do not."""
    outcome = repl(":map x $.a[?(", "text", ":vars", "$.state")
    assert "TRANSLATION_PATH_FAILED" in outcome.out
    assert '"open"' in outcome.out


def test_one_document(repl: Repl) -> None:
    """With --json there is one document, with an entry for each line."""
    outcome = repl("$.state", "${nope}", ":vars", options=("a.custom.json", "--json"))
    path, template, variables = outcome.document["lines"]
    assert (path["kind"], path["type"], template["kind"], template["text"]) == (
        "path",
        "string",
        "template",
        None,
    )
    assert template["findings"][0]["code"] == "TEMPLATE_VARIABLE_UNSET"
    assert "state" in variables["variables"]
    assert outcome.document["ok"] is False


@pytest.mark.parametrize(
    "options",
    [("--input", "-"), ("a.custom.json", "--response", "-"), ("--credentials", "reply.json"), (".",)],
)
def test_what_is_refused(repl: Repl, options: tuple[str, ...]) -> None:
    """Standard input holds the lines; credentials need an action, and it has to be one."""
    Path("b.custom.json").write_text(json.dumps(ACTION))
    outcome = repl("$", options=options)
    assert outcome.code == 3


def test_without_an_action() -> None:
    """As a process of its own, with nothing but a pipe."""
    outcome = in_a_process("action", "repl", "--response", '{"a": [1, 2]}', stdin="$.a[1]\n$!{nothing}x\n")
    assert (outcome.code, outcome.out.splitlines()[0]) == (7, "2")
