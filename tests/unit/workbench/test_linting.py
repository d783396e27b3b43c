"""Lint of files: places, forms, agreement with the server, our own and published actions."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jackfield.catalog import load_catalog
from jackfield.domain.action import Action, ActionState
from jackfield.domain.finding import Severity
from jackfield.domain.json_reader import read_json
from jackfield.rules.action_updates import check_draft, suspect_draft
from jackfield.rules.actions import ActionFacts, check_new_action
from jackfield.rules.lint import LintOptions
from jackfield.rules.lint.examples import EXAMPLES
from jackfield.rules.lint.examples.sketches import USUAL, exported
from jackfield.workbench.bench import Bench, Trial
from jackfield.workbench.documents import ActionDocument
from jackfield.workbench.forms import load, write
from jackfield.workbench.fuzzing import fuzz
from jackfield.workbench.linting import lint
from jackfield.workbench.mending import changes_of, mend
from jackfield.workbench.replies.synthesis import SynthesizedReplies
from jackfield.workbench.sources import load_all
from support.checks import INTEGRATION_ID, integration
from support.generated_actions import generated
from support.lint_actions import codes, document, found, posted, sketched, the, underlined
from support.sample_actions import DEFECTS, WHOLE_ACTIONS

ACTIONS = Path(__file__).parents[3] / "examples" / "actions"
GIVEN = os.environ.get("JACKFIELD_SAMPLES", "")
SAMPLES = [
    *sorted(ACTIONS.glob("*.json")),
    *(
        sorted(Path(os.environ["JACKFIELD_SAMPLES"]).glob("*.json"))
        if "JACKFIELD_SAMPLES" in os.environ
        else []
    ),
]
CATALOG = load_catalog()
NOTE = Severity.NOTE
MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
TERRAFORM = """resource "genesyscloud_integration_action" "get" {
  name            = "Get order"
  category        = "Orders"
  integration_id  = "i-1"
  contract_input  = jsonencode({
    type       = "object"
    properties = { city = { type = "string" } }
    required   = ["city"]
  })
  contract_output = jsonencode({ type = "object", properties = { a = { type = "string" } } })
  config_request {
    request_url_template = "https://api.example.com/cities/$${input.city}"
    request_type         = "GET"
  }
}
"""


def test_our_own_examples_are_right() -> None:
    """Not even a note, in any form, Terraform included."""
    documents = load_all([ACTIONS], terraform=ACTIONS / "terraform")
    assert len(documents) == 5
    assert [finding for one in documents for finding in lint(one).findings] == []


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_published_actions(path: Path, tmp_path: Path) -> None:
    """Published actions work, so none has an error; each finding has its place, and mending leaves fewer.

    It holds for our own, and for published ones where JACKFIELD_SAMPLES names their folder.
    """
    copy = tmp_path / path.name
    copy.write_bytes(path.read_bytes())
    before = [lint(one) for one in load(copy)]
    findings = [finding for linted in before for finding in linted.findings]
    assert [finding.code for finding in findings if finding.is_error] == []
    assert all(finding.place.file == str(copy) and finding.place.line for finding in findings)
    for change in changes_of([mend(linted.document, LintOptions()) for linted in before]):
        change.write()
    after = [lint(one) for one in load(copy)]
    assert all(linted.fixable == () for linted in after)
    assert sum(len(linted.findings) for linted in after) == len(findings) - sum(
        mend(linted.document, LintOptions()).count for linted in before
    )


@pytest.mark.parametrize("name", WHOLE_ACTIONS)
def test_constructs_of_published_actions(name: str) -> None:
    """What published actions do is no error, and their results are not taken for wrong ones."""
    findings = found(document(WHOLE_ACTIONS[name]))
    assert [one.code for one in findings if one.is_error] == []
    doubted = ("SUCCESS_", "BODY_", "OUTPUT_", "RESULT_", "LIST_", "QUOTES_", "MAP_")
    assert [one.code for one in findings if one.code.startswith(doubted) and one.severity is not NOTE] == []


STATIC = {
    "FUZZ_BREAKS_JSON": {"JSON_INPUT_UNESCAPED", "TEXT_INPUT_BARE"},
    "FUZZ_BREAKS_URL": {"URL_PATH_INPUT_UNESCAPED", "URL_QUERY_INPUT_UNESCAPED", "HOST_FROM_INPUT"},
    "FUZZ_BREAKS_FORM": {"FORM_INPUT_UNESCAPED"},
    "FUZZ_PRINTS_REFERENCE": {"OPTIONAL_INPUT_PRINTED", "OPTIONAL_INPUT_IN_PATH"},
}


@pytest.mark.parametrize("name", WHOLE_ACTIONS)
def test_what_fuzzing_breaks_lint_has_told(name: str) -> None:
    """What an input breaks when it is tried was found before; mended, less breaks."""
    one = document(WHOLE_ACTIONS[name])
    mended = mend(one, LintOptions())
    told = set(codes(one))
    with Bench() as bench:
        before = {finding.code for finding in fuzz(bench, one).findings}
        after = {finding.code for finding in fuzz(bench, mended.document).findings}
    for code in before & set(STATIC):
        assert told & STATIC[code], code
    assert after <= before
    left = {finding.code for finding in lint(mended.document).findings}
    assert not after & {"FUZZ_BREAKS_JSON", "FUZZ_BREAKS_FORM"}
    assert "FUZZ_BREAKS_URL" not in after or left & STATIC["FUZZ_BREAKS_URL"]


@pytest.mark.parametrize("name", DEFECTS)
def test_defects_that_end_runs(name: str) -> None:
    """What fails when it runs is found before."""
    assert [one.code for one in found(document(DEFECTS[name][0])) if one.severity is not NOTE]


def test_no_run_fails_that_lint_calls_right() -> None:
    """Of actions made at random, each one whose run fails had an error or a warning before."""
    failed = 0
    with Bench() as bench:
        for made in generated(200, "https://api.example.com", seed=7):
            one = document(made.action)
            if not bench.run(Trial(one, SynthesizedReplies())).success:
                failed += 1
                assert [finding for finding in found(one) if finding.severity is not NOTE], made.action
    assert 40 < failed < 200


def test_each_form_tells_the_same(tmp_path: Path) -> None:
    """An exported file, the API's form and the folder form give the same findings in their own places."""
    one = document(EXAMPLES["JSON_INPUT_UNESCAPED"].bad_action())
    told = []
    for form in ("export", "api", "folder"):
        target = tmp_path / form
        write(one, target if form == "folder" else target / "a.json", form)
        findings = lint(load(target)[0]).findings
        told.append([(finding.code, finding.message) for finding in findings if finding.code in EXAMPLES])
        assert all(underlined(finding) == "${input.note}" for finding in findings)
    assert told[0] == told[1] == told[2] != []


def test_folder_form_points_into_the_template(tmp_path: Path) -> None:
    """File, line and column are those of the `.vm` file."""
    folder = tmp_path / "a"
    write(posted('{\n  "note": "${input.note}"\n}'), folder, "folder")
    place = the(load(folder)[0], "JSON_INPUT_UNESCAPED").place
    assert (Path(place.file).name, place.line, place.column) == ("request.vm", 2, 12)


def test_terraform_is_reported_and_cannot_be_changed(tmp_path: Path) -> None:
    """The place is in the `.tf` file; there is nothing to write to."""
    (tmp_path / "main.tf").write_text(TERRAFORM, encoding="utf-8")
    (one,) = load_all([], terraform=tmp_path)
    finding = the(one, "URL_PATH_INPUT_UNESCAPED")
    assert (Path(finding.place.file).name, finding.place.line) == ("main.tf", 12)
    assert one.origin.scalar is None


def test_what_the_file_itself_says_is_told_too() -> None:
    """Members that mean nothing are findings of reading."""
    action = exported(USUAL)
    action["config"]["request"]["bodyTemplate"] = "x"
    assert codes(document(action)) == ["MEMBER_UNKNOWN"]


def test_findings_are_sorted_and_told_once() -> None:
    """Errors come first, then warnings, then notes; the same thing at the same place is told once."""
    of = sketched(
        method="FETCH",
        url="https://x.example.com/${input.city}?a=${input.orderId}",
        inputs={"orderId": "string", "city": "string"},
    )
    findings = lint(of).findings
    order = list(Severity)
    ranks = [order.index(one.severity) for one in findings]
    assert ranks == sorted(ranks)
    assert len({(one.code, one.place.line, one.place.column, one.message) for one in findings}) == len(
        findings
    )
    assert findings[0].code == "REQUEST_TYPE_UNKNOWN"


def test_strict_makes_errors_of_warnings_alone() -> None:
    """Notes stay notes."""
    of = sketched(url="https://x.example.com/${input.city}", inputs={"city": "string"}, defaults={})
    assert [one.severity.value for one in lint(of).findings] == ["warning", "note"]
    assert [one.severity.value for one in lint(of, strict=True).findings] == ["error", "note"]


def _stored(of: ActionDocument) -> Action:
    """A draft of the server that is this action."""
    return Action(
        id="custom_-_1", organization_id="o", integration_id=INTEGRATION_ID, name=of.name, category="c",
        version=1, secure=of.secure, config=of.config, contract=of.contract, state=ActionState.DRAFT,
        created=MOMENT, modified=MOMENT,
    )  # fmt: skip


PARTS = st.fixed_dictionaries(
    {},
    optional={
        "method": st.sampled_from(["GET", "POST", "get", "FETCH", "DELETE"]),
        "headers": st.dictionaries(
            st.sampled_from(["Accept", "Host", "X a", "X-A", "Content-Type"]),
            st.sampled_from(["text/xml", "application/json", "$x", "${input.a}"]),
            max_size=2,
        ),
        "inputs": st.dictionaries(
            st.sampled_from(["a", "orgId", "a b", "orderId", "1a"]),
            st.sampled_from(["string", "array", "object", "integer", {}, {"$ref": "#/x"}, {"type": "no"}]),
            max_size=3,
        ),
        "outputs": st.dictionaries(
            st.sampled_from(["state", "b", "$ref"]),
            st.sampled_from(
                ["string", {"type": "array", "items": {"type": "array"}}, {"$ref": "#/y"}, {"type": "no"}]
            ),
            max_size=2,
        ),
        "timeout": st.integers(-2, 70),
        "url": st.sampled_from(["", "x", "https://x/${input.a}", "#if(", "/api/v2/x"]),
        "success": st.sampled_from(["${state}", '{"state": "${state}"}', "#if(", "", "${other}"]),
        "paths": st.dictionaries(st.sampled_from(["state", "x"]), st.sampled_from(["$.a", "$.[", ".a"])),
        "name": st.sampled_from(["", "x", "x" * 300]),
    },
)


@given(PARTS)
@settings(max_examples=200, deadline=None)
def test_lint_and_server_agree_on_errors(sketch: dict[str, Any]) -> None:
    """Creating, draft validation and lint find the same errors, whatever is wrong."""
    action = exported({**USUAL, **sketch})
    one = document(action)
    kind = CATALOG.integration_types["custom-rest-actions"]
    ours = {finding.code for finding in lint(one).findings if finding.is_error}
    validated = {finding.code for finding in check_draft(_stored(one), kind) if finding.is_error}
    body = {key: value for key, value in action.items() if key not in ("integrationType", "actionType")}
    body |= {"category": "c", "integrationId": INTEGRATION_ID}
    facts = ActionFacts(lambda _: integration(), CATALOG)
    created = {one.code for one in check_new_action(read_json(json.dumps(body)), facts).errors}
    assert ours == created
    # What was never given is missing in a stored draft, where a file has it empty.
    assert ours - {"MEMBER_MISSING"} == validated - {"MEMBER_MISSING"}


@pytest.mark.parametrize("code", EXAMPLES)
def test_draft_validation_warns_of_the_same(code: str) -> None:
    """The server's validation of a draft warns of what lint warns of."""
    one = document(EXAMPLES[code].bad_action())
    kind = CATALOG.integration_types[one.integration_type]
    stored = _stored(one)
    if one.is_login:
        stored = replace(stored, id="customAuth_-_1")
    server = {
        finding.code
        for finding in (*check_draft(stored, kind), *suspect_draft(stored, kind))
        if finding.severity is not Severity.NOTE
    }
    ours = {finding.code for finding in lint(one).findings if finding.severity is not Severity.NOTE}
    # A file does not tell whether a credential is attached, and a draft has no function yet.
    known_elsewhere = {"ACTION_FUNCTION_MISSING", "HOST_FROM_INPUT"}
    assert ours - known_elsewhere == server - known_elsewhere
