"""Test files: read, run, held against what they expect."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from jackfield.domain.errors import OperationRefused
from jackfield.workbench.bench import Bench
from jackfield.workbench.suites.discovery import is_test_file, suite_files_of
from jackfield.workbench.suites.junit import junit_text
from jackfield.workbench.suites.reading import read_suite
from jackfield.workbench.suites.report import failure_lines
from jackfield.workbench.suites.running import CaseOutcome, run_case
from jackfield.workbench.suites.verdicts import verdict_of_case
from support.sample_actions import TEXT, WHOLE_ACTIONS, exported, login

ACTION = exported(
    "https://s.example.com/c?phone=$esc.uriEncode(${input.phone})",
    name="Lookup",
    headers={"X-Key": "${credentials.key}", "X-Kind": "a"},
    paths={"id": "$.entities[0].id", "tier": "$.entities[0].tier"},
    defaults={"tier": '"none"'},
    success='{"id": ${id}, "tier": ${tier}}',
    inputs={"phone": TEXT},
    required=("phone",),
    outputs={"id": TEXT, "tier": TEXT},
)
CASE = """
tests:
  - name: one
    input: {phone: "+49 1"}
    credentials: {key: abcdefgh1234}
    reply:
      body: {entities: [{id: c-1, tier: gold}]}
    expect:
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with an action and room for its tests."""
    (tmp_path / "tests").mkdir()
    (tmp_path / "lookup.custom.json").write_text(json.dumps(ACTION, indent=2))
    return tmp_path


def outcomes_of(folder: Path, text: str, *, update: bool = False) -> list[CaseOutcome]:
    """Write a test file and run it."""
    path = folder / "tests" / "lookup.yaml"
    path.write_text(text)
    with Bench() as bench:
        return [run_case(bench, case, update=update) for case in read_suite(path).cases]


def expecting(folder: Path, expectations: str) -> CaseOutcome:
    """Run the usual case with these expectations, indented by six."""
    return outcomes_of(folder, CASE + expectations)[0]


@pytest.mark.parametrize(
    "expectation",
    [
        "success: true",
        "request: {method: GET, url: 'https://s.example.com/c?phone=%2B49%201', body: null}",
        "request: {headers: {x-kind: a, X-KEY: '********', authorization: null}}",
        "request: {url: {$contains: phone=}}",
        "steps: {5: {$matches: s.example.com}, 9: {id: '\"c-1\"', tier: '\"gold\"'}}",
        "steps: {Execute: {$contains: {status: 200}}}",
        "variables: {id: c-1, tier: {$type: string}}",
        "result: {id: c-1, tier: gold}",
        "result: {$contains: {tier: gold}}",
        "flattened: {id: c-1, tier: gold}",
        "warnings: []",
    ],
)
def test_expectations_that_are_met(folder: Path, expectation: str) -> None:
    """The test passes."""
    outcome = expecting(folder, f"      {expectation}\n")
    assert outcome.passed, outcome.findings


@pytest.mark.parametrize(
    ("expectation", "words"),
    [
        ("success: false", "The run is not as expected: it succeeds"),
        ("request: {method: POST}", 'The method is not as expected: is "GET" instead of "POST"'),
        ("request: {url: https://s.example.com/}", "The URL is not as expected"),
        ("request: {body: {a: 1}}", 'The body is not as expected: is null instead of {"a": 1}'),
        ("request: {headers: {x-kind: b}}", 'The header x-kind is not as expected: is "a"'),
        ("request: {headers: {x-none: b}}", "The header x-none is not as expected: is not sent"),
        ("request: {headers: {x-kind: null}}", "The header x-kind is not as expected: is sent"),
        ("steps: {12: {}}", "Step 12 is not as expected: the run does not come to it"),
        ("steps: {5: x}", "Step 5 is not as expected"),
        ("variables: {no: 1}", "The variable no is not as expected: is not set"),
        ("variables: {id: 1}", "The variable id is not as expected"),
        ("result: {id: c-1, tier: silver}", '`.tier` is "gold" instead of "silver"'),
        ("flattened: {}", "`.id` is there"),
        ("finding: OUTPUT_INVALID", "The finding is not as expected: is none"),
        ("failed_step: 8", "The failing step is not as expected: no step fails"),
        ("warnings: [PLAIN_HTTP]", "The list of warnings is not as expected"),
    ],
)
def test_expectations_that_are_not_met(folder: Path, expectation: str, words: str) -> None:
    """The test fails, with the line of the expectation in the test file."""
    outcome = expecting(folder, f"      {expectation}\n")
    messages = [one.message for one in outcome.findings]
    assert any(words in message for message in messages), messages
    place = outcome.findings[-1].place
    assert place.file.endswith("lookup.yaml")
    assert place.line is not None
    assert place.line >= 8
    assert any(words in line for line in failure_lines(outcome))


@pytest.mark.parametrize(
    ("reply", "expectation"),
    [
        ("fault: timeout", "finding: UPSTREAM_TIMEOUT, failed_step: 8"),
        ("fault: reset", "finding: {code: UPSTREAM_RESET}, failed_step: Execute"),
        ("delay: 61", "finding: UPSTREAM_TIMEOUT"),
        ("status: 404, body: {message: no}", "finding: {message: {$contains: '404'}}"),
        ("text: '<html>'", "finding: UPSTREAM_NOT_JSON"),
        ("delay: 2, body: {entities: []}", "finding: {code: TEMPLATE_VARIABLE_UNSET, seen: {$contains: id}}"),
        ("status: 204", "failed_step: 10"),
        ("file: reply.json", "result: {id: f, tier: none}"),
        ("headers: {X-A: b}, body: {entities: [{id: h}]}", "result: {id: h, tier: none}"),
        ("stub: stubs", "finding: STUB_MISSING"),
        ("replay: tapes", "finding: CASSETTE_EMPTY"),
        ("synthesized: true", "result: {$contains: {tier: Sample tier}}"),
    ],
)
def test_replies_of_every_kind(folder: Path, reply: str, expectation: str) -> None:
    """Bodies, files, faults, delays, stubs and recordings can be named."""
    (folder / "tests" / "reply.json").write_text('{"entities": [{"id": "f"}]}')
    text = f"tests:\n  - input: {{phone: '1'}}\n    reply: {{{reply}}}\n    expect: {{{expectation}}}\n"
    outcome = outcomes_of(folder, text)[0]
    assert outcome.passed, outcome.findings


def test_a_failing_run_fails_the_test(folder: Path) -> None:
    """Without an expectation, the run has to succeed; the run's own finding is told."""
    outcome = outcomes_of(folder, "tests:\n  - input: {phone: '1'}\n    reply: {status: 500}\n")[0]
    assert [one.code for one in outcome.findings] == ["TEST_EXPECTATION_UNMET", "UPSTREAM_STATUS"]


def test_one_test_for_each_set_of_parameters(folder: Path) -> None:
    """Placeholders are filled in; a whole one keeps its type; names stay apart."""
    text = """
tests:
  - name: finds {{id}}
    input: {phone: "{{phone}}"}
    reply: {body: {entities: [{id: "{{id}}"}]}}
    expect: {result: {id: "{{id}}", tier: none}, request: {url: {$contains: "{{phone}}"}}}
    each:
      - {phone: "1", id: a}
      - {phone: "2", id: b}
  - name: same
    each: [{phone: "1"}, {phone: "2"}]
    input: {phone: "{{phone}}"}
"""
    outcomes = outcomes_of(folder, text)
    assert [one.case.name for one in outcomes] == ["finds a", "finds b", "same [1]", "same [2]"]
    assert all(one.passed for one in outcomes), [one.findings for one in outcomes]


def test_snapshots(folder: Path) -> None:
    """The first one is missing, then taken, then held; a change is shown line by line; no secret is in it."""
    text = f"{CASE}      snapshot: true\n"
    assert [one.code for one in outcomes_of(folder, text)[0].findings] == ["TEST_SNAPSHOT_MISSING"]
    assert outcomes_of(folder, text, update=True)[0].passed
    snapshot = folder / "tests" / "snapshots" / "lookup" / "one.json"
    assert "abcdefgh1234" not in snapshot.read_text()
    assert outcomes_of(folder, text)[0].passed
    changed = outcomes_of(folder, text.replace("gold", "silver"))[0]
    assert [one.code for one in changed.findings] == ["TEST_SNAPSHOT_DIFFERS"]
    assert "silver" in changed.findings[0].message


def test_the_login_beside_is_used(folder: Path) -> None:
    """An action that needs a login finds it, and the test says what the login answers."""
    (folder / "lookup.custom.json").write_text(json.dumps(WHOLE_ACTIONS["with a login"]))
    (folder / "service.customAuth.json").write_text(json.dumps(login()))
    text = """
credentials: {clientId: a-client-id, clientSecret: a-client-secret}
tests:
  - input: {id: "7"}
    login: {body: {access_token: token-1234}}
    reply: {body: {name: Anna}}
    expect: {result: {name: Anna}, request: {headers: {authorization: "Bearer ********"}}}
  - input: {id: "7"}
    login: {status: 401, body: {}}
    expect: {finding: BENCH_LOGIN_FAILED, failed_step: 4}
"""
    outcomes = outcomes_of(folder, text)
    assert all(one.passed for one in outcomes), [one.findings for one in outcomes]
    assert outcomes[0].result is not None
    assert outcomes[0].result.login is not None


def test_replies_in_turn_and_inputs_from_files(folder: Path) -> None:
    """A list answers one request after the other; an input may stand in a file of its own."""
    (folder / "tests" / "input.json").write_text('{"phone": "from a file"}')
    text = """
tests:
  - input: input.json
    replies: [{body: {entities: [{id: a}]}}, {fault: reset}]
    expect: {request: {url: {$contains: "from%20a%20file"}}}
  - input: [1]
    expect: {finding: INPUT_NOT_OBJECT}
"""
    outcomes = outcomes_of(folder, text)
    assert all(one.passed for one in outcomes), [one.findings for one in outcomes]


@pytest.mark.parametrize(
    ("text", "words", "line"),
    [
        ("tests:\n  - nam: x\n", "Did you mean `name`?", 2),
        ("tests:\n  - expect:\n      resul: 1\n", "Did you mean `result`?", 3),
        ("tests:\n  - reply: {bodi: 1}\n", "Did you mean `body`?", 2),
        ("tests:\n  - replies: [{statuss: 1}]\n", "Did you mean `status`?", 2),
        ("tests:\n  - login: {statuss: 1}\n", "Did you mean `status`?", 2),
        ("tests:\n  - expect: {request: {uri: x}}\n", "`uri` means nothing here", 2),
        ("test: []\ntests: []\n", "`test` means nothing here", 1),
        ("tests: []\n", "no list of tests", 1),
        ("tests: [1]\n", "A test is no mapping", 1),
        ("tests:\n  - each: 5\n", "`each` is no list", 2),
        ("tests:\n  - expect: 5\n", "`expect` is no mapping", 2),
        ("tests:\n - [\n", "It is not YAML", 3),
        ("- a\n", "It is no mapping", None),
    ],
)
def test_faults_of_a_test_file(folder: Path, text: str, words: str, line: int | None) -> None:
    """The refusal says what is wrong, in which line."""
    with pytest.raises(OperationRefused) as refused:
        outcomes_of(folder, text)
    finding = refused.value.findings[0]
    assert finding.code == "TEST_FILE_INVALID"
    assert words in finding.message
    assert finding.place.line == line
    assert finding.place.file.endswith("lookup.yaml")


@pytest.mark.parametrize(
    ("member", "words"),
    [
        ("input: no.json", "`no.json` is no readable JSON file"),
        ("credentials: {a: [1]}", "the field `a` is no text"),
        ("reply: {fault: nonsense}", "There is no fault `nonsense`."),
        ("reply: {fault: rest}", "Did you mean `reset`?"),
        ("reply: {status: ok}", "`status` is no number"),
        ("replies: [{stub: x}]", "`stub` cannot stand in a list"),
        ("reply: {file: no.json}", "cannot be used"),
    ],
)
def test_faults_of_one_test(folder: Path, member: str, words: str) -> None:
    """The test fails and says why; the others are run."""
    text = f"tests:\n  - {member}\n  - input: {{phone: '1'}}\n"
    broken, whole = outcomes_of(folder, text)
    assert words in broken.findings[0].message
    assert broken.result is None
    assert whole.passed


def test_junit(folder: Path) -> None:
    """Counts, failures, errors and lines are those of the tests."""
    text = f'{CASE}      result: {{}}\n  - reply: {{fault: no}}\n  - input: {{phone: "\\e"}}\n'
    root = ElementTree.fromstring(junit_text([verdict_of_case(one) for one in outcomes_of(folder, text)]))
    suite = root[0]
    assert {name: root.get(name) for name in ("tests", "failures", "errors")} == {
        "tests": "3",
        "failures": "1",
        "errors": "1",
    }
    assert [case.get("name") for case in suite] == ["one", "test 2", "test 3"]
    failure = suite[0].find("failure")
    assert failure is not None
    assert "TEST_EXPECTATION_UNMET" in (failure.text or "")
    assert suite[1].find("error") is not None


def make(folder: Path, files: dict[str, Any]) -> None:
    """Write files; what is no text is written as JSON."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else json.dumps(content))


def test_the_tests_of_a_path(tmp_path: Path) -> None:
    """An action has the tests that name it or are named like it; a folder has all in it."""
    tests = "tests: [{name: x}]\n"
    make(
        tmp_path,
        {
            "a.custom.json": ACTION,
            "b.custom.json": ACTION,
            "tests/a.yaml": tests,
            "tests/more.yaml": f"action: ../a.custom.json\n{tests}",
            "tests/other.yaml": "steps: []\n",
            "tests/notes.txt": tests,
            "elsewhere/a.yaml": tests,
        },
    )
    names = [path.name for path in suite_files_of(tmp_path / "a.custom.json")]
    assert names == ["a.yaml", "more.yaml"]
    assert suite_files_of(tmp_path / "b.custom.json") == ()
    assert [path.name for path in suite_files_of(tmp_path)] == ["a.yaml", "more.yaml"]
    assert suite_files_of(tmp_path / "tests" / "a.yaml") == (tmp_path / "tests" / "a.yaml",)
    assert not is_test_file(tmp_path / "elsewhere" / "a.yaml")
    assert read_suite(tmp_path / "tests" / "more.yaml").document.origin.path.name == "a.custom.json"


@pytest.mark.parametrize(
    ("head", "words"),
    [("", "there are 2"), ("action: no.json\n", "`no.json` does not exist"), ("name: Nobody\n", "")],
)
def test_an_action_that_cannot_be_told(tmp_path: Path, head: str, words: str) -> None:
    """The refusal says why, and what to write."""
    make(tmp_path, {"a.custom.json": ACTION, "b.custom.json": ACTION})
    make(tmp_path, {"tests/c.yaml": f"{head}tests: [{{name: x}}]\n"})
    with pytest.raises(OperationRefused) as refused:
        read_suite(tmp_path / "tests" / "c.yaml")
    assert refused.value.findings[0].code == "TEST_FILE_WITHOUT_ACTION"
    assert words in refused.value.findings[0].message


def test_the_example_on_the_page_passes(folder: Path) -> None:
    """The test file in docs/action-bench.md is one, and says what it seems to say."""
    page = (Path(__file__).parents[4] / "docs" / "action-bench.md").read_text(encoding="utf-8")
    example = next(block for block in page.split("```yaml\n")[1:] if block.startswith("action:"))
    action = exported(
        "https://orders.example.com/${input.orderId}",
        headers={"Authorization": "Bearer ${authResponse.access_token}"},
        paths={"orderState": "$.state"},
        success='{"orderState": ${orderState}}',
        inputs={"orderId": TEXT},
    )
    make(folder, {"get-order.custom.json": action, "crm.customAuth.json": login()})
    text = example.partition("```")[0]
    outcomes = outcomes_of(folder, text, update=True)
    assert [one.case.name for one in outcomes] == ["finds 4711", "finds 4712", "service too slow"]
    assert all(one.passed for one in outcomes_of(folder, text)), [one.findings for one in outcomes]
