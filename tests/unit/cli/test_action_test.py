"""`jackfield action test`, `render` and `fuzz`."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import pytest

from jackfield.workbench.recorded_service import RecordedService
from jackfield.workbench.watching import Watch
from support.command_line import Commands
from support.sample_actions import TEXT, WHOLE_ACTIONS, exported, login

ACTION = exported(
    "https://s.example.com/c?phone=$esc.uriEncode(${input.phone})",
    name="Lookup",
    headers={"X-Key": "${credentials.key}"},
    paths={"id": "$.entities[0].id", "tier": "$.entities[0].tier"},
    defaults={"tier": '"none"'},
    success='{"id": ${id}, "tier": ${tier}}',
    inputs={"phone": TEXT},
    required=("phone",),
    outputs={"id": TEXT, "tier": TEXT},
)
TESTS = """
tests:
  - name: found
    input: {phone: "1"}
    reply: {body: {entities: [{id: c-1, tier: gold}]}}
    expect: {result: {id: c-1, tier: gold}, snapshot: true}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with an action in it."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "lookup.custom.json", ACTION)
    return tmp_path


def write(path: Path, content: Any) -> None:
    """Write a file; what is no text as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content, indent=1))


def typed(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """Let a text come in on standard input."""
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(text.encode())))


def test_a_trace_of_every_step(commands: Commands, folder: Path) -> None:
    """Without any option everything is made up, and every step is shown with what it produced."""
    outcome = commands("action", "test", "lookup.custom.json")
    assert outcome.code == 0, outcome.err
    assert "made up: input, credentials, reply" in outcome.out
    assert "https://s.example.com/c?phone=%2B12025550123" in outcome.out
    assert "X-Key: ********" in outcome.out
    assert "the reply is made up" in outcome.out
    assert 'tier\tstring\t"Sample tier"\t$.entities[0].tier\tfound' in outcome.out
    assert "11. Validate output against success schema" in outcome.out
    assert outcome.out.endswith("passed\n")


def test_a_failing_step(commands: Commands, folder: Path) -> None:
    """The finding stands below its step with file, line, caret and nearest name; the exit code is 7."""
    text = json.dumps(ACTION, indent=1).replace("${tier}", "${teir}")
    write(folder / "lookup.custom.json", text)
    outcome = commands("action", "test", "lookup.custom.json")
    assert outcome.code == 7
    assert "FAIL 10. Apply output transformation" in outcome.out
    assert "lookup.custom.json:" in outcome.out
    assert "^^^^^" in outcome.out
    assert "Write `$tier`" in outcome.out


def test_one_document(commands: Commands, folder: Path) -> None:
    """With --json the steps are the wire's operations, with the translation beside them."""
    inputs = '{"phone": "1"}'
    outcome = commands("action", "test", "lookup.custom.json", "--input", inputs, "--json")
    document = outcome.document
    (run,) = document["runs"]
    assert (document["ok"], document["total"], document["failed"], outcome.code) == (True, 1, 0, 0)
    assert [one["step"] for one in run["operations"]] == list(range(1, 12))
    assert run["input"] == {"phone": "1"}
    assert run["made_up"] == ["credentials", "reply"]
    assert [row["outcome"] for row in run["translation"]] == ["found", "found"]
    assert run["reply"]["origin"] == "synthesized"


def test_a_given_reply(commands: Commands, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From a file, or from standard input; credentials from a file are masked."""
    write(folder / "reply.json", {"entities": [{"id": "f"}]})
    write(folder / "credentials.yaml", "key: topsecretvalue\n")
    arguments = ("action", "test", "lookup.custom.json", "--input", '{"phone": "1"}')
    outcome = commands(*arguments, "--response", "reply.json", "--credentials", "credentials.yaml")
    assert outcome.code == 0
    assert "made up" not in outcome.out
    assert '{"id": "f", "tier": "none"}' in outcome.out
    assert "nothing there; the default" in outcome.out
    assert "topsecretvalue" not in outcome.out + outcome.err
    typed(monkeypatch, "HTTP/1.1 503 Busy\n\nlater")
    outcome = commands(*arguments, "--response", "-")
    assert (outcome.code, "UPSTREAM_STATUS" in outcome.out) == (7, True)


def test_an_input_from_a_file(commands: Commands, folder: Path) -> None:
    """And one that is no JSON is refused with its place."""
    write(folder / "input.json", {"phone": "from the file"})
    outcome = commands("action", "test", "lookup.custom.json", "--input", "input.json")
    assert "phone=from%20the%20file" in outcome.out
    outcome = commands("action", "test", "lookup.custom.json", "--input", "{phone: 1}", "--json")
    assert outcome.code == 3
    assert outcome.finding["line"] == 1


def test_the_tests_beside_an_action(commands: Commands, folder: Path) -> None:
    """They are run instead; snapshots are taken with --update; a report is written."""
    write(folder / "tests" / "lookup.yaml", TESTS)
    missing = commands("action", "test", "lookup.custom.json")
    assert (missing.code, "TEST_SNAPSHOT_MISSING" in missing.out) == (7, True)
    assert commands("action", "test", ".", "--update").code == 0
    outcome = commands("action", "test", ".", "--junit", "report.xml")
    assert outcome.out.splitlines()[1:] == ["  ok   found", "passed"]
    assert outcome.code == 0
    assert 'tests="1" failures="0"' in (folder / "report.xml").read_text()
    document = commands("action", "test", "tests/lookup.yaml", "--json").document
    assert document["tests"][0]["passed"] is True
    assert commands("action", "test", "tests/lookup.yaml", "--trace").out.count("Execute") == 1


def test_a_folder_with_untested_actions(commands: Commands, folder: Path) -> None:
    """What has tests is tested with them, everything else with everything made up."""
    write(folder / "tests" / "lookup.yaml", TESTS.replace(", snapshot: true", ""))
    write(folder / "other.custom.json", WHOLE_ACTIONS["escaped body"])
    write(folder / "tests" / "lookup.yaml", f"action: ../lookup.custom.json\n{TESTS}")
    commands("action", "test", ".", "--update")
    outcome = commands("action", "test", ".", "--json")
    assert (outcome.document["total"], outcome.code) == (2, 0)
    assert len(outcome.document["runs"]) == 1


def test_snapshots_need_tests(commands: Commands, folder: Path) -> None:
    """Without a test file there are none to be taken anew."""
    outcome = commands("action", "test", "lookup.custom.json", "--update", "--json")
    assert outcome.finding["code"] == "TEST_NOTHING_FOUND"


def test_reports_of_tests_and_runs(commands: Commands, folder: Path) -> None:
    """Build servers get a line for each test and each untested action; code hosts get findings at lines."""
    write(folder / "broken.custom.json", json.dumps(ACTION, indent=1).replace("${tier}", "${teir}"))
    write(
        folder / "tests" / "lookup.yaml", "action: ../lookup.custom.json\n" + TESTS.replace("gold", "tin", 1)
    )
    outcome = commands("action", "test", ".", "--junit", "out/junit.xml", "--sarif", "out/x.sarif")
    assert outcome.code == 7
    cases = [*ElementTree.parse(folder / "out" / "junit.xml").getroot().iter("testcase")]
    assert [(one.get("name"), one.get("file")) for one in cases] == [
        ("found", "tests/lookup.yaml"),
        ("runs through", "broken.custom.json"),
    ]
    (run,) = json.loads((folder / "out" / "x.sarif").read_text())["runs"]
    assert run["automationDetails"]["id"] == "jackfield/action-test/"
    told = {
        (one["ruleId"], place["physicalLocation"]["artifactLocation"]["uri"])
        for one in run["results"]
        for place in one["locations"]
    }
    assert ("TEST_EXPECTATION_UNMET", "tests/lookup.yaml") in told
    assert ("TEMPLATE_VARIABLE_UNSET", "broken.custom.json") in told


def test_a_failed_call_is_reported_at_its_action(commands: Commands, folder: Path) -> None:
    """A finding that has no line of its own points at the file that was tested."""
    write(folder / "reply.http", "HTTP/1.1 500 Oops\n\n{}")
    commands("action", "test", "lookup.custom.json", "--response", "reply.http", "--sarif", "x.sarif")
    (result,) = json.loads((folder / "x.sarif").read_text())["runs"][0]["results"]
    assert result["ruleId"] == "UPSTREAM_STATUS"
    location = result["locations"][0]["physicalLocation"]
    assert location["artifactLocation"]["uri"] == "lookup.custom.json"


def test_a_real_call_recorded_and_replayed(commands: Commands, folder: Path) -> None:
    """The replay needs no service; a changed input is a near miss."""
    with RecordedService() as service:
        service.answer("GET", "/c?phone=1", {"entities": [{"id": "live"}]})
        write(folder / "live.custom.json", json.dumps(ACTION).replace("https://s.example.com", service.url))
        write(folder / "c.yaml", "key: abcdefghijk\n")
        arguments = ("action", "test", "live.custom.json", "--credentials", "c.yaml", "--input")
        recorded = commands(*arguments, '{"phone": "1"}', "--record", "tapes")
        assert (recorded.code, "really answered" in recorded.out) == (0, True), recorded.out
    replayed = commands(*arguments, '{"phone": "1"}', "--replay", "tapes")
    assert (replayed.code, "is a recording" in replayed.out) == (0, True)
    missed = commands(*arguments, '{"phone": "2"}', "--replay", "tapes")
    assert (missed.code, "differs in URL" in missed.out) == (7, True)
    assert "`--live --record tapes`" in missed.out


def test_stubs_of_the_platform(commands: Commands, folder: Path) -> None:
    """An action on the platform is answered from a folder."""
    write(folder / "me.custom.json", exported("/api/v2/users/me", kind="purecloud-data-actions"))
    write(folder / "stubs/api/v2/users/me/GET.json", {"name": "Anna"})
    outcome = commands("action", "test", "me.custom.json", "--platform", "stub:stubs")
    assert (outcome.code, '{"name": "Anna"}' in outcome.out) == (0, True)


def test_an_address_alone_is_not_called(commands: Commands, folder: Path) -> None:
    """It is said that only --live calls it."""
    write(folder / "me.custom.json", exported("/api/v2/users/me", kind="purecloud-data-actions"))
    outcome = commands("action", "test", "me.custom.json", "--platform", "http://127.0.0.1:9")
    assert outcome.code == 0
    assert "nothing is sent to http://127.0.0.1:9; --live calls it" in outcome.err


def test_a_login_has_its_own_trace(commands: Commands, folder: Path) -> None:
    """The login beside the action is run first and shown."""
    write(folder / "with.custom.json", WHOLE_ACTIONS["with a login"])
    write(folder / "service.customAuth.json", login("${credentials.loginUrl}"))
    outcome = commands("action", "test", "with.custom.json")
    assert outcome.code == 0, outcome.out
    assert outcome.out.count("1. Validate request body") == 2
    named = commands("action", "test", "with.custom.json", "--login", "service.customAuth.json", "--json")
    assert named.document["runs"][0]["login"]["action"] == "Service (Auth)"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((), "USAGE_REFUSED"),
        (("lookup.custom.json", "--live", "--replay", "x"), "USAGE_REFUSED"),
        (("lookup.custom.json", "--platform", "nowhere"), "PLATFORM_UNREADABLE"),
        (("lookup.custom.json", "--live"), "LIVE_WITHOUT_VALUES"),
        (("lookup.custom.json", "--live", "--egress-proxy", "proxy:3128"), "SETTING_REFUSED"),
        (("lookup.custom.json", "--live", "--egress-ca", "none.pem"), "SETTING_REFUSED"),
        (("lookup.custom.json", "--response", "no.json"), "REPLY_UNREADABLE"),
        (("no.custom.json",), "FILE_UNREADABLE"),
    ],
)
def test_what_is_refused(commands: Commands, folder: Path, arguments: tuple[str, ...], code: str) -> None:
    """Each refusal has its code, and exit code 3."""
    outcome = commands("action", "test", *arguments, "--json")
    assert (outcome.finding["code"], outcome.code) == (code, 3)


def test_the_table_of_types(commands: Commands) -> None:
    """For each type of integration it says what is executed, simulated or validated."""
    rows = commands("action", "test", "--types", "--json").document["types"]
    means = {row["authentication"] for row in rows}
    assert means == {"executed", "simulated", "validated"}
    assert "salesforce-datadip" in commands("action", "test", "--types").out


def test_watching(commands: Commands, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A saved file is tested again; a broken one is told and waited for; Ctrl-C ends with the last code."""
    rounds: list[str] = []

    def changed(_watch: Watch, before: object) -> tuple[Path, ...]:
        rounds.append("")
        if len(rounds) == 1:
            write(folder / "lookup.custom.json", "{")
        elif len(rounds) == 2:
            write(folder / "lookup.custom.json", json.dumps(ACTION).replace("${tier}", "${teir}"))
        else:
            raise KeyboardInterrupt
        return (folder / "lookup.custom.json",)

    monkeypatch.setattr(Watch, "wait_for_change", changed)
    outcome = commands("action", "test", "lookup.custom.json", "--watch")
    assert outcome.code == 7
    assert "waiting for a change" in outcome.err
    assert "lookup.custom.json changed" in outcome.err
    assert outcome.out.count("1. Validate request body") == 2


@pytest.mark.parametrize("options", [("--json",), ("--input", "-"), ("--response", "-")])
def test_what_cannot_be_watched(commands: Commands, folder: Path, options: tuple[str, ...]) -> None:
    """One document, and standard input that is read once, do not go with a command that goes on."""
    outcome = commands("action", "test", "lookup.custom.json", "--watch", *options)
    assert outcome.code == 3
    assert "USAGE_REFUSED" in outcome.err + outcome.out


def test_watching_reads_every_file_anew(
    commands: Commands, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A saved reply is used by the next run, and the files that options name are watched."""
    write(folder / "reply.json", {"entities": [{"id": "first"}]})
    rounds: list[Sequence[Path]] = []

    def changed(_watch: Watch, before: Mapping[Path, object]) -> tuple[Path, ...]:
        rounds.append([*before])
        if len(rounds) > 1:
            raise KeyboardInterrupt
        write(folder / "reply.json", {"entities": [{"id": "second"}]})
        return (folder / "reply.json",)

    monkeypatch.setattr(Watch, "wait_for_change", changed)
    outcome = commands("action", "test", "lookup.custom.json", "--watch", "--response", "reply.json")
    assert [path.name for path in rounds[0]] == ["lookup.custom.json", "reply.json"]
    assert outcome.out.index('"first"') < outcome.out.index('"second"')


def test_rendering(commands: Commands, folder: Path) -> None:
    """All templates, or those that are named; a broken one gives its finding and exit code 7."""
    outcome = commands("action", "render", "lookup.custom.json", "--input", '{"phone": "a b"}')
    assert outcome.code == 0
    assert "https://s.example.com/c?phone=a%20b" in outcome.out
    write(folder / "c.json", {"key": "topsecretvalue"})
    write(folder / "r.json", {"entities": [{"id": "r"}]})
    options = ("--credentials", "c.json", "--response", "r.json", "--json")
    outcome = commands("action", "render", "lookup.custom.json", "X-Key", "success", *options)
    assert [one["text"] for one in outcome.document["templates"]] == [
        "********",
        '{"id": "r", "tier": "none"}',
    ]
    write(folder / "lookup.custom.json", json.dumps(ACTION).replace("input.phone", "inputt.phone"))
    outcome = commands("action", "render", "lookup.custom.json", "url")
    assert (outcome.code, "TEMPLATE_VARIABLE_UNSET" in outcome.out) == (7, True)


def test_fuzzing(commands: Commands, folder: Path) -> None:
    """What is escaped passes, what is not is told with place and fix."""
    assert commands("action", "fuzz", "lookup.custom.json").code == 0
    write(
        folder / "lookup.custom.json",
        json.dumps(ACTION).replace("$esc.uriEncode(${input.phone})", "$input.phone"),
    )
    outcome = commands("action", "fuzz", "lookup.custom.json", "--input", '{"phone": "1"}')
    assert (outcome.code, "FUZZ_BREAKS_URL" in outcome.out) == (7, True)
    document = commands("action", "fuzz", "lookup.custom.json", "--json").document
    assert (document["ok"], document["actions"][0]["passed"]) == (False, False)


def test_a_terraform_configuration(commands: Commands, folder: Path) -> None:
    """Its actions are tested like files."""
    write(
        folder / "tf" / "main.tf",
        """
resource "genesyscloud_integration_action" "lookup" {
  name           = "Lookup"
  category       = "Tests"
  integration_id = "8f1a0000-0000-4000-8000-000000000000"
  contract_input  = jsonencode({ type = "object", properties = { id = { type = "string" } } })
  contract_output = jsonencode({ type = "object", properties = {} })
  config_request {
    request_url_template = "https://s.example.com/$${input.id}"
    request_type         = "GET"
  }
  config_response {
    success_template = "$${rawResult}"
  }
}
""",
    )
    outcome = commands("action", "test", "--terraform", "tf")
    assert outcome.code == 0, outcome.out + outcome.err
    assert "https://s.example.com/0a1b2c3d" in outcome.out


def test_a_saved_file_is_noticed(folder: Path) -> None:
    """The real waiting ends when the file is saved."""
    path = folder / "lookup.custom.json"
    watch = Watch([path])
    before = watch.state()
    saver = Thread(target=write, args=(path, {**ACTION, "name": "Another"}))
    saver.start()
    assert watch.wait_for_change(before) == (path,)
    saver.join()
